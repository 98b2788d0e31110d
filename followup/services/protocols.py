"""Loads the protocols that the repository ships; what is published never changes, it is succeeded."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from evidence.errata_guard import breaches, unfounded_in
from followup.models import Protocol, ProtocolStep, ProtocolVersion, VersionState

DATA = Path(__file__).resolve().parent.parent / "data" / "protocols.json"
ORIGIN = "repository"


@dataclass(frozen=True)
class Loaded:
    """What a load did: new versions by name, and how many protocols stood as they were."""

    published: tuple[str, ...]
    unchanged: int


class ProtocolRefused(Exception):
    """Protocols that may not be published; `problems` says each in words, protocol and field first."""

    def __init__(self, found: list[str]) -> None:
        self.problems = found
        super().__init__("\n".join(found))


def read_data(path: Path = DATA) -> dict[str, Any]:
    """Return the shipped protocols: source, mark and a list with steps."""
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


@transaction.atomic
def load_protocols(*, content: dict[str, Any] | None = None) -> Loaded:
    """Publish a new version of every protocol whose content is not that of its latest version.

    Loading the same content again does nothing; plans keep the versions they pinned. Raises ProtocolRefused, and
    publishes nothing, where a protocol would bring an erratum of the review back.
    """
    content = content or read_data()
    if found := problems(content):
        raise ProtocolRefused(found)
    rows = {row["code"]: row for row in content["protocols"]}
    protocols = _save(rows)
    newest, latest = _standing(protocols)
    new: list[ProtocolVersion] = []
    steps: list[ProtocolStep] = []
    for protocol in protocols:
        told = rows[protocol.code]["steps"]
        digest = _digest(content, told)
        if latest.get(protocol.pk) == digest:
            continue
        version = ProtocolVersion(
            protocol=protocol,
            number=newest.get(protocol.pk, 0) + 1,
            origin=ORIGIN,
            source=content["source"],
            mark=content["mark"],
            content_sha256=digest,
        )
        new.append(version)
        steps += [ProtocolStep(version=version, position=i, **s) for i, s in enumerate(told)]
    ProtocolVersion.objects.bulk_create(new)
    ProtocolStep.objects.bulk_create(steps)
    # Steps first: from its publication on a version takes none.
    ProtocolVersion.objects.filter(pk__in=[version.pk for version in new]).update(
        state=VersionState.PUBLISHED, published_at=timezone.now()
    )
    return Loaded(tuple(str(version) for version in new), len(rows) - len(new))


def problems(content: dict[str, Any]) -> list[str]:
    """Return in words which erratum of the review each protocol would bring back, by word or by share."""
    of_all = {"origin": content["source"], "mark": content["mark"]}
    found = [f"{each.field}: {each.message}" for each in (*breaches(of_all), *unfounded_in(of_all))]
    for row in content["protocols"]:
        around = [row["name"], *of_all.values(), *(str(step["label"]) for step in row["steps"])]
        parts = [("name", {"name": row["name"]})]
        parts += [(f"step {n}, {step['code']}", step) for n, step in enumerate(row["steps"], 1)]
        found += [
            f"{row['code']}, {where}: {each.message}"
            for where, part in parts
            for each in (*breaches(part, around=around), *unfounded_in(part, around=around))
        ]
    return found


def _save(rows: dict[str, dict[str, Any]]) -> list[Protocol]:
    """Return the protocols as delivered, in the order of `rows`, those that are new or otherwise saved."""
    names = ("name", "organs", "agents", "general")
    plain: dict[str, Any] = {"organs": [], "agents": [], "general": False}
    Protocol.objects.bulk_create(
        [
            Protocol(code=code, **{name: {**plain, **row}[name] for name in names})
            for code, row in rows.items()
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=names,
    )
    found = Protocol.objects.in_bulk(list(rows), field_name="code")
    return [found[code] for code in rows]


def _standing(protocols: list[Protocol]) -> tuple[dict[int, int], dict[int, str]]:
    """Return of each protocol the highest number of a version, and what the latest delivered one is made of."""
    newest: dict[int, int] = {}
    latest: dict[int, str] = {}
    versions = ProtocolVersion.objects.filter(protocol__in=protocols).order_by("number")
    for version in versions.only("protocol_id", "number", "origin", "content_sha256"):
        newest[version.protocol_id] = version.number
        if version.origin == ORIGIN:
            latest[version.protocol_id] = version.content_sha256
    return newest, latest


def _digest(content: dict[str, Any], steps: list[dict[str, Any]]) -> str:
    text = json.dumps(
        [content["source"], content["mark"], steps], sort_keys=True, ensure_ascii=False
    )
    return hashlib.sha256(text.encode()).hexdigest()
