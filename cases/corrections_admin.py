"""Corrections of the list of ICIs in the curators' admin: proposed on a page of their own, confirmed beside the row."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.contrib.admin.utils import label_for_field
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.admin_steps import taken
from cases.forms.listed import CorrectionForm
from cases.models import CorrectionState, DrugCorrection, ListedDrug
from cases.services import corrections as services
from evidence.curation.base_admin import curator_of
from evidence.policies import CurationRefused
from evidence.shown import shown
from ui import formatting

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin
    from django.http import HttpRequest

TEMPLATE = "admin/cases/correction.html"
CONFIRM, WITHDRAW = "confirm_correction", "withdraw_correction"
LABELS: dict[str, Any] = {
    CONFIRM: gettext_lazy("Confirm the correction as second curator"),
    WITHDRAW: gettext_lazy("Withdraw the correction"),
}


class CorrectionFilter(admin.SimpleListFilter):
    """The ICIs of which a correction waits, or was made."""

    title = gettext_lazy("correction")
    parameter_name = "correction"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return the states of corrections that are asked for."""
        states = (CorrectionState.WAITING, CorrectionState.MADE)
        return [(state.value, state.label) for state in states]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Return the rows with such a correction."""
        if self.value() is None:
            return queryset
        with_one = DrugCorrection.objects.filter(state=self.value()).values("drug")
        return queryset.filter(pk__in=with_one)


def waiting(row: ListedDrug) -> DrugCorrection | None:
    """Return the correction of a row that waits for a second curator."""
    found: DrugCorrection | None = row.corrections.filter(state=CorrectionState.WAITING).first()
    return found


def open_steps(row: ListedDrug, user: Any) -> list[tuple[str, Any, str, int]]:
    """Return address, label, what was shown and its key of each step open to `user` with a correction that waits."""
    correction = waiting(row)
    if correction is None:
        return []
    names = [WITHDRAW] if correction.proposed_by_id == user.pk else [CONFIRM, WITHDRAW]
    seen = shown(correction)
    return [
        (
            reverse("admin:cases_listeddrug_step", args=[row.pk, name]),
            LABELS[name],
            seen,
            correction.pk,
        )
        for name in names
    ]


def take(model_admin: ModelAdmin[Any], request: HttpRequest, row: ListedDrug, name: str) -> None:
    """Take one step with the correction that was before somebody's eyes, and say how it went.

    Which one it was is posted: meanwhile it may be decided, and another one wait in its place.
    """
    posted = request.POST.get("correction", "")
    if not (posted.isascii() and posted.isdigit()):
        raise Http404
    correction = get_object_or_404(row.corrections, pk=int(posted))
    service = services.make if name == CONFIRM else services.withdraw
    seen = request.POST.get("shown", "")
    step = partial(service, by=curator_of(request), correction=correction, seen=seen)
    taken(model_admin, request, LABELS[name], correction, step)


def correct_view(model_admin: ModelAdmin[Any], request: HttpRequest, pk: int) -> HttpResponse:
    """Propose a correction of one ICI; what was typed stays in the form until it is taken."""
    if not model_admin.has_change_permission(request):
        raise PermissionDenied
    row = get_object_or_404(ListedDrug, pk=pk)
    form = CorrectionForm(request.POST or None, instance=row)
    address = reverse("admin:cases_listeddrug_change", args=[pk])
    if form.is_valid() and _proposed(model_admin, request, row, form):
        return HttpResponseRedirect(address)
    if request.method != "POST" and (not row.is_settled or waiting(row)):
        words = _("It waits for a second curator: nothing can be proposed beside that.")
        model_admin.message_user(request, words, messages.ERROR)
        return HttpResponseRedirect(address)
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "original": row,
        "title": _("Correct %(name)s") % {"name": row.label},
        "form": form,
    }
    return TemplateResponse(request, TEMPLATE, context, status=422 if form.errors else 200)


def _proposed(
    model_admin: ModelAdmin[Any], request: HttpRequest, row: ListedDrug, form: CorrectionForm
) -> bool:
    """Propose what the form says, and say so; a refusal is one of the form's errors."""
    by, source = curator_of(request), form.cleaned_data["source"]
    try:
        found = services.propose(by=by, row=row, values=form.values(), source=source)
    except CurationRefused as refusal:
        form.add_error(None, str(refusal))
        return False
    except ValidationError as error:
        form.add_error(None, error)
        return False
    words = format_html("{}: {}", _("Correction proposed"), found)
    model_admin.message_user(request, words, messages.SUCCESS)
    return True


def in_words(row: ListedDrug) -> str | SafeString:
    """Return every correction of a row, newest first: what changes, by which source, by whom and when."""
    found = row.corrections.select_related("proposed_by", "decided_by")
    return format_html_join("", "<div>{}</div>", ((_line(one),) for one in found)) or "–"


def _line(one: DrugCorrection) -> SafeString:
    changes = format_html_join(
        "", "<div>{}: <del>{}</del> → <b>{}</b></div>",
        (
            (label_for_field(name, ListedDrug), one.before[name] or "–", one.after[name] or "–")
            for name in services.FIELDS if name in one.after
        ),
    )  # fmt: skip
    proposed = _("proposed by %(who)s, %(when)s") % {
        "who": one.proposed_by, "when": formatting.datetime(one.proposed_at),
    }  # fmt: skip
    people = [proposed]
    if one.decided_at is not None:
        how = {
            CorrectionState.MADE: _("confirmed by %(who)s, %(when)s"),
            CorrectionState.WITHDRAWN: _("withdrawn by %(who)s, %(when)s"),
        }[CorrectionState(one.state)]
        people.append(how % {"who": one.decided_by, "when": formatting.datetime(one.decided_at)})
    else:
        people.append(CorrectionState(one.state).label.lower())
    return format_html("{}<div>{}; {}</div>", changes, one.source, "; ".join(people))
