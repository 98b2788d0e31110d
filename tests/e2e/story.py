"""Steps of a journey in words: given, when, then. A failure says in which step it happened."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from tests.e2e.person import Person


class Story:
    """The steps so far; each ends with axe and the script errors of those who took part."""

    def __init__(self) -> None:
        self.steps: list[str] = []

    def given(self, words: str, *people: Person) -> AbstractContextManager[None]:
        """Begin a step that brings things about."""
        return self._step(f"given {words}", people)

    def when(self, words: str, *people: Person) -> AbstractContextManager[None]:
        """Begin a step that does something."""
        return self._step(f"when {words}", people)

    def then(self, words: str, *people: Person) -> AbstractContextManager[None]:
        """Begin a step that expects something."""
        return self._step(f"then {words}", people)

    @contextmanager
    def _step(self, words: str, people: tuple[Person, ...]) -> Iterator[None]:
        self.steps.append(words)
        try:
            yield
            for person in people:
                person.check()
        except Exception as error:
            shown = [f"{p.account.role} at {p.page.url}" for p in people]
            error.add_note("\n".join(["Steps:", *self.steps, *shown]))
            raise
