"""Curation of the evidence."""

import re
from typing import Any

CONTENT: dict[str, Any] = {
    "title": "A new statement", "says": "It says.", "does_not_say": "It does not say.",
    "section": "4", "category": "irae", "signal": "", "indirect": "", "certainty": "very_low",
    "condition": {"fact": "ecog", "op": "<=", "value": 1}, "certainty_reasons": [], "rules": [],
    "contradictions": [], "corrections": [], "mark": "seen", "mark_note": "", "change_note": "",
}  # fmt: skip


STRUCTURED = ("certainty_reasons", "rules", "contradictions", "corrections")


def reach_of(page: str) -> dict[str, str]:
    """What a page sends along once the cases that a step reaches stood on it."""
    found = re.search(r'name="reach" value="([^"]+)"', page)
    return {"reach": found[1]} if found else {}


def sent(**values: Any) -> dict[str, Any]:
    """What a browser posts for the given fields of a version."""
    data: dict[str, Any] = {}
    for name, value in values.items():
        if name == "condition":
            _send_condition(data, name, value)
        elif name in STRUCTURED:
            _send_rows(data, name, value)
        else:
            data[name] = value
    return data


def _send_condition(data: dict[str, Any], name: str, value: dict[str, Any]) -> None:
    if value == {"always": True}:
        data[f"{name}-0-kind"] = "always"
        return
    _send_node(data, f"{name}-0", value if set(value) & {"all", "any"} else {"all": [value]})


def _send_node(data: dict[str, Any], name: str, value: dict[str, Any]) -> None:
    if "fact" in value:
        inner = value["value"]
        values = inner if isinstance(inner, list) else [inner]
        data[f"{name}-kind"] = "fact"
        data[f"{name}-fact"], data[f"{name}-op"] = value["fact"], value["op"]
        data[f"{name}-value"] = [
            str(one).lower() if one in (True, False) else one for one in values
        ]
        return
    ((kind, inner),) = value.items()
    parts = [inner] if kind == "not" else inner
    data[f"{name}-kind"], data[f"{name}-n"] = kind, len(parts)
    for index, part in enumerate(parts):
        _send_node(data, f"{name}_{index}", part)


def _send_rows(data: dict[str, Any], name: str, rows: list[Any]) -> None:
    data[f"{name}-n"] = len(rows)
    for index, row in enumerate(rows):
        for key, value in (row if isinstance(row, dict) else {"": row}).items():
            if key == "condition":
                _send_condition(data, f"{name}-{index}-{key}", value)
            elif key == "agents":
                data[f"{name}-{index}-{key}"] = ", ".join(value)
            elif isinstance(value, list):
                _send_rows(data, f"{name}-{index}-{key}", value)
            else:
                data[f"{name}-{index}-{key}"] = value
