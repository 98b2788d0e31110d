"""Weight and height, and the body mass index that follows from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cases.derivations.blood import body_mass_index
from cases.lab_reading import body_of
from cases.presenters.words import dated_words, stated_words
from evidence.conditions import FactState
from ui.formatting import number

if TYPE_CHECKING:
    from cases.models import Case


def body_pairs(case: Case) -> list[tuple[str, str]]:
    """Return weight, its day and height."""
    background = case.patient.background
    return [
        (_("Weight"), _measured(background, "weight_kg", "kg")),
        (_("Weighed"), dated_words(background, "weighed")),
        (_("Height"), _measured(background, "height_cm", "cm")),
    ]


def _measured(row: object, name: str, unit: str) -> str:
    if getattr(row, f"{name}_state") != FactState.KNOWN:
        return stated_words(row, name)
    return f"{number(getattr(row, name))} {unit}"


def body_worked_out(case: Case) -> list[tuple[str, str]]:
    """Return the body mass index, or what it still needs."""
    body = body_of(case.patient)
    mass = body_mass_index(body)
    if mass is None:
        if body.weight.low is None and body.height.low is None:
            words = _("needs weight and height")
        else:
            words = _("needs the weight") if body.weight.low is None else _("needs the height")
    else:
        words = _("%(bmi)s kg/m²") % {"bmi": f"{mass:.1f}"}
    return [(_("Body mass index, weight ÷ height²"), words)]
