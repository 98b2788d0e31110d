"""Loads the record's curated data as delivered: ICIs, irAEs, analytes, items of dossiers, rules of readiness.

A code that is there already is left as curators have it; nothing is taken away. Rules of readiness that nobody
here has published anew are followed by those delivered now, as a further version.
"""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from cases.delivered import delivered_rows
from cases.loading_lists import load_drugs, load_events
from cases.models import Analyte, DossierItem, ReadinessVersion
from cases.rule_checks import problems
from cases.services.limits import begin_sweep
from evidence.conditions import VOCABULARY_VERSION

DATA = Path(__file__).parent / "data"


def _rows(file: str, key: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((DATA / file).read_text())[key]
    return rows


@transaction.atomic
def load() -> dict[str, int]:
    """Add what is missing; return how many rows of each kind were added."""
    return {
        "ICIs": load_drugs(),
        "irAEs": load_events(),
        "analytes": _add_analytes(),
        "dossier items": _add_dossier_items(),
        "rules of readiness": _add_readiness(),
    }


def _add_analytes() -> int:
    known = set(Analyte.objects.values_list("code", flat=True))
    rows = [
        Analyte(
            code=row["code"],
            label=row["label"],
            loinc=row["loinc"],
            unit=row["unit"],
            units=row["units"],
            plausible_low=Decimal(row["plausible"][0]),
            plausible_high=Decimal(row["plausible"][1]),
            position=position,
            usual=row["usual"],
            charted=row.get("charted", False),
        )
        for position, row in enumerate(_rows("analytes.json", "analytes"))
        if row["code"] not in known
    ]
    return len(Analyte.objects.bulk_create(rows))


def _add_dossier_items() -> int:
    known = set(DossierItem.objects.values_list("code", flat=True))
    rows = [DossierItem(**row) for row in _rows("dossier_items.json", "items")]
    return len(DossierItem.objects.bulk_create([row for row in rows if row.code not in known]))


def _add_readiness() -> int:
    rules = delivered_rows()
    last = ReadinessVersion.objects.order_by("-number").first()
    holds = ReadinessVersion.objects.filter(published_at__isnull=False).order_by("-number").first()
    if holds is not None and (holds.published_by_id is not None or holds.rules == rules):
        return 0
    if found := problems(rules):
        raise ValueError(f"readiness.json: {found}")
    version = ReadinessVersion.objects.create(
        number=last.number + 1 if last else 1,
        rules=rules,
        vocabulary_version=VOCABULARY_VERSION,
        note="As delivered",
        published_at=timezone.now(),
    )
    begin_sweep(version)
    return 1
