"""What is attached to a case, and what changed of it since."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from evidence.changed_words import ChangeWords, change_words
from evidence.presenters import FindingRow, finding_row
from ui import formatting

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.models import User
    from cases.models import AttachedGuidance, Case
    from evidence.changes import Change, History


@dataclass(frozen=True)
class Newer:
    """What changed since it was attached; the addresses are empty where nobody may answer, or nothing can be taken."""

    words: ChangeWords
    mark: str
    keep_url: str
    take_url: str


@dataclass(frozen=True)
class Pinned:
    """Guidance attached to the case. `newer` waits for an answer; `kept` says who kept it, and when."""

    title: str
    version: str
    url: str
    line: str
    comment: str
    comment_url: str
    detach_url: str
    finding: FindingRow | None = None
    newer: Newer | None = None
    kept: str = ""


def change_of(row: AttachedGuidance, history: History) -> Change | None:
    """Return what changed since `row` was attached; None where it holds as it was."""
    if row.version_id is not None:
        return history.of_version(row.version_id)
    return history.of_finding(row.finding) if row.finding else None


def pinned_rows(
    case: Case, rows: Iterable[AttachedGuidance], history: History, user: User, *, may: bool
) -> tuple[Pinned, ...]:
    """Return what is attached to `case`, in its order; `may`: whether `user` may answer for it."""
    return tuple(_pinned(case, row, history, user, may=may) for row in rows)


def _pinned(
    case: Case, row: AttachedGuidance, history: History, user: User, *, may: bool
) -> Pinned:
    change = change_of(row, history)
    kept = change is not None and row.kept_mark == change.mark
    writes = may and row.attached_by_id == user.pk and row.fixed_at is None
    return Pinned(
        title=row.title,
        version=_pin_words(row),
        url=_url(case, row, history),
        line=_line(row),
        comment=row.comment,
        comment_url=_to("cases:comment", case, row) if writes else "",
        detach_url=_to("cases:detach", case, row) if may else "",
        finding=finding_row(row.finding) if row.finding else None,
        newer=_newer(case, row, change, may=may) if change and not kept else None,
        kept=_kept(row) if kept else "",
    )


def _to(name: str, case: Case, row: AttachedGuidance) -> str:
    return reverse(name, args=[case.public_id, row.public_id])


def _pin_words(row: AttachedGuidance) -> str:
    if row.version is not None:
        return _("attached v%(n)s") % {"n": row.version.number}
    return _("one figure")


def _url(case: Case, row: AttachedGuidance, history: History) -> str:
    if row.version is not None:
        return f"{row.version.statement.get_absolute_url()}?version={row.version.number}&case={case.public_id}"
    # The page of a statement that rests on it, as it is published or was last.
    code = row.finding.code if row.finding else ""
    by = history.findings[code][1] if code in history.findings else None
    by = by or history.left.get(row.finding_id or 0)
    if by is None:
        return ""
    page = by.statement.get_absolute_url()
    return f"{page}?version={by.number}&case={case.public_id}#findings"


def _line(row: AttachedGuidance) -> str:
    said = {"date": formatting.date(row.attached_at), "who": row.attached_by.name}
    if row.version is None:
        return _("%(date)s, by %(who)s") % said
    return _("%(date)s, by %(who)s; then: %(answer)s") % {
        **said,
        "answer": answer_words(row.answer),
    }


def _newer(case: Case, row: AttachedGuidance, change: Change, *, may: bool) -> Newer:
    return Newer(
        words=change_words(change),
        mark=change.mark,
        keep_url=_to("cases:keep", case, row) if may else "",
        take_url=_to("cases:take", case, row) if may and change.may_be_taken else "",
    )


def _kept(row: AttachedGuidance) -> str:
    words = _("Kept though something newer is published: %(who)s, %(date)s")
    return words % {
        "who": row.kept_by.name if row.kept_by else "",
        "date": formatting.date(row.kept_at) if row.kept_at else "",
    }


def answer_words(answer: str) -> str:
    """Return what matching said, in words."""
    words = {
        "true": _("applies"),
        "false": _("does not apply"),
        "undetermined": _("cannot tell"),
    }
    return words.get(answer, answer)
