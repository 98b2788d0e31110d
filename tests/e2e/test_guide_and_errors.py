"""Pages that nobody is led to, the style guide and those of errors: axe finds nothing in light and in dark."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import path

from rechallenge import urls
from tests.e2e import axe
from tests.e2e.serving import served
from ui import errors
from ui.views import styleguide

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.http import HttpRequest, HttpResponse
    from playwright.sync_api import Page

pytestmark = pytest.mark.e2e
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
DARK = "document.documentElement.dataset.theme = 'dark'"


def _refused(request: HttpRequest) -> HttpResponse:
    refusal = PermissionDenied("Only the chair may sign.")
    refusal.permission = "decision.sign"  # type: ignore[attr-defined]
    return errors.permission_denied(request, refusal)


ERRORS: dict[str, Callable[[HttpRequest], HttpResponse]] = {
    "400": errors.bad_request,
    "403": _refused,
    "404": errors.not_found,
    "413": errors.too_large,
    "429": errors.too_many_requests,
    "500": errors.server_error,
    "csrf": errors.csrf_failure,
}


def _shown(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Return a view as somebody who may do everything sees its page: with all of the header."""

    @transaction.non_atomic_requests
    def shown(request: HttpRequest) -> HttpResponse:
        somebody: Any = SimpleNamespace(
            pk=1, is_authenticated=True, is_active=True, is_staff=True, name="A. Member",
            can_anywhere=lambda permission: True, active_memberships=[], boards=[],
        )  # fmt: skip
        request.user = somebody
        return view(request)

    return shown


urlpatterns = [
    path("guide", _shown(styleguide)),
    *(path(f"errors/{name}", _shown(view)) for name, view in ERRORS.items()),
    *urls.urlpatterns,
]


@pytest.fixture
def address(settings: Any) -> Iterator[str]:
    """The address at which these pages are served."""
    with served(settings, __name__) as found:
        yield found


def faults_of(page: Page, *, themes: tuple[str, ...] = ("light", "dark")) -> list[str]:
    """Return what is wrong with the page in each theme, on a phone and on a screen."""
    found = []
    for theme in themes:
        if theme == "dark":
            page.evaluate(DARK)
        for width in (390, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            if (over := page.evaluate(OVERFLOW)) > 0:
                found.append(f"{page.url} {theme}: {over} px too wide at {width}")
        found += [f"{page.url} {theme}: {line}" for line in axe.findings(page)]
    return found


def test_the_style_guide_and_the_pages_of_errors_are_sound(page: Page, address: str) -> None:
    said: list[str] = []
    # What axe reads itself is refused by the policy, so only what the page says as it loads is counted.
    page.on("pageerror", lambda error: said.append(str(error)))
    faults = []
    page.goto(f"{address}guide")
    assert page.get_by_role("heading", name="Style guide").is_visible()
    faults += faults_of(page)
    page.set_viewport_size({"width": 390, "height": 900})
    faults += [f"guide on a phone: {line}" for line in axe.findings(page)]
    for name in ERRORS:
        answer = page.goto(f"{address}errors/{name}")
        assert answer and answer.status == int(name.replace("csrf", "403")), name
        assert page.get_by_role("heading", level=1).is_visible()
        faults += faults_of(page)
    assert not faults + said, "\n".join(faults + said)


def test_every_page_of_errors_is_looked_at() -> None:
    folder = Path(__file__).resolve().parents[2] / "templates" / "errors"
    assert {found.stem for found in folder.glob("*.html")} == set(ERRORS)
