"""A step that a curator takes with one row of the record's curated data, and how it went."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.utils.html import format_html

from evidence.policies import CurationRefused

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.contrib.admin import ModelAdmin
    from django.http import HttpRequest


def taken(
    model_admin: ModelAdmin[Any],
    request: HttpRequest,
    label: Any,
    row: Any,
    step: Callable[[], Any],
) -> Any:
    """Take a step and say how it went; return the row that it leads to, `row` where it was refused."""
    try:
        found = step()
    except CurationRefused as refusal:
        model_admin.message_user(request, str(refusal), messages.ERROR)
    except ValidationError as error:
        for line in error.messages:
            model_admin.message_user(request, line, messages.ERROR)
    else:
        model_admin.message_user(request, format_html("{}: {}", label, found), messages.SUCCESS)
        return found
    return row
