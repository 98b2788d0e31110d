"""Finds patients of a board who may be the one that is being typed in."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import Q
from django.db.models.functions import Coalesce

from cases.models import Case, PatientIdentity

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from accounts.models import Board, User


def alike(
    user: User,
    board: Board,
    *,
    hospital_number: str,
    family_name: str,
    given_name: str,
    birth_date: date | None,
    national_scheme: str = "",
    national_number: str = "",
) -> list[PatientIdentity]:
    """Return at most five identities of `board` that may be the same person, the likeliest first.

    Alike is the same hospital or national number; a similar name with the same day of birth, or with day and
    month changed over; the same name where a birth date is missing; nearly the same full name with a day of birth
    that is one digit, or one day, month or year, off. Only patients whom `user`, who is the
    acting user, may see on that board; another record of a patient that was merged leads to the one kept.
    """
    typed = [hospital_number, national_scheme, national_number, family_name, given_name, birth_date]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT patient_id FROM rechallenge_alike(%s, %s, %s, %s, %s, %s, %s)",
            [board.pk, *typed],
        )
        ids = [pk for (pk,) in cursor.fetchall()]
    if not ids:
        return []
    rows = PatientIdentity.objects.visible_to(user).filter(patient__in=ids)
    found = {row.patient_id: row for row in rows.select_related("patient")}
    return [found[pk] for pk in ids if pk in found]


def same_number(one: str, other: str) -> bool:
    """Whether two hospital numbers are the same; spaces and capitals tell none apart."""
    return "".join(one.split()).upper() == "".join(other.split()).upper()


def cases_of(patient_ids: list[int], user: User) -> dict[int, list[UUID]]:
    """Return the cases of each patient that the user may see, newest first; one query."""
    rows = Case.objects.visible_to(user).filter(
        Q(patient__in=patient_ids) | Q(patient__merged_into__in=patient_ids)
    )
    found: dict[int, list[UUID]] = defaultdict(list)
    for patient, public_id in rows.order_by("-referred_at", "-id").values_list(
        Coalesce("patient__merged_into_id", "patient_id"), "public_id"
    ):
        found[patient].append(public_id)
    return found
