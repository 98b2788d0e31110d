"""The worker's own thread: it notes signs of life, and ends a process that takes no task any more."""

from __future__ import annotations

import threading
from collections import Counter
from types import SimpleNamespace

import pytest
import redis
from django.core.exceptions import ImproperlyConfigured

from rechallenge import heartbeat, worker


class Ended(BaseException):
    """What ending the process is in these tests."""


def consumer_of(queue):
    """A consumer as the step sees it."""
    queues = SimpleNamespace(consume_from={queue: None})
    return SimpleNamespace(app=SimpleNamespace(amqp=SimpleNamespace(queues=queues)))


@pytest.fixture
def thread(monkeypatch):
    """The thread's work, on a clock that goes on a minute each time it waits, with what it saw."""
    seen = SimpleNamespace(
        queue="celery", notes=[], waiting=0, broker_up=True, rounds=3, now=0.0, taken=Counter(a=1)
    )

    class Broker:
        def __enter__(self):
            return self

        def __exit__(self, *rest):
            return None

        def llen(self, queue):
            assert queue == seen.queue
            return seen.waiting

    class Ending(threading.Event):
        def wait(self, timeout=None):
            assert timeout == worker.LOOK_EVERY
            seen.now += 60
            seen.rounds -= 1
            if not seen.rounds:
                self.set()
            return self.is_set()

    def note(*keys):
        if not seen.broker_up:
            raise redis.ConnectionError("gone")
        seen.notes.append(keys)

    def end(code):
        raise Ended(code)

    monkeypatch.setattr(worker.heartbeat, "note", note)
    monkeypatch.setattr(worker.heartbeat, "broker", Broker)
    monkeypatch.setattr(worker.os, "_exit", end)
    monkeypatch.setattr(worker.time, "monotonic", lambda: seen.now)
    monkeypatch.setattr(worker.state, "total_count", seen.taken)
    monkeypatch.setattr(worker.state, "active_requests", set())
    step = worker.WorkerHeartbeat.__new__(worker.WorkerHeartbeat)
    seen.step, seen.run = step, lambda: step._run(Ending())
    return seen


def test_a_worker_notes_that_it_lives_and_at_first_is_given_time_to_do_something(thread):
    thread.run()
    alive = (heartbeat.WORKER,)
    assert thread.notes == [(heartbeat.WORKER, heartbeat.PROGRESS), alive, alive]


def test_the_worker_of_imports_gives_a_sign_of_its_own_and_looks_at_its_own_queue(thread):
    thread.step.queue = worker.WorkerHeartbeat(consumer_of("bulk")).queue
    thread.queue = "bulk"
    thread.run()
    assert thread.notes == [(heartbeat.BULK,)] * 3
    thread.waiting, thread.rounds = 5, 10
    with pytest.raises(Ended):
        thread.run()


def test_a_worker_that_takes_nothing_while_tasks_wait_ends_itself(thread):
    thread.waiting, thread.rounds = 5, 10
    with pytest.raises(Ended) as ended:
        thread.run()
    assert ended.value.args == (worker.EXIT_STALLED,)
    assert worker.IDLE_STALL < thread.now < worker.IDLE_STALL * 2


def test_a_worker_that_works_or_waits_for_work_goes_on(thread, monkeypatch):
    thread.rounds = 10
    thread.run()
    thread.waiting, thread.rounds = 5, 10
    monkeypatch.setattr(worker.state, "active_requests", {"one"})
    thread.run()


def test_a_broker_that_is_away_does_not_end_a_worker_and_is_told_of_life_when_it_is_back(thread):
    thread.waiting, thread.rounds, thread.broker_up = 5, 10, False
    thread.run()
    assert thread.notes == []
    thread.rounds, thread.broker_up = 1, True
    thread.run()
    assert thread.notes == [(heartbeat.WORKER, heartbeat.PROGRESS)]


def test_the_thread_runs_until_the_consumer_stops(monkeypatch):
    began, ended = threading.Event(), threading.Event()

    def run(self, ending):
        began.set()
        ending.wait(10)
        ended.set()

    monkeypatch.setattr(worker.WorkerHeartbeat, "_run", run)
    step = worker.WorkerHeartbeat(consumer_of("celery"))
    for _ in range(2):  # again after a lost connection
        began.clear()
        ended.clear()
        step.start(SimpleNamespace())
        assert began.wait(10) and not ended.is_set()
        step.stop(SimpleNamespace())
        assert ended.wait(10)


def test_the_worker_that_seals_does_not_begin_without_the_key_and_no_other_needs_it(settings):
    settings.SEAL_KEY = ""
    with pytest.raises(ImproperlyConfigured, match="RECHALLENGE_SEAL_KEY is not set"):
        worker.WorkerHeartbeat(consumer_of("celery"))
    assert worker.WorkerHeartbeat(consumer_of("bulk")).queue == "bulk"
