"""Forms in the middle of being filled in, kept on the server for the person who types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from cases.models import Draft

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def save_draft(*, by: User, key: str, fields: dict[str, list[str]]) -> Draft:
    """Keep the whole form as typed; one draft a form and user."""
    draft, _created = Draft.objects.update_or_create(user=by, key=key, defaults={"fields": fields})
    return draft


@transaction.atomic
def discard_draft(*, by: User, key: str) -> None:
    """Forget what was typed; a draft that is not there is no error."""
    Draft.objects.filter(user=by, key=key).delete()
