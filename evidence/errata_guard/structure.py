"""What the errata forbid beside words: of what a statement rests on, in whom a finding was made, what a drug is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from evidence.conditions import Answer, ConditionError, Fact, Node, evaluate, parse
from evidence.conditions.checking import possible
from evidence.conditions.tree import All, Always, AtLeastOne, Comparison, Not, fact_keys
from evidence.errata_guard import aspirin
from evidence.errata_guard.bans import ban
from evidence.errata_guard.checking import Breach, breach
from evidence.errata_guard.coded import of_coded
from evidence.errata_guard.fragments import CTLA4
from evidence.errata_guard.lung import cited_of_others, in_whom
from evidence.errata_guard.shares import Told, unfounded
from evidence.errata_guard.unread import unread
from evidence.errata_guard.wording import plain, sentences

# Figures of completed courses, or of progression after the ICI had been stopped.
_COMPLETED = (
    "kn010-",
    "kn024-",
    "sheth-",
    "cm153-",
    "livanou-done-",
    "xu-orr-after-stop",
    "xu-dcr-after-stop",
)
# CheckMate 153 compared going on with stopping: of that nobody was given an ICI again.
_WENT_ON = ("cm153-pfs", "cm153-os")
_ADDING = ban(
    r"\badd(?:s|ed|ing|ition\w*)?\b|\bpropos\w*|\bplan(?:s|ned|ning)?\b|\bswitch\w*|\bchang(?:e|es|ed|ing) to\b"
    r"|\bmov(?:e|es|ed|ing) to\b|\b(?:may|can|could|should|might|to) be (?:given|used|tried)\b",
    beside=(CTLA4,),
)

ICI_TARGETS = frozenset({"PD-1", "PD-L1", "CTLA-4", "LAG-3", "TIM-3", "TIGIT"})
"""What an ICI is directed against; a bispecific has one of them and another target."""
_ASPIRIN = re.compile(aspirin.NAMED)
# ATC: monoclonal antibodies and antibody conjugates; a drug without a code has none yet.
_ICI_ATC = ("L01FF", "L01FX", "L01FY", "")


@dataclass(frozen=True, slots=True)
class Rests:
    """A finding as a statement rests on it."""

    code: str
    source: str
    tumour: str
    direct: bool
    events: int | None = None
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What else is known of what a statement cites.

    `tumours`: in whom sources entered here were made, by code. `findings`: those on which it rests, and those of its
    sources under a version that was published, as rows.
    """

    tumours: Mapping[str, str] = field(default_factory=dict)
    findings: Sequence[Mapping[str, Any]] = ()


def of_finding(row: Mapping[str, Any]) -> list[Breach]:
    """Return what is wrong with in whom a finding was made (E23), and of one that has to stay without a figure.

    `row` has `code`, `state`, `tumour`, `direct`, `population`, the figure's fields, and `source` as the source's code.
    """
    return [*unread(row), *of_coded(row), *in_whom(row)]


def of_statement(
    content: Mapping[str, Any], rests_on: Iterable[Rests], known: Known | None = None
) -> list[Breach]:
    """Return what the findings and sources under a statement do not carry."""
    rests, known = list(rests_on), known or Known()
    direct = any(finding.direct for finding in rests) if rests else None
    cited = [str(code) for code in content.get("sources") or []]
    return [
        *cited_of_others(content, direct, known.tumours, known.findings, _told(content)),
        *_companions(rests, cited, content.get("findings")),
        *_concluded(content, rests),
        *_reach(content, rests),
        *(unfounded(_told(content), cited, known.findings) if cited else ()),
    ]


def _told(content: Mapping[str, Any]) -> Iterator[Told]:
    """The words of a statement in which a share may stand; the print is quoted elsewhere."""
    for name in ("title", "says", "does_not_say"):
        yield Told(name, str(content.get(name) or ""))
    for row in _rows(content.get("rules")):
        yield _row_told("rules", row)
    for row in _rows(content.get("contradictions")):
        yield Told("contradictions", str(row.get("question") or ""))
        yield from (_row_told("contradictions", side) for side in _rows(row.get("sides")))


def _row_told(field: str, row: Mapping[str, Any]) -> Told:
    return Told(field, str(row.get("says") or ""), str(row.get("source") or ""))


def _rows(value: Any) -> list[Mapping[str, Any]]:
    """The rows of a list as it may be typed; those of another shape are refused elsewhere."""
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []


def of_drug(code: str, label: str, target: str, atc: str) -> list[Breach]:
    """Return why a drug is no ICI and may not stand in the list of ICIs (E01)."""
    # In a name no word beside it excuses it: Aspirin Cardio is no drug for the heart that a patient happens to take.
    named = bool(_ASPIRIN.search(plain(f"{code} {label} {atc}")))
    known = any(part in ICI_TARGETS for part in target.split("+"))
    if (
        named
        or not known
        or not any(atc.startswith(group) if group else not atc for group in _ICI_ATC)
    ):
        return [breach("E01", "target" if not known and not named else "code")]
    return []


_ONE_ARM = "salous-2023"

# A finding that misleads alone, and what has to stand on the same card.
_TOGETHER: tuple[tuple[str, Callable[[Rests], bool], frozenset[str]], ...] = (
    (
        "E02",
        lambda f: f.source == "checkmate-172" and (f.code == "cm172-colitis" or f.events == 0),
        frozenset({"cm172-diarrhoea"}),
    ),
    ("E08", lambda f: f.code in ("guo-any", "guo-g2"), frozenset({"guo-os", "guo-pfs"})),
    ("E11", lambda f: f.source == _ONE_ARM, frozenset({"rct-pfs", "rct-os"})),
)


def _companions(rests: list[Rests], cited: list[str], named_codes: Any) -> Iterator[Breach]:
    # A file names its findings by code alone.
    told = named_codes if isinstance(named_codes, list) else []
    codes = {*(finding.code for finding in rests), *(str(code) for code in told)}
    for number, alone, needed in _TOGETHER:
        named = number == "E11" and _ONE_ARM in cited
        if (named or any(alone(finding) for finding in rests)) and not needed <= codes:
            yield breach(number, "findings")


# Guo 2022, by name or by its forty patients given an ICI again, and what its authors conclude.
_GUO = re.compile(
    r"\bguo\b|\b(?:24|20) of (?:the )?40\b"
    r"|\b40(?: \w+){0,5}? (?:rechalleng\w*|retreated|again)\b|\b(?:rechalleng\w*|again)(?: \w+){0,2}? 40\b"
)
_STOPPED_FOR_GOOD = ban(
    r"\b(?:stop|discontinu|end|giv)\w*(?: \w+){0,4}? (?:for good|permanently)\b"
    r"|\bpermanent(?:ly)? (?:\w+ )?(?:discontinu|stop|end)\w*",
    beside=(r"\bappropriate|\badvis|\bhold|\bconclu|\bright\b|\bfavour|\brecommend",),
)
# Other series have forty patients too.
_OTHER_FORTY = re.compile(r"\bsimonaggio\b|\bany tumour\b|\ball tumours\b|\brechallenges\b")


def _concluded(content: Mapping[str, Any], rests: list[Rests]) -> Iterator[Breach]:
    """Guo 2022 is not cited for how often an irAE came without what its authors conclude from it (E08)."""
    said = [str(content.get(field) or "") for field in ("title", "says")]
    named = any(
        _GUO.search(sentence) and not _OTHER_FORTY.search(sentence)
        for text in said
        for sentence in sentences(text)
    )
    if not named and not any(finding.code in ("guo-any", "guo-g2") for finding in rests):
        return
    if not any(_STOPPED_FOR_GOOD.is_broken_by(one, one) for one in sentences(said[1])):
        yield breach("E08", "says")


def _reach(content: Mapping[str, Any], rests: list[Rests]) -> Iterator[Breach]:
    """Whom a statement speaks of against whom its findings were made in."""
    sources = {finding.source for finding in rests}
    condition = content.get("condition")
    if "pollack-2018" in sources and content.get("category") == "recurrence":
        yield breach("E04", "findings")
    yield from _adds_ctla4(content, rests)
    other_organ = {"colitis_worst_grade": 0, "pneumonitis_worst_grade": 3, "irae_any": True}
    if "abu-sbeih-2019" in sources and _applies(condition, **_AFTER_IRAE, **other_organ):
        yield breach("E07", "condition")
    completed = {f.code for f in rests if f.code.startswith(_COMPLETED)}
    given_again = any(not code.startswith(_WENT_ON) for code in completed)
    meant = given_again or not _can_hold(condition, Not(_ON_TREATMENT))
    progressed = {"stop_reason": "progression", "progression_timing": "on_treatment"}
    inherits = _applies(condition, **progressed) or (meant and _can_hold(condition, _ON_TREATMENT))
    if completed and inherits:
        yield breach("E12", "condition")


def _adds_ctla4(content: Mapping[str, Any], rests: list[Rests]) -> Iterator[Breach]:
    """CTLA-4 added after an irAE comes with a warning, and its trial stands after progression alone (E06).

    Higher odds on CTLA-4 warn where it is what somebody proposes; as a predictor, of nobody's proposal, they may stand.
    """
    condition = content.get("condition")
    marked = content.get("signal") in ("warning", "stop", "not_yet")
    cited = {finding.source for finding in rests}
    trial = "s1400f" in cited or (not marked and "s1400f" in (content.get("sources") or []))
    added = {
        **_AFTER_IRAE,
        "proposed_includes_ctla4": True,
        "proposed_regimen": "pd_ctla4_combination",
    }
    alone = {**_AFTER_IRAE, "proposed_includes_ctla4": False, "proposed_regimen": "same_agent"}
    misfiled = trial or not _applies(condition, **alone)
    asks = (
        _can_hold(condition, _CTLA4)
        and not _can_hold(condition, Not(_CTLA4))
        and not _can_hold(condition, *_NO_IRAE)
    )
    odds = any(finding.code.startswith("dolladille-ctla4") for finding in rests)
    warns = odds and (_proposes(condition) or _adds_in_words(content))
    after_irae = (misfiled and _applies(condition, **added)) or asks or warns
    if not marked and after_irae:
        yield breach("E06", "signal")
    if trial and _can_hold(condition, *_NOT_PROGRESSED):
        yield breach("E06", "condition")


def _proposes(condition: Any) -> bool:
    """Whether a condition asks for the regimen that is proposed, and CTLA-4 may be in it."""
    try:
        asked = fact_keys(parse(condition))
    except ConditionError:
        return False
    proposed = {"proposed_includes_ctla4", "proposed_regimen"} & set(asked)
    return bool(proposed) and _can_hold(condition, _CTLA4)


def _adds_in_words(content: Mapping[str, Any]) -> bool:
    said = (str(content.get(field) or "") for field in ("title", "says"))
    return any(
        _ADDING.is_broken_by(sentence, sentence) for text in said for sentence in sentences(text)
    )


def _is(fact: str, *value: str) -> Node:
    return Comparison(fact, "in", value)


_AFTER_IRAE: dict[str, str | bool | int] = {"stop_reason": "irae", "progression_timing": "none"}
_ON_TREATMENT = _is("progression_timing", "on_treatment")
# Nobody progressed whose timing does not apply, unless there was no course: so that is asked for by what it says.
_NOT_PROGRESSED = (
    Not(_is("stop_reason", "progression")),
    AtLeastOne(
        (_is("progression_timing", "after_stop", "none"), Comparison("prior_courses", "<", 1))
    ),
)
_CTLA4 = AtLeastOne(
    (
        Comparison("proposed_includes_ctla4", "is", True),
        _is("proposed_regimen", "pd_ctla4_combination"),
    )
)
_NO_IRAE = (
    Not(_is("stop_reason", "irae")),
    Comparison("irae_contributed", "is", False),
    Comparison("irae_any", "is", False),
)


def _can_hold(condition: Any, *beside: Node) -> bool:
    """Whether some case meets the condition and all that stands `beside` it; not where it cannot be read."""
    try:
        node = parse(condition)
    except ConditionError:
        return False
    return isinstance(node, Always) or possible(All((*beside, node)), True, together=True)


def _applies(condition: Any, **facts: str | bool | int) -> bool:
    return _answer(condition, facts) is Answer.TRUE


def _answer(condition: Any, facts: Mapping[str, str | bool | int]) -> Answer:
    known = {
        key: Fact.known(value) if isinstance(value, bool | str) else Fact.number(value)
        for key, value in facts.items()
    }
    try:
        return evaluate(parse(condition), known).answer
    except ConditionError:
        return Answer.UNDETERMINED
