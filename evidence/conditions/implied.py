"""What one fact says of another, in every case: by this a condition over several facts can be one that no case meets.

Only what the derivations can never contradict stands here, whatever was entered: each fact of a pair is told from the
same events, and what is not known of one leaves the other open. What persons may enter otherwise does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import permutations
from typing import Any

from evidence.conditions.cause_facts import AFTER_AGENT, AFTER_CLASS
from evidence.conditions.disease_facts import NOW, WORST
from evidence.conditions.specs import FactSpec
from evidence.conditions.vocabulary import FACTS

_ORGANS_NOW = tuple(key.removesuffix("_grade_now") for key, _label, _question in NOW)
_AFTER = tuple(key for key, _label, _question in AFTER_CLASS)
_WORST_OF = (
    "pneumonitis", "colitis", "hepatitis", "nephritis", "endocrine", "skin", "neurological", "arthritis",
    "infusion_reaction", "endocrine_uncontrolled", "haematological", "myositis", "uveitis", "pancreatitis",
    "vasculitis", "haemolysis", "aplastic_anaemia",
)  # fmt: skip

NEVER_ABOVE: tuple[tuple[str, str], ...] = (
    *((f"{organ}_worst_grade", "irae_worst_grade") for organ in _WORST_OF),
    *((key, "irae_worst_grade") for key, _label, _question in WORST),
    ("irae_worst_grade_nonendocrine", "irae_worst_grade"),
    *(
        (f"{organ}_worst_grade", "irae_worst_grade_nonendocrine")
        for organ in ("hepatitis", "nephritis", "skin", "neurological", "haematological", "vasculitis", "heart")
    ),
    *((f"{organ}_worst_grade", "endocrine_worst_grade") for organ in ("thyroid", "adrenal", "pituitary")),
    ("endocrine_uncontrolled_worst_grade", "endocrine_worst_grade"),
    ("irae_grade_now", "irae_worst_grade"),
    *((f"{organ}_grade_now", "irae_grade_now") for organ in _ORGANS_NOW),
    *((f"{organ}_grade_now", f"{organ}_worst_grade") for organ in _ORGANS_NOW),
    *((f"{organ}_grade_now", "endocrine_grade_now") for organ in ("adrenal", "pituitary")),
    *((key, "irae_worst_grade") for key in _AFTER),
    *((key, f"{key.split('_after_')[0]}_worst_grade") for key in _AFTER),
    ("irae_after_combination_worst_grade", "irae_after_ctla4_worst_grade"),
    *((key, f"irae_after_{key.split('_after_')[1]}") for key in _AFTER if key.endswith("_after_ctla4_worst_grade")),
    ("colitis_recurrence_grade", "colitis_worst_grade"),
    ("pneumonitis_recurrence_grade", "pneumonitis_worst_grade"),
)  # fmt: skip
"""A grade and another that it is never above."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a fact may say: one of `values`; a number, one of at least 1; with `values` None any value at all."""

    fact: str
    values: tuple[Any, ...] | None = (True,)

    @property
    def spec(self) -> FactSpec:
        """The vocabulary's entry for the fact."""
        return FACTS[self.fact]

    def by(self, value: Any) -> bool:
        """Whether a value of the fact says it."""
        if self.values is None:
            return True
        return value >= 1 if self.spec.kind == "number" else value in self.values


ANY = None


def _each(then: str, *facts: str, values: tuple[Any, ...] | None = (True,)) -> Iterator[Any]:
    """Each of `facts` implies `then`."""
    return ((Said(fact, values), Said(then)) for fact in facts)


_LIVER = (
    "alt_ast_peak_x_uln", "alt_ast_peak_x_baseline", "alt_ast_baseline_x_uln", "bilirubin_peak_x_uln",
    "liver_tumour_at_hepatitis", "alt_ast_rise_lasted_week",
)  # fmt: skip
_OF_AN_EVENT = (
    "irae_resolved", "irae_agent_again", "irae_class_again", "worst_irae_days", "first_irae_days", "spo2_lowest",
    "dlco", "ck_peak_x_uln", "calprotectin_now", "eye_active_now", "joint_erosions", "lipase_peak_x_uln",
    "pancreas_pain",
)  # fmt: skip
_OF_A_COURSE = (
    "stop_reason", "progression_timing", "prior_setting", "best_response", "ici_free_days", "last_ici_dose_on",
    "prior_ici_days", "resistance_review", "resistance_sitc", "resistance_24_weeks", "oligoprogression",
)  # fmt: skip
_PROGRESSED = ("on_treatment", "after_stop")
_RESISTANT = ("primary", "acquired", "late_relapse")
# By the definition and the kind of resistance every best response with which it is that.
_RESPONSES = {
    "resistance_review": {"primary": ("PD",), "acquired": ("CR", "PR")},
    "resistance_sitc": {"primary": ("SD", "PD"), "acquired": ("CR", "PR", "SD")},
}
_AGENTS = {
    "pd1": ("pembrolizumab", "nivolumab", "cemiplimab"),
    "pdl1": ("atezolizumab", "durvalumab"),
    "ctla4": ("ipilimumab", "tremelimumab"),
}

IMPLIES: tuple[tuple[Said, Said], ...] = (
    (Said("irae_any"), Said("irae_worst_grade")),
    (Said("irae_worst_grade"), Said("irae_any")),
    (Said("myocarditis_any"), Said("myocarditis_worst_grade")),
    (Said("myocarditis_worst_grade"), Said("myocarditis_any")),
    *_each(
        "gbs_encephalitis_myelitis_any",
        "guillain_barre_worst_grade",
        "encephalitis_worst_grade",
        "myelitis_worst_grade",
    ),
    *_each("irae_any", "sjs_ten_dress_any", "gbs_encephalitis_myelitis_any", "ttp_any", "hus_any"),
    *_each("irae_any", *(key for key, _label, _question in AFTER_AGENT)),
    # What an irAE followed was given: an agent, its class, a course.
    *(
        pair
        for name, agents in _AGENTS.items()
        for pair in _each(
            f"irae_after_{name}_worst_grade", *(f"irae_after_{agent}" for agent in agents)
        )
    ),
    *_each("prior_includes_ctla4", *(key for key in _AFTER if "_after_ctla4_" in key)),
    *_each(
        "prior_includes_pd1_pdl1",
        "irae_after_pd1_worst_grade",
        "irae_after_pdl1_worst_grade",
        "irae_after_combination_worst_grade",
        *(key for key in _AFTER if "_after_pd1_pdl1_" in key),
    ),
    *_each("prior_courses", *_AFTER, *(key for key, _label, _question in AFTER_AGENT)),
    *_each("irae_any", "irae_recurrent"),
    *_each("irae_recurrent", "irae_recurrent_unreplaced"),
    *_each("irae_recurrent", "colitis_recurrent", "pneumonitis_recurrent"),
    *_each("colitis_worst_grade", "colitis_recurrent"),
    *_each("pneumonitis_worst_grade", "pneumonitis_recurrent"),
    *_each("colitis_recurrent", "colitis_recurrence_grade", values=ANY),
    *_each("pneumonitis_recurrent", "pneumonitis_recurrence_grade", values=ANY),
    *_each("irae_any", *_OF_AN_EVENT, values=ANY),
    *_each("hepatitis_worst_grade", *_LIVER, values=ANY),
    *_each("nephritis_worst_grade", "creatinine_now_x_baseline", values=ANY),
    *_each("heart_worst_grade", "lvef_now", values=ANY),
    *_each("haematological_worst_grade", "blood_transfused", values=ANY),
    *_each("vasculitis_worst_grade", "vessel_threatened", values=ANY),
    *_each("endocrine_worst_grade", "ketoacidosis_any", values=ANY),
    *_each("irae_contributed", "stop_reason", values=("irae",)),
    *_each("prior_courses", *_OF_A_COURSE, values=ANY),
    *_each("prior_courses", "irae_contributed", "prior_includes_ctla4", "prior_includes_pd1_pdl1"),
    *_each("proposed_includes_ctla4", "proposed_regimen", values=("pd_ctla4_combination",)),
    *_each(
        "proposed_includes_pd1_pdl1",
        "proposed_regimen",
        values=("pd_ctla4_combination", "switch_pd1_pdl1"),
    ),
    *(
        pair
        for key in ("resistance_review", "resistance_sitc", "resistance_24_weeks")
        for pair in (
            (Said(key, ("none",)), Said("progression_timing", ("none",))),
            (
                Said(key, _RESISTANT),
                Said("progression_timing", _PROGRESSED),
            ),
        )
    ),
    *(
        (Said(key, (kind,)), Said("best_response", responses))
        for key, kinds in _RESPONSES.items()
        for kind, responses in kinds.items()
    ),
    (Said("oligoprogression", ANY), Said("progression_timing", _PROGRESSED)),
    # Late is later than 12 weeks after the last dose; the 24 weeks are those of progression on treatment.
    (
        Said("resistance_sitc", ("late_relapse",)),
        Said("progression_timing", ("after_stop",)),
    ),
    (
        Said("resistance_24_weeks", _RESISTANT),
        Said("progression_timing", ("on_treatment",)),
    ),
)
"""What is said of one fact, and what is so of another because of it."""


def _above() -> dict[str, frozenset[str]]:
    """By each grade every other that it is never above, however many lie between."""
    direct: dict[str, set[str]] = {}
    for low, high in NEVER_ABOVE:
        if low != high:
            direct.setdefault(low, set()).add(high)
    return {low: frozenset(_reached(low, direct)) for low in direct}


def _reached(start: Any, direct: dict[Any, set[Any]]) -> set[Any]:
    found: set[Any] = set()
    waiting = [start]
    while waiting:
        new = direct.get(waiting.pop(), set()) - found - {start}
        found |= new
        waiting += new
    return found


def _implied() -> dict[Said, frozenset[Said]]:
    """By everything that may be said all that follows from it, a grade of at least 1 of what is never below it too."""
    direct: dict[Said, set[Said]] = {}
    for low, high in NEVER_ABOVE:
        direct.setdefault(Said(low), set()).add(Said(high))
    for one, other in IMPLIES:
        direct.setdefault(one, set()).add(other)
    for said in list(direct):
        if said.values is not ANY:
            direct[said].add(Said(said.fact, ANY))
    return {said: frozenset(_reached(said, direct)) for said in direct}


ABOVE = _above()
IMPLIED = _implied()
_BY_FACT: dict[str, tuple[Said, ...]] = {}
for _said in IMPLIED:
    _BY_FACT[_said.fact] = (*_BY_FACT.get(_said.fact, ()), _said)
RELATED = frozenset({*_BY_FACT, *(said.fact for all_of in IMPLIED.values() for said in all_of)})
"""Every fact of which another says something, or that says something of another."""

# What may be of no case: a fact that does not apply makes no comparison true, and says nothing of another.
MAY_NOT_APPLY = frozenset(said.fact for said in IMPLIED if said.values is ANY) | {
    said.fact for said in IMPLIED if said.spec.kind == "choice"
}


@dataclass(frozen=True, slots=True)
class Relation:
    """What one fact says of another: a pair of what is said, or of grades that the first is never above the second."""

    one: str
    other: str
    pair: tuple[Said, Said] | None = None

    def allows(self, one: str, value: Any, other: str, beside: Any) -> bool:
        """Whether a case may have both values, as `agree`, as far as this relation goes."""
        if (one, other) != (self.one, self.other):
            value, beside = beside, value
        if self.pair is None:
            return bool(value <= beside)
        when, then = self.pair
        return not when.by(value) or then.by(beside)


def agree(one: str, value: Any, other: str, beside: Any) -> bool:
    """Whether a case may have both values: of one fact, and of another."""
    return not (_denies(one, value, other, beside) or _denies(other, beside, one, value))


def _denies(one: str, value: Any, other: str, beside: Any) -> bool:
    if other in ABOVE.get(one, ()) and value > beside:
        return True
    return any(
        said.by(value) and any(then.fact == other and not then.by(beside) for then in IMPLIED[said])
        for said in _BY_FACT.get(one, ())
    )


def relations(facts: Iterable[str]) -> Iterator[Relation]:
    """Yield what each of `facts` says of each other."""
    for one, other in permutations(dict.fromkeys(facts), 2):
        if other in ABOVE.get(one, ()):
            yield Relation(one, other)
            continue
        found = ((x, y) for x in _BY_FACT.get(one, ()) for y in IMPLIED[x] if y.fact == other)
        yield from (Relation(one, other, pair) for pair in found)
