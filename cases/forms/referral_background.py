"""What a referral says in short of the background, of metastases, drivers and second-line agents."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cases.forms.complete import AsOfField
from cases.forms.fields import NOTHING, StatedChoiceField, StatedFlagField
from cases.models import (
    ACTIONABLE,
    Driver,
    DriverResult,
    ImmunosuppressantDrug,
    MetastaticSite,
    Transplant,
    ViralHepatitis,
)
from evidence.conditions import FactState

NO_AGENT = "none"
# Another agent has a name, which the form of the section asks for.
AGENTS = [c for c in ImmunosuppressantDrug.choices if c[0] != ImmunosuppressantDrug.OTHER]
# One answer for the three genes that the guidance reads; the form of the section has the others.
DRIVERS = [
    (DriverResult.NEGATIVE.value, _("EGFR, ALK, ROS1 tested, no alteration")),
    *((gene.value, format_lazy(_("{gene} altered"), gene=gene.label)) for gene in ACTIONABLE),
    (Driver.UNNAMED.value, _("One of them altered, not said which")),
    (DriverResult.NOT_TESTED.value, _("Not tested")),
]


class BackgroundFields(forms.Form):
    """Each answer is stored as by the form of its own section; what is not answered stays as it is."""

    autoimmune_disease = StatedFlagField(label=_("Autoimmune disease that is no irAE"))
    interstitial_lung_disease = StatedFlagField(label=_("Interstitial lung disease"))
    hepatitis_b = StatedChoiceField(label=_("Hepatitis B"), choices=ViralHepatitis.choices)
    hepatitis_c = StatedChoiceField(label=_("Hepatitis C"), choices=ViralHepatitis.choices)
    transplant = StatedChoiceField(label=_("Transplant"), choices=Transplant.choices)
    liver = StatedFlagField(label=_("Liver metastases now"))
    brain = StatedFlagField(label=_("Brain metastases now"))
    imaged = AsOfField(label=_("Imaging of"), help_text=_("of liver and brain; empty: today"))
    drivers = StatedChoiceField(label=_("Driver alterations"), choices=DRIVERS)
    second_line = forms.ChoiceField(
        label=_("Second-line immunosuppressant now"),
        required=False,
        choices=[("", _("Not entered")), (NO_AGENT, _("None")), *AGENTS],
    )

    BACKGROUND = (
        "autoimmune_disease", "interstitial_lung_disease", "hepatitis_b", "hepatitis_c", "transplant",
    )  # fmt: skip
    SITES = (MetastaticSite.LIVER.value, MetastaticSite.BRAIN.value)

    @property
    def background_block(self) -> list[Any]:
        """The fields of the block, for the template."""
        return [self[name] for name in BackgroundFields.base_fields]

    def hold_imaging(self, data: dict[str, Any]) -> None:
        """Refuse the day of an imaging of which nothing is said."""
        told = any(data.get(site) != NOTHING for site in self.SITES)
        if data.get("imaged") is not None and not told:
            words = _("Imaging of: say what it showed of liver or brain, or clear the day")
            self.add_error("imaged", words)

    def background_values(self) -> dict[str, Any]:
        """Return the columns of the background that were answered."""
        return {
            column: value
            for name in self.BACKGROUND
            if (said := self.cleaned_data[name]).state != FactState.MISSING
            for column, value in said.columns(name).items()
        }

    def site_values(self) -> dict[str, dict[str, Any]]:
        """Return the columns of each site that was answered."""
        return {
            site: said.columns("present")
            for site in self.SITES
            if (said := self.cleaned_data[site]).state != FactState.MISSING
        }

    def driver_values(self) -> dict[str, dict[str, Any]]:
        """Return the columns of each gene that was answered: of one that is altered nothing is said of the others."""
        said = self.cleaned_data["drivers"]
        if said.state == FactState.MISSING:
            return {}
        if said.value in {Driver.UNNAMED, *ACTIONABLE}:
            result = {"result": DriverResult.POSITIVE.value, "result_state": said.state}
            return {said.value: result}
        return {gene.value: said.columns("result") for gene in ACTIONABLE}

    def second_line_values(self) -> dict[str, Any] | None:
        """Return the columns of the agent given now; None where none was named."""
        agent = self.cleaned_data["second_line"]
        if agent in ("", NO_AGENT):
            return None
        return {"drug": agent, "still_given": True, "still_given_state": FactState.KNOWN.value}

    def has_no_second_line(self) -> bool:
        """Whether somebody said that none is given."""
        return bool(self.cleaned_data["second_line"] == NO_AGENT)
