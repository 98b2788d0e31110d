"""The admin that curators work in: steps, two who write at once, refusals beside their fields."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from accounts.models import Board, User
from evidence import services
from evidence.loading import load, read
from evidence.models import Finding, Source, StatementVersion
from evidence.shown import shown
from tests.factories.people import by_acting, make_user
from tests.integration.curation import CONTENT, reach_of, sent

pytestmark = pytest.mark.django_db


def change_url(version: StatementVersion) -> str:
    return reverse("admin:evidence_statementversion_change", args=[version.pk])


def payload(**changes: Any) -> dict[str, Any]:
    data = sent(**{**CONTENT, **changes})
    data["review_by"] = services.default_review_by().isoformat()
    for prefix in ("version_findings", "version_sources"):
        data |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    return data


def take_step(client: Client, version: StatementVersion, name: str) -> str:
    """Press the step's button on the page as it is now."""
    found = StatementVersion.objects.get(pk=version.pk)
    url = reverse("admin:evidence_version_step", args=[version.pk, name])
    seen = reach_of(client.get(url).content.decode())
    return client.post(url, {"shown": shown(found), **seen}, follow=True).content.decode()


def test_the_admin_is_open_to_curators_alone(client: Client, author: User, board: Board) -> None:
    staff = make_user("member", board, is_staff=True)
    client.force_login(staff)
    url = reverse("admin:evidence_statementversion_changelist")
    assert client.get(url).status_code == 403
    client.force_login(author)
    assert client.get(url).status_code == 200


def test_a_curator_writes_submits_and_another_publishes(
    client: Client, author: User, second: User, source: Source
) -> None:
    client.force_login(author)
    add = reverse("admin:evidence_statementversion_add")
    assert client.get(add).status_code == 200
    data = payload(code="S90")
    data |= {"version_sources-TOTAL_FORMS": "1", "version_sources-0-source": str(source.pk),
             "version_sources-0-position": "0"}  # fmt: skip
    assert client.post(add, data).status_code == 302
    version = StatementVersion.objects.get(statement__code="S90")
    assert version.author == author and version.sources.get() == source
    page = client.get(change_url(version)).content.decode()
    assert "ECOG performance status is 1 or less" in page and "Submit for publication" in page
    take_step(client, version, "submit")
    assert "A second curator has to publish it" in take_step(client, version, "publish")
    client.force_login(second)
    submit = reverse("admin:evidence_version_step", args=[version.pk, "submit"])
    assert client.get(submit).status_code == 405
    step = reverse("admin:evidence_version_step", args=[version.pk, "publish"])
    assert "No version of this statement was published before" in client.get(step).content.decode()
    take_step(client, version, "publish")
    version.refresh_from_db()
    assert version.published_by == second
    frozen = client.get(change_url(version)).content.decode()
    assert 'name="says"' not in frozen and "New draft from this version" in frozen
    assert client.post(change_url(version), payload(says="Otherwise.")).status_code == 403


def test_a_condition_that_cannot_be_read_is_refused_beside_its_field(
    client: Client, author: User, draft: Any
) -> None:
    client.force_login(author)
    data = payload(
        condition={"all": [{"fact": "mood", "op": "is", "value": True}]},
        says="low-dose aspirin", rules=[{"source": "x"}],
    )  # fmt: skip
    data["condition-0_0-fact"] = "mood"
    page = client.post(change_url(draft), data)
    assert page.status_code == 200
    text = page.content.decode()
    assert (
        "Choose a fact." in text and "Still empty: Action, What it says, How well attested." in text
    )
    assert "misprint for ipilimumab" in text
    draft.refresh_from_db()
    assert draft.says == "It says."


def hidden(page: str, name: str) -> str:
    """The value of a hidden field of the page."""
    found = re.search(rf'<input type="hidden" name="{name}" value="([0-9a-f]*)"', page)
    assert found
    return found[1]


def test_nobody_publishes_a_text_that_they_did_not_see(
    client: Client, author: User, second: User, draft: Any
) -> None:
    by_acting(services.submit)(by=author, version=draft)
    client.force_login(second)
    step = reverse("admin:evidence_version_step", args=[draft.pk, "publish"])
    page = client.get(step).content.decode()
    opened, seen = hidden(page, "shown"), reach_of(page)
    draft.refresh_from_db()
    by_acting(services.send_back)(by=author, version=draft, reason="One more word.")
    draft.refresh_from_db()
    draft.says = "It says something else."
    by_acting(services.save_draft)(by=author, version=draft)
    by_acting(services.submit)(by=author, version=draft)
    for posted in ({"shown": opened, **seen}, seen):
        answer = client.post(step, posted, follow=True).content.decode()
        assert "It was changed since this page was opened" in answer
    draft.refresh_from_db()
    assert draft.state == "in_review"
    client.post(step, {"shown": hidden(answer, "shown"), **reach_of(answer)})
    draft.refresh_from_db()
    assert draft.state == "published"


def test_two_who_edit_one_draft_are_told_of_each_other(
    client: Client, author: User, second: User, draft: Any, source: Source
) -> None:
    client.force_login(author)
    page = client.get(change_url(draft)).content.decode()
    opened = re.search(r'name="shown" value="([0-9a-f]{64})" id="id_shown"', page)
    assert opened
    draft.says = "What the other wrote."
    by_acting(services.save_draft)(by=second, version=draft)
    link = draft.version_sources.get()
    sources = {
        "version_sources-TOTAL_FORMS": "1", "version_sources-INITIAL_FORMS": "1",
        "version_sources-0-id": str(link.pk), "version_sources-0-version": str(draft.pk),
        "version_sources-0-source": str(source.pk), "version_sources-0-position": "0",
    }  # fmt: skip
    mine = payload(says="What I wrote.") | sources
    answer = client.post(change_url(draft), mine | {"shown": opened[1]})
    text = answer.content.decode()
    assert answer.status_code == 200 and "What I wrote." in text
    assert f"{second} changed this draft since you opened it" in text
    draft.refresh_from_db()
    assert draft.says == "What the other wrote."
    again = re.search(r'name="shown" value="([0-9a-f]{64})" id="id_shown"', text)
    assert again and again[1] != opened[1]
    assert client.post(change_url(draft), mine | {"shown": again[1]}).status_code == 302
    draft.refresh_from_db()
    assert draft.says == "What I wrote."


def test_beside_a_save_that_was_refused_nobody_publishes_what_is_stored(
    client: Client, author: User, second: User, draft: Any
) -> None:
    client.force_login(second)
    page = client.get(change_url(draft)).content.decode()
    opened = re.search(r'name="shown" value="([0-9a-f]{64})" id="id_shown"', page)
    assert opened
    draft.says = "What the author wrote."
    by_acting(services.save_draft)(by=author, version=draft)
    by_acting(services.submit)(by=author, version=draft)
    mine = payload(says="What I wrote.") | {"shown": opened[1]}
    refused = client.post(change_url(draft), mine).content.decode()
    assert "What I wrote." in refused and "What the author wrote." not in refused
    for posted in re.findall(r'<input type="hidden" name="shown" value="([0-9a-f]*)">', refused):
        step = reverse("admin:evidence_version_step", args=[draft.pk, "publish"])
        client.post(step, {"shown": posted, "unseen": "1"})
    assert "This draft was put in review since you opened it" in refused
    draft.refresh_from_db()
    assert draft.state == "in_review"
    page = client.get(change_url(draft)).content.decode()
    assert "What the author wrote." in page and "Publish as second person" in page
    assert 'name="says"' not in page


def test_actions_take_a_step_with_every_chosen_version(
    client: Client, author: User, second: User, draft: Any
) -> None:
    url = reverse("admin:evidence_statementversion_changelist")
    chosen = {"_selected_action": [draft.pk]}
    client.force_login(author)
    client.post(url, {"action": "submit_chosen", **chosen})
    client.force_login(second)
    offered = client.get(url).content.decode().split("</select>")[0]
    assert "publish" not in offered and "retire" not in offered
    for name in ("publish_chosen", "retire_chosen"):
        client.post(url, {"action": name, **chosen})
    draft.refresh_from_db()
    assert draft.state == "in_review"
    client.post(url, {"action": "draft_chosen", **chosen})
    states = StatementVersion.objects.order_by("number").values_list("number", "state")
    assert list(states) == [(1, "in_review"), (2, "draft")]


def test_the_other_pages_of_the_admin_open(client: Client, author: User) -> None:
    load(read())
    client.force_login(author)
    for model in ("source", "finding", "statement", "statementversion"):
        assert client.get(reverse(f"admin:evidence_{model}_changelist")).status_code == 200
    finding = Finding.objects.get(code="guo-any")
    page = client.get(reverse("admin:evidence_finding_change", args=[finding.pk]))
    assert page.status_code == 200 and b'name="label"' not in page.content
    source = Source.objects.get(code="olson-2021")
    page = client.get(reverse("admin:evidence_source_change", args=[source.pk]))
    assert b'name="short"' in page.content
    bad = {"code": "x", "revision": 1, "short": "aspirin", "citation": "x", "kind": "study",
           "mark": "seen"}  # fmt: skip
    added = client.post(reverse("admin:evidence_source_add"), bad)
    assert b"Erratum E01: Aspirin is no checkpoint inhibitor" in added.content
    client.post(reverse("admin:evidence_source_add"), {**bad, "short": "Smith 2026"})
    assert Source.objects.filter(short="Smith 2026").exists()


def test_the_table_of_inlines_is_djangos_but_for_its_empty_heads() -> None:
    """The copy says something in the two heads that Django leaves empty; a new Django is compared with it."""
    ours = (
        (settings.BASE_DIR / "evidence/templates/admin/edit_inline/tabular.html")
        .read_text()
        .splitlines()
    )
    django = Path(admin.__file__).parent / "templates/admin/edit_inline/tabular.html"
    changed = set(ours) ^ set(django.read_text().splitlines())
    assert len(changed) == 4 and all("<th" in line for line in changed)


def test_an_address_with_no_number_is_no_version(client: Client, author: User) -> None:
    client.force_login(author, "allauth.account.auth_backends.AuthenticationBackend")
    address = "/admin/evidence/statementversion/none/change/"
    assert client.get(address).status_code == 302
