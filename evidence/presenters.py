"""What the pages and cards show of the evidence: plain values, no queries, no HTML."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evidence.choices import (
    DIRECT_TUMOURS,
    Certainty,
    Mark,
    Measure,
    Signal,
    SourceKind,
    is_efficacy_elsewhere,
)
from evidence.conditions import Answer, Facts, Line, outline
from evidence.figures import Share, share
from evidence.matching import Match, group
from evidence.missing import MissingFact, missing_facts
from evidence.ruled import RuleRow, chips, held_rows, lacking_words, rule_mark, rule_rows
from evidence.rulings import Profile
from evidence.signals import shows_unfolded, tags_of

if TYPE_CHECKING:
    from evidence.models import Finding, Source, StatementVersion

STRICTEST_OF_ALL = Profile()
CERTAINTY_STEPS = {
    Certainty.VERY_LOW: 1,
    Certainty.LOW: 2,
    Certainty.MODERATE: 3,
    Certainty.HIGH: 4,
}
ANSWER_COLOURS = {Answer.TRUE: "green", Answer.UNDETERMINED: "amber", Answer.FALSE: "grey"}


@dataclass(frozen=True, slots=True)
class SourceLink:
    """A source as cited; `href` is empty where there is nothing to open."""

    code: str
    short: str
    citation: str
    href: str
    kind: str
    mark: str
    note: str
    reference: str
    # Design, tumour, patients and in whom, as far as they are known.
    about: str
    # Where and when it was read, as far as that was kept; empty of what was not read.
    read: str = ""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Sources that answer one question differently; both are kept, neither preferred."""

    question: str
    sides: tuple[RuleRow, ...]


@dataclass(frozen=True, slots=True)
class Correction:
    """Where the review's print is corrected."""

    erratum: str
    printed: str
    source_says: str
    shown: str


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One finding; `share` is None where it is not given as n of N."""

    public_id: UUID
    url: str
    label: str
    definition: str
    population: str
    tumour: str
    direct: bool
    design: str
    source: SourceLink
    share: Share | None
    value: str
    interval: str
    # Why an estimate has no interval; empty where it has one, or is no estimate.
    without_interval: str
    note: str
    mark: str
    # What the review prints, where it prints the figure; `correction` says why the print is not right.
    printed: str
    state: str
    correction: str
    errata: str


@dataclass(frozen=True, slots=True)
class MatchCard:
    """One statement held against one case, for the case page and the decision.

    `never_folded`: it stops, holds or warns, and applies or cannot be told; always in sight.
    """

    version_id: UUID
    version_number: int
    code: str
    url: str
    title: str
    says: str
    does_not_say: str
    answer: Answer
    colour: str
    certainty: str
    signal: str
    signal_colour: str
    never_folded: bool
    indirect: str
    category: str
    section: str
    because: tuple[str, ...]
    missing: tuple[str, ...]
    sources: tuple[SourceLink, ...]
    findings: int
    rules: tuple[RuleRow, ...]
    contradictions: tuple[Contradiction, ...]
    corrections: tuple[Correction, ...]
    # What sorts it: the code of the signal that its rows or its author set.
    signal_code: str = ""
    # By whose rules the mark is set, where a board goes by others than the strictest.
    marked_by: str = ""
    # What each source leads to now, where two of them differ, or where one cannot be told.
    differ: str = ""
    does_differ: bool = False
    # Its mark is a row's that cannot be told yet.
    is_open: bool = False
    # What other sources hold for certain, or may come to, where the mark does not say it.
    beside: str = ""
    beside_colour: str = ""
    # What a source holds for certain, of this board or not, beside a mark that is laxer or open.
    certain_code: str = ""
    # The facts without which the mark cannot be told, of the statement or of the row that sets it.
    waits_for: tuple[str, ...] = ()
    # It tells only how well an ICI worked in other tumours.
    elsewhere: bool = False
    chips: tuple[tuple[str, str], ...] = ()
    # The keys of the facts without which it cannot be told.
    lacks: tuple[str, ...] = ()

    @property
    def stops(self) -> bool:
        """Whether a source stops for certain, be it one that the board does not go by; for what applies."""
        own = self.signal_code == Signal.STOP and not self.is_open
        return own or self.certain_code == Signal.STOP


@dataclass(frozen=True, slots=True)
class Guidance:
    """All statements for one case in three groups. Of those that apply, `differ` are the rules whose sources lead to
    different actions now, `disagree` those whose findings contradict each other.

    Within a group the order is fixed: NSCLC before other tumours, then the order of the list.
    """

    applies: tuple[MatchCard, ...]
    cannot_tell: tuple[MatchCard, ...]
    does_not_apply: tuple[MatchCard, ...]
    differ: tuple[MatchCard, ...]
    missing: tuple[MissingFact, ...]
    disagree: tuple[MatchCard, ...] = ()

    @property
    def total(self) -> int:
        """How many statements were held against the case."""
        return len(self.applies) + len(self.cannot_tell) + len(self.does_not_apply)


def guidance(
    matches: Sequence[Match[StatementVersion]],
    facts: Facts,
    as_of: date | None = None,
    profile: Profile = STRICTEST_OF_ALL,
    given: Collection[str] = (),
) -> Guidance:
    """The guidance card of a case from its matches and the facts they were made with, on the same day.

    `profile`: by whose rules the marks are set. `given`: the agents that are proposed, or were given.
    """
    groups = group(matches)

    def cards(found: Iterable[Match[StatementVersion]]) -> tuple[MatchCard, ...]:
        made = (match_card(each, profile, given) for each in found)
        return tuple(sorted(made, key=lambda card: bool(card.indirect)))

    applies = cards(groups.applies)
    return Guidance(
        applies=applies,
        cannot_tell=cards(groups.cannot_tell),
        does_not_apply=cards(groups.does_not_apply),
        differ=tuple(card for card in applies if card.differ),
        disagree=tuple(card for card in applies if card.contradictions),
        missing=missing_facts(matches, facts, as_of),
    )


def waiting_words(rules: int, stops: int) -> str:
    """How many rules wait as drafts and are not held against a case, and how many of them stop; empty for none."""
    if not rules:
        return ""
    words = ngettext(
        "%(n)s rule waits as a draft that nobody has confirmed and is not held against this case"
        " (rules for stopping among them: %(stops)s).",
        "%(n)s rules wait as drafts that nobody has confirmed and are not held against this case"
        " (rules for stopping among them: %(stops)s).",
        rules,
    )
    return words % {"n": rules, "stops": stops}


def match_card(
    match: Match[StatementVersion],
    profile: Profile = STRICTEST_OF_ALL,
    given: Collection[str] = (),
) -> MatchCard:
    """One match as a card. The version comes from `selectors.with_basis`, so nothing is read."""
    version = match.version
    sources = source_links(version)
    names = {source.code: source.short for source in sources}
    mark = rule_mark(match, profile, names)
    signal, rows = mark.signal, held_rows(match, names, given)
    tag, beside = tags_of(mark, undetermined=match.answer is Answer.UNDETERMINED)
    missing = lacking_words(match.reasons) if match.missing else ()
    return MatchCard(
        version_id=version.public_id,
        version_number=version.number,
        code=version.statement.code,
        url=version.statement.get_absolute_url(),
        title=version.title,
        says=version.says,
        does_not_say=version.does_not_say,
        answer=match.answer,
        colour=ANSWER_COLOURS[match.answer],
        certainty=str(Certainty(version.certainty).label),
        signal=tag.words,
        signal_colour=tag.colour,
        never_folded=shows_unfolded(mark) and match.answer is not Answer.FALSE,
        indirect=version.indirect,
        category=str(version.get_category_display()),
        section=version.section,
        because=tuple(reason.words(_) for reason in match.reasons),
        missing=missing,
        sources=sources,
        findings=len(version.version_findings.all()),
        rules=rows,
        contradictions=contradictions(version, sources),
        corrections=corrections(version),
        signal_code=signal.value,
        marked_by=mark.by,
        differ=mark.differ,
        does_differ=mark.does_differ,
        is_open=mark.is_open,
        beside=beside.words,
        beside_colour=beside.colour,
        certain_code=mark.certain.value,
        waits_for=mark.waits_for or missing,
        elsewhere=is_efficacy_elsewhere(version.indirect, version.category, signal),
        chips=chips(rows) if match.answer is not Answer.FALSE else (),
        lacks=match.missing,
    )


def source_links(version: StatementVersion) -> tuple[SourceLink, ...]:
    """Every source of a version once: those of its findings first, then those it cites."""
    found = [link.finding.source for link in version.version_findings.all()]
    found += [link.source for link in version.version_sources.all()]
    return tuple({source.pk: source_link(source) for source in found}.values())


def source_link(source: Source) -> SourceLink:
    """One source as cited."""
    return SourceLink(
        code=source.code,
        short=source.short,
        citation=source.citation,
        href=source.link,
        kind=str(source.get_kind_display()),
        mark=str(source.get_mark_display()),
        note=source.note,
        reference=source.review_reference,
        about=_about(source),
        read=_read(source),
    )


def _read(source: Source) -> str:
    """Where and on which day a source was read, or that this was not kept."""
    if source.mark != Mark.SEEN or source.kind == SourceKind.PRODUCT:
        return ""
    where = source.url or source.read_at
    day = formats.date_format(source.read_on) if source.read_on else ""
    if where and day:
        return _("Read at %(where)s on %(day)s.") % {"where": where, "day": day}
    if source.url:
        return _("Read at %(where)s; the day was not kept.") % {"where": where}
    if where:
        return _("Read at %(where)s; neither the page's address nor the day was kept.") % {
            "where": where
        }
    if day:
        return _("Read on %(day)s; where was not kept.") % {"day": day}
    return _("Where and when it was read was not kept.")


def _about(source: Source) -> str:
    """What sort of study it is, in whom and in how many."""
    tumour = str(source.get_tumour_display()) if source.tumour else ""
    patients = f"N = {source.patients}" if source.patients is not None else ""
    known = [part for part in (source.design, tumour, patients) if part]
    return " · ".join(known) + (f": {source.population}" if source.population else "")


def finding_row(finding: Finding) -> FindingRow:
    """One finding with its share and exact interval."""
    counted = finding.numerator is not None and finding.denominator is not None
    return FindingRow(
        public_id=finding.public_id,
        url=finding.get_absolute_url(),
        label=finding.label,
        definition=finding.definition,
        population=finding.population,
        tumour=str(finding.get_tumour_display()),
        direct=finding.direct and finding.tumour in DIRECT_TUMOURS,
        design=finding.design,
        source=source_link(finding.source),
        share=share(finding.numerator, finding.denominator) if counted else None,  # type: ignore[arg-type]
        value=finding.value,
        interval=finding.interval,
        without_interval=_without_interval(finding),
        note=finding.note,
        mark=finding.mark,
        printed=finding.printed,
        state=str(finding.get_state_display()),
        correction=finding.correction,
        errata=", ".join(finding.errata),
    )


def _without_interval(finding: Finding) -> str:
    """Why an estimate as printed has no interval; a p value or words alone are no estimate."""
    if finding.numerator is not None or finding.interval:
        return ""
    if "%" in finding.value:
        return _("n of N not given in what was read of the source, so no interval")
    if finding.measure in {Measure.RATIO, Measure.MEDIAN}:
        return _("interval not given in what was read of the source")
    return ""


def contradictions(
    version: StatementVersion, sources: Sequence[SourceLink]
) -> tuple[Contradiction, ...]:
    """The contradictions of a version with its sources by their short names."""
    names = {source.code: source.short for source in sources}
    return tuple(
        Contradiction(row["question"], rule_rows(row["sides"], names))
        for row in version.contradictions
    )


def corrections(version: StatementVersion) -> tuple[Correction, ...]:
    """Where the print is corrected."""
    return tuple(Correction(**row) for row in version.corrections)


def condition_lines(version: StatementVersion) -> tuple[Line, ...]:
    """The condition set out line by line in the reader's language."""
    return outline(version.node, _)
