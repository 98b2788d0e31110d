"""Patients, cases and the clinical history."""

from cases.models.cases import Case, CaseSection, FactTask, Section
from cases.models.derived import CaseFacts
from cases.models.guidance import AttachedGuidance
from cases.models.history import (
    BiomarkerKind,
    BiomarkerResult,
    ICICourse,
    IrAE,
    PerformanceStatus,
    SampleTiming,
    SteroidCourse,
    SteroidDrug,
    Tumour,
)
from cases.models.patients import Patient, PatientAccess, PatientIdentity, Provenance, Sex
from cases.models.work import Draft, SavedSearch

__all__ = [
    "AttachedGuidance",
    "BiomarkerKind",
    "BiomarkerResult",
    "Case",
    "CaseFacts",
    "CaseSection",
    "Draft",
    "FactTask",
    "ICICourse",
    "IrAE",
    "Patient",
    "PatientAccess",
    "PatientIdentity",
    "PerformanceStatus",
    "Provenance",
    "SampleTiming",
    "SavedSearch",
    "Section",
    "Sex",
    "SteroidCourse",
    "SteroidDrug",
    "Tumour",
]
