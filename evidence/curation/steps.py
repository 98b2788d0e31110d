"""The steps of a version's life as pages: what a step changes stands above the button that takes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts.access import requires
from evidence import services
from evidence.corrected import gone
from evidence.curation import reach_page
from evidence.curation.base_admin import curator_of
from evidence.curation.counting import Question
from evidence.curation.reach import reach
from evidence.differing import LABELS, differences
from evidence.errata import beside
from evidence.models import StatementVersion
from evidence.policies import CurationRefused, check_not_overtaken, check_second_person
from evidence.selectors import with_basis
from evidence.shown import shown
from evidence.states import TRANSITIONS, VersionState

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin
    from django.urls import URLPattern

    from accounts.models import User
    from evidence.corrected import Gone

TEMPLATE = "admin/evidence/statementversion/step.html"


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its name in the address, its label and its service.

    `to`: the state that it leads to, None for a step that changes nothing of the version. `page`: it is taken on
    a page of its own. `asks_why`: the service takes a reason. `sees`: it takes what was shown.
    """

    name: str
    label: Any
    service: Callable[..., StatementVersion]
    to: VersionState | None
    page: bool = False
    asks_why: bool = False
    sees: bool = False


STEPS = {
    step.name: step
    for step in (
        Step("submit", _("Submit for publication"), services.submit, VersionState.IN_REVIEW),
        Step(
            "publish",
            _("Publish as second person"),
            services.publish,
            VersionState.PUBLISHED,
            page=True,
            sees=True,
        ),
        Step(
            "send-back",
            _("Send back to its author"),
            services.send_back,
            VersionState.DRAFT,
            page=True,
            asks_why=True,
        ),
        Step("draft", _("New draft from this version"), services.new_draft_from, None),
        Step(
            "retire",
            _("Retire or withdraw"),
            services.retire,
            VersionState.RETIRED,
            page=True,
            asks_why=True,
        ),
    )
}
"""What a curator may do with a version, in the order of the buttons."""


def open_steps(version: StatementVersion) -> list[Step]:
    """The steps that lead on from the state of the version; a delivered draft is not submitted as it came."""
    follow = TRANSITIONS[VersionState(version.state)]
    delivered = version.author_id is None
    return [
        step
        for step in STEPS.values()
        if step.to is None or (step.to in follow and not (delivered and step.name == "submit"))
    ]


def urls(model_admin: ModelAdmin[StatementVersion]) -> list[URLPattern]:
    """The addresses of the steps. What they show of patients is entered on the trail."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @requires("evidence.curate", lists=True)
    def view(request: HttpRequest, pk: int, name: str) -> HttpResponse:
        return step_view(model_admin, request, pk, name)

    @require_http_methods(["GET", "HEAD", "POST"])
    @requires("evidence.curate", lists=True, renews=True)
    def counting(request: HttpRequest, pk: int, name: str) -> HttpResponse:
        # Cases are read while the part is drawn, which has to be before the entry.
        answer = reach_view(model_admin, request, pk, name)
        return answer.render() if isinstance(answer, TemplateResponse) else answer

    return [
        path(
            "<int:pk>/step/<slug:name>/",
            model_admin.admin_site.admin_view(view),
            name="evidence_version_step",
        ),
        path(
            "<int:pk>/step/<slug:name>/reach/",
            model_admin.admin_site.admin_view(counting),
            name="evidence_version_reach",
        ),
    ]


def _found(pk: int, name: str) -> tuple[StatementVersion, Step]:
    """The version and the step of an address. Raises Http404."""
    step = STEPS.get(name)
    if step is None:
        raise Http404
    return get_object_or_404(with_basis(StatementVersion.objects.all()), pk=pk), step


def step_view(
    model_admin: ModelAdmin[StatementVersion], request: HttpRequest, pk: int, name: str
) -> HttpResponse:
    """Show what a step changes (GET), or take it and say how it went (POST)."""
    version, step = _found(pk, name)
    if request.method == "POST":
        result = _taken(model_admin, request, step, version)
        if result is not None or not step.page or step not in open_steps(version):
            return redirect("admin:evidence_statementversion_change", (result or version).pk)
    if not step.page:
        return HttpResponseNotAllowed(["POST"])
    if step not in open_steps(version):
        return redirect("admin:evidence_statementversion_change", version.pk)
    return _page(model_admin, request, step, version)


def reach_view(
    model_admin: ModelAdmin[StatementVersion], request: HttpRequest, pk: int, name: str
) -> HttpResponse:
    """Show how far the count of a step is (GET), or end it or begin it anew (POST)."""
    version, step = _found(pk, name)
    question = _question(step, version, _current(version))
    if question is None or step not in open_steps(version):
        raise Http404
    if request.method == "POST":
        reach_page.steer(curator_of(request), question, request.POST.get("count", ""))
        return redirect("admin:evidence_version_step", pk, name)
    context = {
        "original": version,
        "step": step,
        "reached": reach_page.reached(curator_of(request), question, version, step.name),
    }
    return TemplateResponse(request, reach_page.TEMPLATE, context)


def _taken(
    model_admin: ModelAdmin[StatementVersion],
    request: HttpRequest,
    step: Step,
    version: StatementVersion,
) -> StatementVersion | None:
    """Take a step with what was sent; None where it was refused."""
    question = _question(step, version, _current(version)) if step in open_steps(version) else None
    if question is not None:
        refusal = reach_page.refusal(curator_of(request), question, request.POST)
        if refusal:
            model_admin.message_user(request, refusal, messages.ERROR)
            return None
    sent: dict[str, str] = {}
    if step.sees:
        sent["seen"] = request.POST.get("shown", "")
    if step.asks_why:
        sent["reason"] = request.POST.get("reason", "")
    result = take(model_admin, request, step, version, **sent)
    if result is not None and question is not None:
        reach_page.note_waived(curator_of(request), question, result, step.name, request.POST)
    return result


def take(
    model_admin: ModelAdmin[StatementVersion],
    request: HttpRequest,
    step: Step,
    version: StatementVersion,
    **sent: str,
) -> StatementVersion | None:
    """Take one step with one version and tell the curator how it went; None where it was refused."""
    code = version.statement.code
    try:
        result = step.service(by=curator_of(request), version=version, **sent)
    except CurationRefused as refusal:
        model_admin.message_user(request, f"{code}: {refusal}", messages.ERROR)
        return None
    except ValidationError as error:
        for line in error.messages:
            model_admin.message_user(request, f"{code}: {line}", messages.ERROR)
        return None
    model_admin.message_user(request, format_html("{}: {}", step.label, result), messages.SUCCESS)
    return result


def _page(
    model_admin: ModelAdmin[StatementVersion],
    request: HttpRequest,
    step: Step,
    version: StatementVersion,
) -> HttpResponse:
    user = curator_of(request)
    current = _current(version)
    before = current or _published_last(version)
    publishes = step.to == VersionState.PUBLISHED
    question = _question(step, version, current)
    relied = reach(user, current) if publishes or question is not None else None
    reached = None
    if question is not None and relied is not None:
        reached = reach_page.reached(user, question, version, step.name, relied.totals)
    told = differences(version, before) if before and before != version else ()
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "original": version,
        "title": f"{step.label}: {version}",
        "step": step,
        "shown": shown(version),
        "reason": request.POST.get("reason", ""),
        "current": current,
        "before": before if before != version else None,
        # Rows of rules are told one by one below.
        "differences": [
            x for x in told if not (reached and reached.has_rows and x.field == LABELS["rules"])
        ],
        "errata": beside(version.section) if publishes else (),
        "gone": _gone(version) if publishes else [],
        "words_alone": publishes and question is None,
        "obstacles": _obstacles(user, version) if publishes else [],
        "reached": reached,
        "reach": relied,
    }
    status = 422 if request.method == "POST" else 200
    return TemplateResponse(request, TEMPLATE, context, status=status)


def _current(version: StatementVersion) -> StatementVersion | None:
    published = with_basis(StatementVersion.objects.filter(state=VersionState.PUBLISHED))
    return published.filter(statement=version.statement_id).first()


def _question(
    step: Step, version: StatementVersion, current: StatementVersion | None
) -> Question | None:
    """What is asked of every open case before the step is taken; None where it changes no case."""
    if step.to == VersionState.PUBLISHED and _answers_alike(current, version):
        return None
    if step.to == VersionState.PUBLISHED:
        return Question(current, version)
    if step.to == VersionState.RETIRED and version == current:
        return Question(current, None)
    return None


def _published_last(version: StatementVersion) -> StatementVersion | None:
    earlier = version.statement.versions.filter(number__lt=version.number)
    return with_basis(earlier.filter(published_at__isnull=False)).order_by("-number").first()


def _answers_alike(current: StatementVersion | None, version: StatementVersion) -> bool:
    """Whether a version asks the same of a case as the published one, in its condition and in every row of its rules.

    Then no case needs to be read: whatever a case holds, both answer it alike.
    """
    if current is None:
        return False
    asked = [
        (
            one.condition, one.category, one.signal,
            [(row.get("source"), row.get("action"), row.get("condition"), row.get("mark"))
             for row in one.rules if isinstance(row, dict)],
        )
        for one in (current, version)
    ]  # fmt: skip
    return bool(asked[0] == asked[1])


def _gone(version: StatementVersion) -> list[Gone]:
    """The corrections of the version before that this one has no more."""
    before = services.corrected_before(version)
    return gone(version.corrections, before.corrections) if before is not None else []


def _obstacles(user: User, version: StatementVersion) -> list[str]:
    """What publication would refuse now, said before anybody presses the button."""
    found = [str(problem) for problem in services.version_problems(version)]
    for check in (
        lambda: check_not_overtaken(version, services.current_of(version)),
        lambda: check_second_person(user, version),
    ):
        try:
            check()
        except CurationRefused as refusal:
            found.insert(0, str(refusal))
    return found
