"""Every address with an id, called by every role of another board with real ids: nobody gets in.

Random ids answer 404 anyway and would prove nothing, so the ids are those of a line that exists. The same
addresses called by the line's own people are the control: a page shows the planted name, and the very form
that a stranger sent changes something when it comes from the board.
"""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from django.core import mail
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.acting import acting_as
from accounts.permissions import PERMISSIONS
from followup.models import Notice, Reminder
from tests.architecture.test_access_rules import methods_of, rule_of
from tests.factories.addresses import POSTS, SECRET_NAME, ids, with_ids
from tests.factories.line import Line, make_line, make_people
from tests.factories.people import make_board
from tests.factories.posted import fields_of

if TYPE_CHECKING:
    from django.test import Client

    from accounts.models import User

pytestmark = pytest.mark.django_db
# Written by any request: the session, the trail of the refusal, a form that is kept while it is typed.
ASIDE = {"django_session", "audit_trailentry", "cases_draft"}
WRITE = re.compile(r'(?<!FOR )(?<!KEY )\b(?:INSERT INTO|UPDATE|DELETE FROM) "?(\w+)')
ADDRESSES = with_ids()


@pytest.fixture
def line(db: None) -> Line:
    """A line of another board than the callers'."""
    return make_line(make_board(), family_name=SECRET_NAME)


def writes(captured: CaptureQueriesContext) -> set[str]:
    """Return the tables that were written to, aside from those of every request; a mail counts as one."""
    tables = {table for query in captured for table in WRITE.findall(query["sql"])}
    sent = {"mail"} if mail.outbox else set()
    mail.outbox.clear()
    return tables - ASIDE | sent


def test_every_address_with_an_id_is_tried(line: Line) -> None:
    assert len(ADDRESSES) > 40
    assert set(ids(line)) == set(ADDRESSES)


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


def test_no_role_of_another_board_reads(line: Line, client: Client) -> None:
    got_in, asked = [], 0
    kwargs = ids(line)
    for user in make_people(make_board()).values():
        client.force_login(user)
        for name, of in kwargs.items():
            for method in sorted(methods_of(ADDRESSES[name]) or set()):
                if method == "POST":
                    continue
                asked += 1
                response = client.generic(method, reverse(name, kwargs=of))
                if response.status_code != expected(user, name) or SECRET_NAME in _text(response):
                    got_in.append((user.name, method, name, response.status_code))
    assert not got_in
    assert asked > 200


def _tried(line: Line, client: Client, name: str, strangers: list[User]) -> list[str]:
    """Send one form as everybody of another board, then as its owner; return what went wrong."""
    post = POSTS[name]
    known = ids(line)[name]
    of = post.arrange(line) or known
    owner, address = line.people[post.role], reverse(name, kwargs=of)
    form: dict[str, Any] = {}
    if post.opened:
        client.force_login(owner)
        form = fields_of(_text(client.get(address)), address)
        # The version that is written over, or the key by which a second press is known.
        assert {"version", "key"} & set(form), name
    form |= post.fields(line)
    wrong = []
    for stranger in strangers:
        client.force_login(stranger)
        with CaptureQueriesContext(connection) as captured:
            response = client.post(address, form)
        if response.status_code != expected(stranger, name) or SECRET_NAME in _text(response):
            wrong.append(f"{stranger.name} is answered {response.status_code}")
        wrong += [f"{stranger.name} writes to {table}" for table in writes(captured)]
    client.force_login(owner)
    with CaptureQueriesContext(connection) as captured:
        response = client.post(address, form)
    if response.status_code >= 400:
        said = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", _text(response)))
        wrong.append(f"the owner is answered {response.status_code}: {said[:1500]}")
    if not writes(captured):
        wrong.append("the control changed nothing")
    return wrong


def test_nobody_of_another_board_writes_and_the_same_form_is_taken_from_the_board(
    line: Line, client: Client
) -> None:
    strangers = list(make_people(make_board()).values())
    wrong = {}
    for name in sorted(POSTS):
        with transaction.atomic():
            if found := _tried(line, client, name, strangers):
                wrong[name] = found
            transaction.set_rollback(True)
    assert not wrong, "\n".join(f"{name}: {'; '.join(found)}" for name, found in wrong.items())


def test_every_permission_of_a_posting_role_is_the_tables(line: Line) -> None:
    for name, post in POSTS.items():
        rule = rule_of(ADDRESSES[name])
        assert rule is not None and post.role in PERMISSIONS[rule.permission], name


SHOWS_THE_PATIENT = {
    "cases:detail": "member",
    "cases:changes": "member",
    "cases:again": "member",
    "cases:section": "member",
    "cases:item": "member",
    "cases:owner": "member",
    "cases:labs": "member",
    "cases:result": "member",
    "cases:sample_add": "member",
    "cases:dossier": "member",
    "cases:organs": "member",
    "cases:report": "registry",
    "followup:plan": "nurse",
    "followup:check": "nurse",
    "followup:assign": "nurse",
    "followup:hold": "nurse",
    "meetings:agenda": "coordinator",
    "meetings:live": "chair",
    "meetings:live_state": "chair",
    "meetings:decision": "chair",
}


def test_the_boards_own_people_see_the_planted_name(line: Line, client: Client) -> None:
    kwargs = ids(line)
    for name, role in SHOWS_THE_PATIENT.items():
        client.force_login(line.people[role])
        response = client.get(reverse(name, kwargs=kwargs[name]))
        assert response.status_code == 200, name
        assert SECRET_NAME.lower() in _text(response).lower(), name


def test_ids_that_do_not_exist_answer_like_foreign_ones(line: Line, client: Client) -> None:
    stranger = make_people(make_board())["member"]
    client.force_login(stranger)
    foreign = client.get(reverse("cases:detail", kwargs={"public_id": line.case.public_id}))
    absent = client.get(reverse("cases:detail", kwargs={"public_id": uuid.uuid4()}))
    assert foreign.status_code == absent.status_code == 404


def test_a_strangers_notices_and_reminders_are_not_there(line: Line, client: Client) -> None:
    ids(line)
    stranger = make_people(make_board())["coordinator"]
    with acting_as(stranger):
        assert not Notice.objects.exists()
        assert not Reminder.objects.exists()


def test_nobody_gets_in_without_signing_in(client: Client, line: Line) -> None:
    for name, of in ids(line).items():
        address = reverse(name, kwargs=of)
        for method in methods_of(ADDRESSES[name]) or set():
            response = client.generic(method, address)
            assert response.status_code == 302, name
            assert response.headers["Location"].startswith("/accounts/login/"), name
            htmx = client.generic(method, address, headers={"HX-Request": "true"})
            assert htmx.status_code == 401, name


def _text(response: Any) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return str(content.decode("utf-8", "replace"))
