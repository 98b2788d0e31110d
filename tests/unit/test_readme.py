"""What the README and CONTRIBUTING name is there: commands, roles, pictures, pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.management import get_commands

from accounts.permissions import Role

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()
MAKEFILE = (ROOT / "Makefile").read_text()


@pytest.mark.parametrize(
    "name", ["README.md", "CONTRIBUTING.md", "locale/README.md", "SECURITY.md"]
)
def test_every_command_that_is_named_can_be_typed(name: str) -> None:
    text = (ROOT / name).read_text()
    targets = set(re.findall(r"^([a-z0-9-]+):", MAKEFILE, re.MULTILINE))
    typed = set(re.findall(r"(?:`|^|\$ |\d )make ([a-z0-9-]+)", text, re.MULTILINE))
    commands = set(re.findall(r"`manage\.py ([a-z_]+)", text))
    assert typed <= targets
    assert commands <= get_commands().keys()
    if name == "README.md":
        assert {"demo", "test", "help"} <= typed
        assert {"doctor", "send_due_reminders"} <= commands


def test_the_table_of_roles_has_every_role_and_no_other() -> None:
    table = README.split("## Who uses it")[1].split("\n##")[0]
    rows = re.findall(r"^\| ([^|]+?) \|", table, re.MULTILINE)
    assert rows[0] == "role"
    assert rows[1:] == [str(role.label).lower() for role in Role]


def test_every_picture_is_there_and_made_by_a_browser_test() -> None:
    made: set[str] = set()
    for path in (ROOT / "tests" / "e2e").glob("test_*.py"):
        made |= set(re.findall(r"\.picture\(\"([a-z0-9-]+)\"", path.read_text()))
    shown = re.findall(r"!\[[^\]]+\]\(docs/images/([a-z0-9-]+)\.png\)", README)
    assert README.count("![") == len(shown) >= 7
    for name in shown:
        assert (ROOT / "docs" / "images" / f"{name}.png").is_file()
    assert set(shown) <= made


def test_every_link_into_the_repository_leads_somewhere() -> None:
    for name in ("README.md", "CONTRIBUTING.md"):
        for target in re.findall(r"\]\(([^)#:]+)\)", (ROOT / name).read_text()):
            assert (ROOT / target).exists(), (name, target)
