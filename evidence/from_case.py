"""The way back to the case from which the evidence was opened, and where something of it is attached to that case.

Guidance lies below the application of cases: it knows of one no more than the id in its own address. Whether the
reader may see or change the case is asked there, and what is attached to it is told from there
(`knows_what_is_attached`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from django.urls import reverse

if TYPE_CHECKING:
    from collections.abc import Callable

    from accounts.access import UserRequest
    from accounts.models import User

    Attached = Callable[[User, UUID], frozenset[UUID]]


def _nothing(_user: User, _case: UUID) -> frozenset[UUID]:
    return frozenset()


_attached: Attached = _nothing


@dataclass(frozen=True, slots=True)
class FromCase:
    """The case from which a page was opened: its page, and whether the reader attaches guidance to cases."""

    key: UUID
    may_attach: bool
    # The versions and findings that are attached to it already.
    attached: frozenset[UUID] = frozenset()

    @property
    def url(self) -> str:
        """The guidance on the page of the case."""
        return reverse("cases:detail", args=[self.key]) + "#case-guidance"

    def on(self, address: str) -> str:
        """Return `address` of a page of the evidence, with the way back."""
        address, mark, anchor = address.partition("#")
        return f"{address}{'&' if '?' in address else '?'}case={self.key}{mark}{anchor}"

    def after(self, address: str, what: UUID, place: str) -> str:
        """Return `address` as it is gone back to once `what` is attached: at a place of the page.

        It names what was attached: where the place alone is another, a browser would not load the page anew.
        """
        path, _mark, query = address.partition("#")[0].partition("?")
        kept = [(name, value) for name, value in parse_qsl(query) if name != "attached"]
        return f"{path}?{urlencode([*kept, ('attached', str(what)[:8])])}#{place}"

    def attach(self, version_id: UUID) -> str:
        """Where a version is attached to the case."""
        return reverse("cases:attach", args=[self.key, version_id])

    def attach_finding(self, finding_id: UUID) -> str:
        """Where one finding is attached to the case."""
        return reverse("cases:attach_finding", args=[self.key, finding_id])


def from_case(request: UserRequest) -> FromCase | None:
    """Return the case that the address names; None where it names none."""
    try:
        key = UUID(request.GET.get("case", ""))
    except ValueError:
        return None
    may_attach = request.user.can_anywhere("case.attach_guidance")
    return FromCase(key, may_attach, _attached(request.user, key) if may_attach else frozenset())


def knows_what_is_attached(find: Attached) -> None:
    """Take what finds the versions and findings attached to a case that a user may see."""
    global _attached
    _attached = find
