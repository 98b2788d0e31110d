"""Every address with an id, and the ids of a line that exists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from accounts.acting import acting_as
from cases.models import AttachedGuidance, CaseSection, IrAE, LabResult
from cases.services.guidance import attach
from cases.services.reports import save_report
from evidence.models import Finding
from followup.models import Notice, Reminder
from followup.services.notices import notify
from tests.architecture.test_access_rules import patterns, rule_of
from tests.factories.line import Line
from tests.factories.renewing import renew
from tests.factories.spreadsheets import OWN_JOBS

if TYPE_CHECKING:
    from django.urls import URLPattern

SECRET_NAME = "Plantedname"
REPORT = {"title": "CT chest", "text": "Opacities."}
SPACES = {"cases": "cases", "followup": "followup", "meetings": "meetings", "accounts": "boards"}
SHARED = {"evidence": "evidence"}
# Addresses whose id is not of a patient, meeting or user of a board, and why.
NOT_OF_A_BOARD = OWN_JOBS | dict.fromkeys(
    (
        *(
            f"cases:{n}"
            for n in ("draft", "draft_typed", "draft_choose", "draft_as_new", "draft_discard")
        ),
        "cases:filter_remove",
    ),
    "the caller's own draft or filter",
)

OF_CASE = (
    "detail", "changes", "again", "compare", "organs", "labs", "sample_add", "result_add", "merge", "merged",
    "give",
)  # fmt: skip
STEPS = (
    "dose",
    "take_back_dose",
    "last_dose",
    "take_back_last_dose",
    "hold",
    "resume",
    "close",
    "irae",
)
OF_PLAN = ("plan", "planned_first", "first_dose", "take_back_first", *STEPS)
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
        attached = AttachedGuidance.objects.select_related("version__statement").get(
            case=case, detached_at=None, version__isnull=False
        )
        condition = line.decision.conditions.get()
        dissent = line.decision.dissents.select_related("user").get()
        figures = list(Finding.objects.filter(versions__state="published").order_by("pk")[:2])
        said = attach(by=line.people["chair"], case=case, finding=figures[0])
    # What is attached, and what the decision relied on, is out of date.
    newer = attached.version.statement.versions.order_by("number").last()
    if newer == attached.version:
        newer = renew(line.board, attached.version)
    of_attached = {"public_id": case.public_id, "attached_id": attached.public_id}
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
        **{f"cases:{n}": {**of_case, "fact": "ecog"} for n in ("owner", "ask", "unask")},
        "cases:attach": {**of_case, "version_id": newer.public_id},
        "cases:attach_finding": {**of_case, "finding_id": figures[1].public_id},
        "cases:comment": {**of_case, "attached_id": said.public_id},
        **{f"cases:{n}": of_attached for n in ("detach", "keep", "take")},
        **dict.fromkeys(("cases:section", "cases:section_shown"), section),
        **{f"cases:{n}": {**of_case, "key": "steroids"} for n in ("complete", "two")},
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
        "meetings:review": {**of_decision, "version_id": attached.version.public_id},
        "meetings:condition_remove": {"public_id": condition.public_id},
        **dict.fromkeys(("boards:members", "boards:add", "boards:rules"), of_board),
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
