"""Parts of a section that have a form of their own: sites of metastases, driver alterations, the background."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts.access import UserRequest, requires
from cases.forms.background import BackgroundForm
from cases.forms.tumour import DriversForm, MetastasesForm, rest_negative
from cases.models import Section
from cases.owing import facts_of_form
from cases.presenters.background import BACKGROUND
from cases.presenters.tumour import DRIVERS, METASTASES
from cases.services.history import save_background
from cases.services.tumour import save_drivers, save_metastases
from cases.views.editing import Edit, answer, form_key
from cases.views.keeping import kept_of_closed
from cases.views.sections import case_with

if TYPE_CHECKING:
    from uuid import UUID

    from cases.forms.sections import SectionForm

REST_NEGATIVE = "negative"


@dataclass(frozen=True)
class PartKind:
    """One part: its section, its form, what saving it does, its words."""

    section: Section
    form: type[Any]
    store: Callable[..., Any]
    said: Callable[[Any], dict[str, Any]]
    title: Any
    saved: Any


PARTS: dict[str, PartKind] = {
    METASTASES: PartKind(
        Section.TUMOUR,
        MetastasesForm,
        save_metastases,
        lambda form: {
            "sites": form.sites(),
            "complete": form.cleaned_data["complete"],
            "on": form.cleaned_data["imaged"],
        },
        _("Sites of metastases"),
        _("Sites of metastases: saved."),
    ),
    DRIVERS: PartKind(
        Section.TUMOUR,
        DriversForm,
        save_drivers,
        lambda form: {"results": form.results()},
        _("Driver alterations"),
        _("Driver alterations: saved."),
    ),
    BACKGROUND: PartKind(
        Section.FITNESS,
        BackgroundForm,
        save_background,
        lambda form: {"values": form.values()},
        _("Background"),
        _("Background: saved."),
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
@requires("case.edit")
def part(request: UserRequest, public_id: UUID, key: str) -> HttpResponse:
    """Edit one part of a section, under the section's version."""
    if key not in PARTS:
        raise Http404
    kind = PARTS[key]
    case = case_with(request, public_id, kind.section, item=key)
    if (kept := kept_of_closed(request, case, form_key(public_id, kind.section, key))) is not None:
        return kept
    stands = kind.form.initial_of(case)
    rest = request.POST.get("reshape") == REST_NEGATIVE

    def make(data: Any, initial: dict[str, Any] | None = None) -> SectionForm:
        first = stands if initial is None else {**stands, **initial}
        if rest and data is None and key == DRIVERS:
            first = rest_negative(first)
        form: SectionForm = kind.form(data, initial=dict(first), auto_id=f"{key}-%s")
        return form

    def store(form: Any) -> None:
        lock = {"by": request.user, "case": case, "version": form.cleaned_data["version"]}
        kind.store(**lock, **kind.said(form))

    edit = Edit(
        case=case,
        key=kind.section,
        title=str(kind.title),
        url=reverse("cases:part", args=[case.public_id, key]),
        template=f"cases/_form_{key}.html",
        make=make,
        store=store,
        said=str(kind.saved),
        item=key,
        facts=facts_of_form(case, key),
    )
    return answer(request, edit)
