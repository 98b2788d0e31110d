"""Every address with an id, called by every role of another board with real ids: nobody gets in.

Random ids answer 404 anyway and would prove nothing, so the ids are those of a line that exists. The same
addresses called by the line's own people are the control: every page answers somebody and shows the planted
name, and the very form that a stranger sent changes something when it comes from the board.
"""

from __future__ import annotations

import io
import re
import time
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from accounts.acting import acting_as
from accounts.idling import SEEN, SIGNED_IN
from accounts.permissions import PERMISSIONS
from followup.models import Notice, Reminder
from tests.architecture.test_access_rules import methods_of, rule_of
from tests.factories.addresses import REPORT, SECRET_NAME, ids, with_ids
from tests.factories.line import Line, make_line, make_people
from tests.factories.people import make_board
from tests.factories.posted import fields_of
from tests.factories.posts import POSTS
from tests.factories.record import CANARY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from django.test import Client

    from accounts.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_refusals")]
# Written by any request: the session, the trail of the refusal, a form that is kept while it is typed.
ASIDE = {"django_session", "audit_trailentry", "cases_draft"}
WRITE = re.compile(r'(?<!FOR )(?<!KEY )\b(?:INSERT INTO|UPDATE|DELETE FROM) "?(\w+)')
ADDRESSES = with_ids()
# Whoever comes first among those who may asks where one is enough.
ASKED = ("member", "chair", "coordinator", "nurse", "registry", "administrator")


PDF = b"%PDF-1.4\n%%EOF\n"


@dataclass
class World:
    """A line, the ids of its addresses, people of another board, and everybody's session."""

    line: Line
    ids: dict[str, dict[str, Any]]
    strangers: dict[str, User]
    sessions: dict[int, str]


@pytest.fixture(scope="module")
def world(
    once: Callable[[Callable[[], World]], World], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """The line of another board than the callers'; what a test does to it is undone after it."""
    with override_settings(STORAGES=_stored_in(tmp_path_factory.mktemp("files"))):
        yield once(_world)


def _world() -> World:
    line = make_line(make_board(), family_name=SECRET_NAME)
    kept = REPORT | {"file": SimpleUploadedFile("ct.pdf", PDF, content_type="application/pdf")}
    strangers = make_people(make_board())
    everybody = [*line.people.values(), *strangers.values()]
    sessions = {user.pk: _session_of(user) for user in everybody}
    return World(line, ids(line, report=kept), strangers, sessions)


def _session_of(user: User) -> str:
    """Return the key of a session; signing in would end the invitation of whoever has not yet."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session[SIGNED_IN] = session[SEEN] = int(time.time())
    session.save()
    assert session.session_key
    return session.session_key


def _stored_in(folder: Path) -> dict[str, Any]:
    backend = "django.core.files.storage.FileSystemStorage"
    return {**settings.STORAGES, "default": {"BACKEND": backend, "OPTIONS": {"location": folder}}}


@pytest.fixture
def line(world: World) -> Line:
    """The line of the other board."""
    return world.line


def enter(client: Client, world: World, user: User) -> None:
    """Let the client be `user`."""
    client.cookies.clear()
    client.cookies[settings.SESSION_COOKIE_NAME] = world.sessions[user.pk]


def writes(captured: CaptureQueriesContext) -> set[str]:
    """Return the tables that were written to, aside from those of every request; a mail counts as one."""
    tables = {table for query in captured for table in WRITE.findall(query["sql"])}
    sent = {"mail"} if mail.outbox else set()
    mail.outbox.clear()
    return tables - ASIDE | sent


def test_every_address_with_an_id_is_tried(world: World) -> None:
    assert len(ADDRESSES) > 40
    assert set(world.ids) == set(ADDRESSES)


def test_every_address_with_an_id_declares_its_methods() -> None:
    assert [name for name, pattern in ADDRESSES.items() if not methods_of(pattern)] == []


def test_every_address_that_is_written_to_has_a_form() -> None:
    written = {n for n, p in ADDRESSES.items() if "POST" in (methods_of(p) or set())}
    assert written == set(POSTS)


def expected(user: User, name: str) -> int:
    """Return what a stranger is answered: 403 without the permission anywhere, else 404."""
    rule = rule_of(ADDRESSES[name])
    assert rule is not None
    return 404 if user.can_anywhere(rule.permission) else 403


def first_allowed(name: str) -> str:
    """Return the first role that has the permission which an address asks for."""
    rule = rule_of(ADDRESSES[name])
    assert rule is not None
    return next(role for role in ASKED if role in PERMISSIONS[rule.permission])


def test_no_role_of_another_board_reads(world: World, client: Client) -> None:
    got_in, asked = [], 0
    for role, user in world.strangers.items():
        enter(client, world, user)
        for name, of in world.ids.items():
            for method in sorted(methods_of(ADDRESSES[name]) or set()):
                # HEAD runs the same view: one who has the permission elsewhere asks for all.
                if method == "POST" or (method == "HEAD" and role != first_allowed(name)):
                    continue
                asked += 1
                response = client.generic(method, reverse(name, kwargs=of))
                if response.status_code != expected(user, name) or SECRET_NAME in _text(response):
                    got_in.append((user.name, method, name, response.status_code))
    assert not got_in
    assert asked > 200


def _tried(world: World, client: Client, name: str) -> list[str]:
    """Send one form as everybody of another board, then as its owner; return what went wrong."""
    post, line = POSTS[name], world.line
    of = post.arrange(line) or world.ids[name]
    owner, address = line.people[post.role], reverse(name, kwargs=of)
    form: dict[str, Any] = {}
    if post.opened:
        enter(client, world, owner)
        form = fields_of(_text(client.get(address)), address)
        # The version that is written over, or the key by which a second press is known.
        assert {"version", "key"} & set(form), name
    form |= post.fields(line)
    wrong = []
    for stranger in world.strangers.values():
        enter(client, world, stranger)
        with CaptureQueriesContext(connection) as captured:
            response = client.post(address, form)
        if response.status_code != expected(stranger, name) or SECRET_NAME in _text(response):
            wrong.append(f"{stranger.name} is answered {response.status_code}")
        wrong += [f"{stranger.name} writes to {table}" for table in writes(captured)]
    enter(client, world, owner)
    with CaptureQueriesContext(connection) as captured:
        response = client.post(address, form)
    if response.status_code >= 400:
        said = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", _text(response)))
        wrong.append(f"the owner is answered {response.status_code}: {said[:1500]}")
    if not writes(captured):
        wrong.append("the control changed nothing")
    return wrong


def test_nobody_of_another_board_writes_and_the_same_form_is_taken_from_the_board(
    world: World, client: Client
) -> None:
    wrong = {}
    for name in sorted(POSTS):
        with transaction.atomic():
            if found := _tried(world, client, name):
                wrong[name] = found
            transaction.set_rollback(True)
    assert not wrong, "\n".join(f"{name}: {'; '.join(found)}" for name, found in wrong.items())


def test_every_permission_of_a_posting_role_is_the_tables() -> None:
    for name, post in POSTS.items():
        rule = rule_of(ADDRESSES[name])
        assert rule is not None and post.role in PERMISSIONS[rule.permission], name


# Pages of one board that name none of its patients, and why.
NAMES_NOBODY = {
    **dict.fromkeys(("boards:members", "boards:add", "boards:end"), "the people of a board"),
    "boards:rules": "whose rules a board goes by",
    "meetings:close": "asks about the meeting",
    "meetings:calendar": "a file for calendars outside the site",
    "cases:section_shown": "a part of the page that shows the patient above it",
    "cases:report_file": "the file as it was sent in",
}
# What the page needs first: a decision that is not signed, a second record.
ARRANGED = ("meetings:record", "meetings:sign", "cases:merge_with")
HTMX = {"cases:section_shown": {"HX-Request": "true"}}


def test_every_page_answers_somebody_of_the_board_and_names_the_patient(
    world: World, client: Client
) -> None:
    silent = set()
    for name, pattern in ADDRESSES.items():
        if "GET" not in (methods_of(pattern) or set()):
            continue
        # Only who attached something opens its comment.
        role = "chair" if name == "cases:comment" else first_allowed(name)
        of = (POSTS[name].arrange(world.line) if name in ARRANGED else None) or world.ids[name]
        enter(client, world, world.line.people[role])
        response = client.get(reverse(name, kwargs=of), headers=HTMX.get(name, {}))
        assert response.status_code == 200, f"{name}: the {role} is answered {response.status_code}"
        told = _text(response).lower()
        # A page that had to be arranged is of the patient who came with it.
        if (CANARY if name in ARRANGED else SECRET_NAME).lower() not in told:
            silent.add(name)
    assert silent == set(NAMES_NOBODY)


def test_ids_that_do_not_exist_answer_like_foreign_ones(
    world: World, line: Line, client: Client
) -> None:
    enter(client, world, world.strangers["member"])
    foreign = client.get(reverse("cases:detail", kwargs={"public_id": line.case.public_id}))
    absent = client.get(reverse("cases:detail", kwargs={"public_id": uuid.uuid4()}))
    assert foreign.status_code == absent.status_code == 404


def test_a_strangers_notices_and_reminders_are_not_there(world: World) -> None:
    with acting_as(world.line.people["nurse"]):
        assert Notice.objects.exists()
        assert Reminder.objects.exists()
    with acting_as(world.strangers["coordinator"]):
        assert not Notice.objects.exists()
        assert not Reminder.objects.exists()


def test_nobody_gets_in_without_signing_in(client: Client, world: World) -> None:
    for name, of in world.ids.items():
        address = reverse(name, kwargs=of)
        for method in methods_of(ADDRESSES[name]) or set():
            response = client.generic(method, address)
            assert response.status_code == 302, name
            assert response.headers["Location"].startswith("/accounts/login/"), name
            htmx = client.generic(method, address, headers={"HX-Request": "true"})
            assert htmx.status_code == 401, name


def _text(response: Any) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if response.headers.get("Content-Type") == "application/pdf" and content != PDF:
        return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    return str(content.decode("utf-8", "replace"))
