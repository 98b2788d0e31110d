"""The log itself, as its one handler writes it: routes, never an address or what somebody typed."""

from __future__ import annotations

import io
import logging
import uuid
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from structlog.stdlib import ProcessorFormatter

from accounts.acting import acting_as
from audit.models import TrailEntry
from audit.services import record
from rechallenge.celery import app
from tests.factories.people import make_board, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def written():
    """Return what reads the lines that were logged so far."""
    (handler,) = [
        h
        for h in logging.getLogger().handlers
        if isinstance(h, logging.StreamHandler) and isinstance(h.formatter, ProcessorFormatter)
    ]
    stream = io.StringIO()
    before = handler.setStream(stream)
    yield stream.getvalue
    handler.setStream(before)


def lines(text: str, logger: str) -> list[str]:
    """Return the lines of one of Django's loggers, whether they are JSON or readable."""
    assert text
    return [line for line in text.splitlines() if logger in line]


def test_an_address_that_is_not_there_is_not_logged(client, written):
    client.get("/cases/John-Smith-1950")
    text = written()
    assert "Smith" not in text
    (line,) = lines(text, "django.request")
    assert "Not Found: GET (no such address)" in line


def test_a_refused_form_is_logged_by_its_route(board, written):
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user("member", board))
    client.post("/cases/drafts/Smith John/discard", headers={"Referer": "http://x/Smith"})
    text = written()
    assert "Smith" not in text
    (line,) = lines(text, "django.security.csrf")
    assert "Forbidden: POST cases/drafts/<str:key>/discard" in line


def test_an_id_in_an_address_is_not_logged(board, written, monkeypatch):
    def broken(*_args: Any, **_kwargs: Any) -> None:
        raise RuntimeError("broken")

    client = Client(raise_request_exception=False)
    client.force_login(make_user("chair", board))
    monkeypatch.setattr("accounts.access.check_anywhere", broken)
    key = uuid.uuid4()
    assert client.get(f"/meetings/items/{key}/decision").status_code == 500
    text = written()
    assert str(key) not in text
    (line,) = lines(text, "django.request")
    assert "Internal Server Error: GET meetings/items/<uuid:item_id>/decision" in line
    assert "RuntimeError: broken" in text, "the traceback is still there"


def test_the_number_on_the_error_page_is_that_of_log_and_trail_never_the_clients(
    board, written, monkeypatch
):
    chair, trail = make_user("chair", board), []

    def broken(*_args: Any, **_kwargs: Any) -> None:
        with acting_as(chair):
            record("case.searched", by=chair, board=board)
            trail.extend(TrailEntry.objects.filter(kind="case.searched"))
        raise RuntimeError("broken")

    client = Client(raise_request_exception=False)
    client.force_login(chair)
    monkeypatch.setattr("accounts.access.check_anywhere", broken)
    answer = client.get("/", headers={"X-Request-ID": "the-clients-own"})
    page = answer.content.decode()
    (entry,) = trail
    assert answer.status_code == 500
    assert uuid.UUID(entry.request_id)
    assert f"this number: {entry.request_id}" in page
    (line,) = lines(written(), "django.request")
    assert entry.request_id in line
    assert "the-clients-own" not in page + written()


def test_what_a_suspicious_request_held_is_not_logged(client, written):
    client.get("/", headers={"Host": "john-smith.example.org"})
    text = written()
    assert "john-smith" not in text
    assert "Bad Request: GET " in lines(text, "django.security.DisallowedHost")[0]


def test_a_refused_row_is_not_logged(db, written):
    name = "John Smith"  # by a name of its own: the traceback quotes the line that fails
    make_board(name)
    try:
        with transaction.atomic():
            make_board(name)
    except IntegrityError:
        logging.getLogger("followup").exception("not saved")
    text = written()
    assert "IntegrityError" in text and "duplicate key" in text
    assert "DETAIL" not in text
    assert "Smith" not in text


def test_workers_log_by_the_same_handler(written):
    """Celery puts a handler of its own in its place, unless it is told that somebody sees to it."""
    before = list(logging.getLogger().handlers)
    app.log.setup(loglevel=logging.INFO)
    assert logging.getLogger().handlers == before
    logging.getLogger("followup").error("a line of a worker")
    assert "a line of a worker" in written()


def test_a_task_that_fails_is_logged_without_what_the_error_says(db, written):
    name = "John Smith"
    make_board(name)

    @app.task(name="tests.refused")
    def refused() -> None:
        with transaction.atomic():
            make_board(name)

    try:
        assert refused.apply().failed()
    finally:
        del app.tasks["tests.refused"]
    (line,) = [part for part in lines(written(), "celery.app.trace") if "raised unexpected" in part]
    assert "IntegrityError" in line
    assert "Smith" not in written() and "DETAIL" not in written()
