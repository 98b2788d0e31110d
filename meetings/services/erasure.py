"""Erasing a patient: what identifies them goes, what the board decided on coded facts stays.

Here, above everything that knows of the patient; what is erased is said by the database's own steps
(`accounts.erasing`), so that nothing depends on this module being the only way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.services import record
from cases.family import records_of
from cases.holding import hold_records
from cases.models import Case, Patient, PatientErasure, Report
from cases.policies import check_erase
from cases.services.facts import refresh_patient
from cases.services.lifecycle import move_case
from cases.states import CaseState, may_follow
from followup.models import MonitoringPlan
from followup.states import OPEN_PLANS
from ui import formatting

if TYPE_CHECKING:
    from accounts.models import User


def obstacles(by: User, patient: Patient) -> list[str]:
    """Return in words what has to be ended before `by` can erase `patient`; empty when nothing has."""
    found = []
    cases = Case.objects.filter(patient__in=records_of(patient)).exclude(state=CaseState.CLOSED)
    for case in cases.select_related("board").order_by("pk"):
        if not may_follow(case.state, CaseState.CLOSED):
            words = _("%(case)s is “%(state)s”: take it off the agenda, or sign its decision.")
            found.append(words % {"case": case.reference, "state": case.get_state_display()})
        elif not by.can("triage.manage", case.board):
            words = _("%(case)s is open on %(board)s: that board has to close it.")
            found.append(words % {"case": case.reference, "board": case.board.name})
    plans = MonitoringPlan.objects.filter(patient__in=records_of(patient), state__in=OPEN_PLANS)
    for plan in plans.select_related("case").order_by("pk"):
        words = _("%(case)s has a monitoring plan that is open, of %(day)s: close the plan.")
        found.append(words % {"case": plan.case.reference, "day": formatting.date(plan.opened_at)})
    return found


@transaction.atomic
def erase_patient(*, by: User, patient: Patient, reason: str) -> bool:
    """Erase `patient` for good and close their cases; False, and nothing else, when they were erased before.

    `by` must be the acting user of the transaction: the database checks their role again. `reason` is one of
    `cases.models.ErasureReason`. Raises ValidationError with what has to be ended first.
    """
    check_erase(by, patient)
    shown = _records(patient)
    hold_records(patient)
    patient.refresh_from_db()
    if patient.merged_into_id or _records(patient) != shown:
        raise ValidationError(
            _("Another record of this patient was merged meanwhile: look again before you erase.")
        )
    cases = Case.objects.filter(patient__in=records_of(patient)).select_related("board")
    cases_of_patient = list(cases.order_by("pk"))
    if PatientErasure.objects.filter(patient=patient).exists():
        return False
    in_the_way = obstacles(by, patient)
    if in_the_way:
        raise ValidationError(in_the_way)
    for case in cases_of_patient:
        if case.state != CaseState.CLOSED:
            move_case(by=by, case=case, to=CaseState.CLOSED)
    files = _files(patient)
    if lost := sum(not default_storage.exists(name) for name in files):
        # Somewhere else they would outlive the patient's erasure.
        raise ValidationError(
            ngettext(
                "An uploaded report of this record is not in the folder of this server, so it cannot be deleted. "
                "Nothing was erased: ask those who run the site.",
                "%(count)s uploaded reports of this record are not in the folder of this server, so they cannot be "
                "deleted. Nothing was erased: ask those who run the site.",
                lost,
            )
            % {"count": lost}
        )
    with connection.cursor() as cursor:
        cursor.execute("SELECT rechallenge_erase_patient(%s, %s)", [patient.pk, reason])
    # The age goes with the birth date.
    patient.refresh_from_db()
    refresh_patient(patient=patient)
    detail = {"reason": reason, "cases": len(cases_of_patient)}
    for row in Patient.objects.filter(pk__in=records_of(patient)).select_related("board"):
        record(
            "patient.erased",
            by=by,
            board=row.board,
            patient_id=row.pk,
            subject=row,
            detail=detail,
        )
    # Last, and before the transaction ends: a file that cannot be deleted is a patient who is not erased.
    for name in files:
        default_storage.delete(name)
    return True


def _records(patient: Patient) -> set[int]:
    return set(records_of(patient).values_list("pk", flat=True))


def _files(patient: Patient) -> set[str]:
    """Return the names of every file that was ever uploaded about `patient`, those taken off again included."""
    history: Any = apps.get_model("cases", "ReportEvent")
    names: set[str] = set()
    for rows in (Report.objects.all(), history._default_manager.all()):
        names |= set(rows.filter(patient__in=records_of(patient)).values_list("file", flat=True))
    return names - {""}
