"""What is sent is refused before it is read: too much by anybody, anything by somebody who is not signed in."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from cases.pdf import MOST_BYTES

pytestmark = pytest.mark.django_db
MULTIPART = "multipart/form-data; boundary=x"
PAGES = [reverse("account_login"), "/no-such-page", "/admin/"]


class Unread:
    """A body that must not be read."""

    def read(self, *_size: int) -> bytes:
        raise AssertionError("read")

    readline = read


def send(client: Client, path: str, length: int):
    unread = {"wsgi.input": Unread(), "CONTENT_LENGTH": str(length)}
    return client.generic("POST", path, b"x", MULTIPART, **unread)


@pytest.fixture
def upload():
    return reverse("cases:draft_discard", args=["referral"])


@pytest.mark.parametrize("path", PAGES)
def test_too_much_is_refused_by_its_length_alone(client, path):
    answer = send(client, path, settings.MOST_SENT_BYTES + 1)
    assert answer.status_code == 413
    assert "may have up to 10 MB" in answer.content.decode()


def test_too_much_is_refused_of_members_too(client, member, upload):
    client.force_login(member)
    assert send(client, upload, settings.MOST_SENT_BYTES + 1).status_code == 413


def test_the_largest_file_and_its_form_are_let_through():
    assert MOST_BYTES + 1024 * 1024 <= settings.MOST_SENT_BYTES <= MOST_BYTES * 1.5


def test_what_has_no_token_is_not_read(upload):
    assert send(Client(enforce_csrf_checks=True), upload, 1000).status_code == 403


def test_what_is_sent_without_signing_in_is_not_read(client, upload):
    answer = send(client, upload, 1000)
    assert (answer.status_code, answer.url.split("?")[0]) == (302, reverse("account_login"))


def test_nul_is_refused_of_anybody_whose_form_is_read(client, member):
    assert client.post(reverse("account_login"), {"login": "a\x00b"}).status_code == 400
    client.force_login(member)
    answer = client.post(reverse("cases:draft", args=["referral"]), {"a": "a\x00b"})
    assert answer.status_code == 400
