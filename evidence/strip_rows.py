"""The evidence strip as the page of a case shows it: plain values, no queries, no HTML."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evidence.choices import AgentClass
from evidence.conditions import FACTS, Facts
from evidence.figures import gridlines
from evidence.presenters import FindingRow, finding_row
from evidence.strip import Likeness, nearest
from evidence.strip_direction import Given

if TYPE_CHECKING:
    from evidence.models import Finding, StatementVersion

SHOWN = 4


@dataclass(frozen=True, slots=True)
class StripRow:
    """One finding near to the case, and the page of a statement that rests on it."""

    finding: FindingRow
    url: str


@dataclass(frozen=True, slots=True)
class StripPart:
    """Findings that belong together: the first few, and the others folded."""

    title: str
    first: tuple[StripRow, ...]
    more: tuple[StripRow, ...]
    more_text: str


@dataclass(frozen=True, slots=True)
class Strip:
    """The findings nearest to a case.

    `near_in`: by what they are near; `left_out`: what is like it but for the direction of the switch;
    `lacking`: the facts without which more could be told.
    """

    parts: tuple[StripPart, ...]
    near_in: tuple[str, ...]
    left_out: str
    lacking: tuple[str, ...]

    @property
    def gridlines(self) -> list[tuple[float, int]]:
        """Positions and labels of the axis of the plot."""
        return gridlines()

    @property
    def total(self) -> int:
        """How many findings are shown."""
        return sum(len(part.first) + len(part.more) for part in self.parts)


def strip_of(
    versions: Iterable[StatementVersion],
    facts: Facts,
    given: Given = (),
    stopping: Collection[str] = (),
    as_of: date | None = None,
) -> Strip:
    """Return the evidence strip of a case from the published statements, which come with their basis.

    `given`: of each course the targets of each of its drugs. `stopping`: the facts of the irAEs that stopped it.
    """
    near = nearest(versions, facts, given, stopping, as_of)
    parts = (
        _part(_("What was reached: NSCLC"), near.efficacy),
        _part(_("What came back, and harm"), near.safety),
        # Efficacy in other tumours is opened by who wants it.
        _part(_("What was reached: other tumours"), near.elsewhere, shown=0),
    )
    return Strip(
        parts=tuple(part for part in parts if part.first or part.more),
        near_in=tuple(_near_in(near.likeness)),
        left_out=_left_out(near.other_direction),
        lacking=tuple(_(FACTS[key].label) for key in near.likeness.lacking),
    )


def _part(
    title: str, pairs: tuple[tuple[Finding, StatementVersion], ...], shown: int = SHOWN
) -> StripPart:
    rows = _rows(pairs)
    more = rows[shown:]
    words = ngettext("%(n)s more figure", "%(n)s more figures", len(more)) % {"n": len(more)}
    return StripPart(title, rows[:shown], more, words if shown else f"{title} ({len(more)})")


def _rows(pairs: Iterable[tuple[Finding, StatementVersion]]) -> tuple[StripRow, ...]:
    return tuple(
        StripRow(finding_row(finding), version.statement.get_absolute_url())
        for finding, version in pairs
    )


def _near_in(like: Likeness) -> list[str]:
    words = sorted(str(setting.label) for setting in like.settings)
    words += sorted(str(irae.label) for irae in like.iraes)
    before, again = _class(like.before), _class(like.again)
    if before and again:
        words.append(_("%(before)s, then %(again)s") % {"before": before, "again": again})
    return words


def _class(known: AgentClass | None) -> str:
    return str(known.label) if known else ""


def _left_out(number: int) -> str:
    if not number:
        return ""
    words = ngettext(
        "%(n)s finding of another direction of the switch, or of one that is not known here, is left out.",
        "%(n)s findings of another direction of the switch, or of one that is not known here, are left out.",
        number,
    )
    return words % {"n": number}
