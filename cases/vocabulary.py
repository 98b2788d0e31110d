"""Words of the clinical record: organs, irAE entities, drugs, reasons. One code per concept."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Specialty

# What stands in modules of its own is a word of the record all the same.
from cases.lists import Drug as Drug
from cases.lists import Entity as Entity
from cases.lists import current
from cases.lists import drug_problems as drug_problems
from cases.organs import ELSEWHERE as ELSEWHERE
from cases.organs import ENDOCRINE as ENDOCRINE
from cases.organs import NEUROLOGICAL as NEUROLOGICAL
from cases.organs import ORGANS_OF_EVENTS as ORGANS_OF_EVENTS
from cases.organs import ORGANS_OF_UNLISTED as ORGANS_OF_UNLISTED
from cases.organs import UNTOLD as UNTOLD
from cases.organs import Organ as Organ
from evidence.errata_guard import plain

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


def drugs() -> dict[str, Drug]:
    """Return the ICI drugs by code, those no longer offered among them."""
    return current().drugs


def offered_drugs(*also: object) -> list[Drug]:
    """Return the drugs that a form offers, and those of the codes `also`, which it shows as chosen."""
    return [drug for drug in drugs().values() if drug.offered or drug.code in also]


def names_ici(text: str) -> bool:
    """Whether a text names a drug of the list, or an antibody against CTLA-4, PD-1 or PD-L1."""
    words = plain(text)
    names = "|".join(re.escape(drug.label.lower()) for drug in drugs().values())
    return bool(re.search(rf"\b(?:{names})|\banti (?:ctla 4|pd l?1|pd l 1)\b", words))


def entities() -> dict[str, Entity]:
    """Return the irAE entities by code, those no longer offered among them."""
    return current().entities


def offered_entities(*also: object) -> list[Entity]:
    """Return the irAEs that a form offers, and those of the codes `also`, which it shows as chosen."""
    return [entity for entity in entities().values() if entity.offered or entity.code in also]


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


def is_unread(code: str) -> bool:
    """Whether no fact and no rule goes by the name of an irAE: it is outside the list, or curators have added it.

    What such an event was is certain to whoever entered it, not to what was written before it had a name.
    """
    entity = entities().get(code)
    return entity is None or entity.unspecified or entity.added


def has_no_organ(entity: str, organ: str) -> bool:
    """Whether an event that no rule names is of no one organ: nobody asked, it were several, or it cannot be told."""
    return is_unread(entity) and organ in (Organ.OTHER, UNTOLD)


def may_be_of(entity: str, organ: str, organs: Iterable[str]) -> bool:
    """Whether an event may be a disease of one of `organs` that rules name: one that they do not name may be any.

    Its name is not read: of an organ that it affected, or may have affected, it rules out no disease. Which diseases it
    may be in whatever organ it stands: `derivations.hidden`.
    """
    return is_unread(entity) and (has_no_organ(entity, organ) or organ in organs)


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


def disease_name(family: str) -> str:
    """Return the name of a disease: that of its event, or of the first one where none is called like it."""
    named = entities().get(family)
    events = (entity.name for entity in entities().values() if entity.family == family)
    return named.name if named is not None else next(events, family)


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


def are_listed(codes: Iterable[str]) -> bool:
    """Whether the list has each of these drugs: of one that it does not have, nobody knows against what it is."""
    return all(code in drugs() for code in codes)


def drug_targets(codes: list[str]) -> set[str]:
    """Return the targets ("PD-1", "PD-L1", "CTLA-4", ...) of the given drugs."""
    return {target for c in codes if c in drugs() for target in drugs()[c].target.split("+")}
