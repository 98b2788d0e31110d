"""What cannot be undone asks again who it is, when that was said a while ago; nothing that was sent is lost by it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.urls import reverse

from accounts.acting import acting_as, set_acting
from accounts.idling import SIGNED_IN
from audit.models import TrailEntry
from cases.models import BulkJob
from tests.factories.deeds import (
    REAUTHENTICATE,
    asked,
    confirm,
    exporting,
    leads_back,
    merging,
    signed_in_ago,
    signing,
)
from tests.factories.people import PASSWORD, make_user
from tests.factories.posted import fields_of
from tests.integration.test_cases_pages import HTMX

if TYPE_CHECKING:
    from accounts.models import Board

pytestmark = pytest.mark.django_db


def test_it_is_asked_before_the_form_is_opened_and_leads_back(client, opened):
    signed_in_ago(client, opened.user, opened.minutes - 1)
    assert client.get(opened.address).status_code == 200
    signed_in_ago(client, opened.user, opened.minutes + 1)
    answer = client.get(opened.address)
    assert asked(answer, opened.address)
    page = client.get(answer.url).content.decode()
    assert "Confirm that it is you" in page and "cannot be taken back" in page
    back = confirm(client, answer.url)
    assert (back.status_code, back.url) == (302, opened.address)
    assert client.get(opened.address).status_code == 200
    assert not opened.is_done()


def test_what_was_sent_is_done_once_it_is_confirmed(client, step):
    signed_in_ago(client, step.user, 0)
    fields = step.fields(client)
    signed_in_ago(client, step.user, step.minutes + 21)
    answer = client.post(step.address, fields)
    assert asked(answer, step.address)
    assert not step.is_done()
    refused = confirm(client, answer.url, "a-guess")
    assert refused.status_code == 200
    assert not step.is_done()
    again = fields_of(refused.content.decode(), REAUTHENTICATE)
    assert client.post(REAUTHENTICATE, {**again, "password": PASSWORD}).status_code == 302
    assert step.is_done()


def test_a_form_that_was_opened_in_time_can_be_filled_in(client, step):
    signed_in_ago(client, step.user, 0)
    fields = step.fields(client)
    signed_in_ago(client, step.user, step.minutes + 19)
    assert client.post(step.address, fields).status_code == 302
    assert step.is_done()


def test_with_scripts_the_browser_is_led_there_and_what_was_sent_is_done(client, step):
    signed_in_ago(client, step.user, 0)
    fields = step.fields(client)
    signed_in_ago(client, step.user, step.minutes + 21)
    answer = client.post(step.address, fields, headers={**HTMX, "X-Whole-Page": "yes"})
    assert leads_back(answer.headers["HX-Redirect"], step.address)
    done = confirm(client, answer.headers["HX-Redirect"])
    assert done.status_code == 302 and not done.has_header("HX-Redirect")
    assert step.is_done()


def test_what_was_sent_and_left_is_not_done_by_another_confirmation(client, opened):
    signed_in_ago(client, opened.user, 0)
    fields = opened.fields(client)
    signed_in_ago(client, opened.user, opened.minutes + 21)
    client.post(opened.address, fields)
    answer = client.get(opened.address)
    assert asked(answer, opened.address)
    assert confirm(client, answer.url).url == opened.address
    assert not opened.is_done()


def test_a_session_that_does_not_say_when_somebody_signed_in_is_asked(client, opened):
    signed_in_ago(client, opened.user, 0)
    session = client.session
    del session[SIGNED_IN]
    session.save()
    assert asked(client.get(opened.address), opened.address)
    assert asked(client.get(opened.address), opened.address), "nor is it taken as signed in since"


def test_whoever_may_not_do_it_is_refused_and_not_asked(client, step, board):
    signed_in_ago(client, make_user("nurse", board), 100)
    assert client.post(step.address, {}).status_code == 403


def of_kind(kind: str, board: Board) -> list[TrailEntry]:
    with acting_as(make_user("administrator", board)):
        return list(TrailEntry.objects.filter(kind=kind))


def test_wrong_passwords_there_are_on_the_trail_with_whose_session_it_is(client, step, board):
    signed_in_ago(client, step.user, step.minutes + 21)
    led_to = client.post(step.address, {}).url
    for _ in range(7):
        page = confirm(client, led_to, "a-guess").content.decode()
    assert "Too many failed" in page
    refused = of_kind("account.confirmation_refused", board)
    assert {(e.actor_id, e.subject_id) for e in refused} == {(step.user.pk, step.user.pk)}
    (limited,) = of_kind("account.confirmation_limited", board)
    assert (len(refused), limited.actor_id) == (5, step.user.pk)
    assert not of_kind("account.sign_in_refused", board)
    assert confirm(client, led_to).status_code == 200, "beyond the limit the right one is refused"


def test_whoever_knows_the_address_keeps_nobody_from_confirming(client, step, board):
    signed_in_ago(client, step.user, 0)
    fields = step.fields(client)
    signed_in_ago(client, step.user, step.minutes + 21)
    led_to = client.post(step.address, fields).url
    set_acting(None)
    for _ in range(12):
        Client().post(reverse("account_login"), {"login": step.user.email, "password": "a-guess"})
    assert of_kind("account.sign_in_limited", board)
    assert confirm(client, led_to).status_code == 302
    assert step.is_done()


def test_the_right_password_begins_the_count_anew(client, board, member):
    step = merging(board, member)
    signed_in_ago(client, step.user, 11)
    led_to = client.get(step.address).url
    for typed in (*["a-guess"] * 4, PASSWORD, *["a-guess"] * 4):
        confirm(client, led_to, typed)
    assert confirm(client, led_to).status_code == 302


def test_a_chair_signs_one_case_after_the_other_for_an_hour(client, board, member):
    first, second = signing(board, member), signing(board, member)
    signed_in_ago(client, first.user, 59)
    assert client.post(first.address, first.fields(client)).status_code == 302
    signed_in_ago(client, second.user, 61)
    assert asked(client.get(second.address), second.address)


def test_an_export_is_handed_out_to_whoever_said_lately_who_they_are(client, board, member):
    step = exporting(board, member)
    signed_in_ago(client, step.user, 0)
    client.post(step.address, step.fields(client))
    with acting_as(step.user):
        job = BulkJob.objects.get()
    address = reverse("cases:bulk_file", args=[job.public_id])
    signed_in_ago(client, step.user, 11)
    assert asked(client.get(address), address)
