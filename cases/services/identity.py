"""Who the patient is: name, numbers, birth, death; every change under the version of the patient's section."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.services import record
from cases.models import Case, Patient, PatientIdentity, Section
from cases.policies import check_not_erased
from cases.services.assigning import assign
from cases.services.sections import editing

if TYPE_CHECKING:
    from accounts.models import Board, User

UNIQUE = "hospital_number_is_unique"


class NumberTaken(ValidationError):
    """The hospital knows the number already; nothing is said of whom, for the user may not know them."""

    def __init__(self) -> None:
        words = _(
            "This hospital number cannot be entered here. Check each sign of it. If it is right, do not make"
            " up another one: ask the coordinator of your board to sort it out"
        )
        super().__init__({"hospital_number": words})


@contextmanager
def holding_number() -> Iterator[None]:
    """Say NumberTaken when the block gives a patient a number that another patient of the hospital has.

    The transaction around it goes on.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if UNIQUE in str(error):
            raise NumberTaken from None
        raise


Ending = Callable[..., None]
Holding = Callable[[Collection[int]], None]
_endings: list[Ending] = []
_resumptions: list[Ending] = []
_holdings: list[Holding] = []


def ends_with_a_death(
    ending: Ending, *, resuming: Ending | None = None, holding: Holding | None = None
) -> None:
    """Register what an application above has to end when a patient is known to have died.

    Called as `ending(by=, patient=)` in the transaction that enters the death, `resuming` as well in the one that
    takes it back; `holding` with the keys of records before any of their cases is held, where the application holds
    its own rows before a case.
    """
    for known, one in ((_endings, ending), (_resumptions, resuming)):
        if one is not None and one not in known:
            known.append(one)
    if holding is not None and holding not in _holdings:
        _holdings.append(holding)


def hold_what_ends(records: Collection[int]) -> None:
    """Hold what the deaths of these patients would end; before their cases, in a transaction."""
    for holding in _holdings:
        holding(records)


@transaction.atomic
def save_identity(
    *, by: User, case: Case, version: int, values: Mapping[str, Any]
) -> PatientIdentity:
    """Save who the patient of `case` is; what must not reach a patient who died any more ends with it.

    What a death ended goes on when it is taken back.
    Raises NumberTaken, or ValidationError for a death in the future or before birth.
    """
    check_not_erased(case.patient)
    if values.get("died"):
        hold_what_ends([case.patient.kept.pk])
    with editing(by=by, case=case, key=Section.PATIENT, version=version) as current:
        values = dict(values)
        sex = values.pop("sex", None)
        row = PatientIdentity.objects.select_for_update().get(patient=current.patient)
        knew = row.has_died
        number = row.hospital_number
        assign(row, values)
        check_life(row)
        if row.hospital_number != number:
            row.holds_number = True
        with holding_number():
            row.save()
        if sex:
            Patient.objects.filter(pk=current.patient.pk).update(sex=sex)
        # What is derived from the record counts from the new values.
        current.patient.refresh_from_db()
        if row.has_died and not knew:
            _ended(by, current)
        elif knew and not row.has_died:
            _goes_on(by, current)
    return row


def _ended(by: User, case: Case) -> None:
    """Enter the death on the trail, and end what must not reach the patient any more."""
    record("patient.died", by=by, board=case.board, patient_id=case.patient_id, subject=case)
    for ending in _endings:
        ending(by=by, patient=case.patient)


def _goes_on(by: User, case: Case) -> None:
    """Enter on the trail that the death is taken back, and let go on what it ended."""
    record(
        "patient.death_taken_back",
        by=by,
        board=case.board,
        patient_id=case.patient_id,
        subject=case,
    )
    for resuming in _resumptions:
        resuming(by=by, patient=case.patient)


def check_life(row: PatientIdentity) -> None:
    """Raise ValidationError unless birth and death of `row` can be true."""
    today = timezone.localdate()
    if row.birth_date and row.birth_date > today:
        raise ValidationError({"birth_date": _("The date of birth is in the future")})
    if row.died_earliest and row.died_earliest > today:
        raise ValidationError({"died": _("The date of death is in the future")})
    if row.birth_date and row.died_latest and row.died_latest < row.birth_date:
        raise ValidationError({"died": _("The date of death is before the date of birth")})


def note_refused_number(*, by: User, board: Board) -> None:
    """Put on the trail that a number was refused: trying numbers out does not stay unseen."""
    record("patient.number_refused", by=by, board=board)
