"""Who changed what in the record of a case."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import UserRequest, requires
from cases.changelog import saves_of
from cases.policies import check_view
from cases.presenters.patient import patient_bar_of
from cases.selectors import cases_for_list
from ui.htmx import render
from ui.paging import KeysetPage, decode_cursor, encode_cursor

if TYPE_CHECKING:
    from uuid import UUID


@require_GET
@requires("case.view")
def changes(request: UserRequest, public_id: UUID) -> HttpResponse:
    """List the saves of a case's record, newest first."""
    case = get_object_or_404(cases_for_list(request.user), public_id=public_id)
    check_view(request.user, case)
    cursor = decode_cursor(request.GET.get("after", ""), 1)
    before = cursor[0] if cursor and isinstance(cursor[0], datetime) else None
    saves, next_before = saves_of(case, before=before)
    older = f"{request.path}?after={encode_cursor([next_before])}" if next_before else None
    context = {
        "bar": patient_bar_of(case, timezone.localdate()),
        "bar_links": True,
        "saves": saves,
        "page": KeysetPage(rows=saves, next_url=older, previous_url=None),
        "newest_url": request.path if before else "",
    }
    return render(request, "cases/changes.html", context=context)
