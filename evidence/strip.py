"""The findings nearest to a case: same reason for stopping, same irAE, same direction of the switch.

Pure, over published statements and the facts of a case. What is near is shown in the order of what was measured and
of the review; nothing is ranked, scored or pooled. A finding whose direction is another is not near, however much it
has in common: CTLA-4 to PD-1 says nothing of PD-1 again.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evidence.choices import DIRECT_TUMOURS, AgentClass, Endpoint, IrAE, Print, Setting
from evidence.conditions import Fact, Facts, FactState

if TYPE_CHECKING:
    from evidence.models import Finding, StatementVersion

EFFICACY = (
    Endpoint.ORR, Endpoint.CR, Endpoint.PR, Endpoint.SD, Endpoint.DCR, Endpoint.PD, Endpoint.PFS,
    Endpoint.OS,
)  # fmt: skip
SAFETY = (
    Endpoint.RECURRENCE_SAME, Endpoint.RECURRENCE_ANY, Endpoint.NEW_IRAE, Endpoint.GRADE_3,
    Endpoint.TREATMENT_AE, Endpoint.DEATH, Endpoint.DISCONTINUATION, Endpoint.ROR,
)  # fmt: skip
"""What is measured, in the order in which it is shown."""

# Which fact of the case says that the patient had the irAE; a grade above 0, or yes.
HAD: dict[IrAE, tuple[str, ...]] = {
    IrAE.PNEUMONITIS: ("pneumonitis_worst_grade",),
    IrAE.COLITIS: ("colitis_worst_grade",),
    IrAE.HEPATITIS: ("hepatitis_worst_grade",),
    IrAE.NEPHRITIS: ("nephritis_worst_grade",),
    IrAE.ENDOCRINE: ("endocrine_worst_grade",),
    IrAE.SKIN: ("skin_worst_grade", "sjs_ten_dress_any"),
    IrAE.NEUROLOGICAL: ("neurological_worst_grade", "gbs_encephalitis_myelitis_any"),
    IrAE.ARTHRITIS: ("arthritis_worst_grade",),
    IrAE.MYOCARDITIS: ("myocarditis_any", "myocarditis_worst_grade"),
    IrAE.MYOSITIS: ("myositis_worst_grade",),
    IrAE.HAEMATOLOGICAL: ("haematological_worst_grade",),
    IrAE.UVEITIS: ("uveitis_worst_grade",),
    IrAE.PANCREATITIS: ("pancreatitis_worst_grade",),
    IrAE.VASCULITIS: ("vasculitis_worst_grade",),
}
# Of findings about one gland, by a word of their code: the fact that says that the patient had an irAE of that gland.
GLANDS = {
    "thyroiditis": "thyroid_worst_grade",
    "hypophysitis": "pituitary_worst_grade",
    "adrenal": "adrenal_worst_grade",
    "diabetes": "diabetes_worst_grade",
}
# No fact tells mucositis from other irAEs of skin and mucosa: its figure is near to nobody.
OF_TIMING = {
    "on_treatment": (Setting.PROGRESSION_ON,),
    "after_stop": (Setting.PROGRESSION_OFF,),
}
OF_PROPOSAL = {
    "switch_pd1_pdl1": AgentClass.PD1,
    "pd_ctla4_combination": AgentClass.BOTH,
    "ici_chemotherapy": AgentClass.CHEMOTHERAPY,
    "ici_antiangiogenic": AgentClass.ANTIANGIOGENIC,
    "bispecific": AgentClass.BISPECIFIC,
}
# Whether CTLA-4 and whether PD-(L)1 are in what was given, as the facts of all courses tell it.
TOLD = {
    AgentClass.PD1: (False, True),
    AgentClass.CTLA4: (True, False),
    AgentClass.BOTH: (True, True),
}
PD1, CTLA4 = frozenset({"PD-1", "PD-L1"}), frozenset({"CTLA-4"})
Given = Sequence[Sequence[str]]
# How the population of a share of a share begins.
_OF_THE = re.compile(r"(\d+) of the (\d+)\b")
AS_BEFORE = ("same_agent", "other_agent_same_target")


@dataclass(frozen=True, slots=True)
class Likeness:
    """What of a case decides which findings are near. `before` and `again` are None where they are not known."""

    settings: frozenset[Setting]
    had_irae: bool
    iraes: frozenset[IrAE]
    # Those for which the course in question was stopped.
    stopping: frozenset[IrAE]
    # The glands of endocrine irAEs, and those of the ones for which the course was stopped, as facts.
    glands: frozenset[str]
    stopping_glands: frozenset[str]
    before: AgentClass | None
    again: AgentClass | None
    # Facts by key without which more could be said.
    lacking: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Near:
    """The findings near to a case, each with a statement that rests on it.

    `elsewhere`: efficacy in other tumours; `other_direction`: near but for the direction of the switch.
    """

    likeness: Likeness
    efficacy: tuple[tuple[Finding, StatementVersion], ...]
    elsewhere: tuple[tuple[Finding, StatementVersion], ...]
    safety: tuple[tuple[Finding, StatementVersion], ...]
    other_direction: int

    def __bool__(self) -> bool:
        return bool(self.efficacy or self.elsewhere or self.safety)


def likeness_of(facts: Facts, given: Given = (), stopping: Collection[str] = ()) -> Likeness:
    """Return what of these facts decides which findings are near. Unknown is not no: it is lacking.

    `given`: of each course the targets of each of its drugs, of which no fact tells. `stopping`: the facts of the
    irAEs for which the course in question was stopped.
    """
    reason, timing = _value(facts, "stop_reason"), _value(facts, "progression_timing")
    settings = _settings(reason, timing, contributed=_value(facts, "irae_contributed") is True)
    iraes = frozenset(irae for irae, keys in HAD.items() if any(_had(facts, key) for key in keys))
    before, again = _classes(facts, given)
    asked = {
        "stop_reason": reason is None,
        "progression_timing": reason is not None and timing is None,
        "proposed_regimen": _value(facts, "proposed_regimen") is None,
        "prior_includes_ctla4": _value(facts, "prior_includes_ctla4") is None,
        "organs_asked": not iraes and not _value(facts, "organs_asked"),
    }
    return Likeness(
        settings=settings,
        had_irae=bool(iraes) or bool(_value(facts, "irae_any")) or Setting.IRAE in settings,
        iraes=iraes,
        stopping=frozenset(irae for irae, keys in HAD.items() if set(keys) & set(stopping)),
        glands=_glands(facts),
        stopping_glands=frozenset(GLANDS.values()) & set(stopping),
        before=before,
        again=again,
        lacking=tuple(key for key, open_ in asked.items() if open_),
    )


def _glands(facts: Facts) -> frozenset[str]:
    """Return the glands that had an irAE; where none is known, all of which it is not known that they had none."""
    keys = frozenset(GLANDS.values())
    return frozenset(k for k in keys if _had(facts, k)) or frozenset(
        key for key in keys if not _is_none(facts, key)
    )


def _gland(finding: Finding) -> str:
    """Return the fact of the gland that an endocrine finding is about, "" where it is about no one gland."""
    if finding.irae != IrAE.ENDOCRINE:
        return ""
    return next((key for word, key in GLANDS.items() if word in finding.code), "")


def _settings(reason: object, timing: object, *, contributed: bool) -> frozenset[Setting]:
    """Return why and when it was stopped, as the studies sort it.

    When the cancer progressed goes before why the ICI was stopped: whoever progressed on treatment never inherits the
    figures of completed courses, whatever the course is called.
    """
    found: set[Setting] = {Setting.IRAE} if reason == "irae" or contributed else set()
    if reason == "progression":
        either = (Setting.PROGRESSION_ON, Setting.PROGRESSION_OFF)
        return frozenset(found | set(OF_TIMING.get(str(timing), either)))
    found |= set(OF_TIMING.get(str(timing), ()))
    if reason == "completed" and timing == "after_stop":
        found.add(Setting.COMPLETED)
    return frozenset(found)


def nearest(
    versions: Iterable[StatementVersion],
    facts: Facts,
    given: Given = (),
    stopping: Collection[str] = (),
) -> Near:
    """Return the findings of published statements that are near to a case, each once."""
    like = likeness_of(facts, given, stopping)
    found = list(_findings(versions, like))
    same = [pair for pair in found if _same_direction(pair[0], like)]
    efficacy = [pair for pair in same if pair[0].endpoint in EFFICACY]
    return Near(
        likeness=like,
        efficacy=_ordered((pair for pair in efficacy if pair[0].tumour in DIRECT_TUMOURS), like),
        elsewhere=_ordered(
            (pair for pair in efficacy if pair[0].tumour not in DIRECT_TUMOURS), like
        ),
        safety=_ordered((pair for pair in same if pair[0].endpoint in SAFETY), like),
        other_direction=len(found) - len(same),
    )


def _findings(
    versions: Iterable[StatementVersion], like: Likeness
) -> Iterator[tuple[Finding, StatementVersion]]:
    seen: set[int] = set()
    for version in versions:
        for link in version.version_findings.all():
            finding = link.finding
            if finding.pk not in seen and _concerns(finding, like):
                seen.add(finding.pk)
                yield finding, version


def _concerns(finding: Finding, like: Likeness) -> bool:
    """Whether a finding is about why the ICI was stopped, or about an irAE that the patient had."""
    if finding.state == Print.NOT_INTERPRETABLE:
        return False
    if finding.endpoint in EFFICACY:
        return finding.setting in like.settings
    if finding.endpoint not in SAFETY:
        return False
    if finding.irae:
        return finding.irae in like.iraes and _gland(finding) in {"", *like.glands}
    if finding.setting == Setting.IRAE:
        return like.had_irae
    return finding.setting in like.settings


def _same_direction(finding: Finding, like: Likeness) -> bool:
    """Whether the finding's switch is the case's. A class that is not known is like none that is named."""
    return finding.initial_class in {"", like.before} and finding.rechallenge_class in {
        "", like.again,
    }  # fmt: skip


def _ordered(
    pairs: Iterable[tuple[Finding, StatementVersion]], like: Likeness
) -> tuple[tuple[Finding, StatementVersion], ...]:
    """What is about the irAE that stopped the course first, then by what was measured, then what is about one irAE.

    Then NSCLC before others, and as the statements stand. A share of a share follows what it is a share of.
    """
    order = {endpoint: place for place, endpoint in enumerate((*EFFICACY, *SAFETY))}
    found = sorted(
        pairs,
        key=lambda pair: (
            not _stopped_it(pair[0], like), order[Endpoint(pair[0].endpoint)],
            not pair[0].irae, pair[0].tumour not in DIRECT_TUMOURS,
        ),
    )  # fmt: skip
    wholes = {(f.source_id, f.numerator, f.denominator) for f, _version in found}
    shares = [pair for pair in found if _part_of(pair[0]) in wholes]
    return tuple(
        one
        for pair in found
        if pair not in shares
        for one in (pair, *(share for share in shares if _is_part(share[0], pair[0])))
    )


def _stopped_it(finding: Finding, like: Likeness) -> bool:
    """Whether a finding is about the irAE, and the gland, for which the course was stopped."""
    gland = _gland(finding)
    if gland and like.stopping_glands:
        return gland in like.stopping_glands
    return finding.irae in like.stopping


def _part_of(finding: Finding) -> tuple[int, int, int] | None:
    """What a share of a share is a share of: the study, and in "70 of the 180" those 70 of 180."""
    told = _OF_THE.match(finding.population)
    if told is None or int(told[1]) != finding.denominator:
        return None
    return (finding.source_id, int(told[1]), int(told[2]))


def _is_part(finding: Finding, whole: Finding) -> bool:
    return _part_of(finding) == (whole.source_id, whole.numerator, whole.denominator)


def _classes(facts: Facts, given: Given) -> tuple[AgentClass | None, AgentClass | None]:
    """Return the class of what was given and of what is proposed, None where it is not known."""
    before = _before(facts, given)
    proposal = str(_value(facts, "proposed_regimen"))
    if proposal in AS_BEFORE:
        # After both together "the same agent" may be either alone.
        return before, None if before is AgentClass.BOTH else before
    return before, OF_PROPOSAL.get(proposal)


def _before(facts: Facts, given: Given) -> AgentClass | None:
    """Return the class that every course had: one alone and then another are not both together.

    The facts say whether there may be a course that is not entered.
    """
    classes = {_class_of(drugs) for drugs in given}
    found = classes.pop() if len(classes) == 1 else None
    told = (_value(facts, "prior_includes_ctla4"), _value(facts, "prior_includes_pd1_pdl1"))
    if found is AgentClass.BISPECIFIC:
        return found if all(isinstance(one, bool) for one in told) else None
    return found if found is not None and told == TOLD[found] else None


def _class_of(drugs: Sequence[str]) -> AgentClass | None:
    """Return the class of drugs given together, by what each is directed against."""
    if len(drugs) == 1 and "+" in drugs[0]:
        return AgentClass.BISPECIFIC
    pd1, ctla4 = PD1 & set(drugs), CTLA4 & set(drugs)
    if not drugs or set(drugs) - pd1 - ctla4:
        return None
    if pd1 and ctla4:
        return AgentClass.BOTH
    return AgentClass.PD1 if pd1 else AgentClass.CTLA4


def _value(facts: Facts, key: str) -> str | bool | None:
    fact = facts.get(key)
    return fact.value if fact is not None and fact.state is FactState.KNOWN else None


def _had(facts: Facts, key: str) -> bool:
    fact: Fact | None = facts.get(key)
    if fact is None or fact.state is not FactState.KNOWN:
        return False
    if fact.value is not None:
        return fact.value is True
    return fact.low is not None and fact.low > 0


def _is_none(facts: Facts, key: str) -> bool:
    fact: Fact | None = facts.get(key)
    return fact is not None and fact.state is FactState.KNOWN and fact.high == 0
