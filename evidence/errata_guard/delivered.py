"""What the delivered sources and findings say of a study, for rules that hold whatever a curator enters. No ORM."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

_DATA = Path(__file__).parent.parent / "data"


@lru_cache(maxsize=1)
def tumours() -> dict[str, str]:
    """Return in whom each delivered source was made, by its code; those of nobody are left out."""
    return {row["code"]: row["tumour"] for row in _rows("sources") if row.get("tumour")}


@lru_cache(maxsize=1)
def findings() -> dict[str, list[dict[str, Any]]]:
    """Return the delivered findings by source; what cannot be interpreted has no figure there."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in _rows("findings"):
        found.setdefault(row["source"], []).append(row)
    return found


@lru_cache(maxsize=1)
def patients() -> dict[str, int]:
    """Return how many patients each delivered source had, by its code."""
    return {row["code"]: row["patients"] for row in _rows("sources") if row.get("patients")}


@lru_cache(maxsize=1)
def of_several() -> frozenset[str]:
    """Return the delivered sources that bring studies together."""
    return frozenset(
        row["code"] for row in _rows("sources") if row["kind"] in ("meta_analysis", "review")
    )


@lru_cache(maxsize=1)
def references() -> dict[str, list[str]]:
    """Return the delivered sources behind each number in the review's list of references."""
    found: dict[str, list[str]] = {}
    rows = [(row["code"], row.get("review_reference")) for row in _rows("sources")]
    rows += [(row["source"], row["reference"]) for row in _rows("findings")]
    for code, numbers in rows:
        for number in str(numbers or "").split(","):
            if number and code not in found.setdefault(number, []):
                found[number].append(code)
    return found


def _rows(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((_DATA / f"{name}.json").read_text(encoding="utf-8"))
    return rows
