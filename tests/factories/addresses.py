"""Every address with an id: the ids of a line that exists, and for each POST a form that would be taken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from accounts.acting import acting_as
from cases.models import AttachedGuidance, Case, CaseSection, IrAE, LabResult, SteroidCourse
from cases.services.guidance import detach
from cases.services.reports import save_report
from followup.models import Check, MonitoringPlan, Notice, Reminder
from followup.services.notices import notify
from meetings.models import AgendaItem, Decision
from meetings.services.decisions import add_condition, note_dissent
from meetings.services.meetings import start_meeting
from tests.architecture.test_access_rules import patterns, rule_of
from tests.factories.line import Line
from tests.factories.meetings import make_draft, make_item, make_meeting
from tests.factories.merging import one_person, with_another
from tests.factories.monitoring import ended, held, skipped, undosed
from tests.factories.record import make_case
from tests.factories.spreadsheets import OWN_JOBS

if TYPE_CHECKING:
    from django.urls import URLPattern

SECRET_NAME = "Plantedname"
REPORT = {"title": "CT chest", "text": "Opacities."}
SPACES = {"cases": "cases", "followup": "followup", "meetings": "meetings", "accounts": "boards"}
SHARED = {"evidence": "evidence"}
# Addresses whose id is not of a patient, meeting or user of a board, and why.
NOT_OF_A_BOARD = OWN_JOBS | dict.fromkeys(
    ("cases:draft", "cases:draft_discard", "cases:filter_remove"),
    "the caller's own draft or filter",
)

OF_CASE = (
    "detail", "changes", "again", "compare", "organs", "labs", "sample_add", "result_add", "merge", "merged",
)  # fmt: skip
OF_PLAN = (
    "plan", "planned_first", "first_dose", "dose", "take_back_dose", "last_dose", "take_back_last_dose", "hold",
    "resume", "close", "irae",
)  # fmt: skip
OF_MEETING = ("agenda", "add", "attendance", "calendar", "start", "close", "live", "live_state")


def name_of(pattern: URLPattern) -> str:
    """Return the name by which an address of ours is reversed."""
    application = pattern.callback.__module__.split(".")[0]
    space = "" if pattern.name == "home" else {**SPACES, **SHARED}.get(application, "")
    return f"{space}:{pattern.name}" if space else str(pattern.name)


def with_ids() -> dict[str, URLPattern]:
    """Return the addresses that carry an id and ask for a permission, by name."""
    found = {}
    for path, pattern in patterns():
        rule, name = rule_of(pattern), name_of(pattern)
        ours = pattern.callback.__module__.split(".")[0] in SPACES
        if rule and rule.permission and "<" in path and ours and name not in NOT_OF_A_BOARD:
            found[name] = pattern
    return found


def ids(line: Line, report: dict[str, Any] = REPORT) -> dict[str, dict[str, Any]]:
    """Return for each address the ids of `line`, to which a report with `report` in it is added."""
    case, item = line.case, line.item
    with acting_as(line.people["chair"]):
        irae = IrAE.objects.get(patient=case.patient_id)
        version = CaseSection.objects.get(case=case, key="iraes").version
        kept = save_report(by=line.people["chair"], case=case, version=version, values=report)
        result = LabResult.objects.filter(patient=case.patient_id)[0]
        attached = AttachedGuidance.objects.get(case=case, detached_at=None)
        condition = line.decision.conditions.get()
        dissent = line.decision.dissents.select_related("user").get()
    of_case, of_plan = {"public_id": case.public_id}, {"public_id": line.plan.public_id}
    of_check, of_item = {"public_id": line.check.public_id}, {"public_id": item.public_id}
    of_meeting = {"public_id": line.meeting.public_id}
    of_board = {"public_id": line.board.public_id}
    of_decision = {"public_id": line.decision.public_id}
    of_irae = {**of_case, "key": "iraes", "item_id": irae.public_id}
    section, listed = {**of_case, "key": "tumour"}, {**of_case, "key": "iraes"}
    of_result = {**of_case, "item_id": result.public_id}
    of_report = {**of_case, "report_id": kept.public_id}
    registrar = {**of_board, "user_id": line.people["registry"].public_id}
    return {
        **dict.fromkeys(("meetings:move", "meetings:erase"), of_case),
        **{f"cases:{n}": of_case for n in OF_CASE},
        "cases:merge_with": {**of_case, "other_id": case.public_id},
        "cases:still": {**of_case, "fact": "disease_status"},
        "cases:part": {**of_case, "key": "metastases"},
        "cases:dossier": {**of_case, "item_id": irae.public_id},
        **dict.fromkeys(("cases:report", "cases:report_file"), of_report),
        **dict.fromkeys(("cases:result", "cases:result_remove"), of_result),
        "cases:owner": {**of_case, "fact": "ecog"},
        "cases:attach": {**of_case, "version_id": attached.version.public_id},
        "cases:detach": {**of_case, "attached_id": attached.public_id},
        **dict.fromkeys(("cases:section", "cases:section_shown"), section),
        "cases:complete": {**of_case, "key": "steroids"},
        "cases:item_add": listed,
        **dict.fromkeys(("cases:item", "cases:item_remove"), of_irae),
        **{f"followup:{n}": of_check for n in ("check", "normal", "correct", "undo", "assign")},
        **{f"followup:{n}": of_plan for n in OF_PLAN},
        **{f"meetings:{n}": of_meeting for n in OF_MEETING},
        **{f"meetings:{n}": of_item for n in ("item_move", "item_minutes", "current")},
        "meetings:record": {"item_id": item.public_id},
        **{
            f"meetings:{n}": of_decision
            for n in ("decision", "sign", "letter", "condition_add", "dissent_add")
        },
        "meetings:dissent_withdraw": {**of_decision, "user_id": dissent.user.public_id},
        "meetings:condition_remove": {"public_id": condition.public_id},
        **dict.fromkeys(("boards:members", "boards:add"), of_board),
        "boards:invite_again": registrar,
        "boards:end": {**registrar, "role": "registry"},
        "followup:read_notice": {"public_id": notice(line).public_id},
        "followup:retry": {"public_id": failed_reminder(line).public_id},
    }


def notice(line: Line) -> Notice:
    """Return a notice to the line's nurse, written as the sweep does."""
    nurse = line.people["nurse"]
    with acting_as(nurse):
        if not Notice.objects.filter(user=nurse).exists():
            notify(users=[nurse.pk], kind="due", plan=line.plan, reference="RC", check=line.check)
        return Notice.objects.filter(user=nurse).order_by("pk")[0]


def failed_reminder(line: Line) -> Reminder:
    """Return a reminder of the line that no mail server took."""
    with acting_as(line.people["nurse"]):
        now = timezone.now()
        key = {"safety_check": line.check, "recipient": line.people["nurse"], "kind": "due"}
        times = {"due_on": now.date(), "due_at": now, "next_attempt_at": now, "state": "failed"}
        return Reminder.objects.get_or_create(
            **key, patient_id=line.case.patient_id, defaults=times
        )[0]


@dataclass(frozen=True)
class Post:
    """A form that somebody of the board sends with success.

    `role` sends it; `fields` are what is filled in, over what the page shows where `opened`. `arrange` brings
    the line to where the form can be sent, and may name other ids for it.
    """

    role: str
    fields: Callable[[Line], dict[str, Any]] = lambda line: {}
    opened: bool = False
    arrange: Callable[[Line], dict[str, Any] | None] = lambda line: None


def _check_version(line: Line) -> dict[str, Any]:
    with acting_as(line.people["nurse"]):
        return {"version": str(Check.objects.get(pk=line.check.pk).version)}


def _section(line: Line, key: str) -> str:
    with acting_as(line.people["chair"]):
        return str(CaseSection.objects.get(case=line.case, key=key).version)


def _unattached(line: Line) -> None:
    chair = line.people["chair"]
    with acting_as(chair):
        row = AttachedGuidance.objects.get(case=line.case)
        detach(by=chair, case=line.case, attached=row)


def _steroid(line: Line) -> dict[str, Any]:
    with acting_as(line.people["member"]):
        row = SteroidCourse.objects.get(patient=line.case.patient_id)
    return {"public_id": line.case.public_id, "key": "steroids", "item_id": row.public_id}


def _unrecorded(line: Line) -> Check:
    with acting_as(line.people["nurse"]):
        rows = Check.objects.filter(plan=line.plan, result="", due_on__isnull=False)
        return next(c for c in rows.order_by("due_on", "pk") if not c.needs_form)


def _open_check(line: Line) -> dict[str, Any]:
    return {"public_id": _unrecorded(line).public_id}


def _referred(line: Line) -> dict[str, Any]:
    return {"public_id": make_case(line.people["member"], line.board).public_id}


def _erasure(line: Line) -> dict[str, Any]:
    with acting_as(line.people["chair"]):
        newest = Case.objects.filter(board=line.board).latest("pk")
    return {"reason": "request", "reference": newest.reference}


def _plan_version(line: Line) -> dict[str, Any]:
    with acting_as(line.people["nurse"]):
        return {"version": str(MonitoringPlan.objects.get(pk=line.plan.pk).version)}


def _second_item(line: Line) -> None:
    with acting_as(line.people["coordinator"]):
        make_item(line.people["coordinator"], line.meeting)


def _nothing_up(line: Line) -> None:
    with acting_as(line.people["chair"]):
        AgendaItem.objects.filter(meeting=line.meeting).update(current_since=None)


def _planned(line: Line) -> dict[str, Any]:
    return {"public_id": make_meeting(line.people["coordinator"], line.board).public_id}


def _draft(line: Line) -> Decision:
    """Return the unsigned decision on a second case of the line's meeting, with a condition and a dissent."""
    chair = line.people["chair"]
    with acting_as(chair):
        found = Decision.objects.filter(board=line.board, signed_at=None).first()
        if found is None:
            meeting = make_meeting(chair, line.board)
            item = make_item(chair, meeting)
            start_meeting(by=chair, meeting=meeting)
            item.refresh_from_db()
            found = make_draft(chair, item)
            day = timezone.localdate() + timedelta(days=30)
            add_condition(by=chair, decision=found, text="Steroids stopped", expires_on=day)
            note_dissent(by=chair, decision=found, user=line.people["member"], reason="Wait.")
            found.refresh_from_db()
    return found


def _of_draft(line: Line) -> dict[str, Any]:
    return {"public_id": _draft(line).public_id}


def _item_of_draft(line: Line) -> dict[str, Any]:
    decision = _draft(line)
    with acting_as(line.people["chair"]):
        item = AgendaItem.objects.get(meeting=decision.meeting, case=decision.case)
    return {"item_id": item.public_id}


def _condition_of_draft(line: Line) -> dict[str, Any]:
    decision = _draft(line)
    with acting_as(line.people["chair"]):
        return {"public_id": decision.conditions.get().public_id}


def _dissent_of_draft(line: Line) -> dict[str, Any]:
    return {**_of_draft(line), "user_id": line.people["member"].public_id}


def _ready_case(line: Line) -> dict[str, Any]:
    return {"case": str(make_case(line.people["member"], line.board).public_id), "minutes": "5"}


def day(offset: int) -> str:
    """Return the day `offset` days from today as a browser's day field sends it."""
    return (timezone.localdate() + timedelta(days=offset)).isoformat()


def _in_words(offset: int) -> str:
    date = timezone.localdate() + timedelta(days=offset)
    return f"{date.day} {date:%B %Y}"


POSTS: dict[str, Post] = {
    "cases:merge_with": Post("coordinator", one_person, True, with_another),
    "cases:again": Post("member", lambda line: {"question": "And now?"}, opened=True),
    "cases:organs": Post(
        "member", lambda line: {"asked": "lung", "version": _section(line, "iraes")}
    ),
    "cases:part": Post("member", lambda line: {"liver": "no"}, opened=True),
    "cases:dossier": Post("member", lambda line: {"version": _section(line, "iraes")}),
    "cases:owner": Post(
        "member",
        lambda line: {"owner_id": str(line.people["nurse"].public_id), "due": _in_words(9)},
    ),
    "cases:attach": Post("member", arrange=_unattached),
    "cases:still": Post("member", lambda line: {"version": _section(line, "question")}),
    "cases:detach": Post("member"),
    "cases:section": Post("member", lambda line: {"histology": "adenocarcinoma"}, opened=True),
    "cases:complete": Post(
        "member", lambda line: {"version": _section(line, "steroids"), "complete": "no"}
    ),
    "cases:item_add": Post(
        "member",
        lambda line: {
            "organ": "colon",
            "entity": "colitis",
            "ctcae_version": "5.0",
            "worst_grade": "2",
            "worst_grade_state": "known",
        },
        opened=True,
    ),
    "cases:item": Post("member", lambda line: {"worst_grade": "3"}, opened=True),
    "cases:item_remove": Post(
        "member", lambda line: {"version": _section(line, "steroids")}, arrange=_steroid
    ),
    "cases:sample_add": Post(
        "member",
        lambda line: {
            "taken_on": day(-4),
            "source": "Clinic",
            "value_neutrophils": "4.2",
            "unit_neutrophils": "10^9/L",
        },
        opened=True,
    ),
    "cases:result_add": Post(
        "member",
        lambda line: {
            "taken_on": day(-5),
            "source": "Clinic",
            "analyte": "ldh",
            "value": "210",
            "unit": "U/L",
        },
        opened=True,
    ),
    "cases:result": Post("member", lambda line: {"value": "3.1"}, opened=True),
    "cases:result_remove": Post("member", lambda line: {"version": _section(line, "labs")}),
    "followup:check": Post("nurse", lambda line: {"result": "normal"}, True, _open_check),
    "followup:normal": Post(
        "nurse", lambda line: {"version": str(_unrecorded(line).version)}, False, _open_check
    ),
    "followup:correct": Post("nurse", lambda line: {"measured_on": day(-1)}, opened=True),
    "followup:undo": Post("nurse", _check_version),
    "followup:assign": Post(
        "nurse", lambda line: {"to": str(line.people["member"].public_id)}, True, _open_check
    ),
    "followup:planned_first": Post("nurse", lambda line: {"on": day(5)}, True, undosed),
    "followup:first_dose": Post("nurse", lambda line: {"dose_interval": "14"}, opened=True),
    "followup:dose": Post(
        "nurse", lambda line: {**_plan_version(line), "state": "skipped", "reason": "logistics"}
    ),
    "followup:take_back_dose": Post("nurse", _plan_version, arrange=skipped),
    "followup:last_dose": Post(
        "nurse", lambda line: {"on": day(0), "reason": "completed"}, opened=True
    ),
    "followup:take_back_last_dose": Post("nurse", _plan_version, arrange=ended),
    "followup:hold": Post("nurse", lambda line: {"reason": "toxicity"}, opened=True),
    "followup:resume": Post("nurse", lambda line: {"on": day(1)}, True, held),
    "followup:close": Post("nurse", lambda line: {"reason": "completed"}, opened=True),
    "followup:irae": Post("nurse", lambda line: {"entity": "colitis", "grade": "2"}, opened=True),
    "followup:read_notice": Post("nurse"),
    "followup:retry": Post("coordinator"),
    "meetings:move": Post("coordinator", lambda line: {"to": "ready"}, False, _referred),
    "meetings:erase": Post("chair", _erasure, arrange=_referred),
    "meetings:add": Post("coordinator", _ready_case, arrange=_planned),
    "meetings:attendance": Post("member", lambda line: {"mode": "remote"}),
    "meetings:start": Post("coordinator", arrange=_planned),
    "meetings:close": Post("coordinator"),
    "meetings:item_move": Post("coordinator", lambda line: {"to": "down"}, arrange=_second_item),
    "meetings:item_minutes": Post("coordinator", lambda line: {"minutes": "9"}),
    "meetings:current": Post("coordinator", arrange=_nothing_up),
    "meetings:record": Post(
        "chair", lambda line: {"rationale": "Changed on purpose."}, True, _item_of_draft
    ),
    "meetings:sign": Post(
        "chair", lambda line: {"version": str(_draft(line).version)}, False, _of_draft
    ),
    "meetings:condition_add": Post(
        "chair", lambda line: {"text": "Lipase normal", "expires_on": day(20)}, False, _of_draft
    ),
    "meetings:condition_remove": Post("chair", arrange=_condition_of_draft),
    "meetings:dissent_add": Post(
        "chair",
        lambda line: {"user": str(line.people["nurse"].public_id), "reason": "Too early."},
        arrange=_of_draft,
    ),
    "meetings:dissent_withdraw": Post("chair", arrange=_dissent_of_draft),
    "boards:add": Post(
        "administrator",
        lambda line: {"email": line.people["nurse"].email, "role": "member", "specialty": ""},
    ),
    "boards:invite_again": Post("administrator"),
    "boards:end": Post("administrator"),
}
