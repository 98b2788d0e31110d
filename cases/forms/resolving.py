"""Whether an irAE is over: what a grade now and a day on which it resolved say together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from cases.forms.fields import Stated
from cases.returning import HIGHEST_OVER
from cases.vocabulary import Resolution
from evidence.conditions import FactState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django import forms


def with_resolution(values: dict[str, Any]) -> dict[str, Any]:
    """Return the columns of an event; one of grade 0 now, or of grade 1 and with a day on which it resolved, has.

    A day beside a grade now that nobody told, or that is higher, says nothing of today.
    """
    now = values["grade_now"]
    over = now == 0 or (now == HIGHEST_OVER and values.get("resolved") is not None)
    if over and values["resolution_state"] == FactState.MISSING:
        said = Stated(Resolution.RESOLVED.value, FactState.KNOWN.value)
        return {**values, **said.columns("resolution")}
    return values


def hold_resolved(form: forms.Form, data: Mapping[str, Any]) -> None:
    """Refuse what the grade now, the day on which it resolved and the word for how it went on deny of each other.

    A grade now of 2 or more goes with a day on which it resolved only where a hormone is replaced.
    """
    day, now, how = (data.get(name) for name in ("resolved", "grade_now", "resolution"))
    _hold_words(form, day, now, how)
    if day is None or day.value is None or now is None or (now.value or 0) <= HIGHEST_OVER:
        return
    if how is None or how.value != Resolution.ON_REPLACEMENT:
        words = _("Resolved: clear the day, or correct the grade now, which is %(grade)s")
        form.add_error("resolved", words % {"grade": now.value})


def _hold_words(
    form: forms.Form, day: Stated | None, now: Stated | None, how: Stated | None
) -> None:
    word, grade = getattr(how, "value", None), getattr(now, "value", None)
    if word == Resolution.RESOLVED and grade is not None and grade > HIGHEST_OVER:
        words = _("How it went on: not resolved, or correct the grade now, which is %(grade)s")
        form.add_error("resolution", words % {"grade": grade})
    if word == Resolution.ONGOING and (grade == 0 or (day is not None and day.value is not None)):
        words = _("How it went on: not ongoing, or correct the grade now and the day it resolved")
        form.add_error("resolution", words)
