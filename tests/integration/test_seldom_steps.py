"""Steps of the services that are seldom taken: said twice, come too late, or past what was expected."""

from __future__ import annotations

import uuid

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import DatabaseError

from accounts.acting import acting_as
from audit.models import TrailEntry
from cases.models import Case, CaseSection, FactTask, Report, Section
from cases.services.guidance import attach, detach
from cases.services.lifecycle import Question, graver, move_case
from cases.services.patients import Identity
from cases.services.referral import Referral, refer
from cases.services.referral_same import united
from cases.services.reports import save_report
from cases.services.tasks import owe_fact, settle_tasks
from cases.states import CaseState
from evidence import services as evidence
from meetings.models import AgendaItem
from meetings.services.agenda import remove_item
from meetings.services.erasure import erase_patient
from meetings.services.meetings import close_meeting
from meetings.services.triage import move_card
from tests.factories.meetings import make_item, make_meeting, make_version, start
from tests.factories.people import make_user
from tests.factories.record import add_course, make_case

pytestmark = pytest.mark.django_db


def state(by, case) -> str:
    with acting_as(by):
        return Case.objects.get(pk=case.pk).state


def to_state(by, case, to: str) -> None:
    with acting_as(by):
        Case.objects.filter(pk=case.pk).update(state=to)
        case.refresh_from_db()


def test_who_manages_triage_reopens_a_closed_case(coordinator, board):
    case = make_case(coordinator, board)
    with acting_as(coordinator):
        move_case(by=coordinator, case=case, to=CaseState.CLOSED)
        case.refresh_from_db()
        move_case(by=coordinator, case=case, to=CaseState.RETURNED)
    assert state(coordinator, case) == CaseState.RETURNED


def test_guidance_is_taken_off_once(member, board):
    case, version = make_case(member, board), make_version()
    with acting_as(member):
        row = attach(by=member, case=case, version=version, answer="true")
        detach(by=member, case=case, attached=row)
        first = row.detached_at
        detach(by=member, case=case, attached=row)
        assert row.detached_at == first
        assert TrailEntry.objects.filter(kind="guidance.detached").count() == 1


def test_a_reason_that_is_not_known_is_never_the_graver_one():
    assert not graver("new_irae", "something_else")
    assert graver("something_else", "missed_check") and graver("missed_check", "new_irae")


def test_a_referral_may_say_nothing_of_the_record(member, board):
    said = Referral(question=Question(question="May it?"), identity=Identity("Doe", "A", "H9"))
    with acting_as(member):
        case = refer(by=member, board=board, key=uuid.uuid4(), referral=said)
        assert not case.patient.courses.exists() and not case.patient.iraes.exists()


def test_a_referral_that_waited_for_its_own_first_press_makes_no_second_case(member, board):
    """The view asks before, and both presses may have asked before either was through."""
    said = Referral(question=Question(question="May it?"), identity=Identity("Doe", "A", "H9"))
    sent = {"by": member, "board": board, "key": uuid.uuid4(), "referral": said}
    with acting_as(member):
        assert refer(**sent) == refer(**sent)
        assert Case.objects.count() == 1


def test_what_a_row_lacks_is_completed_with_and_without_a_state(member, board):
    course = add_course(member, make_case(member, board), drugs=["nivolumab"])
    said = {
        "drugs": ["nivolumab"],
        "regimen": "with chemotherapy",
        "stop_reason": "irae",
        "stop_reason_state": "known",
    }
    assert united(course, said).missing == {
        "regimen": "with chemotherapy",
        "stop_reason": "irae",
        "stop_reason_state": "known",
    }
    assert united(course, {"drugs": ["pembrolizumab"]}).otherwise == ("drugs",)


def test_a_file_whose_report_is_not_saved_is_not_kept(member, board, monkeypatch):
    case, kept = make_case(member, board), []

    def fail(row, *args, **kwargs):
        kept.append(row.file.name)
        raise DatabaseError("no room")

    monkeypatch.setattr(Report, "save", fail)
    with acting_as(member):
        version = CaseSection.objects.get(case=case, key=Section.IRAES).version
        with pytest.raises(DatabaseError, match="no room"):
            save_report(
                by=member, case=case, version=version, values={"title": "CT"}, pdf=b"%PDF-1.7"
            )
    assert kept and not default_storage.exists(kept[0])


def test_only_what_was_owed_is_settled(member, board):
    case = make_case(member, board)
    with acting_as(member):
        owe_fact(by=member, case=case, fact="ecog", owner=member, due_on=None)
        assert settle_tasks(by=member, case=case, facts={"age"}) == 0
        assert settle_tasks(by=member, case=case, facts={"ecog"}) == 1
        assert FactTask.objects.get(case=case).done_at is not None
        assert TrailEntry.objects.filter(kind="fact.settled").count() == 1


def test_the_code_of_a_statement_is_taken_once(board):
    curator, version = make_user("curator", board), make_version()
    with acting_as(curator), pytest.raises(ValidationError, match="There is a statement"):
        evidence.begin_statement(by=curator, code=version.statement.code, content={})


def test_a_case_that_has_gone_on_leaves_the_agenda_and_keeps_its_state(coordinator, board):
    item = make_item(coordinator, make_meeting(coordinator, board))
    to_state(coordinator, item.case, CaseState.WATCHING)
    with acting_as(coordinator):
        remove_item(by=coordinator, item=item)
        assert not AgendaItem.objects.filter(pk=item.pk).exists()
    assert state(coordinator, item.case) == CaseState.WATCHING


def test_closing_a_meeting_leaves_a_case_that_has_gone_on_as_it_is(coordinator, board):
    meeting = make_meeting(coordinator, board, in_days=0)
    gone, waiting = make_item(coordinator, meeting), make_item(coordinator, meeting)
    start(coordinator, meeting)
    to_state(coordinator, gone.case, CaseState.WATCHING)
    with acting_as(coordinator):
        close_meeting(by=coordinator, meeting=meeting)
    assert state(coordinator, gone.case) == CaseState.WATCHING
    assert state(coordinator, waiting.case) == CaseState.READY


def test_a_card_that_is_put_where_it_is_stays_there(coordinator, board):
    item = make_item(coordinator, make_meeting(coordinator, board))
    with acting_as(coordinator):
        item.case.refresh_from_db()
        assert move_card(by=coordinator, case=item.case, meeting=item.meeting) == item.case
        assert AgendaItem.objects.filter(pk=item.pk).exists()


def test_an_erasure_leaves_closed_cases_closed_and_is_done_once(chair, board):
    case = make_case(chair, board)
    make_case(chair, board, patient=case.patient)
    with acting_as(chair):
        move_case(by=chair, case=case, to=CaseState.CLOSED)
        assert erase_patient(by=chair, patient=case.patient, reason="request")
        assert not erase_patient(by=chair, patient=case.patient, reason="request")
        assert set(Case.objects.values_list("state", flat=True)) == {CaseState.CLOSED}
        assert TrailEntry.objects.filter(kind="patient.erased").count() == 1
