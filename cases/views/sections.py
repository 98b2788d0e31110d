"""Sections that are no lists, each with its form."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import UserRequest, requires
from cases.beside import keep_facts, keep_sections, with_askers, with_draft, with_owners
from cases.forms.complete import CompleteForm
from cases.forms.doubts import life_of
from cases.forms.identity import IdentityForm
from cases.forms.question import QuestionForm
from cases.forms.sections import FitnessForm, SectionForm
from cases.forms.tumour import TumourForm
from cases.forms.two import TwoForm
from cases.models import Case, Section
from cases.oneortwo import LISTS
from cases.owing import facts_of_form
from cases.policies import check_view
from cases.presenters.entered import entered
from cases.presenters.patient import facts_of
from cases.presenters.sections import section_view
from cases.presenters.steroids import SECOND_LINE
from cases.selectors import FEW, WHOLE, case_for_section
from cases.services import history
from cases.services.identity import save_identity
from cases.services.oneortwo import NotAsked, say_two
from cases.services.sections import StaleSection
from cases.services.steroids import set_second_line_complete
from cases.services.tumour import save_tumour
from cases.states import CaseState
from cases.views.editing import Edit, answer, form_key, saved
from cases.views.keeping import kept_of_closed
from cases.whole_record import fetch_record
from ui.htmx import redirect, render, wants_fragment

if TYPE_CHECKING:
    from uuid import UUID

FORMS: dict[str, type[Any]] = {
    Section.QUESTION: QuestionForm,
    Section.PATIENT: IdentityForm,
    Section.TUMOUR: TumourForm,
    Section.FITNESS: FitnessForm,
}


# Lists that somebody can call complete: their section, and the service that says so.
COMPLETED: dict[str, tuple[str, Callable[..., None]]] = {
    **{key: (key, partial(history.set_complete, key=key)) for key in history.COMPLETE_AS_OF},
    SECOND_LINE: (Section.STEROIDS, set_second_line_complete),
}


def case_with(
    request: UserRequest,
    public_id: UUID,
    key: str,
    *,
    item: str | None = None,
    askers: bool = False,
    offers: bool = False,
) -> Case:
    """Return the case with one section fetched; 404 for a case, or a section, that is not there.

    `item`: of which form of the section what the user was typing is fetched as well; None: of none. `askers`: and
    who asked about the organs; `offers`: and the curated rows that a form offers.
    """
    if key not in Section.values:
        raise Http404
    rows = case_for_section(request.user, key, alone=wants_fragment(request))
    if item is not None:
        rows = with_owners(with_draft(rows, request.user, form_key(public_id, key, item)))
    if askers:
        rows = with_askers(rows)
    case: Case = keep_facts(keep_sections(get_object_or_404(rows, public_id=public_id)))
    if key in FEW and wants_fragment(request) and not offers:
        fetch_record([case.patient], lists=FEW[key])
    elif key in WHOLE or offers:
        fetch_record([case.patient], offered=offers)
    return case


@require_http_methods(["GET", "HEAD", "POST"])
@requires("case.edit")
def section(request: UserRequest, public_id: UUID, key: str) -> HttpResponse:
    """Edit the question, who the patient is, the tumour or fitness."""
    if key not in FORMS:
        raise Http404
    case = case_with(request, public_id, key, item="")
    if (kept := kept_of_closed(request, case, form_key(public_id, key, ""))) is not None:
        return kept
    kind = FORMS[key]
    initial = kind.initial_of(case)
    patient: Any = case.patient
    related: dict[str, Any] = {}
    if key == Section.QUESTION:
        related = {"courses": patient.courses.all()}
    elif key == Section.PATIENT:
        related = {"patient": patient}

    def make(data: Any, initial: dict[str, Any] = initial) -> SectionForm:
        form: SectionForm = kind(data, initial=dict(initial), auto_id=f"{key}-%s", **related)
        return form

    edit = Edit(
        case=case,
        key=key,
        title=_("Edit: %(section)s") % {"section": Section(key).label},
        url=reverse("cases:section", args=[case.public_id, key]),
        template=f"cases/_form_{key}.html",
        make=make,
        store=lambda form: _save(request, case, key, form),
        said=_("%(section)s: saved.") % {"section": Section(key).label},
        facts=facts_of_form(case, key),
    )
    return answer(request, edit)


def _save(request: UserRequest, case: Case, key: str, form: Any) -> None:
    lock = {"by": request.user, "case": case, "version": form.cleaned_data["version"]}
    if key == Section.QUESTION:
        history.save_question(**lock, values=form.values())
    elif key == Section.PATIENT:
        save_identity(**lock, values=form.values())
    elif key == Section.TUMOUR:
        save_tumour(**lock, values=form.values())
    else:
        history.save_fitness(**lock, status=form.status(), body=form.body())


@require_GET
@requires("case.view")
def section_shown(request: UserRequest, public_id: UUID, key: str) -> HttpResponse:
    """Show one section again after an edit was given up."""
    case = case_with(request, public_id, key)
    check_view(request.user, case)
    if not wants_fragment(request):
        return redirect(request, f"{reverse('cases:detail', args=[case.public_id])}#section-{key}")
    may_edit = request.user.can("case.edit", case.board) and case.state != CaseState.CLOSED
    view = section_view(case, key, facts_of(case), may_edit=may_edit)
    context = {"section": view, "said": _("Nothing was changed."), "saved_key": key}
    return render(request, "cases/_section.html", context=context)


@require_POST
@requires("case.edit")
def complete(request: UserRequest, public_id: UUID, key: str) -> HttpResponse:
    """Say that a list is complete as of a day, today where none is given, or take that back."""
    if key not in COMPLETED:
        raise Http404
    section, store = COMPLETED[key]
    case = case_with(request, public_id, section)
    form = CompleteForm(request.POST)
    # What would be questioned is refused: a day can be written out, and there is nothing to answer with.
    form.life, form.entries = life_of(case), entered(case, key)
    form.is_valid()
    version = form.cleaned_data.get("version", 0)
    wanted = request.POST.get("complete") == "yes"
    if wanted and form.refusal:
        said = _("Not saved: %(why)s (“%(typed)s”).")
        words = {"why": form.refusal.rstrip("."), "typed": request.POST.get("as_of", "")[:80]}
        return saved(request, case, section, said % words)
    try:
        store(
            by=request.user,
            case=case,
            version=version,
            complete=wanted,
            on=form.cleaned_data.get("as_of"),
        )
    except StaleSection as stale:
        said = _("Not saved: %(who)s changed this list meanwhile. Look at it again.")
        return saved(request, case, section, said % {"who": stale.section.changed_by.name})
    said = _("This list is complete.") if wanted else _("This list is open again.")
    return saved(request, case, section, said)


@require_POST
@requires("case.edit")
def two(request: UserRequest, public_id: UUID, key: str) -> HttpResponse:
    """Say that two entries of a list are two."""
    form = TwoForm(request.POST)
    if key not in LISTS or not form.is_valid():
        raise Http404
    case = case_with(request, public_id, key)
    told = form.cleaned_data
    ids = (told["one"], told["other"])
    try:
        say_two(by=request.user, case=case, version=told["version"], key=key, ids=ids)
    except StaleSection as stale:
        said = _("Not saved: %(who)s changed this list meanwhile. Look at it again.")
        return saved(request, case, key, said % {"who": stale.section.changed_by.name})
    except NotAsked:
        return saved(request, case, key, _("Not saved: that is settled already."))
    return saved(request, case, key, _("They are two: both count."))
