"""Laboratory results: all of them page by page; a sample, or one result, entered, changed, removed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import UserRequest, requires
from cases.forms.labs import Context, LabForm, ResultForm, SampleForm, recorded_of
from cases.forms.sections import SectionForm
from cases.models import Case, LabResult, Section
from cases.policies import check_edit, check_view
from cases.presenters.labs import result_name, result_rows
from cases.presenters.patient import patient_bar_of
from cases.selectors import analytes_offered, cases_for_list, results_of
from cases.services import labs
from cases.services.sections import StaleSection
from cases.states import CaseState
from cases.views.editing import Edit, answer, form_key, gone, saved
from cases.views.keeping import kept_of_closed
from cases.views.sections import case_with
from cases.whole_record import ensure_record
from ui.htmx import render
from ui.paging import keyset

if TYPE_CHECKING:
    from uuid import UUID

PER_PAGE = 50


@require_GET
@requires("case.view")
def results(request: UserRequest, public_id: UUID) -> HttpResponse:
    """List all results, newest first."""
    case: Case = get_object_or_404(cases_for_list(request.user), public_id=public_id)
    check_view(request.user, case)
    page = keyset(results_of(case), request, order=("-taken_on", "-id"), per_page=PER_PAGE)
    may_edit = request.user.can("case.edit", case.board) and case.state != CaseState.CLOSED
    context = {
        "bar": patient_bar_of(case, timezone.localdate()),
        "bar_links": True,
        "rows": result_rows(case, page.rows, may_edit=may_edit),
        "page": page,
    }
    return render(request, "cases/labs.html", context=context)


def _case_to_edit(
    request: UserRequest, public_id: UUID, item: str, *, offers: bool = False
) -> tuple[Case, HttpResponse | None]:
    """Return the case with its record; `offers`: and with the analytes that may be entered.

    Beside it the answer where the case was closed meanwhile and what was sent is kept.
    """
    case = case_with(request, public_id, Section.LABS, item=item, offers=offers)
    kept = kept_of_closed(request, case, form_key(public_id, Section.LABS, item))
    ensure_record(case.patient)
    return case, kept


def _rows(case: Case) -> list[LabResult]:
    patient: Any = case.patient
    return list(patient.lab_results.all())


def _found(case: Case, item_id: UUID) -> LabResult:
    row = next((r for r in _rows(case) if r.public_id == item_id), None)
    if row is None:
        raise Http404
    return row


def _answer(
    request: UserRequest,
    case: Case,
    make: Callable[..., LabForm],
    *,
    row: LabResult | None = None,
    analyte: str = "",
    **texts: Any,
) -> HttpResponse:
    """Let one of the two forms be filled in; `make` takes data and initial values.

    `analyte`: the code of the one that is chosen when the form is opened.
    """
    others = [r for r in _rows(case) if row is None or r.pk != row.pk]
    context = Context(case.patient.identity.birth_date, recorded_of(others))
    begun = {"analyte": analyte} if analyte else {}
    first = ResultForm.initial_of(row) if row is not None else begun

    def made(data: Any, initial: dict[str, Any] = first) -> SectionForm:
        return make(data, initial=dict(initial), auto_id="labs-%s", context=context)

    def store(form: Any) -> None:
        lock = {"by": request.user, "case": case, "version": form.cleaned_data["version"]}
        if row is None:
            labs.save_results(**lock, results=form.results)
        else:
            labs.save_result(**lock, values=form.results[0], public_id=row.public_id)

    removal = reverse("cases:result_remove", args=[case.public_id, row.public_id]) if row else ""
    edit = Edit(
        case=case,
        key=Section.LABS,
        make=made,
        store=store,
        said=_("Laboratory results: saved."),
        adds="" if row else LabResult.__name__,
        extra={"remove_url": removal},
        **texts,
    )
    return answer(request, edit)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("case.edit")
def sample_add(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Enter the results of one sample day."""
    case, kept = _case_to_edit(request, public_id, "sample", offers=True)
    if kept is not None:
        return kept
    usual = [analyte for analyte in analytes_offered(case.patient) if analyte.usual]
    # The newest results come first, and the last word counts: each analyte in the unit used last.
    units = {r.analyte_id: r.unit_entered for r in reversed(_rows(case))}

    def make(data: Any, **options: Any) -> LabForm:
        accepted = {a.pk: units[a.pk] for a in usual if units.get(a.pk) in a.units}
        return SampleForm(data, analytes=usual, units=accepted, **options)

    return _answer(
        request,
        case,
        make,
        title=_("Add the results of a sample"),
        url=reverse("cases:sample_add", args=[case.public_id]),
        template="cases/_form_sample.html",
        item="sample",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires("case.edit")
def result_add(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Enter one result."""
    case, kept = _case_to_edit(request, public_id, "new", offers=True)
    if kept is not None:
        return kept
    analytes = analytes_offered(case.patient)
    asked = request.GET.get("analyte", "")

    def make(data: Any, **options: Any) -> LabForm:
        return ResultForm(data, analytes=analytes, **options)

    return _answer(
        request,
        case,
        make,
        analyte=asked if asked in {analyte.code for analyte in analytes} else "",
        title=_("Add one result"),
        url=reverse("cases:result_add", args=[case.public_id]),
        template="cases/_form_result.html",
        item="new",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires("case.edit")
def result(request: UserRequest, public_id: UUID, item_id: UUID) -> HttpResponse:
    """Change one result."""
    case, kept = _case_to_edit(request, public_id, str(item_id))
    if kept is not None:
        return kept
    row = next((one for one in _rows(case) if one.public_id == item_id), None)
    if row is None:
        return gone(request, case, Section.LABS, str(item_id))

    def make(data: Any, **options: Any) -> LabForm:
        return ResultForm(data, analytes=[], row=row, **options)

    return _answer(
        request,
        case,
        make,
        row=row,
        title=_("Edit %(item)s") % {"item": result_name(row)},
        url=reverse("cases:result", args=[case.public_id, item_id]),
        template="cases/_form_result.html",
        item=str(item_id),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires("case.edit")
def result_remove(request: UserRequest, public_id: UUID, item_id: UUID) -> HttpResponse:
    """Ask, then remove one result; its history stays."""
    case = case_with(request, public_id, Section.LABS, item=str(item_id))
    check_edit(request.user, case)
    ensure_record(case.patient)
    row = _found(case, item_id)
    version = next(s.version for s in case.sections.all() if s.key == Section.LABS)
    form = SectionForm(request.POST or None, initial={"version": version})
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            lock = {"by": request.user, "case": case, "version": form.cleaned_data["version"]}
            labs.remove_result(**lock, public_id=item_id)
            return saved(request, case, Section.LABS, _("Removed. Its history is kept."))
        except StaleSection as stale:
            words = _("%(who)s changed this section meanwhile: look at it again first.")
            form.add_error(None, words % {"who": stale.section.changed_by.name})
            status = 409
    context = {
        "form": form,
        "bar": patient_bar_of(case, timezone.localdate()),
        "bar_links": True,
        "name": result_name(row),
        "back_url": reverse("cases:result", args=[case.public_id, item_id]),
        "confirm_text": _("Yes, remove it"),
        "confirm_kind": "danger",
    }
    return render(request, "cases/remove.html", context=context, status=status)
