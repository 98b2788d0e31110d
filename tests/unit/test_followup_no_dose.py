"""What was found at a first dose that was taken back is never too old for one: no baseline was asked for."""

from __future__ import annotations

from datetime import date

import pytest

from followup.models import Check, MonitoringPlan, ProtocolStep
from followup.presenters.words import is_too_early
from followup.services.questioning import _too_old

FIRST = date(2026, 11, 25)


def a_check(kind, offset=None):
    return Check(
        plan=MonitoringPlan(first_dose_on=FIRST),
        step=ProtocolStep(code="symptom_call", kind=kind, critical=True, within_days=7),
        offset_days=offset,
        measured_on=date(2026, 11, 1),
    )


@pytest.mark.parametrize("kind", ["every_n_days", "at_each_dose", "days_after_first_dose"])
def test_nothing_is_said_of_what_no_protocol_asks_for_before_a_dose(kind):
    check = a_check(kind)
    assert check.of_no_dose and not is_too_early(check)
    assert _too_old(check, check.measured_on) is None


def test_a_baseline_can_be_too_early_and_a_check_after_the_dose_not():
    assert is_too_early(a_check("before_first_dose"))
    assert not a_check("before_first_dose").of_no_dose
    later = a_check("every_n_days", offset=7)
    assert not later.of_no_dose and not is_too_early(later)
