"""One gunicorn worker with the product, and how long its pages take from outside."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from bench.figures import RUNS, Figure, NotMeasured

ROOT = Path(__file__).resolve().parent.parent
TIMES, QUICK_TIMES = 50, 5
FEWEST, PATIENCE_MS = 5, 4000.0


def free_port() -> int:
    """Return a port below those that outgoing connections use."""
    for port in range(23300, 23400):
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise NotMeasured("no port between 23300 and 23400 is free.")


@dataclass
class Site:
    """A running site and the session of whoever is signed in."""

    port: int
    cookie: str = ""
    # What the browser sends besides: with HX-Request a page answers with the part that is swapped.
    headers: dict[str, str] = field(default_factory=dict)
    # Of the server that answers.
    pid: int = 0

    def get(self, path: str, status: int = 200) -> bytes:
        """Return a page. Raises NotMeasured for one that answers with another status."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        sent = {"Cookie": self.cookie, "Host": "127.0.0.1", **self.headers}
        line.request("GET", path, headers=sent)
        answer = line.getresponse()
        body = answer.read()
        line.close()
        if answer.status != status:
            raise NotMeasured(f"{path} answered {answer.status}, not {status}.")
        return body

    def milliseconds(self, path: str, times: int, status: int = 200) -> float:
        """Return the median of `times` requests, one after another; of fewer where they take more than seconds."""
        took: list[float] = []
        while len(took) < times and (len(took) < FEWEST or sum(took) < PATIENCE_MS):
            began = perf_counter()
            self.get(path, status)
            took.append((perf_counter() - began) * 1000)
        return median(took)

    def ratio(self, path: str, *, times: int, status: int = 200) -> float:
        """Return the page's time as a multiple of a bare page's of its size.

        Both in turn within each run, the best of three: what else the machine does weighs on both.
        """
        size = len(self.get(path, status))
        return min(
            self.milliseconds(path, times, status) / self.milliseconds(f"/bare/{size}", times)
            for _ in range(RUNS)
        )

    def compared(self, path: str, other: str, *, times: int) -> float:
        """Return the time of one page as a multiple of another's, both in turn within each run, the best of three."""
        return min(
            self.milliseconds(path, times) / self.milliseconds(other, times) for _ in range(RUNS)
        )

    def figure(self, name: str, path: str, bar: float, quick: bool, *, status: int = 200) -> Figure:
        """Return the figure of a page: its time as a multiple of a bare page's of its size."""
        times = QUICK_TIMES if quick else TIMES
        return Figure(name, self.ratio(path, times=times, status=status), "x bare page", bar)

    def swapping(self) -> Site:
        """Return the site as htmx asks it, for the part of a page that it swaps."""
        return replace(self, headers={"HX-Request": "true"})

    def sign_in(self, user: Any) -> None:
        """Give the session of `user` to the requests that follow."""
        from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
        from django.contrib.sessions.backends.db import SessionStore

        from accounts.idling import SEEN, SIGNED_IN

        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session[SIGNED_IN] = session[SEEN] = int(time.time())
        session.save()
        self.cookie = f"sessionid={session.session_key}"


def wait_for(port: int, what: str, patience: float = 60.0) -> None:
    """Wait until somebody listens on `port`."""
    deadline = perf_counter() + patience
    while perf_counter() < deadline:
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise NotMeasured(f"{what} did not start within {patience:.0f} seconds.")


@contextmanager
def running() -> Iterator[Site]:
    """Run one gunicorn worker until the block ends."""
    site = Site(free_port())
    command = [
        sys.executable, "-m", "gunicorn", "rechallenge.wsgi", "--workers", "1", "--log-level", "error",
        "--bind", f"127.0.0.1:{site.port}",
    ]  # fmt: skip
    server = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONWARNINGS": "ignore"})
    site.pid = server.pid
    try:
        wait_for(site.port, "the site")
        site.get("/bare/10")
        yield site
    finally:
        server.terminate()
        server.wait()
