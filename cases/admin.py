"""The curators' admin of what a laboratory measures and of what is asked about an irAE."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from cases.admin_history import history_of
from cases.forms.analytes import AnalyteForm
from cases.forms.dossier_items import DossierItemForm
from cases.lab_entry import unit_words
from cases.lists_admin import ListedDrugAdmin, ListedEventAdmin
from cases.models import Analyte, DossierItem
from cases.rules_admin import ReadinessVersionAdmin
from cases.services.analytes import save_analyte
from evidence.admin import CuratorAdmin
from ui import formatting

if TYPE_CHECKING:
    from accounts.models import User

# Registered where it is defined.
__all__ = [
    "AnalyteAdmin",
    "DossierItemAdmin",
    "ListedDrugAdmin",
    "ListedEventAdmin",
    "ReadinessVersionAdmin",
]


@admin.register(Analyte)
class AnalyteAdmin(CuratorAdmin):
    """Analytes: labels, units, plausible ranges. One that is not wanted is no longer offered."""

    form = AnalyteForm
    list_display = (
        "label",
        "code",
        "loinc",
        "shown_unit",
        "plausible",
        "usual",
        "charted",
        "active",
    )
    list_filter = ("usual", "charted", "active")
    search_fields = ("code", "label", "loinc")
    readonly_fields = ("history",)

    @admin.display(description=_("canonical unit"), ordering="unit")
    def shown_unit(self, obj: Analyte) -> str:
        """The canonical unit as it is printed."""
        return unit_words(obj.unit)

    @admin.display(description=_("questioned outside"))
    def plausible(self, obj: Analyte) -> str:
        """The range outside which a result is questioned."""
        low, high = formatting.number(obj.plausible_low), formatting.number(obj.plausible_high)
        return f"{low} – {high}"

    @admin.display(description=_("history"))
    def history(self, obj: Analyte) -> str | SafeString:
        """What the analyte was, newest first."""
        return history_of(obj, _words)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Keep code and canonical unit once they are there: results are stored in that unit."""
        return (*self.readonly_fields, "code", "unit") if obj else self.readonly_fields

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show the history under the fields of an analyte that is there."""
        return (*AnalyteForm.Meta.fields, "history") if obj else AnalyteForm.Meta.fields

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save through the service."""
        save_analyte(by=cast("User", request.user), analyte=obj)


def _words(event: Any) -> str:
    units = ", ".join(f"{unit} × {factor}" for unit, factor in event.units.items())
    ends = (formatting.number(event.plausible_low), formatting.number(event.plausible_high))
    offered = _("offered") if event.active else _("not offered")
    return f"{event.label}; {units}; {ends[0]} – {ends[1]}; {offered}"


@admin.register(DossierItem)
class DossierItemAdmin(CuratorAdmin):
    """Items are added and no longer asked for; none is deleted, and none changes what was answered."""

    form = DossierItemForm
    list_display = ("label", "organ", "kind", "unit", "fact", "position", "active")
    list_filter = ("organ", "kind", "active")
    search_fields = ("label", "code")
    ordering = ("organ", "position", "code")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Keep what gives an answer its meaning, once the item is there."""
        return ("code", "organ", "kind", "unit", "fact") if obj is not None else ()
