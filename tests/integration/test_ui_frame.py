"""The frame of every page: navigation by role, error pages, sign-in, the style guide."""

from __future__ import annotations

import json
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.constants import ERROR
from django.contrib.messages.storage.base import Message
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django_htmx.middleware import HtmxMiddleware

from accounts.access import public
from accounts.permissions import Role
from tests.factories.people import PASSWORD, make_board, make_user
from ui import errors, htmx
from ui import styleguide as guide
from ui.context import Site, page
from ui.jinja import COMPONENTS, Component
from ui.views import styleguide

ROOT = Path(__file__).resolve().parents[2]


def request_of(user=None, path="/", **headers):
    request = RequestFactory().get(path, headers=headers)
    request.user = user or AnonymousUser()
    request._messages = []
    HtmxMiddleware(lambda r: HttpResponse())(request)
    return request


@pytest.fixture
def board(db):
    return make_board("North")


def texts(site: Site) -> list[str]:
    return [link.text for link in site.navigation]


def test_nobody_sees_no_navigation():
    site = page(request_of())["site"]
    assert site.navigation == []
    assert not site.may("case.view")
    assert (site.user_name, site.user_line, site.boards, site.memberships) == ("", "", [], [])
    assert site.search_url is None


def test_navigation_follows_the_roles(board):
    member = Site(request_of(make_user(Role.MEMBER, board)))
    administrator = Site(request_of(make_user(Role.ADMINISTRATOR, board)))
    assert "Home" in texts(member)
    assert "Evidence" in texts(member)
    assert "Admin" not in texts(member)
    administrator.user.is_staff = True
    assert "Admin" in texts(Site(request_of(administrator.user)))
    assert member.may("case.view")


def test_the_page_one_is_on_is_marked(board):
    user = make_user(Role.MEMBER, board)
    current = [
        link.text for link in Site(request_of(user, "/evidence/x")).navigation if link.current
    ]
    assert current == ["Evidence"]
    assert [link.text for link in Site(request_of(user, "/")).navigation if link.current] == [
        "Home"
    ]


def test_triage_is_not_meetings_too(board):
    triage = Site(request_of(make_user(Role.COORDINATOR, board), "/meetings/triage")).navigation
    assert [link.text for link in triage if link.current] == ["Triage"]


def test_the_line_under_the_name_says_what_one_is(board):
    user = make_user(Role.CHAIR, board)
    site = Site(request_of(user))
    assert site.user_line.endswith("North")
    assert site.roles_by_board == [("North", "Chair")]
    assert site.boards == [board]
    outsider = make_user(Role.MEMBER, board)
    outsider.active_memberships = []
    assert Site(request_of(outsider)).user_line == ""


def test_htmx_keeps_no_history_and_swaps_what_did_not_clean():
    config = json.loads(Site(request_of()).htmx_config)
    assert config["historyCacheSize"] == 0
    assert config["historyRestoreAsHxRequest"] is False
    assert config["allowEval"] is False
    assert config["selfRequestsOnly"] is True
    assert "style" not in config["attributesToSettle"]
    assert {"code": "(409|422)", "swap": True, "error": False} in config["responseHandling"]


@pytest.mark.django_db
def test_error_pages_say_what_to_do():
    request = request_of()
    denied = PermissionDenied("Only the chair may sign")
    denied.permission = "decision.sign"
    answers = {
        400: (errors.bad_request(request, ValueError()), "could not be read"),
        404: (errors.not_found(request, Http404()), "a board you do not sit on"),
        500: (errors.server_error(request), "Something went wrong here"),
    }
    for status, (response, words) in answers.items():
        assert response.status_code == status
        assert words in response.content.decode()
    response = errors.permission_denied(request, denied)
    assert response.status_code == 403
    assert "Only the chair may sign" in response.content.decode()
    assert "decision.sign" in response.content.decode()
    assert "Your role on this board" in errors.permission_denied(request).content.decode()
    assert "out of date" in errors.csrf_failure(request, "x").content.decode()


def test_an_error_page_that_fails_itself_still_answers(monkeypatch):
    monkeypatch.setattr(errors, "render", lambda *a, **k: 1 / 0)
    response = errors.server_error(request_of())
    assert response.status_code == 500
    assert "Something went wrong here" in response.content.decode()


@pytest.mark.django_db
def test_sign_in_page_is_the_products_own(client, settings):
    settings.DEMO = False
    html = client.get("/accounts/login/").content.decode()
    assert "Use a passkey" in html
    assert "demo-only-password" not in html
    assert 'name="htmx-config"' in html
    settings.DEMO = True
    html = client.get("/accounts/login/").content.decode()
    assert "Demonstration sign-ins" in html
    assert "Monitoring nurse" in html


@pytest.mark.django_db
def test_pages_hold_no_inline_style_or_handler(client, board):
    user = make_user(Role.MEMBER, board)
    user.set_password(PASSWORD)
    user.save()
    client.force_login(user)
    for url in ("/accounts/2fa/", "/accounts/password/change/", "/accounts/logout/"):
        html = client.get(url).content.decode()
        assert "Sign-in and security" in html, url
        assert ' style="' not in html
        assert " onclick=" not in html


@pytest.mark.django_db
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_style_guide_shows_everything(board, theme, monkeypatch):
    drawn, draw = set(), Component.__call__

    def noted(self, *args, **kwargs):
        drawn.add(self.name)
        return draw(self, *args, **kwargs)

    monkeypatch.setattr(Component, "__call__", noted)
    request = request_of(make_user(Role.MEMBER, board), f"/styleguide?theme={theme}")
    html = public("a test of the page")(styleguide)(request).content.decode()
    assert ('data-theme="dark"' in html) is (theme == "dark")
    assert "SAMPLE, Margaret" in html
    assert ' style="' not in html
    for state in ("known", "not_yet", "unknown", "not_applicable"):
        assert f'data-for="{state}"' in html
    # A page's title draws the breadcrumb itself.
    drawn.add("breadcrumb")
    assert {name for names in COMPONENTS.values() for name in names} - drawn == set()


def test_style_guide_shows_every_icon_and_every_sign_of_a_picture():
    """Those that the macros draw, read from the macros themselves."""

    def told(file: str, name: str) -> set[str]:
        source = (ROOT / "templates" / "components" / file).read_text()
        equal = re.findall(rf'{name} == "(\w+)"', source)
        among = "".join(re.findall(rf"{name} in \(([^)]*)\)", source))
        return {*equal, *re.findall(r'"(\w+)"', among)}

    assert told("icons.html", "name") == set(guide.ICONS)
    drawn = {f"grade{n}" for n in range(1, 6)} | told("tags.html", "item.kind") - {"grade"}
    assert drawn == set(guide.SIGNS)


def test_page_or_fragment():
    context = {"items": [{"text": "x", "href": ""}]}
    whole = htmx.render(request_of(), "errors/404.html", "layout/_status.html", context)
    assert "<!DOCTYPE html>" in whole.content.decode()
    part = htmx.render(
        request_of(**{"HX-Request": "true"}),
        "errors/404.html",
        "layout/_status.html",
        {"messages": []},
        status=422,
    )
    assert part.status_code == 422
    assert "<!DOCTYPE html>" not in part.content.decode()
    assert part.headers["Vary"] == "HX-Request, X-Whole-Page"
    for header in ("HX-Boosted", "HX-History-Restore-Request"):
        request = request_of(**{"HX-Request": "true", header: "true"})
        assert (
            "<!DOCTYPE html>"
            in htmx.render(request, "errors/404.html", "layout/_status.html").content.decode()
        )
    assert htmx.redirect(request_of(), "/x").status_code == 302
    assert htmx.redirect(request_of(**{"HX-Request": "true"}), "/x").headers["HX-Redirect"] == "/x"


def test_messages_are_shown_with_their_kind():
    message = Message(ERROR, "Not <saved>")
    html = render_to_string("layout/_status.html", {"messages": [message]}, using="jinja2")
    assert "app-notice--red" in html
    assert "Not &lt;saved&gt;" in html
    assert 'role="status"' in html


def test_frame_tag_escapes_what_it_is_given():
    template = Template(
        '{% load demonstration frame %}{% frame "layout/_errors.html" form=form %}{{ "nurse"|role_name }}'
    )
    form = SimpleNamespace(errors={"name": ["<b>no</b>"]}, is_bound=True, fields={})
    html = template.render(Context({"request": request_of(), "form": form}))
    assert "&lt;b&gt;no&lt;/b&gt;" in html
    assert '<div class="app-errors"' in html
    assert html.endswith("Monitoring nurse")
