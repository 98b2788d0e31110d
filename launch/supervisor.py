"""Keeps a set of processes running: starts them again when they die, ends all of them together."""

from __future__ import annotations

import contextlib
import signal
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable

from launch.child import Child
from launch.refusal import Refusal, full_disk

MOST_DEATHS = 5
WITHIN_SECONDS = 60.0
LOOK_EVERY = 0.2


class Supervisor:
    """Watches children in the order they were started; `say` gets one line for each event.

    A child that dies is started again. When one dies five times within a minute everything ends, since
    something is wrong that starting again does not heal; `run` then raises a Refusal that shows the log.
    `started` is called after each change of the processes.
    `followers` names children that are started again too when another one had to be: a worker may
    stop consuming without dying when its broker goes away.
    """

    def __init__(
        self,
        say: Callable[[str], None] = print,
        *,
        followers: dict[str, tuple[str, ...]] | None = None,
        started: Callable[[], None] = lambda: None,
        most_deaths: int = MOST_DEATHS,
    ) -> None:
        self.say = say
        self.followers = followers or {}
        self.started = started
        self.children: dict[str, Child] = {}
        self.deaths: dict[str, deque[float]] = defaultdict(lambda: deque(maxlen=most_deaths))
        self.stopping = threading.Event()
        self.changing = threading.RLock()

    def add(self, child: Child) -> None:
        """Watch a child that runs already."""
        self.children[child.name] = child

    def start(self, child: Child) -> None:
        """Start a child and watch it."""
        child.start()
        self.add(child)

    def run(self) -> None:
        """Watch until `stopping` is set; start dead children again."""
        while not self.stopping.wait(LOOK_EVERY):
            self.look()

    def look(self) -> None:
        """Look once, and start dead children again."""
        with self.changing:
            for child in list(self.children.values()):
                if not child.alive and not self.stopping.is_set():
                    self._heal(child)

    def _heal(self, child: Child) -> None:
        self._count_death(child)
        code = child.process.returncode if child.process else 0
        how = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
        self.say(f"{child.name} ended ({how}) and is started again; its log is {child.log}.")
        child.kill()  # what its group left behind, a pool's children for example
        child.start()
        # A service that others need is waited for, so that they find it.
        if child.name in self.followers:
            with contextlib.suppress(Refusal):
                child.wait_ready(30.0)
        for name in self.followers.get(child.name, ()):
            follower = self.children.get(name)
            if follower and follower.alive:
                self.say(f"{name} is started again, since {child.name} was.")
                follower.stop()
                follower.start()
        self.started()

    def _count_death(self, child: Child) -> None:
        now = time.monotonic()
        deaths = self.deaths[child.name]
        deaths.append(now)
        if len(deaths) == deaths.maxlen and now - deaths[0] < WITHIN_SECONDS:
            self.stopping.set()
            end = child.log_end()
            raise Refusal(
                f"{full_disk(end)}{child.name} ended {len(deaths)} times within a minute: stopping. What to "
                f"look for is at the end of {child.log}:\n{end}"
            )

    def stop(self) -> None:
        """End every child, the last started first; processes without a service after them at once."""
        self.stopping.set()
        with self.changing:
            order = list(reversed(self.children.values()))
            # All but the two services are asked together; the services outlive their users.
            for child in order:
                if child.name not in self.followers:
                    child.ask_to_stop()
            for child in order:
                child.stop()
            self.children.clear()
