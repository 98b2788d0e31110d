"""The form of what stands about the patient besides the tumour."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.alike import question_pregnancy
from cases.forms.fields import (
    Stated,
    StatedChoiceField,
    StatedDateField,
    StatedFlagField,
    StatedTextField,
    columns,
    current,
    current_late,
)
from cases.forms.measures import StatedCountField
from cases.forms.sections import SectionForm
from cases.models import Bleeding, Hypertension, Smoking, Transplant, ViralHepatitis
from evidence.conditions import FactState
from ui.forms import Textarea

if TYPE_CHECKING:
    from cases.models import Case

NOT_APPLICABLE = Stated(None, FactState.NOT_APPLICABLE.value)


class BackgroundForm(SectionForm):
    """Illnesses that bear on an ICI, smoking, and what the patient wants."""

    smoking = StatedChoiceField(label=_("Smoking"), choices=Smoking.choices)
    pack_years = StatedCountField(label=_("Pack-years"), highest=300)
    autoimmune_disease = StatedFlagField(label=_("Autoimmune disease that is no irAE"))
    autoimmune_text = forms.CharField(
        label=_("Which autoimmune disease"), required=False, max_length=200
    )
    interstitial_lung_disease = StatedFlagField(label=_("Interstitial lung disease"))
    transplant = StatedChoiceField(label=_("Transplant"), choices=Transplant.choices)
    hepatitis_b = StatedChoiceField(label=_("Hepatitis B"), choices=ViralHepatitis.choices)
    hepatitis_c = StatedChoiceField(label=_("Hepatitis C"), choices=ViralHepatitis.choices)
    heart_disease = StatedFlagField(label=_("Heart disease"))
    heart_text = forms.CharField(label=_("Which heart disease"), required=False, max_length=200)
    pregnancy = StatedFlagField(label=_("Pregnancy"))
    bleeding = StatedChoiceField(label=_("Bleeding"), choices=Bleeding.choices)
    bled = StatedDateField(label=_("Last bleeding"), help_text="", allow_relative=False)
    hypertension = StatedChoiceField(label=_("Hypertension"), choices=Hypertension.choices)
    major_surgery = StatedFlagField(label=_("Recent major surgery"))
    operated = StatedDateField(label=_("Operated on"), help_text="", allow_relative=False)
    comorbidities = StatedTextField(
        label=_("Other illnesses"),
        max_length=2000,
        widget=Textarea,
        help_text=_("in words, or “unknown”, or “not yet”"),
    )
    preference = StatedTextField(
        label=_("What the patient wants, in the patient's words"),
        max_length=2000,
        widget=Textarea,
        help_text=_("in words, or “not yet” where nobody has asked"),
    )

    STATED = (
        "smoking", "pack_years", "autoimmune_disease", "interstitial_lung_disease", "transplant",
        "hepatitis_b", "hepatitis_c", "heart_disease", "pregnancy",
        "bleeding", "bled", "hypertension", "major_surgery", "operated",
    )  # fmt: skip
    PLAIN = ("autoimmune_text", "heart_text")
    WORDS = ("comorbidities", "preference")
    # The words beside a flag, which say which one it is.
    WHICH = (("autoimmune_disease", "autoimmune_text"), ("heart_disease", "heart_text"))

    @classmethod
    def initial_of(cls, case: Case) -> dict[str, Any]:
        """Return what the record holds."""
        row = case.patient.background
        stated = {name: current(row, name) for name in cls.STATED}
        words = {name: current_late(row, name) for name in cls.WORDS}
        return stated | words | {name: getattr(row, name) for name in cls.PLAIN}

    def clean(self) -> dict[str, Any]:
        """Hold pack-years against smoking, and the name of a disease against its flag."""
        data = super().clean() or self.cleaned_data
        smoking, years = data.get("smoking"), data.get("pack_years")
        if smoking and smoking.value == Smoking.NEVER and years:
            if years.value:
                self.add_error("pack_years", _("Pack-years: who never smoked has none"))
            else:
                data["pack_years"] = NOT_APPLICABLE
        bleeding, bled = data.get("bleeding"), data.get("bled")
        if bled and bled.value and (not bleeding or bleeding.value in (None, Bleeding.NONE)):
            self.add_error("bleeding", _("Bleeding: there is a day of it, so say which"))
        self._hold_surgery(data)
        for flag, text in self.WHICH:
            said = data.get(flag)
            if data.get(text) and said and said.value is not True:
                words = _("%(label)s: it is named, so say yes")
                self.add_error(flag, words % {"label": self.fields[flag].label})
        pregnancy, life = data.get("pregnancy"), self.life
        pregnant = bool(pregnancy and pregnancy.value is True)
        question_pregnancy(self, "pregnancy", male=bool(life and life.is_male), pregnant=pregnant)
        return data

    def _hold_surgery(self, data: dict[str, Any]) -> None:
        """Refuse the day of an operation beside anything but a yes: whether it was recent is told by the day."""
        operated, surgery = data.get("operated"), data.get("major_surgery")
        if operated and operated.value and surgery and surgery.value is not True:
            words = _("Recent major surgery: there is a day of an operation, so say yes")
            self.add_error("major_surgery", words)

    def values(self) -> dict[str, Any]:
        """Return the columns of the background."""
        data = self.cleaned_data
        words = columns(data, self.WORDS)
        # Words that are not there are empty in the record, whatever the state.
        words |= {name: words[name] or "" for name in self.WORDS}
        return {**columns(data, self.STATED), **words, **{n: data[n] for n in self.PLAIN}}
