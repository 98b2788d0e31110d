"""What a save moved: statements about a day that is counted from today."""

from __future__ import annotations

from types import SimpleNamespace

from django.utils import timezone

from cases.presenters.moved import _statements
from evidence.conditions import Fact, FactState, parse


def test_a_statement_about_a_day_within_so_many_days_is_told_to_apply_now():
    leaf = {"fact": "last_ici_dose_on", "op": "within", "value": 28}
    version = SimpleNamespace(node=parse(leaf), title="Lately given")
    today = timezone.localdate()
    before = {"last_ici_dose_on": Fact.absent(FactState.MISSING)}
    after = {"last_ici_dose_on": Fact.day(today, today)}
    assert dict(_statements([version], before, after)) == {
        "Applies now": ["“Lately given”"],
        "Applies no longer": [],
    }
