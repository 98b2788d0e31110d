"""What is asked about a result before it is kept: values that are hardly normal, and a day that is hardly right."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from followup.limits import unusual_uppers
from followup.models import ProtocolStep
from followup.naming import doubt_words, unusual_upper_words
from followup.services.baselines import ask_anew
from followup.slips import questioned
from followup.vocabulary import AS_READ, EARLY, UNUSUAL, Result, Timing
from followup.yardsticks import plausible_of, usual_uppers, yardstick_of
from ui import formatting
from ui.figures import thousands_of, thousands_words

if TYPE_CHECKING:
    from datetime import date

    from followup.models import Check
    from followup.services.results import Outcome

TAKEN_BEFORE = 7  # days
"""How long before a dose that which is asked for at it may be measured unasked, as a general baseline may."""


def question(
    check: Check, outcome: Outcome, *, kept: bool, early: bool, as_read: bool = False
) -> list[str]:
    """Return what is kept though it was asked about: codes of values, and the names of other boxes.

    Raises ValidationError with what is asked, but for values that were `kept`, a day that is `early` and right, and
    figures that are meant `as_read`.
    """
    values, day = _about_values(check, outcome), _about_day(check, outcome)
    figures = _about_figures(check, outcome)
    asked = {
        **({} if kept else values),
        # How a figure is meant comes before whether it is normal.
        **({} if as_read else figures),
        **({} if early else day),
    }
    if asked:
        raise ValidationError(asked)
    return [name.removeprefix("value-") for name in dict.fromkeys((*values, *figures, *day))]


def _about_figures(check: Check, outcome: Outcome) -> dict[str, Any]:
    """Return what is asked about figures whose point may part thousands, where a thousandfold can be measured.

    What was answered before and stays as it is, is not asked again.
    """
    told = {f"value-{code}": (code, text) for code, text in outcome.values.items()}
    told |= {f"upper-{code}": (code, text) for code, text in outcome.upper_limits.items()}
    had = {f"value-{code}": text for code, text in check.values.items()}
    had |= {f"upper-{code}": text for code, text in check.upper_limits.items()}
    open_ = {
        name: (code, text.lstrip("<>≤≥ "))
        for name, (code, text) in told.items()
        if had.get(name) != text
    }
    open_ = {name: one for name, one in open_.items() if thousands_of(one[1])}
    if not open_:
        return {}
    within = plausible_of(code for code, _text in open_.values())
    units = {m["code"]: m["unit"] for m in check.measures}
    return {
        name: ValidationError(thousands_words(digits, units.get(code, "")), code=AS_READ)
        for name, (code, digits) in open_.items()
        if _may_be(Decimal(digits) * 1000, within.get(code), units.get(code, ""))
    }


def _may_be(value: Decimal, within: tuple[Decimal, Decimal] | None, unit: str) -> bool:
    """Whether a value can be measured; of what nobody knows the range it can, but for thousands of a share."""
    if within is None:
        return not unit.startswith("%")
    return within[0] <= value <= within[1]


def _about_values(check: Check, outcome: Outcome) -> dict[str, Any]:
    """Return what is asked about values that are to count as normal, by the names of their boxes."""
    if outcome.result != Result.NORMAL or not outcome.values:
        return {}
    known = yardstick_of(check, outcome.upper_limits)
    judged = any(row.get("condition") for row in check.plan.conditions)
    facts = check.plan.case.facts.as_facts() if judged else {}
    asked: dict[str, Any] = {
        f"value-{doubt.code}": doubt_words(doubt, check.measures)
        for doubt in questioned(outcome.values, check.plan.conditions, facts, known)
    }
    unusual = unusual_uppers(known.upper, usual_uppers(check, list(known.upper)))
    for code, usual in unusual.items():
        words = unusual_upper_words(code, outcome.upper_limits[code], usual, check.measures)
        asked[f"upper-{code}"] = ValidationError(words, code=UNUSUAL)
    return asked


def _about_day(check: Check, outcome: Outcome) -> dict[str, Any]:
    """Return what is asked about the day of a measurement, by the name of its box."""
    on = outcome.measured_on
    if on is None or outcome.result == Result.NOT_DONE:
        return {}
    words = _before_its_dose(check, on) or _too_old_words(check, on)
    return {"measured_on": ValidationError(words, code=EARLY)} if words else {}


def _before_its_dose(check: Check, on: date) -> str:
    """Return that a check for the time after a dose cannot well have been done before it; "" where it was not."""
    plan = check.plan
    if check.offset_days is None:
        return ""
    if check.after_last_dose and plan.last_dose_on is not None:
        return (
            _(
                "%(day)s is before the last dose, of %(dose)s, and this check is for the time after it. Correct the"
                " day, or say below that it is right"
            )
            % {"day": formatting.date(on), "dose": formatting.date(plan.last_dose_on)}
            if on < plan.last_dose_on
            else ""
        )
    if plan.first_dose_on is None and check.offset_days > 0:
        return _(
            "No dose is entered yet, and this check is for the time after the first. Enter that dose, or say below"
            " that the day is right"
        )
    first = plan.first_dose_on or plan.planned_first_on
    leeway = timedelta(days=TAKEN_BEFORE if check.offset_days == 0 else 0)
    if first is None or on >= first - leeway:
        return ""
    return _(
        "%(day)s is before the first dose, of %(dose)s, and this check is for the time after it. Correct the day, or"
        " say below that it is right"
    ) % {"day": formatting.date(on), "dose": formatting.date(first)}


def _too_old_words(check: Check, on: date) -> str:
    allowed = _too_old(check, on)
    if allowed is None:
        return ""
    return _(
        "%(day)s is more than %(n)s days before the first dose: this check will be asked for again. Correct the day,"
        " or say below that it is right"
    ) % {"day": formatting.date(on), "n": allowed}


def _too_old(check: Check, on: date) -> int | None:
    """Return how old a critical check may be at the first dose, where on that dose it is older; else None."""
    plan = check.plan
    first = plan.first_dose_on or plan.planned_first_on
    if check.offset_days is not None or check.of_no_dose or not check.step.critical:
        return None
    if first is None:
        return None
    steps = ProtocolStep.objects.filter(
        version__in=plan.pinned.values("version"),
        kind=Timing.BEFORE_FIRST_DOSE,
        code=check.step.code,
    )
    allowed: int = min(steps.values_list("within_days", flat=True), default=check.step.within_days)
    return allowed if (first - on).days > allowed else None


def ask_again(check: Check) -> list[str]:
    """Ask anew, at once, for a critical check that is too old for the first dose; for a plan locked by the caller.

    The result that is there stays. Returns the codes.
    """
    plan, on = check.plan, check.measured_on
    first = plan.first_dose_on or plan.planned_first_on
    if on is None or first is None or plan.dose_interval_days is None:
        return []
    return ask_anew(plan, first) if _too_old(check, on) is not None else []
