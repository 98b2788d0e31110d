"""Writes to the tumour: histology and stage, sites, driver alterations, biomarker samples."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cases.asof import complete_columns, days_told
from cases.models import (
    BiomarkerResult,
    DriverTest,
    Metastasis,
    Patient,
    Section,
    Tumour,
)
from cases.services.assigning import assign, row_of
from cases.services.sections import editing
from evidence.conditions import FactState

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from accounts.models import User
    from cases.models import Case
    from ui.partial_dates import PartialDate


def save_tumour(*, by: User, case: Case, version: int, values: Mapping[str, Any]) -> Tumour:
    """Save histology and stage."""
    with editing(by=by, case=case, key=Section.TUMOUR, version=version) as current:
        row = Tumour.objects.get(patient=current.patient)
        assign(row, values)
        row.save()
    return row


def save_metastases(
    *,
    by: User,
    case: Case,
    version: int,
    sites: Mapping[str, Mapping[str, Any]],
    complete: bool | None,
    on: PartialDate | None = None,
) -> None:
    """Save what is said of each of `sites`, and whether there is no other one, as the imaging of a day tells.

    `complete`: None leaves what was said of the list as it is, and what is told now is of today.

    A site of which nothing is said any more counts as never asked about. What is said anew, and all of a list that
    is called complete, is of that day, today where none is given; of the rest the day stays, and of what was said of
    a later one.
    """
    with editing(by=by, case=case, key=Section.TUMOUR, version=version) as current:
        have = {row.site: row for row in Metastasis.objects.filter(patient=current.patient)}
        first, last = days_told(on)
        for site, values in sites.items():
            row = have.get(site) or Metastasis(patient=current.patient, site=site)
            before = row.said_on
            of_list = before in (None, current.patient.metastases_complete_as_of)
            newer = complete and (of_list or before is None or before <= first)
            said = (before, row.said_latest)
            # A detail corrected without a day is of the day on which the site was told.
            detailed = on is not None and row.detail != values.get("detail", row.detail)
            if newer or complete is None or detailed or _says_otherwise(row, values):
                said = (first, last)
            told = {**values, "said_on": said[0], "said_latest": said[1]}
            _keep(row, told, empty=values["present_state"] == FactState.MISSING)
        if complete is not None:
            columns = complete_columns("metastases_complete_as_of", complete=complete, on=on)
            Patient.objects.filter(pk=current.patient.pk).update(**columns)
            current.patient.refresh_from_db()


def _says_otherwise(row: Metastasis, values: Mapping[str, Any]) -> bool:
    before = (row.present, row.present_state) if row.pk else None
    return before != (values.get("present"), values["present_state"])


def save_drivers(
    *, by: User, case: Case, version: int, results: Mapping[str, Mapping[str, Any]]
) -> None:
    """Save the result of each gene of `results`; one of which nothing is said counts as never asked about."""
    with editing(by=by, case=case, key=Section.TUMOUR, version=version) as current:
        have = {row.gene: row for row in DriverTest.objects.filter(patient=current.patient)}
        for gene, values in results.items():
            row = have.get(gene) or DriverTest(patient=current.patient, gene=gene)
            state = values.get("result_state", FactState.MISSING)
            _keep(row, values, empty=state == FactState.MISSING and not values.get("variant"))


def _keep(row: Metastasis | DriverTest, values: Mapping[str, Any], *, empty: bool) -> None:
    """Save a row, or take it away where nothing is said any more; what did not change is not written."""
    if empty:
        if row.pk:
            row.delete()
        return
    before = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    assign(row, values)
    if row.pk is None or any(getattr(row, name) != value for name, value in before.items()):
        row.save()


def save_biomarker(
    *, by: User, case: Case, version: int, values: Mapping[str, Any], public_id: UUID | None = None
) -> BiomarkerResult:
    """Add a biomarker of a sample, or change the one with `public_id`."""
    with editing(by=by, case=case, key=Section.TUMOUR, version=version) as current:
        rows = BiomarkerResult.objects.filter(patient=current.patient)
        row: BiomarkerResult = row_of(rows, current, public_id)
        assign(row, values)
        row.save()
    return row
