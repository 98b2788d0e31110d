"""What was typed into the small forms of a meeting's page and not sent yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cases.drafting import FormDraft, draft_key
from cases.selectors import drafts_of
from meetings.forms import AddCaseForm

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from accounts.models import User
    from cases.models import Case, Draft
    from meetings.models import Attendance, Meeting


def reply_key(meeting_id: UUID) -> str:
    """Return what a reply to a meeting is kept under."""
    return draft_key("reply", meeting_id)


def add_key(meeting_id: UUID) -> str:
    """Return what the form that lists a case is kept under."""
    return draft_key("agenda", meeting_id, "add")


def typed_context(
    user: User, meeting: Meeting, mine: Attendance | None, candidates: Iterable[Case] = ()
) -> dict[str, Any]:
    """Return what "Will you be there?" and "Add a case" show: the reply given, and what was typed since."""
    reply, add = reply_key(meeting.public_id), add_key(meeting.public_id)
    kept = drafts_of(user, [reply, add])
    return {
        "my_mode": mine.mode if mine else "",
        "my_deputy": _typed(kept.get(reply), "deputy", mine.deputy if mine else ""),
        "reply_draft": _form_draft(reply, kept.get(reply)),
        "add_form": AddCaseForm(
            candidates=candidates,
            initial={
                "case": _typed(kept.get(add), "case", ""),
                "minutes": _typed(kept.get(add), "minutes", "5"),
            },
        ),
        "add_draft": _form_draft(add, kept.get(add)),
    }


def _typed(draft: Draft | None, name: str, otherwise: str) -> str:
    values = draft.fields.get(name) if draft else None
    return str(values[0]) if values else otherwise


def _form_draft(key: str, draft: Draft | None) -> FormDraft:
    return FormDraft.of(key, draft)
