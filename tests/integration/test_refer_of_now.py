"""What a referral tells of today beside a record that is older: a steroid begun again, and a newer PD-L1 sample."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.acting import acting_as
from cases.models import BiomarkerResult, Case, Patient, Section, SteroidCourse
from cases.readiness import Standing
from cases.rules import readiness_of
from cases.services.history import set_complete
from cases.services.sections import locked_version
from cases.services.steroids import save_steroid
from cases.services.tumour import save_biomarker
from evidence.conditions.facts import FactState
from tests.integration.test_cases_pages import sign_in
from tests.integration.test_refer_again import refer, refer_again
from ui.partial_dates import parse_partial_date

pytestmark = pytest.mark.django_db
NONE_NOW = {"steroid": "0", "steroid_drug": "", "steroid_peak": "", "steroid_purpose": ""}
NO_STEROID = {**NONE_NOW, "steroid": "", "steroid_state": ""}


def facts_now():
    return Case.objects.order_by("-id")[0].facts.as_facts()


def lock(member, section):
    case = Case.objects.order_by("-id")[0]
    return {"by": member, "case": case, "version": locked_version(case, section)}


def give(member, **values):
    """Enter a steroid course with what is said of it."""
    stated = ("drug", "now_mg_per_day", "stop", "indication")
    known = {f"{n}_state": "known" for n in values if n in stated}
    with acting_as(member):
        save_steroid(**lock(member, Section.STEROIDS), values={**values, **known})
        set_complete(**lock(member, Section.STEROIDS), key=Section.STEROIDS, complete=True)


@pytest.mark.parametrize("drug", ["prednisolone", "hydrocortisone"])
def test_a_dose_told_beside_courses_that_are_over_is_a_course_of_its_own(
    client, member, board, drug
):
    sign_in(client, member)
    refer(client, board, **NO_STEROID)
    ended = parse_partial_date("1 June 2026")
    give(member, drug=drug, now_mg_per_day=0)
    give(member, drug="prednisone", stop=ended)
    assert facts_now()["steroid_now"].high == 0
    page = refer_again(client, board, steroid="20", steroid_peak="", steroid_only="on")
    assert "dose was not entered" not in page
    assert (facts_now()["steroid_now"].low, facts_now()["steroid_now"].high) == (20, 20)
    assert SteroidCourse.objects.count() == 3
    # The same dose once more is that of the course which is given.
    page = refer_again(client, board, steroid="20", steroid_peak="")
    assert SteroidCourse.objects.count() == 3 and "dose was not entered" not in page


def test_a_dose_that_the_record_says_otherwise_leaves_the_list_open(client, member, board):
    sign_in(client, member)
    refer(client, board, **NO_STEROID)
    give(member, drug="prednisolone", now_mg_per_day=0)
    give(member, drug="prednisone", now_mg_per_day=5, indication="other_disease")
    assert facts_now()["steroid_now"].high == 5
    page = refer_again(client, board, steroid="40", steroid_peak="")
    assert "The steroid dose was not entered" in page and "steroid now 40 mg/day" in page
    assert Patient.objects.get().steroids_complete_as_of is None
    assert (facts_now()["steroid_now"].low, facts_now()["steroid_now"].high) == (5, None)
    assert SteroidCourse.objects.count() == 2
    # The list is open already: what is told again takes nothing more away.
    assert "dose was not entered" in refer_again(client, board, steroid="40", steroid_peak="")


def pdl1(value, on):
    told = {"pdl1_recent": value, "pdl1_recent_state": "known", "pdl1_recent_on": on}
    return {
        **NO_STEROID,
        "proposed_regimen": "switch_pd1_pdl1",
        "proposed_drug_1": "durvalumab",
        **told,
    }


def standing():
    case = Case.objects.order_by("-id")[0]
    return readiness_of(case, case.facts.as_facts()).by_key["pdl1_tps_recent"].standing


def days():
    rows = BiomarkerResult.objects.filter(timing="after").order_by("id")
    return [(float(row.low), str(row.sampled or row.sampled_state)) for row in rows if row.low]


def test_the_day_of_a_sample_since_the_ici_is_asked_and_without_one_it_is_not_settled(
    client, member, board
):
    sign_in(client, member)
    refer(client, board, **pdl1("60", "unknown"))
    assert (days(), standing()) == ([(60, "unknown")], Standing.UNDATED)
    refer_again(client, board, **pdl1("60", ""))
    assert (days(), standing()) == ([(60, "unknown")], Standing.UNDATED)
    # The day completes the sample, and again where it is told to the day.
    refer_again(client, board, **pdl1("60", "March 2026"))
    assert (days(), standing()) == ([(60, "March 2026")], Standing.CURRENT)
    refer_again(client, board, **pdl1("60", "3 March 2026"))
    refer_again(client, board, **pdl1("60", "2026"))
    assert days() == [(60, "3 March 2026")]
    # The same value of another day is another sample.
    refer_again(client, board, **pdl1("60", "5 May 2026"))
    assert days() == [(60, "3 March 2026"), (60, "5 May 2026")]


def test_the_day_of_a_sample_stays_when_its_result_comes(client, member, board):
    sign_in(client, member)
    refer(client, board, **NO_STEROID)
    on = timezone.localdate() - timedelta(days=9)
    values = {
        "kind": "pdl1_tps", "timing": "after", "state": FactState.NOT_YET.value,
        "sampled": parse_partial_date(f"{on:%-d %B %Y}"), "sampled_state": "known",
    }  # fmt: skip
    with acting_as(member):
        save_biomarker(**lock(member, Section.TUMOUR), values=values)
    refer_again(client, board, **pdl1("40", ""))
    assert days() == [(40, f"{on:%-d %B %Y}")]
