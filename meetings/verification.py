"""Finds a change to signed decisions that the database's owner could make in spite of the triggers.

Every board's decisions form a chain: each snapshot holds the hash of the one before, and the trail, sealed with
a key outside the database, names the hash of each signature.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch

from audit.models import TrailEntry
from cases.models import AttachedGuidance
from meetings.models import ChainHead, Decision, Erasure, Letter
from meetings.snapshot import attached_data, canonical, from_rows, sha256, texts_of
from meetings.states import DecisionState

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cases.access import PatientScopedQuerySet


@dataclass(frozen=True)
class Fault:
    """One thing that no longer fits, told without a word about the patient."""

    decision: str
    what: str


def signed_decisions() -> PatientScopedQuerySet:
    """Return the signed decisions this connection may see, with the rows a snapshot is made of."""
    rows = Decision.objects.filter(state=DecisionState.SIGNED)
    found: PatientScopedQuerySet = rows.select_related(
        "board", "case", "meeting", "amends", "recorded_by", "signed_by", "defer_owner"
    ).prefetch_related(
        "conditions",
        "dissents__user",
        "statements__statement_version",
        Prefetch("case__attached", AttachedGuidance.objects.select_related("version", "finding")),
    )
    return found


def faults() -> list[Fault]:
    """Return everything that does not fit; empty when no signed decision was touched."""
    chains: dict[int, list[Decision]] = defaultdict(list)
    for decision in signed_decisions().order_by("board_id", "number"):
        chains[decision.board_id].append(decision)
    found = [fault for chain in chains.values() for fault in _chain(chain)]
    return [*found, *_heads(chains), *_trail(chains), *_erasures()]


def _chain(chain: list[Decision]) -> Iterator[Fault]:
    letters = dict(Letter.objects.filter(decision__in=chain).values_list("decision_id", "sha256"))
    previous, number = "", 0
    for decision in chain:
        name = str(decision.public_id)
        if decision.number != number + 1:
            yield Fault(name, f"number {decision.number} follows {number}: one is missing")
        if decision.previous_sha256 != previous:
            yield Fault(name, "does not follow the decision before it")
        yield from _one(decision, letters.get(decision.pk))
        previous, number = decision.snapshot_sha256, decision.number or 0


def _one(decision: Decision, letter: str | None) -> Iterator[Fault]:
    name = str(decision.public_id)
    if sha256(decision.snapshot) != decision.snapshot_sha256:
        yield Fault(name, "the snapshot is not the one that was hashed")
    try:
        snapshot = json.loads(decision.snapshot)
    except ValueError:
        yield Fault(name, "the snapshot cannot be read")
        return
    rows = json.loads(canonical(from_rows(decision)))
    changed = sorted(key for key, value in rows.items() if snapshot.get(key) != value)
    if changed:
        yield Fault(name, f"rows differ from the snapshot: {', '.join(changed)}")
    yield from _texts(decision, snapshot)
    yield from _attached(decision, snapshot)
    stored = snapshot.get("letter", {}).get("sha256")
    if letter is None or letter != stored:
        yield Fault(name, "the letter is not the one that was signed")
        return
    pdf = Letter.objects.get(decision=decision).pdf
    if pdf is None:
        if not hasattr(decision, "erasure"):
            yield Fault(name, "the letter's bytes are gone without an erasure")
    elif sha256(bytes(pdf)) != stored:
        yield Fault(name, "the letter's bytes were changed")


def _texts(decision: Decision, snapshot: dict[str, dict[str, str]]) -> Iterator[Fault]:
    name = str(decision.public_id)
    if decision.salt is None:
        if not hasattr(decision, "erasure"):
            yield Fault(name, "its texts are gone without an erasure")
        if any(text is not None for text in _written(decision)):
            yield Fault(name, "it was erased, and says something all the same")
        return
    now = texts_of(decision)
    stored = snapshot.get("texts", {})
    changed = sorted(key for key in {*now, *stored} if now.get(key) != stored.get(key))
    if changed:
        yield Fault(name, f"texts differ from what was signed: {', '.join(changed)}")


def _attached(decision: Decision, snapshot: dict[str, Any]) -> Iterator[Fault]:
    """Yield what was attached when it was signed and is there no more, or says something else by now.

    A snapshot of a time before anything was said of it names no comment; that of an erased one cannot be held against
    its commitment, and has to be empty.
    """
    name, salt = str(decision.public_id), decision.salt
    rows = {str(row.public_id): row for row in decision.case.attached.all()}
    for stored in snapshot.get("attached", ()):
        row = rows.get(stored.get("id", ""))
        if row is None:
            yield Fault(name, f"what was attached is gone: {stored.get('id')}")
            continue
        now = attached_data([row], salt or "")[0]
        if salt is None:
            now["comment"] = stored.get("comment") if row.comment == "" else None
        changed = sorted(key for key, value in stored.items() if now.get(key) != value)
        if changed:
            words = ", ".join(changed)
            yield Fault(
                name, f"what was attached differs from what was signed: {row.public_id}: {words}"
            )


def _written(decision: Decision) -> Iterator[str | None]:
    """Yield every free text of a decision; each is None after an erasure."""
    yield from (decision.rationale, decision.patient_preference)
    yield from (row.text for row in decision.conditions.all())
    yield from (row.reason for row in decision.dissents.all())


def _heads(chains: dict[int, list[Decision]]) -> Iterator[Fault]:
    for head in ChainHead.objects.filter(number__gt=0).select_related("board"):
        chain = chains.get(head.board_id, [])
        last = chain[-1] if chain else None
        if last is None or (last.number, last.snapshot_sha256) != (head.number, head.sha256):
            yield Fault(f"board {head.board.public_id}", "the end of the chain is missing")


def _trail(chains: dict[int, list[Decision]]) -> Iterator[Fault]:
    """Yield the decisions that the trail tells otherwise of. One signature, one entry: the first counts.

    Whoever rewrites a decision may add an entry with the new hash, and the sealer would seal it.
    """
    by_pk = {d.pk: d.snapshot_sha256 for chain in chains.values() for d in chain}
    signed: dict[int | None, list[str | None]] = defaultdict(list)
    for entry in TrailEntry.objects.filter(kind="decision.signed").order_by("pk"):
        signed[entry.subject_id].append(entry.detail.get("sha256"))
    for pk, digests in signed.items():
        if by_pk.get(pk or 0) != digests[0]:
            yield Fault(f"row {pk}", "the trail names another hash for this signature")
        if len(digests) > 1:
            yield Fault(f"row {pk}", "the trail names more than one signature of this decision")
    for pk in by_pk.keys() - signed.keys():
        yield Fault(f"row {pk}", "the trail knows no signature of this decision")


def _erasures() -> Iterator[Fault]:
    """Yield the erasures that the sealed trail knows nothing of: an erasure hides what was said."""
    told = set(
        TrailEntry.objects.filter(kind="patient.erased").values_list("patient_id", flat=True)
    )
    for erasure in Erasure.objects.select_related("decision").order_by("pk"):
        if erasure.patient_id not in told:
            yield Fault(
                str(erasure.decision.public_id), "erased, and the trail knows of no erasure"
            )
