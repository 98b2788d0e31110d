"""What the views of one case share: the case of the address, and its page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.utils import timezone

from cases.models import Case
from cases.policies import check_view
from cases.presenters.page import CasePage, case_page
from cases.selectors import attached_to, case_for_page, has_merged, other_cases
from cases.standing import stage_columns, stages_of
from cases.timeline.sources import drawn_columns
from cases.whole_record import fetch_record

if TYPE_CHECKING:
    from uuid import UUID

    from accounts.access import UserRequest
    from cases.models import Case


def full_case(request: UserRequest, public_id: UUID) -> Case:
    """Return the case with its whole record; 404 for a case the user may not see."""
    drawn = drawn_columns(request.user)
    rows = case_for_page(request.user).annotate(
        has_merged=has_merged(), **stage_columns(request.user), **drawn
    )
    case: Case = get_object_or_404(rows, public_id=public_id)
    check_view(request.user, case)
    fetch_record([case.patient])
    return case


def page_of(request: UserRequest, public_id: UUID, *, shown: str = "") -> CasePage:
    """Return the whole page of a case as it is now; the section `shown` is open."""
    case = full_case(request, public_id)
    today = timezone.localdate()
    others = other_cases(request.user, case)
    return case_page(
        case, attached_to(case), stages_of(case), others, request.user, today, shown=shown
    )
