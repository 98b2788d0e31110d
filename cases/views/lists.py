"""The list of cases and the search."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import UserRequest, requires
from cases.models import SavedSearch
from cases.presenters import case_row
from cases.searching import found_by
from cases.selectors import cases_listed
from cases.services.searches import save_search
from cases.states import CaseState
from cases.vocabulary import StopReason
from ui.htmx import redirect, render
from ui.paging import KeysetPage, keyset

if TYPE_CHECKING:
    from accounts.models import Board

OPEN = [s for s in CaseState if s != CaseState.CLOSED]
ORDER = ("-changed_at", "-id")


@require_GET
@requires("case.view", lists=True)
def case_list(request: UserRequest) -> HttpResponse:
    """List the cases of the user's boards, newest change first; `?s=` shows a search instead."""
    if "s" in request.GET:
        return _found(request)
    state, board = request.GET.get("state", ""), _board(request)
    cases = cases_listed(request.user)
    if state == "all":
        pass
    elif state:
        cases = cases.filter(state=state if state in CaseState.values else _not_there())
    else:
        cases = cases.filter(state__in=OPEN)
    if board:
        cases = cases.filter(board=board)
    stopped = request.GET.get("stopped", "")
    if stopped:
        cases = cases.filter(
            facts__stop_reason=stopped if stopped in StopReason.values else _not_there()
        )
    page = keyset(cases, request, order=ORDER)
    return _answer(request, page, state=state, board=board, stopped=stopped)


def _not_there() -> str:
    raise Http404


def _board(request: UserRequest) -> Board | None:
    wanted = request.GET.get("board", "")
    if not wanted:
        return None
    boards = {str(b.public_id): b for b in request.user.boards_with("case.view")}
    return boards.get(wanted) or _not_there()  # type: ignore[return-value]


def _found(request: UserRequest) -> HttpResponse:
    try:
        wanted = UUID(request.GET["s"])
    except ValueError as error:
        raise Http404 from error
    search = get_object_or_404(SavedSearch, public_id=wanted, user=request.user)
    page = KeysetPage(rows=found_by(request.user, search.text), next_url=None, previous_url=None)
    return _answer(request, page, search=search)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("case.view")
def search(request: UserRequest) -> HttpResponse:
    """Store what was typed and show what it finds under an address without words.

    Opened without words, as when a reload or a bookmark asks for it, it leads to the list.
    """
    words = " ".join(request.POST.get("query", "").split())[:100]
    if not words:
        return redirect(request, reverse("cases:list"))
    saved = save_search(by=request.user, text=words)
    return redirect(request, f"{reverse('cases:list')}?s={saved.public_id}")


def _answer(
    request: UserRequest,
    page: KeysetPage,
    *,
    state: str = "",
    board: Board | None = None,
    stopped: str = "",
    search: SavedSearch | None = None,
) -> HttpResponse:
    context = {
        "page": page,
        "rows": [case_row(case) for case in page.rows],
        "states": _state_links(request, state) if search is None else [],
        "boards": _board_links(request, board) if search is None else [],
        "reasons": _reason_links(request, stopped) if search is None else [],
        "search": search,
        "filtered": bool(state or board or stopped),
    }
    return render(request, "cases/list.html", "cases/_list.html", context)


def _link(request: UserRequest, name: str, value: str) -> str:
    query = request.GET.copy()
    for gone in ("after", "before", name):
        query.pop(gone, None)
    if value:
        query[name] = value
    return f"{request.path}?{query.urlencode()}" if query else request.path


def _state_links(request: UserRequest, chosen: str) -> list[dict[str, object]]:
    choices = [("", _("Open")), *CaseState.choices, ("all", _("All"))]
    return [
        {"text": str(text), "href": _link(request, "state", code), "current": code == chosen}
        for code, text in choices
    ]


def _reason_links(request: UserRequest, chosen: str) -> list[dict[str, object]]:
    choices = [("", _("Any reason")), (StopReason.IRAE.value, _("irAE"))]
    choices += [(c, str(label)) for c, label in StopReason.choices if c != StopReason.IRAE]
    return [
        {"text": text, "href": _link(request, "stopped", code), "current": code == chosen}
        for code, text in choices
    ]


def _board_links(request: UserRequest, chosen: Board | None) -> list[dict[str, object]]:
    boards = request.user.boards_with("case.view")
    if len(boards) < 2:
        return []
    rows = [
        {"text": _("All my boards"), "href": _link(request, "board", ""), "current": not chosen}
    ]
    for board in boards:
        href = _link(request, "board", str(board.public_id))
        rows.append({"text": board.name, "href": href, "current": board == chosen})
    return rows
