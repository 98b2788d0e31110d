"""Entries that may be one: found when two records are merged, and said to be two by whoever knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from audit.services import record
from cases.doubled import open_pairs
from cases.models import Patient, Section
from cases.oneortwo import LISTS, MAY, course_meant, keys_of
from cases.services.sections import editing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from accounts.models import User
    from cases.models import Case
    from cases.services.twins import Twins


class NotAsked(Exception):
    """Whether the two are one is not open: one was removed or corrected, or it was said meanwhile."""


# List -> a row of the kept record and one of the other, of which nobody can tell whether they are one.
Pairs = dict[str, list[tuple[Any, Any]]]


def pairs_between(keep: Patient, absorb: Patient, twins: Twins) -> Pairs:
    """Return which rows of two records may be one: somebody has to say which they are.

    A row that both have word for word is settled, and with it what either record tells beside that one.
    """
    found: Pairs = {}
    for key, (model, _name) in LISTS.items():
        same, every = twins[model], model._default_manager.all()
        if key == Section.IRAES:
            # From whose first dose a day may be counted.
            every = every.select_related("course")
        mine = list(every.filter(patient=keep).exclude(pk__in=[*same.values()]))
        others = every.filter(patient=absorb).exclude(pk__in=[*same])
        found[key] = [(one, row) for row in others for one in _meant(key, mine, row)]
    return found


def _meant(key: str, mine: list[Any], row: Any) -> list[Any]:
    if key == Section.COURSES:
        return list(course_meant(mine, row))
    return [one for one in mine if MAY[key](one, row)]


def united(keep: Patient, absorb: Patient, twins: Twins, pairs: Pairs) -> list[Mapping[str, Any]]:
    """Return the pairs of the united record: those of either, and those between the two."""
    told = [*keep.entry_pairs, *(_of_kept(pair, twins) for pair in absorb.entry_pairs)]
    asked = [
        {"list": str(key), "one": one.pk, "other": other.pk}
        for key, rows in pairs.items()
        for one, other in rows
    ]
    return [*told, *asked]


def _of_kept(pair: Mapping[str, Any], twins: Twins) -> Mapping[str, Any]:
    """Return a pair by the rows of the kept record where those of the other stay behind."""
    same = twins[LISTS[pair["list"]][0]]
    return {**pair, **{end: same.get(pair[end], pair[end]) for end in ("one", "other")}}


def say_two(*, by: User, case: Case, version: int, key: str, ids: tuple[UUID, UUID]) -> None:
    """Say that two entries of a list are two, whatever they have in common: it is said of this pair for good.

    Raises NotAsked where it is not open whether they are.
    """
    with editing(by=by, case=case, key=key, version=version) as current:
        patient = Patient.objects.get(pk=current.patient.pk)
        pairs = [
            (one.pk, other.pk)
            for one, other in open_pairs(patient, key)
            if {one.public_id, other.public_id} == set(ids)
        ]
        if not pairs:
            raise NotAsked
        one, other = pairs[0]
        said = {
            **{"list": str(key), "one": one, "other": other},
            **{"two_by": by.pk, "two_on": timezone.localdate().isoformat()},
        }
        left = [
            pair
            for pair in patient.entry_pairs
            if (pair["list"], keys_of(pair)) != (said["list"], keys_of(said))
        ]
        Patient.objects.filter(pk=patient.pk).update(entry_pairs=[*left, said])
        current.patient.refresh_from_db()
        detail = {"section": str(key), "one": one, "other": other}
        record(
            "case.said_to_be_two",
            by=by,
            board=current.board,
            patient_id=current.patient_id,
            subject=current,
            detail=detail,
        )
