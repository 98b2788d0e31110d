"""Items of the history's lists: irAEs, steroid courses, biomarkers."""

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
from cases.presenters.words import state_words
from cases.vocabulary import drug_label
from ui import formatting
from ui.formatting import number
from ui.forms import in_sentence

if TYPE_CHECKING:
    from cases.models import BiomarkerResult, ICICourse


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


def biomarker_pair(row: BiomarkerResult) -> tuple[str, str]:
    """Return a biomarker result as label and value."""
    name, unit = (_("PD-L1 TPS"), " %") if row.kind == "pdl1_tps" else (_("TMB"), " mut/Mb")
    label = f"{name}, {in_sentence(str(row.get_timing_display()))}"
    if row.state != "known":
        return label, state_words(row.state)
    value = row.entered or number(row.low if row.low is not None else row.high)
    text = value if value.endswith(unit.strip()) else f"{value}{unit}"
    return label, ", ".join(
        part
        for part in (text, row.assay, formatting.partial_date(row.sampled) if row.sampled else "")
        if part
    )
