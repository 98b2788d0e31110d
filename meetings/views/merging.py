"""Merging two records of one patient: which other one, both side by side, and what stayed behind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import UserRequest, requires
from cases.drafting import draft_key, form_of
from cases.duplicates import alike, cases_of
from cases.models import Case
from cases.policies import check_merge, check_view
from cases.presenters import patient_bar_of
from cases.selectors import cases_for_list
from meetings.merge_forms import MergeForm, OtherRecordForm
from meetings.presenters.merging import counted, left_behind, parts_of
from meetings.services.merging import RecordsChanged, merge_patients, obstacles, state_of
from ui.htmx import redirect, render

if TYPE_CHECKING:
    from uuid import UUID


def _case(request: UserRequest, public_id: UUID) -> Case:
    request.within = "cases:list"
    rows = cases_for_list(request.user).select_related("patient__board", "board")
    case: Case = get_object_or_404(rows, public_id=public_id)
    return case


@require_GET
@requires("patient.merge")
def merge(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Offer the records that are alike, and find any other by the reference of one of its cases."""
    case = _case(request, public_id)
    check_merge(request.user, case.patient, case.patient)
    form = OtherRecordForm(request.GET if "reference" in request.GET else None)
    if form.is_valid():
        reference = form.cleaned_data["reference"]
        other = Case.objects.visible_to(request.user).filter(reference=reference).first()
        if other is not None and other.patient_id != case.patient_id:
            return redirect(
                request, reverse("meetings:merge_with", args=[public_id, other.public_id])
            )
        words = _("You see no case of another record under this reference")
        form.add_error("reference", words)
    context = {
        "case": case,
        "form": form,
        "alike": _alike(request, case),
        "bar": patient_bar_of(case, timezone.localdate()),
        "back_url": reverse("cases:detail", args=[public_id]),
    }
    return render(request, "meetings/merge.html", context=context)


def _alike(request: UserRequest, case: Case) -> list[dict[str, Any]]:
    """Return the other records that may be the same person, on every board that the user coordinates."""
    row = case.patient.identity
    names = ("hospital_number", "family_name", "given_name", "birth_date")
    typed = {name: getattr(row, name) for name in (*names, "national_scheme", "national_number")}
    found = {}
    for board in request.user.boards_with("patient.merge"):
        for identity in alike(request.user, board, **typed):
            if identity.patient_id != case.patient_id:
                found[identity.patient_id] = identity
    cases = cases_of(list(found), request.user)
    return [
        {
            "identity": identity,
            "url": reverse("meetings:merge_with", args=[case.public_id, cases[pk][0]]),
        }
        for pk, identity in found.items()
        if cases[pk]
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@requires("patient.merge")
def merge_with(request: UserRequest, public_id: UUID, other_id: UUID) -> HttpResponse:
    """Show both records side by side; merge the second into the first."""
    case, other = _case(request, public_id), _case(request, other_id)
    keep, absorb = case.patient, other.patient
    check_merge(request.user, keep, absorb)
    if keep.pk == absorb.pk:
        messages.info(request, _("These are cases of one record. Nothing was changed."))
        return redirect(request, reverse("meetings:merged", args=[public_id]))
    parts, seen = parts_of(keep, absorb), state_of(keep, absorb)

    def make(data: Any, initial: dict[str, Any]) -> MergeForm:
        named = {"kept": case.reference, "absorbed": other.reference}
        return MergeForm(data, initial={**initial, "version": seen}, parts=parts, **named)

    form, draft = form_of(request, draft_key("merge", case.public_id, other.public_id), make)
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        said = {"taken": form.taken(), "seen": form.cleaned_data["version"]}
        try:
            merge_patients(by=request.user, keep=keep, absorb=absorb, **said)
        except (RecordsChanged, ValidationError):
            form, status = make(None, {}), 409
        else:
            messages.success(request, _("The two records are one. Nothing was lost."))
            return redirect(request, reverse("meetings:merged", args=[public_id]))
    context = {
        "case": case,
        "other": other,
        "form": form,
        "draft": draft,
        "parts": parts,
        "counted": counted(keep, absorb),
        "in_the_way": obstacles(keep, absorb),
        "changed": status == 409,
        "bar": patient_bar_of(case, timezone.localdate()),
        "back_url": reverse("meetings:merge", args=[public_id]),
        "turned_url": reverse("meetings:merge_with", args=[other_id, public_id]),
    }
    return render(request, "meetings/merge_with.html", context=context, status=status)


@require_GET
@requires("case.view")
def merged(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Show what was not taken of the records that were merged into the patient's."""
    case = _case(request, public_id)
    check_view(request.user, case)
    context = {
        "case": case,
        "left": left_behind(case.patient),
        "bar": patient_bar_of(case, timezone.localdate()),
        "back_url": reverse("cases:detail", args=[public_id]),
    }
    return render(request, "meetings/merged.html", context=context)
