"""PostgreSQL and Valkey together, and the environment variables under which the product finds them."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from launch import places
from launch.child import Child
from launch.postgres import Postgres
from launch.refusal import Refusal
from launch.valkey import Valkey

# Which variable holds the address for a process of which database role.
ADDRESS_OF = {
    "app": "DATABASE_URL",
    "owner": "DATABASE_OWNER_URL",
    "worker": "DATABASE_WORKER_URL",
}
SUPERUSER = "DATABASE_SUPERUSER_URL"
DATABASE = (*ADDRESS_OF.values(), SUPERUSER)
BROKER = "REDIS_URL"
# The worker alone seals the trail.
SEAL_KEY = "RECHALLENGE_SEAL_KEY"
BOTH = ("PostgreSQL", "Valkey")


def to_embed() -> tuple[str, ...]:
    """Return the services that tests and the benchmark start: those for which no variable names another.

    Refuses part of a database's addresses: the rest would be those of another database.
    """
    given = [name for name in DATABASE if os.environ.get(name)]
    if given and len(given) < len(DATABASE):
        missing = [name for name in DATABASE if name not in given]
        raise Refusal(
            f"{_listed(missing)} must be set too, beside {_listed(given)}: a PostgreSQL of your own is named by "
            "its addresses for the web's, the owner's and the workers' role and for a superuser, who makes the "
            "databases. Or unset all four, and an embedded one is started."
        )
    named = (bool(given), bool(os.environ.get(BROKER)))
    return tuple(part for part, by_us in zip(BOTH, named, strict=True) if not by_us)


def _listed(names: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def environment_as(role: str, env: dict[str, str]) -> dict[str, str]:
    """Return the variables of a process of one database role: `env` without the others' addresses and key."""
    others = {name for of, name in ADDRESS_OF.items() if of != role}
    if role != "worker":
        others.add(SEAL_KEY)
    return {k: v for k, v in env.items() if k not in others} | {"RECHALLENGE_DB_ROLE": role}


class Services:
    """The embedded services of one data folder, both unless `parts` names one.

    `durable=False` is for tests: fast, nothing kept, and the owner's role may create databases.
    """

    postgres: Postgres
    valkey: Valkey

    def __init__(
        self, data_dir: Path, *, durable: bool = True, parts: tuple[str, ...] = BOTH
    ) -> None:
        data_dir.mkdir(parents=True, exist_ok=True)
        places.require_free_space(data_dir)
        self.data_dir = data_dir
        self.served: list[Postgres | Valkey] = []
        if "PostgreSQL" in parts:
            self.postgres = Postgres(data_dir, durable=durable)
            self.served.append(self.postgres)
        if "Valkey" in parts:
            self.valkey = Valkey(data_dir, durable=durable)
            self.served.append(self.valkey)
        self.children: list[Child] = []

    def start(self) -> list[str]:
        """Start them and make the roles; return what the reader should know. Refuses in words."""
        told = [line for service in self.served for line in service.prepare()]
        self.children = [service.child() for service in self.served]
        try:
            for child in self.children:
                child.start()
            for service, child in zip(self.served, self.children, strict=True):
                _wait(service, child)
            if hasattr(self, "postgres"):
                self.postgres.make_roles(may_create_databases=not self.postgres.durable)
        except BaseException:
            self.stop()
            raise
        return told

    def stop(self) -> None:
        """End them, PostgreSQL last."""
        for child in reversed(self.children):
            child.stop()

    def environment(self) -> dict[str, str]:
        """Return their addresses as the product's variables."""
        found = {}
        if hasattr(self, "postgres"):
            for role, name in ADDRESS_OF.items():
                found[name] = self.postgres.url(f"rechallenge_{role}")
        if hasattr(self, "valkey"):
            found[BROKER] = self.valkey.url
        return found

    def for_tests(self) -> dict[str, str]:
        """Return what tests are told besides: the superuser's address of the embedded PostgreSQL."""
        found = self.environment()
        if hasattr(self, "postgres"):
            found[SUPERUSER] = self.postgres.url("postgres", "postgres")
        return found

    def remove(self) -> None:
        """Remove the data of stopped services, wherever they lie, for tests; the logs stay."""
        folders = [path for service in self.served for path in (service.data, service.runtime)]
        if hasattr(self, "postgres") and self.postgres.home != self.data_dir:
            folders.append(self.postgres.home)
        for path in folders:
            shutil.rmtree(path, ignore_errors=True)


def _wait(service: Postgres | Valkey, child: Child) -> None:
    """Wait until a service answers; refuse, with its log and the way out, when it does not."""
    try:
        child.wait_ready()
    except Refusal as refusal:
        raise Refusal(
            f"{refusal}\nIf its data are damaged: put a copy of {service.data} back, or move that folder away "
            "to start empty, and type the same command again."
        ) from None
