"""The benchmark keeps to a database of its own, and a part that it cannot measure is an error in words."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.db import connection

from bench import database, run
from bench.figures import Figure, NotMeasured
from tests.conftest import superuser_url

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]


def bench(name: str) -> subprocess.CompletedProcess[str]:
    """Start the benchmark on the database `name`, the product's being that of the tests."""
    product = connection.settings_dict["NAME"]
    addresses = {
        variable: urlunsplit(urlsplit(os.environ[variable])._replace(path=f"/{product}"))
        for variable in database.VARIABLES
    }
    return subprocess.run(
        [sys.executable, "-m", "bench"],
        cwd=ROOT,
        env={**os.environ, **addresses, "RECHALLENGE_BENCH_DATABASE": name, "QUICK": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.fixture
def foreign() -> Iterator[str]:
    """A database of somebody else's, with something in it."""
    name = f"{connection.settings_dict['NAME']}_foreign"
    with psycopg.connect(superuser_url(), autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
        yield name
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.mark.django_db
def test_the_products_own_database_is_refused_and_kept() -> None:
    name = connection.settings_dict["NAME"]
    done = bench(name)
    assert done.returncode == 1
    assert f"{name} is the database that DATABASE_URL names" in done.stderr
    with psycopg.connect(superuser_url(name)) as server:
        (there,) = server.execute("SELECT count(*) FROM django_migrations").fetchone() or (0,)
    assert there > 20


@pytest.mark.django_db
def test_a_database_that_it_did_not_make_is_refused_and_kept(foreign: str) -> None:
    with psycopg.connect(superuser_url(foreign), autocommit=True) as server:
        server.execute("CREATE TABLE kept AS SELECT 1 AS one")
    done = bench(foreign)
    assert done.returncode == 1
    assert "the benchmark did not make" in done.stderr
    assert "Traceback" not in done.stderr
    with psycopg.connect(superuser_url(foreign)) as server:
        assert server.execute("SELECT one FROM kept").fetchone() == (1,)


def test_what_is_measured_has_the_names_and_the_form_that_others_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def part(name: str) -> Any:
        figure = Figure(f"{name.removeprefix('bench.')}.page", 3.14159, "x bare page", 4.0)
        return SimpleNamespace(measure=lambda site, quick: [figure])

    monkeypatch.setattr(importlib, "import_module", part)
    figures = run.measure(SimpleNamespace(), quick=True)  # type: ignore[arg-type]
    assert [figure.name for figure in figures] == [f"{name}.page" for name in run.PARTS]
    assert json.loads(json.dumps(figures[0].as_row())) == {
        "name": "cases.page",
        "value": 3.142,
        "unit": "x bare page",
        "bar": 4.0,
        "holds": True,
    }
    assert not Figure("cases.rate", 3, "a second", 4, least=True).holds


@pytest.mark.parametrize(
    ("figures", "sentence"),
    [
        ([], "evidence could not be measured: it has no figures"),
        ([Figure("cases.page", 1, "ms", 2)], "does not begin with its part, evidence"),
        (None, "evidence could not be measured: the page is away"),
    ],
)
def test_a_part_that_cannot_be_measured_fails_in_words(
    monkeypatch: pytest.MonkeyPatch, figures: list[Figure] | None, sentence: str
) -> None:
    def part(name: str) -> Any:
        def measure(site: object, quick: bool) -> list[Figure]:
            if figures is None:
                raise RuntimeError("the page is away")
            return figures

        return SimpleNamespace(measure=measure)

    monkeypatch.setattr(importlib, "import_module", part)
    monkeypatch.setattr(run, "PARTS", ("evidence",))
    with pytest.raises(NotMeasured, match=sentence):
        run.measure(SimpleNamespace(), quick=True)  # type: ignore[arg-type]


def test_every_part_is_there() -> None:
    assert run.PARTS == ("cases", "evidence", "meetings", "followup")
    for part in run.PARTS:
        assert callable(importlib.import_module(f"bench.{part}").measure)


def test_a_run_that_fails_leaves_no_figures_of_an_earlier_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse() -> None:
        raise NotMeasured("no database.")

    result = tmp_path / "bench.json"
    result.write_text("[]")
    monkeypatch.setattr(run, "RESULT", result)
    monkeypatch.setattr(database, "prepare", refuse)
    assert run.main() == 1
    assert not result.exists()
    assert capsys.readouterr().err == "Not measured: no database.\n"
