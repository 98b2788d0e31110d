"""The pages of the evidence. Nothing here is about a patient."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import UserRequest, requires
from evidence import selectors
from evidence.choices import Category
from evidence.figures import gridlines
from evidence.pages import statement_page, statement_row
from evidence.states import VersionState
from ui.htmx import render
from ui.paging import keyset

if TYPE_CHECKING:
    from uuid import UUID

    from evidence.models import StatementVersion

LONGEST_SEARCH = 200


@require_safe
@requires("evidence.view")
def statements(request: UserRequest) -> HttpResponse:
    """The list, NSCLC only unless asked otherwise, by category and by words in the text."""
    category = request.GET.get("category", "")
    if category and category not in Category.values:
        raise Http404
    may_curate = request.user.can_anywhere("evidence.curate")
    drafts = may_curate and request.GET.get("drafts") == "1"
    everything = request.GET.get("tumours") == "all"
    text = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    found = selectors.find_versions(
        category=category, text=text, nsclc_only=not everything, drafts=drafts
    )
    page = keyset(found, request, order=("statement__position", "id"))
    context = {
        "page": page,
        "rows": [statement_row(version) for version in page.rows],
        "filters": _filters(request),
        "text": text,
        "category": category,
        "everything": everything,
        "drafts": drafts,
        "may_curate": may_curate,
        "with_tumours": _with(request, tumours="all"),
        "without_tumours": _with(request, tumours=""),
        "drafts_url": _with(request, drafts="1"),
        "published_url": _with(request, drafts=""),
    }
    return render(request, "evidence/list.html", "evidence/_list.html", context)


@require_safe
@requires("evidence.view")
def statement(request: UserRequest, public_id: UUID) -> HttpResponse:
    """One statement: the published version, or the one that `?version=` names."""
    found = get_object_or_404(selectors.statements(), public_id=public_id)
    may_curate = request.user.can_anywhere("evidence.curate")
    versions = [
        version
        for version in selectors.versions_of(found)
        if may_curate or version.published_at is not None
    ]
    shown = _shown(versions, request.GET.get("version", ""))
    context = {
        "page": statement_page(shown, versions),
        "shown": shown,
        "gridlines": gridlines(),
        "may_curate": may_curate,
    }
    return render(request, "evidence/statement.html", context=context)


def _shown(versions: list[StatementVersion], number: str) -> StatementVersion:
    """The version asked for by number, else the published one, else the newest."""
    if number:
        chosen = [version for version in versions if str(version.number) == number]
    else:
        chosen = [version for version in versions if version.state == VersionState.PUBLISHED]
        chosen += versions[:1]
    if not chosen:
        raise Http404
    return chosen[0]


def _filters(request: UserRequest) -> list[dict[str, object]]:
    """The categories as links that keep the other filters."""
    chosen = request.GET.get("category", "")
    return [
        {
            "text": label,
            "href": _with(request, category=code),
            "current": code == chosen,
            "count": None,
        }
        for code, label in (("", _("All")), *Category.choices)
    ]


def _with(request: UserRequest, **changes: str) -> str:
    """This list with other filters, from its first page."""
    query: QueryDict = request.GET.copy()
    for name in ("after", "before"):
        query.pop(name, None)
    for name, value in changes.items():
        query.pop(name, None)
        if value:
            query[name] = value
    return f"{request.path}?{query.urlencode()}" if query else request.path
