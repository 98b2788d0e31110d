"""Forms in the middle of being filled in, kept on the server for the person who types."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from audit.services import record
from cases.models import Draft
from cases.selectors import SENT
from cases.services.searches import old_searches

if TYPE_CHECKING:
    from accounts.models import User

MOST_DRAFTS = 200


class TooManyDrafts(Exception):
    """The user keeps as many drafts as the server takes; another one is refused, none is dropped for it."""


@transaction.atomic
def save_draft(*, by: User, key: str, fields: dict[str, list[str]]) -> Draft:
    """Keep the whole form as typed; one draft a form and user.

    Raises TooManyDrafts for a new one when the user has `MOST_DRAFTS`; those that are there go on.
    """
    mine = Draft.objects.filter(user=by)
    if (
        not mine.filter(key=key).exists()
        and mine.exclude(key__startswith=SENT).count() >= MOST_DRAFTS
    ):
        raise TooManyDrafts
    draft, _created = Draft.objects.update_or_create(user=by, key=key, defaults={"fields": fields})
    return draft


@transaction.atomic
def discard_draft(*, by: User, key: str) -> None:
    """Forget what was typed; a draft that is not there is no error."""
    Draft.objects.filter(user=by, key=key).delete()


@transaction.atomic
def forget_old() -> tuple[int, int]:
    """Delete drafts and searches that nobody went on with; return how many of each. Runs as the workers' role.

    The trail tells how many, each time that there were any.
    """
    kept = timedelta(days=settings.DRAFTS_DAYS)
    drafts, _by_model = Draft.objects.filter(saved_at__lt=Now() - kept).delete()
    searches, _by_model = old_searches().delete()
    if drafts or searches:
        record("typed.forgotten", by=None, detail={"drafts": drafts, "searches": searches})
    return drafts, searches
