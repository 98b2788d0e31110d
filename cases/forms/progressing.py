"""What the progression of a course and the rest of it deny of each other, in the course's form and in the referral."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from cases.derivations.resistance import LONGEST_INTERVAL
from cases.forms.checks import anchors_of
from cases.forms.fields import starts_after
from cases.models import PrimaryState
from cases.vocabulary import BestResponse, ProgressionTiming, StopReason
from ui.partial_dates import bounded

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from django import forms

    from cases.forms.doubts import Doubted


def hold_progressed(form: Doubted, data: Mapping[str, Any]) -> None:
    """Hold the day of the progression against the doses of the course."""
    timing = data.get("progression_timing")
    if starts_after(data.get("start"), data.get("progressed")):
        form.add_error("progressed", _("Progressed on: the date is before the first dose"))
    else:
        question_on_treatment(form, data)
    after = getattr(timing, "value", timing) == ProgressionTiming.AFTER_STOP
    if after and starts_after(data.get("stop"), data.get("progressed")):
        message = _("Progressed on: the date is before the last dose, yet not on treatment")
        form.add_error("progressed", message)


def hold_lesions(form: forms.Form, data: Mapping[str, Any]) -> None:
    """Hold the counts of what progressed against each other."""
    names = ("new_lesions", "growing_lesions", "progressing_organs", "primary_state")
    found: list[Any] = [getattr(data.get(name), "value", None) for name in names]
    new, growing, organs, primary = found
    if None not in (new, growing, organs) and organs > new + growing + 1:
        message = _("Organs with progression: more organs than lesions")
        form.add_error("progressing_organs", message)
    if (new, growing) == (0, 0) and primary not in (None, PrimaryState.GROWING):
        message = _("New lesions: nothing is new and nothing grows; then what progressed?")
        form.add_error("new_lesions", message)


def hold_no_progression(
    form: forms.Form,
    timing: str | None,
    reasons: Collection[str | None],
    response: str | None,
    *,
    told: bool = False,
) -> None:
    """Say beside the field that no progression is said, where it is a reason, the best response, or `told` of."""
    if timing != ProgressionTiming.NONE:
        return
    if told or StopReason.PROGRESSION in reasons or response == BestResponse.PD:
        message = _("Has the cancer progressed? “No progression” contradicts the rest")
        form.add_error("progression_timing", message)


def question_on_treatment(form: Doubted, data: Mapping[str, Any]) -> None:
    """Question a progression on treatment that came later after the last dose than any ICI is given again."""
    timing, progressed, stop = (data.get(n) for n in ("progression_timing", "progressed", "stop"))
    told = getattr(timing, "value", timing) == ProgressionTiming.ON_TREATMENT
    if not (told and progressed and progressed.value and stop and stop.value):
        return
    anchors = anchors_of(data)
    day, last = bounded(progressed.value, anchors).earliest, bounded(stop.value, anchors).latest
    if day and last and (day - last).days > LONGEST_INTERVAL:
        words = _(
            "Progressed on: more than %(n)s days after the last dose, yet on treatment. Is it right?"
        )
        form.ask_back("progressed", words % {"n": LONGEST_INTERVAL})


def hold_reason(form: forms.Form, timing: str | None, reason: str | None) -> None:
    """Ask which is meant where progression stopped the ICI, yet came only after the stop."""
    if reason == StopReason.PROGRESSION and timing == ProgressionTiming.AFTER_STOP:
        words = _(
            "Has the cancer progressed? After the stop, yet progression was the reason for it: change one"
        )
        form.add_error("progression_timing", words)
