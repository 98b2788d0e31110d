"""The codes by which attendance and decisions are recorded."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from evidence.conditions.vocabulary import FACTS


class AttendanceMode(models.TextChoices):
    """How somebody comes to a meeting."""

    IN_ROOM = "in_room", _("In the room")
    REMOTE = "remote", _("Remote")
    DEPUTY = "deputy", _("Deputy")
    NO = "no", _("No")


class ReviewOutcome(models.TextChoices):
    """What follows where guidance changed after a decision that relied on it."""

    STANDS = "stands", _("The decision stands as it is")
    AGAIN = "again", _("The case goes back to triage, for another meeting")


class Outcome(models.TextChoices):
    """What the board decided."""

    SAME_AGENT = "same_agent", _("Same agent")
    OTHER_CLASS = "other_class", _("Other class")
    COMBINATION = "combination", _("Combination")
    NO_RECHALLENGE = "no_rechallenge", _("No rechallenge")
    DEFER = "defer", _("Defer")


RECHALLENGE = frozenset({Outcome.SAME_AGENT, Outcome.OTHER_CLASS, Outcome.COMBINATION})
"""The outcomes after which an ICI is given again and a monitoring plan is opened."""


class Deviation(models.TextChoices):
    """Why a decision deviates from a statement. Source: reasons documented in the OncoDoc2 study."""

    BOARD_CHOICE = "board-choice", _("The board's choice")
    PARTICULAR_CASE = "particular-case", _("Particular case")
    PRACTICE_EVOLUTION = "practice-evolution", _("Practice has moved on")
    PATIENT_CHOICE = "patient-choice", _("Patient's choice")
    OTHER = "other", _("Other")


# A decision may also wait for what is no fact of the vocabulary.
OTHER_CAUSES: dict[str, object] = {
    "specialist_opinion": _("Opinion of a specialist who was not there"),
    "patient_wish": _("What the patient wants"),
    "not_reached": _("Not reached in time"),
}


def deferral_choices() -> list[tuple[str, object]]:
    """Return what a deferred decision can wait for: every fact, and the other causes."""
    facts = [(key, _(spec.label)) for key, spec in FACTS.items()]
    return [*facts, *OTHER_CAUSES.items()]


def cause_label(code: str) -> str:
    """Return the words for what a deferred decision waits for."""
    if code in FACTS:
        return str(_(FACTS[code].label))
    return str(OTHER_CAUSES.get(code, code))
