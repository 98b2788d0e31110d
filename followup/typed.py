"""The forms of the monitoring by the keys of their drafts."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.typed import Around, Made, listing, plain
from followup.forms.checks import AssignForm, ResultForm
from followup.forms.plans import (
    SAID,
    CloseForm,
    DoseForm,
    FirstDoseForm,
    HoldForm,
    IraeForm,
    LastDoseForm,
    PlannedFirstForm,
    ResumeForm,
    TakeBackFirstForm,
)
from followup.models import ProtocolStep

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.models import User
    from cases.typed import Fields


def _people(around: Around) -> list[User]:
    return around.users


def _irae(sent: object, _around: Around) -> Fields:
    # What was typed is shown and not checked, so every day will do.
    return IraeForm(sent, today=date.max).fields


def _first_dose(sent: Iterable[str], _around: Around) -> Fields:
    """Return the fields of a first dose: its conditions stand in the plan, and are told by number."""
    numbers = [name.removeprefix(SAID) for name in sent if name.startswith(SAID)]
    words = {
        int(n): _("Condition %(n)s was met") % {"n": int(n) + 1} for n in numbers if n.isdecimal()
    }
    return FirstDoseForm(sent, today=date.max, ask=True, ask_board=True, in_words=words).fields


def _result(sent: Iterable[str], _around: Around) -> Fields:
    """Return the fields of a result, with a value for each measure of any protocol that was sent."""
    fields = dict(ResultForm.base_fields)
    rows = ProtocolStep.objects.order_by("pk").values_list("measures", flat=True)
    labels = {m["code"]: (m["label"], m["unit"]) for measures in rows for m in measures}
    for name in sent:
        part, _dash, code = name.partition("-")
        if code in labels and part in WORDS:
            label, unit = labels[code]
            told = {"label": label, "unit": unit}
            fields[name] = forms.CharField(label=WORDS[part] % told)
    return fields


WORDS = {
    "value": gettext_lazy("%(label)s, %(unit)s"),
    "upper": gettext_lazy("%(label)s: laboratory’s upper limit"),
}

MADE: dict[str, Made] = {
    "plan:planned-first": plain(PlannedFirstForm),
    "plan:first-dose": _first_dose,
    "plan:take-back-first": plain(TakeBackFirstForm),
    "plan:dose": plain(DoseForm),
    "plan:last-dose": plain(LastDoseForm),
    "plan:hold": plain(HoldForm),
    "plan:resume": plain(ResumeForm),
    "plan:close": plain(CloseForm),
    "plan:irae": _irae,
    "check:result": _result,
    "check:correct": _result,
    "check:assign": listing(AssignForm, people=_people),
}
