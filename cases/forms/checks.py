"""What several forms hold against what was typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ui.partial_dates import PartialDate, bounded

if TYPE_CHECKING:
    from datetime import date

    from django import forms

    from cases.forms.fields import Stated


def lies_ahead(found: Stated | None, today: date | None = None) -> bool:
    """Whether a date is certainly after today."""
    value = found.value if found else None
    earliest = getattr(value, "earliest", value)
    return earliest is not None and earliest > (today or timezone.localdate())


def ahead_words(label: Any) -> Any:
    """Return in words that a date of what is over is in the future."""
    return _("%(label)s: the date is in the future") % {"label": label}


def anchors_of(data: Mapping[str, Any]) -> dict[str, PartialDate | None]:
    """Return what days of a course count from: its first dose and its last."""
    start, stop = (data[n].value if data.get(n) else None for n in ("start", "stop"))
    found = {"ICI start": start}
    return {**found, **dict.fromkeys(("ICI stop", "last dose"), stop and bounded(stop, found))}


def refuse_counted_future(
    form: forms.Form, names: Iterable[str], anchors: Mapping[str, PartialDate | None]
) -> None:
    """Put an error beside each date of `names` that, counted from `anchors`, is certainly in the future."""
    for name in names:
        found = form.cleaned_data.get(name)
        told = found.value if found else None
        day = bounded(told, anchors).earliest if told is not None else None
        if told is not None and told.anchor and day is not None and day > timezone.localdate():
            form.add_error(name, ahead_words(form.fields[name].label))
