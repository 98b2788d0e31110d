"""Of which event an irAE can be a return: of one before it that is not itself a return of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Callable

    from ui.partial_dates import PartialDate

Event = TypeVar("Event")
# The highest grade now of an event that resolved on a day: what is left is mild. One of more is there, or is back.
HIGHEST_OVER = 1


def is_circle(event: Event, earlier: Event, before: Callable[[Event], Event | None]) -> bool:
    """Say whether `earlier` came back after `event` itself, maybe by way of others.

    `before` gives for an event the one that it came back after, None where it came back after none.
    """
    seen: list[Event] = []
    at: Event | None = earlier
    while at is not None and at not in seen:
        if at == event:
            return True
        seen.append(at)
        at = before(at)
    return False


def refusal(circle: bool, onset: PartialDate | None, earlier: PartialDate | None) -> str:
    """Return why an event cannot be a return of the other one, "" where it can; days from an event say nothing."""
    if circle:
        return _("Came back after: that event came back after this one")
    if onset is not None and earlier is not None and onset.certainly_before(earlier):
        return _("Came back after: that event began later than this one")
    return ""
