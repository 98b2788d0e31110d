"""Loads the protocols that the repository ships; what is published never changes, it is succeeded."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from followup.models import Protocol, ProtocolStep, ProtocolVersion, VersionState

DATA = Path(__file__).resolve().parent.parent / "data" / "protocols.json"
ORIGIN = "repository"


@dataclass(frozen=True)
class Loaded:
    """What a load did: new versions by name, and how many protocols stood as they were."""

    published: tuple[str, ...]
    unchanged: int


def read_data(path: Path = DATA) -> dict[str, Any]:
    """Return the shipped protocols: source, mark and a list with steps."""
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


@transaction.atomic
def load_protocols(*, content: dict[str, Any] | None = None) -> Loaded:
    """Publish a new version of every protocol whose content is not that of its latest version.

    Loading the same content again does nothing; plans keep the versions they pinned.
    """
    content = content or read_data()
    published, unchanged = [], 0
    for row in content["protocols"]:
        protocol, _created = Protocol.objects.update_or_create(
            code=row["code"],
            defaults={
                "name": row["name"],
                "organs": row.get("organs", []),
                "agents": row.get("agents", []),
                "general": row.get("general", False),
            },
        )
        version = _publish(protocol, row["steps"], content["source"], content["mark"])
        if version is None:
            unchanged += 1
        else:
            published.append(str(version))
    return Loaded(tuple(published), unchanged)


def _publish(
    protocol: Protocol, steps: list[dict[str, Any]], source: str, mark: str
) -> ProtocolVersion | None:
    text = json.dumps([source, mark, steps], sort_keys=True, ensure_ascii=False)
    digest = hashlib.sha256(text.encode()).hexdigest()
    latest = protocol.versions.filter(origin=ORIGIN).order_by("-number").first()
    if latest is not None and latest.content_sha256 == digest:
        return None
    newest = protocol.versions.order_by("-number").first()
    version = ProtocolVersion.objects.create(
        protocol=protocol,
        number=newest.number + 1 if newest else 1,
        origin=ORIGIN,
        source=source,
        mark=mark,
        content_sha256=digest,
    )
    ProtocolStep.objects.bulk_create(
        [ProtocolStep(version=version, position=i, **step) for i, step in enumerate(steps)]
    )
    # Steps first: from its publication on a version takes none.
    version.state, version.published_at = VersionState.PUBLISHED, timezone.now()
    version.save(update_fields=["state", "published_at"])
    return version
