"""Corrections of what two people answer for in an ICI of the list: proposed by one curator, made by a second one.

No fact rests on name, ATC code or dose: nothing that is derived of a patient changes by them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.services import record
from cases import lists
from cases.list_checks import correction_faults
from cases.models import CorrectionState, DrugCorrection, ListedDrug
from cases.services.lists import ANSWERED_FOR
from evidence.policies import CurationRefused, check_curator
from evidence.shown import check_shown

if TYPE_CHECKING:
    from accounts.models import User

FIELDS = ANSWERED_FOR[ListedDrug]


@transaction.atomic
def propose(*, by: User, row: ListedDrug, values: dict[str, str], source: str) -> DrugCorrection:
    """Propose other words for an ICI that is on the list; the old ones stand until a second curator has confirmed it.

    Raises CurationRefused, and ValidationError with what is wrong.
    """
    check_curator(by)
    row = _locked(row.pk)
    if not row.is_settled:
        raise CurationRefused(_("It still waits for a second curator: change the row itself."))
    if row.corrections.filter(state=CorrectionState.WAITING).exists():
        raise CurationRefused(_("A correction waits already: confirm or withdraw it first."))
    found = faults(row, values, source)
    if found:
        raise ValidationError([words for several in found.values() for words in several])
    names = [name for name in FIELDS if values[name] != getattr(row, name)]
    correction: DrugCorrection = DrugCorrection.objects.create(
        drug=row,
        before={name: getattr(row, name) for name in names},
        after={name: values[name] for name in names},
        source=source,
        proposed_by=by,
    )
    record("list.correction_proposed", by=by, subject=row, detail=_detail(correction))
    return correction


@transaction.atomic
def make(*, by: User, correction: DrugCorrection, seen: str) -> DrugCorrection:
    """Make a correction as a second curator who had it before their eyes as `seen`. All processes take it up.

    Raises CurationRefused for whoever proposed it, and where the row is not any more as it was then.
    """
    check_curator(by)
    row, correction = _waiting(correction)
    if by.pk == correction.proposed_by_id:
        raise CurationRefused(
            _("You proposed this correction. A second curator has to confirm it.")
        )
    check_shown(correction, seen)
    if any(getattr(row, name) != value for name, value in correction.before.items()):
        raise CurationRefused(
            _("A release has changed the row since. Withdraw this correction and propose it anew.")
        )
    values = {name: getattr(row, name) for name in FIELDS} | correction.after
    found = faults(row, values, correction.source)
    if found:
        raise ValidationError([words for several in found.values() for words in several])
    for name, value in correction.after.items():
        setattr(row, name, value)
    row.save(update_fields=[*correction.after])
    _decide(correction, by, CorrectionState.MADE)
    record("list.corrected", by=by, subject=row, detail=_detail(correction))
    transaction.on_commit(lists.changed)
    return correction


@transaction.atomic
def withdraw(*, by: User, correction: DrugCorrection, seen: str) -> DrugCorrection:
    """Let a correction that waits go, as somebody who had it before their eyes as `seen`; it stays readable."""
    check_curator(by)
    row, correction = _waiting(correction)
    check_shown(correction, seen)
    _decide(correction, by, CorrectionState.WITHDRAWN)
    record("list.correction_withdrawn", by=by, subject=row, detail=_detail(correction))
    return correction


def faults(row: ListedDrug, values: dict[str, str], source: str) -> dict[str, list[str]]:
    """Return by field what speaks against a correction, in words."""
    found = correction_faults(row, {name: values[name] for name in FIELDS})
    if not source:
        found.setdefault("source", []).append(_("Say by which source it is so"))
    return found


def _detail(correction: DrugCorrection) -> dict[str, Any]:
    names = [name for name in FIELDS if name in correction.after]
    return {"code": correction.drug.code, "fields": names}


def _decide(correction: DrugCorrection, by: User, state: CorrectionState) -> None:
    correction.state, correction.decided_by, correction.decided_at = state, by, timezone.now()
    correction.save(update_fields=["state", "decided_by", "decided_at"])


def _waiting(correction: DrugCorrection) -> tuple[ListedDrug, DrugCorrection]:
    """Lock the row first, as whoever proposes does, and then its correction."""
    row = _locked(correction.drug_id)
    found = DrugCorrection.objects.select_for_update().get(pk=correction.pk)
    if found.state != CorrectionState.WAITING:
        raise CurationRefused(
            _(
                "It does not wait for a second curator any more: it was confirmed or withdrawn before."
            )
        )
    found.drug = row
    return row, found


def _locked(key: int) -> ListedDrug:
    found: ListedDrug = ListedDrug.objects.select_for_update().get(pk=key)
    return found
