"""The days between the doses of an ICI: what can be entered, and how it reads."""

from __future__ import annotations

from django.utils.translation import gettext as _

USUAL = (14, 21, 28, 42)
"""The intervals at which ICIs are labelled, in days."""
SHORTEST, LONGEST = 7, 84


def is_interval(days: int | None) -> bool:
    """Whether `days` can lie between two doses."""
    return days is not None and SHORTEST <= days <= LONGEST


def interval_words(days: int) -> str:
    """Return `weekly`, `every 3 weeks` or `every 10 days`."""
    if days == 1:
        return _("daily")
    if days == 7:
        return _("weekly")
    if days % 7 == 0:
        return _("every %(n)s weeks") % {"n": days // 7}
    return _("every %(n)s days") % {"n": days}
