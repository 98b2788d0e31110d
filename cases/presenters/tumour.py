"""The tumour as it is shown: stage, sites, driver alterations, samples."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from cases.asof import told_on
from cases.models import BiomarkerKind, Driver, MetastaticSite, Section
from cases.presenters.drivers import driver_words
from cases.presenters.lists import Cell, Item, Part, SubList, begun_since
from cases.presenters.patient import tumour_words
from cases.presenters.words import dated_words, state_words, stated_words, value_words
from evidence.conditions import Fact, FactState
from ui import formatting
from ui.formatting import number
from ui.forms import in_sentence
from ui.partial_dates import spanning

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cases.models import BiomarkerResult, Case, DriverTest, Metastasis, Tumour

METASTASES, DRIVERS, SAMPLES = "metastases", "drivers", "biomarkers"


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def tumour_summary(case: Case, facts: dict[str, Fact]) -> str:
    """Return the tumour in one line."""
    patient: Any = case.patient
    sites = [
        in_sentence(str(row.get_site_display())) for row in patient.metastases.all() if row.present
    ]
    return _joined(
        tumour_words(case),
        tnm_words(case.patient.tumour),
        _("metastases: %(sites)s") % {"sites": "; ".join(sites)} if sites else "",
        driver_words(patient.drivers.all()),
        _tps(facts),
    )


def _tps(facts: dict[str, Fact]) -> str:
    for key in ("pdl1_tps_recent", "pdl1_tps_initial"):
        if facts[key].state is FactState.KNOWN:
            return _("TPS %(value)s") % {"value": value_words(key, facts[key])}
    return ""


def tnm_words(tumour: Tumour) -> str:
    """Return T, N and M as far as they are known, such as "cT2a N1 M1b"; empty where none is."""
    known = [tumour.t_category, tumour.n_category, tumour.m_category]
    told = " ".join(code for code in known if code)
    return f"{tumour.tnm_basis}{told}" if told else ""


def tumour_pairs(case: Case) -> list[tuple[str, str]]:
    """Return histology and stage."""
    tumour = case.patient.tumour
    stage = stated_words(tumour, "stage_group")
    categories = [
        (name, stated_words(tumour, f"{name.lower()}_category")) for name in ("T", "N", "M")
    ]
    same = {words for _name, words in categories}
    if tnm_words(tumour):
        open_ = [f"{name} {words}" for name, words in categories if words[:1] != name]
        tnm = ", ".join([tnm_words(tumour), *open_])
    else:
        tnm = same.pop() if len(same) == 1 else ", ".join(f"{n} {words}" for n, words in categories)
    return [
        (_("Histology"), stated_words(tumour, "histology")),
        (_("Stage now"), f"{stage} ({tumour.stage_text})" if tumour.stage_text else stage),
        (_("TNM"), tnm),
        (_("TNM edition"), str(tumour.get_tnm_edition_display()) or _("not said")),
    ]


def tumour_parts(case: Case, *, may_edit: bool) -> tuple[Part, ...]:
    """Return the sites of metastases and the driver alterations, each with its own form."""
    return (_metastases(case, may_edit=may_edit), _drivers(case, may_edit=may_edit))


def part_url(case: Case, key: str, *, may_edit: bool) -> str:
    """Return where a part of a section is edited."""
    return reverse("cases:part", args=[case.public_id, key]) if may_edit else ""


def _metastases(case: Case, *, may_edit: bool) -> Part:
    patient: Any = case.patient
    rows: Iterable[Metastasis] = patient.metastases.all()
    order = list(MetastaticSite.values)
    told = sorted(rows, key=lambda row: order.index(row.site))
    return Part(
        title=_("Sites of metastases"),
        pairs=tuple((str(row.get_site_display()), _site_words(row)) for row in told),
        empty=_("No site entered."),
        note=_all_sites(patient),
        edit_url=part_url(case, METASTASES, may_edit=may_edit),
        edit_text=_("Edit sites"),
    )


def _all_sites(patient: Any) -> str:
    """Return for which day these are all sites, and how many were told since."""
    as_of = told_on(patient, "metastases_complete_as_of")
    if as_of is None:
        return _("Nobody has said that these are all: “none” is not concluded for another site.")
    days = [spanning(r.said_on, r.said_latest) for r in patient.metastases.all() if r.said_on]
    since = begun_since(as_of, days)
    if not since:
        return _("Complete as of %(date)s: no site beyond these.") % {"date": as_of}
    words = _("Complete as of %(date)s: no site beyond these then; sites told since then: %(n)s.")
    return words % {"date": as_of, "n": since}


def _site_words(row: Metastasis) -> str:
    words = stated_words(row, "present")
    return f"{words}, {row.detail}" if row.detail else words


def _drivers(case: Case, *, may_edit: bool) -> Part:
    patient: Any = case.patient
    rows: dict[str, DriverTest] = {row.gene: row for row in patient.drivers.all()}
    told = [rows[gene] for gene in Driver.values if gene in rows]
    return Part(
        title=_("Driver alterations"),
        pairs=tuple((str(row.get_gene_display()), _driver_words(row)) for row in told),
        empty=_("No gene entered."),
        note=_("A gene that is not listed was not asked about."),
        edit_url=part_url(case, DRIVERS, may_edit=may_edit),
        edit_text=_("Edit drivers"),
    )


def _driver_words(row: DriverTest) -> str:
    if row.result_state == FactState.MISSING:
        return row.variant
    result = in_sentence(stated_words(row, "result"))
    sampled = (
        _("sampled %(date)s") % {"date": formatting.partial_date(row.sampled)}
        if row.sampled
        else ""
    )
    return ", ".join(part for part in (result, row.variant, sampled) if part)


def samples_of(case: Case, version: int, *, may_edit: bool) -> SubList:
    """Return the biomarkers, sample by sample."""
    patient: Any = case.patient
    here = [case.public_id, SAMPLES]
    return SubList(
        title=_("Biomarkers"),
        id=f"section-{Section.TUMOUR}",
        version=version,
        heads=(_("Biomarker"), _("Result"), _("Clone or assay"), _("Sampled")),
        items=tuple(_sample(case, row) for row in patient.biomarkers.all()),
        add_url=reverse("cases:item_add", args=here) if may_edit else "",
        add_text=_("Add a biomarker"),
    )


def _sample(case: Case, row: BiomarkerResult) -> Item:
    return Item(
        name=sample_name(row),
        sub=str(row.get_timing_display()) or _("Before or after the first ICI: not said"),
        cells=(
            Cell(result_words(row)),
            Cell(row.assay or _("not said")),
            Cell(dated_words(row, "sampled")),
        ),
        edit_url=reverse("cases:item", args=[case.public_id, SAMPLES, row.public_id]),
    )


def sample_name(row: BiomarkerResult) -> str:
    """Return what was measured, without its unit."""
    return _("PD-L1 TPS") if row.kind == BiomarkerKind.PDL1_TPS else _("TMB")


def result_words(row: BiomarkerResult) -> str:
    """Return a result as it was entered, with its unit, or why there is none and what the report says."""
    if row.state != FactState.KNOWN:
        words = state_words(row.state)
        return f"{words}: {row.entered}" if row.entered else words
    low, high = row.low, row.high
    if row.entered:
        value = row.entered
    elif high is None:
        value = _("at least %(n)s") % {"n": number(low)}
    else:
        value = number(low) if low == high else f"{number(low or 0)}–{number(high)}"
    unit = "%" if row.kind == BiomarkerKind.PDL1_TPS else str(row.get_unit_display())
    return value if value.endswith(unit) else f"{value} {unit}"
