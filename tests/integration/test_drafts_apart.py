"""What was typed into one form in two windows, and what was typed into a form that is not there any more."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from accounts.acting import acting_as
from cases.forms.tumour import TumourForm
from cases.models import CaseSection, Draft
from cases.services.drafts import (
    MOST_DRAFTS,
    TooManyDrafts,
    Window,
    choose_draft,
    discard_draft,
    move_draft,
    save_draft,
    stamp_of,
)
from tests.factories.people import make_user
from tests.factories.record import make_case
from tests.integration.test_drafts import fill, sign_in
from ui.threeway import sealed


def typed_in(client, key: str, window: str, text: str, known: str = ""):
    """Send what is typed in a window, and return the answer."""
    headers = {"X-Draft-Window": window, "X-Draft-Known": known}
    return client.post(reverse("cases:draft", args=[key]), {"comorbidities": text}, headers=headers)


@pytest.mark.django_db
def test_two_windows_of_one_user_keep_both_texts(client, member, board):
    case = make_case(member, board)
    key = f"section:{case.public_id}:fitness:background"
    sign_in(client, member)
    first = typed_in(client, key, "windowa", "gout")
    assert first.status_code == 204
    second = typed_in(client, key, "windowb", "asthma")
    assert second.status_code == 409 and "in another window" in second.content.decode()
    assert second["X-Draft-Saved"] and "X-Draft-Stamp" not in second
    assert typed_in(client, key, "windowa", "gout, old").status_code == 204
    texts = {d.key: d.fields["comorbidities"] for d in Draft.objects.filter(user=member)}
    assert texts == {key: ["gout, old"], f"{key}~windowb": ["asthma"]}
    page = client.get(reverse("cases:drafts")).content.decode()
    both = reverse("cases:draft_typed", args=[key])
    assert (
        "in another window" in page and f'href="{both}"' in page and second["X-Draft-Both"] == both
    )
    page = client.get(both).content.decode()
    assert "asthma" in page and "gout, old" in page and page.count("Go on with this") == 2
    # The form says so as well, without scripts.
    form = reverse("cases:part", args=[case.public_id, "background"])
    page = client.get(form).content.decode()
    assert "gout, old" in page and f'href="{both}"' in page
    # One of both is chosen: the form opens with it, and the other stays beside it.
    answer = client.post(reverse("cases:draft_choose", args=[f"{key}~windowb"]))
    assert answer["Location"] == form and "asthma" in client.get(form).content.decode()
    texts = {d.key: d.fields["comorbidities"] for d in Draft.objects.filter(user=member)}
    assert texts == {key: ["asthma"], f"{key}~windowa": ["gout, old"]}
    assert client.post(reverse("cases:draft_choose", args=[f"{key}~windowa"])).status_code == 302
    # Saved in the second window: what the first one holds stays.
    discard_draft(by=member, key=key, window=Window("windowb"))
    assert Draft.objects.get(user=member).key == key
    # A page that shows the draft goes on with it.
    shown = stamp_of(Draft.objects.get(key=key))
    assert typed_in(client, key, "windowc", "gout, new", shown).status_code == 204
    assert Draft.objects.get(user=member).fields == {"comorbidities": ["gout, new"]}
    assert client.post(reverse("cases:draft", args=[f"{key}~windowb"]), {}).status_code == 404


@pytest.mark.django_db
def test_without_scripts_a_save_forgets_the_text_that_its_form_shows_and_no_newer_one(
    client, member, board
):
    case = make_case(member, board)
    key = f"section:{case.public_id}:tumour"
    sign_in(client, member)
    save_draft(by=member, key=key, fields={"stage_text": ["First"]}, window=Window("windowa"))
    form = reverse("cases:section", args=[case.public_id, "tumour"])
    known = re.search(r'name="draft_known" value="([^"]+)"', client.get(form).content.decode())[1]
    window = Window("windowa", known)
    save_draft(by=member, key=key, fields={"stage_text": ["Second"]}, window=window)
    for stamp, left in ((known, 1), (stamp_of(Draft.objects.get(key=key)), 0)):
        version = CaseSection.objects.get(case=case, key="tumour").version
        sent = {"version": version, "stage_text": "Other", "draft_known": stamp}
        assert client.post(form, sent).status_code == 302
        assert Draft.objects.filter(key=key).count() == left


@pytest.mark.django_db
def test_a_draft_of_a_row_that_is_gone_becomes_a_new_row(client, member, board):
    case = make_case(member, board)
    gone = "11111111-1111-4111-8111-111111111111"
    key = f"section:{case.public_id}:treatment:{gone}"
    fields = {"version": ["1"], "opened": ["x"], "name": ["carboplatin"], "kind": ["chemotherapy"]}
    save_draft(by=member, key=key, fields=fields)
    sign_in(client, member)
    answer = client.get(reverse("cases:item", args=[case.public_id, "treatment", gone]))
    assert answer["Location"] == reverse("cases:draft_typed", args=[key])
    page = client.get(answer["Location"]).content.decode()
    assert "carboplatin" in page and "Add as a new row" in page
    as_new = reverse("cases:draft_as_new", args=[key])
    save_draft(by=member, key=f"section:{case.public_id}:treatment:new", fields={"n": ["x"]})
    assert client.post(as_new)["Location"] == answer["Location"]
    discard_draft(by=member, key=f"section:{case.public_id}:treatment:new")
    assert client.post(as_new)["Location"] == reverse(
        "cases:item_add", args=[case.public_id, "treatment"]
    )
    assert (
        "carboplatin"
        in client.get(
            reverse("cases:item_add", args=[case.public_id, "treatment"])
        ).content.decode()
    )
    assert client.post(as_new).status_code == 404 or not Draft.objects.filter(key=key).exists()


@pytest.mark.django_db
def test_of_a_case_no_longer_seen_own_words_are_read_and_no_name(
    client, member, board, other_board
):
    stranger = make_user("member", other_board)
    case = make_case(stranger, other_board)
    key = f"section:{case.public_id}:tumour"
    shown = {"stage_text": "Their words", "histology": "adenocarcinoma"}
    opened = sealed(TumourForm(None, initial=shown), key)
    typed = {
        "stage_text": ["Their words, and added to them"],
        "histology": ["adenocarcinoma"],
        "m_category": ["M1c"],
        "opened": [opened],
        "version": ["1"],
    }
    save_draft(by=member, key=key, fields=typed)
    sign_in(client, member)
    address = reverse("cases:draft_typed", args=[key])
    assert f'href="{address}"' in client.get(reverse("cases:drafts")).content.decode()
    page = client.get(address).content.decode()
    with acting_as(stranger):
        name = case.patient.identity.family_name
    assert "M1c" in page and name not in page
    # Words added to those of others would show theirs too.
    assert "Their words" not in page and "added to them" not in page
    assert "denocarcinoma" not in page and "held something of the record before: 1." in page
    # Where nobody can tell whose words they are, none are shown.
    save_draft(by=member, key=key, fields={**typed, "opened": ["?"]})
    page = client.get(address).content.decode()
    assert "M1c" not in page and "among words of others" in page
    assert client.get(reverse("cases:draft_typed", args=["comment:none"])).status_code == 404


@pytest.mark.django_db
def test_a_text_apart_is_chosen_whatever_stands_in_its_way(member):
    for key, window in (
        ("section:1", "windowa"),
        ("section:1~windowa", "x"),
        ("section:1~windowb", "windowb"),
    ):
        Draft.objects.create(user=member, key=key, window=window, fields={"n": [key]})
    for nothing in ("section:1", "section:1~windowc", "section:2~windowb"):
        choose_draft(by=member, key=nothing)
    assert Draft.objects.get(key="section:1").fields == {"n": ["section:1"]}
    choose_draft(by=member, key="section:1~windowb")
    texts = {draft.key: draft.fields["n"][0] for draft in Draft.objects.all()}
    assert texts.pop("section:1") == "section:1~windowb"
    assert texts.pop("section:1~windowa") == "section:1~windowa"
    ((aside, text),) = texts.items()
    assert re.fullmatch("section:1~[0-9a-f]{12}", aside) and text == "section:1"
    # Where the form has none by now, the chosen one is simply its draft.
    Draft.objects.filter(key="section:1").delete()
    choose_draft(by=member, key=aside)
    assert Draft.objects.get(key="section:1").fields == {"n": ["section:1"]}
    assert move_draft(by=member, key="section:9", to="section:8")


@pytest.mark.django_db
def test_a_text_apart_counts_as_a_draft(member):
    fill(member)
    key = "section:7"
    with pytest.raises(TooManyDrafts):
        save_draft(by=member, key=key, fields={"n": ["other"]}, window=Window("windowb"))
    with pytest.raises(TooManyDrafts):
        save_draft(by=member, key="section:new", fields={}, window=Window("windowb"))
    assert Draft.objects.count() == MOST_DRAFTS
    assert Draft.objects.get(key=key).fields == {"n": ["7"]}


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["iraes:dossier:{}", "labs:{}"])
def test_what_was_typed_into_a_dossier_or_result_that_is_gone_can_be_read(
    client, member, board, key
):
    case = make_case(member, board)
    gone = "11111111-1111-4111-8111-111111111111"
    typed = f"section:{case.public_id}:{key.format(gone)}"
    name = "cases:dossier" if "dossier" in key else "cases:result"
    address = reverse(name, args=[case.public_id, gone])
    assert sign_in(client, member).get(address).status_code == 404
    save_draft(by=member, key=typed, fields={"value": ["27"]})
    assert client.post(address, {}).status_code == 404
    page = client.get(client.get(address)["Location"]).content.decode()
    assert "27" in page and "was removed meanwhile" in page and "Add as a new row" not in page
    assert client.post(reverse("cases:draft_as_new", args=[typed])).status_code == 404
