"""Invents the tumour of a case and who carries it: stage, sites, drivers, biomarkers, background, fitness."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from ui.partial_dates import render_day

NOT_YET = {"state": "not_yet"}
MISSING = {"state": "missing"}
NOT_APPLICABLE = {"state": "not_applicable"}

# Stage in full -> what T, N and M may be, by edition.
TNM: dict[str, dict[str, tuple[tuple[str, str, str], ...]]] = {
    "IIIA": {"8": (("T2a", "N2", "M0"), ("T3", "N1", "M0")), "9": (("T3", "N2a", "M0"),)},
    "IIIB": {"8": (("T3", "N2", "M0"), ("T2b", "N3", "M0")), "9": (("T2b", "N2b", "M0"),)},
    "IVA": {"8": (("T2a", "N1", "M1b"), ("T4", "N2", "M1a")), "9": (("T2a", "N2a", "M1b"),)},
    "IVB": {"8": (("T3", "N2", "M1c"), ("T4", "N3", "M1c")), "9": (("T3", "N2b", "M1c2"),)},
}
GENES = ("EGFR", "ALK", "ROS1", "BRAF", "KRAS_G12C", "MET", "RET", "HER2", "NTRK")
FOUND = {"EGFR": "exon 19 deletion", "ALK": "EML4-ALK fusion", "ROS1": "CD74-ROS1 fusion"}
SITES = (("brain", 0.25), ("bone", 0.35), ("adrenal", 0.2), ("pleura", 0.15), ("lung", 0.3))
WISHES = (
    "I would rather be treated than wait, but not if I end up in hospital again.",
    "The breathlessness frightened me. I want to know how likely it is to come back.",
    "My daughter marries in the spring. I want to be well for that.",
    "No more than one visit every three weeks, please: it is two hours each way.",
)
# What of the background is words alone.
NOT_STATED = ("_text", "comorbidities", "preference")
ILLNESSES = (
    "COPD, inhaled treatment",
    "Hypertension, type 2 diabetes on metformin",
    "Osteoarthritis of the knees",
    "Chronic kidney disease, eGFR 52",
)


def carrier(knowledge: str, referred: date, open_facts: set[str], rng: Random) -> dict[str, Any]:
    """Return tumour, sites, drivers, biomarkers, background and fitness, less what is not known yet."""
    stage, text = rng.choice(
        (("IV", "IVA"), ("IV", "IVB"), ("III", "IIIB"), ("IV", "IVA"), ("III", "IIIA"))
    )
    tumour: dict[str, Any] = {
        "histology": rng.choice(
            ("adenocarcinoma", "adenocarcinoma", "squamous", "nos", "large_cell")
        ),
        "stage_group": stage,
        "stage_text": text,
        "tnm_edition": rng.choice(("8", "9")),
    }
    altered, words = rng.random() < 0.06, rng.choice(("", "", "KRAS G12C", "STK11, KEAP1"))
    liver = rng.random() < 0.2 and stage == "IV"
    background: dict[str, Any] = {
        "autoimmune_disease": rng.random() < 0.12,
        "interstitial_lung_disease": rng.random() < 0.08,
    }
    fitness: dict[str, Any] = {
        "ecog": rng.choice((0, 1, 1, 1, 2)),
        "assessed": render_day(referred - timedelta(days=rng.randint(0, 12))),
    }
    biomarkers = _biomarkers(referred, open_facts, rng)
    # Drawn apart, so that the rest of the case does not change with what is added here.
    more = Random(f"{referred} {text} {tumour['histology']} {altered} {words}")  # noqa: S311
    tumour |= _tnm(text, tumour["tnm_edition"], more)
    background |= _background(background, more)
    metastases, drivers = _sites(stage, liver, more), _drivers(altered, words, more)
    if knowledge == "little":
        background = {name: MISSING for name in background if not name.endswith(NOT_STATED)}
        metastases, drivers, biomarkers = {}, {}, []
    if "liver_metastases" in open_facts:
        metastases["liver"] = NOT_YET
    if "driver_mutation" in open_facts:
        drivers = dict.fromkeys(("EGFR", "ALK", "ROS1"), NOT_YET)
    if "stage_group" in open_facts:
        tumour |= dict.fromkeys(("t_category", "n_category", "m_category"), NOT_YET)
    for fact in open_facts:
        for section in (tumour, background, fitness):
            if fact in section:
                section[fact] = NOT_YET
    return {
        "tumour": tumour,
        "metastases": metastases,
        "metastases_complete": knowledge != "little" and "liver_metastases" not in open_facts,
        "drivers": drivers,
        "background": background,
        "fitness": fitness,
        "biomarkers": tuple(biomarkers),
    }


def _tnm(text: str, edition: str, rng: Random) -> dict[str, Any]:
    t, n, m = rng.choice(TNM[text][edition])
    return {"tnm_basis": "c", "t_category": t, "n_category": n, "m_category": m}


def _sites(stage: str, liver: bool, rng: Random) -> dict[str, Any]:
    """Return the sites told of: the liver always, others where there is something."""
    if stage != "IV":
        return {"liver": False}
    found: dict[str, Any] = {site: True for site, share in SITES if rng.random() < share}
    if found.get("brain") and rng.random() < 0.5:
        found["brain"] = "two lesions, irradiated"
    return {"liver": liver, **found}


def _drivers(altered: bool, words: str, rng: Random) -> dict[str, Any]:
    """Return a panel of all genes, or the three that are always tested."""
    tested = GENES if rng.random() < 0.7 else GENES[:3]
    found: dict[str, Any] = dict.fromkeys(tested, "negative")
    if altered:
        gene = rng.choice(tuple(FOUND))
        found[gene] = FOUND[gene]
    elif words == "KRAS G12C":
        found["KRAS_G12C"] = "positive"
    if len(tested) < len(GENES):
        found["MET"] = "not_tested"
    return found | ({"other": words} if words and words != "KRAS G12C" else {})


def _background(known: dict[str, Any], rng: Random) -> dict[str, Any]:
    smoking = rng.choice(("never", "former", "former", "former", "current"))
    heart = rng.random() < 0.15
    found: dict[str, Any] = {
        "smoking": smoking,
        "pack_years": NOT_APPLICABLE if smoking == "never" else rng.randrange(10, 61, 5),
        "transplant": "none",
        "hepatitis_b": rng.choice(("never", "never", "never", "past")),
        "hepatitis_c": "never",
        "heart_disease": heart,
        "pregnancy": NOT_APPLICABLE,
    }
    if heart:
        found["heart_text"] = "Coronary disease, stent in 2019"
    if known["autoimmune_disease"]:
        found["autoimmune_text"] = rng.choice(("Psoriasis", "Hashimoto's thyroiditis"))
    if rng.random() < 0.5:
        found["comorbidities"] = rng.choice(ILLNESSES)
    if rng.random() < 0.6:
        found["preference"] = rng.choice(WISHES)
    return found


def _biomarkers(referred: date, open_facts: set[str], rng: Random) -> list[dict[str, Any]]:
    found = [_pdl1("before", rng)]
    if "pdl1_tps_recent" in open_facts:
        found.append({"kind": "pdl1_tps", "timing": "after", "state": "not_yet"})
    elif rng.random() < 0.5:
        month = referred - timedelta(days=40)
        found.append(_pdl1("after", rng) | {"sampled": f"{month:%B %Y}"})
    if rng.random() < 0.4:
        tmb = rng.randint(1, 32)
        found.append(
            {"kind": "tmb", "timing": "before", "low": tmb, "high": tmb, "entered": f"{tmb} mut/Mb",
             "assay": "FoundationOne CDx"}
        )  # fmt: skip
    return found


def _pdl1(timing: str, rng: Random) -> dict[str, Any]:
    value = rng.choice((None, 0, 1, 5, 20, 45, 50, 60, 75, 90, 100))
    row = {"kind": "pdl1_tps", "timing": timing, "assay": rng.choice(("22C3", "SP263", "28-8"))}
    if value is None:
        return row | {"low": 0, "high": 1, "entered": "< 1 %"}
    return row | {"low": value, "high": value, "entered": f"{value} %"}
