"""The cache: counts for the limits on signing in, and the mark of the curated lists, shared through Valkey.

Nothing about a patient is kept here. What is stored is JSON: whoever could write to Valkey must not be able
to make a web process run code, as a pickle would.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import redis
import structlog
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache

log = structlog.get_logger(__name__)

TRY_AGAIN_AFTER = (
    5.0  # seconds; else each of a sign-in's many look-ups would wait for the time limit
)


class JSONSerializer:
    """Stores values as JSON; a whole number stays one that Valkey can count up."""

    def dumps(self, value: Any) -> bytes:
        """Return the value as Valkey keeps it."""
        return json.dumps(value).encode()

    def loads(self, data: bytes) -> Any:
        """Return the value that was kept."""
        return json.loads(data)


def _valkey_or_own(name: str) -> Callable[..., Any]:
    """Return the method `name`: Valkey's, or that of the process's own memory while Valkey is away."""

    def method(self: SharedCounts, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() >= SharedCounts.away_until:
            try:
                return getattr(RedisCache, name)(self, *args, **kwargs)
            except redis.RedisError as error:
                SharedCounts.away_until = time.monotonic() + TRY_AGAIN_AFTER
                log.warning("cache.valkey_away", error=type(error).__name__)
        return getattr(self.own, name)(*args, **kwargs)

    method.__name__ = name
    return method


class SharedCounts(RedisCache):
    """Django's cache in Valkey that goes on with the process's own memory while Valkey does not answer.

    Nobody is kept from a patient's record because Valkey is down, and the limits do not fall away: each
    process counts for itself, so a guesser gets as many times the limit as there are processes.
    """

    away_until = 0.0

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        own = {name: value for name, value in params.items() if name != "OPTIONS"}
        self.own = LocMemCache("while-valkey-is-away", own)

    @property
    def is_away(self) -> bool:
        """Whether what it says now is this process's own alone."""
        return time.monotonic() < SharedCounts.away_until

    add = _valkey_or_own("add")
    get = _valkey_or_own("get")
    set = _valkey_or_own("set")
    touch = _valkey_or_own("touch")
    delete = _valkey_or_own("delete")
    get_many = _valkey_or_own("get_many")
    set_many = _valkey_or_own("set_many")
    delete_many = _valkey_or_own("delete_many")
    has_key = _valkey_or_own("has_key")
    incr = _valkey_or_own("incr")
    clear = _valkey_or_own("clear")
