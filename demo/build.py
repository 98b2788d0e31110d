"""Loads the whole demonstration in one transaction: all of it or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from accounts.acting import acting_as
from accounts.models import Board
from cases.services.facts import refresh_facts
from demo import invented, published
from demo.people import BOARDS, make_people
from demo.record import enter

if TYPE_CHECKING:
    from collections.abc import Callable

    from cases.models import Case
    from demo.people import Bench
    from demo.plan import CasePlan

    Entered = list[tuple[CasePlan, Case]]


def is_loaded() -> bool:
    """Whether the demonstration's boards are there."""
    return Board.objects.filter(name__in=[name for name, _hospital in BOARDS.values()]).exists()


@transaction.atomic
def load(say: Callable[[str], None]) -> None:
    """Make people, enter every case, then hold the meetings and watch the treatment."""
    benches = make_people()
    say(f"{len(benches)} boards, {sum(len(b.roles) + len(b.specialists) for b in benches.values())} people")
    plans = published.plans() + invented.plans(timezone.localdate())
    numbered = list(enumerate(plans, start=1))
    for key, bench in benches.items():
        entered = [(p, enter(p, bench, number)) for number, p in numbered if p.board == key]
        shown = sum(p.published for p, _case in entered)
        say(f"{bench.board}: {len(entered)} cases, {shown} of them published")
        with acting_as(bench["member"]):
            for _plan, case in entered:
                refresh_facts(case=case)
