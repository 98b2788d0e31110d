"""The same entered on two days, or typed in two ways, is the same; the united row tells the day that says more."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.acting import set_acting
from cases.models import BiomarkerResult, ICICourse, IrAE, OtherTreatment, Patient, SteroidCourse
from tests.integration.test_merging import both, day, merge, two
from tests.integration.test_merging_twins import complete, course, event, facts, steroid

pytestmark = pytest.mark.django_db
__all__ = ["both", "two"]
FIRST, LATER = date(2026, 11, 1), date(2026, 11, 20)


def told(two, days):
    """Let both records tell one course, its colitis and the steroid for it, entered on two days."""
    for case, on in zip(two, days, strict=True):
        set_acting(case.referred_by)
        of = course(case, stop_reason="irae", stop_reason_state="known")
        ICICourse.objects.filter(pk=of.pk).update(over_said_on=on)
        irae = event(case, of, grade_now=1, grade_now_state="known", now_on=on)
        row = steroid(case, irae, said=on)
        SteroidCourse.objects.filter(pk=row.pk).update(now_on=on, now_day_said=on == LATER)


@pytest.mark.parametrize(
    "days",
    [(FIRST, LATER), (LATER, FIRST), (FIRST, FIRST), (None, FIRST), (FIRST, None), (LATER, LATER)],
)
def test_the_day_on_which_it_was_entered_is_no_difference(two, both, days):
    kept, other = two
    told(two, days)
    set_acting(both)
    merge(both, kept.patient_id, other.patient_id)
    said = [on for on in days if on is not None]
    assert ICICourse.objects.get(patient=kept.patient_id).over_said_on == min(said)
    assert IrAE.objects.get(patient=kept.patient_id).now_on == max(said)
    row = SteroidCourse.objects.get(patient=kept.patient_id)
    assert (row.now_on, row.now_day_said) == (max(said), max(said) == LATER)
    # The other record's rows say what they said.
    assert ICICourse.objects.get(patient=other.patient_id).over_said_on == days[1]


def test_a_course_entered_twice_counts_once_and_its_list_stays_complete(two, both):
    kept, other = two
    told(two, (FIRST, LATER))
    set_acting(both)
    for case in two:
        complete(case, LATER)
    merge(both, kept.patient_id, other.patient_id)
    assert Patient.objects.get(pk=kept.patient_id).courses_complete_as_of == LATER
    for case in two:
        now = facts(case)
        assert (now["prior_courses"].low, now["prior_courses"].high) == (1, 1)
    assert IrAE.objects.filter(patient=kept.patient_id).count() == 1


def test_how_a_date_or_a_bound_was_typed_is_no_difference(two, both):
    kept, other = two
    for case, when, entered in ((kept, "1 March 2026", "<1%"), (other, "01/03/2026", "< 1 %")):
        set_acting(case.referred_by)
        row = OtherTreatment(patient=case.patient, kind="surgery")
        row.start = day(when)
        row.save()
        BiomarkerResult.objects.create(
            patient=case.patient, kind="pdl1_tps", high=1, state="known", entered=entered
        )
    set_acting(both)
    merge(both, kept.patient_id, other.patient_id)
    assert OtherTreatment.objects.get(patient=kept.patient_id).start_text == "1 March 2026"
    assert BiomarkerResult.objects.get(patient=kept.patient_id).entered == "<1%"
