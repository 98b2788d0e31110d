"""Reading the trail of boards: which entries, and what each says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q
from django.db.models.fields.json import KeyTextTransform
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Membership, Specialty, User
from accounts.permissions import PATIENT_ROLES, Role
from audit.kinds import FACTORS, PAGES, kinds_of, label
from audit.models import TrailEntry
from audit.subjects import Named, named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from accounts.models import Board

ACCOUNT = User._meta.label_lower
# How long a new reader of records stands on the start page.
NEW_FOR = timedelta(days=14)


@dataclass(frozen=True)
class Wanted:
    """Which entries are asked for; None or empty: all of the board."""

    board: Board
    group: str = ""
    person: User | None = None
    since: date | None = None
    until: date | None = None
    patient_id: int | None = None
    records: tuple[int, ...] = ()


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def entries(wanted: Wanted) -> QuerySet[TrailEntry]:
    """Return the entries with who acted; row-level security narrows them besides."""
    rows = TrailEntry.objects.filter(board_id=wanted.board.pk)
    if wanted.group:
        rows = rows.filter(kind__in=kinds_of(wanted.group))
    if wanted.person is not None:
        of_account = Q(subject_type=ACCOUNT, subject_id=wanted.person.pk)
        rows = rows.filter(Q(actor=wanted.person) | of_account)
    if wanted.since:
        rows = rows.filter(at__gte=_midnight(wanted.since))
    if wanted.until:
        rows = rows.filter(at__lt=_midnight(wanted.until + timedelta(days=1)))
    if wanted.patient_id is not None:
        rows = rows.filter(patient_id__in=[wanted.patient_id, *wanted.records])
    return rows.select_related("actor")


@dataclass(frozen=True)
class EntryRow:
    """One entry in plain words."""

    at: datetime
    who: str
    what: str
    more: str
    about: tuple[Named, ...]


def rows_of(found: Sequence[TrailEntry], *, reader: User) -> list[EntryRow]:
    """Return the rows of a page; the subjects cost one query for each application that knows some."""
    about = named(reader, found)
    return [
        EntryRow(
            at=entry.at,
            who=_who(entry),
            what=label(entry.kind),
            more=_more(entry),
            about=tuple(about.get(entry.pk, _unnamed(entry))),
        )
        for entry in found
    ]


def _who(entry: TrailEntry) -> str:
    if entry.actor is not None:
        return entry.actor.name
    return _("not signed in") if entry.kind.startswith("account.") else _("the system")


def _unnamed(entry: TrailEntry) -> list[Named]:
    return [Named(_("a patient whose record is not open to you"))] if entry.patient_id else []


def _more(entry: TrailEntry) -> str:
    """Return what the entry's codes add, as far as they mean something to a reader."""
    detail = entry.detail
    parts = []
    if "count" in detail:
        count = int(detail["count"])
        parts.append(ngettext("%(count)s patient", "%(count)s patients", count) % {"count": count})
    if detail.get("view") in PAGES:
        parts.append(str(PAGES[detail["view"]]))
    elif entry.kind.startswith("access."):
        parts.append(str(detail.get("view", "")))
    if detail.get("role") in Role.values:
        parts.append(str(Role(detail["role"]).label))
    if detail.get("specialty") in Specialty.values:
        parts.append(str(Specialty(detail["specialty"]).label))
    if detail.get("factor") in FACTORS:
        parts.append(str(FACTORS[detail["factor"]]))
    return " · ".join(part for part in parts if part)


@dataclass(frozen=True)
class NewReader:
    """Somebody who may read the patients of a board since lately, and who gave them the role."""

    name: str
    role: str
    board: str
    by: str
    at: datetime


def new_readers(reader: User, limit: int) -> list[NewReader]:
    """Return who was given a role that reads patients on the boards whose trail `reader` reads, the newest first.

    Once for each role that stands; what the reader gave or was given is left out. Two queries; none for who reads
    no trail.
    """
    boards = {board.pk: board.name for board in reader.boards_with("trail.view")}
    if not boards:
        return []
    given = (
        TrailEntry.objects.filter(
            board_id__in=boards,
            kind="membership.given",
            at__gte=timezone.now() - NEW_FOR,
            detail__role__in=[role.value for role in PATIENT_ROLES],
        )
        # Another specialty opens nothing; an entry from before this was noted counts as a new role.
        .exclude(detail__contains={"new": False})
        .annotate(given=KeyTextTransform("role", "detail"))
    )
    stands = Membership.objects.filter(
        user=OuterRef("subject_id"), board=OuterRef("board_id"), role=OuterRef("given"), active=True
    )
    one = ("subject_id", "board_id", "detail__role")
    last = given.filter(Exists(stands)).order_by(*one, "-at", "-id").distinct(*one)
    rows = TrailEntry.objects.filter(pk__in=last.values("pk"))
    rows = rows.exclude(actor=reader).exclude(subject_id=reader.pk)
    found = list(rows.select_related("actor").order_by("-at", "-id")[:limit])
    names = dict(
        User.objects.filter(pk__in={e.subject_id for e in found}).values_list("pk", "name")
    )
    return [
        NewReader(
            name=names[entry.subject_id],
            role=str(Role(entry.detail["role"]).label),
            board=boards[entry.board_id],
            by=_who(entry),
            at=entry.at,
        )
        for entry in found
        if entry.subject_id in names and entry.board_id in boards
    ]


def name_accounts(reader: User, found: Sequence[TrailEntry]) -> dict[int, list[Named]]:
    """Name the people that entries are about, where that is not the one who acted."""
    about = {
        e.pk: e.subject_id
        for e in found
        if e.subject_type == ACCOUNT and e.subject_id is not None and e.subject_id != e.actor_id
    }
    if not about:
        return {}
    names = dict(User.objects.filter(pk__in=set(about.values())).values_list("pk", "name"))
    return {key: [Named(names[pk])] for key, pk in about.items() if pk in names}
