"""What is asked before a first dose that nobody has planned: one rule in queries, SQL and rows in hand."""

from __future__ import annotations

import pytest
from django.db import connection

from accounts.acting import acting_as
from followup.models import Check
from followup.services import plan_first_dose
from followup.unplanned import UNPLANNED, UNPLANNED_SQL, is_unplanned
from tests.factories.monitoring import day, make_plan

pytestmark = pytest.mark.django_db


def test_the_rule_is_the_same_wherever_it_stands(board, nurse):
    waits, planned, dosed = (make_plan(nurse, board, dosed=n) for n in (None, None, 7))
    with acting_as(nurse):
        plan_first_dose(by=nurse, plan=planned, on=day(7))
        baselines = set(waits.checks.filter(offset_days=None).values_list("pk", flat=True))
        rows = Check.objects.select_related("plan").filter(plan__in=[waits, planned, dosed])
        assert {row.pk for row in rows if is_unplanned(row)} == baselines
        assert set(rows.filter(UNPLANNED).values_list("pk", flat=True)) == baselines
        assert rows.exclude(UNPLANNED).count() == rows.filter(~UNPLANNED).count()
        assert rows.filter(~UNPLANNED).count() == rows.count() - len(baselines)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT ch.id FROM followup_check ch JOIN followup_monitoringplan p"
                f" ON p.id = ch.plan_id WHERE {UNPLANNED_SQL}"
            )
            assert {pk for (pk,) in cursor.fetchall()} == baselines
