"""The list of the findings in the library, and the page of one. To read only; nothing here is about a patient."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import UserRequest, requires
from evidence.accepted import every_one, stood_for
from evidence.all_findings import (
    ORDER,
    Asked,
    described,
    listed,
    newest,
    resting_on,
    standing,
)
from evidence.choices import Print
from evidence.library import SECTIONS, UnknownFilter
from ui.htmx import render
from ui.paging import keyset

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID


@require_safe
@requires("evidence.view")
def findings(request: UserRequest) -> HttpResponse:
    """Every finding, by section, source and state of the print, or those of one erratum."""
    stands, sources = standing()
    try:
        asked = Asked.of(request.GET.dict(), sources)
    except UnknownFilter as error:
        raise Http404 from error
    page = keyset(asked.find(stands), request, order=ORDER)
    context = {
        "page": page,
        "rows": [listed(finding) for finding in page.rows],
        "asked": asked,
        "selects": _selects(asked, sources),
    }
    return render(request, "evidence/findings.html", context=context)


@require_safe
@requires("evidence.view")
def finding(request: UserRequest, public_id: UUID) -> HttpResponse:
    """One revision of a finding: figure, print and correction, and which statements rest on it."""
    may_curate = request.user.can_anywhere("evidence.curate")
    found = get_object_or_404(every_one(), public_id=public_id)
    # What nobody has published yet is read by whoever curates alone.
    if not (may_curate or stood_for(found)):
        raise Http404
    last = newest(found)
    context = {
        "shown": listed(found),
        "described": described(found),
        "newer": last if last.pk != found.pk else None,
        "resting": [link.version for link in resting_on(found, may_curate=may_curate)],
    }
    return render(request, "evidence/finding.html", context=context)


def _selects(asked: Asked, sources: Mapping[str, str]) -> list[dict[str, object]]:
    """What the list is narrowed by, as lists to choose from."""
    sections = [(number, _("Section %(number)s") % {"number": number}) for number in SECTIONS]
    shown = (
        ("section", _("Section of the review"), _("Any section"), sections, asked.section),
        ("source", _("Source"), _("Any source"), list(sources.items()), asked.source),
        ("state", _("State of the print"), _("Any state"), Print.choices, asked.state),
    )
    return [
        {
            "name": name,
            "label": label,
            "options": [
                {"value": value, "text": text, "chosen": value == chosen}
                for value, text in (("", none), *choices)
            ],
        }
        for name, label, none, choices, chosen in shown
    ]
