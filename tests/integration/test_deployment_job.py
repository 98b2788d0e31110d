"""The compose file's deployment job on a new database, and again on one that is in use.

Its first step is what made the tests' own database from nothing: this one begins as a copy of that.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.db import connection

from tests.conftest import MIGRATING, copy_database, migrated, superuser_url
from tests.integration.test_deployment_files import job_steps

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
ADDRESSES = ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_WORKER_URL")

pytestmark = pytest.mark.django_db


@pytest.fixture
def new() -> Iterator[str]:
    """The name of a database as the job's first step leaves it on a hospital's first start."""
    name = f"{connection.settings_dict['NAME']}_new"
    with psycopg.connect(superuser_url(), autocommit=True) as server:
        copy_database(server, migrated(server), name)
        yield name
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def run_job(name: str) -> list[str]:
    """Run the job's commands in order and return what each printed."""
    addresses = {
        a: urlunsplit(urlsplit(os.environ[a])._replace(path=f"/{name}")) for a in ADDRESSES
    }
    printed = []
    for role, arguments in job_steps():
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env={**os.environ, **addresses, "RECHALLENGE_DB_ROLE": role},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        printed.append(done.stdout)
    return printed


def test_the_tests_own_database_was_made_by_the_jobs_first_step() -> None:
    assert job_steps()[0] == ("owner", list(MIGRATING))


def test_a_first_start_has_guidance_and_protocols_and_a_second_changes_nothing(new: str) -> None:
    run_job(new)
    with psycopg.connect(superuser_url(new), autocommit=True) as server:
        states = dict(
            server.execute(
                "SELECT state, count(*) FROM evidence_statementversion GROUP BY state"
            ).fetchall()
        )
        (protocols,) = server.execute(
            "SELECT count(*) FROM followup_protocolversion WHERE state = 'published'"
        ).fetchone() or (0,)
        # A curator's retirement and correction of what no published version rests on.
        server.execute("SET session_replication_role = replica")
        server.execute(
            "UPDATE evidence_finding SET note = 'Corrected here.' WHERE id = (SELECT f.id FROM evidence_finding f"
            " WHERE NOT EXISTS (SELECT 1 FROM evidence_versionfinding l JOIN evidence_statementversion v"
            " ON v.id = l.version_id WHERE l.finding_id = f.id AND v.state <> 'draft') ORDER BY id LIMIT 1)"
        )
        server.execute("SET session_replication_role = origin")
        assert states["published"] > 30
        assert states["draft"] > 0, "what was not read in its source is delivered as a draft"
        assert protocols > 3
        _migrated, _record, evidence, loaded = run_job(new)
        assert ": 0 changed, " in evidence
        assert loaded.startswith("0 published, ")
        assert server.execute(
            "SELECT count(*) FROM evidence_finding WHERE note = 'Corrected here.'"
        ).fetchone() == (1,)
