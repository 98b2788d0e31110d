"""By what it is told whether a delivered text is the one that was delivered before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from evidence.models import Finding, Source


# By the fields of release 6 it is told whether somebody here has changed what was delivered by then.
SOURCE_FIELDS_6 = (
    "short", "citation", "kind", "doi", "pmid", "url", "review_reference", "mark", "note",
)  # fmt: skip
FINDING_FIELDS_6 = (
    "label", "definition", "population", "tumour", "direct", "design", "measure", "numerator",
    "denominator", "value", "interval", "note", "mark",
)  # fmt: skip
FINDING_FIELDS = (
    *FINDING_FIELDS_6, "endpoint", "figure", "unit", "setting", "initial_regimen",
    "rechallenge_regimen", "initial_class", "rechallenge_class", "irae", "section", "reference",
    "printed", "state", "errata", "correction",
)  # fmt: skip


def sha256_of(values: object) -> str:
    """SHA-256 over plain values in canonical JSON."""
    # A day is written as it is delivered.
    canonical = json.dumps(
        values, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def sha256_of_row(row: Source | Finding, names: Iterable[str]) -> str:
    """The same over the named fields of a row."""
    return sha256_of({name: getattr(row, name) for name in names})


def digest_of(content: dict[str, Any], sources: list[Source], findings: list[Finding]) -> str:
    """SHA-256 over the content and the exact revisions it rests on, in canonical JSON."""
    whole = {
        "content": content,
        "sources": [f"{source.code}@{source.revision}" for source in sources],
        "findings": [f"{finding.code}@{finding.revision}" for finding in findings],
    }
    return sha256_of(whole)


def was_edited(row: Source | Finding, names: Iterable[str]) -> bool:
    """Whether somebody here has changed the row since it was delivered."""
    before = (*FINDING_FIELDS_6, "source_id") if hasattr(row, "source_id") else SOURCE_FIELDS_6
    untouched = {sha256_of_row(row, names), sha256_of_row(row, before)}
    return bool(row.delivered_sha256) and row.delivered_sha256 not in untouched
