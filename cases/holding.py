"""Locks on a patient's record: the cases first, in the order of their keys, then the records.

Facts are derived from all that is known of a patient, whichever case it was entered from: who derives holds the
kept record, so that no other one derives without the rows of the first. Cases are held against each other but
not against keys that point at them; records that are merged or erased are held against both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from cases.family import records_of
from cases.models import Case, Patient

if TYPE_CHECKING:
    from django.db.models import QuerySet


def hold_case(case: Case) -> None:
    """Hold `case`, and the record that is kept of its patient, until the transaction ends."""
    rows = Case.objects.select_for_update(of=("self",), no_key=True)
    under = rows.values_list("patient_id", flat=True).get(pk=case.pk)
    # A merge holds the case as well: by now it is done, or it waits.
    kept = Patient.objects.filter(pk=under).values("merged_into")
    _hold(Patient.objects.filter(Q(pk=under, merged_into=None) | Q(pk__in=kept)))


def hold_patient(patient: Patient) -> int:
    """Hold the record that is kept, for who derives its facts; return its key as it is by now."""
    key: int = patient.kept.pk
    rows = Patient.objects.select_for_update(of=("self",), no_key=True)
    into: int | None = rows.values_list("merged_into_id", flat=True).get(pk=key)
    if into is None:
        return key
    _hold(Patient.objects.filter(pk=into))
    return into


def _hold(rows: QuerySet[Patient]) -> None:
    list(rows.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk"))


def hold_records(*patients: Patient) -> None:
    """Hold every record of these patients with all their cases, also those that a merge brought meanwhile."""
    held: set[int] = set()
    while True:
        records = {pk for one in patients for pk in _records(one.pk)}
        if records <= held:
            return
        cases = Case.objects.select_for_update(of=("self",), no_key=True)
        list(cases.filter(patient__in=records).order_by("pk").values_list("pk"))
        rows = Patient.objects.select_for_update(of=("self",)).filter(pk__in=records)
        list(rows.order_by("pk").values_list("pk"))
        held |= records


def _records(pk: int) -> list[int]:
    kept = Patient.objects.filter(pk=pk).values_list("merged_into", flat=True).get() or pk
    return list(records_of(kept).values_list("pk", flat=True))
