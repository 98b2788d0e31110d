"""Whether a name was typed nearly as it is written: in memory, for the few hundred names that the library knows."""

from __future__ import annotations

# From how many letters on one slip is forgiven. Two never are: they make hyperthyroidism of hypothyroidism.
ONE_SLIP = 5
ENDINGS = ("ing", "ed", "es", "s", "e")
SHORTEST_STEM = 5


def alike(typed: str, name: str) -> bool:
    """Whether two folded words or names differ by a slip, or by an ending; what has a digit is never alike."""
    if typed == name:
        return True
    if any(one.isdigit() for one in typed + name):
        return False
    if stem(typed) == stem(name):
        return True
    # The first letter is hardly ever the one that is wrong, and another one makes another word.
    long = min(len(typed), len(name)) >= ONE_SLIP
    return long and typed[:1] == name[:1] and slips(typed, name, 1) <= 1


def stem(word: str) -> str:
    """Return a word without its ending, as long as enough of it is left."""
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_STEM:
            return word.removesuffix(ending)
    return word


def slips(typed: str, name: str, most: int) -> int:
    """Return how many letters were left out, put in, taken for others or swapped; `most` + 1 for any more."""
    if abs(len(typed) - len(name)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(name) + 1))
    for place, letter in enumerate(typed, start=1):
        new = [place]
        for at, other in enumerate(name, start=1):
            cost = min(row[at] + 1, new[at - 1] + 1, row[at - 1] + (letter != other))
            if place > 1 and at > 1 and letter == name[at - 2] and typed[place - 2] == other:
                cost = min(cost, before[at - 2] + 1)
            new.append(cost)
        before, row = row, new
    return min(row[-1], most + 1)
