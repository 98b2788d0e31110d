"""The curators' admin of the lists of ICIs and of irAEs: added by one person, confirmed by another."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.db.models import Case, When
from django.db.models.functions import Lower
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from cases import corrections_admin
from cases.admin_history import history_of
from cases.admin_steps import taken
from cases.forms.listed import PARTS, DrugForm, EventForm
from cases.list_checks import VERSIONS, field_of
from cases.models import ListedDrug, ListedEvent, ListState
from cases.services import lists as services
from cases.vocabulary import disease_name
from evidence.admin import CuratorAdmin
from evidence.curation.base_admin import curator_of
from evidence.shown import shown

STEPS: dict[str, tuple[Any, Callable[..., Any]]] = {
    "confirm": (_("Confirm as second curator"), services.confirm),
    "retire": (_("Do not offer"), services.retire),
    "restore": (_("Offer again"), services.restore),
}
PEOPLE = ("added_by", "confirmed_by")


class ListedAdmin(CuratorAdmin):
    """Rows of a list: what waits first. None is deleted, and what it means stays once it is on the list."""

    change_form_template = "admin/cases/listed_change_form.html"
    list_select_related = PEOPLE
    ordering = (Case(When(state=ListState.WAITING, then=0), default=1), Lower("label"))
    readonly_fields = ("state", "people", "history")
    # What the page shows of a row that is on the list, in place of the fields that gave it its meaning.
    settled_fields: tuple[str, ...] = ()
    # Returns what a row says, in one line.
    in_words: Callable[[Any], str]

    @admin.display(description=_("added and confirmed by"))
    def people(self, obj: Any) -> str:
        """Who added it and who confirmed it."""
        if obj.delivered and obj.added_by is None:
            return _now("delivered")
        found = [str(obj.added_by), str(obj.confirmed_by) if obj.confirmed_by else "–"]
        return " / ".join(found)

    @admin.display(description=_("history"))
    def history(self, obj: Any) -> str | SafeString:
        """What the row was, newest first."""
        return history_of(obj, self.in_words)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Keep what facts and rules rest on, once a row is delivered or confirmed."""
        settled = obj is not None and obj.is_settled
        return (
            (*self.readonly_fields, "code", *self.settled_fields)
            if settled
            else self.readonly_fields
        )

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save through the service."""
        service = services.save if change else services.add
        service(by=curator_of(request), row=obj)

    def get_urls(self) -> list[URLPattern]:
        """Add one address for the steps."""
        step = path(
            "<int:pk>/step/<str:name>/",
            self.admin_site.admin_view(require_POST(self.step_view)),
            name=f"cases_{self.opts.model_name}_step",
        )
        return [step, *super().get_urls()]

    def step_view(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        """Take one step with one row and say how it went."""
        row = get_object_or_404(self.model, pk=pk)
        address = reverse(f"admin:cases_{self.opts.model_name}_change", args=[row.pk])
        if name in corrections_admin.LABELS and isinstance(row, ListedDrug):
            corrections_admin.take(self, request, row, name)
            return HttpResponseRedirect(address)
        if name not in STEPS:
            raise Http404
        label, service = STEPS[name]
        seen = {"seen": request.POST.get("shown", "")} if name == "confirm" else {}
        step = partial(service, by=curator_of(request), row=row, **seen)
        taken(self, request, label, row, step)
        return HttpResponseRedirect(address)

    def more_steps(self, request: HttpRequest, row: Any) -> list[tuple[str, Any, str, int]]:
        """Return address, label, what was shown and its correction of further steps that are open with a row."""
        return []

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the steps that are open in the state of the row; none beside a save that was refused."""
        row: Any = (
            None if request.method == "POST" else self.get_object(request, unquote(object_id))
        )
        name = f"admin:cases_{self.opts.model_name}_step"
        steps = [
            (reverse(name, args=[row.pk, step]), STEPS[step][0], shown(row), None)
            for step in (_open_steps(row, request) if row else ())
        ]
        context = {**(extra_context or {}), "steps": [*self.more_steps(request, row), *steps]}
        return super().change_view(request, object_id, form_url, context)


def _open_steps(row: Any, request: HttpRequest) -> list[str]:
    if row.state == ListState.RETIRED:
        return ["restore"]
    if isinstance(row, ListedEvent) and row.delivered:
        return []
    waits_for_them = row.state == ListState.WAITING and row.added_by_id != request.user.pk
    return ["confirm", "retire"] if waits_for_them else ["retire"]


@admin.register(ListedDrug)
class ListedDrugAdmin(ListedAdmin):
    """ICIs with class, ATC code and usual dose."""

    form = DrugForm
    list_display = ("name", "against", "atc", "dose", "state", "people")
    list_filter = ("state", corrections_admin.CorrectionFilter, "delivered", "target")
    search_fields = ("label", "code", "atc", "brands")
    settled_fields = ("target", "label", "atc", "dose", "dose_mark", "corrections")

    def get_urls(self) -> list[URLPattern]:
        """Add the page on which a correction is proposed."""
        correct = path(
            "<int:pk>/correct/",
            self.admin_site.admin_view(partial(corrections_admin.correct_view, self)),
            name="cases_listeddrug_correct",
        )
        return [correct, *super().get_urls()]

    def more_steps(self, request: HttpRequest, row: Any) -> list[tuple[str, Any, str, int]]:
        """The steps of a correction that waits."""
        return corrections_admin.open_steps(row, request.user) if row else []

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Lead to the page of a correction, where one can be proposed."""
        row: Any = self.get_object(request, unquote(object_id))
        open_to_correct = row is not None and row.is_settled and not corrections_admin.waiting(row)
        address = (
            reverse("admin:cases_listeddrug_correct", args=[row.pk]) if open_to_correct else ""
        )
        context = {**(extra_context or {}), "correct": address}
        return super().change_view(request, object_id, form_url, context)

    @admin.display(description=_("corrections"))
    def corrections(self, obj: ListedDrug) -> str | SafeString:
        """What curators have corrected, and what waits."""
        return corrections_admin.in_words(obj)

    @admin.display(description=_("name"), ordering="label")
    def name(self, obj: ListedDrug) -> str:
        """The name with its brands."""
        brands = f" ({', '.join(obj.brands)})" if obj.brands else ""
        return f"{capfirst(obj.label)}{brands}"

    @admin.display(description=_("target"), ordering="target")
    def against(self, obj: ListedDrug) -> str:
        """The target; no line ends within its name."""
        return obj.target.replace("-", "\N{NON-BREAKING HYPHEN}")

    def in_words(self, event: Any) -> str:
        """Return name, target, ATC code, dose and state."""
        dose = f"{event.dose} ({event.dose_mark})" if event.dose else ""
        parts = (event.label, event.target, event.atc, dose, ", ".join(event.brands))
        return "; ".join([*filter(None, parts), str(ListState(event.state).label)])

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show code and target as they are, once they stay."""
        words = ("label", "atc", "dose", "dose_mark", "brands")
        if obj is None:
            return [(None, {"fields": ("label", "targets", *words[1:])})]
        if obj.is_settled:
            held = ("corrections", "label", "code", "target")
            return [(None, {"fields": ("state", "people", *held, *words[1:], "history", "shown")})]
        fields = ("state", "people", "label", "targets", *words[1:], "history", "shown")
        return [(None, {"fields": fields})]


@admin.register(ListedEvent)
class ListedEventAdmin(ListedAdmin):
    """irAEs with organ, disease and CTCAE terms."""

    form = EventForm
    list_display = ("label", "organ", "disease", "in_terms", "state", "people")
    list_filter = ("state", "delivered", "organ")
    search_fields = ("label", "code", "synonyms")
    settled_fields = ("label", "organ", "disease", "in_terms")

    @admin.display(description=_("same disease as"))
    def disease(self, obj: ListedEvent) -> str:
        """What it counts as when it comes back."""
        name = disease_name(obj.family)
        return "–" if obj.family == obj.code or name == obj.label else name

    @admin.display(description=_("CTCAE terms"))
    def in_terms(self, obj: ListedEvent) -> SafeString:
        """Each term with its grades."""
        return format_html_join("", "<div>{}</div>", ((line,) for line in _terms_of(obj)))

    def in_words(self, event: Any) -> str:
        """Return name, organ, terms and state."""
        parts = (event.label, str(event.get_organ_display()), *_terms_of(event))
        more = ", ".join(event.synonyms)
        return "; ".join([*parts, *filter(None, [more]), str(ListState(event.state).label)])

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show one line for each CTCAE version, or what stays as it is."""
        if obj is not None and obj.is_settled:
            label, *meaning = self.settled_fields
            fields = ("state", "people", label, "code", *meaning, "synonyms")
            return [(None, {"fields": (*fields, "history", "shown")})]
        first, *rest = PARTS
        lines = [
            (
                f"CTCAE {v}",
                {"fields": (field_of(first, v), tuple(field_of(part, v) for part in rest))},
            )
            for v in VERSIONS
        ]
        own = ("label", "organ", "family", "synonyms")
        if obj is None:
            return [(None, {"fields": own}), *lines]
        return [
            (None, {"fields": ("state", "people", *own)}),
            *lines,
            (None, {"fields": ("history", "shown")}),
        ]


def _terms_of(row: Any) -> list[str]:
    return [
        f"CTCAE {v}: {term} ({code}), {row.grades[v][0]}–{row.grades[v][1]}"
        for v, (term, code) in sorted(row.terms.items())
    ]
