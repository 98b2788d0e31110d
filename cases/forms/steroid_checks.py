"""What the doses of a steroid deny of each other, in the steroid's form and in the referral."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from cases.derivations import HIGHEST_REPLACEMENT, prednisone_equivalent
from cases.forms.doubts import plain
from cases.models import Indication, SteroidDrug

if TYPE_CHECKING:
    from django import forms

    from cases.forms.doubts import Doubted
    from cases.forms.fields import Stated


def hold_steroid_name(form: forms.Form, field: str, drug: str | None, name: str) -> None:
    """Say beside the field that another steroid has no name, or that one of the list has one."""
    if drug == SteroidDrug.OTHER and not name:
        form.add_error(field, _("Which steroid: enter its name"))
    if name and drug != SteroidDrug.OTHER:
        form.add_error(field, _("Which steroid: only another steroid has a name of its own"))


def hold_peak(form: forms.Form, name: str, now: Stated | None) -> None:
    """Say beside the field of a peak that it is below the dose of now."""
    peak, dose = number_of(form.cleaned_data.get(name)), number_of(now)
    if peak is not None and dose is not None and peak < dose:
        form.add_error(name, _("Peak: it cannot be below the dose now"))


def question_replacement(form: Doubted, name: str, drug: str | None, now: Decimal | None) -> None:
    """Question a dose of now that is more than replaces what the adrenals do not make."""
    purpose = form.cleaned_data.get(name)
    replacement = str(purpose.value if purpose else "").startswith(Indication.ADRENAL_REPLACEMENT)
    equivalent = prednisone_equivalent(drug, now) if replacement and now and drug else None
    if equivalent is not None and equivalent > HIGHEST_REPLACEMENT:
        message = _(
            "Adrenal replacement: %(dose)s mg prednisone-equivalent a day is more than that and counts as a dose."
            " Is it right?"
        )
        form.ask_back(name, message % {"dose": plain(equivalent)})


def number_of(found: Stated | None) -> Decimal | None:
    """Return the number of a field, None where there is none."""
    return Decimal(found.value) if found and found.value is not None else None
