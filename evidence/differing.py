"""What differs between two texts of guidance, field by field and in words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evidence.choices import Action, Category, Certainty, Mark, RowMark, Signal
from evidence.conditions import ConditionError, read, readable
from evidence.rulings import is_row
from ui import formatting

if TYPE_CHECKING:
    from evidence.models import StatementVersion

LABELS = {
    "title": gettext_lazy("Title"),
    "says": gettext_lazy("What it says"),
    "does_not_say": gettext_lazy("What it does not say"),
    "section": gettext_lazy("Section of the review"),
    "category": gettext_lazy("Category"),
    "signal": gettext_lazy("Signal"),
    "condition": gettext_lazy("When it applies"),
    "indirect": gettext_lazy("Indirect"),
    "certainty": gettext_lazy("Certainty"),
    "certainty_reasons": gettext_lazy("Reasons of the certainty"),
    "rules": gettext_lazy("Rules by source"),
    "contradictions": gettext_lazy("Sources that contradict"),
    "corrections": gettext_lazy("Corrected print"),
    "mark": gettext_lazy("How well attested"),
    "mark_note": gettext_lazy("What is still to be checked"),
    "review_by": gettext_lazy("Review by"),
    "findings": gettext_lazy("Findings"),
    "sources": gettext_lazy("Sources"),
}
"""Every field that is compared, in the order in which it is shown."""

_CODES: dict[str, Any] = {
    "category": Category, "signal": Signal, "certainty": Certainty, "mark": Mark,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that changed from one text to the next."""

    field: str
    before: str
    after: str


def differences(version: StatementVersion, before: StatementVersion) -> tuple[Difference, ...]:
    """What changed from `before` to `version`; both with their basis."""
    return content_differences(_content(before), _content(version))


def content_differences(
    before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[Difference, ...]:
    """What changed between two plain contents; a field that one of them lacks is not compared."""
    return tuple(
        Difference(str(label), in_words(field, before[field]), in_words(field, after[field]))
        for field, label in LABELS.items()
        if field in before and field in after and before[field] != after[field]
    )


def in_words(field: str, value: Any) -> str:
    """The value of one field as a person reads it; never raises on what a draft may hold."""
    if value in (None, "", [], ()):
        return _("none")
    if field == "condition":
        return _condition(value)
    if field in _CODES:
        return str(dict(_CODES[field].choices).get(value, value))
    if isinstance(value, date):
        return formatting.date(value)
    if isinstance(value, list | tuple):
        return "; ".join(_item(item) for item in value)
    return str(value)


def _condition(value: Any) -> str:
    try:
        return readable(read(value), _)
    except ConditionError:
        return json.dumps(value, ensure_ascii=False)


def _item(item: Any) -> str:
    """One rule, contradiction or correction as a line: every text in it, in its order."""
    if isinstance(item, Mapping):
        item = _row_in_words(item) if is_row(item) else item
        order = (
            "source",
            "action",
            "question",
            "sides",
            "erratum",
            "printed",
            "source_says",
            "shown",
            "says",
            "agents",
            "condition",
            "mark",
        )
        known = [key for key in order if key in item]
        return ": ".join(_item(item[key]) for key in [*known, *(set(item) - set(known))])
    if isinstance(item, list | tuple):
        return " / ".join(_item(inner) for inner in item)
    return str(item)


def _row_in_words(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of a rule with its codes and its condition in words; what is no code stays as it stands."""
    words = {"condition": _condition(row["condition"])}
    for name, codes in (("action", Action), ("mark", RowMark)):
        code = row.get(name)
        words[name] = str(codes(code).label) if code in codes.values else str(code)
    return {**{name: value for name, value in row.items() if value not in (None, "", [])}, **words}


def _content(version: StatementVersion) -> dict[str, Any]:
    content = {
        name: getattr(version, name) for name in LABELS if name not in ("findings", "sources")
    }
    findings = [link.finding for link in version.version_findings.all()]
    content["findings"] = [f"{finding.label} ({finding.source.short})" for finding in findings]
    content["sources"] = [link.source.short for link in version.version_sources.all()]
    return content
