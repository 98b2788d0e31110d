"""Which form stands behind the key of a draft, so that what was typed can be told in the words of that form."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django import forms

from cases.forms.owner import people_of
from cases.models import ICICourse, IrAE
from cases.selectors import as_uuid
from cases.whole_record import fetch_record

if TYPE_CHECKING:
    from accounts.models import User
    from cases.models import Case


@dataclass(frozen=True)
class Around:
    """What a form lets choose from: of a case that its user sees, else nothing of any record."""

    user: User
    case: Case | None

    @cached_property
    def people(self) -> dict[str, tuple[User, str]]:
        """Who may be given something on the case's board, by id, with what they sit for."""
        return people_of(self.case.board) if self.case else {}

    @property
    def users(self) -> list[User]:
        """Those people alone."""
        return [user for user, _words in self.people.values()]

    @cached_property
    def patient(self) -> Any:
        """The patient, with courses and irAEs fetched; None without a case."""
        if self.case is None:
            return None
        fetch_record([self.case.patient], lists=(ICICourse, IrAE))
        return self.case.patient


Fields = Mapping[str, forms.Field]
# Makes the fields of a form of what was sent into it.
Made = Callable[[Any, Around], Fields]

_MADE: dict[str, Made] = {}


def makes_forms(made: Mapping[str, Made]) -> None:
    """Tell the forms of an application, by the name of their drafts: see `name_of`."""
    _MADE.update(made)


def name_of(key: str) -> tuple[str, ...]:
    """Return by which names the form of a key may be known, the closest first: its words without the ids.

    "section:<case>:iraes:dossier:<irAE>" is "section:iraes:dossier", and "fact:<case>:ecog" may be "fact".
    """
    parts = [part for part in key.split(":") if as_uuid(part) is None and part != "new"]
    return ":".join(parts), parts[0]


def made_for(key: str) -> Made | None:
    """Return what makes the fields of the form that is kept under `key`."""
    return next((_MADE[name] for name in name_of(key) if name in _MADE), None)


def plain(form: type[forms.Form]) -> Made:
    """Return what makes the fields of a form that offers the same whatever it is about."""
    return lambda _sent, _around: form.base_fields


def listing(form: Callable[..., forms.Form], **options: Callable[[Around], Iterable[Any]]) -> Made:
    """Return what makes the fields of a form that takes what it offers by name."""

    def made(sent: Any, around: Around) -> Fields:
        return form(sent, **{name: what(around) for name, what in options.items()}).fields

    return made
