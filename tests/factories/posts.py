"""For each address that takes a form, one that would be taken: who sends it, from where, with what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.acting import acting_as
from accounts.models import Board
from accounts.services.boards import rules_seen
from cases.models import (
    AttachedGuidance,
    Case,
    CaseSection,
    FactTask,
    Patient,
    SteroidCourse,
)
from cases.services.guidance import detach
from cases.services.tasks import holding, owe_fact
from evidence.changes import history
from followup.models import Check, MonitoringPlan
from meetings.models import AgendaItem, Decision
from meetings.services.decisions import add_condition, note_dissent
from meetings.services.meetings import start_meeting
from tests.factories.line import Line
from tests.factories.meetings import make_draft, make_item, make_meeting
from tests.factories.merging import one_person, with_another
from tests.factories.monitoring import ended, held, skipped, undosed
from tests.factories.record import make_case


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


def rules_of_us(board: Board) -> dict[str, Any]:
    """Return the choice of the US label, as it would be typed for a board as it stands."""
    reason = "The label that our pharmacy goes by."
    return {"rule_profile": "us_label", "rule_reason": reason, "seen": rules_seen(board)}


def _check_version(line: Line) -> dict[str, Any]:
    with acting_as(line.people["nurse"]):
        return {"version": str(Check.objects.get(pk=line.check.pk).version)}


def _section(line: Line, key: str) -> str:
    with acting_as(line.people["chair"]):
        return str(CaseSection.objects.get(case=line.case, key=key).version)


def _holding(line: Line, fact: str) -> str:
    """Return what the form says of who is asked for the fact, as it is opened now."""
    with acting_as(line.people["member"]):
        return holding(FactTask.objects.filter(case=line.case, fact=fact, done_at=None).first())


def _asked(line: Line) -> dict[str, Any]:
    member, nurse = line.people["member"], line.people["nurse"]
    with acting_as(member):
        case = Case.objects.get(pk=line.case.pk)
        owe_fact(by=member, case=case, fact="tmb", owner=nurse, due_on=None)
    return {"public_id": case.public_id, "fact": "tmb"}


def _unattached(line: Line) -> None:
    chair = line.people["chair"]
    with acting_as(chair):
        row = AttachedGuidance.objects.get(case=line.case, version__isnull=False)
        detach(by=chair, case=line.case, attached=row)


def _change_attached(line: Line) -> dict[str, Any]:
    with acting_as(line.people["member"]):
        row = AttachedGuidance.objects.get(case=line.case, version__isnull=False, detached_at=None)
    change = history().of_version(row.version_id)
    return {"mark": change.mark if change else ""}


def _steroid(line: Line) -> dict[str, Any]:
    with acting_as(line.people["member"]):
        row = SteroidCourse.objects.get(patient=line.case.patient_id)
    return {"public_id": line.case.public_id, "key": "steroids", "item_id": row.public_id}


def _twice(line: Line) -> None:
    """Let the line's steroid stand there a second time, in an open list."""
    with acting_as(line.people["member"]):
        row = SteroidCourse.objects.get(patient=line.case.patient_id)
        told = {
            "now_mg_per_day": 5,
            "now_mg_per_day_state": "known",
            "now_on": timezone.localdate(),
        }
        SteroidCourse.objects.filter(pk=row.pk).update(**told)
        again = {"drug": row.drug, "drug_state": row.drug_state, **told}
        SteroidCourse.objects.create(patient=row.patient, **again)
        Patient.objects.filter(pk=row.patient_id).update(
            steroids_complete_as_of=None, steroids_complete_latest=None
        )


def _alike(line: Line) -> dict[str, Any]:
    with acting_as(line.people["member"]):
        rows = SteroidCourse.objects.filter(patient=line.case.patient_id)
        one, other = rows.values_list("public_id", flat=True)
    return {"version": _section(line, "steroids"), "one": str(one), "other": str(other)}


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
        lambda line: {
            "owner_id": str(line.people["nurse"].public_id),
            "due": _in_words(9),
            "shown": _holding(line, "ecog"),
        },
    ),
    "cases:give": Post(
        "member",
        lambda line: {"fact": "ecog", "give": f"{line.people['nurse'].public_id}:week"},
    ),
    "cases:ask": Post(
        "member", lambda line: {"who": str(line.people["nurse"].public_id), "by": "week"}
    ),
    "cases:unask": Post(
        "member", lambda line: {"owner": str(line.people["nurse"].public_id)}, arrange=_asked
    ),
    "cases:attach": Post("member", arrange=_unattached),
    "cases:attach_finding": Post("member"),
    "cases:comment": Post("chair", lambda line: {"comment": "Read this."}, True),
    "cases:keep": Post("member", _change_attached),
    "cases:take": Post("member", _change_attached),
    "cases:still": Post("member", lambda line: {"version": _section(line, "question")}),
    "cases:detach": Post("member"),
    "cases:section": Post("member", lambda line: {"histology": "adenocarcinoma"}, opened=True),
    "cases:complete": Post(
        "member", lambda line: {"version": _section(line, "steroids"), "complete": "no"}
    ),
    "cases:two": Post("member", _alike, arrange=_twice),
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
    "followup:take_back_first": Post("nurse", opened=True),
    "followup:last_dose": Post(
        "nurse", lambda line: {"on": day(0), "reason": "completed"}, opened=True
    ),
    "followup:take_back_last_dose": Post("nurse", _plan_version, arrange=ended),
    "followup:hold": Post("nurse", lambda line: {"reason": "toxicity"}, opened=True),
    "followup:resume": Post("nurse", lambda line: {"on": day(21)}, True, held),
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
    "meetings:review": Post(
        "chair", lambda line: {"outcome": "stands", "reason": "Only the words."}, opened=True
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
    "boards:rules": Post("chair", lambda line: rules_of_us(line.board)),
    "boards:add": Post(
        "administrator",
        lambda line: {"email": line.people["nurse"].email, "role": "member", "specialty": ""},
    ),
    "boards:invite_again": Post("administrator"),
    "boards:end": Post("administrator"),
}
