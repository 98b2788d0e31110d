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


def _rows(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((_DATA / f"{name}.json").read_text(encoding="utf-8"))
    return rows
