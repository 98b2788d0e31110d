"""Curation in the admin: drafts are written here and published by a second curator."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from evidence import services
from evidence.admin_forms import FindingForm, NewVersionForm, SourceForm, VersionForm
from evidence.conditions import ConditionError, outline
from evidence.models import (
    Finding,
    Source,
    Statement,
    StatementVersion,
    VersionFinding,
    VersionSource,
)
from evidence.policies import CurationRefused
from evidence.shown import shown
from evidence.states import VersionState
from ui.inlines import RowFormSet

if TYPE_CHECKING:
    from accounts.models import User

STEPS: dict[str, tuple[Any, Callable[..., StatementVersion]]] = {
    "submit": (_("Submit for publication"), services.submit),
    "publish": (_("Publish as second person"), services.publish),
    "retire": (_("Retire or withdraw"), services.retire),
    "draft": (_("New draft from this version"), services.new_draft_from),
}
"""What a curator may do with a version: its label and the service that does it."""


class CuratorAdmin(admin.ModelAdmin):
    """Opens to whoever may curate on a board; nothing is ever deleted."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Show the application to curators."""
        return _may_curate(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let curators read everything."""
        return _may_curate(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Let curators add."""
        return _may_curate(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let curators change what is not frozen."""
        return _may_curate(request) and (obj is None or not self.is_frozen(obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse: what is not needed is retired."""
        return False

    def is_frozen(self, obj: Any) -> bool:
        """Whether a published version refers to this row."""
        return False


def _may_curate(request: HttpRequest) -> bool:
    user: Any = request.user
    return bool(user.is_authenticated and user.can_anywhere("evidence.curate"))


def _curator(request: HttpRequest) -> User:
    """The signed-in user; the admin lets nobody else get this far."""
    return cast("User", request.user)


@admin.register(Source)
class SourceAdmin(CuratorAdmin):
    """Sources; frozen once a published version refers to them."""

    form = SourceForm
    list_display = ("short", "code", "revision", "kind", "doi", "mark")
    list_filter = ("kind", "mark")
    search_fields = ("code", "short", "citation", "doi", "pmid")

    def is_frozen(self, obj: Source) -> bool:
        """Whether a version that is no draft rests on it."""
        return services.source_is_pinned(obj)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save through the service."""
        services.save_basis(by=_curator(request), row=obj)


@admin.register(Finding)
class FindingAdmin(CuratorAdmin):
    """Findings; frozen once a published version rests on them."""

    form = FindingForm
    list_display = (
        "label",
        "source",
        "tumour",
        "direct",
        "n_of_total",
        "value",
        "revision",
        "mark",
    )
    list_filter = ("state", "setting", "endpoint", "direct", "tumour", "mark")
    list_select_related = ("source",)
    search_fields = ("code", "label", "population", "source__short")

    @admin.display(description=_("n/N"))
    def n_of_total(self, obj: Finding) -> str:
        """The fraction as counted."""
        return "" if obj.numerator is None else f"{obj.numerator}/{obj.denominator}"

    def is_frozen(self, obj: Finding) -> bool:
        """Whether a version that is no draft rests on it."""
        return services.finding_is_pinned(obj)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save through the service."""
        services.save_basis(by=_curator(request), row=obj)


class BasisInline(admin.TabularInline):
    """Rows that a draft rests on; read only once it is published."""

    formset = RowFormSet
    extra = 0

    def _is_open(self, request: HttpRequest, obj: Any) -> bool:
        return _may_curate(request) and (obj is None or _is_editable(obj))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let curators read them."""
        return _may_curate(request)

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
    """The findings of a version."""

    model = VersionFinding


class SourceInline(BasisInline):
    """The sources of a version beside those of its findings."""

    model = VersionSource


def _is_editable(version: StatementVersion) -> bool:
    return version.state == VersionState.DRAFT and version.author_id is not None


class VersionInline(admin.TabularInline):
    """The versions of a statement, each a link."""

    model = StatementVersion
    extra = 0
    can_delete = False
    show_change_link = True
    fields = readonly_fields = ("number", "state", "title", "origin", "author", "published_by")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let curators read them."""
        return _may_curate(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse: a version begins as a draft of its own."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse: a version is changed on its own page."""
        return False


@admin.register(Statement)
class StatementAdmin(CuratorAdmin):
    """Statements with their versions. A new one begins with its first version."""

    list_display = ("code", "position")
    search_fields = ("code", "versions__title")
    fields = readonly_fields = ("code", "position", "public_id")
    inlines = (VersionInline,)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: a statement comes into being with its first draft."""
        return False


@admin.register(StatementVersion)
class StatementVersionAdmin(CuratorAdmin):
    """Versions: drafts are edited here, the steps of publication are buttons and actions."""

    form = VersionForm
    inlines = (FindingInline, SourceInline)
    list_display = ("of_statement", "number", "title", "state", "mark", "origin", "people")
    list_display_links = ("of_statement", "title")
    list_filter = ("state", "category", "mark", "origin", "signal")
    list_select_related = ("statement", "author", "published_by")
    search_fields = ("statement__code", "title", "says")
    readonly_fields = ("condition_in_words", "lacking")
    # Publication is no action of the list: whoever publishes has to have the text before their eyes.
    actions = ("submit_chosen", "retire_chosen", "draft_chosen")

    @admin.display(description=_("statement"), ordering="statement__code")
    def of_statement(self, obj: StatementVersion) -> str:
        """The statement's code."""
        return str(obj.statement)

    @admin.display(description=_("written and published by"))
    def people(self, obj: StatementVersion) -> str:
        """Author and publisher."""
        return " / ".join(str(person) for person in (obj.author, obj.published_by) if person)

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
        if obj.state != VersionState.DRAFT:
            return "–"
        found = services.version_problems(obj)
        return format_html_join("", "<div>{}</div>", ((p,) for p in found)) or str(_("nothing"))

    def is_frozen(self, obj: StatementVersion) -> bool:
        """Whether its text is closed: published, retired or delivered with the product."""
        return not _is_editable(obj)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[ModelForm]:
        """Ask for the code when a statement is new."""
        if obj is None:
            kwargs["form"] = NewVersionForm
        return super().get_form(request, obj, change=change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Put the condition in words under the condition, and what is lacking on top."""
        fields = list(VersionForm.Meta.fields)
        if obj is None:
            return ["code", *fields]
        fields.insert(fields.index("condition") + 1, "condition_in_words")
        return ["lacking", *fields, *([] if self.is_frozen(obj) else ["shown"])]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Begin a statement, or save a draft, through the service."""
        if change:
            services.save_draft(by=_curator(request), version=obj)
            return
        content = {name: form.cleaned_data[name] for name in services.CONTENT_FIELDS}
        begun = services.begin_statement(
            by=_curator(request), code=form.cleaned_data["code"], content=content
        )
        obj.__dict__.update(begun.__dict__)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Changed findings or sources are an edit like any other."""
        super().save_related(request, form, formsets, change)
        if any(formset.has_changed() for formset in formsets):
            services.save_draft(by=_curator(request), version=form.instance)

    def get_urls(self) -> list[URLPattern]:
        """Add one address for the steps of publication."""
        step = path(
            "<int:pk>/step/<str:name>/",
            self.admin_site.admin_view(require_POST(self.step_view)),
            name="evidence_version_step",
        )
        return [step, *super().get_urls()]

    def step_view(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        """Take one step with one version and say how it went."""
        version = get_object_or_404(StatementVersion, pk=pk)
        seen = {"seen": request.POST.get("shown", "")} if name == "publish" else {}
        result = self._take(request, name, version, **seen) or version
        return HttpResponseRedirect(
            reverse("admin:evidence_statementversion_change", args=[result.pk])
        )

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
        steps = [(name, STEPS[name][0]) for name in _open_steps(version)]
        context = {**(extra_context or {}), "steps": steps, "shown": version and shown(version)}
        return super().change_view(request, object_id, form_url, context)

    def _take(
        self, request: HttpRequest, name: str, version: StatementVersion, **seen: str
    ) -> StatementVersion | None:
        label, service = STEPS[name]
        try:
            result = service(by=_curator(request), version=version, **seen)
        except CurationRefused as refusal:
            self.message_user(request, f"{version.statement.code}: {refusal}", messages.ERROR)
            return None
        except ValidationError as error:
            for line in error.messages:
                self.message_user(request, f"{version.statement.code}: {line}", messages.ERROR)
            return None
        self.message_user(request, format_html("{}: {}", label, result), messages.SUCCESS)
        return result

    def _take_all(
        self, request: HttpRequest, name: str, chosen: QuerySet[StatementVersion]
    ) -> None:
        for version in chosen.select_related("statement"):
            self._take(request, name, version)

    @admin.action(description=STEPS["submit"][0])
    def submit_chosen(self, request: HttpRequest, chosen: QuerySet[StatementVersion]) -> None:
        """Submit every chosen draft."""
        self._take_all(request, "submit", chosen)

    @admin.action(description=STEPS["retire"][0])
    def retire_chosen(self, request: HttpRequest, chosen: QuerySet[StatementVersion]) -> None:
        """Retire every chosen version."""
        self._take_all(request, "retire", chosen)

    @admin.action(description=STEPS["draft"][0])
    def draft_chosen(self, request: HttpRequest, chosen: QuerySet[StatementVersion]) -> None:
        """Begin a draft from every chosen version."""
        self._take_all(request, "draft", chosen)


def _open_steps(version: StatementVersion | None) -> list[str]:
    if version is None:
        return []
    steps = ["draft"]
    if _is_editable(version):
        steps = ["publish" if version.submitted_at else "submit", *steps]
    if version.state != VersionState.RETIRED:
        steps.append("retire")
    return steps
