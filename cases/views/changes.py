"""Who changed what in the record of a case, and what differs between any two versions of it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import UserRequest, requires
from cases.changelog import saves_of
from cases.comparing import difference, people_at
from cases.models import Case
from cases.policies import check_view
from cases.presenters.moments import choices_of, chosen_moments
from cases.presenters.patient import patient_bar_of
from cases.selectors import cases_for_list
from ui.htmx import render
from ui.paging import KeysetPage, decode_cursor, encode_cursor

if TYPE_CHECKING:
    from uuid import UUID


def _case(request: UserRequest, public_id: UUID) -> Case:
    case: Case = get_object_or_404(cases_for_list(request.user), public_id=public_id)
    check_view(request.user, case)
    return case


def moment_of(text: str) -> datetime | None:
    """Return the moment that a cursor holds, or None where it is none."""
    cursor = decode_cursor(text, 1)
    found = cursor[0] if cursor else None
    return found if isinstance(found, datetime) and timezone.is_aware(found) else None


@require_GET
@requires("case.view")
def changes(request: UserRequest, public_id: UUID) -> HttpResponse:
    """List the saves of a case's record, newest first; two of them are chosen to be compared."""
    case = _case(request, public_id)
    before = moment_of(request.GET.get("after", ""))
    saves, next_before = saves_of(case, before=before)
    chosen = {side: moment_of(_last(request, side)) for side in ("then", "now")}
    elsewhere = [at for at in chosen.values() if at and at not in {save.at for save in saves}]
    people = people_at(case, elsewhere) if elsewhere else {}
    context = {
        "bar": patient_bar_of(case, timezone.localdate()),
        "bar_links": True,
        "saves": choices_of(saves, chosen, lambda save: encode_cursor([save.at])),
        "kept": chosen_moments(
            [(side, at, encode_cursor([at])) for side, at in chosen.items() if at in elsewhere],
            people,
        ),
        "older": encode_cursor([next_before]) if next_before else "",
        "here": request.path,
        "compare_url": reverse("cases:compare", args=[public_id]),
        "page": KeysetPage(rows=saves, next_url=None, previous_url=None),
        "newest": before is not None,
    }
    return render(request, "cases/changes.html", context=context)


def _last(request: UserRequest, side: str) -> str:
    """Return the moment chosen last: a choice made on another page stands before one made on this."""
    values = request.GET.getlist(side)
    return values[-1] if values else ""


@require_GET
@requires("case.view")
def compare(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Show what differs between two versions of the record, whichever of them was named first."""
    case = _case(request, public_id)
    chosen = [moment_of(_last(request, side)) for side in ("then", "now")]
    moments = sorted({at for at in chosen if at is not None})
    back = f"{reverse('cases:changes', args=[public_id])}?{_choices(request)}"
    context = {
        "bar": patient_bar_of(case, timezone.localdate()),
        "bar_links": True,
        "back_url": back,
    }
    if len(moments) < 2:
        return render(request, "cases/compare.html", context={**context, "versions": []})
    beyond = decode_cursor(request.GET.get("after", ""), 1)
    behind = beyond[0] if beyond and type(beyond[0]) is int else 0
    found = difference(case, *moments, beyond=behind)
    people = people_at(case, moments)
    context |= {
        "versions": chosen_moments([("", at, "") for at in moments], people),
        "changes": found.changes,
        "page": KeysetPage(
            rows=list(found.changes),
            next_url=_next(request, found.next_result) if found.next_result else None,
            previous_url=None,
        ),
    }
    return render(request, "cases/compare.html", context=context)


def _choices(request: UserRequest) -> str:
    query = QueryDict(mutable=True)
    for side in ("then", "now"):
        if moment_of(_last(request, side)):
            query[side] = _last(request, side)
    return query.urlencode()


def _next(request: UserRequest, result: Any) -> str:
    return f"{request.path}?{_choices(request)}&after={encode_cursor([result])}"
