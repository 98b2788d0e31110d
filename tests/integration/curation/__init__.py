"""Curation of the evidence."""

from typing import Any

CONTENT: dict[str, Any] = {
    "title": "A new statement", "says": "It says.", "does_not_say": "It does not say.",
    "section": "4", "category": "irae", "signal": "", "indirect": "", "certainty": "very_low",
    "condition": {"fact": "ecog", "op": "<=", "value": 1}, "certainty_reasons": [], "rules": [],
    "contradictions": [], "corrections": [], "mark": "seen", "mark_note": "", "change_note": "",
}  # fmt: skip
