"""The page of one case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from accounts.access import UserRequest, requires
from cases.selectors import erasure_of
from cases.views.loading import page_of
from ui.htmx import render

if TYPE_CHECKING:
    from uuid import UUID


@require_GET
@requires("case.view")
def detail(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Show one case."""
    page = page_of(request, public_id, shown=request.GET.get("open", ""))
    context = {"page": page, "bar": page.bar, "erased": erasure_of(page.case)}
    return render(request, "cases/case.html", context=context)
