"""What a referral says in short of background, metastases, drivers and second-line agents, saved section by section.

What somebody does not know takes nothing back that the record knows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from cases.asof import days_told
from cases.models import Background, DriverTest, Immunosuppressant, Metastasis, Section
from cases.services.history import save_background
from cases.services.steroids import save_immunosuppressant, set_second_line_complete
from cases.services.tumour import save_drivers, save_metastases
from evidence.conditions import FactState

if TYPE_CHECKING:
    from cases.models import Patient
    from cases.services.referral import Referral
    from ui.partial_dates import PartialDate


def enter_background(
    patient: Patient, referral: Referral, lock: Callable[[str], dict[str, Any]]
) -> None:
    """Save what was answered; each section by the service that its own form calls."""
    values = _told(Background.objects.get(patient=patient), referral.background)
    if values:
        save_background(**lock(Section.FITNESS), values=values)
    known = {row.site: row for row in Metastasis.objects.filter(patient=patient)}
    sites = {
        site: _told(known.get(site), said)
        for site, said in referral.sites.items()
        if not _told_later(known.get(site), referral.imaged)
    }
    if sites := {site: said for site, said in sites.items() if said}:
        save_metastases(**lock(Section.TUMOUR), sites=sites, complete=None, on=referral.imaged)
    tested = {row.gene: row for row in DriverTest.objects.filter(patient=patient)}
    genes = {gene: _told(tested.get(gene), said) for gene, said in referral.drivers.items()}
    if genes := {gene: said for gene, said in genes.items() if said}:
        save_drivers(**lock(Section.TUMOUR), results=genes)
    _enter_second_line(patient, referral, lock)


def _enter_second_line(
    patient: Patient, referral: Referral, lock: Callable[[str], dict[str, Any]]
) -> None:
    """Save the agent given now, once; that there is none is said of a patient who never had one."""
    rows = Immunosuppressant.objects.filter(patient=patient)
    agent = referral.second_line
    if agent and not rows.filter(drug=agent["drug"]).exists():
        save_immunosuppressant(**lock(Section.STEROIDS), values=agent)
    elif referral.no_second_line and not rows.exists():
        set_second_line_complete(**lock(Section.STEROIDS), complete=True)


def _told_later(row: Metastasis | None, imaged: PartialDate | None) -> bool:
    """Whether the record knows of a site what is certainly newer than an imaging."""
    if row is None or row.present_state != FactState.KNOWN or row.said_on is None:
        return False
    first, last = days_told(imaged)
    return row.said_on > (last or first)


def _told(row: Any, said: Mapping[str, Any]) -> dict[str, Any]:
    """Return of what was said all but words that somebody does not know what the row knows."""
    return {
        column: value
        for column, value in said.items()
        if not _takes_back(row, column.removesuffix("_state"), said)
    }


def _takes_back(row: Any, name: str, said: Mapping[str, Any]) -> bool:
    known = FactState.KNOWN
    return (
        row is not None
        and getattr(row, f"{name}_state") == known
        and said[f"{name}_state"] != known
    )
