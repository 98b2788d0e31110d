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
from cases.services.identity import holding_number

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
    national_scheme: str = ""
    national_number: str = ""


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

    `by` must be the acting user of the transaction: the database checks the membership again. Raises
    `identity.NumberTaken` when the hospital has another patient with this number.
    """
    check_refer(by, board)
    with holding_number():
        return _registered(by, board, identity, sex=sex, provenance=provenance, citation=citation)


def _registered(
    by: User, board: Board, identity: Identity, *, sex: str, provenance: str, citation: str
) -> Patient:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rechallenge_register_patient(%s, %s, %s, %s, %s)",
            [board.pk, uuid.uuid4(), provenance, citation, sex],
        )
        (pk,) = cursor.fetchone()
    patient = Patient.objects.get(pk=pk)
    PatientIdentity.objects.create(
        patient=patient,
        hospital=board.hospital,
        **{name: getattr(identity, name) for name in Identity.__dataclass_fields__},
    )
    Background.objects.create(patient=patient)
    Tumour.objects.create(patient=patient)
    PerformanceStatus.objects.create(patient=patient)
    record("patient.registered", by=by, board=board, patient_id=patient.pk, subject=patient)
    return patient
