"""Where the embedded services live: folders, the unprivileged user, ports, free space.

Sockets go to a short folder below /tmp, since a socket's path is limited to about 100 bytes. As root,
PostgreSQL runs as a system user of its own, who must be able to reach its programs and data.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import socket
import stat
import subprocess
from collections.abc import Collection
from pathlib import Path

from launch.refusal import FULL, Refusal

LEAST_FREE = 500 * 1024 * 1024
NO_ROOM = 32 * 1024 * 1024  # two of the pieces that PostgreSQL writes its log in
SYSTEM_USER = "embedded_postgres"


def short_hash(path: Path) -> str:
    """Return eight letters that stand for this folder and this user."""
    return hashlib.sha256(f"{path.resolve()}:{os.geteuid()}".encode()).hexdigest()[:8]


def require_free_space(folder: Path, least: int = LEAST_FREE) -> None:
    """Refuse when the disk of `folder` has less than `least` bytes free."""
    existing = next(p for p in (folder, *folder.parents) if p.exists())
    free = shutil.disk_usage(existing).free
    if free < least:
        raise Refusal(
            f"The disk of {existing} has {free // 2**20} MB free, and {least // 2**20} MB are needed: "
            "free some space and start again."
        )


def no_room(folder: Path) -> str:
    """Return the sentence about a full disk, ending its line, where the disk of `folder` is full."""
    return f"{FULL}\n" if shutil.disk_usage(folder).free < NO_ROOM else ""


def port_is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Say whether a server could listen on this port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def require_free_port(port: int) -> None:
    """Refuse when something else listens on `port`, or it is none."""
    if not 1024 <= port <= 65535:
        raise Refusal(
            f"PORT is {port}: choose one from 1024 to 65535, such as PORT=8123 make demo."
        )
    if not port_is_free(port):
        raise Refusal(
            f"Port {port} is in use by another program: stop that program, or choose another port, "
            f"such as PORT={port + 1 if port < 65535 else 8123} make demo."
        )


def free_port(low: int = 18000, high: int = 28000, avoid: Collection[int] = ()) -> int:
    """Return a port nobody listens on; spread by process, so that parallel runs rarely meet."""
    span = high - low
    start = os.getpid() * 7919 % span
    for step in range(span):
        port = low + (start + step * 13) % span
        if port not in avoid and port_is_free(port):
            return port
    raise Refusal(f"No port from {low} to {high} is free: end some programs and start again.")


def service_user() -> str | None:
    """Return the user PostgreSQL runs as: None for our own, a system user when we are root."""
    if os.geteuid() != 0:
        return None
    for name in (SYSTEM_USER, None):
        if name is None:
            useradd = shutil.which("useradd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
            command = [
                useradd,
                "--system",
                "--no-create-home",
                "--shell",
                "/bin/false",
                SYSTEM_USER,
            ]
            if useradd:
                subprocess.run([str(part) for part in command], capture_output=True, check=False)
        try:
            pwd.getpwnam(SYSTEM_USER)
        except KeyError:
            continue
        return SYSTEM_USER
    return "nobody"


def reachable(path: Path, user: str | None) -> bool:
    """Say whether `user` may enter or run `path`."""
    if user is None:
        return os.access(path, os.X_OK)
    account = pwd.getpwnam(user)
    probe = subprocess.run(
        ["test", "-x", str(path)],
        user=account.pw_uid,
        group=account.pw_gid,
        extra_groups=[],
        cwd="/",
        check=False,
        capture_output=True,
    )
    return probe.returncode == 0


def give_to(path: Path, user: str | None) -> None:
    """Make `user` the owner of one file or folder; nothing to do when we are that user."""
    if user is not None:
        account = pwd.getpwnam(user)
        os.chown(path, account.pw_uid, account.pw_gid)


def private_folder(path: Path, user: str | None, mode: int = 0o700) -> Path:
    """Make `path` a folder of `user` alone; refuse one that somebody else has put there."""
    try:
        path.mkdir(mode=mode)
    except FileExistsError:
        found = path.lstat()
        own = {os.geteuid()} | ({pwd.getpwnam(user).pw_uid} if user else set())
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in own:
            raise Refusal(
                f"{path} belongs to somebody else: remove it, or ask its owner to, and start again."
            ) from None
    path.chmod(mode)
    give_to(path, user)
    return path


def runtime_folder(data_dir: Path, user: str | None) -> Path:
    """Return the short private folder for the sockets of the services of `data_dir`."""
    return private_folder(Path("/tmp") / f"rc-{short_hash(data_dir)}", user)  # noqa: S108


def service_folder(data_dir: Path, user: str | None) -> Path:
    """Return a folder for PostgreSQL that `user` can reach: `data_dir`, or one below /var/tmp.

    A checkout below a closed home (root's, say) cannot be entered by the system user, and opening
    that home would be wrong: the data then lie outside.
    """
    if reachable(data_dir, user):
        return data_dir
    outside = Path("/var/tmp") / f"rechallenge-{short_hash(data_dir)}"  # noqa: S108
    return private_folder(outside, None, mode=0o711)
