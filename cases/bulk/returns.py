"""Of which event another one is a return: a row names the row of the earlier event.

The names hold within the rows of one patient in one file, and the record keeps nothing of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cases.bulk.columns import plain
from cases.bulk.entries import COMPLETED, UNCHANGED
from cases.returning import is_circle, refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cases.bulk.entries import Group
    from cases.bulk.files import Row
    from cases.models import IrAE

NAME, AFTER = "row_name", "came_back_after"


def returns_told(events: Iterable[IrAE], rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return the rows of `events` with names where one is a return of another."""
    events = list(events)
    earlier = {event.recurrence_of_id for event in events} - {None}
    names = {e.pk: str(n) for n, e in enumerate(events, start=1) if e.pk in earlier}
    return [
        {
            **row,
            **({NAME: names[event.pk]} if event.pk in names else {}),
            **({AFTER: names[event.recurrence_of_id]} if event.recurrence_of_id in names else {}),
        }
        for event, row in zip(events, rows, strict=True)
    ]


class Returns:
    """The rows of irAEs of one patient, with the event that each of them is."""

    def __init__(self, group: Group) -> None:
        self.group = group
        self.events: dict[int, IrAE] = {}
        self.unchanged: set[int] = set()

    def is_event(self, row: Row, event: IrAE, what: str) -> None:
        """Say which event a row is, and count what became of the row."""
        self.events[id(row)] = event
        self.group.count(row, what)
        if what == UNCHANGED:
            self.unchanged.add(id(row))

    def settle(self) -> None:
        """Link each event to the one that it is a return of, once all rows are entered."""
        rows = self.group.rows["iraes"]
        named: dict[str, Row] = {}
        for row in rows:
            name = plain(row[NAME])
            if name and name in named:
                words = _("Another row of this patient has the same name")
                self.group.problem(row, NAME, words)
            elif name:
                named[name] = row
        for row in rows:
            if row[AFTER]:
                self._link(row, named)

    def _before(self, row: Row, named: Mapping[str, Row]) -> Row | None:
        """Return the row of the event before this one, as the file or else the record says."""
        if row[AFTER]:
            return named.get(plain(row[AFTER]))
        event = self.events.get(id(row))
        stored = event.recurrence_of_id if event is not None else None
        rows = self.group.rows["iraes"] if stored is not None else []
        return next((r for r in rows if self._pk(r) == stored), None)

    def _pk(self, row: Row) -> int | None:
        event = self.events.get(id(row))
        return event.pk if event is not None else None

    def _link(self, row: Row, named: Mapping[str, Row]) -> None:
        earlier = named.get(plain(row[AFTER]))
        if earlier is None or earlier is row:
            words = _("No other row of this patient has the name “%(name)s” in the column Row")
            self.group.problem(row, AFTER, words % {"name": row[AFTER][:60]})
            return
        event, first = self.events.get(id(row)), self.events.get(id(earlier))
        if event is None or first is None:
            # One of the two rows is faulty, and says so itself.
            return
        there = event.recurrence_of
        circle = is_circle(row, earlier, lambda at: self._before(at, named))
        if words := refusal(circle, event.onset, first.onset):
            self.group.problem(row, AFTER, words)
        elif there is None:
            self._say(row, event, first)
        elif there is not first and (there.pk is None or there.pk != first.pk):
            words = _("The record says that it came back after another event: change it there")
            self.group.problem(row, AFTER, words)

    def _say(self, row: Row, event: IrAE, first: IrAE) -> None:
        if not self.group.may_write(row):
            return
        if not self.group.problems:
            self.group.recorder.irae(self.group.case, {"recurrence_of": first}, event)
        if id(row) in self.unchanged:
            self.group.counts[f"{row.sheet.code}_{UNCHANGED}"] -= 1
            self.group.count(row, COMPLETED)
