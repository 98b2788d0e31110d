"""Referring a case in one go: patient, question, first facts, and tasks for what is not known yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection, transaction

from cases.models import Case, CaseSection, Draft, Indication, Patient, Section
from cases.policies import check_refer
from cases.selectors import SENT
from cases.services import history
from cases.services.drafts import discard_draft
from cases.services.iraes import review_all_organs
from cases.services.lifecycle import Question, refer_case
from cases.services.patients import Identity, register_patient
from cases.services.steroids import save_steroid
from cases.services.tasks import owe_fact

if TYPE_CHECKING:
    from datetime import date

    from accounts.models import Board, User


@dataclass(frozen=True)
class Owed:
    """A fact that is not known yet: who finds it out, and by when."""

    fact: str
    owner: User | None
    due_on: date | None


@dataclass(frozen=True)
class Referral:
    """All that one filled-in referral says; what is empty was not said."""

    question: Question
    identity: Identity
    patient: Patient | None = None
    sex: str = "unknown"
    provenance: str = "real"
    course: Mapping[str, Any] | None = None
    irae: Mapping[str, Any] | None = None
    all_organs: bool = False
    steroid: Mapping[str, Any] | None = None
    no_steroid: bool = False
    tumour: Mapping[str, Any] = field(default_factory=dict)
    biomarkers: tuple[Mapping[str, Any], ...] = ()
    fitness: Mapping[str, Any] = field(default_factory=dict)
    owed: tuple[Owed, ...] = ()


@transaction.atomic
def refer(*, by: User, board: Board, key: UUID, referral: Referral) -> Case:
    """Register or reuse the patient and put the case to `board`; the same `key` gives the same case.

    `key` is made with the form: a second press, or a form sent again after a lost answer, changes nothing.
    """
    check_refer(by, board)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(key)])
    sent = Draft.objects.filter(user=by, key=f"{SENT}{key}").first()
    if sent is not None:
        return (
            Case.objects.visible_to(by)
            .select_related("board", "patient")
            .get(public_id=sent.fields["case"][0])
        )
    patient = referral.patient or register_patient(
        by=by,
        board=board,
        identity=referral.identity,
        sex=referral.sex,
        provenance=referral.provenance,
    )
    case = refer_case(by=by, board=board, patient=patient, question=referral.question)
    _enter(by, case, referral)
    for owed in referral.owed:
        owe_fact(by=by, case=case, fact=owed.fact, owner=owed.owner, due_on=owed.due_on)
    Draft.objects.create(user=by, key=f"{SENT}{key}", fields={"case": [str(case.public_id)]})
    discard_draft(by=by, key=f"referral:{key}")
    return case


def _enter(by: User, case: Case, referral: Referral) -> None:
    """Save the first facts through the services that the sections' forms call."""

    def lock(section: str) -> dict[str, Any]:
        version = CaseSection.objects.get(case=case, key=section).version
        return {"by": by, "case": case, "version": version}

    course = irae = None
    if referral.course:
        course = history.save_course(**lock(Section.COURSES), values=referral.course)
    if referral.irae:
        irae = history.save_irae(**lock(Section.IRAES), values={**referral.irae, "course": course})
    if referral.all_organs:
        review_all_organs(**lock(Section.IRAES))
    if referral.steroid:
        given_for = irae if referral.steroid.get("indication") == Indication.IRAE else None
        values = {**referral.steroid, "irae": given_for}
        save_steroid(**lock(Section.STEROIDS), values=values)
    elif referral.no_steroid:
        history.set_complete(**lock(Section.STEROIDS), key=Section.STEROIDS, complete=True)
    if referral.tumour or referral.biomarkers:
        history.save_tumour(
            **lock(Section.TUMOUR),
            values=referral.tumour,
            biomarkers=list(referral.biomarkers),
        )
    if referral.fitness:
        history.save_fitness(**lock(Section.FITNESS), status=referral.fitness, background={})
