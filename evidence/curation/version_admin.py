"""Versions of statements in the admin: drafts are edited here, and each step of their life is taken here."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.access import requires
from evidence import services
from evidence.admin_forms import NewVersionForm, VersionForm
from evidence.conditions import ConditionError, outline
from evidence.curation import editor, steps
from evidence.curation.base_admin import CuratorAdmin, curator_of, may_curate
from evidence.curation.filters import ReviewFilter
from evidence.differing import in_words
from evidence.models import StatementVersion, VersionFinding, VersionSource
from evidence.shown import shown
from evidence.states import UNPUBLISHED, VersionState
from ui.inlines import RowFormSet

STRUCTURES = ("condition", "certainty_reasons", "rules", "contradictions", "corrections")
"""Fields of plain JSON: edited as a form, and read in words where they are closed."""


def is_editable(version: StatementVersion) -> bool:
    """Whether a curator may change the text of the version."""
    return version.state == VersionState.DRAFT and version.author_id is not None


class BasisInline(admin.TabularInline):
    """Rows that a draft rests on; read only once it is published."""

    formset = RowFormSet
    extra = 0

    class Media:
        js = ("evidence/curation.js",)

    def _is_open(self, request: HttpRequest, obj: Any) -> bool:
        return may_curate(request) and (obj is None or is_editable(obj))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let curators read them."""
        return may_curate(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Add to drafts only."""
        return self._is_open(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Change on drafts only."""
        return self._is_open(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Take from drafts only."""
        return self._is_open(request, obj)


class FindingInline(BasisInline):
    """The findings of a version, each searched for by what it counted, in whom and by its figure."""

    model = VersionFinding
    autocomplete_fields = ("finding",)


class SourceInline(BasisInline):
    """The sources of a version beside those of its findings."""

    model = VersionSource
    autocomplete_fields = ("source",)


@admin.register(StatementVersion)
class StatementVersionAdmin(CuratorAdmin):
    """Versions: drafts are edited here, the steps of publication are buttons and actions."""

    form = VersionForm
    inlines = (FindingInline, SourceInline)
    list_display = (
        "of_statement", "number", "title", "state", "review_by", "mark", "origin", "people",
    )  # fmt: skip
    list_display_links = ("of_statement", "title")
    list_filter = ("state", ReviewFilter, "category", "mark", "origin", "signal")
    list_select_related = ("statement", "author", "published_by")
    search_fields = ("statement__code", "title", "says")
    readonly_fields = (
        "state",
        "sent_back_because",
        "retired_because",
        "lacking",
        *(f"{name}_in_words" for name in STRUCTURES),
    )
    # Publication and retirement are no actions of the list: whoever takes them has to see what they change.
    actions = ("submit_chosen", "draft_chosen")

    @admin.display(description=_("statement"), ordering="statement__code")
    def of_statement(self, obj: StatementVersion) -> str:
        """The statement's code."""
        return str(obj.statement)

    @admin.display(description=_("written and published by"))
    def people(self, obj: StatementVersion) -> str:
        """Author and publisher."""
        return " / ".join(str(person) for person in (obj.author, obj.published_by) if person)

    @admin.display(description=_("reasons of the certainty"))
    def certainty_reasons_in_words(self, obj: StatementVersion) -> str | SafeString:
        """Line by line."""
        return _lines(obj, "certainty_reasons")

    @admin.display(description=_("rules by source"))
    def rules_in_words(self, obj: StatementVersion) -> str | SafeString:
        """Line by line."""
        return _lines(obj, "rules")

    @admin.display(description=_("sources that contradict"))
    def contradictions_in_words(self, obj: StatementVersion) -> str | SafeString:
        """Line by line."""
        return _lines(obj, "contradictions")

    @admin.display(description=_("corrected print"))
    def corrections_in_words(self, obj: StatementVersion) -> str | SafeString:
        """Line by line."""
        return _lines(obj, "corrections")

    @admin.display(description=_("condition in words"))
    def condition_in_words(self, obj: StatementVersion) -> str | SafeString:
        """The saved condition, line by line."""
        try:
            lines = outline(obj.node, gettext)
        except ConditionError as error:
            return error.words(gettext)
        return format_html_join("", "<div>{}{}</div>", ((" – " * x.depth, x.text) for x in lines))

    @admin.display(description=_("still in the way of publication"))
    def lacking(self, obj: StatementVersion) -> str | SafeString:
        """What publication would refuse now."""
        if obj.state not in UNPUBLISHED:
            return "–"
        found = services.version_problems(obj)
        return format_html_join("", "<div>{}</div>", ((p,) for p in found)) or str(_("nothing"))

    def is_frozen(self, obj: StatementVersion) -> bool:
        """Whether its text is closed: in review, published, out of use or delivered with the product."""
        return not is_editable(obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let what was typed reach its form when the draft went into review meanwhile: it says so and keeps it."""
        closed_meanwhile = (
            request.method == "POST" and obj is not None and obj.state == VersionState.IN_REVIEW
        )
        return super().has_change_permission(request, None if closed_meanwhile else obj)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[ModelForm]:
        """Ask for the code when a statement is new."""
        if obj is None:
            kwargs["form"] = NewVersionForm
        made: Any = super().get_form(request, obj, change=change, **kwargs)
        made.user = curator_of(request)
        return made

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Put the condition in words under the condition, and what is lacking on top."""
        fields = list(VersionForm.Meta.fields)
        if obj is None:
            return ["code", *fields]
        if self.is_frozen(obj):
            fields = [f"{name}_in_words" if name in STRUCTURES else name for name in fields]
        reasons = [name for name in ("sent_back_because", "retired_because") if getattr(obj, name)]
        return ["state", *reasons, "lacking", *fields, *([] if self.is_frozen(obj) else ["shown"])]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Begin a statement, or save a draft, through the service."""
        if change:
            services.save_draft(by=curator_of(request), version=obj)
            return
        names = (*services.CONTENT_FIELDS, *services.DATE_FIELDS)
        content = {name: form.cleaned_data[name] for name in names}
        begun = services.begin_statement(
            by=curator_of(request), code=form.cleaned_data["code"], content=content
        )
        obj.__dict__.update(begun.__dict__)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Changed findings or sources are an edit like any other."""
        super().save_related(request, form, formsets, change)
        if any(formset.has_changed() for formset in formsets):
            services.save_draft(by=curator_of(request), version=form.instance)

    def get_urls(self) -> list[URLPattern]:
        """Add the addresses of the steps and of the editor's fields."""
        return [*steps.urls(self), *editor.urls(self), *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the steps that are open in the state of the version.

        None beside a save that was refused: what stands on that page is what was typed, not what is stored.
        """
        version = None if request.method == "POST" else self.get_object(request, unquote(object_id))
        context = {
            **(extra_context or {}),
            "steps": steps.open_steps(version) if version else [],
            "shown": version and shown(version),
        }
        return super().change_view(request, object_id, form_url, context)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the form, or take it; cases that are tried without a script are entered on the trail."""
        view = super().changeform_view
        if request.method != "POST":
            return view(request, object_id, form_url, extra_context)

        @requires("evidence.curate", lists=True)
        def tried(request: HttpRequest) -> HttpResponse:
            answer = view(request, object_id, form_url, extra_context)
            # Cases are read while the page is drawn, which has to be before the entry.
            return answer.render() if isinstance(answer, TemplateResponse) else answer

        return tried(request)

    def _take_all(
        self, request: HttpRequest, name: str, chosen: QuerySet[StatementVersion]
    ) -> None:
        for version in chosen.select_related("statement"):
            steps.take(self, request, steps.STEPS[name], version)

    @admin.action(description=steps.STEPS["submit"].label)
    def submit_chosen(self, request: HttpRequest, chosen: QuerySet[StatementVersion]) -> None:
        """Submit every chosen draft."""
        self._take_all(request, "submit", chosen)

    @admin.action(description=steps.STEPS["draft"].label)
    def draft_chosen(self, request: HttpRequest, chosen: QuerySet[StatementVersion]) -> None:
        """Begin a draft from every chosen version."""
        self._take_all(request, "draft", chosen)


def _lines(version: StatementVersion, field: str) -> str | SafeString:
    rows = getattr(version, field) or []
    return format_html_join("", "<div>{}</div>", ((in_words(field, [row]),) for row in rows)) or "–"
