"""What is missing of one case, ranked by what it would settle: statements first, then rows of rules. No queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evidence.conditions import FACTS, Facts
from evidence.conditions.settling import Settling
from evidence.matching import Match, rules_settled, settles

if TYPE_CHECKING:
    from evidence.models import StatementVersion

NOTHING = Settling(0, 0, 0)


@dataclass(frozen=True, slots=True)
class MissingFact:
    """A fact nobody has entered yet: on how many open statements it bears, and how many its value alone settles.

    `least` and `most`: over the values it may turn out to have, each by itself. `rules`: the same of the rows of
    rules that cannot be told; a fact may be missing for these alone.
    """

    key: str
    label: str
    question: str
    statements: int
    least: int = 0
    most: int = 0
    rules: Settling = NOTHING

    @property
    def settling(self) -> str:
        """How many statements, and how many rows of rules, it would settle, in words."""
        told = []
        if self.statements:
            told.append(_statements(Settling(self.least, self.most, self.statements)))
        if self.rules.of:
            told.append(_rules(self.rules))
        return "; ".join(told)


def missing_facts(
    matches: Sequence[Match[StatementVersion]], facts: Facts, as_of: date | None = None
) -> tuple[MissingFact, ...]:
    """Every fact that a statement or a row of its rules lacks, by what it settles of the statements, then of the rows.

    It orders what is worth asking for, and says nothing about the options of treatment.
    """
    whole = settles(matches, facts, as_of=as_of)
    rows = rules_settled(matches, facts, as_of=as_of)
    asked = {key: (whole.get(key, NOTHING), rows.get(key, NOTHING)) for key in {**whole, **rows}}
    return tuple(
        MissingFact(
            key,
            _(FACTS[key].label),
            _(FACTS[key].question),
            of_all.of,
            of_all.least,
            of_all.most,
            of_rows,
        )
        for key, (of_all, of_rows) in sorted(asked.items(), key=_order)
    )


def _order(pair: tuple[str, tuple[Settling, Settling]]) -> tuple[int | str, ...]:
    key, both = pair
    return (*(-number for one in both for number in (one.least, one.most, one.of)), key)


def _statements(one: Settling) -> str:
    numbers = {"least": one.least, "most": one.most, "n": one.of}
    if not one.most:
        return (
            ngettext(
                "bears on %(n)s statement, settles none alone",
                "bears on %(n)s statements, settles none alone",
                one.of,
            )
            % numbers
        )
    if one.least == one.most:
        return _("settles %(most)s of %(n)s") % numbers
    return _("settles %(least)s to %(most)s of %(n)s") % numbers


def _rules(one: Settling) -> str:
    numbers = {"least": one.least, "most": one.most, "n": one.of}
    if not one.most:
        return (
            ngettext(
                "bears on %(n)s rule by source, settles none alone",
                "bears on %(n)s rules by source, settles none alone",
                one.of,
            )
            % numbers
        )
    if one.least == one.most:
        return (
            ngettext(
                "settles %(most)s of %(n)s rule by source",
                "settles %(most)s of %(n)s rules by source",
                one.of,
            )
            % numbers
        )
    words = _("settles %(least)s to %(most)s of %(n)s rules by source")
    return words % numbers
