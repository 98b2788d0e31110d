"""A fixture that checks each delivered row once for all tests that load it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from evidence import loading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Rows = dict[str, dict[str, Any]]


def of_a_statement(row: dict[str, Any], sources: Rows, findings: Rows) -> list[Any]:
    """All that the check of a statement reads: the row, what it rests on, and where that stands."""
    rests = [findings.get(name, {}) for name in row["findings"]]
    cited = (*row["sources"], *(one.get("source", "") for one in rests))
    return [row, rests, {name: sources.get(name) for name in cited}]


def of_a_row(instance: object, row: dict[str, Any], skip: tuple[str, ...] = ()) -> list[Any]:
    """All that the check of a source or a finding reads."""
    return [type(instance), row, skip]


@pytest.fixture(autouse=True, scope="session")
def rows_checked_once() -> Iterator[None]:
    """Let a delivery pass the rows that were found fit before, with the very same words and all that they rest on.

    Many tests load the guidance, most with one row changed: to check all the others takes longer than to load them.
    """
    fit: set[str] = set()

    def once(
        check: Callable[..., list[str]], read: Callable[..., list[Any]]
    ) -> Callable[..., list[str]]:
        def checked(*told: Any, **more: Any) -> list[str]:
            key = repr(read(*told, **more))
            found = [] if key in fit else check(*told, **more)
            if not found:
                fit.add(key)
            return found

        return checked

    with pytest.MonkeyPatch.context() as patch:
        for name, read in (("_statement_problems", of_a_statement), ("_model_problems", of_a_row)):
            patch.setattr(loading, name, once(getattr(loading, name), read))
        yield
