"""The rows of irAEs: an event is the one in the record that it contradicts nowhere.

A patient may have had one event several times, so rows and events are paired: first those that are word for word the
same, then as many as say nothing new, then those that complete exactly one event.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from cases.bulk.columns import IRAES
from cases.bulk.comparing import paired
from cases.bulk.entries import (
    COMPLETED,
    NEW,
    UNCHANGED,
    Beside,
    beside,
    completed,
    say_broken,
    say_otherwise,
    sound,
    told_cells,
)
from cases.bulk.filling import filled
from cases.bulk.owing import note_not_yet
from cases.bulk.pointing import settle_stopped
from cases.bulk.recorders import Trial
from cases.bulk.returns import Returns
from cases.bulk.telling import irae_cells, known
from cases.forms.fields import Stated, typed_state
from cases.forms.iraes import IrAEForm
from cases.forms.onsets import NOBODY_KNOWS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cases.bulk.entries import Group
    from cases.bulk.files import Row
    from cases.models import IrAE


MOST_OF_ONE_TERM = 50


class Rows:
    """The rows and the events of one irAE of one patient, and what each says beside the others."""

    def __init__(self, group: Group, rows: list[Row], there: list[IrAE]) -> None:
        self.group, self.rows, self.there = group, rows, there
        self.cells = [_as_the_file_says(group, event) for event in there]
        self._held: dict[tuple[int, int], Beside] = {}

    def held(self, row: int, event: int) -> Beside:
        """Return a row held against an event."""
        if (row, event) not in self._held:
            self._held[row, event] = beside(
                self.rows[row], self.cells[event], _making(self.group), _read
            )
        return self._held[row, event]

    def pairs(self) -> dict[int, int]:
        """Return which row is which event, as far as the row says nothing new."""
        told = [told_cells(row) for row in self.rows]
        exact = self._word_for_word(told)
        rows = [n for n in range(len(self.rows)) if n not in exact]
        events = [n for n in range(len(self.there)) if n not in exact.values()]
        less = paired(rows, events, lambda row, event: self.held(row, event).same)
        return {**exact, **{rows[one]: events[other] for one, other in less.items()}}

    def _word_for_word(self, told: list[dict[str, str]]) -> dict[int, int]:
        """Return which row says exactly what an event says; of several that are alike, in their order."""
        free, found = list(range(len(self.cells))), {}
        for row, cells in enumerate(told):
            event = next((n for n in free if self.cells[n] == cells), None)
            if event is not None:
                found[row] = event
                free.remove(event)
        return found


def _as_the_file_says(group: Group, event: IrAE) -> dict[str, str]:
    """Return the cells of an event, with its course by the number that the file gives to it."""
    numbers = {course.pk: str(n) for n, course in group.courses.items() if course.pk is not None}
    cells = irae_cells(event)
    return {**cells, "course": numbers[event.course_id]} if event.course_id in numbers else cells


def _making(group: Group) -> Any:
    def make(data: dict[str, Any]) -> Any:
        numbers = {str(n): str(course.public_id) for n, course in group.courses.items()}
        told = str(data.get("course", ""))
        sent = {**data, "course": NOBODY_KNOWS if _is_unknown(told) else numbers.get(told, "")}
        return group.beside_life(IrAEForm(sent, courses=group.courses.values()))

    return make


def _is_unknown(told: str) -> bool:
    """Whether a cell says of its course that nobody knows which it was."""
    return typed_state(told) == NOBODY_KNOWS


def _read(form: IrAEForm, name: str) -> Any:
    """Return what a form says of a field, as far as it is good."""
    if name not in form.cleaned_data:
        return None
    value = form.cleaned_data[name]
    if (name, value) == ("course", NOBODY_KNOWS):
        return Stated(None, NOBODY_KNOWS)
    if name == "drugs" and not value:
        course = form.courses.get(form.cleaned_data.get("course", ""))
        value = list(course.drugs) if course else []
    return value if isinstance(value, Stated) else known(value)


def enter_iraes(group: Group) -> None:
    """Enter the irAEs, event by event."""
    rows: dict[str, list[Row]] = {}
    for row in group.rows["iraes"]:
        data = filled(IRAES, row.cells)
        said = row["course"]
        numbers = {str(number) for number in group.courses}
        if said and said not in numbers and not _is_unknown(said):
            group.problem(row, "course", _("The patient has no course of this number"))
        entity = data.data.get("entity", "")
        if entity:
            rows.setdefault(entity, []).append(row)
        else:
            say_broken(group, row, {n: [w] for n, w in data.problems.items()})
            if "entity" not in data.problems and "entity" not in row.broken:
                group.problem(row, "entity", _("Choose: event"))
    there = group.known.iraes if group.known else []
    returns = Returns(group)
    for entity, some in rows.items():
        if len(some) > MOST_OF_ONE_TERM:
            _too_many(group, some)
            continue
        of_this = [e for e in there if e.entity == entity]
        _enter_event(group, Rows(group, some, of_this), returns)
    returns.settle()
    entered = [(row, returns.events.get(id(row))) for row in group.rows["iraes"]]
    settle_stopped(group, [(row, event) for row, event in entered if event is not None])


def _too_many(group: Group, rows: list[Row]) -> None:
    """Refuse to pair more rows than a patient can have had events: the work grows with the cube of their number."""
    words = _("A file takes at most %(most)s events of one kind of one patient")
    for row in rows[MOST_OF_ONE_TERM:]:
        group.problem(row, "entity", words % {"most": MOST_OF_ONE_TERM})


def _enter_event(group: Group, found: Rows, returns: Returns) -> None:
    pairs = found.pairs()
    free = [n for n in range(len(found.there)) if n not in pairs.values()]
    for row, event in pairs.items():
        note_not_yet(group, found.rows[row], found.cells[event], found.there[event])
        returns.is_event(found.rows[row], found.there[event], UNCHANGED)
    for number in range(len(found.rows)):
        if number not in pairs:
            _enter(group, found, number, free, returns)


def _enter(group: Group, found: Rows, number: int, free: list[int], returns: Returns) -> None:
    row = found.rows[number]
    group.at_hand = row
    fitting = [event for event in free if found.held(number, event).fits]
    if len(fitting) > 1:
        words = _(
            "The record has several such events that this could be: say more, such as the onset"
        )
        group.problem(row, "entity", words)
    elif fitting:
        _complete(group, found, number, fitting[0], returns)
        free.remove(fitting[0])
    else:
        meant = [e for e in free if not _is_another(row, found.cells[e], found.held(number, e))]
        if meant:
            held = found.held(number, meant[0])
            say_broken(group, row, held.broken)
            say_otherwise(group, row, held.otherwise, found.cells[meant[0]])
        else:
            _add(group, row, returns)


def _is_another(row: Row, cells: Mapping[str, str], held: Beside) -> bool:
    """Whether a row is certainly about another event: it came at another time, or with another course."""
    told = [name for name in ("onset", "course") if row[name] and cells.get(name)]
    return any(name in held.otherwise for name in told)


def _values(form: IrAEForm) -> dict[str, Any]:
    """Return the columns of an event; a day on which nobody said that the grade is that of now is no day."""
    return {"now_on": form.cleaned_data["now_on"], **form.values()}


def _complete(group: Group, found: Rows, number: int, event: int, returns: Returns) -> None:
    row, more = found.rows[number], found.held(number, event).more
    if group.may_write(row):
        form = completed(group, row, found.cells[event], more, _making(group))
        if isinstance(form, IrAEForm) and not group.problems:
            there = found.there[event]
            # Of which event this is a return is said by the names of rows, once all of them are entered.
            values = {**_values(form), "recurrence_of": there.recurrence_of}
            group.recorder.irae(group.case, values, there)
    note_not_yet(group, row, found.cells[event], found.there[event])
    returns.is_event(row, found.there[event], COMPLETED)


def _add(group: Group, row: Row, returns: Returns) -> None:
    form = sound(group, row, filled(IRAES, row.cells), _making(group))
    if isinstance(form, IrAEForm) and group.may_write(row):
        # Once something is wrong nothing is written, and the rest is looked at all the same.
        recorder = Trial() if group.problems else group.recorder
        event = recorder.irae(group.case, _values(form), None)
        note_not_yet(group, row, {}, event)
        returns.is_event(row, event, NEW)
