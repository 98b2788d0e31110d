"""Rules of readiness in the curators' admin: two people, reasons beside the field, what changes, frozen."""

from __future__ import annotations

import json
import re
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse

from accounts.acting import acting_as
from audit.models import TrailEntry
from cases.delivered import delivered_rows
from cases.loading import load as load_record_data
from cases.models import ReadinessVersion
from cases.rules import current_rules
from cases.services import readiness
from evidence.policies import CurationRefused
from evidence.shown import shown
from tests.factories.people import by_acting, make_user
from tests.integration.test_cases_pages import sign_in

pytestmark = pytest.mark.django_db
ADD = "admin:cases_readinessversion_add"
services = SimpleNamespace(
    **{
        name: by_acting(getattr(readiness, name))
        for name in ("begin_draft", "new_draft_from", "publish", "save_draft", "submit")
    }
)


@pytest.fixture
def author(board):
    load_record_data()
    return make_user("curator", board, is_staff=True)


@pytest.fixture
def second(board):
    return make_user("curator", board, is_staff=True)


def changed() -> list:
    rows = [dict(row) for row in delivered_rows() if row["fact"] != "age"]
    next(row for row in rows if row["fact"] == "ecog")["age_limit_days"] = 21
    return rows


def add(client, user, rules):
    return sign_in(client, user).post(
        reverse(ADD), {"note": "ECOG sooner", "rules": json.dumps(rules)}
    )


def step(client, user, version, name):
    url = reverse("admin:cases_readinessversion_step", args=[version.pk, name])
    return sign_in(client, user).post(url, {"shown": seen(version)}, follow=True).content.decode()


def seen(version):
    return shown(ReadinessVersion.objects.get(pk=version.pk))


def test_a_draft_is_published_by_a_second_person_and_holds_from_then_on(client, author, second):
    assert add(client, author, changed()).status_code == 302
    draft = ReadinessVersion.objects.get(number=2)
    assert current_rules().number == 1
    assert "has not submitted" in step(client, second, draft, "publish")
    step(client, author, draft, "submit")
    assert "second curator has to publish" in step(client, author, draft, "publish")
    assert current_rules().number == 1
    assert "holds now" in step(client, second, draft, "publish")
    assert current_rules().number == 2
    with acting_as(second):
        assert TrailEntry.objects.filter(kind="readiness.published", actor=second).exists()
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        ReadinessVersion.objects.filter(pk=draft.pk).update(rules=[])


def test_the_page_says_what_would_change_and_the_rules_in_words(client, author):
    add(client, author, changed())
    draft = ReadinessVersion.objects.get(number=2)
    url = reverse("admin:cases_readinessversion_change", args=[draft.pk])
    html = client.get(url).content.decode()
    assert "<del>always; stale after 28 days</del> → <ins>always; stale after 21 days</ins>" in html
    assert "<b>Age</b>: <del>always</del> → <ins>not asked for</ins>" in html
    assert "if reason the ICI was stopped" in html


def test_a_new_version_begins_with_the_rules_that_hold(client, author):
    html = sign_in(client, author).get(reverse(ADD)).content.decode()
    assert "steroid_now" in html


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({"fact": "ecgo", "when": None, "age_limit_days": None}, "there is no fact ecgo"),
        (
            {"fact": "ecog", "when": {"fact": "ecog", "op": "is", "value": 1}, "age_limit_days": 1},
            "Rule 1: ecog, when: In ",
        ),
        ({"fact": "ecog", "when": None, "age_limit_days": -3}, "whole number of days"),
        ({"fact": "histology", "when": None, "age_limit_days": 365}, "keeps no day of it"),
    ],
)
def test_what_cannot_be_used_is_refused_beside_the_rules(client, author, rule, words):
    answer = add(client, author, [rule])
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert ReadinessVersion.objects.count() == 1


def test_an_edit_has_to_be_submitted_again_and_its_editor_does_not_publish(author, second):
    draft = services.begin_draft(by=author, rules=changed(), note="")
    services.submit(by=author, version=draft)
    draft.refresh_from_db()
    draft.note = "other"
    services.save_draft(by=second, version=draft)
    draft.refresh_from_db()
    assert draft.submitted_at is None
    services.submit(by=author, version=draft)
    with pytest.raises(CurationRefused, match="second curator"):
        services.publish(by=second, version=draft, seen=seen(draft))


def test_rules_that_were_changed_since_they_were_read_are_not_published(author, second):
    draft = services.begin_draft(by=author, rules=changed(), note="")
    services.submit(by=author, version=draft)
    read = seen(draft)
    draft.refresh_from_db()
    draft.rules = delivered_rows()
    services.save_draft(by=author, version=draft)
    services.submit(by=author, version=draft)
    with pytest.raises(CurationRefused, match="changed since"):
        services.publish(by=second, version=draft, seen=read)
    services.publish(by=second, version=draft, seen=seen(draft))


def test_two_who_edit_the_rules_are_told_of_each_other(client, author, second):
    draft = services.begin_draft(by=author, rules=changed(), note="")
    opened = seen(draft)
    draft.note = "theirs"
    services.save_draft(by=second, version=draft)
    url = reverse("admin:cases_readinessversion_change", args=[draft.pk])
    mine = {"note": "mine", "rules": json.dumps(changed())}
    answer = sign_in(client, author).post(url, {**mine, "shown": opened}).content.decode()
    assert f"{second} changed this draft since you opened it" in answer and "mine" in answer
    draft.refresh_from_db()
    assert draft.note == "theirs"
    assert client.post(url, {**mine, "shown": seen(draft)}).status_code == 302
    draft.refresh_from_db()
    assert draft.note == "mine"


def test_beside_a_save_that_was_refused_nobody_publishes_the_rules_that_are_stored(
    client, author, second
):
    draft = services.begin_draft(by=author, rules=changed(), note="")
    opened = seen(draft)
    draft.note = "theirs"
    services.save_draft(by=author, version=draft)
    services.submit(by=author, version=draft)
    url = reverse("admin:cases_readinessversion_change", args=[draft.pk])
    mine = {"note": "mine", "rules": json.dumps(delivered_rows()), "shown": opened}
    refused = sign_in(client, second).post(url, mine).content.decode()
    assert "mine" in refused and "theirs" not in refused
    publish = reverse("admin:cases_readinessversion_step", args=[draft.pk, "publish"])
    for sent in re.findall(r'<input type="hidden" name="shown" value="([0-9a-f]*)">', refused):
        client.post(publish, {"shown": sent})
    draft.refresh_from_db()
    assert draft.published_at is None
    assert "Publish as second person" in client.get(url).content.decode()


def test_a_draft_older_than_what_holds_is_not_published(author, second):
    old = services.begin_draft(by=author, rules=changed(), note="")
    new = services.new_draft_from(by=author, version=old)
    for draft in (old, new):
        services.submit(by=author, version=draft)
    services.publish(by=second, version=new, seen=seen(new))
    with pytest.raises(CurationRefused, match="newer version"):
        services.publish(by=second, version=old, seen=seen(old))
    with pytest.raises(CurationRefused, match="never changed"):
        services.save_draft(by=author, version=new)


def test_rules_that_cannot_be_used_are_not_submitted_and_nobody_else_may(author, member):
    draft = services.begin_draft(by=author, rules=[{"fact": "ecog"}], note="")
    with pytest.raises(ValidationError):
        services.submit(by=author, version=draft)
    with pytest.raises(PermissionDenied):
        services.begin_draft(by=member, rules=changed(), note="")
