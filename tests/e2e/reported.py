"""What a page must show of a published case, read from its file in words of our own, and which keys were read.

Nothing of the product is asked: neither how the demonstration carries the file nor how a page words a value.
"""

from __future__ import annotations

import re
from typing import Any

UNKNOWN, NOT_ENTERED, NO_DATE = "unknown", "not entered", "date not known"
RESPONSES = {
    "CR": "Complete response (CR)",
    "PR": "Partial response (PR)",
    "SD": "Stable disease (SD)",
}
# Code of the file -> as a section shows it.
WORDS = {
    "adenocarcinoma": "Adenocarcinoma",
    "squamous": "Squamous cell carcinoma",
    "nos": "NSCLC, not otherwise specified",
    "irae": "Immune-related adverse event",
    "after_stop": "After the ICI was stopped",
    "none": "No progression",
    "same_agent": "Same agent",
    "tocilizumab": "Tocilizumab",
    "resolved": "Resolved",
    "ongoing": "Ongoing",
    "on_replacement": "Controlled on replacement",
    "chemotherapy": "Chemotherapy",
    "radiotherapy": "Radiotherapy",
    "surgery": "Surgery",
    "other": "Other",
    "current": "Current",
    "male": "Male",
    "female": "Female",
    **RESPONSES,
}
# Words that stand within a line.
SETTINGS = {"consolidation": "consolidation after chemoradiation"}
KINDS = {
    "monotherapy": "ICI alone",
    "chemotherapy": "with chemotherapy",
    "antiangiogenic": "with an anti-angiogenic agent",
}
CARE = {"hospital": "hospital", "intensive": "intensive care"}
TARGETS = {
    "pembrolizumab": "PD-1",
    "nivolumab": "PD-1",
    "sintilimab": "PD-1",
    "durvalumab": "PD-L1",
}
EVENTS = {
    "hepatitis": "Hepatitis, graded by ALT",
    "pneumonitis": "Pneumonitis",
    "hypophysitis": "Hypophysitis",
    "thyroiditis": "Thyroiditis",
    "diabetes": "Diabetes, immune-mediated",
    "colitis": "Colitis",
    "arthritis": "Arthritis",
    "acute_kidney_injury": "Acute kidney injury",
    "bullous": "Bullous dermatitis",
    "myocarditis": "Myocarditis",
    "sjs": "Stevens-Johnson syndrome",
}
ORGANS = {
    "colon": "bowel",
    "endocrine_pancreas": "endocrine pancreas",
    "joint": "joints",
    "skin": "skin and mucosa",
}
AGENTS = {"methotrexate": "Methotrexate", "ivig": "Immunoglobulin (IVIG)"}
SITES = {
    "brain": "Brain",
    "liver": "Liver",
    "bone": "Bone",
    "adrenal": "Adrenal",
    "lung": "Lung, other lobe or side",
}
# Item of a dossier -> its label, and the unit of a number.
DOSSIER = {
    "lung_ct_pattern": ("CT pattern", ""),
    "colon_histology": ("Histology", ""),
    "colon_stools": ("Stools a day above usual, at worst", " a day"),
    "heart_biopsy": ("Biopsy", ""),
    "pituitary_axes": ("Axes that failed", ""),
    "pituitary_replacement": ("Hormones replaced", ""),
    "endocrine_pancreas_ketoacidosis": ("Ketoacidosis", ""),
    "kidney_urine": ("Urine", ""),
    "skin_blisters": ("Blisters or detachment", ""),
}


class Told:
    """A case of the file, or a part of it, that keeps in `read` what was asked of it, by path."""

    def __init__(self, rows: dict[str, Any], read: set[str] | None = None, path: str = "") -> None:
        self.rows, self.path = rows, path
        self.read: set[str] = set() if read is None else read

    def get(self, key: str, other: Any = None) -> Any:
        """Return a value, or a part or parts that keep what is asked of them."""
        here = f"{self.path}{key}"
        self.read.add(here)
        value = self.rows.get(key, other)
        if isinstance(value, dict):
            return Told(value, self.read, f"{here}.")
        if isinstance(value, list) and value and isinstance(value[0], dict):
            return [Told(one, self.read, f"{here}.{n}.") for n, one in enumerate(value)]
        return value

    def parts(self, key: str) -> list[Told]:
        """Return the rows of a list of the file."""
        found: list[Told] = self.get(key, []) or []
        return found

    def words(self, key: str) -> str:
        """Return a fact as a section shows it: its value, its state, or that it is unknown."""
        value = self.get(key)
        if isinstance(value, Told):
            return str(value.get("state")).replace("_", " ")
        if isinstance(value, bool):
            return "yes" if value else "no"
        return UNKNOWN if value is None else WORDS.get(str(value), str(value))

    def date(self, key: str) -> str:
        """Return a date as it is shown: weeks in days, and what is in a cycle as after its dose."""
        text = self.words(key)
        if weeks := re.fullmatch(r"(?:week (\d+)|(\d+) weeks) after (.+)", text):
            return f"day {7 * int(weeks[1] or weeks[2])} after {weeks[3]}"
        if days := re.fullmatch(r"(\d+) days after (.+)", text):
            return f"day {days[1]} after {days[2]}"
        return text.replace("in cycle", "after cycle")


def paths_of(rows: dict[str, Any], path: str = "") -> set[str]:
    """Return the path of every key of a case, at whatever depth."""
    found = set()
    for key, value in rows.items():
        here = f"{path}{key}"
        found.add(here)
        parts = [(f"{here}.", value)] if isinstance(value, dict) else []
        if isinstance(value, list):
            parts = [(f"{here}.{n}.", one) for n, one in enumerate(value) if isinstance(one, dict)]
        for below, one in parts:
            found |= paths_of(one, below)
    return found


def joined(*parts: str, by: str = ", ") -> str:
    """Return the parts that say something as one line."""
    return by.join(part for part in parts if part)


def capital(text: str) -> str:
    """Return a text with a capital at its start."""
    return text[:1].upper() + text[1:]


def event_of(case: Told, row: Told) -> str:
    """Return the name of the irAE that a row is about."""
    number = row.get("irae")
    return EVENTS[case.parts("iraes")[number - 1].get("entity")] if number else ""


def pairs(case: Told) -> dict[tuple[str, str], str]:
    """Return every labelled value: section and label -> what must stand there."""
    question, tumour = case.get("question"), case.get("tumour")
    drugs = ", ".join(question.get("proposed_drugs"))
    stage, text = tumour.words("stage_group"), tumour.get("stage_text", "")
    spread = " ".join(
        code for name in "tnm" if (code := tumour.get(f"{name}_category")) is not None
    )
    tnm = f"{tumour.get('tnm_basis', '')}{spread}" or UNKNOWN
    edition = tumour.get("tnm_edition")
    found = {
        ("question", "Asked"): question.get("question"),
        ("question", "Proposed"): question.words("proposed_regimen"),
        ("question", "Drugs proposed"): drugs or "not named",
        ("question", "Prophylaxis"): question.words("prophylaxis"),
        ("question", "Urgent"): case.words("urgent"),
        ("patient", "Sex"): case.words("sex").capitalize(),
        ("tumour", "Histology"): tumour.words("histology"),
        ("tumour", "Stage now"): f"{stage} ({text})" if text else stage,
        ("tumour", "TNM"): tnm,
        ("tumour", "TNM edition"): f"{edition}th" if edition else "not said",
        ("fitness", "ECOG"): case.words("ecog"),
    }
    return found | background_of(case) | spread_of(case) | genes_of(case)


def background_of(case: Told) -> dict[tuple[str, str], str]:
    """Return the background; where nothing of it is told, it was not entered."""
    told = case.get("background")
    if not told.rows:
        labels = ("Smoking", "Autoimmune disease", "Other illnesses")
        return {("fitness", label): NOT_ENTERED for label in labels}
    years, smoking = told.get("pack_years"), told.words("smoking")
    which = told.get("autoimmune_text", "")
    if years is not None:
        smoking = f"{smoking}, {years} pack-years"
    elif smoking != UNKNOWN:
        smoking = f"{smoking}, pack-years unknown"
    disease = told.words("autoimmune_disease")
    return {
        ("fitness", "Smoking"): smoking,
        ("fitness", "Autoimmune disease"): joined(disease, which, by=": "),
        ("fitness", "Interstitial lung disease"): UNKNOWN,
        ("fitness", "Other illnesses"): told.get("comorbidities", NOT_ENTERED),
    }


def spread_of(case: Told) -> dict[tuple[str, str], str]:
    """Return the sites of metastases; where any is told of, brain and liver are unknown unless told."""
    if "metastases" not in case.rows:
        return {}
    sites = case.get("metastases")
    found = {}
    for site in dict.fromkeys(("brain", "liver", *sites.rows)):
        said = sites.get(site)
        words = f"yes, {said}" if isinstance(said, str) else sites.words(site)
        found["tumour", SITES[site]] = words
    return found


def genes_of(case: Told) -> dict[tuple[str, str], str]:
    """Return the driver genes; where any is told of, the three that decide are unknown unless told."""
    if "drivers" not in case.rows:
        return {}
    genes = case.get("drivers")
    found = {("tumour", gene): genes.words(gene) for gene in ("EGFR", "ALK", "ROS1")}
    if "other" in genes.rows:
        found["tumour", "Other alterations"] = genes.get("other")
    return found
