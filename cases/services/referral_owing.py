"""What a referral leaves open, given to one person by one day: what is "not yet", and if wanted all that is missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cases.models import Case, FactTask
from cases.owing import facts_of_form
from cases.rules import readiness_of, with_rules
from cases.services.tasks import owe_facts, there_now

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from accounts.models import User


@dataclass(frozen=True)
class Owed:
    """A fact that is not known yet: who finds it out, and by when."""

    fact: str
    owner: User | None
    due_on: date | None


@dataclass(frozen=True)
class Finder:
    """Who finds out what was left open, and by when.

    `asked`: what is "not yet", by the form of the record that asks it and the field there; `everything`: also the
    facts that the question needs and nobody entered.
    """

    owner: User
    due_on: date | None
    asked: tuple[tuple[str, str], ...] = ()
    everything: bool = False


def give_what_is_open(*, by: User, case: Case, finder: Finder, rows: Mapping[str, Any]) -> None:
    """Give what the record does not tell by now and nobody has, each once; its facts are derived already.

    `rows`: by their forms the rows of the record that the referral wrote or completed.
    """
    give_not_yet(
        by=by,
        case=case,
        owner=finder.owner,
        due_on=finder.due_on,
        asked=[(form, field, rows.get(form)) for form, field in finder.asked],
        everything=finder.everything,
    )


def give_not_yet(
    *,
    by: User,
    case: Case,
    owner: User,
    due_on: date | None,
    asked: Iterable[tuple[str, str, Any]],
    everything: bool = False,
) -> list[FactTask]:
    """Give `owner` what was `asked` and is not told by now, and nobody has; return what was given.

    `asked`: by the form of the record that asks it, the field there, and the row that the form changes.
    """
    cases = with_rules(Case.objects.filter(pk=case.pk))
    fresh = cases.select_related("facts", "board", "patient", "course").get()
    keys, open_ = dict.fromkeys(_asked(fresh, asked)), readiness_of(fresh).open
    if everything:
        keys |= dict.fromkeys(open_)
    settled = there_now(fresh.facts, fresh.patient, set(keys)) - {*open_}
    given = FactTask.objects.filter(case=fresh, done_at=None).exclude(owner=None)
    settled |= set(given.values_list("fact", flat=True))
    left = [key for key in keys if key not in settled]
    return owe_facts(by=by, case=case, facts=left, owner=owner, due_on=due_on)


def _asked(case: Case, asked: Iterable[tuple[str, str, Any]]) -> Iterator[str]:
    """Yield the keys of what is "not yet"; nothing of a row that was not made."""
    for form, field, row in asked:
        key = facts_of_form(case, form, row).get(field)
        if key is not None and not key.endswith("-new"):
            yield key
