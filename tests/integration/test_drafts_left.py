"""What is left of the texts of a form once one of them was saved, discarded or moved: it opens with its form."""

from __future__ import annotations

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.urls import reverse

from accounts.acting import set_acting
from cases.models import CaseSection, Draft
from cases.services import drafts as service
from cases.services.drafts import Window, discard_draft, move_draft, save_draft, stamp_of
from tests.factories.people import make_board, make_user
from tests.factories.record import make_case
from tests.integration.test_drafts import sign_in
from tests.integration.test_drafts_apart import typed_in

HTMX = {"HX-Request": "true"}


def of_window(window: str, known: str = "") -> dict[str, str]:
    return {"X-Draft-Window": window, "X-Draft-Known": known}


@pytest.mark.django_db
def test_what_another_window_typed_opens_with_its_form_once_the_first_is_saved(
    client, member, board
):
    case = make_case(member, board)
    key = f"section:{case.public_id}:fitness:background"
    sign_in(client, member)
    for window, text in (("windowa", "gout"), ("windowb", "asthma"), ("windowc", "eczema")):
        typed_in(client, key, window, text)
    # The clock of one moment tells nothing of which is newest.
    late = Draft.objects.get(key=f"{key}~windowb").saved_at + timedelta(minutes=1)
    Draft.objects.filter(key=f"{key}~windowb").update(saved_at=late)
    form = reverse("cases:part", args=[case.public_id, "background"])
    version = CaseSection.objects.get(case=case, key="fitness").version
    sent = {"version": version, "comorbidities": "gout"}
    assert client.post(form, sent, headers=of_window("windowa")).status_code == 302
    texts = {d.key: d.fields["comorbidities"] for d in Draft.objects.all()}
    assert texts == {key: ["asthma"], f"{key}~windowc": ["eczema"]}
    page = client.get(form).content.decode()
    assert "asthma" in page and reverse("cases:draft_typed", args=[key]) in page
    assert f'data-draft-stamp="{stamp_of(Draft.objects.get(key=key))}"' in page
    # Its own window goes on with it.
    assert typed_in(client, key, "windowb", "asthma, mild").status_code == 204
    # What is left with no draft beside it moves up as well, whoever saves.
    Draft.objects.filter(key=key).delete()
    assert discard_draft(by=member, key=key, window=Window("windowd"))
    assert Draft.objects.get().key == key
    assert not discard_draft(by=member, key=key)


@pytest.mark.django_db
def test_discarding_in_one_window_leaves_the_newer_text_of_the_other(client, member, board):
    case = make_case(member, board)
    key = f"section:{case.public_id}:fitness:background"
    sign_in(client, member)
    typed_in(client, key, "windowa", "gout")
    form = reverse("cases:part", args=[case.public_id, "background"])
    shown = re.search(r'name="draft_known" value="([^"]+)"', client.get(form).content.decode())[1]
    typed_in(client, key, "windowa", "gout, since 2019")
    discard = reverse("cases:draft_discard", args=[key])
    # Without scripts: the page shows an older text than is kept by now.
    page = client.post(discard, {"next": form, "draft_known": shown}, follow=True).content.decode()
    assert "gout, since 2019" in page
    assert "Discarded. What you typed in another window is kept." in page
    # With scripts: another window, which shows the older text too; a part of a page carries no message.
    for headers in (of_window("windowb", shown), {**of_window("windowb", shown), **HTMX}):
        client.post(discard, {"next": form}, headers=headers)
        assert Draft.objects.get().fields == {"comorbidities": ["gout, since 2019"]}
    assert "another window is kept" in client.get(form).content.decode()
    assert "another window is kept" not in client.get(form).content.decode()
    # What is shown is discarded, and so is what is pressed in the list, which names no window.
    newer = stamp_of(Draft.objects.get())
    client.post(discard, {"next": form}, headers=of_window("windowb", newer))
    assert not Draft.objects.exists()
    typed_in(client, key, "windowa", "gout")
    client.post(discard, {"next": reverse("cases:drafts")})
    assert not Draft.objects.exists()


@pytest.mark.django_db
def test_a_referral_begun_elsewhere_is_discarded_as_it_was_shown(client, member):
    sign_in(client, member)
    refer, key = reverse("cases:refer"), "referral:0c"
    save_draft(by=member, key=key, fields={"family_name": ["Halfway"]}, window=Window("windowa"))
    discard = reverse("cases:draft_discard", args=[key])
    seen = []
    for left in (1, 0):
        page = client.get(refer).content.decode()
        seen.append(re.search(r'name="draft_known" value="([^"]+)"', page)[1])
        if left:
            fields = {"family_name": ["Halfway"], "given_name": ["Ann"]}
            save_draft(by=member, key=key, fields=fields, window=Window("windowa"))
        client.post(discard, {"next": refer, "draft_known": seen[-1]})
        assert Draft.objects.count() == left
    assert seen[0] != seen[1]


@pytest.mark.django_db
def test_of_a_text_that_moves_the_one_beside_it_stays_with_its_form(member):
    for key in ("section:1:x", "section:1:x~windowb", "section:1:new"):
        Draft.objects.create(user=member, key=key, fields={"n": [key], "opened": ["x"]})
    assert not move_draft(by=member, key="section:1:x", to="section:1:new")
    assert Draft.objects.get(key="section:1:x").fields["opened"] == ["x"]
    assert move_draft(by=member, key="section:1:x", to="section:1:newer")
    texts = {draft.key: draft.fields["n"] for draft in Draft.objects.all()}
    assert texts["section:1:newer"] == ["section:1:x"]
    assert texts["section:1:x"] == ["section:1:x~windowb"] and len(texts) == 3


def test_of_two_presses_at_once_one_moves_the_text_and_the_other_finds_it_moved(
    committed_db, monkeypatch
):
    with transaction.atomic():
        user = make_user("member", make_board())
        set_acting(user)
        save_draft(by=user, key="section:1:gone", fields={"n": ["carboplatin"]})
    ready, found = threading.Barrier(2), service._texts

    def both(*, by, key, to):
        with transaction.atomic():
            set_acting(by)
            # Both have asked whether there is a draft of the new row before either makes it.
            Draft.objects.filter(user=by, key=to).exists()
            ready.wait(timeout=20)
            return move_draft(by=by, key=key, to=to)

    def pressed(_n: int) -> object:
        try:
            return both(by=user, key="section:1:gone", to="section:1:new")
        except Exception as error:
            return repr(error)
        finally:
            connection.close()

    slow = threading.Event()

    def slowly(by, form):
        texts = found(by, form)
        slow.wait(0.3)
        return texts

    monkeypatch.setattr(service, "_texts", slowly)
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(pressed, (1, 2))) == [True, True]
    with transaction.atomic():
        set_acting(user)
        assert {d.key: d.fields for d in Draft.objects.all()} == {
            "section:1:new": {"n": ["carboplatin"]}
        }
