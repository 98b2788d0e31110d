"""What the errata forbid beside words: of what a statement rests on, in whom a finding was made, what a drug is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from evidence.conditions import Answer, ConditionError, Fact, evaluate, parse
from evidence.errata_guard.bans import ban
from evidence.errata_guard.checking import Breach, breach, errata_in
from evidence.errata_guard.fragments import LUNG
from evidence.errata_guard.wording import sentences

DIRECT = ("nsclc", "nsclc_squamous")
TUMOUR_OF_SOURCE = {
    "ravi-2020": "rcc",
    "go30140-f": "hcc",
    "olson-2021": "melanoma",
    "pollack-2018": "melanoma",
    "checkmate-172": "melanoma",
    "menzies-2017": "melanoma",
    "abu-sbeih-2019": "mixed",
    "zhao-2021": "mixed",
    "meta-896": "mixed",
    "meta-16485": "mixed",
    "dolladille-2020": "mixed",
    "allouchery-2020": "mixed",
    "simonaggio-2019": "mixed",
    "kn046-review": "mixed",
    "kn046-phase1": "mixed",
}
"""In whom the sources of erratum E23 were made, whatever a row of a finding says."""

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
_LUNG = ban(LUNG)

ICI_TARGETS = frozenset({"PD-1", "PD-L1", "CTLA-4", "LAG-3", "TIM-3", "TIGIT"})
"""What an ICI is directed against; a bispecific has one of them and another target."""
# ATC: monoclonal antibodies and antibody conjugates; a drug without a code has none yet.
_ICI_ATC = ("L01FF", "L01FX", "L01FY", "")


@dataclass(frozen=True, slots=True)
class Rests:
    """A finding as a statement rests on it."""

    code: str
    source: str
    tumour: str
    direct: bool


def of_finding(row: Mapping[str, Any]) -> list[Breach]:
    """Return what is wrong with in whom a finding was made (E23).

    `row` has `code`, `tumour`, `direct`, `population`, `denominator`, and `source` as the source's code.
    """
    known = TUMOUR_OF_SOURCE.get(str(row.get("source") or ""))
    tumour = str(row.get("tumour") or "")
    lung = tumour in DIRECT
    found = []
    if row.get("direct") and not lung:
        found.append(breach("E23", "direct"))
    if known and lung:
        found.append(breach("E23", "tumour"))
    # Of the 70 of Sheth 2020, of 14 tumours, 21 had NSCLC: what names no lung cancer is of all.
    if row.get("source") == "sheth-2020" and lung:
        population = f"{row.get('population') or ''} {row.get('label') or ''}"
        if not _says_lung(population) or row.get("denominator") not in (None, 21):
            found.append(breach("E23", "tumour"))
    return found


def of_statement(content: Mapping[str, Any], rests_on: Iterable[Rests]) -> list[Breach]:
    """Return what the findings under a statement do not carry."""
    rests = list(rests_on)
    return [
        *_indirect(content, rests),
        *_companions(rests),
        *_concluded(content, rests),
        *_reach(content, rests),
    ]


def of_drug(code: str, label: str, target: str, atc: str) -> list[Breach]:
    """Return why a drug is no ICI and may not stand in the list of ICIs (E01)."""
    named = "E01" in errata_in(f"{code} {label} {atc}")
    known = any(part in ICI_TARGETS for part in target.split("+"))
    if (
        named
        or not known
        or not any(atc.startswith(group) if group else not atc for group in _ICI_ATC)
    ):
        return [breach("E01", "target" if not known and not named else "code")]
    return []


def _says_lung(text: str) -> bool:
    return any(_LUNG.is_broken_by(sentence, sentence) for sentence in sentences(text))


def _indirect(content: Mapping[str, Any], rests: list[Rests]) -> Iterator[Breach]:
    if not rests or any(finding.direct for finding in rests):
        return
    if not str(content.get("indirect") or "").strip() or _says_lung(str(content.get("indirect"))):
        yield breach("E23", "indirect")
    for field in ("title", "says"):
        if _says_lung(str(content.get(field) or "")):
            yield breach("E23", field)


# A finding that misleads alone, and what has to stand on the same card.
_TOGETHER: tuple[tuple[str, Callable[[Rests], bool], frozenset[str]], ...] = (
    ("E02", lambda f: f.code == "cm172-colitis", frozenset({"cm172-diarrhoea"})),
    ("E08", lambda f: f.code in ("guo-any", "guo-g2"), frozenset({"guo-os", "guo-pfs"})),
    ("E11", lambda f: f.source == "salous-2023", frozenset({"rct-pfs", "rct-os"})),
)


def _companions(rests: list[Rests]) -> Iterator[Breach]:
    codes = {finding.code for finding in rests}
    for number, alone, needed in _TOGETHER:
        if any(alone(finding) for finding in rests) and not needed <= codes:
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
    codes = {finding.code for finding in rests}

    def applies(**facts: str | bool | int) -> bool:
        return _answer(content.get("condition"), facts) is Answer.TRUE

    if "pollack-2018" in sources and content.get("category") == "recurrence":
        yield breach("E04", "findings")
    after_irae: dict[str, str | bool | int] = {"stop_reason": "irae", "progression_timing": "none"}
    added = {
        **after_irae,
        "proposed_includes_ctla4": True,
        "proposed_regimen": "pd_ctla4_combination",
    }
    alone = {**after_irae, "proposed_includes_ctla4": False, "proposed_regimen": "same_agent"}
    marked = content.get("signal") in ("warning", "stop", "not_yet")
    misfiled = "s1400f" in sources or not applies(**alone)
    if not marked and misfiled and applies(**added):
        yield breach("E06", "signal")
    other_organ = {"colitis_worst_grade": 0, "pneumonitis_worst_grade": 3, "irae_any": True}
    if "abu-sbeih-2019" in sources and applies(**after_irae, **other_organ):
        yield breach("E07", "condition")
    on_treatment = {"stop_reason": "progression", "progression_timing": "on_treatment"}
    if any(code.startswith(_COMPLETED) for code in codes) and applies(**on_treatment):
        yield breach("E12", "condition")


def _answer(condition: Any, facts: Mapping[str, str | bool | int]) -> Answer:
    known = {
        key: Fact.known(value) if isinstance(value, bool | str) else Fact.number(value)
        for key, value in facts.items()
    }
    try:
        return evaluate(parse(condition), known).answer
    except ConditionError:
        return Answer.UNDETERMINED
