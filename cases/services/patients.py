"""Registering patients and giving access to them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection, transaction

from audit.services import record
from cases.models import (
    Background,
    Patient,
    PatientIdentity,
    PerformanceStatus,
    Provenance,
    Sex,
    Tumour,
)
from cases.policies import check_refer

if TYPE_CHECKING:
    from datetime import date

    from accounts.models import Board, User


@dataclass(frozen=True)
class Identity:
    """What identifies a patient; kept in one table alone."""

    family_name: str
    given_name: str
    hospital_number: str
    birth_date: date | None = None


@transaction.atomic
def register_patient(
    *,
    by: User,
    board: Board,
    identity: Identity,
    sex: str = Sex.UNKNOWN,
    provenance: str = Provenance.REAL,
    citation: str = "",
) -> Patient:
    """Make a patient whom `board` may see, with identity and empty record.

    `by` must be the acting user of the transaction: the database checks the membership again.
    """
    check_refer(by, board)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rechallenge_register_patient(%s, %s, %s, %s, %s)",
            [board.pk, uuid.uuid4(), provenance, citation, sex],
        )
        (pk,) = cursor.fetchone()
    patient = Patient.objects.get(pk=pk)
    PatientIdentity.objects.create(
        patient=patient,
        family_name=identity.family_name,
        given_name=identity.given_name,
        hospital_number=identity.hospital_number,
        birth_date=identity.birth_date,
        hospital=board.hospital,
    )
    Background.objects.create(patient=patient)
    Tumour.objects.create(patient=patient)
    PerformanceStatus.objects.create(patient=patient)
    record("patient.registered", by=by, board=board, patient_id=patient.pk, subject=patient)
    return patient
