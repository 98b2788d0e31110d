"""The tags of a statement on one case: what its mark says, what stands beside it, and in which colours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from evidence.choices import Signal
from evidence.rulings import PRODUCT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from evidence.ruled import RuleMark

SIGNAL_COLOURS = {
    Signal.STOP: "red",
    Signal.NOT_YET: "amber",
    Signal.WITHHOLD: "amber",
    Signal.WARNING: "red",
    Signal.NEGATIVE: "amber",
}
NEVER_FOLDED = frozenset({Signal.STOP, Signal.NOT_YET, Signal.WITHHOLD, Signal.WARNING})
"""Signals that a reader must not have to open anything to see."""


def shows_unfolded(mark: RuleMark) -> bool:
    """Whether a mark is seen without opening anything: by its own signal, or by what another source holds or may."""
    return mark.signal in NEVER_FOLDED or bool(mark.certain) or mark.stricter


@dataclass(frozen=True, slots=True)
class Tag:
    """A few words and their colour; both empty for no tag."""

    words: str = ""
    colour: str = ""


def tags_of(mark: RuleMark, *, undetermined: bool) -> tuple[Tag, Tag]:
    """The tag that is read first, and the one beside it.

    Where others stop for certain the stop comes first, in red and with their names, and after it what the board's own
    says: no profile softens a stop.
    """
    if mark.stopped_by:
        colour = "amber" if mark.signal else "outline"
        return Tag(mark.stopped_by, "red"), Tag(mark.board_says, colour)
    return _own_tag(mark, undetermined=undetermined), _tag_beside(mark)


def _own_tag(mark: RuleMark, *, undetermined: bool) -> Tag:
    """The tag of the mark. Red is what stops or warns now; what may yet come to that is amber, and says so."""
    # A mark that cannot be told takes the tag of what another source holds for certain, if that is as strict.
    untold = undetermined or (mark.is_open and mark.signal != mark.certain)
    colour = "amber" if mark.signal and untold else SIGNAL_COLOURS.get(mark.signal, "")
    return Tag(signal_words(mark.signal, untold=untold, own=mark.own), colour)


def _tag_beside(mark: RuleMark) -> Tag:
    """The tag of what other sources hold for certain, or may come to, where the mark does not say it."""
    if mark.certain:
        told = mark.certain == mark.signal
        words = signal_words(mark.certain, untold=False, own=mark.certain_own)
        return Tag() if told else Tag(words, SIGNAL_COLOURS[mark.certain])
    # Where the mark may stop itself the words beside it name the others.
    if mark.stricter and mark.signal != Signal.STOP:
        if mark.stricter_own:
            return Tag(_("this product's default may stop: cannot tell"), "amber")
        return Tag(_("another source may stop: cannot tell"), "amber")
    return Tag()


def written_words(signal: Signal, rules: Iterable[Mapping[str, Any]]) -> str:
    """The signal that is written on a statement, of no case; `rules`: its rows, also of old releases."""
    by = {rule["source"] for rule in rules if rule.get("action") == signal.value}
    return signal_words(signal, untold=False, own=by == {PRODUCT})


def signal_words(signal: Signal, *, untold: bool, own: bool = False) -> str:
    """The signal in words, and whether it cannot be told that it holds.

    `own`: this product's default alone comes to it, so that no source may be named.
    """
    if not signal:
        return ""
    if not untold:
        defaults = {
            Signal.STOP: _("This product's default stops"),
            Signal.WITHHOLD: _("This product's default withholds"),
        }
        return (defaults.get(signal) if own else "") or str(signal.label)
    may = {
        Signal.STOP: _("may stop: cannot tell"),
        Signal.WITHHOLD: _("may withhold: cannot tell"),
        Signal.NOT_YET: _("may be not yet: cannot tell"),
        Signal.WARNING: _("may warn: cannot tell"),
    }
    return may.get(signal) or _("%(signal)s: cannot tell") % {"signal": signal.label}
