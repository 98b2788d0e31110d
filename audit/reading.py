"""What one request has loaded about patients, so that no page can show a patient and leave no entry.

Every model about a patient notes its rows here when the ORM loads them; `accounts.access.requires` opens the
notes for a view and has what is not on the trail yet entered when the view has answered. A view can therefore
not forget it. Rows read otherwise (counts, `values()`, raw SQL) are not seen: an architecture test lists the modules
with SQL of their own, and `tests/integration/test_reading.py` opens every page and looks for an entry.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, Self

_open: ContextVar[Reading | None] = ContextVar("reading", default=None)


@dataclass
class Reading:
    """The patients whose rows were loaded, by key; those already on the trail in this request.

    `kept`: under which key a patient stands whose record was merged into another one.
    """

    lists: bool = False
    boards: dict[int, int | None] = field(default_factory=dict)
    subjects: dict[int, tuple[str, int]] = field(default_factory=dict)
    kept: dict[int, int] = field(default_factory=dict)
    entered: set[int] = field(default_factory=set)
    known: bool = False
    each: bool = False

    @property
    def left(self) -> dict[int, int | None]:
        """The patients that were loaded and are not on the trail, with the board of each.

        All records of a patient are one patient, read on the board of the case that was loaded first.
        """
        if self.known:
            return {}
        entered = {self.kept.get(key, key) for key in self.entered}
        found: dict[int, int | None] = {}
        for key in (*self.subjects, *self.boards):
            patient = self.kept.get(key, key)
            if found.get(patient) is None and patient not in entered:
                found[patient] = self.boards[key]
        return found

    def subject_of(self, patient: int) -> tuple[str, int | None]:
        """Return the row that stands for a patient on the trail: the case that was loaded first."""
        of = (row for key, row in self.subjects.items() if self.kept.get(key, key) == patient)
        return next(of, ("", None))


def reading() -> Reading | None:
    """Return the notes of the request that is being answered, if there is one."""
    return _open.get()


@contextmanager
def notes(*, lists: bool) -> Iterator[Reading]:
    """Take notes within the block; `lists`: the page is a list, however few rows it has."""
    taken = Reading(lists=lists)
    token = _open.set(taken)
    try:
        yield taken
    finally:
        _open.reset(token)


def already_on_the_trail() -> None:
    """Say that what this request has loaded was entered when the page that it renews was opened."""
    taken = _open.get()
    if taken is not None:
        taken.known = True


def each_by_name() -> None:
    """Say that this request lays records beside each other: each is entered by name, and not their number."""
    taken = _open.get()
    if taken is not None:
        taken.each = True


class NotedWhenLoaded(models.Model):
    """A row that tells something about one patient; loading it is noted.

    `patient_column` names the column with the patient's key, `kept_column` that of the record which the row was
    merged into, `names_reading` the model whose row stands for the patient on the trail.
    """

    patient_column = "patient_id"
    kept_column = ""
    names_reading = False

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, *args: Any, **kwargs: Any) -> Self:
        """Make the row as the ORM does, and note whose it is."""
        row = super().from_db(*args, **kwargs)
        taken = _open.get()
        if taken is None:
            return row
        loaded = row.__dict__
        patient = loaded.get(cls.patient_column)
        if patient is None:
            return row
        if cls.kept_column and loaded.get(cls.kept_column):
            taken.kept[patient] = loaded[cls.kept_column]
        if cls.names_reading and patient not in taken.subjects:
            taken.boards[patient] = loaded.get("board_id")
            taken.subjects[patient] = (cls._meta.label_lower, row.pk)
        elif taken.boards.get(patient) is None:
            taken.boards[patient] = loaded.get("board_id")
        return row
