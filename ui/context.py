"""What the frame of every page needs: navigation by role, who is signed in, where this runs.

Nothing is looked up until a template asks for it, so a fragment costs no query.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

HTMX_CONFIG = {
    "historyCacheSize": 0,
    "historyRestoreAsHxRequest": False,
    "allowEval": False,
    "selfRequestsOnly": True,
    "includeIndicatorStyles": False,
    # Without "style": what a script gave an element's size would be written into the page anew as a text, which
    # the content policy refuses.
    "attributesToSettle": ["class", "width", "height"],
    "timeout": 30_000,
    "responseHandling": [
        {"code": "204", "swap": False},
        {"code": "[23]..", "swap": True},
        # An invalid form, and a record that somebody else has changed, come back as a page part.
        {"code": "(409|422)", "swap": True, "error": False},
        {"code": "[45]..", "swap": False, "error": True},
    ],
}


@dataclass(frozen=True)
class Item:
    """One entry of the main navigation."""

    text: str | Promise
    url_name: str
    permission: str | None = None
    staff_only: bool = False


NAVIGATION = (
    Item(_("Home"), "home"),
    Item(_("Triage"), "meetings:triage", "triage.view"),
    Item(_("Meetings"), "meetings:list", "meeting.view"),
    Item(_("Cases"), "cases:list", "case.view"),
    Item(_("Monitoring"), "followup:worklist", "monitoring.view"),
    Item(_("Evidence"), "evidence:statements", "evidence.view"),
    Item(_("Members"), "boards:index", "board.manage"),
    Item(_("Trail"), "boards:trail", "trail.view"),
    Item(_("Admin"), "admin:index", staff_only=True),
)


@dataclass(frozen=True)
class Link:
    """A navigation entry as it is printed."""

    text: str
    href: str
    current: bool


class Site:
    """The frame of the page for one request; each part is worked out when first asked for."""

    hospital: str = ""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self.user: Any = getattr(request, "user", None)
        self.signed_in = bool(self.user is not None and self.user.is_authenticated)
        self.hospital = getattr(settings, "HOSPITAL", "")
        self.demo = bool(getattr(settings, "DEMO", False))
        self.debug = bool(settings.DEBUG)
        self.mailbox_url = getattr(settings, "MAILBOX_URL", "") if self.demo else ""
        self.htmx_config = json.dumps(HTMX_CONFIG)

    def may(self, permission: str) -> bool:
        """True when the user holds the permission in any of their boards."""
        return self.signed_in and bool(self.user.can_anywhere(permission))

    @cached_property
    def navigation(self) -> list[Link]:
        """The entries that this user may open, in the order of the work."""
        if not self.signed_in:
            return []
        shown = [
            (str(item.text), href)
            for item in NAVIGATION
            if (href := _reverse(item.url_name)) is not None and self._shows(item)
        ]
        # An address may lie within another's, as triage does within meetings: the nearest is current.
        nearest = max((h for _t, h in shown if self._is_within(h)), key=len, default="")
        return [Link(text, href, href == nearest) for text, href in shown]

    def _shows(self, item: Item) -> bool:
        if item.staff_only:
            return bool(self.user.is_staff)
        return item.permission is None or self.may(item.permission)

    def _is_within(self, href: str) -> bool:
        # A page of one part may belong to another: its view says `request.within = "cases:list"`.
        within = getattr(self._request, "within", None)
        path = reverse(within) if within else self._request.path
        return path == href if href == "/" else path.startswith(href)

    @property
    def memberships(self) -> list[Any]:
        """The user's active memberships with their boards, in the order of the boards' names."""
        return list(self.user.active_memberships) if self.signed_in else []

    @property
    def boards(self) -> list[Any]:
        """The boards the user sits on, each once."""
        return list(self.user.boards) if self.signed_in else []

    @cached_property
    def user_name(self) -> str:
        """The user's name, or the address they sign in with."""
        if not self.signed_in:
            return ""
        return getattr(self.user, "name", "") or self.user.get_username()

    @cached_property
    def user_line(self) -> str:
        """What the user is here: specialty or roles, and the board, for the line under the name."""
        roles = list(
            dict.fromkeys(
                str(m.get_specialty_display() if m.specialty else m.get_role_display())
                for m in self.memberships
            )
        )
        names = [board.name for board in self.boards]
        place = names[0] if len(names) == 1 else str(_("%(count)s boards")) % {"count": len(names)}
        if len(names) == 0:
            place = ""
        return " · ".join(part for part in (", ".join(roles[:2]), place) if part)

    @cached_property
    def roles_by_board(self) -> list[tuple[str, str]]:
        """Every board with the user's roles on it, for the user menu."""
        found: dict[str, list[str]] = {}
        for membership in self.memberships:
            found.setdefault(membership.board.name, []).append(str(membership.get_role_display()))
        return [(board, ", ".join(dict.fromkeys(roles))) for board, roles in found.items()]

    @cached_property
    def search_url(self) -> str | None:
        """Where the search form posts, or None when the user may not see cases."""
        return _reverse("cases:search") if self.may("case.view") else None

    @cached_property
    def refer_url(self) -> str | None:
        """Where a case is referred, or None when the user may not."""
        return _reverse("cases:refer") if self.may("case.refer") else None


def _reverse(name: str) -> str | None:
    try:
        return reverse(name)
    except NoReverseMatch:
        return None


def page(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `site` for the frame of every page."""
    return {"site": Site(request)}
