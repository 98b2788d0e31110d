"""What the letter of a decision says, as plain texts in the board's language."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cases.eventnames import event_named
from cases.models import Provenance
from cases.reading import organs_asked
from cases.vocabulary import UNSTATED, Organ, drug_label
from evidence.conditions import Answer, demanded, evaluate, read
from evidence.presenters import waiting_words
from followup.intervals import interval_words
from meetings.choices import RECHALLENGE, Outcome, cause_label
from meetings.presenters.said import said_lines
from meetings.quorum import SeatState
from meetings.snapshot import commitment
from ui.formatting import date, datetime, weekday_date

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cases.models import AttachedGuidance, Patient
    from evidence.conditions import Facts
    from evidence.presenters import MatchCard
    from meetings.models import Decision, DecisionCondition
    from meetings.quorum import Quorum

SEAT_WORDS = {
    SeatState.PRESENT: gettext_lazy("present"),
    SeatState.REMOTE: gettext_lazy("remote"),
    SeatState.DEPUTY: gettext_lazy("deputy"),
    SeatState.NO_REPLY: gettext_lazy("no reply"),
    SeatState.MISSING: gettext_lazy("missing"),
}

ANSWER_WORDS = {
    Answer.TRUE: gettext_lazy("met"),
    Answer.FALSE: gettext_lazy("not met"),
    Answer.UNDETERMINED: gettext_lazy("cannot tell yet"),
}


def letter_content(
    decision: Decision,
    seats: Quorum,
    facts: Facts,
    marks: Iterable[MatchCard] = (),
    unjudged: int = 0,
    waiting: tuple[int, int] = (0, 0),
    attached: Iterable[AttachedGuidance] = (),
) -> dict[str, Any]:
    """Return the data of `decision.typ` for a decision about to be signed; its patient's record is loaded.

    Conditions are held against `facts`; `marks` are the rules and warnings that concern what is decided, told or not,
    `unjudged` is how many more could not be judged, `waiting` how many rules are held back as drafts and how many
    of those stop; what members said of what they `attached` is told with its author and day.
    """
    case = decision.case
    return {
        "title": _("Decision of the tumour board"),
        "hospital": decision.board.hospital or settings.HOSPITAL,
        "board": decision.board.name,
        "signed_on": date(decision.signed_at),
        "reference": case.reference,
        "page": _("page"),
        "qualification": _("Qualification required before clinical use."),
        "mark": _mark(decision),
        "stamp": commitment(decision.salt or "", "letter", ""),
        "headings": _headings(),
        "patient": _patient(decision, facts),
        "question": case.question,
        "outcome": str(decision.get_outcome_display()),
        "outcome_detail": outcome_detail(decision),
        "rationale": _paragraphs(decision.rationale),
        "preference": _paragraphs(decision.patient_preference),
        "condition_heads": [_("Condition"), _("Expires on")],
        "conditions": [_condition(row, facts) for row in decision.conditions.all()],
        "marks": [{"signal": _tags(m), "title": _marked(m)} for m in marks],
        "unjudged": _unjudged(unjudged),
        "waiting": waiting_words(*waiting),
        "statements": [_statement(row) for row in decision.statements.all()],
        "no_statements": _("The decision relies on no statement of the guidance."),
        "said": [asdict(row) for row in said_lines(attached)],
        "dissents": [
            {"name": row.user.name, "reason": row.reason or ""} for row in decision.dissents.all()
        ],
        "no_dissent": _("None was recorded."),
        "quorum_line": quorum_line(seats),
        "seats": [
            f"{seat.need.label}: {SEAT_WORDS[seat.state]}" + (f", {seat.who}" if seat.who else "")
            for seat in seats.seats
        ],
        "signature": [
            [_("Meeting"), _meeting(decision)],
            [_("Recorded by"), decision.recorded_by.name],
            [_("Signed by"), decision.signed_by.name if decision.signed_by else ""],
            [_("Signed at"), datetime(decision.signed_at)],
            [_("Decision"), str(decision.public_id)],
        ],
    }


def _marked(card: MatchCard) -> str:
    """Name a mark, by whose rules it is set where the board goes by others than the strictest, and what it lacks."""
    title = f"{card.title} ({card.marked_by})" if card.marked_by else card.title
    if not card.is_open:
        return title
    words = _("%(title)s, cannot tell without: %(facts)s")
    return words % {"title": title, "facts": ", ".join(card.waits_for)}


def _tags(card: MatchCard) -> str:
    return "; ".join(part for part in (card.signal, card.beside) if part)


def _headings() -> dict[str, str]:
    return {
        "question": _("Question"),
        "outcome": _("Outcome"),
        "rationale": _("Rationale"),
        "preference": _("What the patient wants"),
        "conditions": _("Conditions before the first dose"),
        "marks": _("Rules and warnings that apply to this regimen"),
        "guidance": _("Guidance relied on"),
        "said": _("What members said of the guidance they attached"),
        "dissent": _("Dissent"),
        "quorum": _("Quorum"),
        "signed": _("Signature"),
    }


def outcome_detail(decision: Decision) -> str:
    """Return drugs and dose interval of a rechallenge, or what a deferral waits for, who sees to it and by when."""
    if decision.outcome in RECHALLENGE:
        parts = [drug_label(code) for code in decision.drugs]
        if decision.dose_interval_days:
            parts.append(_dose_words(decision.dose_interval_days))
        return ", ".join(parts)
    if decision.outcome == Outcome.DEFER:
        words = _("Waits for: %(what)s. %(who)s sees to it by %(when)s.")
        return words % {
            "what": cause_label(decision.defer_fact),
            "who": decision.defer_owner.name if decision.defer_owner else "",
            "when": date(decision.defer_on),
        }
    return ""


def _dose_words(days: int) -> str:
    """Return `a dose every 21 days (every 3 weeks)`."""
    exact = _("a dose every %(n)s days") % {"n": days}
    return f"{exact} ({interval_words(days)})" if days % 7 == 0 else exact


def quorum_line(seats: Quorum) -> str:
    """Return whether the board was quorate, and whom it lacked."""
    if seats.quorate:
        return _("The board was quorate for this case.")
    lacking = "; ".join(seat.need.label for seat in seats.open)
    return _("The board was not quorate for this case. It lacked: %(who)s.") % {"who": lacking}


def _mark(decision: Decision) -> str:
    patient = decision.case.patient
    if patient.provenance == Provenance.PUBLISHED:
        return _("Demonstration: published case under an invented name.")
    if patient.provenance == Provenance.INVENTED:
        return _("Demonstration: invented patient.")
    return ""


def _patient(decision: Decision, facts: Facts) -> list[list[str]]:
    patient = decision.case.patient
    identity, tumour = patient.identity, patient.tumour
    rows = [
        [_("Patient"), identity.display_name],
        [_("Date of birth"), date(identity.birth_date)],
        [_("Hospital number"), identity.hospital_number],
        [_("Case"), decision.case.reference],
    ]
    stated = [
        str(tumour.get_histology_display()) if tumour.histology else "",
        _("stage %(stage)s") % {"stage": tumour.stage_group} if tumour.stage_group else "",
    ]
    if any(stated):
        rows.append([_("Tumour"), ", ".join(part for part in stated if part)])
    events = [_event(irae) for irae in patient.iraes.all()]
    told = "; ".join(events) or _no_event(patient, facts)
    rows.append([_("Immune-related adverse events"), told])
    return rows


def _no_event(patient: Patient, facts: Facts) -> str:
    """Return that there was none where every organ was asked about, else how many were not."""
    if facts["irae_any"].value is False:
        return _("none; every organ was asked about")
    left = len(set(Organ.values) - organs_asked(patient))
    words = ngettext(
        "none entered; %(n)s organ not asked about",
        "none entered; %(n)s organs not asked about",
        left,
    )
    return words % {"n": left}


def _event(irae: Any) -> str:
    grade = irae.worst_grade if irae.worst_grade is not None else _("not known")
    words = _("%(term)s, worst grade %(grade)s by CTCAE %(version)s")
    if not irae.ctcae_version:
        words = _("%(term)s, worst grade %(grade)s")
    if irae.ctcae_version == UNSTATED:
        words = _("%(term)s, worst grade %(grade)s (CTCAE version not stated)")
    return words % {
        "term": event_named(irae),
        "grade": grade,
        "version": irae.ctcae_version,
    }


def _condition(row: DecisionCondition, facts: Facts) -> dict[str, str]:
    checked = _("A person checks it.")
    if row.condition is not None:
        node = read(row.condition)
        checked = _("To be checked: %(rule)s. On signing: %(answer)s.") % {
            "rule": demanded(node, _),
            "answer": ANSWER_WORDS[evaluate(node, facts, as_of=timezone.localdate()).answer],
        }
    return {"text": row.text or "", "checked": checked, "expires": date(row.expires_on)}


def _unjudged(number: int) -> str:
    """Return how many rules and warnings could not be judged; empty for none."""
    if not number:
        return ""
    words = ngettext(
        "%(n)s rule or warning could not be judged: facts that it needs were not known on signing.",
        "%(n)s rules or warnings could not be judged: facts that they need were not known on signing.",
        number,
    )
    return words % {"n": number}


def _statement(row: Any) -> dict[str, str]:
    version = row.statement_version
    deviation = ""
    if row.deviation_reason:
        deviation = _("The decision deviates from it: %(reason)s.") % {
            "reason": str(row.get_deviation_reason_display()).lower()
        }
    return {
        "title": f"{version.statement.code} {version.title}",
        "version": _("version %(number)s") % {"number": version.number},
        "deviation": deviation,
    }


def _meeting(decision: Decision) -> str:
    return f"{weekday_date(decision.meeting.day)}, {decision.board.name}"


def _paragraphs(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]
