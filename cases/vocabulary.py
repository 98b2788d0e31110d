"""Words of the clinical record: organs, irAE entities, drugs, reasons. One code per concept."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from accounts.models import Specialty
from evidence.errata_guard import of_drug, plain

DATA = Path(__file__).parent / "data"


class Organ(models.TextChoices):
    """The organ an irAE affects."""

    LUNG = "lung", _("Lung")
    COLON = "colon", _("Bowel")
    LIVER = "liver", _("Liver")
    THYROID = "thyroid", _("Thyroid")
    PITUITARY = "pituitary", _("Pituitary")
    ADRENAL = "adrenal", _("Adrenal")
    ENDOCRINE_PANCREAS = "endocrine_pancreas", _("Endocrine pancreas")
    KIDNEY = "kidney", _("Kidney")
    SKIN = "skin", _("Skin and mucosa")
    HEART = "heart", _("Heart")
    MUSCLE = "muscle", _("Muscle")
    NERVE = "nerve", _("Nerve and neuromuscular junction")
    BRAIN = "brain", _("Brain and spinal cord")
    JOINT = "joint", _("Joints")
    BLOOD = "blood", _("Blood")
    EYE = "eye", _("Eye")
    PANCREAS = "pancreas", _("Exocrine pancreas")
    VESSEL = "vessel", _("Vessels")
    OTHER = "other", _("Other")


# What is said of the organ of an event outside the list: another one than those above, or that it was several or nobody
# can tell. In such a row "other" means that nobody was asked.
ELSEWHERE, UNTOLD = "elsewhere", "untold"
ORGANS_OF_UNLISTED: list[tuple[str, Any]] = [
    *(choice for choice in Organ.choices if choice[0] != Organ.OTHER),
    (ELSEWHERE, _("Another organ than these")),
    (UNTOLD, _("Several organs, or cannot be told")),
]
ORGANS_OF_EVENTS: list[tuple[str, Any]] = [*Organ.choices, *ORGANS_OF_UNLISTED[-2:]]
ENDOCRINE = frozenset({Organ.THYROID, Organ.PITUITARY, Organ.ADRENAL, Organ.ENDOCRINE_PANCREAS})
NEUROLOGICAL = frozenset({Organ.NERVE, Organ.BRAIN})

# Which organ calls for which specialists; any one of them will do.
SPECIALISTS: dict[str, tuple[Specialty, ...]] = {
    Organ.LUNG: (Specialty.RESPIRATORY,),
    Organ.COLON: (Specialty.GASTROENTEROLOGY,),
    Organ.LIVER: (Specialty.HEPATOLOGY, Specialty.GASTROENTEROLOGY),
    Organ.PANCREAS: (Specialty.HEPATOLOGY, Specialty.GASTROENTEROLOGY),
    Organ.HEART: (Specialty.CARDIOLOGY,),
    Organ.THYROID: (Specialty.ENDOCRINOLOGY,),
    Organ.PITUITARY: (Specialty.ENDOCRINOLOGY,),
    Organ.ADRENAL: (Specialty.ENDOCRINOLOGY,),
    Organ.ENDOCRINE_PANCREAS: (Specialty.ENDOCRINOLOGY,),
    Organ.KIDNEY: (Specialty.NEPHROLOGY,),
    Organ.SKIN: (Specialty.DERMATOLOGY,),
    Organ.NERVE: (Specialty.NEUROLOGY,),
    Organ.MUSCLE: (Specialty.NEUROLOGY,),
    Organ.BRAIN: (Specialty.NEUROLOGY,),
    Organ.JOINT: (Specialty.RHEUMATOLOGY,),
    Organ.VESSEL: (Specialty.RHEUMATOLOGY,),
    Organ.BLOOD: (Specialty.HAEMATOLOGY,),
    Organ.EYE: (Specialty.OPHTHALMOLOGY,),
}


class StopReason(models.TextChoices):
    """Why an ICI was stopped."""

    IRAE = "irae", _("Immune-related adverse event")
    PROGRESSION = "progression", _("Progression")
    COMPLETED = "completed", _("Planned course completed")
    TOXICITY = "toxicity", _("Other toxicity")
    PATIENT_CHOICE = "patient_choice", _("Patient's choice")
    OTHER = "other", _("Other")


class ProgressionTiming(models.TextChoices):
    """When the cancer progressed, as seen from the ICI."""

    ON_TREATMENT = "on_treatment", _("On treatment")
    AFTER_STOP = "after_stop", _("After the ICI was stopped")
    NONE = "none", _("No progression")


class Regimen(models.TextChoices):
    """What is proposed, seen from the ICI given before."""

    SAME_AGENT = "same_agent", _("Same agent")
    OTHER_AGENT = "other_agent_same_target", _("Other agent, same target")
    SWITCH = "switch_pd1_pdl1", _("Switch between PD-1 and PD-L1")
    CTLA4 = "pd_ctla4_combination", _("PD-(L)1 with anti-CTLA-4")
    CHEMOTHERAPY = "ici_chemotherapy", _("ICI with chemotherapy")
    ANTIANGIOGENIC = "ici_antiangiogenic", _("ICI with anti-angiogenic")
    BISPECIFIC = "bispecific", _("Bispecific antibody")
    OTHER = "other", _("Other or trial")


class BestResponse(models.TextChoices):
    """Best overall response, RECIST 1.1."""

    CR = "CR", _("Complete response (CR)")
    PR = "PR", _("Partial response (PR)")
    SD = "SD", _("Stable disease (SD)")
    PD = "PD", _("Progressive disease (PD)")
    NE = "NE", _("Not evaluable (NE)")


class Histology(models.TextChoices):
    """Histology of NSCLC."""

    ADENOCARCINOMA = "adenocarcinoma", _("Adenocarcinoma")
    SQUAMOUS = "squamous", _("Squamous cell carcinoma")
    LARGE_CELL = "large_cell", _("Large cell carcinoma")
    NOS = "nos", _("NSCLC, not otherwise specified")
    OTHER = "other", _("Other")


class Resolution(models.TextChoices):
    """How an irAE went on."""

    ONGOING = "ongoing", _("Ongoing")
    RESOLVED = "resolved", _("Resolved")
    ON_REPLACEMENT = "on_replacement", _("Controlled on replacement")
    FATAL = "fatal", _("Fatal")


TNM_EDITIONS = [("7", _("7th")), ("8", _("8th")), ("9", _("9th"))]
CTCAE_VERSIONS = [("5.0", "CTCAE 5.0"), ("6.0", "CTCAE 6.0")]
# Of a grade that is told without the version by which it was given.
UNSTATED = "none"
VERSIONS_OF_GRADES = [*CTCAE_VERSIONS, (UNSTATED, _("CTCAE version not stated"))]


@dataclass(frozen=True)
class Drug:
    """An ICI: code, target and WHO ATC code (empty where none is assigned).

    `dose` is the usual one in NSCLC, empty where it is not known; `dose_mark` says how it is known. `brands` are the
    names under which it is sold, as far as they are known with certainty.
    """

    code: str
    label: str
    target: str
    atc: str
    dose: str = ""
    dose_mark: str = ""
    brands: tuple[str, ...] = ()
    # Whether the class alone is known: it may be any agent against the target.
    unnamed: bool = False

    @property
    def drug_class(self) -> str:
        """The class by what the drug is directed against."""
        return (
            _("bispecific %(targets)s") % {"targets": self.target.replace("+", " x ")}
            if ("+" in self.target)
            else _("anti-%(target)s") % {"target": self.target}
        )

    @property
    def name(self) -> str:
        """The name in the page's language; the label is the code list's own English."""
        return pgettext("drug", self.label)

    @property
    def dose_words(self) -> str:
        """The usual dose in the page's language."""
        return pgettext("drug dose", self.dose) if self.dose else ""

    @property
    def dose_mark_words(self) -> str:
        """How the usual dose is known, in the page's language."""
        return pgettext("drug dose", self.dose_mark) if self.dose_mark else ""


@dataclass(frozen=True)
class Entity:
    """An irAE of the product's own list and the CTCAE terms by which it is graded.

    `terms` maps a CTCAE version to (term, MedDRA LLT code); a version without a term is not there.
    `family` is the disease: recurrent colitis may be entered as diarrhoea, hepatitis by ALT or by AST.
    `grades` maps a CTCAE version to the lowest and the highest grade of the term; `may_be` maps one to what a grade
    of it may be at most by the version that the rules read.
    """

    code: str
    label: str
    organ: Organ
    terms: dict[str, tuple[str, str]]
    family: str
    grades: dict[str, tuple[int, int]]
    may_be: dict[str, dict[int, int]]
    # Whether it is no one disease: what it was has to be said in words.
    unspecified: bool = False
    # What else it is called: whoever types such a name means it.
    synonyms: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name in the page's language; the label is the code list's own English."""
        return pgettext("irAE", self.label)


@cache
def drugs() -> dict[str, Drug]:
    """Return the ICI drugs by code. Source: WHO ATC/DDD index 2026.

    Raises ValueError where the list names as an ICI what is none (erratum E01).
    """
    rows = json.loads((DATA / "drugs.json").read_text())["drugs"]
    listed = (Drug(**{**row, "brands": tuple(row.get("brands", ()))}) for row in rows)
    found = {drug.code: drug for drug in listed}
    if refused := drug_problems(found.values()):
        raise ValueError("\n".join(refused))
    return found


def names_ici(text: str) -> bool:
    """Whether a text names a drug of the list, or an antibody against CTLA-4, PD-1 or PD-L1."""
    words = plain(text)
    names = "|".join(re.escape(drug.label.lower()) for drug in drugs().values())
    return bool(re.search(rf"\b(?:{names})|\banti (?:ctla 4|pd l?1|pd l 1)\b", words))


def drug_problems(list_of_icis: Iterable[Drug]) -> list[str]:
    """Return in words which drugs of a list are no ICI; a patient may take them all the same."""
    return [
        f"{drug.code}: {each.message}"
        for drug in list_of_icis
        for each in of_drug(drug.code, drug.label, drug.target, drug.atc)
    ]


@cache
def entities() -> dict[str, Entity]:
    """Return the irAE entities by code. Source of terms and codes: CTCAE 5.0 and 6.0, MedDRA LLT."""
    rows = json.loads((DATA / "irae_entities.json").read_text())["entities"]
    return {
        row["code"]: Entity(
            row["code"],
            row["label"],
            Organ(row["organ"]),
            {version: (term, code) for version, (term, code) in row["terms"].items()},
            row["family"],
            {version: (low, high) for version, (low, high) in row["grades"].items()},
            {
                version: {int(grade): highest for grade, highest in moved.items()}
                for version, moved in row.get("may_be", {}).items()
            },
            row.get("unspecified", False),
            tuple(row.get("synonyms", ())),
        )
        for row in rows
    }


def grades_of(code: str, version: str) -> tuple[int, int]:
    """Return the lowest and highest grade of an irAE's term; 1 to 5 where the list does not know it.

    Without a version they are those of all versions together.
    """
    entity = entities().get(code)
    if entity is not None and version == UNSTATED:
        lows, highs = zip(*entity.grades.values(), strict=True)
        return min(lows), max(highs)
    return entity.grades.get(version, (1, 5)) if entity else (1, 5)


def highest_by_rules(code: str, version: str, grade: int) -> int:
    """Return the highest grade that the CTCAE version which the rules read may give to what `version` gives `grade`.

    Where no version is stated it is the highest of what any version may mean.
    """
    entity = entities().get(code)
    if entity is None:
        return grade
    versions = entity.terms if version == UNSTATED else (version,)
    return max(entity.may_be.get(v, {}).get(grade, grade) for v in versions)


def lowest_grade(code: str, version: str) -> int:
    """Return the lowest grade of an entity by a CTCAE version, by any version where none is stated."""
    entity = entities().get(code)
    grades = entity.grades if entity is not None else {}
    found = [grades[version]] if version in grades else grades.values()
    return min((low for low, _high in found), default=1)


def organ_label(code: str) -> str:
    """Return an organ's name in the middle of a sentence."""
    return str(dict(ORGANS_OF_EVENTS)[code]).lower()


def asked_under(organ: str) -> str:
    """Return under which organ of the organ review an event of `organ` is told."""
    return str(Organ.OTHER) if organ in (ELSEWHERE, UNTOLD) else organ


def drug_label(code: str) -> str:
    """Return the drug's name, or the code itself where the list does not know it."""
    drug = drugs().get(code)
    return drug.name if drug else code


def entity_label(code: str) -> str:
    """Return the irAE's name, or the code itself where the list does not know it."""
    entity = entities().get(code)
    return entity.name if entity else code


def event_name(row: Any) -> str:
    """Return the name of an irAE of the record: of another event with what it was."""
    label = entity_label(row.entity)
    return f"{label}: {row.entity_text}" if row.entity_text else label


def is_unspecified(code: str) -> bool:
    """Whether an irAE entity is no one disease, so that two such events say nothing of each other."""
    entity = entities().get(code)
    return entity is not None and entity.unspecified


def has_no_organ(entity: str, organ: str) -> bool:
    """Whether an event outside the list is of no one organ: nobody asked, it were several, or it cannot be told."""
    return is_unspecified(entity) and organ in (Organ.OTHER, UNTOLD)


def may_be_of(entity: str, organ: str, organs: Iterable[str]) -> bool:
    """Whether an event may be a disease of one of `organs` that the list has: one outside the list may be any.

    Its name is not read: of an organ that it affected, or may have affected, it rules out no disease. Which diseases it
    may be in whatever organ it stands: `derivations.hidden`.
    """
    return is_unspecified(entity) and (has_no_organ(entity, organ) or organ in organs)


def version_words(version: str) -> str:
    """Return by which CTCAE version a grade was given, or that none was stated; empty where there is no grade."""
    if version == UNSTATED:
        return str(dict(VERSIONS_OF_GRADES)[UNSTATED])
    return f"CTCAE {version}" if version else ""


def entity_in_words(code: str) -> str:
    """Return the label of an entity as it stands within a sentence; abbreviations keep their capitals."""
    name = entity_label(code)
    return name[:1].lower() + name[1:] if name[1:2].islower() else name


def family_of(code: str) -> str:
    """Return the disease that an irAE entity belongs to; the code itself where the list does not know it."""
    entity = entities().get(code)
    return entity.family if entity else code


def is_sequel(first: str, then: str, highest: int | None) -> bool:
    """Whether an event of entity `then` after one of `first` is the same event going on, and no return of it.

    A gland that was inflamed fails: hypothyroidism after hyperthyroidism. Lipase may stay raised after
    pancreatitis; up to grade 2 (`highest` is the most its grade can be) it is raised without symptoms.
    """
    if first == then or family_of(first) != family_of(then):
        return False
    if (first, then) == ("pancreatitis", "lipase"):
        return highest is not None and highest <= 2
    entity = entities().get(then)
    return entity is not None and entity.organ in ENDOCRINE


def is_bispecific(code: str) -> bool:
    """Return whether a drug is one antibody against two targets."""
    return code in drugs() and "+" in drugs()[code].target


def may_be(code: str) -> str:
    """Return of an agent whose name is not known the target, so that it may be any agent against it; else ""."""
    return drugs()[code].target if code in drugs() and drugs()[code].unnamed else ""


def drug_targets(codes: list[str]) -> set[str]:
    """Return the targets ("PD-1", "PD-L1", "CTLA-4", ...) of the given drugs."""
    return {target for c in codes if c in drugs() for target in drugs()[c].target.split("+")}
