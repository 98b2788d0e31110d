"""Enters a published case, as it is or completed, through the services of the forms, and holds the statements to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from itertools import count
from typing import TYPE_CHECKING

from django.utils import timezone

from accounts.acting import acting_as
from accounts.permissions import Role
from cases.loading import load as load_record_data
from cases.models import Case
from demo.clock import at
from demo.people import Bench
from demo.published import plans
from demo.record import enter
from evidence.loading import load, read
from evidence.matching import match
from evidence.selectors import published_versions
from tests.factories.people import make_board, make_user
from tests.integration.answers.stated import complete, filled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from demo.plan import CasePlan
    from evidence.conditions import Answer, Facts
    from evidence.models import StatementVersion

# The day on which the board looks: that of the referral.
TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 14, 0)
_numbers = count(1)


def published_plan(key: str) -> CasePlan:
    """Return the plan of a published case, referred on the day itself."""
    return replace(next(p for p in plans() if p.key == key), referred_days_ago=0)


def completed_plan(name: str) -> CasePlan:
    """Return the plan of a published case with its gaps filled."""
    key, all_values = filled(name)
    plan = published_plan(key)
    for values in all_values:
        plan = complete(plan, values)
    return plan


def versions() -> list[StatementVersion]:
    """Load the record's lists and the evidence, and return every published statement."""
    load_record_data()
    load(read())
    return list(published_versions())


def facts_of(plan: CasePlan) -> Facts:
    """Return the facts of a plan's case, derived from the record that was entered."""
    with at(timezone.make_aware(NOW)):
        board = make_board(f"Answers {next(_numbers)}")
        bench = Bench(board, {Role.MEMBER: make_user("member", board)}, {})
        case = enter(plan, bench, next(_numbers))
        with acting_as(bench[Role.MEMBER]):
            return Case.objects.get(pk=case.pk).facts.as_facts(TODAY)


def said_of(versions: list[StatementVersion], facts: Facts) -> Mapping[str, Answer]:
    """Return what each statement says of these facts."""
    found = match(versions, facts, as_of=TODAY)
    return {one.version.statement.code: one.answer for one in found}
