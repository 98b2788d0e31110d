"""Keeps the words of a search on the server, so that no address carries a name."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models.functions import Now

from audit.services import record_on_boards
from cases.models import SavedSearch

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.models import User

KEPT = timedelta(days=1)


def old_searches() -> QuerySet[SavedSearch]:
    """Return the searches, of everybody whom the acting role sees, that have been kept for their day."""
    return SavedSearch.objects.filter(created_at__lt=Now() - KEPT)


@transaction.atomic
def save_search(*, by: User, text: str) -> SavedSearch:
    """Store the words for a day; the trail learns that there was a search, not what for."""
    old_searches().filter(user=by).delete()
    saved = SavedSearch.objects.create(user=by, text=text)
    record_on_boards("case.searched", by=by, boards=by.boards, subject=saved)
    return saved
