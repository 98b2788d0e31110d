"""What a ban is: a claim of the review's print that no text of the guidance may make."""

from __future__ import annotations

import re
from dataclasses import dataclass

from evidence.errata_guard.wording import is_denied

SEVERITIES = ("critical", "high")


@dataclass(frozen=True, slots=True)
class Ban:
    """One way to say what is wrong. All patterns are over plain spelling (`wording.plain`).

    `claim` is what may not be said. `beside` must all stand in the same sentence, `within` in the whole text or
    among its sources, or the claim is another one. `unless` in the sentence lifts the ban; `excused` are pairs of
    which both lift it, one in the sentence and one in the whole. What is said `aside` is no part of the claim. Where
    `deniable`, a sentence that denies the claim may stand.
    """

    claim: re.Pattern[str]
    beside: tuple[re.Pattern[str], ...] = ()
    within: tuple[re.Pattern[str], ...] = ()
    unless: tuple[re.Pattern[str], ...] = ()
    excused: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = ()
    aside: re.Pattern[str] | None = None
    deniable: bool = True

    def is_broken_by(self, sentence: str, whole: str) -> bool:
        """Whether a plain sentence of the plain text `whole` makes the claim."""
        read = self.aside.sub(" ", sentence) if self.aside else sentence
        # Whether a match is denied is asked last: for each the sentence before it is read again.
        return (
            self.claim.search(read) is not None
            and all(pattern.search(sentence) for pattern in self.beside)
            and all(pattern.search(whole) for pattern in self.within)
            and not any(pattern.search(sentence) for pattern in self.unless)
            and not any(
                here.search(sentence) and there.search(whole) for here, there in self.excused
            )
            and any(
                not (self.deniable and is_denied(read, match.start(), match.end()))
                for match in self.claim.finditer(read)
            )
        )


@dataclass(frozen=True, slots=True)
class Erratum:
    """A slip of the review that would harm: its number, what is refused, and why in a sentence."""

    number: str
    severity: str
    refusal: str
    bans: tuple[Ban, ...] = ()


def ban(
    claim: str,
    *,
    beside: tuple[str, ...] = (),
    within: tuple[str, ...] = (),
    unless: tuple[str, ...] = (),
    excused: tuple[tuple[str, str], ...] = (),
    aside: str = "",
    deniable: bool = True,
) -> Ban:
    """Return a ban from patterns written as text; a blank stands for any white space."""
    return Ban(
        re.compile(claim),
        tuple(re.compile(pattern) for pattern in beside),
        tuple(re.compile(pattern) for pattern in within),
        tuple(re.compile(pattern) for pattern in unless),
        tuple((re.compile(here), re.compile(there)) for here, there in excused),
        re.compile(aside) if aside else None,
        deniable,
    )
