"""A course said to be over is over from that day, and a complete list is said of the courses that were there."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.acting import acting_as
from cases.models import CaseFacts, ICICourse, Patient, Section
from cases.readiness import Standing
from cases.reading import course_of
from cases.rules import readiness_of
from cases.services.history import save_course, set_complete
from cases.services.iraes import review_all_organs
from cases.services.sections import locked_version
from evidence.conditions.facts import FactState
from tests.factories.merging import merge_records
from tests.factories.record import add_course, make_case
from tests.integration.test_cases_pages import sign_in
from ui.partial_dates import parse_partial_date

DRUGS = {"drugs": ["pembrolizumab"], "start": parse_partial_date("1 March 2026")}
OVER = {"stop_reason": "irae", "stop_reason_state": "known"}
NOBODY_KNOWS = {"stop_reason": None, "stop_reason_state": "unknown"}
NOT_STOPPED = {"stop_reason": None, "stop_reason_state": "not_applicable"}


def change(member, case, *, from_file=False, **values) -> ICICourse:
    with acting_as(member):
        row = ICICourse.objects.get(patient=case.patient)
        version = locked_version(case, Section.COURSES)
        lock = {"by": member, "case": case, "version": version}
        return save_course(**lock, values=values, public_id=row.public_id, from_file=from_file)


def ask(member, case, *, days_ago=0) -> None:
    with acting_as(member):
        version = locked_version(case, Section.IRAES)
        on = timezone.localdate() - timedelta(days=days_ago)
        review_all_organs(by=member, case=case, version=version, on=on)


def call_complete(member, case, *, complete=True, on=None) -> None:
    with acting_as(member):
        version = locked_version(case, Section.COURSES)
        lock = {"by": member, "case": case, "version": version}
        set_complete(**lock, key=Section.COURSES, complete=complete, on=on)


def row_of(case) -> CaseFacts:
    return CaseFacts.objects.get(case=case)


def courses_at_most(case) -> int | None:
    high = row_of(case).prior_courses_high
    return None if high is None else int(high)


@pytest.mark.django_db
def test_the_day_is_that_on_which_it_was_first_said_and_goes_with_it(member, board):
    case, today = make_case(member, board), timezone.localdate()
    assert add_course(member, case, **DRUGS).over_said_on is None
    assert change(member, case, stop_state="unknown").over_said_on is None
    assert change(member, case, **OVER).over_said_on == today
    earlier = today - timedelta(days=40)
    ICICourse.objects.update(over_said_on=earlier)
    # What is said besides, or otherwise of why, leaves the day.
    assert change(member, case, regimen="carboplatin").over_said_on == earlier
    assert change(member, case, **NOBODY_KNOWS).over_said_on == earlier
    assert change(member, case, **NOT_STOPPED).over_said_on is None
    assert change(member, case, **OVER).over_said_on == today
    ICICourse.objects.update(over_said_on=None)
    # What says nothing of its end does not say that it is over.
    assert change(member, case, regimen="").over_said_on is None
    assert change(member, case, **OVER).over_said_on == today
    owed = {"stop_reason": None, "stop_reason_state": "not_yet"}
    assert change(member, case, **owed).over_said_on is None
    given = {**OVER, "stop": None, "stop_state": "not_applicable"}
    assert change(member, case, **given).over_said_on is None


@pytest.mark.django_db
@pytest.mark.parametrize("told", [{"stop": parse_partial_date("2026")}, {"stop_state": "unknown"}])
def test_that_nobody_knows_why_it_stopped_says_that_it_is_over_beside_its_last_dose(
    member, board, told
):
    case, today = make_case(member, board), timezone.localdate()
    row = add_course(member, case, **DRUGS, **NOBODY_KNOWS)
    assert row.over_said_on is None
    known = {"stop_state": "known", **told}
    assert change(member, case, **known).over_said_on == today
    # The last dose is taken back: what was said of the end goes with it, also where an older day stands there.
    assert change(member, case, stop=None, stop_state="missing").over_said_on is None
    ICICourse.objects.update(over_said_on=today - timedelta(days=40))
    assert course_of(ICICourse.objects.get()).over_said_on is None


@pytest.mark.django_db
def test_a_file_says_by_a_reason_alone_that_a_course_is_over(member, board):
    case, today = make_case(member, board), timezone.localdate()
    add_course(member, case, **DRUGS)
    unknown = {**NOBODY_KNOWS, "stop": None, "stop_state": "unknown"}
    assert change(member, case, from_file=True, **unknown).over_said_on is None
    # Nor does what somebody says of something else.
    assert change(member, case, regimen="carboplatin").over_said_on is None
    assert change(member, case, **unknown).over_said_on == today
    # What a person said stays, whatever a file adds.
    assert change(member, case, from_file=True, **unknown).over_said_on == today
    assert change(member, case, from_file=True, **NOT_STOPPED).over_said_on is None
    assert change(member, case, from_file=True, **OVER).over_said_on == today


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("ago", "stays"),
    [("{0:%d %B %Y}", False), ("{0:%B %Y}", False), ("after {1:%d %B %Y}", False), ("{2:%d %B %Y}", True)],
)  # fmt: skip
def test_a_first_dose_that_moves_past_the_day_takes_it_away(member, board, ago, stays):
    case, today = make_case(member, board), timezone.localdate()
    add_course(member, case, **DRUGS, **OVER)
    said = today - timedelta(days=40)
    ICICourse.objects.update(over_said_on=said)
    days = (today - timedelta(days=5), said, said - timedelta(days=1))
    start = parse_partial_date(ago.format(*days))
    moved = {**DRUGS, **OVER, "start": start}
    assert change(member, case, **moved).over_said_on == (said if stays else None)
    assert change(member, case, regimen="carboplatin").over_said_on == (said if stays else None)
    # Said once more of the course as it stands now.
    assert change(member, case, **moved).over_said_on == (said if stays else today)
    assert change(member, case, start=None, start_state="unknown").over_said_on


@pytest.mark.django_db
def test_a_case_with_a_stopped_ici_of_unknown_last_dose_stays_ready_over_night(
    client, member, board
):
    case = make_case(member, board)
    add_course(member, case, **DRUGS, **OVER, stop=None, stop_state="unknown")
    ask(member, case, days_ago=1)
    page = sign_in(client, member).get(reverse("cases:detail", args=[case.public_id]))
    yesterday = timezone.localdate() - timedelta(days=1)
    assert row_of(case).irae_any_state == FactState.MISSING
    assert f"Not asked after {yesterday.day} " in page.content.decode()
    ask(member, case)
    row = row_of(case)
    assert (row.irae_any, row.answers_until) == (False, None)
    page = client.get(reverse("cases:detail", args=[case.public_id])).content.decode()
    assert "none, asked about all organs" in page
    assert "Asked while an ICI may still be given" not in page
    # The night passes and nobody writes; the answer grows old as any other does.
    for days, standing in ((1, Standing.CURRENT), (90, Standing.CURRENT), (91, Standing.STALE)):
        day = (timezone.localdate() - timedelta(days=days)).isoformat()
        said = {**row.said, "irae_any": [day, day]}
        CaseFacts.objects.update(as_of=row.as_of - timedelta(days=days), said=said)
        fresh = row_of(case)
        assert fresh.as_facts()["irae_any"].value is False
        assert readiness_of(fresh.case, fresh.as_facts()).by_key["irae_any"].standing is standing


@pytest.mark.django_db
def test_while_it_runs_the_answer_of_the_day_still_ends_with_it(member, board):
    case = make_case(member, board)
    add_course(member, case, **DRUGS, **NOT_STOPPED, stop=None, stop_state="not_applicable")
    ask(member, case)
    assert row_of(case).answers_until == timezone.localdate()
    # Nobody says of another one whether it is over.
    add_course(member, case, drugs=["nivolumab"], start_state="unknown", start=None)
    assert row_of(case).answers_until == timezone.localdate()


@pytest.mark.django_db
def test_a_list_said_complete_today_covers_a_course_that_began_this_year(client, member, board):
    case, year = make_case(member, board), parse_partial_date(str(timezone.localdate().year))
    row = add_course(member, case, drugs=["pembrolizumab"], start=year)
    call_complete(member, case)
    assert Patient.objects.get(pk=case.patient_id).courses_complete_through == row.pk
    assert courses_at_most(case) == 1
    # One more, entered since, may have begun since; said anew, the list has both.
    add_course(member, case, drugs=["nivolumab"], start=year)
    assert courses_at_most(case) is None
    url = reverse("cases:complete", args=[case.public_id, "courses"])
    version = locked_version(case, Section.COURSES)
    sign_in(client, member).post(url, {"version": version, "complete": "yes", "as_of": ""})
    assert courses_at_most(case) == 2
    call_complete(member, case, complete=False)
    assert Patient.objects.get(pk=case.patient_id).courses_complete_through is None
    assert courses_at_most(case) is None


@pytest.mark.django_db
def test_a_list_complete_as_of_an_earlier_day_covers_no_course_after_it(member, board):
    case, today = make_case(member, board), timezone.localdate()
    add_course(member, case, drugs=["pembrolizumab"], start=parse_partial_date("2024"))
    call_complete(member, case, on=parse_partial_date("1 January 2024"))
    assert Patient.objects.get(pk=case.patient_id).courses_complete_through is None
    assert courses_at_most(case) is None
    assert row_of(case).prior_includes_ctla4_state == FactState.MISSING
    for text in (f"{today:%B %Y}", f"{today - timedelta(days=1):%d %B %Y}"):
        call_complete(member, case, on=parse_partial_date(text))
        assert Patient.objects.get(pk=case.patient_id).courses_complete_through is None
    call_complete(member, case, on=parse_partial_date(f"{today:%d %B %Y}"))
    assert Patient.objects.get(pk=case.patient_id).courses_complete_through
    assert row_of(case).prior_includes_ctla4 is False


@pytest.mark.django_db
def test_an_empty_list_is_opened_by_the_first_course_that_may_be_new(member, board):
    case, year = make_case(member, board), parse_partial_date(str(timezone.localdate().year))
    call_complete(member, case)
    assert Patient.objects.get(pk=case.patient_id).courses_complete_through == 0
    add_course(member, case, drugs=["pembrolizumab"], start=year)
    assert courses_at_most(case) is None


@pytest.mark.django_db
@pytest.mark.parametrize("of_the_other", [True, False])
def test_merged_lists_cover_what_was_entered_before_the_first_statement(
    member, board, coordinator, of_the_other
):
    year = parse_partial_date(str(timezone.localdate().year))
    kept, absorbed = make_case(member, board), make_case(member, board)
    add_course(member, absorbed, drugs=["nivolumab"], start=year)
    call_complete(member, absorbed)
    add_course(member, kept, drugs=["pembrolizumab"], start=year)
    call_complete(member, kept)
    if not of_the_other:
        Patient.objects.filter(pk=absorbed.patient_id).update(courses_complete_through=None)
    through = Patient.objects.get(pk=absorbed.patient_id).courses_complete_through
    with acting_as(coordinator):
        merge_records(coordinator, kept, absorbed)
    patient = Patient.objects.get(pk=kept.patient_id)
    assert patient.courses_complete_as_of is not None
    assert patient.courses_complete_through == through


@pytest.mark.django_db
@pytest.mark.parametrize("kept_is_empty", [True, False])
def test_a_record_without_a_course_takes_nothing_from_what_the_other_covers(
    member, board, coordinator, kept_is_empty
):
    kept, absorbed = make_case(member, board), make_case(member, board)
    full, empty = (absorbed, kept) if kept_is_empty else (kept, absorbed)
    year = parse_partial_date(str(timezone.localdate().year))
    row = add_course(member, full, drugs=["nivolumab"], start=year)
    call_complete(member, full)
    call_complete(member, empty)
    with acting_as(coordinator):
        merge_records(coordinator, kept, absorbed)
    assert Patient.objects.get(pk=kept.patient_id).courses_complete_through == row.pk
    assert courses_at_most(kept) == 1


@pytest.mark.django_db
def test_two_records_without_a_course_still_cover_none(member, board, coordinator):
    kept, absorbed = make_case(member, board), make_case(member, board)
    for case in (kept, absorbed):
        call_complete(member, case)
    with acting_as(coordinator):
        merge_records(coordinator, kept, absorbed)
    assert Patient.objects.get(pk=kept.patient_id).courses_complete_through == 0
