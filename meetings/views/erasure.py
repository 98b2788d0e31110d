"""The page that asks before a patient is erased for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import UserRequest, requires
from accounts.confirming import FOR_GOOD, confirmed
from cases.family import records_of
from cases.models import Case
from cases.policies import check_erase, check_view
from cases.presenters import patient_bar_of
from cases.selectors import cases_for_list
from meetings.forms import EraseForm
from meetings.services.erasure import erase_patient, obstacles
from ui.htmx import redirect, render

if TYPE_CHECKING:
    from uuid import UUID


@require_http_methods(["GET", "HEAD", "POST"])
@requires("patient.erase")
@confirmed(FOR_GOOD)
def erase(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Say what goes and what stays; erase once the case's reference and a reason are given."""
    cases = cases_for_list(request.user).select_related(
        "patient__board", "patient__merged_into__board"
    )
    case: Case = get_object_or_404(cases, public_id=public_id)
    check_view(request.user, case)
    check_erase(request.user, case.patient)
    request.within = "cases:list"
    back = reverse("cases:detail", args=[public_id])
    if case.patient.identity.is_erased:
        messages.info(request, _("This patient had been erased before. Nothing was changed."))
        return redirect(request, back)
    if request.method != "POST":
        return _ask(request, case, EraseForm(reference=case.reference))
    form = EraseForm(request.POST, reference=case.reference)
    if not form.is_valid():
        return _ask(request, case, form, status=422)
    try:
        erase_patient(by=request.user, patient=case.patient, reason=form.cleaned_data["reason"])
    except ValidationError as refusal:
        case = get_object_or_404(cases, public_id=public_id)
        return _ask(request, case, form, status=409, refusal=refusal)
    messages.success(request, _("The patient is erased. What is coded stays, without a name."))
    return redirect(request, back)


def _ask(
    request: UserRequest,
    case: Case,
    form: EraseForm,
    status: int = 200,
    refusal: ValidationError | None = None,
) -> HttpResponse:
    in_the_way = obstacles(request.user, case.patient)
    if refusal and not in_the_way:
        form.add_error(None, refusal)
    cases = Case.objects.filter(patient__in=records_of(case.patient)).select_related("patient")
    context = {
        "form": form,
        "bar": patient_bar_of(case, timezone.localdate()),
        "cases": list(cases.order_by("pk")),
        "in_the_way": in_the_way,
        "back_url": reverse("cases:detail", args=[case.public_id]),
    }
    return render(request, "meetings/erase.html", context=context, status=status)
