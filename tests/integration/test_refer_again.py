"""A second referral of a known patient completes what is the same, asks what it cannot tell, and drops nothing."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.utils import timezone
from django.utils.html import strip_tags

from accounts.acting import acting_as
from cases.models import (
    Case,
    ICICourse,
    IrAE,
    Patient,
    PatientIdentity,
    PerformanceStatus,
    SteroidCourse,
    Tumour,
)
from cases.services.steroids import save_steroid
from tests.integration.test_cases_pages import HTMX, sign_in
from tests.integration.test_cases_refer import URL, typed
from ui.partial_dates import parse_partial_date, render_day

pytestmark = pytest.mark.django_db
OTHERWISE = "the record says otherwise"


def refer(client, board, **more):
    answer = client.post(URL, typed(board, **more))
    assert answer.status_code == 302, re.findall(r"Error:.*", answer.content.decode())
    return " ".join(strip_tags(client.get(answer.url).content.decode()).split())


def died(by, day):
    with acting_as(by):
        row = PatientIdentity.objects.get()
        row.died = parse_partial_date(day)
        row.save()


def again(board, **more):
    return typed(board, same_patient=str(Patient.objects.get().public_id), **more)


def refer_again(client, board, **more):
    return refer(client, board, same_patient=str(Patient.objects.get().public_id), **more)


def sure_of(html: str, name: str) -> list[str]:
    return re.findall(rf'name="{name}"[^>]*value="([^"]+)"', html)


def test_a_day_within_the_recorded_span_completes_it(client, member, board):
    sign_in(client, member)
    refer(client, board, stop="January 2025", onset="February 2025", grade_now="1", all_organs="on")
    page = refer_again(client, board, grade_now="0", steroid="", steroid_state="")
    course, event = ICICourse.objects.get(), IrAE.objects.get()
    assert (str(course.stop), str(event.onset)) == ("29 January 2025", "20 February 2025")
    assert (event.grade_now, event.now_on, event.resolution) == (
        0,
        timezone.localdate(),
        "resolved",
    )
    facts = Case.objects.order_by("-id")[0].facts.as_facts()
    assert facts["pneumonitis_recurrent"].value is False
    assert "record says otherwise" not in page and "dose was not entered" not in page
    # A span that tells less takes nothing away, and is no other course.
    page = refer_again(client, board, stop="2025", onset="2025", steroid="", steroid_state="")
    assert (str(ICICourse.objects.get().stop), IrAE.objects.count()) == ("29 January 2025", 1)
    assert OTHERWISE not in page


def test_a_grade_of_now_said_again_is_of_today(client, member, board):
    sign_in(client, member)
    refer(client, board, grade_now="1", steroid="20")
    ago = timezone.localdate() - timedelta(days=60)
    IrAE.objects.update(now_on=ago)
    SteroidCourse.objects.update(now_on=ago)
    page = refer_again(client, board, grade_now="1", steroid="20", steroid_peak="80")
    assert IrAE.objects.get().now_on == SteroidCourse.objects.get().now_on == timezone.localdate()
    assert SteroidCourse.objects.get().peak_mg_per_day == 70
    assert "The steroid dose was not entered" in page and "peak 80 mg/day" in page
    assert "steroid now 20" not in page


def test_what_the_record_lacks_of_the_person_is_filled(client, member, board):
    sign_in(client, member)
    refer(client, board, birth_date="", sex="unknown")
    told = {"birth_date": "12 May 1962", "sex": "female", "national_number": "943 476 5919"}
    page = refer_again(client, board, **told)
    row, patient = PatientIdentity.objects.get(), Patient.objects.get()
    assert (row.birth_date, row.national_number, patient.sex) == (
        date(1962, 5, 12), "9434765919", "female",
    )  # fmt: skip
    assert OTHERWISE not in page
    assert Case.objects.order_by("-id")[0].facts.as_facts()["age"].low > 60
    # What it says otherwise is left, and told by name and value.
    page = refer_again(client, board, **{**told, "sex": "male", "birth_date": "13 May 1962"})
    assert "date of birth 13 May 1962" in page and "sex Male" in page
    assert PatientIdentity.objects.get().birth_date == date(1962, 5, 12)


def test_a_birth_is_held_against_the_record_that_it_completes(client, member, board):
    sign_in(client, member)
    refer(client, board, birth_date="")
    answer = client.post(
        URL, again(board, birth_date="12 May 2025", start="", stop="", onset="", drug_1="")
    )
    html = answer.content.decode()
    assert answer.status_code == 422 and 'id="id_birth_date-error"' in html
    assert "the record has 3 dates before it" in html and "12 May 2025" in html
    died(member, "1 January 1961")
    html = client.post(URL, again(board)).content.decode()
    assert "Date of birth: the date is after the death, 1 January 1961" in html
    assert Case.objects.count() == 1


def test_days_after_a_recorded_death_are_questioned(client, member, board):
    sign_in(client, member)
    refer(client, board)
    died(member, "1 February 2025")
    html = client.post(URL, again(board)).content.decode()
    assert "Onset: the date is after the death, 1 February 2025. Is it right?" in html
    sign = re.search(r'name="right" value="([0-9a-f]{16})"', html)[1]
    assert client.post(URL, again(board, right=sign)).status_code == 302


def test_steroids_of_the_record_are_left_and_what_was_told_is_said(client, member, board):
    sign_in(client, member)
    refer(client, board)
    page = refer_again(client, board, steroid="40", steroid_peak="")
    assert "steroid now 40 mg/day, of Prednisolone, given for" in page
    nothing = {"steroid_drug": "", "steroid_peak": "", "steroid_purpose": ""}
    page = refer_again(client, board, steroid="0", **nothing)
    assert "(told: steroid now 0 mg/day)" in page
    assert SteroidCourse.objects.get().now_mg_per_day == 5
    page = refer_again(client, board, steroid="", steroid_state="unknown", **nothing)
    assert "dose was not entered" not in page


def test_a_peak_of_the_same_steroid_is_added_unless_it_is_below_the_dose_now(client, member, board):
    sign_in(client, member)
    refer(client, board, steroid="20", steroid_peak="")
    nothing = {
        "steroid": "",
        "steroid_state": "",
        "steroid_drug": "prednisolone",
        "steroid_purpose": "irae",
    }
    page = refer_again(client, board, **nothing, steroid_peak="10")
    row = SteroidCourse.objects.get()
    assert row.peak_mg_per_day is None and "(told: peak 10 mg/day)" in page
    page = refer_again(client, board, **nothing, steroid_peak="70")
    row.refresh_from_db()
    assert row.peak_mg_per_day == 70 and "dose was not entered" not in page
    ago = timezone.localdate() - timedelta(days=60)
    SteroidCourse.objects.update(now_on=ago)
    refer_again(client, board, **nothing, steroid_peak="70")
    row.refresh_from_db()
    assert row.now_on == ago


def test_no_steroid_now_holds_for_courses_that_are_over(client, member, board):
    sign_in(client, member)
    refer(client, board)
    case, row = Case.objects.get(), SteroidCourse.objects.get()
    with acting_as(member):
        version = case.sections.get(key="steroids").version
        values = {"now_mg_per_day": 0, "now_on": date(2025, 8, 1)}
        save_steroid(by=member, case=case, version=version, values=values, public_id=row.public_id)
        ended = {"stop": parse_partial_date("May 2025")}
        save_steroid(by=member, case=case, version=version + 1, values=ended)
    page = refer_again(
        client, board, steroid="0", steroid_drug="", steroid_peak="", steroid_purpose=""
    )
    row.refresh_from_db()
    assert row.now_on == timezone.localdate() and "dose was not entered" not in page
    assert Case.objects.order_by("-id")[0].facts.as_facts()["steroid_now"].high == 0


def on(days):
    return render_day(timezone.localdate() - timedelta(days=days))


@pytest.mark.parametrize(
    ("there", "said", "kept", "words"),
    [
        # Without a day, of an earlier one, or of the same: left and told.
        (("2", 3), ("1", None), ("2", 3), "ECOG 1, restricted but ambulatory"),
        (("2", 3), ("3", 365), ("2", 3), "ECOG 3"),
        (("2", 3), ("1", 3), ("2", 3), "ECOG 1"),
        (("2", None), ("1", None), ("2", None), "ECOG 1"),
        # Of a later day, or where the record has no day, or nothing.
        (("2", 3), ("1", 1), ("1", 1), ""),
        (("2", None), ("1", 1), ("1", 1), ""),
        (("", None), ("1", None), ("1", None), ""),
        (("2", 3), ("2", 1), ("2", 1), ""),
        # The same of an earlier day, or that nobody knows, says nothing new.
        (("2", 3), ("2", 9), ("2", 3), ""),
        (("2", 3), ("unknown", None), ("2", 3), ""),
        (("unknown", None), ("1", 3), ("1", 3), ""),
    ],
)  # fmt: skip
def test_ecog_is_replaced_by_that_of_a_later_day_alone(
    client, member, board, there, said, kept, words
):
    def fields(told):
        ecog, days = told
        state = ecog if ecog == "unknown" else "known" if ecog else ""
        return {
            "ecog": "" if ecog == "unknown" else ecog,
            "ecog_state": state,
            "ecog_on": "" if days is None else on(days),
        }

    sign_in(client, member)
    refer(client, board, **fields(there))
    page = refer_again(client, board, **fields(said), steroid="", steroid_state="")
    row = PerformanceStatus.objects.get()
    assert (str(row.ecog), str(row.assessed or "")) == (
        kept[0],
        "" if kept[1] is None else on(kept[1]),
    )
    assert (words in page) if words else OTHERWISE not in page


def test_a_month_of_the_same_ecog_is_told_more_exactly(client, member, board):
    sign_in(client, member)
    refer(client, board, ecog_on="March 2026")
    refer_again(client, board, ecog_on="3 March 2026")
    assert str(PerformanceStatus.objects.get().assessed) == "3 March 2026"


def test_histology_of_the_record_stays_and_the_stage_is_filled(client, member, board):
    sign_in(client, member)
    refer(client, board)
    page = refer_again(client, board, histology="squamous", stage_group="IV")
    row = Tumour.objects.get()
    assert (row.histology, row.stage_group) == ("adenocarcinoma", "IV")
    assert re.search(r"Not entered, since the record says otherwise: histology Squamous", page)


def test_what_a_course_says_otherwise_is_told_by_name_and_value(client, member, board):
    sign_in(client, member)
    refer(client, board)
    page = refer_again(client, board, cycles="12", stop="March 2025", worst_grade="4")
    assert "course 1, Pembrolizumab: last dose March 2025, cycles 12" in page
    assert "Pneumonitis, 20 February 2025: worst grade 4, life-threatening" in page
    assert (ICICourse.objects.get().cycles_low, IrAE.objects.get().worst_grade) == (14, 3)


def test_grades_that_do_not_fit_the_record_are_left_and_no_error(client, member, board):
    sign_in(client, member)
    refer(client, board, worst_grade="2", onset="")
    told = {"worst_grade": "", "onset": "", "grade_now": "", "onset_grade": "3"}
    answer = client.post(URL, again(board, **told))
    html = answer.content.decode()
    assert answer.status_code == 422 and 'id="id_same_event-error"' in html
    key = sure_of(html, "same_event")[0]
    page = refer_again(client, board, **told, same_event=key)
    assert "Pneumonitis: grade at onset 3" in page
    assert IrAE.objects.get().onset_grade is None
    refer_again(client, board, **told, same_event="different")
    assert sorted(IrAE.objects.values_list("onset_grade", flat=True), key=bool) == [None, 3]


@pytest.mark.parametrize(("answer", "events"), [("first", 1), ("different", 2)])
def test_what_cannot_be_told_is_asked_before_the_save(client, member, board, answer, events):
    sign_in(client, member)
    refer(client, board)
    told = {"onset": "3 September 2025", "steroid": "", "steroid_state": ""}
    html = client.post(URL, again(board, **told), headers=HTMX).content.decode()
    assert 'id="id_same_event-error"' in html and "The same: Pneumonitis, 20 February 2025" in html
    assert "3 September 2025" in html and Case.objects.count() == 1
    choices = sure_of(html, "same_event")
    assert len(choices) == 2 and 'name="same_course"' not in html
    chosen = choices[0] if answer == "first" else answer
    # What is no answer is asked again.
    wrong = client.post(URL, again(board, **told, same_event="nonsense"))
    assert wrong.status_code == 422
    page = refer_again(client, board, **told, same_event=chosen)
    assert IrAE.objects.count() == events
    assert ("onset 3 September 2025" in page) is (events == 1)


@pytest.mark.parametrize(("answer", "courses"), [("first", 1), ("different", 2)])
def test_a_course_that_may_be_another_is_asked(client, member, board, answer, courses):
    sign_in(client, member)
    refer(client, board)
    told = {"start": "May 2024", "steroid": "", "steroid_state": ""}
    html = client.post(URL, again(board, **told)).content.decode()
    assert (
        "The same: course 1, Pembrolizumab, from 10 April 2024" in html and "Another course" in html
    )
    chosen = sure_of(html, "same_course")[0] if answer == "first" else answer
    page = refer_again(client, board, **told, same_course=chosen)
    assert ICICourse.objects.count() == courses
    assert (f"{OTHERWISE}: course 1, Pembrolizumab: first dose May 2024" in page) is (courses == 1)
    # The event of the same day is the same, of whichever course.
    assert IrAE.objects.count() == 1


def test_an_onset_after_an_earlier_course_of_the_record_is_not_questioned(client, member, board):
    sign_in(client, member)
    refer(client, board)
    told = {
        "drug_1": "atezolizumab",
        "start": "May 2026",
        "stop": "",
        "proposed_regimen": "undecided",
    }
    refer_again(client, board, **told, onset="3 March 2025", same_event="different")
    assert ICICourse.objects.count() == IrAE.objects.count() == 2
    # A cycle of a course of the record is held against that course.
    html = client.post(
        URL, again(board, **told, onset="after cycle 20 of course 1")
    ).content.decode()
    assert "course 1 had no cycle 20" in html
    # One that counts from another course than the one told is asked about.
    told = {**told, "onset": "after cycle 2 of course 1", "same_event": "different"}
    html = unescape(client.post(URL, again(board, **told)).content.decode())
    assert "counts from another course than the one told here, course 2. Is it right?" in html
    refer_again(client, board, **told, right=sure_of(html, "right")[0])
    refer_again(client, board, **{**told, "onset": "after cycle 2 of course 2"})


@pytest.mark.parametrize(("answer", "events"), [("first", 1), ("different", 2)])
def test_an_event_with_neither_onset_nor_course_is_asked_about(
    client, member, board, answer, events
):
    sign_in(client, member)
    refer(client, board, onset="", grade_now="0")
    ICICourse.objects.update(stopped_for=None)
    IrAE.objects.update(course=None)
    told = {"drug_1": "atezolizumab", "proposed_drug_1": "atezolizumab", "start": "1 March 2026",
            "stop": "1 May 2026", "cycles": "4", "onset": "20 May 2026", "grade_now": "0",
            "steroid": "", "steroid_state": "", "all_organs": "on"}  # fmt: skip
    html = client.post(URL, again(board, **told)).content.decode()
    assert 'id="id_same_event-error"' in html and "The same: Pneumonitis" in html
    event = IrAE.objects.get()
    assert (event.onset, event.course, Case.objects.count()) == (None, None, 1)
    chosen = sure_of(html, "same_event")[0] if answer == "first" else answer
    refer_again(client, board, **told, same_event=chosen)
    assert IrAE.objects.count() == events
    event.refresh_from_db()
    assert (event.onset is None) is (events == 2)
    facts = Case.objects.order_by("-id")[0].facts.as_facts()
    # That it never came back is certain of one alone.
    assert (facts["pneumonitis_recurrent"].value is False) is (events == 1)
