"""How a form names an irAE of the record among others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cases.eventnames import event_named

if TYPE_CHECKING:
    from cases.models import IrAE


def event_choice(event: IrAE) -> str:
    """Return an event with its onset, where that is known in part."""
    label = event_named(event)
    return f"{label}, {event.onset}" if event.onset else label
