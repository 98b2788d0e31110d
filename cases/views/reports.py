"""Reading a report: its text, where its link leads, its PDF."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import UserRequest, requires
from cases.eventnames import event_named
from cases.models import Case, Report
from cases.policies import check_view
from cases.presenters.patient import facts_of, patient_bar_of
from cases.selectors import cases_for_list, report_of
from cases.services.reports import note_reading
from cases.states import CaseState
from ui.htmx import render

if TYPE_CHECKING:
    from uuid import UUID


def _found(request: UserRequest, public_id: UUID, report_id: UUID) -> tuple[Case, Report]:
    case: Case = get_object_or_404(cases_for_list(request.user), public_id=public_id)
    check_view(request.user, case)
    report = report_of(case, report_id)
    if report is None:
        raise Http404
    return case, report


@require_GET
@requires("case.view")
def report(request: UserRequest, public_id: UUID, report_id: UUID) -> HttpResponse:
    """Show one report; the reading is noted on the trail."""
    case, found = _found(request, public_id, report_id)
    note_reading(by=request.user, case=case, report=found)
    here = [case.public_id, found.public_id]
    may_edit = request.user.can("case.edit", case.board) and case.state != CaseState.CLOSED
    context = {
        "report": found,
        "about": event_named(found.irae) if found.irae else "",
        "bar": patient_bar_of(case, timezone.localdate(), facts_of(case)),
        "file_url": reverse("cases:report_file", args=here) if found.file else "",
        "edit_url": reverse("cases:item", args=[here[0], "reports", here[1]]) if may_edit else "",
        "back_url": f"{reverse('cases:detail', args=here[:1])}#section-iraes",
    }
    return render(request, "cases/report.html", context=context)


@require_GET
@requires("case.view")
def report_file(request: UserRequest, public_id: UUID, report_id: UUID) -> HttpResponse:
    """Hand out the PDF of a report, to be saved and not shown within the site."""
    case, found = _found(request, public_id, report_id)
    if not found.file:
        raise Http404
    try:
        with found.file.open("rb") as kept:
            content = kept.read()
    except FileNotFoundError as error:
        raise Http404 from error
    note_reading(by=request.user, case=case, report=found)
    name = f"{case.reference}-report-{str(found.public_id)[:8]}.pdf"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(content, content_type="application/pdf", headers=headers)
