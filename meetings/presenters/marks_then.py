"""The rules and warnings as they stood for a regimen when its decision was signed, from the snapshot. No queries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from evidence.choices import Signal
from evidence.conditions import FACTS, Answer, Reason
from evidence.conditions.facts import MISSING
from evidence.conditions.tree import Always
from evidence.ruled import RuleMark, lacking_words, mark_of
from evidence.rulings import Profile, Row, Ruled, Ruling, standing
from evidence.signals import shows_unfolded, tags_of

if TYPE_CHECKING:
    from evidence.models import StatementVersion


@dataclass(frozen=True, slots=True)
class MarkThen:
    """One rule or warning as it was marked when it was signed.

    `told`: whether it applied for certain; then it is not folded away, also where its mark could not be told.
    """

    title: str
    url: str
    told: bool
    signal: str
    signal_colour: str
    beside: str
    beside_colour: str
    marked_by: str
    waits_for: tuple[str, ...]


def marks_then(
    data: Mapping[str, Any], versions: Iterable[StatementVersion]
) -> tuple[MarkThen, ...]:
    """Return what stopped, held back or warned then, be it by a source that the board did not go by.

    `versions`: those of `marked_ids`. The mark is the one that was kept, never one worked out from rules of today.
    """
    by_id = {str(version.public_id): version for version in versions}
    if not by_id:
        return ()
    profile = Profile(data["profile"]["kind"], tuple(data["profile"]["order"]))
    return tuple(_marks((row for row in data["evaluations"] if row["id"] in by_id), by_id, profile))


def _marks(
    rows: Iterable[dict[str, Any]], by_id: Mapping[str, StatementVersion], profile: Profile
) -> Iterator[MarkThen]:
    for row in rows:
        version, told = by_id[row["id"]], row["answer"] == Answer.TRUE
        mark = _mark(row, Signal(version.signal), profile)
        if not shows_unfolded(mark):
            continue
        tag, beside = tags_of(mark, undetermined=not told)
        yield MarkThen(
            version.title,
            version.statement.get_absolute_url(),
            told,
            tag.words,
            tag.colour,
            beside.words,
            beside.colour,
            mark.by,
            mark.waits_for or lacking_words(_reasons(row["missing"])),
        )


def _mark(row: Mapping[str, Any], written: Signal, profile: Profile) -> RuleMark:
    if "mark" not in row:
        return RuleMark(written)
    ruled, kept = _ruled(row["rows"]), row["mark"]
    marked = replace(
        ruled.marked(profile),
        action=kept["action"],
        by=tuple(kept["by"]),
        is_open=kept["open"],
        stricter=_pairs(kept["stricter"]),
        may_be_stricter=_pairs(kept["may_be_stricter"]),
    )
    return mark_of(ruled, marked, written, profile, {})


def _ruled(rows: Iterable[Mapping[str, Any]]) -> Ruled:
    return standing(
        tuple(
            Ruling(
                Row(row["source"], row["action"], "", Always(), ""),
                Answer(row["answer"]),
                _reasons(row["missing"]),
                tuple(row["missing"]),
            )
            for row in rows
        )
    )


def _reasons(keys: Iterable[str]) -> tuple[Reason, ...]:
    """Return facts that were missing, of those that the vocabulary still has."""
    return tuple(Reason(key, MISSING) for key in keys if key in FACTS)


def _pairs(rows: Iterable[Mapping[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((row["source"], row["action"]) for row in rows)
