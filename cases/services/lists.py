"""Curation of the lists of ICIs and of irAEs: added by one curator, offered once a second one has confirmed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.services import record
from cases import lists
from cases.list_checks import code_of, drug_faults, event_faults
from cases.models import ListedDrug, ListedEvent, ListState
from evidence.policies import CurationRefused, check_curator
from evidence.shown import check_shown

if TYPE_CHECKING:
    from accounts.models import User

Row = TypeVar("Row", ListedDrug, ListedEvent)

# What facts and rules rest on: it stays once a row is delivered or confirmed.
FIXED: dict[type[Any], tuple[str, ...]] = {
    ListedDrug: ("code", "target"),
    ListedEvent: ("code", "organ", "family", "terms", "grades"),
}
WORDS: dict[type[Any], tuple[str, ...]] = {
    ListedDrug: ("label", "atc", "dose", "dose_mark", "brands"),
    ListedEvent: ("label", "synonyms"),
}
# Words that two people have answered for, here or in a release: one of them alone does not change them afterwards.
ANSWERED_FOR: dict[type[Any], tuple[str, ...]] = {
    ListedDrug: ("label", "atc", "dose", "dose_mark"),
    ListedEvent: ("label",),
}


@transaction.atomic
def add(*, by: User, row: Row) -> Row:
    """Put a row on its list, where it waits for a second curator. Raises ValidationError with what is wrong."""
    check_curator(by)
    name_anew(row)
    row.state, row.added_by, row.edited_by = ListState.WAITING, by, by
    _refuse_faults(row)
    row.save()
    record("list.added", by=by, subject=row, detail={"code": row.code})
    return row


@transaction.atomic
def save(*, by: User, row: Row) -> Row:
    """Keep a changed row: all of it while it waits, what else it is called afterwards."""
    check_curator(by)
    stored = _locked(row)
    if stored.is_settled:
        if _differ(stored, row, FIXED):
            raise CurationRefused(
                _("Records rest on what it is. It cannot become another one: add that one.")
            )
        if _differ(stored, row, ANSWERED_FOR):
            raise CurationRefused(
                _(
                    "Two people have answered for name, ATC code and dose: a second curator confirms a correction."
                )
            )
    else:
        name_anew(row)
    row.edited_by = by
    _refuse_faults(row)
    row.save(update_fields=[*FIXED[type(row)], *WORDS[type(row)], "edited_by"])
    record("list.saved", by=by, subject=row, detail={"code": row.code})
    _tell(stored)
    return row


@transaction.atomic
def confirm(*, by: User, row: Row, seen: str) -> Row:
    """Offer a row from now on, as a second curator who had it before their eyes as `seen` (`evidence.shown`).

    Raises CurationRefused for whoever added it or changed it.
    """
    check_curator(by)
    row = _locked(row)
    if row.state != ListState.WAITING:
        raise CurationRefused(_("It does not wait for a second curator."))
    edits: Any = row.events.values_list("edited_by_id", flat=True)  # type: ignore[attr-defined]
    if by.pk in {row.added_by_id, *edits}:
        raise CurationRefused(
            _("You added or changed this row. A second curator has to confirm it.")
        )
    check_shown(row, seen)
    _refuse_faults(row)
    row.state, row.confirmed_by, row.confirmed_at = ListState.OFFERED, by, timezone.now()
    row.save(update_fields=["state", "confirmed_by", "confirmed_at"])
    record("list.confirmed", by=by, subject=row, detail={"code": row.code})
    _tell(row)
    return row


@transaction.atomic
def retire(*, by: User, row: Row) -> Row:
    """Offer a row no longer; where the record names it, it stays readable."""
    check_curator(by)
    row = _locked(row)
    if isinstance(row, ListedEvent) and row.delivered:
        raise CurationRefused(_("Facts and rules go by its name: it stays on the list."))
    if row.state == ListState.RETIRED:
        raise CurationRefused(_("It is not offered."))
    row.state = ListState.RETIRED
    row.save(update_fields=["state"])
    record("list.retired", by=by, subject=row, detail={"code": row.code})
    _tell(row)
    return row


@transaction.atomic
def restore(*, by: User, row: Row) -> Row:
    """Offer a row again; one that was never confirmed waits for a second curator again."""
    check_curator(by)
    row = _locked(row)
    if row.state != ListState.RETIRED:
        raise CurationRefused(_("It is offered, or waits for a second curator."))
    row.state = ListState.OFFERED if row.is_settled else ListState.WAITING
    _refuse_faults(row)
    row.save(update_fields=["state"])
    record("list.restored", by=by, subject=row, detail={"code": row.code})
    _tell(row)
    return row


def _differ(stored: Row, row: Row, names: dict[type[Any], tuple[str, ...]]) -> bool:
    return any(getattr(stored, name) != getattr(row, name) for name in names[type(row)])


def name_anew(row: Row) -> None:
    """Give a row that waits the code of its name; an event that was a disease by itself stays one."""
    before, row.code = row.code, code_of(row.label)
    if isinstance(row, ListedEvent) and row.family in ("", before):
        row.family = row.code


def faults(row: Row) -> dict[str, list[str]]:
    """Return by field what speaks against a row, in words."""
    return drug_faults(row) if isinstance(row, ListedDrug) else event_faults(row)


def _refuse_faults(row: Row) -> None:
    if found := faults(row):
        raise ValidationError([words for several in found.values() for words in several])


def _tell(row: Row) -> None:
    """Have all processes read the lists anew once this is committed, if the record may name the row."""
    if row.is_settled:
        transaction.on_commit(lists.changed)


def _locked(row: Row) -> Row:
    found: Row = type(row).objects.select_for_update().get(pk=row.pk)
    return found
