"""PostgreSQL and Valkey together, and the environment variables under which the product finds them."""

from __future__ import annotations

from pathlib import Path

from launch import places
from launch.child import Child
from launch.postgres import Postgres
from launch.valkey import Valkey

# Which variable holds the address for a process of which database role.
ADDRESS_OF = {
    "app": "DATABASE_URL",
    "owner": "DATABASE_OWNER_URL",
    "worker": "DATABASE_WORKER_URL",
}


def environment_as(role: str, env: dict[str, str]) -> dict[str, str]:
    """Return the variables of a process of one database role: `env` without the others' addresses."""
    others = {name for of, name in ADDRESS_OF.items() if of != role}
    return {k: v for k, v in env.items() if k not in others} | {"RECHALLENGE_DB_ROLE": role}


class Services:
    """Both embedded services of one data folder.

    `durable=False` is for tests: fast, nothing kept, and the owner's role may create databases.
    """

    def __init__(self, data_dir: Path, *, durable: bool = True) -> None:
        data_dir.mkdir(parents=True, exist_ok=True)
        places.require_free_space(data_dir)
        self.postgres = Postgres(data_dir, durable=durable)
        self.valkey = Valkey(data_dir, durable=durable)
        self.children: list[Child] = []

    def start(self) -> list[str]:
        """Start both and make the roles; return what the reader should know. Refuses in words."""
        told = self.postgres.prepare()
        self.valkey.prepare()
        self.children = [self.postgres.child(), self.valkey.child()]
        try:
            for child in self.children:
                child.start()
            for child in self.children:
                child.wait_ready()
            self.postgres.make_roles(may_create_databases=not self.postgres.durable)
        except BaseException:
            self.stop()
            raise
        return told

    def stop(self) -> None:
        """End both, PostgreSQL last."""
        for child in reversed(self.children):
            child.stop()

    def environment(self) -> dict[str, str]:
        """Return the addresses of both as the product's variables."""
        return {
            "DATABASE_URL": self.postgres.url("rechallenge_app"),
            "DATABASE_OWNER_URL": self.postgres.url("rechallenge_owner"),
            "DATABASE_WORKER_URL": self.postgres.url("rechallenge_worker"),
            "REDIS_URL": self.valkey.url,
        }
