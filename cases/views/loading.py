"""What the views of one case share: the case of the address, and its page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.utils import timezone

from cases.models import Case
from cases.policies import check_edit, check_view
from cases.presenters.page import CasePage, case_page
from cases.selectors import attached_to, case_for_page
from cases.whole_record import fetch_record

if TYPE_CHECKING:
    from uuid import UUID

    from accounts.access import UserRequest


def full_case(request: UserRequest, public_id: UUID) -> Case:
    """Return the case with its whole record; 404 for a case the user may not see."""
    case: Case = get_object_or_404(case_for_page(request.user), public_id=public_id)
    check_view(request.user, case)
    fetch_record([case.patient])
    return case


def case_to_edit(request: UserRequest, public_id: UUID) -> Case:
    """Return the case with what a form needs; 404 unseen, 403 where the user may not edit it."""
    rows = Case.objects.visible_to(request.user).select_related(
        "board", "patient__identity", "patient__tumour", "patient__performance_status", "facts"
    )
    case: Case = get_object_or_404(rows, public_id=public_id)
    check_edit(request.user, case)
    return case


def page_of(request: UserRequest, public_id: UUID) -> CasePage:
    """Return the whole page of a case as it is now."""
    case = full_case(request, public_id)
    return case_page(case, attached_to(case), request.user, timezone.localdate())
