"""The pages of the evidence. Nothing here is about a patient."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import UserRequest, requires
from evidence import selectors
from evidence.choices import Category, Certainty, Tumour
from evidence.figures import gridlines
from evidence.from_case import from_case
from evidence.library import ALL, SECTIONS, Library, UnknownFilter
from evidence.pages import statement_page, statement_row
from evidence.states import VersionState
from ui.htmx import render
from ui.paging import keyset

if TYPE_CHECKING:
    from uuid import UUID

    from evidence.models import StatementVersion


@require_safe
@requires("evidence.view")
def statements(request: UserRequest) -> HttpResponse:
    """The library: by category, section, tumour and certainty, and by words in the text."""
    may_curate = request.user.can_anywhere("evidence.curate")
    try:
        asked = Library.asked(request.GET.dict(), may_curate=may_curate)
    except UnknownFilter as error:
        raise Http404 from error
    page = keyset(selectors.in_library(asked), request, order=asked.order)
    context = {
        "page": page,
        "rows": [statement_row(version) for version in page.rows],
        "asked": asked,
        "hidden": asked.hidden(),
        "waiting": asked.waiting(),
        "filters": _categories(request, asked),
        "selects": _selects(asked),
        "may_curate": may_curate,
        "origin": from_case(request),
        "boards": request.user.boards,
        "with_tumours": _with(request, tumours=ALL),
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
        "page": statement_page(shown, versions, selectors.uninterpretable(shown)),
        "shown": shown,
        "gridlines": gridlines(),
        "may_curate": may_curate,
        "origin": from_case(request),
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


def _categories(request: UserRequest, asked: Library) -> list[dict[str, object]]:
    """The categories as links that keep the other filters."""
    return [
        {
            "text": label,
            "href": _with(request, category=code),
            "current": code == asked.category,
            "count": None,
        }
        for code, label in (("", _("All")), *Category.choices)
    ]


def _selects(asked: Library) -> list[dict[str, object]]:
    """What else the library is filtered by, as lists to choose from."""
    sections = [(number, _("Section %(number)s") % {"number": number}) for number in SECTIONS]
    shown = (
        ("section", _("Section of the review"), _("Any section"), sections, asked.section),
        (
            "tumours",
            _("Tumour"),
            _("Efficacy in NSCLC only"),
            [(ALL, _("All tumours")), *Tumour.choices],
            asked.tumours,
        ),
        ("certainty", _("Certainty"), _("Any certainty"), Certainty.choices, asked.certainty),
    )
    return [
        {
            "name": name,
            "id": f"by-{name}",
            "label": label,
            "options": [
                {"value": value, "text": text, "chosen": value == chosen}
                for value, text in (("", none), *choices)
            ],
        }
        for name, label, none, choices, chosen in shown
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
