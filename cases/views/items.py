"""Adding, changing and removing items of the history's lists."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db.models import ProtectedError
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.access import UserRequest, requires
from cases.eventnames import event_named
from cases.forms.courses import CourseForm
from cases.forms.iraes import IrAEForm
from cases.forms.reports import ReportForm
from cases.forms.sections import SectionForm
from cases.forms.steroids import ImmunosuppressantForm, SteroidForm
from cases.forms.treatment import ResponseForm, TreatmentForm
from cases.forms.tumour import SampleForm
from cases.models import Case, Section
from cases.owing import facts_of_form, facts_of_sample
from cases.policies import check_edit
from cases.presenters.items import course_name
from cases.presenters.patient import patient_bar_of
from cases.presenters.steroids import SECOND_LINE, second_line_name
from cases.presenters.tumour import SAMPLES, sample_name
from cases.presenters.words import dated_words
from cases.services import history, treatment
from cases.services.reports import save_report
from cases.services.sections import StaleSection
from cases.services.steroids import save_immunosuppressant, save_steroid
from cases.services.tumour import save_biomarker
from cases.views.editing import Edit, answer, form_key, gone, saved
from cases.views.keeping import kept_of_closed
from cases.views.sections import case_with
from ui.htmx import render

if TYPE_CHECKING:
    from uuid import UUID


@dataclass(frozen=True)
class Kind:
    """One kind of item: its form, its service, its words."""

    form: type[Any]
    store: Callable[..., Any]
    rows: str
    template: str
    added: Any
    add: Any
    name: Callable[[Any], str]
    # What the service takes beside `values`: its name, and how the form says it.
    beside: tuple[tuple[str, str], ...] = ()
    section: str = ""


KINDS: dict[str, Kind] = {
    Section.COURSES: Kind(
        CourseForm,
        history.save_course,
        "courses",
        "cases/_form_course.html",
        gettext_lazy("ICI course: saved."),
        gettext_lazy("Add an ICI course"),
        course_name,
        beside=(("after", "place"),),
    ),
    Section.TREATMENT: Kind(
        TreatmentForm,
        treatment.save_treatment,
        "treatments",
        "cases/_form_treatment.html",
        gettext_lazy("Other treatment: saved."),
        gettext_lazy("Add other treatment"),
        lambda row: str(row.get_kind_display()),
    ),
    Section.RESPONSES: Kind(
        ResponseForm,
        treatment.save_response,
        "responses",
        "cases/_form_response.html",
        gettext_lazy("Response assessment: saved."),
        gettext_lazy("Add a response assessment"),
        lambda row: _("assessment, %(when)s") % {"when": dated_words(row, "assessed")},
    ),
    Section.IRAES: Kind(
        IrAEForm,
        history.save_irae,
        "iraes",
        "cases/_form_irae.html",
        gettext_lazy("irAE: saved."),
        gettext_lazy("Add an irAE"),
        event_named,
    ),
    Section.STEROIDS: Kind(
        SteroidForm,
        save_steroid,
        "steroids",
        "cases/_form_steroid.html",
        gettext_lazy("Steroid course: saved."),
        gettext_lazy("Add a steroid course"),
        lambda row: row.called or _("steroid course"),
        beside=(("doses", "doses"),),
    ),
    SECOND_LINE: Kind(
        ImmunosuppressantForm,
        save_immunosuppressant,
        "immunosuppressants",
        "cases/_form_second_line.html",
        gettext_lazy("Second-line agent: saved."),
        gettext_lazy("Add a second-line agent"),
        second_line_name,
        section=Section.STEROIDS,
    ),
    "reports": Kind(
        ReportForm,
        save_report,
        "reports",
        "cases/_form_report.html",
        gettext_lazy("Report: saved."),
        gettext_lazy("Add a report"),
        lambda row: str(row.title),
        beside=(("pdf", "pdf"),),
        section=Section.IRAES,
    ),
    SAMPLES: Kind(
        SampleForm,
        save_biomarker,
        "biomarkers",
        "cases/_form_biomarker.html",
        gettext_lazy("Biomarker: saved."),
        gettext_lazy("Add a biomarker"),
        sample_name,
        section=Section.TUMOUR,
    ),
}


def _found(case: Case, kind: Kind, item_id: UUID) -> Any:
    rows = getattr(case.patient, kind.rows).all()
    row = next((r for r in rows if r.public_id == item_id), None)
    if row is None:
        raise Http404
    return row


def _case(request: UserRequest, public_id: UUID, key: str, item: str | None = None) -> Case:
    return case_with(request, public_id, KINDS[key].section or key, item=item)


def _item(key: str, item_id: UUID | None) -> str:
    """Return which form of its section one item has, for its draft."""
    return (f"{key}:" if KINDS[key].section else "") + str(item_id or "new")


def related_of(patient: Any, key: str, row: Any) -> dict[str, Any]:
    """Return the rows that an item's form lets choose from."""
    if key == Section.IRAES:
        others = [e for e in patient.iraes.all() if row is None or e.pk != row.pk]
        return {"courses": patient.courses.all(), "others": others}
    if key == Section.COURSES:
        others = [c for c in patient.courses.all() if row is None or c.pk != row.pk]
        return {"others": others, "iraes": patient.iraes.all(), "own": row}
    if key in {Section.RESPONSES, SAMPLES}:
        return {"courses": patient.courses.all()}
    return {} if key == Section.TREATMENT else {"iraes": patient.iraes.all()}


# What the address of a new item may say of it, so that nobody chooses again what they came for.
SUGGESTED = {"reports": ("irae",), SAMPLES: ("measured", "timing")}


def _suggested(request: UserRequest, key: str) -> dict[str, Any]:
    """Return what a new item begins with: the event of a report, or what a sample is wanted for."""
    return {name: request.GET.get(name, "") for name in SUGGESTED.get(key, ())}


def _edit(request: UserRequest, case: Case, key: str, item_id: UUID | None) -> HttpResponse:
    kind = KINDS[key]
    typed = form_key(case.public_id, kind.section or key, _item(key, item_id))
    if (kept := kept_of_closed(request, case, typed)) is not None:
        return kept
    row = _found(case, kind, item_id) if item_id else None
    related = related_of(case.patient, key, row)
    first = kind.form.initial_of(row) if row is not None else _suggested(request, key)
    options = {"auto_id": f"{key}-%s", **related}

    def make(data: Any, initial: dict[str, Any] = first) -> SectionForm:
        files = request.FILES if data is not None else None
        form: SectionForm = kind.form(data, files, initial=dict(initial), **options)
        return form

    def store(form: Any) -> Any:
        lock = {"by": request.user, "case": case, "version": form.cleaned_data["version"]}
        beside = {name: getattr(form, how)() for name, how in kind.beside}
        return kind.store(**lock, values=form.values(), public_id=item_id, **beside)

    args = [case.public_id, key]
    edit = Edit(
        case=case,
        key=kind.section or key,
        title=_("Edit %(item)s") % {"item": kind.name(row)} if row is not None else str(kind.add),
        url=reverse("cases:item", args=[*args, item_id])
        if item_id
        else reverse("cases:item_add", args=args),
        template=kind.template,
        make=make,
        store=store,
        said=str(kind.added),
        item=_item(key, item_id),
        adds="" if item_id else history.LISTED[key][0].__name__,
        extra={
            "remove_url": reverse("cases:item_remove", args=[*args, item_id]) if item_id else ""
        },
        facts=partial(facts_of_sample, row=row)
        if key == SAMPLES
        else facts_of_form(case, key, row),
    )
    return answer(request, edit)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("case.edit")
def item_add(request: UserRequest, public_id: UUID, key: str) -> HttpResponse:
    """Add an item to one of the lists."""
    if key not in KINDS:
        raise Http404
    return _edit(request, _case(request, public_id, key, _item(key, None)), key, None)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("case.edit")
def item(request: UserRequest, public_id: UUID, key: str, item_id: UUID) -> HttpResponse:
    """Change one item."""
    if key not in KINDS:
        raise Http404
    case = _case(request, public_id, key, _item(key, item_id))
    rows = getattr(case.patient, KINDS[key].rows).all()
    if not any(row.public_id == item_id for row in rows):
        return gone(request, case, KINDS[key].section or key, _item(key, item_id))
    return _edit(request, case, key, item_id)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("case.edit")
def item_remove(request: UserRequest, public_id: UUID, key: str, item_id: UUID) -> HttpResponse:
    """Ask, then remove one item; its history stays."""
    if key not in KINDS:
        raise Http404
    case, section = _case(request, public_id, key), KINDS[key].section or key
    check_edit(request.user, case)
    row = _found(case, KINDS[key], item_id)
    version = next(s.version for s in case.sections.all() if s.key == section)
    form = SectionForm(request.POST or None, initial={"version": version})
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            lock = {"by": request.user, "case": case, "version": form.cleaned_data["version"]}
            history.remove(**lock, key=key, public_id=item_id)
            return saved(request, case, section, _("Removed. Its history is kept."))
        except ProtectedError:
            form.add_error(None, _("Something else in the record refers to it: change that first."))
            status = 422
        except StaleSection as stale:
            words = _("%(who)s changed this section meanwhile: look at it again first.")
            form.add_error(None, words % {"who": stale.section.changed_by.name})
            status = 409
    context = {
        "form": form,
        "bar": patient_bar_of(case, timezone.localdate()),
        "bar_links": True,
        "name": KINDS[key].name(row),
        "back_url": reverse("cases:item", args=[case.public_id, key, item_id]),
        "confirm_text": _("Yes, remove it"),
        "confirm_kind": "danger",
    }
    return render(request, "cases/remove.html", context=context, status=status)
