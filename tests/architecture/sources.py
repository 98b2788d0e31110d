"""The project's own source files, for rules that read them."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
APPLICATIONS = ("ui", "audit", "accounts", "evidence", "cases", "followup", "meetings")
PACKAGES = (*APPLICATIONS, "rechallenge", "launch", "demo", "bench")


def python_files(*packages: str) -> list[Path]:
    """Return the modules of the packages, migrations left out."""
    found = [p for name in packages or PACKAGES for p in (ROOT / name).rglob("*.py")]
    return sorted(p for p in found if "migrations" not in p.parts)


def text_files() -> list[Path]:
    """Return every text file that is part of the project."""
    suffixes = {
        ".py",
        ".html",
        ".md",
        ".toml",
        ".yml",
        ".yaml",
        ".json",
        ".scss",
        ".js",
        ".typ",
        ".sql",
        ".cff",
    }
    skipped = {".venv", "node_modules", "var", "build", "collected", ".git"}
    return sorted(
        p
        for p in ROOT.rglob("*")
        if p.suffix in suffixes and not skipped & set(p.relative_to(ROOT).parts) and p.is_file()
    )


@cache
def tree(path: Path) -> ast.Module:
    """Return the parsed module."""
    return ast.parse(path.read_text())


def name(path: Path) -> str:
    """Return the path as the project knows it."""
    return str(path.relative_to(ROOT))
