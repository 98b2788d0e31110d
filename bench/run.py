"""Runs every benchmark on a database of its own, prints a table and writes var/bench.json."""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
from time import perf_counter

from bench import database
from bench.figures import Figure

PARTS = ("cases", "evidence", "meetings", "followup")
RESULT = database.ROOT / "var" / "bench.json"


def measure(quick: bool) -> list[Figure]:
    """Return the figures of every part that has a benchmark: a module with `measure(quick)`."""
    found: list[Figure] = []
    for part in PARTS:
        if importlib.util.find_spec(f"bench.{part}") is None:
            continue
        began = perf_counter()
        figures = importlib.import_module(f"bench.{part}").measure(quick)
        print(f"{part}: {perf_counter() - began:.0f} s")
        for figure in figures:
            if not figure.name.startswith(f"{part}."):
                raise ValueError(f"{figure.name} does not begin with its part, {part}")
        found += figures
    return found


def table(figures: list[Figure]) -> str:
    """Return the figures as lines of text."""
    lines = [f"{'figure':<38}{'value':>12}  {'unit':<12}{'bar':>12}  holds"]
    for figure in figures:
        bar = f"{'>=' if figure.least else '<='} {figure.bar:g}"
        holds = "yes" if figure.holds else "NO"
        lines.append(f"{figure.name:<38}{figure.value:>12.2f}  {figure.unit:<12}{bar:>12}  {holds}")
    return "\n".join(lines)


def main() -> int:
    """Measure, print and write; a bar that does not hold is shown, not an error."""
    quick = os.environ.get("QUICK", "") not in {"", "0"}
    began = perf_counter()
    database.prepare()
    import django

    django.setup()
    print(f"database: {perf_counter() - began:.0f} s")
    figures = measure(quick)
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps([figure.as_row() for figure in figures], indent=1) + "\n")
    print(table(figures))
    print(f"{perf_counter() - began:.0f} s in all; written to {RESULT.relative_to(database.ROOT)}")
    return 0
