"""The vocabulary of conditions as curators read it, beside the forms in which they write conditions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from evidence.conditions import VOCABULARY_VERSION, FactSpec
from evidence.conditions.described import KINDS, STATES, described, operators

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@dataclass(frozen=True)
class FactRow:
    """One fact in words."""

    key: str
    label: str
    question: str
    kind: str
    unit: str
    values: tuple[tuple[str, str], ...]
    operators: str


def fact_row(spec: FactSpec) -> FactRow:
    """Return what a curator reads of one fact."""
    return FactRow(
        key=spec.key,
        label=_(spec.label),
        question=_(spec.question),
        kind=_(KINDS[spec.kind]),
        unit=_(spec.unit) if spec.unit else "",
        values=tuple(_values(spec)),
        operators=" ".join(operators(spec)),
    )


def _values(spec: FactSpec) -> list[tuple[str, str]]:
    """Return (code, words) of each value; of a number its limits."""
    if spec.kind == "choice":
        return [(code, _(label)) for code, label in spec.offered]
    if spec.kind == "flag":
        return [("true", _("yes")), ("false", _("no"))]
    if spec.kind == "date":
        return [("", _("a day, written 2026-03-12; within: days before today"))]
    words = _("%(low)s to %(high)s, whole numbers")
    if spec.decimals:
        words = _("%(low)s to %(high)s, to %(places)s decimal places")
    limits = {"low": spec.lowest, "high": spec.highest, "places": spec.decimals}
    return [("", words % limits)]


@require_safe
def vocabulary(request: HttpRequest) -> HttpResponse:
    """Every fact that a condition may read, for curators; nothing can be changed here."""
    user: Any = request.user
    if not user.can_anywhere("evidence.curate"):
        raise PermissionDenied
    groups = [
        (_(one.origin.title), _(one.origin.source), _(one.origin.unknown),
         [fact_row(spec) for spec in one.facts])
        for one in described()
    ]  # fmt: skip
    context = {
        **admin.site.each_context(request),
        "title": _("Facts that a condition may read"),
        "version": VOCABULARY_VERSION,
        "groups": groups,
        "states": [(_(state), _(words)) for state, words in STATES],
    }
    return TemplateResponse(request, "admin/evidence/vocabulary.html", context)
