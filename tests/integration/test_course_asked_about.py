"""A case asks about one course: an earlier one entered later, a decided case, and the choice in the forms."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from accounts.acting import acting_as
from cases.models import Case, CaseFacts, CaseSection, ICICourse, IrAE
from cases.presenters.derived import worked_out
from cases.presenters.sections import WORKED_OUT
from cases.presenters.stopping import stopped_words
from cases.selectors import case_for_page
from cases.services.history import save_course, save_irae
from cases.whole_record import fetch_record
from followup.services.protocols import load_protocols
from tests.factories.meetings import make_item, make_meeting, make_signed
from tests.factories.merging import merge_records
from tests.factories.monitoring import make_irae
from tests.factories.record import add_course, make_case
from tests.integration.test_cases_pages import sign_in
from ui.partial_dates import parse_partial_date

pytestmark = pytest.mark.django_db


def on(text: str):
    return parse_partial_date(text)


STOPPED = {
    "drugs": ["pembrolizumab"],
    "start": on("10 January 2023"),
    "stop": on("20 May 2024"),
    "stop_reason": "irae",
    "progression_timing": "none",
}
STILL = {
    "drugs": ["nivolumab"],
    "start": on("1 October 2026"),
    "stop": None,
    "stop_state": "not_applicable",
    "stop_reason": None,
    "stop_reason_state": "not_applicable",
}
EARLIER = {
    "drugs": ["ipilimumab"],
    "start": on("2019"),
    "stop": on("December 2019"),
    "stop_reason": "progression",
    "progression_timing": "on_treatment",
}


@pytest.fixture
def case(member, board):
    return make_case(member, board)


def read(case, by) -> Case:
    found = case_for_page(by).get(pk=case.pk)
    fetch_record([found.patient])
    return found


def numbers() -> dict[str, int]:
    return {course.drugs[0]: course.number for course in ICICourse.objects.all()}


def at(case, place: str = "") -> str:
    return f"{reverse('cases:detail', args=[case.public_id])}{place}"


def version(case, key: str = "courses") -> int:
    return CaseSection.objects.get(case=case, key=key).version


def ask_about(case, course) -> None:
    Case.objects.filter(pk=case.pk).update(course=course)


def test_an_earlier_course_entered_later_does_not_become_the_last_one(member, case):
    first = add_course(member, case, **STOPPED)
    make_irae(member, case, worst_grade=3)
    add_course(member, case, **STILL)
    event = IrAE.objects.get()
    with acting_as(member):
        told = {"onset": on("after cycle 7 of course 1"), "course": first}
        lock = {"by": member, "case": case, "version": version(case, "iraes")}
        save_irae(**lock, values=told, public_id=event.public_id)
        before = stopped_words(read(case, member))
    added = add_course(member, case, **EARLIER)
    assert added.number == 1
    assert numbers() == {"ipilimumab": 1, "pembrolizumab": 2, "nivolumab": 3}
    with acting_as(member):
        found = read(case, member)
        assert stopped_words(found) == before == "irAE: pneumonitis, grade 3"
        # What is counted from a course by its number is still counted from that course.
        assert str(IrAE.objects.get().onset) == "after cycle 7 of course 2"
    facts = found.facts.as_facts()
    assert facts["ici_free_days"].state == "not_applicable"
    assert facts["stop_reason"].value == "irae"


def test_of_one_course_alone_the_days_keep_counting_from_it(member, case):
    add_course(member, case, **STOPPED)
    with acting_as(member):
        event = make_irae(member, case, onset=on("day 26 after ICI start"))
    first = add_course(member, case, **EARLIER)
    event.refresh_from_db()
    assert first.number == 1 and event.course.drugs == ["pembrolizumab"]


def test_dates_that_are_corrected_number_the_courses_anew(member, case):
    add_course(member, case, **STOPPED)
    second = add_course(member, case, **{**EARLIER, "start": on("2025"), "stop": on("2026")})
    assert second.number == 2
    with acting_as(member):
        lock = {"by": member, "case": case, "version": version(case)}
        values = {"start": on("2019"), "stop": on("2019")}
        save_course(**lock, values=values, public_id=second.public_id)
    assert numbers() == {"ipilimumab": 1, "pembrolizumab": 2}


def test_a_decided_case_keeps_its_question_when_the_history_grows(
    client, member, coordinator, chair, board
):
    load_protocols()
    case = make_case(member, board)
    add_course(member, case, **STOPPED)
    make_signed(chair, make_item(coordinator, make_meeting(coordinator, board), case))
    case.refresh_from_db()
    assert case.course.drugs == ["pembrolizumab"]
    later = {**EARLIER, "start": on("2025"), "stop": on("March 2026")}
    add_course(member, case, **later)
    open_case = make_case(member, board, patient=case.patient)
    with acting_as(member):
        assert CaseFacts.objects.get(case=case).stop_reason == "irae"
        # A case that names no course asks about the last that was stopped.
        assert CaseFacts.objects.get(case=open_case).stop_reason == "progression"
        assert stopped_words(read(case, member)) == "irAE"
        # The time since the last dose is that of any course.
        found = read(case, member)
        rows = worked_out(found, WORKED_OUT["courses"], found.facts.as_facts())
    told = dict(zip(WORKED_OUT["courses"], rows, strict=True))
    assert told["ici_free_days"][2] == "last dose March 2026"


def test_the_question_says_which_course_it_is_about_and_lets_one_choose(client, member, case):
    add_course(member, case, **STOPPED)
    client = sign_in(client, member)
    assert (
        "Which course is it about?"
        not in client.get(at(case, "sections/question")).content.decode()
    )
    add_course(member, case, **{**EARLIER, "start": on("2025"), "stop": on("2026")})
    first = ICICourse.objects.get(number=1)
    html = client.get(at(case, "sections/question")).content.decode()
    assert "Which course is it about?" in html and "1: Pembrolizumab" in html
    told = {
        "version": version(case, "question"),
        "question": "May it be given again?",
        "course": str(first.public_id),
    }
    assert client.post(at(case, "sections/question"), told).status_code == 302
    case.refresh_from_db()
    assert case.course == first
    assert CaseFacts.objects.get(case=case).stop_reason == "irae"
    html = client.get(at(case)).content.decode()
    assert "course 1, Pembrolizumab" in html
    # Another patient's course is none to choose.
    told["version"] = version(case, "question")
    wrong = {**told, "course": "00000000-0000-4000-8000-000000000000"}
    assert client.post(at(case, "sections/question"), wrong).status_code == 422


def test_another_question_is_about_the_same_course_unless_another_is_chosen(client, member, case):
    add_course(member, case, **STOPPED)
    second = add_course(member, case, **STILL)
    first = ICICourse.objects.get(number=1)
    ask_about(case, first)
    client = sign_in(client, member)
    html = client.get(at(case, "again")).content.decode()
    assert f'value="{first.public_id}" selected' in html
    told = {
        "key": "7b1b3c52-6df1-4d0c-9d8e-0f6f3a2b1c4d",
        "question": "And the other one?",
        "course": str(second.public_id),
    }
    assert client.post(at(case, "again"), told).status_code == 302
    assert Case.objects.latest("pk").course == second


def test_another_question_asks_which_course_where_a_later_one_was_stopped(client, member, case):
    first = add_course(member, case, **STOPPED)
    second = add_course(member, case, **{**EARLIER, "start": on("2025"), "stop": on("2026")})
    ask_about(case, first)
    client = sign_in(client, member)
    html = client.get(at(case, "again")).content.decode()
    for row in (first, second):
        assert f'value="{row.public_id}"' in html
        assert f'value="{row.public_id}" selected' not in html
    told = {"key": "7b1b3c52-6df1-4d0c-9d8e-0f6f3a2b1c4d", "question": "And now?", "course": ""}
    assert client.post(at(case, "again"), told).status_code == 422


@pytest.mark.parametrize("first_stopped", [True, False])
def test_what_is_worked_out_names_the_inputs_of_the_course_asked_about(member, case, first_stopped):
    stopped = {**STOPPED, "stop_reason": "progression", "progression_timing": "on_treatment"}
    still = STILL if first_stopped else {**STILL, "start": on("1 October 2022")}
    for course in (stopped, still) if first_stopped else (still, stopped):
        add_course(member, case, **course)
    with acting_as(member):
        found = read(case, member)
        rows = worked_out(found, WORKED_OUT["courses"], found.facts.as_facts())
    told = dict(zip(WORKED_OUT["courses"], rows, strict=True))
    assert told["prior_ici_days"][2] == "first dose 10 January 2023; last dose 20 May 2024"
    assert "There was no progression" not in told["oligoprogression"][2]
    assert "no progression" not in told["resistance_24_weeks"][2]
    assert told["ici_free_days"][2] == "last dose ongoing"


def form(case, **changes):
    return {"version": version(case), "drug_1": "ipilimumab", **changes}


def test_where_dates_do_not_tell_the_form_asks_before_or_after_which_course(client, member, case):
    add_course(member, case, **STOPPED)
    client, place = sign_in(client, member), at(case, "courses/add")
    answer = client.post(place, form(case))
    assert answer.status_code == 422
    assert "Choose before or after which course it came" in answer.content.decode()
    assert client.post(place, form(case, after="0")).status_code == 302
    assert numbers() == {"ipilimumab": 1, "pembrolizumab": 2}
    # It is kept, and shown where the course is changed.
    row = ICICourse.objects.get(number=1)
    edit = at(case, f"courses/{row.public_id}")
    assert '<option value="0" selected' in client.get(edit).content.decode()
    assert client.post(edit, form(case, after="2")).status_code == 302
    assert numbers() == {"pembrolizumab": 1, "ipilimumab": 2}
    # What the dates tell nobody is asked, and nobody may say otherwise.
    assert client.post(edit, form(case, start="2019", after="")).status_code == 302
    assert numbers() == {"ipilimumab": 1, "pembrolizumab": 2}
    answer = client.post(edit, form(case, start="2019", after="2"))
    assert answer.status_code == 422
    assert "the first doses say otherwise" in answer.content.decode()


def test_an_irae_of_a_later_course_is_not_why_an_earlier_one_was_stopped(member, case):
    first = add_course(member, case, **STOPPED)
    make_irae(member, case, worst_grade=3)
    later = add_course(member, case, **{**STOPPED, "start": on("2025"), "stop": on("2026")})
    colitis = make_irae(member, case, entity="colitis", organ="colon")
    ask_about(case, first)
    # Its onset is not known, so no day says that it came too late.
    IrAE.objects.filter(pk=colitis.pk).update(course=later)
    with acting_as(member):
        assert stopped_words(read(case, member)) == "irAE: pneumonitis, grade 3"


def test_a_course_says_for_which_irae_it_was_stopped(client, member, case):
    row = add_course(member, case, **STOPPED)
    named = make_irae(member, case, worst_grade=3)
    make_irae(member, case, entity="colitis", organ="colon")
    client, place = sign_in(client, member), at(case, f"courses/{row.public_id}")
    with acting_as(member):
        assert stopped_words(read(case, member)) == "irAE (one of 2 recorded)"
    told = form(case, start="10 January 2023", stop="20 May 2024", stopped_for=str(named.public_id))
    answer = client.post(place, {**told, "stop_reason": "progression"})
    assert answer.status_code == 422
    assert "No irAE is among the reasons" in answer.content.decode()
    assert client.post(place, {**told, "stop_reason": "irae"}).status_code == 302
    html = client.get(at(case)).content.decode()
    assert "irAE: pneumonitis, grade 3" in html and "one of 2 recorded" not in html
    assert f'value="{named.public_id}" selected' in client.get(place).content.decode()
    # What a course points at is not removed behind its back.
    gone = {"version": version(case, "iraes")}
    assert client.post(at(case, f"iraes/{named.public_id}/remove"), gone).status_code == 422


def test_the_database_refuses_another_patients_course_or_event(member, board, case):
    other = make_case(member, board)
    foreign = add_course(member, other, **STOPPED)
    mine = add_course(member, case, **STOPPED)
    event = make_irae(member, other)
    for work in (
        lambda: ask_about(case, foreign),
        lambda: ICICourse.objects.filter(pk=mine.pk).update(stopped_for=event),
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), acting_as(member):
            work()
    with acting_as(member):
        ask_about(case, mine)
        with pytest.raises(DatabaseError, match="of another patient"), transaction.atomic():
            ICICourse.objects.filter(pk=mine.pk).update(patient=other.patient, number=9)


def test_a_course_that_is_removed_leaves_the_question_without_one(client, member, case):
    row = add_course(member, case, **STOPPED)
    ask_about(case, row)
    place = at(case, f"courses/{row.public_id}/remove")
    assert sign_in(client, member).post(place, {"version": version(case)}).status_code == 302
    case.refresh_from_db()
    assert case.course is None


def test_merged_records_keep_what_each_case_asks_about(coordinator, member, board, case):
    add_course(member, case, **STOPPED)
    other = make_case(member, board)
    add_course(member, other, **EARLIER)
    for one in (case, other):
        ask_about(one, ICICourse.objects.get(patient=one.patient))
    merge_records(coordinator, case, other)
    assert numbers() == {"ipilimumab": 1, "pembrolizumab": 2}
    with acting_as(coordinator):
        assert CaseFacts.objects.get(case=case).stop_reason == "irae"
        assert CaseFacts.objects.get(case=other).stop_reason == "progression"
