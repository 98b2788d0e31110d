"""What is done once the answer has gone out: nobody waits for it, and no answer tells by its time that it was done."""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_waiting: ContextVar[tuple[Callable[[], None], ...]] = ContextVar("waiting", default=())


def after_the_answer(call: Callable[[], None]) -> None:
    """Have `call` made when the request that is being answered is over. It must not raise."""
    _waiting.set((*_waiting.get(), call))


def something_waits() -> bool:
    """Whether there is a call to be made."""
    return bool(_waiting.get())


def do_what_waits() -> None:
    """Make the calls that wait."""
    calls = _waiting.get()
    _waiting.set(())
    for call in calls:
        call()
