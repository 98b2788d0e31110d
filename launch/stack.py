"""The whole product on this machine: services, migrations, web, worker, bulk, counts, beat and the mail sink.

    with Stack(folder) as stack:
        requests.get(stack.url)

Used by the demonstration and by the tests that need real processes.
"""

from __future__ import annotations

import contextlib
import fcntl
import http.client
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import IO

from launch import places
from launch.child import Child
from launch.configuration import Ports, product_environment
from launch.leftovers import end_recorded, record_children
from launch.places import give_to
from launch.prepare import product_digest, static_is_current
from launch.refusal import Refusal, full_disk
from launch.services import SEAL_KEY, Services, environment_as
from launch.supervisor import MOST_DEATHS, Supervisor

ROOT = Path(__file__).resolve().parent.parent
FOLLOWERS = {"PostgreSQL": (), "Valkey": ("worker", "bulk", "counts", "beat")}
NEVER = 10_000
SILENCE = 10.0  # seconds of waiting after which something is said


class Stack:
    """Everything running, from `start` to `stop`; children that die are started again.

    `demo` loads the demonstration's data and marks the pages; `durable` (as `demo` unless given) keeps
    data through a power cut. `port`, `mail_page_port` default to free ones. Afterwards `url`,
    `mail_url` and `env` (the web's environment) say where things are.
    """

    def __init__(
        self,
        data_dir: Path,
        port: int | None = None,
        *,
        demo: bool = False,
        durable: bool | None = None,
        mail_page_port: int | None = None,
        say: Callable[[str], None] = lambda line: None,
    ) -> None:
        self.data_dir = data_dir.resolve()
        self.port = port
        self.mail_page_port = mail_page_port
        self.demo = demo
        self.durable = demo if durable is None else durable
        self.say = say
        self.supervisor = Supervisor(
            say,
            followers=FOLLOWERS,
            started=self._record,
            most_deaths=MOST_DEATHS if demo else NEVER,
        )
        self.watcher: threading.Thread | None = None
        self.lock: IO[str] | None = None

    def start(self) -> None:
        """Start everything and wait until it is ready. Refuses in words; leaves nothing running then."""
        self.data_dir.mkdir(parents=True, exist_ok=True)
        self.lock = self._take_lock()
        try:
            end_recorded(self.data_dir)
            self._choose_ports()
            self._start_services()
            self._prepare()
            for child in self._processes():
                self.supervisor.start(child)
            self._record()
            self._wait_for("mail")
            self._wait_for("web")
        except BaseException:
            self.stop()
            raise

    def _wait_for(self, name: str) -> None:
        """Wait until a part serves; refuse one that ends of itself, start one again that was killed."""
        child = self.supervisor.children[name]
        try:
            child.wait_ready()
        except Refusal:
            if child.process is None or (child.process.poll() or 0) >= 0:
                raise
            self.supervisor.look()
            child.wait_ready()

    def _take_lock(self) -> IO[str]:
        """Hold the data folder for this process; the kernel lets go of it whatever happens."""
        try:
            lock = (self.data_dir / "lock").open("a+")
        except PermissionError:
            raise Refusal(
                f"{self.data_dir} belongs to another user, who started this before: start as that user, "
                "or give the folder to this one."
            ) from None
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            where = lock.read().strip()
            lock.close()
            raise Refusal(
                f"It is running already{f' at {where}' if where else ''}: use that one, or end it "
                "with Ctrl-C in its own window."
            ) from None
        return lock

    def _choose_ports(self) -> None:
        if self.port is not None:
            places.require_free_port(self.port)
        taken: set[int] = set()
        chosen = []
        for wanted in (self.port, None, self.mail_page_port):
            usable = wanted and wanted not in taken and places.port_is_free(wanted)
            chosen.append(wanted if wanted and usable else places.free_port(avoid=taken))
            taken.add(chosen[-1])
        self.ports = Ports(*chosen)
        self.url, self.mail_url = self.ports.url, self.ports.mail_url
        if self.lock:
            self.lock.truncate(0)
            self.lock.write(self.url)
            self.lock.flush()

    def _start_services(self) -> None:
        self.services = Services(self.data_dir, durable=self.durable)
        for line in self.services.start():
            self.say(line)
        for child in self.services.children:
            self.supervisor.add(child)
        self.env = product_environment(
            self.data_dir,
            self.ports,
            self.services.environment(),
            database=self.services.postgres.data,
            demo=self.demo,
        )

    def _prepare(self) -> None:
        """Migrate as the owner, then load data as the web's role, as a person at the forms would.

        Left out when the same code and data files have been loaded into this very cluster before: the
        note lies in the cluster's own folder, so it goes when the data go.
        """
        if not static_is_current():
            self.run_python("-m", "launch.prepare", "collectstatic")
        curated = ["load_record_data", "load_evidence"]
        load = [*curated, "load_demo"] if self.demo else curated
        note = self.services.postgres.data / "rechallenge.prepared"
        wanted = f"{product_digest()} {' '.join(load)}"
        if note.exists() and note.read_text() == wanted:
            return
        self.say("Preparing the database ...")
        self.run_python("-m", "launch.prepare", "migrate", role="owner")
        for line in self.run_python("-m", "launch.prepare", *load).splitlines():
            self.say(f"  {line}")
        note.write_text(wanted)
        give_to(note, self.services.postgres.user)

    def run_python(self, *arguments: str, role: str = "app") -> str:
        """Run Python in the product's environment as one database role; return what it printed.

        Raises Refusal with the end of its output when it fails.
        """
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=environment_as(role, self.env),
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if done.returncode != 0:
            end = "\n".join(f"    {line}" for line in done.stdout.strip().splitlines()[-15:])
            # A database that found no room ends, and tells its clients nothing.
            why = full_disk(done.stdout) or places.no_room(self.services.postgres.data)
            raise Refusal(f"{why}`{' '.join(arguments)}` failed:\n{end}")
        return done.stdout

    def manage(self, *arguments: str, role: str = "app") -> str:
        """Run a management command; return what it printed."""
        return self.run_python("manage.py", *arguments, role=role)

    def _processes(self) -> list[Child]:
        ports = self.ports
        celery = ["-m", "celery", "-A", "rechallenge"]
        worker = environment_as("worker", self.env)
        beat = {name: value for name, value in worker.items() if name != SEAL_KEY}
        sink = ["--smtp-port", str(ports.smtp), "--page-port", str(ports.mail_page)]
        sink += ["--folder", str(self.data_dir / "mail")]
        web = ["rechallenge.wsgi", "--bind", f"127.0.0.1:{ports.web}", "--workers", "2"]
        return [
            self._child("mail", ["-m", "launch.mailsink", *sink], ready=self._mail_answers),
            self._child(
                "web",
                ["-m", "gunicorn", *web, "--preload", "--no-control-socket"],
                ready=self._web_answers,
            ),
            self._child("worker", [*celery, "worker", "--concurrency", "2"], env=worker),
            # Imports and counts act as a user: with the web's role, each on a queue of their own.
            *(
                self._child(
                    queue,
                    [*celery, "worker", "-Q", queue, "-n", f"{queue}@%h", "--concurrency", "1"],
                )
                for queue in ("bulk", "counts")
            ),
            self._child("beat", [*celery, "beat", "--pidfile="], env=beat),
        ]

    def _child(
        self,
        name: str,
        arguments: list[str],
        *,
        env: dict[str, str] | None = None,
        ready: Callable[[], bool] = lambda: True,
    ) -> Child:
        return Child(
            name,
            [sys.executable, *arguments],
            log=self.data_dir / "log" / f"{name}.log",
            env=env or environment_as("app", self.env),
            cwd=ROOT,
            ready=ready,
        )

    def _record(self) -> None:
        # The services find their own leftovers, by their process id files.
        named = self.supervisor.children.items()
        record_children(self.data_dir, [child for name, child in named if name not in FOLLOWERS])

    def _mail_answers(self) -> bool:
        return http_get(self.ports.mail_page, "/api/mails")[0] == 200

    def _web_answers(self) -> bool:
        return http_get(self.ports.web, "/health/live")[0] == 200

    def wait_ready(self, seconds: float = 60.0) -> None:
        """Wait until every part reports that it is up; refuse, naming those that are not.

        What dies meanwhile is started again, and a wait that grows long is said.
        """
        began = told = time.monotonic()
        while True:
            status, body = http_get(self.ports.web, "/health/ready")
            if status == 200:
                return
            now = time.monotonic()
            if now > began + seconds or self.supervisor.stopping.is_set():
                raise Refusal(
                    f"Not every part came up; /health/ready says:\n{_faults(body)}\n"
                    f"Their logs are in {self.data_dir / 'log'}. Type the same command again; if it does not "
                    "help, the end of that part's log says why."
                )
            if now > told + SILENCE:
                told = now
                self.say(f"Waiting for every part to be up; so far:\n{_faults(body)}")
            self.supervisor.look()
            time.sleep(0.1)

    def watch(self) -> None:
        """Keep the children running until `stop` is called from elsewhere or too many die."""
        self.supervisor.run()

    def kill(self, name: str) -> int:
        """Kill a part as a crash would ("web", "worker", "bulk", "counts", "beat", "mail", "PostgreSQL", "Valkey").

        Returns the killed process id; the watcher starts the part again.
        """
        child = self.supervisor.children[name]
        killed = child.pid
        child.kill()
        return killed

    def stop(self) -> None:
        """End everything, in good order."""
        self.supervisor.stop()
        if self.watcher is not None:
            self.watcher.join()
        if self.lock is not None:
            (self.data_dir / "children.json").unlink(missing_ok=True)
            with contextlib.suppress(OSError):  # what a full disk did not take is tried again here
                self.lock.close()

    def __enter__(self) -> Stack:
        self.start()
        self.watcher = threading.Thread(target=self._watch_quietly, name="watcher", daemon=True)
        self.watcher.start()
        try:
            self.wait_ready()
        except BaseException:
            self.stop()
            raise
        return self

    def _watch_quietly(self) -> None:
        with contextlib.suppress(Refusal):
            self.watch()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def http_get(port: int, path: str) -> tuple[int, str]:
    """Return the status and body of a page on this machine; status 0 when nobody answers."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        line.request("GET", path)
        answer = line.getresponse()
        return answer.status, answer.read().decode(errors="replace")
    except (OSError, http.client.HTTPException):
        return 0, ""
    finally:
        line.close()


def _faults(body: str) -> str:
    """Return the faulty parts of a readiness answer, one a line."""
    try:
        parts = json.loads(body)["parts"]
    except (ValueError, KeyError, TypeError):
        return "    nothing that can be read"
    return "\n".join(f"    {name}: {p['says']}" for name, p in parts.items() if not p["ok"])
