"""The curators' form of an analyte."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.derivations.measured import Scale
from cases.models import Analyte
from evidence.admin_forms import PrettyJSON

LONGEST_UNIT = 20


class AnalyteForm(forms.ModelForm):
    """An analyte; its units with their factors are checked one by one."""

    units = PrettyJSON(
        label=_("Units accepted"),
        help_text=_(
            "Each unit with what a value in it is multiplied by to reach the canonical unit, as text:"
            ' {"10^9/L": "1", "/uL": "0.001"}; where the zeros differ, with what is then added or taken off:'
            ' {"mmol/mol": "1", "%": "10.93 - 23.5"}. The canonical unit is one of them, with "1". Results that'
            " were entered before keep the value they were given."
        ),
    )

    class Meta:
        model = Analyte
        fields = (
            "code", "label", "loinc", "unit", "units", "plausible_low", "plausible_high", "usual", "charted", "active",
            "position",
        )  # fmt: skip

    def clean_loinc(self) -> str:
        """Refuse a code whose last digit is not the check digit of the others."""
        code = str(self.cleaned_data["loinc"]).strip()
        if code and not is_loinc(code):
            raise forms.ValidationError(
                _("This is no LOINC code, such as 731-0: its check digit does not fit.")
            )
        return code

    def clean_units(self) -> dict[str, str]:
        """Refuse a factor that is no number above 0."""
        given = self.cleaned_data["units"]
        if not isinstance(given, dict) or not given:
            raise forms.ValidationError(_('Enter units and factors as {"g/L": "1", "g/dL": "10"}.'))
        return {self._unit(name): self._factor(name, factor) for name, factor in given.items()}

    def _unit(self, name: str) -> str:
        if not name.strip() or len(name.strip()) > LONGEST_UNIT:
            raise forms.ValidationError(
                _("A unit has 1 to %(most)s characters: “%(unit)s”.")
                % {"most": LONGEST_UNIT, "unit": name}
            )
        return name.strip()

    def _factor(self, name: str, factor: Any) -> str:
        sentence = _(
            "The factor of %(unit)s has to be a number above 0, as text such as “0.001” or “10.93 - 23.5”."
        )
        try:
            Scale.read(factor if isinstance(factor, str) else "")
        except ValueError:
            raise forms.ValidationError(sentence % {"unit": name}) from None
        return str(factor).strip()

    def clean(self) -> dict[str, Any]:
        """Hold the canonical unit against the units, and the ends of the range against each other."""
        cleaned = super().clean() or {}
        units = cleaned.get("units")
        unit = cleaned.get("unit") or self.instance.unit
        if units and unit and Scale.read(units.get(unit, "2")) != Scale(Decimal(1)):
            message = _(
                "The canonical unit %(unit)s has to be among the units, with the factor “1”."
            )
            self.add_error("units", message % {"unit": unit})
        low, high = cleaned.get("plausible_low"), cleaned.get("plausible_high")
        if low is not None and low < 0:
            self.add_error("plausible_low", _("Nothing that is measured is below 0."))
        if low is not None and high is not None and low >= high:
            self.add_error("plausible_high", _("It has to be above where the range begins."))
        return cleaned


def is_loinc(code: str) -> bool:
    """Whether a code has the form of a LOINC code and its check digit (modulus 10, as LOINC defines it)."""
    body, _dash, check = code.rpartition("-")
    if not (body.isdecimal() and check.isdecimal() and len(check) == 1 and len(body) <= 7):
        return False
    doubled = str(int(body[::-2]) * 2)
    total = sum(int(digit) for digit in doubled + body[-2::-2])
    return (10 - total % 10) % 10 == int(check)
