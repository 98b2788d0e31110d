"""Plans the published cases from their file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from demo.plan import CasePlan

FILE = Path(__file__).parent / "data" / "published_cases.json"


def citation(row: dict[str, Any]) -> str:
    """Return the source as shown with the patient, with what was read and what was concluded."""
    found = f"doi:{row['doi']}" if row["doi"] else row["url"]
    parts = [
        f"{row['citation']}. {found}.",
        f"Read: {row['read']}.",
        f"Concluded, not read: {'; '.join(row['inferred'])}.",
    ]
    if "note" in row:
        parts.append(row["note"])
    if "after" in row:
        parts.append(row["after"]["says"])
    return " ".join(parts)


def rows() -> list[dict[str, Any]]:
    """Return the published cases as they stand in the file."""
    cases: list[dict[str, Any]] = json.loads(FILE.read_text())["cases"]
    return cases


NOT_REPORTED = {"kind": "pdl1_tps", "timing": "before", "entered": ""}


def biomarkers(row: dict[str, Any]) -> tuple[dict[str, Any], ...]:
    """Return the biomarkers reported; a PD-L1 that the report does not give is unknown, not unasked."""
    found = tuple(row["biomarkers"])
    given = any(marker["kind"] == "pdl1_tps" for marker in found)
    return found if given else (NOT_REPORTED, *found)


# What a report says nothing of is unknown, not unasked.
GENES, SITES = ("EGFR", "ALK", "ROS1"), ("brain", "liver")


def plans() -> list[CasePlan]:
    """Return a plan for each published case."""
    return [
        CasePlan(
            key=row["key"],
            board=row["board"],
            place=row["place"],
            family_name=row["family_name"],
            given_name=row["given_name"],
            sex=row["sex"],
            age=row["age"],
            referred_days_ago=row["referred_days_ago"],
            question=row["question"],
            citation=citation(row),
            urgent=row["urgent"],
            tumour=row["tumour"],
            background=row["background"],
            metastases={**dict.fromkeys(SITES), **row.get("metastases", {})},
            drivers={**dict.fromkeys(GENES), **row.get("drivers", {})},
            fitness={"ecog": row["ecog"]},
            biomarkers=biomarkers(row),
            courses=tuple(row["courses"]),
            treatments=tuple(row.get("treatments", ())),
            responses=tuple(row.get("responses", ())),
            iraes=tuple(row["iraes"]),
            steroids=tuple(row["steroids"]),
            second_line=tuple(row.get("second_line", ())),
            reports=tuple(row.get("reports", ())),
            complete=tuple(row["complete"]),
            organs_asked=tuple(row.get("organs_asked", ())),
            after=row.get("after", {}),
        )
        for row in rows()
    ]
