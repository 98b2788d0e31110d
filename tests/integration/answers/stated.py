"""Reads the answers that were stated by hand: a file for each case, and one beside it for the rules.

A file groups the statements by what settles them: `applies`, `does not apply` and `cannot tell` each hold a list of
`because`, a sentence that names the fact, and the `statements` it settles. A completed variant names the published
`case` that it completes and what is `filled` in; one that differs from another variant by a value says which one it is
`like`, and states the answers that change. Where a reader of the case concludes more than the record does, `differs`
holds what was `stated` beside the `engine`'s answer: it may be less sure than the reader, never the opposite.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from evidence.conditions import Answer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from demo.plan import CasePlan

FOLDER = Path(__file__).parent
ANSWERS = {
    "applies": Answer.TRUE,
    "does not apply": Answer.FALSE,
    "cannot tell": Answer.UNDETERMINED,
}
OTHER_KEYS = {"about", "case", "like", "filled", "differs"}


@dataclass(frozen=True)
class Stated:
    """One answer as it was stated, with the reason; `engine` is what the record leads to where it is less sure."""

    answer: Answer
    because: str
    engine: Answer


def names(kind: str) -> list[str]:
    """Return the names of all files of a kind, `published` or `completed`."""
    found = (path.name for path in (FOLDER / kind).glob("*.yaml"))
    return sorted(name.removesuffix(".yaml") for name in found if not name.endswith(".rules.yaml"))


@cache
def read(kind: str, name: str) -> dict[str, Any]:
    """Return a file as it stands."""
    found: dict[str, Any] = yaml.safe_load((FOLDER / kind / f"{name}.yaml").read_text())
    return found


def answers(kind: str, name: str) -> dict[str, Stated]:
    """Return what is stated of a case for each statement, the rules among them.

    Raises ValueError for a statement that one file states twice, and for a rule among the others or the reverse.
    """
    first = read(kind, name).get("like")
    found = answers(kind, first) if first else {}
    return found | _own(kind, name, rules=False) | _own(kind, f"{name}.rules", rules=True)


def own(kind: str, name: str) -> dict[str, Stated]:
    """Return the answers that the files of a case state themselves."""
    return _own(kind, name, rules=False) | _own(kind, f"{name}.rules", rules=True)


def _own(kind: str, name: str, *, rules: bool) -> dict[str, Stated]:
    if not (FOLDER / kind / f"{name}.yaml").exists():
        return {}
    told, found = read(kind, name), {}
    if unknown := set(told) - set(ANSWERS) - OTHER_KEYS:
        raise ValueError(f"{name}: {', '.join(sorted(unknown))} is no answer.")
    rows = [(row, words, words) for words in ANSWERS for row in told.get(words, [])]
    rows += [(row, row["stated"], row["engine"]) for row in told.get("differs", [])]
    for row, stated, engine in rows:
        for code in row["statements"].split():
            if code in found or code.startswith("R") is not rules:
                raise ValueError(f"{name}: {code} is stated twice, or in the wrong file.")
            found[code] = Stated(ANSWERS[stated], row["because"], ANSWERS[engine])
    return found


def filled(name: str) -> tuple[str, list[Mapping[str, Any]]]:
    """Return the published case that a variant completes, and what is filled in, the first first."""
    told = read("completed", name)
    if "like" not in told:
        return told["case"], [told["filled"]]
    case, before = filled(told["like"])
    return case, [*before, told["filled"]]


def complete(plan: CasePlan, values: Mapping[str, Any]) -> CasePlan:
    """Return a plan with values put in; of a list the rows are named by their number, a further one is added."""
    return replace(plan, **{key: _put(getattr(plan, key), value) for key, value in values.items()})


def _put(before: Any, value: Any) -> Any:
    if isinstance(value, dict) and isinstance(before, dict):
        return before | {key: _put(before.get(key), new) for key, new in value.items()}
    if isinstance(value, dict) and isinstance(before, tuple):
        rows = list(before)
        for number, new in value.items():
            if number > len(rows):
                rows.append(new)
            else:
                rows[number - 1] = _put(rows[number - 1], new)
        return tuple(rows)
    return tuple(value) if isinstance(before, tuple) else value
