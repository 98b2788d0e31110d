"""Which irAE outside the list leaves it open whether an organ, or a disease there, was affected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cases.derivations.hidden import may_hide
from cases.derivations.iraes import GRADED, graded_of
from cases.derivations.record import ALL_ORGANS
from cases.reading import organs_asked
from cases.vocabulary import may_be_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from cases.models import IrAE, Patient


def left_open_by(patient: Patient, key: str, organs: Collection[str]) -> IrAE | None:
    """Return the event outside the list that alone leaves a fact of `organs` open; None where it rests on more.

    Where an organ was not asked about, that comes first.
    """
    wanted = frozenset(organs)
    if not wanted or wanted >= ALL_ORGANS or not wanted <= organs_asked(patient):
        return None
    worst = key.replace("_grade_now", "_worst_grade")
    rows: Any = patient.iraes.all()
    for row in rows:
        counted = worst in GRADED and worst in graded_of(row.organ, row.entity)
        may_be = may_be_of(row.entity, row.organ, wanted) or may_hide(key, row.entity, row.organ)
        if may_be and not counted:
            found: IrAE = row
            return found
    return None
