"""Patients and cases for tests, made through the services that forms call."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

from accounts.acting import acting_as
from cases.models import Case, CaseSection, ICICourse, Patient, Provenance, Section
from cases.services.history import save_course
from cases.services.lifecycle import Question, refer_case
from cases.services.patients import Identity, register_patient

if TYPE_CHECKING:
    from accounts.models import Board, User

_numbers = count(1)
CANARY = "Canaryname"


def make_patient(by: User, board: Board, *, family_name: str = CANARY, **extra: Any) -> Patient:
    """Return a registered patient of `board`."""
    n = next(_numbers)
    identity = Identity(family_name, f"Given{n}", f"H{n:06d}")
    with acting_as(by):
        return register_patient(
            by=by,
            board=board,
            identity=identity,
            **{"provenance": Provenance.INVENTED, **extra},
        )


def make_case(by: User, board: Board, *, patient: Patient | None = None, **question: Any) -> Case:
    """Return a case referred to `board` by `by`."""
    with acting_as(by):
        return refer_case(
            by=by,
            board=board,
            patient=patient or make_patient(by, board),
            question=Question(**{"question": "May it be given again?", **question}),
        )


def add_course(by: User, case: Case, **values: Any) -> ICICourse:
    """Return a course saved through the service; a value that is given is known."""
    states = {
        f"{name}_state": "known"
        for name in values
        if hasattr(ICICourse, f"{name}_state") and f"{name}_state" not in values
    }
    with acting_as(by):
        version = CaseSection.objects.get(case=case, key=Section.COURSES).version
        return save_course(by=by, case=case, version=version, values={**values, **states})
