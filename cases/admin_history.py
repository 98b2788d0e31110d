"""What a curated row was, newest first, from the database's own history."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.models import User
from ui import formatting

SHOWN = 50


def history_of(row: Any, words: Callable[[Any], str]) -> str | SafeString:
    """Return one line for each change of `row`: when, who, and what `words` say of it then."""
    events = apps.get_model("cases", f"{type(row).__name__}Event")._default_manager
    found = list(
        events.filter(pgh_obj_id=row.pk).select_related("pgh_context").order_by("-pgh_id")[:SHOWN]
    )
    users = {user for event in found if (user := _user(event)) is not None}
    names = dict(User.objects.filter(pk__in=users).values_list("pk", "name"))
    system = _("the system")
    lines = (
        (
            f"{formatting.datetime(event.pgh_created_at)},"
            f" {names.get(_user(event) or 0, system)}: {words(event)}",
        )
        for event in found
    )
    return format_html_join("", "<div>{}</div>", lines) or "–"


def _user(event: Any) -> int | None:
    return event.pgh_context.metadata.get("user") if event.pgh_context else None
