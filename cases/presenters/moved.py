"""What a save moved besides what was typed: facts settled or open again, values worked out, statements that apply."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from cases.guidance import published
from cases.presenters.sections import FACTS_OF, WORKED_OUT
from cases.presenters.words import fact_label, value_words
from cases.readiness import Readiness, readiness
from cases.rules import rules_for
from evidence.conditions import Answer, evaluate
from ui.forms import in_sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cases.models import Case, CaseFacts
    from evidence.conditions import Facts
    from evidence.models import StatementVersion

# Names told of each kind; how many more there are is told as a number.
MOST = 5
# Worked out, never typed; in the order of the sections.
DERIVED = tuple(
    dict.fromkeys((*(k for keys in WORKED_OUT.values() for k in keys), *FACTS_OF["labs"]))
)


@dataclass(frozen=True)
class Moved:
    """Lines of what moved, each with its label and names; none where nothing did."""

    lines: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.lines)

    def __str__(self) -> str:
        return " ".join(f"{label}: {names}." for label, names in self.lines)


def moved(case: Case, now: CaseFacts, versions: Sequence[StatementVersion] | None = None) -> Moved:
    """Return what moved from `case`, fetched before the save, to its row of facts after it.

    `versions`: the published statements, where they were read for the page already; else one query.
    """
    # The row was read by itself; what it needs of its case is there. Nothing is asked of `case.facts`, the row before.
    now._state.fields_cache["case"] = case
    before, after = (row.as_facts() for row in (case.facts, now))
    if before == after and case.facts.said_on() == now.said_on():
        return Moved()
    rules, today = rules_for(case), timezone.localdate()
    was = readiness(rules, before, case.facts.said_on(), today)
    is_ = readiness(rules, after, now.said_on(), today)
    statements = published() if versions is None else versions
    return Moved(
        tuple(
            (label, few(names))
            for label, names in (
                *_counts(was, is_),
                *_facts(was, is_),
                (_("Worked out"), _worked_out(before, after)),
                *_statements(statements, before, after),
            )
            if names
        )
    )


def few(names: Sequence[str], most: int = MOST) -> str:
    """Return names with commas, the first of them and how many more there are."""
    more = len(names) - most
    told = ", ".join(names[:most])
    return _("%(names)s and %(n)s more") % {"names": told, "n": more} if more > 0 else told


def _counts(was: Readiness, now: Readiness) -> Iterable[tuple[str, list[str]]]:
    if (was.settled, was.total) == (now.settled, now.total):
        return
    words = _("%(was)s of %(of)s → %(now)s of %(total)s")
    counts = {"was": was.settled, "of": was.total, "now": now.settled, "total": now.total}
    yield _("Facts that are there"), [words % counts]


def _facts(was: Readiness, now: Readiness) -> Iterable[tuple[str, list[str]]]:
    settled, reopened, asked = [], [], []
    for one in now.needed:
        before = was.by_key.get(one.key)
        if one.settled and before is not None and not before.settled:
            settled.append(one.key)
        elif not one.settled and before is not None and before.settled:
            reopened.append(one.key)
        elif before is None and not one.settled:
            asked.append(one.key)
    gone = [one.key for one in was.needed if one.key not in now.by_key]
    yield _("Settled"), _labels(settled)
    yield _("Open again"), _labels(reopened)
    yield _("Needed now as well"), _labels(asked)
    yield _("Needed no longer"), _labels(gone)


def _labels(keys: Iterable[str]) -> list[str]:
    return [in_sentence(fact_label(key)) for key in keys]


def _worked_out(before: Facts, after: Facts) -> list[str]:
    words = (
        (key, value_words(key, before[key]), value_words(key, after[key]))
        for key in DERIVED
        if key in before and key in after and before[key] != after[key]
    )
    return [f"{in_sentence(fact_label(k))} {old} → {new}" for k, old, new in words if old != new]


def _statements(
    versions: Iterable[StatementVersion], before: Facts, after: Facts
) -> Iterable[tuple[str, list[str]]]:
    now, no_longer, today = [], [], timezone.localdate()
    for version in versions:
        held, holds = (
            evaluate(version.node, f, as_of=today).answer is Answer.TRUE for f in (before, after)
        )
        if holds and not held:
            now.append(str(version.title))
        elif held and not holds:
            no_longer.append(str(version.title))
    yield _("Applies now"), [f"“{title}”" for title in now]
    yield _("Applies no longer"), [f"“{title}”" for title in no_longer]
