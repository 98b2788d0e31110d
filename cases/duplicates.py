"""Finds patients of a board who may be the one that is being typed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Q

from cases.models import Case, PatientAccess, PatientIdentity

if TYPE_CHECKING:
    from datetime import date

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


def cases_of(patient_ids: list[int], user: User) -> dict[int, int]:
    """Return how many cases each patient has; one query."""

    rows = Case.objects.visible_to(user).filter(patient__in=patient_ids).order_by()
    return dict(rows.values_list("patient").annotate(n=Count("id")))
