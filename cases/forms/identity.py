"""Who the patient is: the form of the patient's section, and what it shares with the referral."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.forms.alike import question_pregnancy
from cases.forms.lived import hold_record
from cases.forms.owner import DayField
from cases.forms.sections import SectionForm
from cases.models import Sex
from cases.national_numbers import SCHEMES, NotANumber, shown_number
from ui.forms import PartialDateFormField

if TYPE_CHECKING:
    from cases.models import Case, Patient


class NationalNumberFields(forms.Form):
    """A national number of one of the kinds that there are; with one kind there is nothing to choose."""

    national_scheme = forms.ChoiceField(label=_("Kind of national number"), required=False)
    national_number = forms.CharField(label=_("National number"), required=False, max_length=40)

    def offer_schemes(self) -> None:
        """Offer the kinds; called once the fields are there."""
        if len(SCHEMES) == 1:
            (scheme,) = SCHEMES.values()
            self.fields["national_number"].label = str(scheme.label)
            self.fields["national_number"].help_text = _("ten digits, if there is one")
            self.fields["national_scheme"].widget = forms.HiddenInput()
        named = [(code, scheme.label) for code, scheme in SCHEMES.items()]
        self.fields["national_scheme"].choices = [("", _("Choose")), *named]  # type: ignore[attr-defined]

    def clean_national_number(self) -> str:
        """Return the number as it is stored. Raises ValidationError in the words of its kind."""
        typed = str(self.cleaned_data["national_number"]).strip()
        code = self._scheme()
        if not typed:
            return ""
        if not code:
            raise forms.ValidationError(_("Choose the kind of number"))
        try:
            return SCHEMES[code].canonical(typed)
        except NotANumber as error:
            raise forms.ValidationError(str(error.words)) from error

    def _scheme(self) -> str:
        only = next(iter(SCHEMES)) if len(SCHEMES) == 1 else ""
        return only or str(self.cleaned_data.get("national_scheme", ""))

    def national(self) -> dict[str, str]:
        """Return both columns of a clean number; empty together."""
        number = self.cleaned_data.get("national_number", "")
        scheme = self._scheme() if number else ""
        return {"national_scheme": scheme, "national_number": number}


class IdentityForm(NationalNumberFields, SectionForm):
    """Name, numbers, birth, sex and death of a patient who is here already."""

    family_name = forms.CharField(label=_("Family name"), max_length=100)
    given_name = forms.CharField(label=_("First name"), max_length=100)
    birth_date = DayField(label=_("Date of birth"), required=False, help_text="")
    sex = forms.ChoiceField(label=_("Sex"), choices=Sex.choices)
    hospital_number = forms.CharField(label=_("Hospital number"), max_length=40)
    died = PartialDateFormField(
        label=_("Date of death"),
        required=False,
        allow_relative=False,
        help_text=_("day, month or year; an open monitoring plan is closed with it"),
    )

    def __init__(self, *args: Any, patient: Patient | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.patient = patient
        self.offer_schemes()

    @classmethod
    def initial_of(cls, case: Case) -> dict[str, Any]:
        """Return what the record holds."""
        row = case.patient.identity
        born = row.birth_date
        return {
            **{n: getattr(row, n) for n in ("family_name", "given_name", "hospital_number")},
            "birth_date": f"{born.day} {born:%B %Y}" if born else "",
            "sex": case.patient.sex,
            "national_scheme": row.national_scheme,
            "national_number": shown_number(row.national_scheme, row.national_number),
            "died": row.died,
        }

    def clean_hospital_number(self) -> str:
        """Return the number with single spaces: it is compared without any."""
        return " ".join(str(self.cleaned_data["hospital_number"]).split())

    def clean(self) -> dict[str, Any]:
        """Hold birth and death against each other and against today."""
        data = super().clean() or self.cleaned_data
        born, died, today = data.get("birth_date"), data.get("died"), timezone.localdate()
        if born and born > today:
            self.add_error("birth_date", _("Date of birth: the date is in the future"))
        if died and died.earliest and died.earliest > today:
            self.add_error("died", _("Date of death: the date is in the future"))
        if born and died and died.latest and died.latest < born:
            self.add_error("died", _("Date of death: the date is before the date of birth"))
        if self.patient is not None:
            hold_record(self, self.patient, born, died)
            pregnant = self.patient.background.pregnancy is True
            question_pregnancy(self, "sex", male=data.get("sex") == Sex.MALE, pregnant=pregnant)
        return data

    def values(self) -> dict[str, Any]:
        """Return what the service takes."""
        names = ("family_name", "given_name", "birth_date", "sex", "hospital_number", "died")
        return {**{name: self.cleaned_data[name] for name in names}, **self.national()}
