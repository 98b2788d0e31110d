"""What a user may see of the patients of a board, as rows in the format of the import."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models.functions import Coalesce
from django.utils import translation

from cases.bulk.columns import SHEETS
from cases.bulk.known import Known, known_patients
from cases.bulk.pointing import ASKED, YES, stopped_told
from cases.bulk.returns import returns_told
from cases.bulk.telling import (
    Cells,
    background_cells,
    course_cells,
    irae_cells,
    lab_cells,
    patient_cells,
    whose,
)
from cases.models import Case, PatientErasure

if TYPE_CHECKING:
    from accounts.models import Board, User
    from cases.models import ICICourse

AT_ONCE = 200


@dataclass
class Exported:
    """All rows by sheet."""

    rows: dict[str, list[Cells]] = field(default_factory=lambda: {code: [] for code in SHEETS})
    patients: int = 0
    # Patients who cannot be told by a number; not those who were erased.
    left_out: int = 0

    @property
    def counts(self) -> dict[str, int]:
        """How many rows each sheet has."""
        return {f"{code}_rows": len(rows) for code, rows in self.rows.items()}


def exported(
    user: User, board: Board, tick: Callable[..., None] = lambda done, total=None: None
) -> Exported:
    """Return the patients with a case on `board` whom `user` may see, by hospital number, with their record."""
    cases = Case.objects.visible_to(user).filter(board=board)
    kept = Coalesce("patient__merged_into", "patient")
    ids = sorted(set(cases.values_list(kept, flat=True)))
    found = Exported()
    tick(0, len(ids))
    # The words of the format are English, as they are written, in every language of the pages.
    with translation.override(None):
        for start in range(0, len(ids), AT_ONCE):
            for known in known_patients(user, board, ids[start : start + AT_ONCE]):
                _add(found, known, board)
            tick(min(start + AT_ONCE, len(ids)))
    erased = PatientErasure.objects.filter(patient__in=ids).count()
    found.left_out = max(0, len(ids) - found.patients - erased)
    return found


def _add(found: Exported, known: Known, board: Board) -> None:
    of = whose(known.identity, board.hospital)
    question = known.questions[-1] if known.questions else ""
    standing = background_cells(*known.standing) if known.standing else {}
    rows: dict[str, list[Cells]] = {
        "patients": [patient_cells(known.identity, question)],
        "background": [standing] if standing else [],
        "courses": [_course(c, known) for _number, c in sorted(known.courses.items())],
        "iraes": [
            {**row, **stopped}
            for row, stopped in zip(
                returns_told(known.iraes, [irae_cells(e) for e in known.iraes]),
                stopped_told(known.iraes, known.courses.values()),
                strict=True,
            )
        ],
        "labs": [lab_cells(r) for r in known.labs],
    }
    for code, cells in rows.items():
        found.rows[code] += [{**of, **one} for one in cells]
    found.patients += 1


def _course(row: ICICourse, known: Known) -> Cells:
    """Return the cells of a course, with whether the last question is about it."""
    asked = known.last_case is not None and known.last_case.course_id == row.pk
    return {**course_cells(row), **({ASKED: YES} if asked else {})}
