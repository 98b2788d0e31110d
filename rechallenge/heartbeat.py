"""Signs of life of worker, bulk, counts and beat: keys in Valkey that expire unless they are written again.

A key that is there means "alive", so nobody's clock matters. Three keys: beat's scheduler ticks, a worker
is connected, and work gets done. The last is written by a task that beat sends, so it proves the whole way.
Two more tell of the workers of imports and of counts, each a process of its own.
"""

from __future__ import annotations

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

from rechallenge.env import client_url

BEAT = "rechallenge:alive:beat"
WORKER = "rechallenge:alive:worker"
PROGRESS = "rechallenge:alive:progress"
BULK = "rechallenge:alive:bulk"
COUNTS = "rechallenge:alive:counts"
LASTS = {BEAT: 60, WORKER: 30, PROGRESS: 300, BULK: 30, COUNTS: 30}  # seconds


def broker(*, timeout: float = 2.0) -> redis.Redis:
    """Return a client of the broker; it connects when it is first used."""
    return redis.Redis.from_url(
        client_url(settings.REDIS_URL),
        socket_timeout=timeout,
        socket_connect_timeout=timeout,
        # Once: an orchestrator that asks about health waits for a few seconds only.
        retry=Retry(NoBackoff(), 1),
    )


def note(*keys: str) -> None:
    """Write signs of life; raises redis.RedisError when the broker does not answer."""
    with broker() as client:
        for key in keys:
            client.set(key, "1", ex=LASTS[key])
