"""A patient about whom the same mark was written wherever the product takes text, by the services."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from accounts.acting import acting_as
from cases.models import (
    Analyte,
    Case,
    CaseSection,
    DossierEntry,
    DossierItem,
    DossierKind,
    ICICourse,
    Immunosuppressant,
    IrAE,
    LabResult,
    OrganReview,
    OtherTreatment,
    Patient,
    PatientIdentity,
    Provenance,
    Report,
    ResponseAssessment,
    SteroidCourse,
    SteroidDose,
)
from cases.services import history
from cases.services.drafts import save_draft
from cases.services.filters import save_filter
from cases.services.guidance import attach
from cases.services.lifecycle import Question, refer_case
from cases.services.patients import Identity, register_patient
from cases.services.searches import save_search
from cases.services.steroids import save_steroid
from cases.services.tasks import owe_fact
from cases.services.tumour import save_biomarker, save_drivers, save_metastases, save_tumour
from evidence import changes
from evidence.models import StatementVersion
from followup.models import Check, MonitoringPlan
from followup.services import close_plan, enter_first_dose, open_plan, skip_dose
from followup.services.protocols import load_protocols
from followup.services.results import record_result
from meetings.services.agenda import list_case, remove_item
from meetings.services.attendance import set_attendance
from meetings.services.decisions import Draft, add_condition, note_dissent, record_decision
from meetings.services.meetings import (
    close_meeting,
    create_meeting,
    set_current_item,
    start_meeting,
)
from meetings.services.reviews import review_guidance
from meetings.services.signing import sign_decision
from tests.factories.guidance import load_some_guidance
from tests.factories.line import KNOWN, PNEUMONITIS, make_people
from tests.factories.renewing import renew
from ui.partial_dates import PartialDate

if TYPE_CHECKING:
    from accounts.models import Board, User
    from meetings.models import AgendaItem, Decision

MARK = "Zyxquill"
TEXT = f"{MARK} was here"


@dataclass
class Marked:
    """The people and the rows of a marked patient; nothing of them is open."""

    board: Board
    people: dict[str, User]
    patient: Patient
    case: Case
    undecided: Case
    decision: Decision
    plan: MonitoringPlan


def a_day(day: date) -> PartialDate:
    """Return a day, with a mark where what was typed is kept."""
    return PartialDate(day, day, "day", TEXT, anchor=TEXT)


def make_marked(board: Board, people: dict[str, User] | None = None) -> Marked:
    """Return a patient taken through the line, with a mark in every text; every plan is closed."""
    people = people or make_people(board)
    load_some_guidance()
    load_protocols()
    member = people["member"]
    with acting_as(member):
        patient = register_patient(
            by=member,
            board=board,
            identity=Identity(MARK, f"{MARK}a", f"{MARK}1", date(1961, 2, 3)),
            provenance=Provenance.PUBLISHED,
            citation=TEXT,
        )
        case = refer_case(by=member, board=board, patient=patient, question=Question(TEXT))
        _record(member, case)
        _without_services(member, case)
        undecided = refer_case(by=member, board=board, patient=patient, question=Question(TEXT))
        _typing(member, case)
    with acting_as(people["registry"]):
        save_draft(by=people["registry"], key=f"decision:{case.public_id}", fields={"x": [TEXT]})
    version = StatementVersion.objects.filter(state="published").order_by("pk")[0]
    with acting_as(member):
        attach(by=member, case=case, version=version, answer="true", comment=TEXT)
    _leave_undecided(people, undecided)
    decision = _decide(people, board, case)
    plan = _watch(people["nurse"], case)
    with acting_as(member):
        # Last: nothing is decided or watched for somebody who died.
        row = PatientIdentity.objects.get(patient=patient)
        row.died = a_day(date(2026, 1, 2))
        row.save()
        case.refresh_from_db()
        undecided.refresh_from_db()
    return Marked(board, people, patient, case, undecided, decision, plan)


def _lock(by: User, case: Case, key: str) -> dict[str, Any]:
    version = CaseSection.objects.get(case=case, key=key).version
    return {"by": by, "case": case, "version": version}


def _record(by: User, case: Case) -> None:
    start, stop = a_day(date(2025, 1, 2)), a_day(date(2025, 6, 2))
    course = history.save_course(
        **_lock(by, case, "courses"),
        values={
            "drugs": ["pembrolizumab"],
            "drugs_state": KNOWN,
            "regimen": TEXT,
            "start": start,
            "stop": stop,
        },
    )
    irae = history.save_irae(
        **_lock(by, case, "iraes"),
        values={**PNEUMONITIS, "course": course, "onset": start, "resolved": stop},
    )
    save_steroid(**_lock(by, case, "steroids"), values={"irae": irae, "start": start, "stop": stop})
    save_tumour(**_lock(by, case, "tumour"), values={"stage_text": TEXT})
    save_biomarker(
        **_lock(by, case, "tumour"),
        values={
            "kind": "pdl1_tps",
            "timing": "before",
            "low": 60,
            "state": KNOWN,
            "entered": TEXT,
            "assay": TEXT,
            "sampled": start,
        },
    )
    save_metastases(
        **_lock(by, case, "tumour"),
        sites={"bone": {"present": True, "present_state": KNOWN, "detail": TEXT}},
        complete=True,
    )
    positive = {"result": "positive", "result_state": KNOWN, "variant": TEXT, "sampled": start}
    save_drivers(**_lock(by, case, "tumour"), results={"ALK": positive, "other": {"variant": TEXT}})
    history.save_fitness(
        **_lock(by, case, "fitness"),
        status={"ecog": 1, "ecog_state": KNOWN, "assessed": start},
        body={"weighed": start},
    )
    words = dict.fromkeys(("autoimmune_text", "heart_text", "comorbidities", "preference"), TEXT)
    days = {"bled": start, "operated": start}
    history.save_background(**_lock(by, case, "fitness"), values=words | days)
    owe_fact(by=by, case=case, fact="tmb", owner=by, due_on=timezone.localdate())


def put_report_in_place() -> None:
    """Put the file that the marked report names into the storage of the test that runs."""
    name = f"reports/{MARK}.pdf"
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(b"%PDF-1.7"))


def _without_services(by: User, case: Case) -> None:
    """Write to the tables of the record to which no page writes yet."""
    patient, day = case.patient, a_day(date(2025, 2, 3))
    PatientIdentity.objects.filter(patient=patient).update(
        hospital=TEXT,
        national_scheme=MARK,
        national_number=f"{MARK}2",
    )
    Case.objects.filter(pk=case.pk).update(
        prophylaxis_text=TEXT, alternatives_text=TEXT, proposed_text=TEXT
    )
    of = {"patient": patient}
    irae, course = IrAE.objects.get(**of), ICICourse.objects.get(**of)
    irae.severity_word = irae.sequelae_text = irae.entity_text = TEXT
    irae.save()
    course.progressed = day
    course.save()
    OtherTreatment.objects.create(**of, kind="surgery", name=TEXT, site=TEXT, start=day, stop=day)
    ResponseAssessment.objects.create(
        **of, course=course, criteria="recist", note=TEXT, assessed=day
    )
    OrganReview.objects.create(**of, organ="lung", asked_on=date(2025, 2, 3), asked_by=by)
    for kind in DossierKind.values:
        item = DossierItem.objects.create(
            code=f"marked-{kind}",
            organ="lung",
            label="?",
            kind=kind,
            choices=["Seen"] if kind == "choice" else [],
        )
        DossierEntry.objects.create(
            **of, irae=irae, item=item, answer=TEXT, answer_state=KNOWN, found_on=day
        )
    put_report_in_place()
    Report.objects.create(
        **of,
        irae=irae,
        title=TEXT,
        reported=day,
        text=TEXT,
        link=f"https://archive.example.org/{MARK}",
        file=f"reports/{MARK}.pdf",
        file_sha256=MARK,
        added_by=by,
    )
    steroid = SteroidCourse.objects.get(**of)
    steroid.name = TEXT
    steroid.save()
    SteroidDose.objects.create(**of, course=steroid, since=day, mg_per_day=5)
    Immunosuppressant.objects.create(
        **of, irae=irae, drug="other", name=TEXT, dose=TEXT, start=day, stop=day
    )
    analyte = Analyte.objects.create(
        code="marked", label="?", unit="U/L", units={"U/L": 1}, plausible_low=0, plausible_high=9
    )
    for n in range(2):
        result = LabResult.objects.create(
            **of,
            analyte=analyte,
            taken_on=date(2025, 2, 3),
            value=1,
            value_entered=TEXT,
            unit_entered=TEXT,
            source=f"{TEXT} {n}",
            entered_by=by,
        )
        # A laboratory's results are history from their first change on.
        result.value = 2
        result.save()


def _typing(by: User, case: Case) -> None:
    """Leave drafts: of a section, and of a referral of the same person; and searches."""
    save_draft(by=by, key=f"section:{case.public_id}:tumour", fields={"stage_text": [TEXT]})
    names = {"family_name": [MARK.upper()], "given_name": [f" {MARK}A "]}
    save_draft(by=by, key=f"referral:{uuid.uuid4()}", fields={**names, "question": ["?"]})
    save_search(by=by, text=MARK)
    save_search(by=by, text=f"{MARK}a 2")
    save_filter(by=by, name=f"{MARK}, ready", given={"state": "ready"})


def _list(people: dict[str, User], board: Board, case: Case, day: date) -> AgendaItem:
    coordinator = people["coordinator"]
    with acting_as(coordinator):
        meeting = create_meeting(
            by=coordinator, board=board, day=day, start=time(14), place="Room 2"
        )
        return list_case(by=coordinator, meeting=meeting, case=case)


def _leave_undecided(people: dict[str, User], case: Case) -> None:
    """Record a decision that nobody signs, and take the case off the agenda again."""
    item = _list(people, case.board, case, timezone.localdate() + timedelta(days=7))
    chair = people["chair"]
    with acting_as(chair):
        draft = Draft(outcome="same_agent", rationale=TEXT, patient_preference=TEXT)
        decision = record_decision(by=chair, item=item, draft=draft, version=0)
        _parts(chair, decision)
        remove_item(by=chair, item=item)


def _parts(chair: User, decision: Decision) -> None:
    expires_on = timezone.localdate() + timedelta(days=90)
    add_condition(by=chair, decision=decision, text=TEXT, expires_on=expires_on)
    note_dissent(by=chair, decision=decision, user=chair, reason=TEXT)


def _decide(people: dict[str, User], board: Board, case: Case) -> Decision:
    item = _list(people, board, case, timezone.localdate())
    chair = people["chair"]
    pinned = StatementVersion.objects.filter(state="published").order_by("pk")[1]
    with acting_as(chair):
        set_attendance(by=chair, meeting=item.meeting, user=chair, mode="in_room")
        start_meeting(by=chair, meeting=item.meeting)
        item.meeting.refresh_from_db()
        set_current_item(by=chair, meeting=item.meeting, item=item)
        item.refresh_from_db()
        draft = Draft(
            outcome="same_agent",
            drugs=["pembrolizumab"],
            dose_interval_days=21,
            rationale=TEXT,
            patient_preference=TEXT,
            statements={pinned.public_id: ""},
        )
        decision = record_decision(by=chair, item=item, draft=draft, version=0)
        _parts(chair, decision)
        decision.refresh_from_db()
        signed = sign_decision(by=chair, decision=decision, version=decision.version).decision
        item.meeting.refresh_from_db()
        close_meeting(by=chair, meeting=item.meeting)
    renew(board, pinned)
    with acting_as(chair):
        pin = signed.statements.select_related("decision__board", "decision__case").get()
        change = changes.history().changed_versions()[pinned.pk]
        review_guidance(by=chair, pin=pin, change=change, outcome="stands", reason=TEXT)
    return signed


def _watch(nurse: User, case: Case) -> MonitoringPlan:
    """Record a result in a plan with words of its own, then close it."""
    with acting_as(nurse):
        plan = open_plan(
            by=nurse,
            case=case,
            regimen_label=TEXT,
            decision_ref=uuid.uuid4(),
            dose_interval_days=21,
            conditions=[{"text": TEXT, "condition": None, "expires_on": None}],
        )
        plan = enter_first_dose(by=nurse, plan=plan, on=timezone.localdate(), acknowledged=True)
        skip_dose(by=nurse, plan=plan, reason="logistics")
        plan.refresh_from_db()
        check = Check.objects.filter(plan=plan).order_by("due_on", "pk")[0]
        record_result(
            by=nurse,
            check=check,
            result="abnormal",
            measured_on=timezone.localdate(),
            values={"crp": "<0.5", "free": TEXT, TEXT: "12"},
            upper_limits={"ck": "190", "free": TEXT},
        )
        plan.refresh_from_db()
        return close_plan(by=nurse, plan=plan, reason="completed")
