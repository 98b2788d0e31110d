"""Merging two records of one patient: which other one, and both side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import structlog
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import UserRequest, requires
from accounts.confirming import FOR_GOOD, confirmed
from audit.reading import each_by_name
from cases.differing import pairs_of
from cases.drafting import draft_key, form_of, window_of
from cases.duplicates import alike, cases_of
from cases.forms.merging import MergeForm, OtherRecordForm
from cases.models import Case
from cases.policies import check_merge, check_view
from cases.presenters.merging import (
    cases_of_records,
    list_views,
    may_be_one_words,
    merged_record,
    open_words,
    pair_views,
    person_words,
    readers_of,
    record_title,
)
from cases.presenters.patient import patient_bar_of
from cases.selectors import cases_for_list
from cases.services.drafts import discard_draft
from cases.services.merging import (
    RecordsChanged,
    merge_patients,
    merges_of,
    obstacles,
    state_of,
)
from cases.services.oneortwo import pairs_between
from cases.services.twins import twins_of
from ui.htmx import redirect, render

if TYPE_CHECKING:
    from uuid import UUID

    from cases.drafting import FormDraft

log = structlog.get_logger(__name__)


def _case(request: UserRequest, public_id: UUID) -> Case:
    request.within = "cases:list"
    each_by_name()
    rows = cases_for_list(request.user).select_related(
        "patient__board", "patient__merged_into__board"
    )
    case: Case = get_object_or_404(rows, public_id=public_id)
    check_view(request.user, case)
    return case


@require_GET
@requires("patient.merge")
def merge(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Offer the records that are alike, and find any other by the reference of one of its cases."""
    case = _case(request, public_id)
    check_merge(request.user, case.patient)
    form = OtherRecordForm(request.GET if "reference" in request.GET else None)
    if form.is_valid():
        reference = form.cleaned_data["reference"]
        other = Case.objects.visible_to(request.user).filter(reference=reference).first()
        if other is not None and other.patient.pk != case.patient.pk:
            address = reverse("cases:merge_with", args=[public_id, other.public_id])
            return redirect(request, address)
        form.add_error("reference", _("You see no case of another record under this reference"))
    context = {
        "case": case,
        "form": form,
        "alike": _alike(request, case),
        "bar": patient_bar_of(case, timezone.localdate()),
        "back_url": reverse("cases:detail", args=[public_id]),
    }
    return render(request, "cases/merge.html", context=context, status=422 if form.errors else 200)


def _alike(request: UserRequest, case: Case) -> list[dict[str, Any]]:
    """Return the other records that may be the same person, on every board that the user coordinates."""
    row = case.patient.identity
    names = ("hospital_number", "family_name", "given_name", "birth_date")
    typed = {name: getattr(row, name) for name in (*names, "national_scheme", "national_number")}
    found = {}
    for board in request.user.boards_with("patient.merge"):
        for identity in alike(request.user, board, **typed):
            if identity.patient_id != case.patient.pk:
                found[identity.patient_id] = identity
    cases = cases_of(list(found), request.user)
    return [
        {
            "identity": identity,
            "url": reverse("cases:merge_with", args=[case.public_id, cases[pk][0]]),
        }
        for pk, identity in found.items()
        if cases[pk]
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@requires("patient.merge")
@confirmed(FOR_GOOD)
def merge_with(request: UserRequest, public_id: UUID, other_id: UUID) -> HttpResponse:
    """Show both records side by side; merge the second into the first."""
    case, other = _case(request, public_id), _case(request, other_id)
    keep, absorb = case.patient, other.patient
    check_merge(request.user, keep, absorb)
    if keep.pk == absorb.pk:
        messages.info(request, _("Both are cases of one record. Nothing was changed."))
        return redirect(request, reverse("cases:merged", args=[public_id]))
    pairs, seen = pairs_of(keep, absorb), state_of(keep, absorb)

    def make(data: Any, initial: dict[str, Any]) -> MergeForm:
        return MergeForm(data, initial={**initial, "version": seen}, pairs=pairs)

    form, draft = form_of(request, draft_key("merge", case.public_id, other.public_id), make)
    status, stuck = (422 if request.method == "POST" else 200), False
    if request.method == "POST" and form.is_valid():
        said = {"taken": form.taken(), "seen": form.cleaned_data["version"]}
        try:
            merge_patients(by=request.user, keep=keep, absorb=absorb, **said)
        except (RecordsChanged, ValidationError):
            form, status = make(None, {}), 409
        except IntegrityError as error:
            # Nothing is known that leads here. The database's own words would tell what stands in a row.
            held = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
            log.error("records.not_merged", constraint=held)
            form, status, stuck = make(None, {}), 409, True
        else:
            discard_draft(by=request.user, key=draft.key, window=window_of(request))
            words = _(
                "The two records are one. Nothing was deleted, and nothing signed was changed."
            )
            messages.success(request, words)
            return redirect(request, reverse("cases:merged", args=[public_id]))
    shown = {"pairs": pair_views(pairs), "changed": status == 409 and not stuck, "stuck": stuck}
    return _compare(request, case, other, form, draft, shown, status)


def _compare(
    request: UserRequest,
    case: Case,
    other: Case,
    form: MergeForm,
    draft: FormDraft,
    shown: dict[str, Any],
    status: int,
) -> HttpResponse:
    keep, absorb = case.patient, other.patient
    context = {
        "case": case,
        "other": other,
        "kept_title": record_title(keep.identity),
        "absorbed_title": record_title(absorb.identity),
        "confirmed": [person_words(row.identity) for row in (keep, absorb)],
        "form": form,
        "draft": draft,
        **shown,
        "lists": list_views(keep, absorb),
        "doubles": may_be_one_words(pairs_between(keep, absorb, twins_of(keep, absorb))),
        "readers": readers_of(keep, absorb),
        "absorbed_cases": cases_of_records(absorb),
        "in_the_way": obstacles(keep, absorb),
        "bar": patient_bar_of(case, timezone.localdate()),
        "back_url": reverse("cases:merge", args=[case.public_id]),
        "turned_url": reverse("cases:merge_with", args=[other.public_id, case.public_id]),
    }
    return render(request, "cases/merge_with.html", context=context, status=status)


@require_GET
@requires("case.view")
def merged(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Show the records that were merged into the patient's, and what of them does not hold."""
    case = _case(request, public_id)
    merges = merges_of(case.patient)
    context = {
        "case": case,
        "records": [merged_record(row, case.patient) for row in merges],
        "doubles": open_words(case.patient) if merges else [],
        "bar": patient_bar_of(case, timezone.localdate()),
        "back_url": reverse("cases:detail", args=[public_id]),
    }
    return render(request, "cases/merged.html", context=context)
