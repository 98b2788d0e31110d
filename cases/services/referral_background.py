"""What a referral says in short of background, metastases, drivers and second-line agents, saved section by section.

It fills what the record does not know. What the record says otherwise stays, and whoever refers is told of it; sites
of metastases alone are as new as their imaging.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from cases.asof import days_told
from cases.models import Background, DriverTest, Immunosuppressant, Metastasis, Section
from cases.services.history import save_background
from cases.services.referral_same import Left
from cases.services.steroids import save_immunosuppressant, set_second_line_complete
from cases.services.tumour import save_drivers, save_metastases
from evidence.conditions import FactState

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from cases.models import Patient
    from cases.services.referral import Referral
    from ui.partial_dates import PartialDate


def enter_background(
    patient: Patient, referral: Referral, lock: Callable[[str], dict[str, Any]]
) -> None:
    """Save what was answered; each section by the service that its own form calls."""
    values = _new(Background.objects.get(patient=patient), referral.background)
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
    genes = {gene: _new(tested.get(gene), said) for gene, said in referral.drivers.items()}
    if genes := {gene: said for gene, said in genes.items() if said}:
        save_drivers(**lock(Section.TUMOUR), results=genes)
    _enter_second_line(patient, referral, lock)


def left_out(patient: Patient, referral: Referral) -> list[Left]:
    """Return what of a referral is not entered since the record of `patient` says otherwise."""
    row = Background.objects.get(patient=patient)
    names = _otherwise(row, referral.background)
    known = {site.site: site for site in Metastasis.objects.filter(patient=patient)}
    names += [
        site
        for site, said in referral.sites.items()
        if _told_later(known.get(site), referral.imaged) and _otherwise(known[site], said)
    ]
    tested = {row.gene: row for row in DriverTest.objects.filter(patient=patient)}
    if any(gene in tested and _otherwise(tested[gene], s) for gene, s in referral.drivers.items()):
        names.append("drivers")
    if referral.no_second_line and _second_line(patient).exists():
        names.append("second_line")
    return [Left(name) for name in names]


def _second_line(patient: Patient) -> QuerySet[Immunosuppressant]:
    """Return the agents that are given, or of which nobody said that they are not any more."""
    return Immunosuppressant.objects.filter(patient=patient).exclude(still_given=False)


def _enter_second_line(
    patient: Patient, referral: Referral, lock: Callable[[str], dict[str, Any]]
) -> None:
    """Save the agent given now, once; that there is none is said where none may still be given."""
    rows = _second_line(patient)
    agent = referral.second_line
    if agent and not rows.filter(drug=agent["drug"]).exists():
        save_immunosuppressant(**lock(Section.STEROIDS), values=agent)
    elif referral.no_second_line and not rows.exists():
        set_second_line_complete(**lock(Section.STEROIDS), complete=True)


def _new(row: Any, said: Mapping[str, Any]) -> dict[str, Any]:
    """Return of what was said what the row does not know."""
    return {
        column: value
        for column, value in said.items()
        if row is None or getattr(row, f"{column.removesuffix('_state')}_state") != FactState.KNOWN
    }


def _otherwise(row: Any, said: Mapping[str, Any]) -> list[str]:
    """Return the names of what is known in the row and said to be something else."""
    known = FactState.KNOWN
    return [
        name
        for name in said
        if not name.endswith("_state")
        and getattr(row, f"{name}_state") == said[f"{name}_state"] == known
        and getattr(row, name) != said[name]
    ]


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
