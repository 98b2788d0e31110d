"""The vocabulary described for whoever writes conditions: where each fact comes from, and what not knowing it means."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from evidence.conditions.specs import FactSpec
from evidence.conditions.specs import gettext_noop as _
from evidence.conditions.tree import OPERATORS
from evidence.conditions.vocabulary import GROUPS


@dataclass(frozen=True, slots=True)
class Origin:
    """Of a group of facts: its heading, where in the record they come from, and what it means that one is not known."""

    title: str
    source: str
    unknown: str


@dataclass(frozen=True, slots=True)
class Described:
    """One group with its facts."""

    origin: Origin
    facts: tuple[FactSpec, ...]


ORIGINS = {
    "stop": Origin(
        _("Why the ICI was stopped"),
        _("The ICI course in question: the last that was stopped."),
        _("Nobody said it of that course, or there is no course yet."),
    ),
    "proposal": Origin(
        _("What is proposed, and the disease today"),
        _("The question of the case; contributing reasons are those of every course."),
        _("The proposal, its drugs or the reasons of some course are not entered."),
    ),
    "history": Origin(
        _("Earlier ICI courses"),
        _("The list of ICI courses, and what follows from their days and responses."),
        _("A day, a drug or a response is not told; “none” needs the list to be called complete."),
    ),
    "irae": Origin(
        _("Immune-related adverse events and steroids"),
        _("The list of irAEs with their grades, the organ review, and the list of steroids."),
        _(
            "An irAE has no grade, an organ was not asked about, or what was said holds no more. “None” needs the organ"
            " to have been asked about; no steroid needs a list called complete in the last 14 days."
        ),
    ),
    "cause": Origin(
        _("What the irAEs followed"),
        _(
            "The course that each irAE came during or after, the drugs of that course, and the drugs proposed. Of"
            " several irAEs that followed different agents none stands for the others."
        ),
        _(
            "Nobody said which course an irAE followed and the courses differ, a course or the proposal has no drugs,"
            " or an organ was not asked about."
        ),
    ),
    "dossier": Origin(
        _("Findings of an irAE, and its treatment"),
        _("The dossier of each irAE, and laboratory results with the patient's baseline."),
        _("The item or the result is not entered for every irAE of the organ."),
    ),
    "fitness": Origin(
        _("The patient"),
        _("The birth date, the performance status and the background."),
        _("It was not entered."),
    ),
    "tumour": Origin(
        _("The tumour"),
        _("The tumour section: sites, drivers and biomarkers; NLR from laboratory results."),
        _(
            "It was not entered or not tested, or samples disagree and their days do not tell the newest."
        ),
    ),
    "blood": Origin(
        _("Indices from the blood"),
        _("Worked out from laboratory results of one sample or one day."),
        _("One of the results is not there, or they are not of one day."),
    ),
    "days": Origin(
        _("Days"),
        _("The day entered with the course, the status, the sample or the blood count."),
        _("The fact has no value, or nobody knows its day; a day known in part is two bounds."),
    ),
}

KINDS = {
    "number": _("number"),
    "flag": _("yes or no"),
    "choice": _("one of several values"),
    "date": _("day"),
}
# What each state of a fact makes of a comparison with it.
STATES = (
    (_("known"), _("The comparison is true or false; a span decides where all of it does.")),
    (_("not yet known, unknown, or never asked"), _("It cannot be told.")),
    (_("not applicable"), _("It is false, and its negation true.")),
)


def described() -> Iterator[Described]:
    """Yield every group of the vocabulary with its facts, in the order in which facts are shown."""
    for name, specs in GROUPS.items():
        yield Described(ORIGINS[name], specs)


def operators(spec: FactSpec) -> tuple[str, ...]:
    """Return the operators by which a fact may be compared."""
    return OPERATORS[spec.kind]
