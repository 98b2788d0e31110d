"""A browser for the tests is found, or got in one of two ways, or its want is said."""

from __future__ import annotations

import pytest

from launch import browser
from launch.refusal import Refusal

UPDATE = ["apt-get", "update"]
BOTH, ALONE = ["apt-get", "chromium", "chromium-headless-shell"], ["apt-get", "chromium"]
PACKAGES = [UPDATE, BOTH, ALONE]
PLAYWRIGHTS = [["-m", "playwright"]]


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What was run to get one, on a machine that has apt-get and no browser."""
    commands: list[list[str]] = []

    def run(command: list[str]) -> None:
        if command[0] == "apt-get":
            command = command[:1] + [
                word for word in command[1:] if word[0] != "-" and word != "install"
            ]
        commands.append(command[1:3] if "playwright" in command else command)

    monkeypatch.setattr(browser, "find", lambda: None)
    monkeypatch.setattr(browser, "_run", run)
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    return commands


def test_root_installs_the_package_else_playwrights_own_and_else_is_told_how(
    monkeypatch: pytest.MonkeyPatch, tried: list[list[str]]
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    with pytest.raises(Refusal, match="apt-get install chromium"):
        browser.ensure()
    assert tried == [*PACKAGES, *PLAYWRIGHTS]


def test_an_ordinary_user_gets_playwrights_own(
    monkeypatch: pytest.MonkeyPatch, tried: list[list[str]]
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    with pytest.raises(Refusal, match="set CHROMIUM"):
        browser.ensure()
    assert tried == PLAYWRIGHTS


@pytest.mark.parametrize(
    ("after", "wanted"),
    [(2, [UPDATE, BOTH]), (3, PACKAGES), (4, [*PACKAGES, *PLAYWRIGHTS])],
    ids=["both packages", "no shell in this release", "own"],
)
def test_what_helped_is_used_and_nothing_more_is_installed(
    monkeypatch: pytest.MonkeyPatch, tried: list[list[str]], after: int, wanted: list[list[str]]
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setattr(browser, "find", lambda: "/a/chromium" if len(tried) >= after else None)
    assert browser.ensure() == "/a/chromium"
    assert tried == wanted


def test_a_browser_that_is_there_is_used(
    monkeypatch: pytest.MonkeyPatch, tried: list[list[str]]
) -> None:
    monkeypatch.setattr(browser, "find", lambda: "/a/chromium")
    assert browser.ensure() == "/a/chromium"
    assert tried == []


def test_the_shell_is_preferred(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    assert browser.find() == "/usr/bin/chromium-headless-shell"


def test_a_named_browser_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", "/no/such/browser")
    with pytest.raises(Refusal, match="CHROMIUM is '/no/such/browser'"):
        browser.find()
