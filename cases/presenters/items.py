"""Items of the history's lists: irAEs, steroid courses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from cases.models import Case, Section
from cases.presenters.iraes import irae_heads, irae_item
from cases.presenters.lists import Item
from cases.presenters.steroids import steroid_heads, steroid_item
from cases.vocabulary import drug_label

if TYPE_CHECKING:
    from cases.models import ICICourse


def list_of(case: Case, key: str, *, may_edit: bool) -> tuple[tuple[str, ...], Iterator[Item], str]:
    """Return heads, rows and the words of the Add button of one list."""
    patient: Any = case.patient
    if key == Section.IRAES:
        rows = (irae_item(case, e, may_edit=may_edit) for e in patient.iraes.all())
        return irae_heads(), rows, _("Add irAE")
    return (
        steroid_heads(),
        (steroid_item(case, s) for s in patient.steroids.all()),
        _("Add steroid"),
    )


def edit_url(case: Case, key: str, row: Any) -> str:
    """Return where an item is changed."""
    return reverse("cases:item", args=[case.public_id, key, row.public_id])


def course_name(row: ICICourse) -> str:
    """Return the drugs of a course in words."""
    return capfirst(" + ".join(drug_label(code) for code in row.drugs)) or _("drug not known")


def cycles_words(row: ICICourse) -> str:
    """Return the number of cycles, or its bounds, in words."""
    low, high = row.cycles_low, row.cycles_high
    if low is None and high is None:
        return ""
    if low == high:
        return str(low)
    if high is None:
        return _("at least %(n)s") % {"n": low}
    return _("%(low)s to %(high)s") % {"low": low or 0, "high": high}
