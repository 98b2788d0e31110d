"""Keeps the words of a search on the server, so that no address carries a name."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from audit.services import record
from cases.models import SavedSearch

if TYPE_CHECKING:
    from accounts.models import User

KEPT = timedelta(days=1)


@transaction.atomic
def save_search(*, by: User, text: str) -> SavedSearch:
    """Store the words for a day; the trail learns that there was a search, not what for."""
    SavedSearch.objects.filter(user=by, created_at__lt=timezone.now() - KEPT).delete()
    saved = SavedSearch.objects.create(user=by, text=text)
    record("case.searched", by=by, subject=saved)
    return saved
