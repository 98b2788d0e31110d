"""Words for what is questioned about a value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from followup.limits import Doubt


def limit_words(doubt: Doubt) -> str:
    """Return which limit a value passes, such as `above 10`."""
    if doubt.above:
        return _("above %(limit)s") % {"limit": doubt.above}
    return _("below %(limit)s") % {"limit": doubt.below}


def doubt_words(doubt: Doubt, measures: Iterable[Mapping[str, str]]) -> str:
    """Return why a value is questioned, and what can be done about it."""
    found = next((m for m in measures if m["code"] == doubt.code), None)
    words = {
        "label": found["label"] if found else doubt.code,
        "value": f"{doubt.value} {found['unit'] if found else ''}".strip(),
    }
    if doubt.condition:
        return _(
            "%(label)s: %(value)s breaks the condition “%(text)s”. Correct it, choose abnormal, or say below"
            " that it is right"
        ) % {**words, "text": doubt.condition}
    return _(
        "%(label)s: %(value)s is %(beyond)s. Correct it, choose abnormal, or say below that it is right"
    ) % {**words, "beyond": limit_words(doubt)}
