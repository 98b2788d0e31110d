"""Words of monitoring: results, reasons and kinds. One code per concept."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

LACKING = "lacking"
"""The code of an error beside a value of a critical check that is not there."""
FAR_OFF = "far_off"
"""The code of a question beside a day that is far from the one expected."""
UNUSUAL = "unusual"
"""The code of a question beside an upper limit that is far above the usual one."""
EARLY = "early"
"""The code of a question beside the day of a measurement that was hardly taken so early."""
AS_READ = "as_read"
"""The code of a question beside a figure whose point may part thousands."""


class Timing(models.TextChoices):
    """How a protocol step says when."""

    BEFORE_FIRST_DOSE = "before_first_dose", _("Before the first dose")
    DAYS_AFTER_FIRST_DOSE = "days_after_first_dose", _("On named days after the first dose")
    DAYS_AFTER_LAST_DOSE = "days_after_last_dose", _("On named days after the last dose")
    EVERY_N_DAYS = "every_n_days", _("Every so many days")
    AT_EACH_DOSE = "at_each_dose", _("At each dose")


class Result(models.TextChoices):
    """What came of a check."""

    NORMAL = "normal", _("Normal")
    ABNORMAL = "abnormal", _("Abnormal")
    NOT_DONE = "not_done", _("Not done")


class NotDoneReason(models.TextChoices):
    """Why a check was not done."""

    DONE_ELSEWHERE = "done_elsewhere", _("Done elsewhere, result not available")
    NOT_REACHED = "not_reached", _("Patient could not be reached")
    PATIENT_WISH = "patient_wish", _("Patient's wish")
    TOO_UNWELL = "too_unwell", _("Patient too unwell")
    NO_CAPACITY = "no_capacity", _("No appointment or no staff")
    DOSE_NOT_GIVEN = "dose_not_given", _("Dose not given")
    NOT_ORDERED = "not_ordered", _("Not ordered this time")
    SAMPLE = "sample", _("Sample lost or not usable")
    OTHER = "other", _("Other")


class UnmeasuredReason(models.TextChoices):
    """Why a check was done without one of its values."""

    NOT_ORDERED = "not_ordered", _("Not ordered this time")
    SAMPLE = "sample", _("Sample lost or not usable")
    ELSEWHERE = "elsewhere", _("Measured elsewhere, value not available")
    NOT_AVAILABLE = "not_available", _("Test not available here")
    PATIENT_WISH = "patient_wish", _("Patient's wish")
    NOT_NEEDED = "not_needed", _("Not called for, by clinical judgement")


TO_BE_MEASURED = frozenset({UnmeasuredReason.NOT_ORDERED, UnmeasuredReason.SAMPLE})
"""Why a value is lacking that can still be measured: a check is not called normal for these."""


class AgentClass(models.TextChoices):
    """Of which class an agent of the decision is, where monitoring differs by it."""

    CTLA4 = "anti_ctla4", _("anti-CTLA-4")
    COMBINATION = "combination", _("combination of immune checkpoint inhibitors")


class HoldReason(models.TextChoices):
    """Why doses are paused."""

    TOXICITY = "toxicity", _("Toxicity")
    INTERCURRENT = "intercurrent", _("Other illness")
    PATIENT_WISH = "patient_wish", _("Patient's wish")
    LOGISTICS = "logistics", _("Logistics")
    OTHER = "other", _("Other")


class DoseState(models.TextChoices):
    """What became of a dose after the first."""

    GIVEN = "given", _("Given")
    SKIPPED = "skipped", _("Skipped")


class UnenteredDose(models.TextChoices):
    """What the day of a last dose is on which no dose is entered."""

    ENTER = "enter", _("A dose was given on that day: enter it as the next one too")
    ELSEWHERE = "elsewhere", _("Doses were given that are not entered here")


class EndReason(models.TextChoices):
    """Why no further dose is given."""

    COMPLETED = "completed", _("Planned course completed")
    PROGRESSION = "progression", _("Progression")
    TOXICITY = "toxicity", _("Toxicity")
    PATIENT_WISH = "patient_wish", _("Patient's wish")
    BOARD = "board", _("The board decided against it")
    NEW_DECISION = "new_decision", _("A new decision took its place")
    OTHER = "other", _("Other")


END_BY_DECISION = frozenset({EndReason.BOARD, EndReason.NEW_DECISION})
"""Why no further dose is given by a signature alone: nobody chooses these."""


class CloseReason(models.TextChoices):
    """Why a plan ends."""

    COMPLETED = "completed", _("Monitoring completed")
    NOT_GIVEN = "not_given", _("The ICI was not given")
    TRANSFERRED = "transferred", _("Transferred elsewhere")
    LOST = "lost_to_follow_up", _("Lost to follow-up")
    DIED = "died", _("Patient died")
    SUPERSEDED = "superseded", _("A new decision opened another plan")
    DECIDED_AGAINST = "decided_against", _("The board decided against a rechallenge")
    OTHER = "other", _("Other")


BY_DECISION = frozenset({CloseReason.SUPERSEDED, CloseReason.DECIDED_AGAINST})
"""Why a plan ends by a signature alone: nobody chooses these."""


class ReminderKind(models.TextChoices):
    """Why somebody is reminded."""

    DUE = "due", _("due")
    OVERDUE = "overdue", _("overdue")
    ESCALATION = "escalation", _("overdue, passed on to coordinator and chair")
    REASSIGNED = "reassigned", _("passed on to you")


class NoticeKind(models.TextChoices):
    """What an in-app notice tells."""

    DUE = "due", _("A safety check is due")
    OVERDUE = "overdue", _("A safety check is overdue")
    ESCALATION = "escalation", _("A safety check has not been done in time")
    REASSIGNED = "reassigned", _("A safety check was passed on to you")
    ABNORMAL = "abnormal", _("A safety check was abnormal")
    RETURNED = "returned", _("A case came back to the triage list")
    IRAE = "irae", _("An irAE under monitoring, in a case that is before the board already")
    MISSED = "missed", _("A critical safety check was missed, in a case that is before the board")
    CONDITIONS = "conditions", _("A first dose was given with conditions not met or not judged")
    EXPIRED = "expired", _("A condition of the decision ran out before the first dose")
    DIED = "died", _("The patient died: the monitoring plan is closed")
    REOPENED = "reopened", _("A death was taken back: the monitoring goes on, see what fell due")
    UNPLANNED = "unplanned", _("Plan the first dose of a decision, or say that none is given")
    AGAINST = "against", _("The board decided against a rechallenge: no dose is awaited")
    SUPERSEDED = (
        "superseded",
        _(
            "A new decision: the monitoring goes on under its plan, with what is asked after earlier doses"
        ),
    )
    TOXICITY = (
        "toxicity",
        _("Doses are held or skipped for toxicity, and no irAE is recorded since"),
    )
    ENDED = (
        "ended",
        _("Doses ended for toxicity or progression, in a case that is before the board"),
    )
    UNDECIDED = "undecided", _("A dose was given without a decision of the board that stands")


class Channel(models.TextChoices):
    """By which way a reminder goes out."""

    EMAIL = "email", _("E-mail")
    IN_APP = "in_app", _("In the application alone")


class ReturnReason(models.TextChoices):
    """Why monitoring puts a case back on the triage list."""

    ABNORMAL_CHECK = "abnormal_check", _("Abnormal safety check")
    IRAE_AGAIN = "irae_again", _("The earlier irAE came back")
    NEW_IRAE = "new_irae", _("New irAE")
    MISSED_CHECK = "missed_check", _("Critical safety check missed")
    CONDITIONS_EXPIRED = "conditions_expired", _("Conditions ran out before the first dose")
    ENDED_TOXICITY = "ended_toxicity", _("Doses ended for toxicity")
    ENDED_PROGRESSION = "ended_progression", _("Doses ended for progression")


BACK_WITH_LAST_DOSE: dict[str, ReturnReason] = {
    EndReason.TOXICITY.value: ReturnReason.ENDED_TOXICITY,
    EndReason.PROGRESSION.value: ReturnReason.ENDED_PROGRESSION,
}
"""Which reasons for a last dose bring the case back."""
