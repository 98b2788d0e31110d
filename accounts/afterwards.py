"""What is done once the answer has gone out: nobody waits for it, and no answer tells by its time that it was done."""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from collections.abc import Callable

log = structlog.get_logger(__name__)
_waiting: ContextVar[tuple[Callable[[], None], ...]] = ContextVar("waiting", default=())


def after_the_answer(call: Callable[[], None]) -> None:
    """Have `call` made when the request that is being answered is over. What it raises is logged."""
    _waiting.set((*_waiting.get(), call))


def something_waits() -> bool:
    """Whether there is a call to be made."""
    return bool(_waiting.get())


def do_what_waits() -> None:
    """Make the calls that wait; one that fails keeps none behind it."""
    calls = _waiting.get()
    _waiting.set(())
    for call in calls:
        try:
            call()
        except Exception as error:
            # Never the error's own words: they may repeat what was to be written.
            log.error("afterwards.failed", error=type(error).__name__)
