"""Image, compose file, examples and README agree with the settings. No engine runs here: they are read."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.db import connection

from cases import pdf_apart
from evidence.curation import count_jobs
from launch.postgres import MEMORY, PLANNER, UNLOGGED
from rechallenge import probe
from rechallenge.env import VARIABLES, Variable
from rechallenge.worker import SIGNS

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
PRODUCT = ("migrate", "web", "worker", "bulk", "counts", "beat")
NAMES = {variable.name for variable in VARIABLES}
REQUIRED = {variable.name for variable in VARIABLES if variable.required}
OF_OTHERS = {"WEB_CONCURRENCY"}  # gunicorn's own
ONLY_DEMONSTRATIONS = {"RECHALLENGE_DEMO", "RECHALLENGE_DEBUG", "MAILBOX_URL"}
# Which services compose gives each secret; one more is one more way to it.
HOLDERS = {
    "POSTGRES_PASSWORD": {"database"},
    "RECHALLENGE_OWNER_PASSWORD": {"database", "migrate"},
    "RECHALLENGE_APP_PASSWORD": {"database", "migrate", "web", "bulk", "counts"},
    "RECHALLENGE_WORKER_PASSWORD": {"database", "worker", "beat"},
    "RECHALLENGE_SECRET_KEY": set(PRODUCT),
    "RECHALLENGE_SEAL_KEY": {"worker"},
    "SMTP_URL": set(PRODUCT),
}
ROLE_OF = {
    "migrate": "owner", "web": "app", "worker": "worker", "bulk": "app", "counts": "app", "beat": "worker"
}  # fmt: skip


def instructions(word: str) -> list[str]:
    """Return the arguments of each such instruction, continued lines joined."""
    joined = DOCKERFILE.replace("\\\n", " ")
    return [
        line.split(" ", 1)[1].strip() for line in joined.splitlines() if line.startswith(f"{word} ")
    ]


def placeholders(text: str) -> dict[str, str]:
    """Return the names a compose file takes from its environment, with `:-default` or `:?sentence`."""
    return dict(re.findall(r"\$\{([A-Z_]+)(:[-?][^}]*)?\}", text))


def job_steps() -> list[tuple[str, list[str]]]:
    """Return the management commands of the deployment job, each with the role that it runs as."""
    shell, flag, line = SERVICES["migrate"]["command"]
    assert (shell, flag) == ("sh", "-c")
    steps = []
    for step in line.split(" && "):
        words = shlex.split(step)
        role = words.pop(0).removeprefix("RECHALLENGE_DB_ROLE=") if "=" in words[0] else "owner"
        assert words[:2] == ["python", "manage.py"]
        steps.append((role, words[2:]))
    return steps


def test_every_process_of_the_product_is_there() -> None:
    assert set(SERVICES) == {"database", "broker", *PRODUCT}
    assert SERVICES["database"]["image"] == "postgres:18"
    assert SERVICES["broker"]["image"].startswith("valkey/valkey:")
    assert len({SERVICES[name]["image"] for name in PRODUCT}) == 1, "one image, several commands"


@pytest.mark.parametrize("name", PRODUCT)
def test_a_process_is_given_known_variables_and_every_required_one(name: str) -> None:
    given = set(SERVICES[name]["environment"])
    assert given <= NAMES | OF_OTHERS
    assert given >= REQUIRED | {v.name for v in VARIABLES if v.role == ROLE_OF[name]}
    assert SERVICES[name]["environment"]["RECHALLENGE_DB_ROLE"] == ROLE_OF[name]


def test_each_secret_is_given_to_exactly_those_who_need_it() -> None:
    taken = {name: placeholders(json.dumps(service)) for name, service in SERVICES.items()}
    secret = {
        name
        for given in taken.values()
        for name in given
        if name.endswith(("_PASSWORD", "_KEY")) or name == "SMTP_URL"
    }
    assert {
        name: {service for service, given in taken.items() if name in given} for name in secret
    } == HOLDERS
    # Nor does another way lead there: no file of variables, no secrets of the engine.
    assert not [n for n, service in SERVICES.items() if {"env_file", "secrets"} & service.keys()]


def test_what_one_process_needs_is_given_to_it_and_to_no_other() -> None:
    of_one = [variable for variable in VARIABLES if variable.by]
    assert of_one
    for variable in of_one:
        given = {name for name in PRODUCT if variable.name in SERVICES[name]["environment"]}
        assert given == {variable.by}, variable.name


def test_a_process_that_stays_can_act_as_its_own_role_alone() -> None:
    for name in ("web", "worker", "bulk", "counts", "beat"):
        environment = SERVICES[name]["environment"]
        addresses = {v.name for v in VARIABLES if v.role} & environment.keys()
        assert addresses == {v.name for v in VARIABLES if v.role == ROLE_OF[name]}, name
        told = json.dumps(environment)
        for role in {"app", "worker", "owner"} - {ROLE_OF[name]}:
            assert f"rechallenge_{role}" not in told, name
            assert f"RECHALLENGE_{role.upper()}_PASSWORD" not in told, name


def test_only_the_migration_job_can_act_as_the_owner() -> None:
    for name in PRODUCT:
        has = "rechallenge_owner" in json.dumps(SERVICES[name]["environment"])
        assert has == (name == "migrate"), name


def test_every_variable_can_be_set_or_is_of_demonstrations_only() -> None:
    given = {key for name in PRODUCT for key in SERVICES[name]["environment"]}
    assert NAMES - given == ONLY_DEMONSTRATIONS


def test_what_is_required_has_no_default_and_refuses_in_words() -> None:
    taken = placeholders((ROOT / "docker-compose.yml").read_text())
    secret = {name for name in taken if name.endswith(("_PASSWORD", "_KEY"))}
    for name in (REQUIRED & taken.keys()) | secret:
        assert taken[name].startswith(":?"), f"{name} must be given"
        assert len(taken[name]) > 15, f"{name}: say what is wanted"


def test_the_example_names_exactly_what_the_compose_file_takes() -> None:
    example = (ROOT / "deploy" / ".env.example").read_text()
    lines = dict(re.findall(r"^([A-Z_]+)=(.*)$", example, re.MULTILINE))
    taken = placeholders((ROOT / "docker-compose.yml").read_text())
    assert lines.keys() == taken.keys()
    for name, rest in taken.items():
        wanted = "" if rest.startswith(":?") else rest.removeprefix(":-")
        assert lines[name] == wanted, f"{name}: no value that somebody could leave as it is"


def test_the_order_of_the_start() -> None:
    for name in ("web", "worker", "bulk", "counts", "beat"):
        conditions = {
            key: value["condition"] for key, value in SERVICES[name]["depends_on"].items()
        }
        assert conditions == {
            "migrate": "service_completed_successfully",
            "database": "service_healthy",
            "broker": "service_healthy",
        }
    assert SERVICES["migrate"]["depends_on"] == {"database": {"condition": "service_healthy"}}
    assert SERVICES["migrate"]["restart"] == "no"


def test_commands_are_those_of_the_project() -> None:
    steps = job_steps()
    assert steps[0] == ("owner", ["migrate", "--noinput"])
    loads = ("load_record_data", "load_evidence", "load_protocols")
    assert steps[1:] == [("app", [name]) for name in loads]
    for name in ("worker", "beat"):
        assert SERVICES[name]["command"][:4] == ["celery", "-A", "rechallenge", name]
    for queue in ("bulk", "counts"):
        assert SERVICES[queue]["command"][3:6] == ["worker", "-Q", queue]
    assert settings.CELERY_TASK_ROUTES == {
        "cases.tasks.run_bulk": {"queue": "bulk"},
        "cases.tasks.rewrite_facts": {"queue": "bulk"},
        "evidence.tasks.count_reach": {"queue": "counts"},
    }
    assert count_jobs.QUEUE == "counts"
    assert {route["queue"] for route in settings.CELERY_TASK_ROUTES.values()} == set(SIGNS)
    assert "command" not in SERVICES["web"], "the image's own"
    serve = json.loads(instructions("CMD")[-1])
    assert serve[0] == "gunicorn"
    assert settings.WSGI_APPLICATION.rsplit(".", 1)[0] == serve[1]


def test_ports_agree() -> None:
    exposed = instructions("EXPOSE")[-1]
    serve = json.loads(instructions("CMD")[-1])
    assert serve[serve.index("--bind") + 1] == f"0.0.0.0:{exposed}"
    assert SERVICES["web"]["ports"] == [f"${{RECHALLENGE_PUBLISH:-127.0.0.1:8000}}:{exposed}"]
    assert probe.main.__defaults__ == (int(exposed),)
    environment = SERVICES["web"]["environment"]
    assert environment["DATABASE_URL"].endswith("@database:5432/rechallenge")
    assert environment["REDIS_URL"] == "redis://broker:6379/0"


def test_a_request_has_an_end_and_what_it_waits_for_ends_before() -> None:
    serve = json.loads(instructions("CMD")[-1])
    seconds = int(serve[serve.index("--timeout") + 1])
    assert seconds > pdf_apart.PATIENCE
    assert "--max-requests-jitter" in serve, "not all processes are replaced at the same time"
    roles = (ROOT / "deploy" / "roles.sql").read_text()
    for role in ("app", "worker"):
        assert f"ALTER ROLE rechallenge_{role} SET client_connection_check_interval" in roles


@pytest.mark.django_db
def test_tables_behind_the_wall_are_not_merged_to_their_ends() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW enable_mergejoin")
        assert cursor.fetchone() == ("off",)


def test_health_is_asked_of_everything_that_stays() -> None:
    health = instructions("HEALTHCHECK")[-1]
    assert shlex.split(health.split("CMD ")[1].strip("[]").replace(",", ""))[1:] == [
        "rechallenge/probe.py",
        "live",
    ]
    assert (ROOT / "rechallenge" / "probe.py").exists()
    for name in ("database", "broker", "worker", "bulk", "beat"):
        assert "test" in SERVICES[name]["healthcheck"], name
    for name in ("bulk", "beat"):
        assert SERVICES[name]["healthcheck"]["test"][-2:] == ["--only", name]


def test_what_must_be_kept_lies_on_volumes() -> None:
    assert "database:/var/lib/postgresql" in SERVICES["database"]["volumes"]
    assert SERVICES["broker"]["volumes"] == ["broker:/data"]
    assert SERVICES["broker"]["command"][1:3] == ["--appendonly", "yes"]
    folder = SERVICES["web"]["environment"]["RECHALLENGE_FILES_DIR"]
    assert SERVICES["web"]["volumes"] == [f"files:{folder}"]
    for name in set(PRODUCT) - {"web"}:
        assert "volumes" not in SERVICES[name], f"{name} has no use for uploaded reports"
        assert "RECHALLENGE_FILES_DIR" not in SERVICES[name]["environment"]
    assert set(COMPOSE["volumes"]) == {"database", "broker", "files"}


def test_the_roles_are_made_by_the_file_that_the_launcher_uses() -> None:
    mounted = next(v for v in SERVICES["database"]["volumes"] if v.startswith("./"))
    source, target, mode = mounted.split(":")
    assert (ROOT / source).read_text().count("NOSUPERUSER NOBYPASSRLS") == 3
    assert target.startswith("/docker-entrypoint-initdb.d/")
    assert mode == "ro"
    wanted = set(re.findall(r"\\getenv \w+ (\w+)", (ROOT / source).read_text()))
    assert wanted <= set(SERVICES["database"]["environment"])


def test_the_server_is_set_as_the_launchers_is_and_keeps_rows_out_of_its_log() -> None:
    program, *settings_of_server = SERVICES["database"]["command"]
    assert program == "postgres"
    assert settings_of_server == [f"-c{setting}" for setting in (*UNLOGGED, *PLANNER, *MEMORY)]


def test_the_image_runs_as_nobody_of_importance_and_is_built_in_stages() -> None:
    assert len(instructions("FROM")) == 3
    last = DOCKERFILE[DOCKERFILE.rindex("\nFROM ") :]
    assert re.search(r"^USER 10001$", last, re.MULTILINE)
    assert last.index("USER 10001") < last.index("\nCMD ")
    assert "npm" not in last
    assert "pip install" not in last
    assert "--require-hashes" in DOCKERFILE
    for name in PRODUCT:
        assert SERVICES[name]["read_only"] is True
        assert SERVICES[name]["cap_drop"] == ["ALL"]


def test_the_image_contains_every_application_and_no_tests_or_demonstration() -> None:
    copied = {line.split()[0] for line in instructions("COPY") if not line.startswith("--from")}
    own = {
        app.split(".")[0] for app in settings.INSTALLED_APPS if (ROOT / app.split(".")[0]).is_dir()
    }
    assert own <= copied
    assert {"templates", "manage.py", "requirements.lock"} <= copied
    assert not copied & {"tests", "bench", "launch", "demo", "."}
    let_through = set(re.findall(r"^!(\S+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE))
    assert copied <= let_through


def needed(variable: Variable) -> str:
    """Return the README's words for who must be given a variable."""
    if variable.required:
        return "yes"
    return f"as {variable.role}" * bool(variable.role) or f"by {variable.by}" * bool(variable.by)


def test_the_readmes_table_is_the_settings() -> None:
    readme = (ROOT / "README.md").read_text()
    table = readme.split("<!-- configuration:begin -->")[1].split("<!-- configuration:end -->")[0]
    rows = [
        [cell.strip() for cell in row.strip("|").split("|")]
        for row in table.strip().splitlines()[2:]
    ]
    found = {row[0].strip("`"): tuple(row[1:]) for row in rows}
    assert len(found) == len(rows), "each once"
    taken = placeholders((ROOT / "docker-compose.yml").read_text())
    for name in taken.keys() - NAMES:
        purpose, required, default = found.pop(name, ("", "", ""))
        assert len(purpose) > 20, f"{name} is not in the table"
        rest = taken[name]
        assert required == ("in compose" if rest.startswith(":?") else ""), name
        assert default == (f"`{rest.removeprefix(':-')}`" if rest.startswith(":-") else ""), name
    assert found == {
        v.name: (
            v.purpose,
            needed(v),
            f"`{v.default}`" if v.default else "",
        )
        for v in VARIABLES
    }


def test_forge_and_hooks_call_the_commands_that_exist() -> None:
    targets = set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text())
    runs = [
        step["run"] for job in workflow["jobs"].values() for step in job["steps"] if "run" in step
    ]
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())
    entries = [hook["entry"] for repo in hooks["repos"] for hook in repo["hooks"]]
    assert [repo["repo"] for repo in hooks["repos"]] == ["local"]
    for line in (*runs, *entries):
        assert line.split()[0] == "make"
        assert line.split()[1] in targets
    assert {"make test COUNT=1", "make check"} <= {*runs}
    assert {"make test", "make check"} == {*entries}, "the hooks call what the forge calls"
    assert hooks["default_install_hook_types"] == ["pre-commit", "pre-push"]
    assert {"demo", "test", "check", "e2e", "bench", "faults", "security", "fix", "help"} <= targets


def test_the_forge_runs_the_small_benchmark_within_its_minute() -> None:
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text())
    *_before, first, bench = workflow["jobs"]["bench"]["steps"]
    # What is installed, built and migrated once is not measured.
    assert first == {"run": "make bench", "env": {"QUICK": "1"}}
    assert bench == {"run": "make bench", "timeout-minutes": 1, "env": {"QUICK": "1"}}


def test_lock_files_name_no_place_to_fetch_from() -> None:
    for path in (*ROOT.glob("requirements*.lock"), ROOT / "package-lock.json"):
        text = path.read_text()
        assert not re.search(r"--index-url|--find-links|--extra-index|\"resolved\":", text), (
            path.name
        )
        if path.suffix == ".lock":
            assert "http" not in text.replace("httpcore", "").replace("httpx", "")


def test_a_spreadsheet_cannot_take_the_memory_of_the_machine() -> None:
    assert "mem_limit" in SERVICES["bulk"]
    most = re.fullmatch(r"(\d+)m", SERVICES["bulk"]["mem_limit"])
    assert most is not None
    assert int(most[1]) * 1024 > settings.CELERY_WORKER_MAX_MEMORY_PER_CHILD
