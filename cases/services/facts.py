"""Keeps `CaseFacts` equal to what the record says."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from typing import TYPE_CHECKING

from django.utils import timezone

from cases.carrying import changes_of
from cases.derivations import derive, doses_until, now_until, said
from cases.family import joined, records_of
from cases.holding import hold_patient
from cases.models import Case, CaseFacts
from cases.reading import record_of
from cases.rules import counted, rules_for, with_rules
from cases.whole_record import fetch_record
from evidence.conditions.facts import FactState
from evidence.conditions.vocabulary import VOCABULARY_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from django.db.models import QuerySet

    from cases.models import Patient
    from cases.models.derived import Days
    from evidence.conditions.facts import Fact

_put_off: ContextVar[dict[int, Patient] | None] = ContextVar("patients to refresh", default=None)


def refresh_facts(*, case: Case) -> CaseFacts:
    """Rewrite the case's row of facts, within the transaction that changed the record.

    The case is read once its patient is held: what the caller read before may be older than the row of facts.
    """
    hold_patient(case.patient)
    return _rewrite(_whole(Case.objects.filter(pk=case.pk)).get())


def _whole(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Return a query of cases with what is read of each."""
    found: QuerySet[Case] = with_rules(cases).select_related(
        "board",
        *joined("patient", "identity", "tumour", "performance_status", "background"),
    )
    return found


def _rewrite(case: Case) -> CaseFacts:
    as_of = timezone.localdate()
    record = replace(record_of(case), as_of=as_of)
    derived, days, until = derive(record, as_of=as_of), said(record), doses_until(record, as_of)
    answers, grades = record.answers_until, record.grades_until
    lists = {
        "steroids_until": record.steroids_until,
        "second_line_until": record.second_line_until,
        "surgery_until": record.surgery_until,
    }
    ends = now_until(record)
    changes = changes_of(until, answers, grades, *lists.values(), *ends.values())
    values = {
        **CaseFacts.columns(derived),
        **counted(rules_for(case), derived, days, as_of, changes),
        "patient_id": case.patient_id,
        "as_of": as_of,
        "vocabulary_version": VOCABULARY_VERSION,
        "doses_until": until,
        "answers_until": answers,
        "grades_until": grades,
        "limits_by": rules_for(case).id,
        **lists,
        **ends,
        "said": kept_days(derived, days),
    }
    # Written without being read first: to name its hundreds of columns takes longer than to write them. The patient
    # is held, so nobody else writes the row meanwhile.
    facts = CaseFacts(case=case, **values)
    CaseFacts.objects.bulk_create(
        [facts], update_conflicts=True, unique_fields=["case"], update_fields=list(values)
    )
    return facts


def kept_days(facts: Mapping[str, Fact], days: Mapping[str, Days]) -> dict[str, list[str]]:
    """Return the days of the facts that have a value, as the row keeps them."""
    return {
        key: [first.isoformat(), last.isoformat()]
        for key, (first, last) in days.items()
        if key in facts and facts[key].state is FactState.KNOWN
    }


def refresh_patient(*, patient: Patient) -> None:
    """Rewrite the facts of every case of `patient`: they share one history."""
    waiting = _put_off.get()
    if waiting is not None:
        waiting[patient.pk] = patient
        return
    kept = hold_patient(patient)
    cases = list(_whole(Case.objects.filter(patient__in=records_of(kept))))
    fetch_record(case.patient for case in cases)
    for case in cases:
        _rewrite(case)


@contextmanager
def refreshed_once() -> Iterator[None]:
    """Save many sections of a record and rewrite its facts once, at the end of the block.

    For imports, inside one transaction: within the block `CaseFacts` is behind the record.
    """
    waiting: dict[int, Patient] = {}
    token = _put_off.set(waiting)
    try:
        yield
    finally:
        _put_off.reset(token)
    for patient in waiting.values():
        refresh_patient(patient=patient)
