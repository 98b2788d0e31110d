"""The rules of readiness in the product's own file: they hold where nobody has published others. No database."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "data" / "readiness.json"


def delivered_rows() -> list[dict[str, Any]]:
    """Return the rules in the product's own file."""
    rows: list[dict[str, Any]] = json.loads(FILE.read_text())["rules"]
    return rows


@cache
def delivered_limit(key: str) -> int:
    """Return the lowest age limit that the file sets on a fact, in days. Raises ValueError where it sets none."""
    limits = [row["age_limit_days"] for row in delivered_rows() if row["fact"] == key]
    return min(days for days in limits if days is not None)
