"""The organ review, and the dossier of one irAE."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import UserRequest, requires
from cases.beside import askers_of
from cases.eventnames import event_in_words
from cases.forms.dossier import DossierForm
from cases.forms.doubts import life_of
from cases.forms.organs import OrgansForm
from cases.models import Section
from cases.owing import facts_of_dossier
from cases.presenters.lately import beside_items
from cases.presenters.organs import organ_lines
from cases.selectors import dossier_items
from cases.services.iraes import review_all_organs, review_organs, save_dossier
from cases.services.sections import StaleSection
from cases.views.editing import Edit, answer, form_key, gone, saved
from cases.views.keeping import kept_of_closed
from cases.views.sections import case_with

if TYPE_CHECKING:
    from uuid import UUID

    from cases.forms.sections import SectionForm
    from cases.models import Case


@require_http_methods(["GET", "HEAD", "POST"])
@requires("case.edit")
def organs(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Say organ by organ which were asked about, or in one press that all were."""
    case = case_with(request, public_id, Section.IRAES, item="organs", askers=True)
    if (
        kept := kept_of_closed(request, case, form_key(public_id, Section.IRAES, "organs"))
    ) is not None:
        return kept
    reviews = list(case.patient.organ_reviews.all())

    def make(data: Any, initial: dict[str, Any] | None = None) -> OrgansForm:
        first = {"asked": [review.organ for review in reviews]} if initial is None else initial
        return OrgansForm(data, initial=dict(first), auto_id="organs-%s")

    def store(form: Any) -> None:
        data = form.cleaned_data
        review_organs(
            by=request.user,
            case=case,
            version=data["version"],
            asked=data["asked"],
            again=data["again"],
            on=data["asked_on"],
        )

    edit = Edit(
        case=case,
        key=Section.IRAES,
        title=_("Organ review"),
        url=reverse("cases:organs", args=[case.public_id]),
        template="cases/_form_organs.html",
        make=make,
        store=store,
        said=_("Organ review: saved."),
        item="organs",
        extra={"organs": organ_lines(case, askers_of(case))},
    )
    if request.method == "POST" and "all" in request.POST:
        form = OrgansForm(request.POST)
        form.life = life_of(case)
        # A day that is no day is shown beside its field, as with any other press.
        if "asked_on" not in form.errors:
            return _all_organs(request, case, form)
    return answer(request, edit)


def _all_organs(request: UserRequest, case: Case, form: OrgansForm) -> HttpResponse:
    version = form.cleaned_data.get("version", 0)
    day = form.cleaned_data["asked_on"]
    try:
        review_all_organs(by=request.user, case=case, version=version, on=day)
    except StaleSection as stale:
        said = _("Not saved: %(who)s changed this list meanwhile. Look at it again.")
        return saved(request, case, Section.IRAES, said % {"who": stale.section.changed_by.name})
    return saved(request, case, Section.IRAES, _("Asked about all organs: none beyond these."))


@require_http_methods(["GET", "HEAD", "POST"])
@requires("case.edit")
def dossier(request: UserRequest, public_id: UUID, item_id: UUID) -> HttpResponse:
    """Fill in the dossier of one irAE."""
    case = case_with(request, public_id, Section.IRAES, item=f"dossier:{item_id}", offers=True)
    if (
        kept := kept_of_closed(
            request, case, form_key(public_id, Section.IRAES, f"dossier:{item_id}")
        )
    ) is not None:
        return kept
    irae = next((e for e in case.patient.iraes.all() if e.public_id == item_id), None)
    if irae is None:
        return gone(request, case, Section.IRAES, f"dossier:{item_id}")
    entries = list(irae.dossier.all())
    items = dossier_items(case.patient, irae.organ, {entry.item_id for entry in entries})
    first, beside = DossierForm.initial_of(entries), beside_items(case.patient, irae, items)

    def make(data: Any, initial: dict[str, Any] = first) -> SectionForm:
        words = {"initial": dict(initial), "auto_id": "dossier-%s"}
        return DossierForm(data, items=items, onset=irae.onset, beside=beside, **words)

    def store(form: Any) -> None:
        lock = {"by": request.user, "case": case, "version": form.cleaned_data["version"]}
        save_dossier(**lock, irae_id=item_id, answers=form.values())

    edit = Edit(
        case=case,
        key=Section.IRAES,
        title=_("Dossier of %(event)s") % {"event": event_in_words(irae)},
        url=reverse("cases:dossier", args=[case.public_id, item_id]),
        template="cases/_form_dossier.html",
        make=make,
        store=store,
        said=_("Dossier: saved."),
        item=f"dossier:{item_id}",
        facts=facts_of_dossier(irae, items),
    )
    return answer(request, edit)
