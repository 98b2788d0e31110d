"""The snapshot of a signed decision: one canonical text, hashed as it stands.

Keys are sorted, decimals are strings, free text is there as a commitment under the decision's salt only. What
can be read from the rows again (`from_rows`) is kept apart from what was true at that moment (`of_the_moment`),
so that `verification` can compare the first with the rows at any time.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from evidence.ruled import ruled_data

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cases.models import AttachedGuidance
    from evidence.conditions.facts import Fact
    from evidence.matching import Match
    from evidence.rulings import Profile
    from meetings.models import Decision

SCHEMA = 2
"""1 until the decision named the days between doses."""


def canonical(data: dict[str, Any]) -> str:
    """Return the one text of `data`."""
    return json.dumps(_exact(data), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def sha256(text: str | bytes) -> str:
    """Return the hexadecimal SHA-256."""
    return hashlib.sha256(text.encode() if isinstance(text, str) else text).hexdigest()


def commitment(salt: str, name: str, text: str) -> str:
    """Return what stands for `text` in the snapshot: without the salt nobody can guess it back."""
    return hmac.new(bytes.fromhex(salt), f"{name}\0{text}".encode(), hashlib.sha256).hexdigest()


def texts_of(decision: Decision) -> dict[str, str]:
    """Return the commitments of every free text of a decision, by the name of the text."""
    salt = decision.salt or ""
    texts = {
        "rationale": decision.rationale or "",
        "patient_preference": decision.patient_preference or "",
        **{f"condition:{c.public_id}": c.text or "" for c in decision.conditions.all()},
        **{f"dissent:{d.user.public_id}": d.reason or "" for d in decision.dissents.all()},
    }
    return {name: commitment(salt, name, text) for name, text in texts.items()}


def from_rows(decision: Decision) -> dict[str, Any]:
    """Return what the rows of a decision say, without its free texts.

    Needs its conditions, dissents, statements and letter; used when it is signed and when it is verified.
    """
    return {
        "schema": decision.snapshot_schema,
        "decision": str(decision.public_id),
        "board": str(decision.board.public_id),
        "case": decision.case.reference,
        "meeting": str(decision.meeting.public_id),
        "amends": str(decision.amends.public_id) if decision.amends else None,
        "number": decision.number,
        "previous": decision.previous_sha256,
        "outcome": decision.outcome,
        "drugs": list(decision.drugs),
        "dose_interval_days": decision.dose_interval_days,
        "deferral": {
            "waits_for": decision.defer_fact,
            "owner": str(decision.defer_owner.public_id) if decision.defer_owner else None,
            "by": decision.defer_on.isoformat() if decision.defer_on else None,
        },
        "conditions": [
            {
                "id": str(c.public_id),
                "condition": c.condition,
                "vocabulary": c.vocabulary_version,
                "expires_on": c.expires_on.isoformat(),
            }
            for c in decision.conditions.all()
        ],
        "dissents": [str(d.user.public_id) for d in decision.dissents.all()],
        "statements": [
            {
                "version": str(s.statement_version.public_id),
                "deviation": s.deviation_reason,
            }
            for s in decision.statements.all()
        ],
        "recorded_by": str(decision.recorded_by.public_id),
        "signed_by": str(decision.signed_by.public_id) if decision.signed_by else None,
        "signed_at": _moment(decision.signed_at),
    }


def _moment(when: datetime | None) -> str | None:
    """Return a moment as the database gives it back, whatever zone it was told in."""
    return when.astimezone(UTC).isoformat() if when else None


def fact_data(fact: Fact) -> dict[str, Any]:
    """Return a fact with its state as plain values."""
    data: dict[str, Any] = {"state": fact.state.value}
    if fact.value is not None:
        data["value"] = fact.value
    if fact.low is not None or fact.high is not None:
        data |= {"low": _number(fact.low), "high": _number(fact.high)}
    return data


def evaluation_data(matches: Iterable[Match[Any]], profile: Profile) -> list[dict[str, Any]]:
    """Return how every published statement stood for the case, its rules row by row, and the mark by `profile`."""
    return [
        {
            "statement": m.version.statement.code,
            "version": m.version.number,
            "id": str(m.version.public_id),
            "answer": m.answer.value,
            "missing": list(m.missing),
            **ruled_data(m, profile),
        }
        for m in matches
    ]


def attached_data(rows: Iterable[AttachedGuidance], salt: str) -> list[dict[str, Any]]:
    """Return what members had laid beside the case; what they said of it stands there as a commitment."""
    return [
        {
            "id": str(row.public_id),
            "version": str(row.version.public_id) if row.version else None,
            "finding": f"{row.finding.code}:{row.finding.revision}" if row.finding else None,
            "comment": commitment(salt, f"attached:{row.public_id}", row.comment),
        }
        for row in rows
    ]


def attached_ids(decision: Decision) -> list[str]:
    """Return the ids of what was attached when a decision was signed; none in a snapshot from before they were told."""
    return [row["id"] for row in json.loads(decision.snapshot).get("attached", ()) if "id" in row]


def _number(value: Any) -> str | None:
    if isinstance(value, date):
        return value.isoformat()
    return None if value is None else f"{Decimal(value).normalize():f}"


def _exact(value: Any) -> Any:
    """Return `value` with every number that is no integer as a string."""
    if isinstance(value, dict):
        return {key: _exact(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_exact(inner) for inner in value]
    if isinstance(value, float | Decimal):
        return _number(Decimal(str(value)))
    return value


def marked_ids(decision: Decision) -> list[str]:
    """Return the versions that applied or could not be judged; none where a mark was kept without other sources."""
    data = json.loads(decision.snapshot)
    if not keeps_marks(data):
        return []
    return [row["id"] for row in data["evaluations"] if row["answer"] != "false"]


def keeps_marks(data: Mapping[str, Any]) -> bool:
    """Whether a snapshot keeps by whom each rule was marked, and which other sources were stricter."""
    marks = [row["mark"] for row in data["evaluations"] if "mark" in row]
    return "profile" in data and all("stricter" in mark for mark in marks)
