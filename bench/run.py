"""Runs every benchmark on a database of its own, prints a table and writes var/bench.json."""

from __future__ import annotations

import importlib
import json
import os
import sys
from time import perf_counter
from typing import TYPE_CHECKING

from bench import database
from bench.figures import Figure, NotMeasured
from launch.refusal import Refusal

if TYPE_CHECKING:
    from bench.site import Site

PARTS = ("cases", "evidence", "meetings", "followup")
RESULT = database.ROOT / "var" / "bench.json"


def measure(site: Site, quick: bool) -> list[Figure]:
    """Return the figures of every part, each a module with `measure`. Raises NotMeasured."""
    found: list[Figure] = []
    for part in PARTS:
        began = perf_counter()
        figures = _part(part, site, quick)
        print(f"{part}: {perf_counter() - began:.0f} s", flush=True)
        found += figures
    return found


def _part(part: str, site: Site, quick: bool) -> list[Figure]:
    """Return one part's figures; whatever keeps them from being taken is said in a sentence."""
    try:
        figures: list[Figure] = importlib.import_module(f"bench.{part}").measure(site, quick)
    except Exception as fault:
        raise NotMeasured(f"{part} could not be measured: {fault}") from fault
    if not figures:
        raise NotMeasured(f"{part} could not be measured: it has no figures.")
    for figure in figures:
        if not figure.name.startswith(f"{part}."):
            raise NotMeasured(f"{figure.name} does not begin with its part, {part}.")
    return figures


def table(figures: list[Figure]) -> str:
    """Return the figures as lines of text."""
    lines = [f"{'figure':<38}{'value':>12}  {'unit':<12}{'bar':>12}  holds"]
    for figure in figures:
        bar = f"{'>=' if figure.least else '<='} {figure.bar:g}"
        holds = "yes" if figure.holds else "NO"
        lines.append(f"{figure.name:<38}{figure.value:>12.2f}  {figure.unit:<12}{bar:>12}  {holds}")
    return "\n".join(lines)


def main() -> int:
    """Measure, print and write; a bar that does not hold is shown, a part not measured is an error."""
    quick = os.environ.get("QUICK", "") not in {"", "0"}
    began = perf_counter()
    # Figures of an earlier run are not to be taken for this one's.
    RESULT.unlink(missing_ok=True)
    try:
        database.prepare()
        import django

        django.setup()
        from bench.site import running

        with running() as site:
            print(f"database and site: {perf_counter() - began:.0f} s", flush=True)
            figures = measure(site, quick)
    except (NotMeasured, Refusal) as why:
        print(f"Not measured: {why}", file=sys.stderr)
        return 1
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps([figure.as_row() for figure in figures], indent=1) + "\n")
    print(table(figures))
    print(f"{perf_counter() - began:.0f} s in all; written to {RESULT.relative_to(database.ROOT)}")
    return 0
