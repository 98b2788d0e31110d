"""Holds the records that a file names before anything of them is read, so that it is still true when it is written."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from cases.bulk.known import Who, known_identities, of_patients
from cases.models import Case, Patient
from cases.services.identity import hold_what_ends

if TYPE_CHECKING:
    from accounts.models import Board, User

TRIES = 5


class RecordsMove(PermissionDenied):
    """Records were merged again and again while they were to be held."""


def hold(user: User, board: Board, wanted: Iterable[Who], *, dying: Iterable[Who] = ()) -> set[int]:
    """Let nobody else change the records of those patients until the transaction ends; return whose they are.

    The cases first and then the patients, by their keys, as everybody else does who holds several; before them
    what ends with the death of those who are `dying`. Raises RecordsMove.
    """
    asked, ending = list(wanted), list(dying)
    for _try in range(TRIES):
        point = transaction.savepoint()
        named = _named(user, board, asked)
        if ending:
            hold_what_ends(_named(user, board, ending))
        cases = Case.objects.visible_to(user).select_for_update(of=("self",), no_key=True)
        list(cases.filter(of_patients(named)).order_by("pk").values_list("pk"))
        patients = Patient.objects.select_for_update(of=("self",), no_key=True)
        list(patients.filter(pk__in=named).order_by("pk").values_list("pk"))
        if _named(user, board, asked) <= named:
            transaction.savepoint_commit(point)
            return named
        # A merge was waited for: a number leads to somebody else now, who is not held. Let all go, and begin anew.
        transaction.savepoint_rollback(point)
    raise RecordsMove(_("Records of the file are being merged. Nothing was kept: try again later."))


def _named(user: User, board: Board, wanted: list[Who]) -> set[int]:
    return {row.patient_id for row in known_identities(user, board, wanted).values()}
