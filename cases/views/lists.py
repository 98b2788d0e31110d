"""The list of cases with its filters, and the search."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import UserRequest, requires
from cases.filtering import CaseFilter, UnknownFilter, filter_of, still_known
from cases.forms.filters import SaveFilterForm
from cases.models import SavedSearch
from cases.presenters import case_row
from cases.presenters.filters import (
    board_links,
    list_address,
    reason_links,
    saved_links,
    state_links,
)
from cases.searching import search_cases
from cases.selectors import cases_listed, filters_of, with_counts
from cases.services.filters import (
    MOST_FILTERS,
    NameIsTaken,
    NothingFiltered,
    TooManyFilters,
    remove_filter,
    save_filter,
)
from cases.services.searches import save_search
from ui.htmx import redirect, render
from ui.paging import KeysetPage, keyset

if TYPE_CHECKING:
    from accounts.models import User

ORDER = ("-changed_at", "-id")
PER_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@requires("case.view", lists=True)
def case_list(request: UserRequest) -> HttpResponse:
    """List the cases of the user's boards, newest change first; `?s=` shows a search instead.

    Posted to, it keeps what it is filtered by under the name that was typed.
    """
    if "s" in request.GET:
        return _found(request)
    try:
        chosen = filter_of(request.user, request.GET.dict())
    except UnknownFilter as error:
        raise Http404 from error
    form = SaveFilterForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _saved(request, form):
        messages.success(request, _("The filter is saved."))
        return redirect(request, list_address(chosen))
    rows = chosen.narrow(cases_listed(request.user))
    page = keyset(rows, request, order=ORDER, per_page=PER_PAGE)
    context = {**_filters(request.user, chosen), "form": form}
    return _answer(request, page, context, status=422 if form.errors else 200)


def _saved(request: UserRequest, form: SaveFilterForm) -> bool:
    """Keep the filter of the address, or say beside the name why it is not kept."""
    try:
        save_filter(by=request.user, name=form.cleaned_data["name"], given=request.GET.dict())
    except NameIsTaken:
        form.add_error("name", _("Another filter of yours has this name: choose a different one"))
    except NothingFiltered:
        form.add_error("name", _("Choose what the list is filtered by first"))
    except TooManyFilters:
        words = _("You keep %(n)s filters already: remove one first")
        form.add_error("name", words % {"n": MOST_FILTERS})
    return not form.errors


def _filters(user: User, chosen: CaseFilter) -> dict[str, Any]:
    saved = [(f.name, f.public_id, still_known(user, f)) for f in filters_of(user)]
    return {
        "states": state_links(chosen),
        "boards": board_links(user.boards_with("case.view"), chosen),
        "reasons": reason_links(chosen),
        "saved": saved_links(saved, chosen),
        "here": list_address(chosen),
        "query": chosen.query,
        "filtered": bool(chosen),
    }


@require_POST
@requires("case.view")
def filter_remove(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Forget a saved filter and go back to the list as it was; one that is gone is no fault."""
    if remove_filter(by=request.user, public_id=public_id):
        messages.success(request, _("The filter is removed."))
    try:
        chosen = filter_of(request.user, request.GET.dict())
    except UnknownFilter:
        chosen = CaseFilter()
    return redirect(request, list_address(chosen))


def _found(request: UserRequest) -> HttpResponse:
    try:
        wanted = UUID(request.GET["s"])
    except ValueError as error:
        raise Http404 from error
    search = get_object_or_404(SavedSearch, public_id=wanted, user=request.user)
    found = search_cases(request.user, search.text)
    page = KeysetPage(rows=found.cases, next_url=None, previous_url=None)
    return _answer(request, page, {"search": search, "found": found})


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
    request: UserRequest, page: KeysetPage, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    beside = context["found"].beside if "found" in context else {}
    rows = [case_row(case, found=beside.get(case.pk, "")) for case in with_counts(page.rows)]
    return render(
        request,
        "cases/list.html",
        "cases/_list.html",
        {"search": None, **context, "page": page, "rows": rows},
        status=status,
    )
