"""The findings nearest to a case: same reason for stopping, same irAE, same direction of the switch.

Pure, over published statements and the facts of a case. What is near is shown in the order of what was measured and
of the review; nothing is ranked, scored or pooled. A finding whose direction is another is not near, however much it
has in common: CTLA-4 to PD-1 says nothing of PD-1 again. Nor is one of which every statement that rests on it says
that it does not apply, and an effect only where such a statement applies; none after a course around an operation or
a consolidation. What was found over all reasons for stopping stands beside the figures of one reason, which it may
contradict.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto
from typing import TYPE_CHECKING

from evidence.choices import DIRECT_TUMOURS, AgentClass, Category, Endpoint, IrAE, Print, Setting
from evidence.conditions import Answer, Fact, Facts, FactState
from evidence.conditions.evaluation import answer_of
from evidence.conditions.tree import Always
from evidence.strip_direction import Given, classes_of
from evidence.strip_direction import value_of as _value

if TYPE_CHECKING:
    from evidence.models import Finding, StatementVersion

EFFICACY = (
    Endpoint.ORR, Endpoint.CR, Endpoint.PR, Endpoint.SD, Endpoint.DCR, Endpoint.PD, Endpoint.PFS,
    Endpoint.OS,
)  # fmt: skip
SAFETY = (
    Endpoint.RECURRENCE_SAME, Endpoint.RECURRENCE_ANY, Endpoint.NEW_IRAE, Endpoint.GRADE_3,
    Endpoint.GRADE_3_4, Endpoint.GRADE_4, Endpoint.TREATMENT_AE, Endpoint.DEATH,
    Endpoint.DISCONTINUATION, Endpoint.ROR,
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
# Who was stopped for one of these has what came after the stop sorted with progression off treatment. Who progressed
# and was stopped for it had progressed on treatment; after an irAE the sources sort by the irAE.
STOPPED_WITHOUT_IT = ("completed", "toxicity", "patient_choice", "other")
# In which setting the last ICI had to be given for what came after its end to be sorted so: the studies are of advanced
# disease.
ADVANCED = "palliative"
# After these no effect in advanced disease is near, whenever and for whatever the ICI was stopped.
ELSEWHERE = ("perioperative", "consolidation")
# How the population of a share of a share begins.
_OF_THE = re.compile(r"(\d+) of the (\d+)\b")


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
    # Whether the last ICI may have been for advanced disease, as every patient of the studies of effect had.
    advanced: bool
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
    setting = _value(facts, "prior_setting")
    contributed = _value(facts, "irae_contributed") is True
    settings = _settings(reason, timing, contributed=contributed, advanced=setting == ADVANCED)
    iraes = frozenset(irae for irae, keys in HAD.items() if any(_had(facts, key) for key in keys))
    before, again = classes_of(facts, given)
    asked = {
        "stop_reason": reason is None,
        "progression_timing": reason is not None and timing is None,
        "prior_setting": reason is not None and setting is None,
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
        advanced=setting not in ELSEWHERE,
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


def _settings(
    reason: object, timing: object, *, contributed: bool, advanced: bool
) -> frozenset[Setting]:
    """Return why and when it was stopped, as the studies sort it.

    When the cancer progressed goes before why the ICI was stopped: whoever progressed on treatment never inherits the
    figures of completed courses, whatever the course is called. Nor does whoever had an ICI around an operation or as
    consolidation.
    """
    found: set[Setting] = {Setting.IRAE} if reason == "irae" or contributed else set()
    if reason == "progression" or timing == "on_treatment":
        return frozenset(found | {Setting.PROGRESSION_ON})
    if timing == "after_stop" and reason in STOPPED_WITHOUT_IT and advanced:
        found.add(Setting.PROGRESSION_OFF)
        if reason == "completed":
            found.add(Setting.COMPLETED)
    return frozenset(found)


class How(Enum):
    """How a finding stands to a case: near by itself, or beside what is."""

    NEAR = auto()
    BESIDE = auto()


@dataclass(frozen=True, slots=True)
class _Resting:
    """A statement that rests on a finding, with its answer for the case. `asks`: whether it is not of every case."""

    version: StatementVersion
    answer: Answer
    asks: bool

    @property
    def speaks(self) -> bool:
        """Whether it asks something of the case, and applies."""
        return self.asks and self.answer is Answer.TRUE


Pair = tuple["Finding", "StatementVersion"]


def nearest(
    versions: Iterable[StatementVersion],
    facts: Facts,
    given: Given = (),
    stopping: Collection[str] = (),
    as_of: date | None = None,
) -> Near:
    """Return the findings of published statements that are near to a case, each once."""
    like = likeness_of(facts, given, stopping)
    efficacy: list[tuple[Pair, How]] = []
    safety: list[tuple[Pair, How]] = []
    elsewhere = 0
    for finding, resting in _basis(versions, facts, as_of):
        if finding.endpoint in EFFICACY and not like.advanced:
            continue
        how = _how(finding, resting, like)
        if not _same_direction(finding, like):
            elsewhere += _concerns(finding, like) or how is How.NEAR
        elif how is not None:
            part = efficacy if finding.endpoint in EFFICACY else safety
            part.append(((finding, _shown_by(resting)), how))
    reached = _with_what_stands_beside(efficacy)
    return Near(
        likeness=like,
        efficacy=_ordered((pair for pair in reached if pair[0].tumour in DIRECT_TUMOURS), like),
        elsewhere=_ordered(
            (pair for pair in reached if pair[0].tumour not in DIRECT_TUMOURS), like
        ),
        safety=_ordered(_with_what_stands_beside(safety), like),
        other_direction=elsewhere,
    )


def _basis(
    versions: Iterable[StatementVersion], facts: Facts, as_of: date | None
) -> Iterator[tuple[Finding, list[_Resting]]]:
    """Each finding once, with every statement that rests on it and what that says of the case."""
    found: dict[int, tuple[Finding, list[_Resting]]] = {}
    for version in versions:
        links = version.version_findings.all()
        if not links:
            continue
        asks = not isinstance(version.node, Always)
        resting = _Resting(version, answer_of(version.node, facts, as_of), asks)
        for link in links:
            found.setdefault(link.finding.pk, (link.finding, []))[1].append(resting)
    return iter(found.values())


def _how(finding: Finding, resting: list[_Resting], like: Likeness) -> How | None:
    """How a finding stands to a case, whatever the direction of the switch; None where it is not near."""
    held = [one for one in resting if one.answer is not Answer.FALSE]
    measured = finding.endpoint in EFFICACY or finding.endpoint in SAFETY
    if not held or not measured or finding.state == Print.NOT_INTERPRETABLE:
        return None
    if _spoken_of(finding, held):
        return How.NEAR
    if finding.setting == Setting.OTHER:
        # Of those that ask something of the case one at least must be left open, if there is any.
        asking = [one for one in resting if one.asks]
        return How.BESIDE if not asking or any(one.asks for one in held) else None
    applies = finding.endpoint in SAFETY or any(one.answer is Answer.TRUE for one in held)
    return How.NEAR if applies and _concerns(finding, like) else None


def _spoken_of(finding: Finding, held: list[_Resting]) -> bool:
    """Whether a statement that applies makes the finding near, of which its own setting does not tell.

    Findings over mixed reasons for stopping; effects of the regimen that is proposed; and how often there was an irAE
    with the class that is proposed.
    """
    if finding.setting == Setting.OTHER or (
        finding.setting == Setting.SAFETY and finding.rechallenge_class
    ):
        return any(one.speaks for one in held)
    of_regimen = (one for one in held if one.version.category == Category.REGIMEN)
    return finding.endpoint in EFFICACY and any(one.speaks for one in of_regimen)


def _shown_by(resting: list[_Resting]) -> StatementVersion:
    """Return the statement that a finding is shown with: one that applies to this case before one for all cases."""
    return min(resting, key=lambda one: (not one.speaks, one.answer is not Answer.TRUE)).version


def _with_what_stands_beside(found: list[tuple[Pair, How]]) -> list[Pair]:
    """Return what is near with what stands beside it; nothing stands beside nothing."""
    if not any(how is How.NEAR for _pair, how in found):
        return []
    return [pair for pair, _how in found]


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

    Of an effect what was found of the same reason for stopping stands before what was found over all. Then NSCLC before
    others, and as the statements stand. A share of a share follows what it is a share of.
    """
    order = {endpoint: place for place, endpoint in enumerate((*EFFICACY, *SAFETY))}
    found = sorted(
        pairs,
        key=lambda pair: (
            not _stopped_it(pair[0], like), order[Endpoint(pair[0].endpoint)],
            pair[0].endpoint in EFFICACY and pair[0].setting not in like.settings,
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
