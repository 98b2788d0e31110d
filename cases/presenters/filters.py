"""The links above the list of cases: what it can be filtered by, and the filters that the user saved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from cases.filtering import ALL, CaseFilter
from cases.states import CaseState
from cases.vocabulary import StopReason

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from accounts.models import Board


@dataclass(frozen=True)
class SavedLink:
    """A saved filter; `href` is empty when it shows nothing any more."""

    name: str
    href: str
    current: bool
    public_id: UUID


def list_address(chosen: CaseFilter) -> str:
    """Return the address of the list so filtered."""
    address = reverse("cases:list")
    return f"{address}?{chosen.query}" if chosen else address


def _link(text: object, chosen: CaseFilter, other: CaseFilter) -> dict[str, object]:
    return {"text": str(text), "href": list_address(other), "current": other == chosen}


def state_links(chosen: CaseFilter) -> list[dict[str, object]]:
    """Return a link to each state, the rest of the filter kept."""
    choices = [("", _("Open")), *CaseState.choices, (ALL, _("All"))]
    return [
        _link(text, chosen, CaseFilter(code, chosen.board, chosen.stopped))
        for code, text in choices
    ]


def reason_links(chosen: CaseFilter) -> list[dict[str, object]]:
    """Return a link to each reason for which an ICI was stopped."""
    choices = [("", _("Any reason")), (StopReason.IRAE.value, _("irAE"))]
    choices += [(c, str(label)) for c, label in StopReason.choices if c != StopReason.IRAE]
    return [
        _link(text, chosen, CaseFilter(chosen.state, chosen.board, code)) for code, text in choices
    ]


def board_links(boards: Sequence[Board], chosen: CaseFilter) -> list[dict[str, object]]:
    """Return a link to each board of somebody who sits on several."""
    if len(boards) < 2:
        return []
    choices = [(None, _("All my boards")), *((board, board.name) for board in boards)]
    return [
        _link(text, chosen, CaseFilter(chosen.state, board, chosen.stopped))
        for board, text in choices
    ]


def saved_links(
    saved: Iterable[tuple[str, UUID, CaseFilter | None]], chosen: CaseFilter
) -> list[SavedLink]:
    """Return the saved filters as links; `saved` are names, ids and what each filters by, None when that is gone."""
    return [
        SavedLink(name, list_address(found) if found else "", found == chosen, public_id)
        for name, public_id, found in saved
    ]
