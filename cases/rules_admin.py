"""The curators' admin of the rules of readiness: drafted by one person, published by another."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from cases.admin_steps import taken
from cases.delivered import delivered_rows
from cases.forms.readiness import RulesForm
from cases.models import LimitSweep, ReadinessVersion, SweepState
from cases.presenters.rules import by_fact, difference, followed_words
from cases.rule_checks import problems
from cases.services import limits
from cases.services import readiness as services
from evidence.admin import CuratorAdmin
from evidence.shown import shown

if TYPE_CHECKING:
    from accounts.models import User

STEPS: dict[str, tuple[Any, Callable[..., ReadinessVersion]]] = {
    "submit": (_("Submit for publication"), services.submit),
    "publish": (_("Publish as second person"), services.publish),
    "draft": (_("New draft from this version"), services.new_draft_from),
    "stop": (_("Stop following"), limits.stop_sweep),
    "go_on": (_("Go on following"), limits.go_on),
}


@admin.register(ReadinessVersion)
class ReadinessVersionAdmin(CuratorAdmin):
    """Versions of the rules. The newest published one holds; what is published is frozen."""

    form = RulesForm
    list_display = ("number", "state", "note", "people", "published_at")
    list_select_related = ("written_by", "edited_by", "published_by")
    readonly_fields = ("state", "followed", "changes", "in_words")

    @admin.display(description=_("state"))
    def state(self, obj: ReadinessVersion) -> str:
        """Whether it is a draft, submitted, holds now, or held once."""
        if obj.published_at is None:
            return str(_("submitted") if obj.submitted_at else _("draft"))
        holds = services.published_version()
        return str(_("holds now") if holds and holds.pk == obj.pk else _("held once"))

    @admin.display(description=_("written and published by"))
    def people(self, obj: ReadinessVersion) -> str:
        """Author, last editor and publisher."""
        found = (obj.written_by, obj.edited_by, obj.published_by)
        return " / ".join(dict.fromkeys(str(person) for person in found if person))

    @admin.display(description=_("in words"))
    def in_words(self, obj: ReadinessVersion) -> str | SafeString:
        """The saved rules, fact by fact."""
        if problems(obj.rules):
            return "–"
        rows = ((label, "; ".join(words)) for label, words in by_fact(obj.rules).items())
        return format_html_join("", "<div><b>{}</b>: {}</div>", rows)

    @admin.display(description=_("against the published version"))
    def changes(self, obj: ReadinessVersion) -> str | SafeString:
        """What would change, or did change, against the published version before it."""
        before = (
            ReadinessVersion.objects.filter(published_at__isnull=False, number__lt=obj.number)
            .order_by("-number")
            .first()
        )
        if before is None or problems(obj.rules) or problems(before.rules):
            return "–"
        rows = [
            (label, old or _("not asked for"), new or _("not asked for"))
            for label, old, new in difference(before.rules, obj.rules)
        ]
        if not rows:
            return format_html("{} v{}", _("the same rules as"), before.number)
        return format_html_join("", "<div><b>{}</b>: <del>{}</del> → <ins>{}</ins></div>", rows)

    @admin.display(description=_("age limits in the cases"))
    def followed(self, obj: ReadinessVersion) -> str:
        """How far the days kept with the cases follow the limits of this version."""
        return followed_words(_sweep_of(obj))

    def is_frozen(self, obj: ReadinessVersion) -> bool:
        """Whether it was published."""
        return obj.published_at is not None

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show what changes on top, and the rules in words below it; as data where they are edited."""
        if obj is None:
            return ("note", "rules")
        if self.is_frozen(obj):
            followed = ("followed",) if _sweep_of(obj) else ()
            return ("state", *followed, "note", "changes", "in_words")
        return ("state", "note", "changes", "rules", "in_words", "shown")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Begin a new version with the rules that hold now."""
        holds = services.published_version()
        return {"rules": holds.rules if holds else delivered_rows()}

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Begin or save a draft through the service."""
        if change:
            services.save_draft(by=_curator(request), version=obj)
            return
        data = form.cleaned_data
        begun = services.begin_draft(by=_curator(request), rules=data["rules"], note=data["note"])
        obj.__dict__.update(begun.__dict__)

    def get_urls(self) -> list[URLPattern]:
        """Add one address for the steps of publication."""
        step = path(
            "<int:pk>/step/<str:name>/",
            self.admin_site.admin_view(require_POST(self.step_view)),
            name="cases_readinessversion_step",
        )
        return [step, *super().get_urls()]

    def step_view(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        """Take one step with one version and say how it went."""
        version = get_object_or_404(ReadinessVersion, pk=pk)
        if name not in STEPS:
            raise Http404
        label, service = STEPS[name]
        seen = {"seen": request.POST.get("shown", "")} if name == "publish" else {}
        step = partial(service, by=_curator(request), version=version, **seen)
        version = taken(self, request, label, version, step)
        address = reverse("admin:cases_readinessversion_change", args=[version.pk])
        return HttpResponseRedirect(address)

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


def _open_steps(version: ReadinessVersion | None) -> list[str]:
    if version is None:
        return []
    if version.published_at is not None:
        return ["draft", *_sweep_steps(version)]
    return ["publish" if version.submitted_at else "submit", "draft"]


def _sweep_of(version: ReadinessVersion) -> LimitSweep | None:
    return LimitSweep.objects.filter(version=version).first()


def _sweep_steps(version: ReadinessVersion) -> list[str]:
    sweep, holds = _sweep_of(version), services.published_version()
    if sweep is None:
        return []
    if sweep.is_open or sweep.is_rewriting:
        return ["stop"]
    may_go_on = sweep.failed_cases or SweepState.CANCELLED in (sweep.state, sweep.rewrite_state)
    return ["go_on"] if may_go_on and holds is not None and holds.pk == version.pk else []


def _curator(request: HttpRequest) -> User:
    """The signed-in user; the admin lets nobody else get this far."""
    return cast("User", request.user)
