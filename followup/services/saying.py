"""Says in the patient's record what a check found: the value of a check is a fact of its day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cases.family import records_of
from cases.models import Background
from cases.services.steroids import say_steroid_total
from cases.states import CaseState
from followup.limits import exact
from followup.models import Check
from followup.states import CheckState

if TYPE_CHECKING:
    from datetime import date

    from accounts.models import User

DOSE = "prednisone"


def say_steroid_dose(*, by: User, check: Check, before: date | None) -> None:
    """Let the record hold the steroid dose that the patient's newest check found, after one about it has changed.

    `before`: the day of which the check was until then. A closed case takes no entry. A value that is a bound ("<5")
    is no dose and is not said. What a referral said for a later day than any check stays.
    """
    case = check.plan.case
    if case.state == CaseState.CLOSED or not any(m["code"] == DOSE for m in check.measures):
        return
    rows = Check.objects.filter(
        patient__in=records_of(case.patient), state=CheckState.DONE, values__has_key=DOSE
    ).order_by("-measured_on", "-recorded_at")
    found = ((exact(row.values[DOSE]), row.measured_on) for row in rows)
    mg, on = next(((mg, on) for mg, on in found if mg is not None), (None, None))
    said = Background.objects.get(patient=case.patient).steroid_total_on
    if said is not None and said != before and (on is None or said > on):
        return
    # What is corrected, or falls back on an older check, is no newer word than the courses that were told meanwhile.
    here = check.values.get(DOSE)
    newly = before is None and here is not None and (mg, on) == (exact(here), check.measured_on)
    say_steroid_total(by=by, case=case, mg_per_day=mg, on=on, newly=newly)
