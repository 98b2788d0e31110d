"""What several forms hold against what was typed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from datetime import date

    from django import forms

    from cases.forms.fields import Stated


def lies_ahead(found: Stated | None, today: date | None = None) -> bool:
    """Whether a date is certainly after today."""
    value = found.value if found else None
    earliest = getattr(value, "earliest", value)
    return earliest is not None and earliest > (today or timezone.localdate())


def refuse_future(form: forms.Form, names: Iterable[str]) -> None:
    """Put an error beside each date of `names` that is certainly in the future."""
    for name in names:
        if lies_ahead(form.cleaned_data.get(name)):
            label: Any = form.fields[name].label
            form.add_error(name, _("%(label)s: the date is in the future") % {"label": label})
