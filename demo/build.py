"""Loads the whole demonstration in one transaction: all of it or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from accounts.acting import acting_as
from accounts.models import Board
from cases.loading import load as load_record_data
from cases.models import Case
from cases.services.facts import refresh_facts
from demo import invented, published
from demo.boards import Calendar
from demo.people import BOARDS, make_people
from demo.record import enter
from demo.watch import Watch
from followup.services.protocols import load_protocols

if TYPE_CHECKING:
    from collections.abc import Callable

    from demo.people import Bench
    from demo.plan import CasePlan


def is_loaded() -> bool:
    """Whether the demonstration's boards are there."""
    return Board.objects.filter(name__in=[name for name, _hospital in BOARDS.values()]).exists()


def all_plans() -> list[CasePlan]:
    """Return every case of the demonstration, the published ones first."""
    return published.plans() + invented.plans(timezone.localdate())


@transaction.atomic
def load(say: Callable[[str], None]) -> None:
    """Make people, enter every case, then hold the meetings and watch the treatment."""
    load_protocols()
    load_record_data()
    benches = make_people()
    people = sum(len(bench.roles) + len(bench.specialists) for bench in benches.values())
    say(f"{len(benches)} boards, {people} people")
    numbered = list(enumerate(all_plans(), start=1))
    for key, bench in benches.items():
        _fill(bench, [(number, plan) for number, plan in numbered if plan.board == key], say)


def _fill(bench: Bench, plans: list[tuple[int, CasePlan]], say: Callable[[str], None]) -> None:
    entered = [(plan, enter(plan, bench, number)) for number, plan in plans]
    shown = sum(plan.published for plan, _case in entered)
    say(f"{bench.board}: {len(entered)} cases, {shown} of them published")
    say(f"{bench.board}: {Calendar(bench).hold(entered)} meetings")
    say(f"{bench.board}: {Watch(bench).keep(entered)} results of safety checks")
    # Facts such as the age and the days without an ICI as they are today, not when they were entered.
    with acting_as(bench["member"]):
        for case in Case.objects.filter(board=bench.board):
            refresh_facts(case=case)
