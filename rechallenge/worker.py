"""Parts of the Celery processes that are ours: signs of life, and a worker that ends when it is stuck."""

from __future__ import annotations

import os
import threading
import time
from typing import TYPE_CHECKING, Any

import redis
import structlog
from celery import bootsteps
from celery.beat import Scheduler
from celery.schedules import schedule
from celery.worker import state

from rechallenge import heartbeat

if TYPE_CHECKING:
    from celery.worker.consumer import Consumer

log = structlog.get_logger(__name__)

LOOK_EVERY = 10.0
IDLE_STALL = 120.0
EXIT_STALLED = 70
# Of the workers that have a queue of their own.
SIGNS = {"bulk": [heartbeat.BULK], "counts": [heartbeat.COUNTS]}


class HeartbeatScheduler(Scheduler):
    """Beat's scheduler in memory, since every entry runs at least once an hour; notes that it ticks."""

    max_interval = 15

    def setup_schedule(self) -> None:
        """Have what runs every so often run at once: what fell due while all stood still waits no longer."""
        super().setup_schedule()
        for entry in self.schedule.values():
            if isinstance(entry.schedule, schedule):
                entry.last_run_at -= entry.schedule.run_every

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """Send what is due, note the tick, and return the seconds until the next."""
        seconds: float = super().tick(*args, **kwargs)
        try:
            heartbeat.note(heartbeat.BEAT)
        except redis.RedisError as error:
            log.warning("beat.heartbeat_not_written", error=str(error))
        return min(seconds, self.max_interval)


class WorkerHeartbeat(bootsteps.StartStopStep):
    """Notes that this worker consumes, and ends a worker that has stopped doing so.

    After a broker's restart a worker can stay connected and take nothing. If tasks wait, none is running
    and none was taken for two minutes, the process ends, so that its supervisor starts a fresh one.
    """

    requires = {"celery.worker.consumer.tasks:Tasks"}

    queue = "celery"

    def __init__(self, parent: Consumer, **kwargs: Any) -> None:
        super().__init__(parent, **kwargs)
        self.ending = threading.Event()
        # A worker takes from one queue: everybody's, that of imports, or that of counts.
        self.queue = next(iter(parent.app.amqp.queues.consume_from), self.queue)
        if self.queue == WorkerHeartbeat.queue:
            from audit import (
                sealing,  # needs the applications, and beat loads this module before them
            )

            sealing.require_key()

    def start(self, parent: Consumer) -> None:
        """Begin to note signs of life."""
        self.ending = threading.Event()
        threading.Thread(target=self._run, args=(self.ending,), daemon=True).start()

    def stop(self, parent: Consumer) -> None:
        """Stop noting them; the consumer starts again after a lost connection."""
        self.ending.set()

    def _run(self, ending: threading.Event) -> None:
        started = time.monotonic()
        stall = StallWatch(now=started)
        first = True
        signs = SIGNS.get(self.queue, [heartbeat.WORKER, heartbeat.PROGRESS])
        while not ending.is_set():
            try:
                # A new worker gets its time before it must have done something.
                heartbeat.note(*(signs if first else signs[:1]))
                first = False
                with heartbeat.broker() as client:
                    waiting = int(client.llen(self.queue))
            except redis.RedisError:
                waiting = 0
            taken = sum(state.total_count.values())
            if stall.stalled(
                now=time.monotonic(),
                taken=taken,
                running=len(state.active_requests),
                waiting=waiting,
            ):
                log.error("worker.stalled", waiting=waiting)
                os._exit(EXIT_STALLED)  # an orderly end would wait for what is stuck
            ending.wait(LOOK_EVERY)


class StallWatch:
    """Decides whether a worker has stopped taking tasks although some wait. Times in seconds."""

    def __init__(self, *, now: float) -> None:
        self.since = now
        self.taken = -1

    def stalled(self, *, now: float, taken: int, running: int, waiting: int) -> bool:
        """Say whether nothing was taken for `IDLE_STALL` seconds with tasks waiting and none running."""
        if taken != self.taken or running or not waiting:
            self.taken = taken
            self.since = now
        return now - self.since > IDLE_STALL
