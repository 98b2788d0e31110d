"""Finds patients of a board who may be the one that is being typed in."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from cases.models import Case, PatientAccess, PatientIdentity

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from accounts.models import Board, User

MOST = 5


def alike(
    user: User,
    board: Board,
    *,
    hospital_number: str,
    family_name: str,
    given_name: str,
    birth_date: date | None,
) -> list[PatientIdentity]:
    """Return at most five identities of `board` with the same hospital number, or name and birth date.

    Without a birth date the name alone is enough: better asked once too often.
    """
    same = Q(hospital_number__iexact=hospital_number.strip()) if hospital_number.strip() else Q()
    name = Q(family_name__iexact=family_name.strip(), given_name__iexact=given_name.strip())
    if family_name.strip() and given_name.strip():
        born = Q(birth_date=birth_date) | Q(birth_date=None) if birth_date else Q()
        same |= name & born
    if not same:
        return []
    access = PatientAccess.objects.filter(patient=OuterRef("patient_id"), board=board)
    found = (
        PatientIdentity.objects.visible_to(user)
        .filter(Exists(access), same, patient__merged_into=None)
        .select_related("patient")
        .order_by("-id")[:MOST]
    )
    return list(found)


def cases_of(patient_ids: list[int], user: User) -> dict[int, list[UUID]]:
    """Return the cases of each patient that the user may see, newest first; one query."""
    rows = Case.objects.visible_to(user).filter(patient__in=patient_ids)
    found: dict[int, list[UUID]] = defaultdict(list)
    for patient, public_id in rows.order_by("-referred_at", "-id").values_list(
        "patient_id", "public_id"
    ):
        found[patient].append(public_id)
    return found
