"""One patient taken through the whole line by the services that the pages call: a row in every table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from accounts.acting import acting_as
from accounts.models import Specialty
from cases.models import Section
from cases.services.guidance import attach
from cases.services.history import save_course, save_irae, set_complete
from cases.services.iraes import review_all_organs
from cases.services.labs import save_result
from cases.services.steroids import save_steroid
from cases.services.tasks import owe_fact
from cases.services.tumour import save_biomarker, save_tumour
from evidence.models import StatementVersion
from followup.models import Check, MonitoringPlan
from followup.services import enter_first_dose
from followup.services.protocols import load_protocols
from followup.services.results import record_result
from meetings.services.agenda import list_case
from meetings.services.attendance import set_attendance
from meetings.services.decisions import Draft, add_condition, note_dissent, record_decision
from meetings.services.meetings import create_meeting, set_current_item, start_meeting
from meetings.services.signing import sign_decision
from tests.factories.guidance import load_some_guidance
from tests.factories.labs import make_sample
from tests.factories.people import make_user
from tests.factories.record import CANARY, make_case, make_patient

if TYPE_CHECKING:
    from accounts.models import Board, User
    from cases.models import Case
    from meetings.models import AgendaItem, Decision, Meeting

KNOWN = "known"
PNEUMONITIS = {
    "organ": "lung",
    "entity": "pneumonitis",
    "ctcae_version": "5.0",
    "worst_grade": 2,
    "worst_grade_state": KNOWN,
    "grade_now": 0,
    "grade_now_state": KNOWN,
    "resolution": "resolved",
    "resolution_state": KNOWN,
}


@dataclass
class Line:
    """The people and the rows of one line."""

    board: Board
    people: dict[str, User]
    case: Case
    meeting: Meeting
    item: AgendaItem
    decision: Decision
    plan: MonitoringPlan
    check: Check


def make_people(board: Board) -> dict[str, User]:
    """Return one user for each role on `board`, seated so that a lung question is quorate."""
    seats = {
        "member": Specialty.RESPIRATORY,
        "chair": Specialty.MEDICAL_ONCOLOGY,
        "coordinator": Specialty.COORDINATOR,
        "nurse": Specialty.SPECIALIST_NURSE,
        "curator": Specialty.PHARMACY,
        "registry": Specialty.OTHER,
        "administrator": Specialty.OTHER,
    }
    return {role: make_user(role, board, specialty=seat) for role, seat in seats.items()}


def make_record(by: User, board: Board, *, family_name: str = CANARY, **question: Any) -> Case:
    """Return a case with something in every list of the record."""
    patient = make_patient(by, board, family_name=family_name)
    case = make_case(by, board, patient=patient, **question)
    with acting_as(by):
        course = {
            "drugs": ["pembrolizumab"],
            "drugs_state": KNOWN,
            "stop_reason": "irae",
            "stop_reason_state": KNOWN,
        }
        save_course(by=by, case=case, version=1, values=course)
        irae = save_irae(by=by, case=case, version=1, values=PNEUMONITIS)
        review_all_organs(by=by, case=case, version=2)
        save_steroid(
            by=by,
            case=case,
            version=1,
            values={
                "irae": irae,
                "drug": "prednisolone",
                "drug_state": KNOWN,
                "now_mg_per_day": 5,
                "now_mg_per_day_state": KNOWN,
            },
        )
        set_complete(by=by, case=case, version=2, key=Section.STEROIDS, complete=True)
        save_tumour(
            by=by,
            case=case,
            version=1,
            values={"histology": "squamous", "histology_state": KNOWN},
        )
        save_biomarker(
            by=by,
            case=case,
            version=2,
            values={
                "kind": "pdl1_tps", "timing": "before", "low": 60, "high": 60, "state": KNOWN,
            },
        )  # fmt: skip
        (result, *_rest) = make_sample(by, case, timezone.localdate())
        # Changed once, so that its history has a row.
        save_result(
            by=by, case=case, version=2, values={"source": "Laboratory"}, public_id=result.public_id
        )
    return case


def make_line(
    board: Board,
    people: dict[str, User] | None = None,
    *,
    family_name: str = CANARY,
    comment: str = "",
) -> Line:
    """Return a case referred, discussed, decided, signed and being monitored, one check recorded."""
    people = people or make_people(board)
    load_some_guidance()
    load_protocols()
    case = make_record(people["member"], board, family_name=family_name)
    version = StatementVersion.objects.filter(state="published").order_by("pk")[0]
    with acting_as(people["member"]):
        attach(by=people["member"], case=case, version=version, answer="true", comment=comment)
        owe_fact(
            by=people["member"],
            case=case,
            fact="ecog",
            owner=people["nurse"],
            due_on=timezone.localdate(),
        )
    meeting, item = _meet(people, board, case)
    decision = _decide(people, item, version)
    with acting_as(people["nurse"]):
        plan = MonitoringPlan.objects.get(case=case)
        enter_first_dose(by=people["nurse"], plan=plan, on=timezone.localdate())
        check = Check.objects.filter(plan=plan, measures=[]).order_by("due_on", "pk")[0]
        record_result(
            by=people["nurse"], check=check, result="normal", measured_on=timezone.localdate()
        )
        plan.refresh_from_db()
        check.refresh_from_db()
    return Line(board, people, case, meeting, item, decision, plan, check)


def _meet(people: dict[str, User], board: Board, case: Case) -> tuple[Meeting, AgendaItem]:
    coordinator = people["coordinator"]
    with acting_as(coordinator):
        meeting = create_meeting(
            by=coordinator, board=board, day=timezone.localdate(), start=time(14), place="Room 2"
        )
        item = list_case(by=coordinator, meeting=meeting, case=case)
        for role in ("member", "chair"):
            set_attendance(by=coordinator, meeting=meeting, user=people[role], mode="in_room")
        start_meeting(by=coordinator, meeting=meeting)
        meeting.refresh_from_db()
        set_current_item(by=coordinator, meeting=meeting, item=item)
        item.refresh_from_db()
    return meeting, item


def _decide(people: dict[str, User], item: AgendaItem, version: StatementVersion) -> Decision:
    chair = people["chair"]
    with acting_as(chair):
        draft = Draft(
            outcome="same_agent",
            drugs=["pembrolizumab"],
            dose_interval_days=21,
            rationale="Resolved for long.",
            statements={version.public_id: ""},
        )
        decision = record_decision(by=chair, item=item, draft=draft, version=0)
        add_condition(
            by=chair,
            decision=decision,
            text="Prednisone-equivalent at most 10 mg a day",
            expires_on=timezone.localdate() + timedelta(days=90),
            condition={"fact": "steroid_now", "op": "<=", "value": 10},
        )
        note_dissent(by=chair, decision=decision, user=people["member"], reason="Observe first.")
        decision.refresh_from_db()
        return sign_decision(by=chair, decision=decision, version=decision.version).decision
