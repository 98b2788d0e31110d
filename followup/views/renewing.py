"""A form sent for a row that somebody else has changed since: what was typed, with the row's version now."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.core.exceptions import ValidationError
    from django.forms import Form
    from django.http import QueryDict


def renewed(typed: QueryDict, version: int) -> QueryDict:
    """Return what was sent with the version that is shown beside it, so that it can be sent again."""
    data = typed.copy()
    data["version"] = str(version)
    return data


def add_errors(form: Form, error: ValidationError) -> None:
    """Put what a service refused beside its field, or on top where the form has no such field."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)
