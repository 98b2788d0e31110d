"""Curation: two people, refusals in words, and the admin that curators work in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import Board, User
from evidence import services
from evidence.loading import load, read
from evidence.models import Finding, Source, StatementVersion, VersionSource
from evidence.policies import CurationRefused
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db

CONTENT: dict[str, Any] = {
    "title": "A new statement", "says": "It says.", "does_not_say": "It does not say.",
    "section": "4", "category": "irae", "signal": "", "indirect": "", "certainty": "very_low",
    "condition": {"fact": "ecog", "op": "<=", "value": 1}, "certainty_reasons": [], "rules": [],
    "contradictions": [], "corrections": [], "mark": "seen", "mark_note": "", "change_note": "",
}  # fmt: skip


@pytest.fixture
def author(board: Board) -> User:
    return make_user("curator", board, is_staff=True)


@pytest.fixture
def second(board: Board) -> User:
    return make_user("curator", board, is_staff=True)


@pytest.fixture
def source() -> Source:
    return Source.objects.create(
        code="guo-2022", short="Guo 2022", citation="Guo", kind="study", mark="seen"
    )


@pytest.fixture
def draft(author: User, source: Source) -> StatementVersion:
    version = services.begin_statement(by=author, code="S80", content=CONTENT)
    VersionSource.objects.create(version=version, source=source)
    return version


def publish(draft: StatementVersion, author: User, second: User) -> StatementVersion:
    services.submit(by=author, version=draft)
    return services.publish(by=second, version=draft)


def test_a_second_person_publishes(draft: Any, author: User, second: User) -> None:
    with pytest.raises(CurationRefused, match="not submitted"):
        services.publish(by=second, version=draft)
    services.submit(by=author, version=draft)
    with pytest.raises(CurationRefused, match="You wrote or edited"):
        services.publish(by=author, version=draft)
    version = services.publish(by=second, version=draft)
    assert (version.state, version.published_by) == ("published", second)


def test_who_edited_last_cannot_publish_and_an_edit_asks_for_submission_again(
    draft: Any, author: User, second: User, board: Board
) -> None:
    services.submit(by=author, version=draft)
    draft.says = "It says more."
    services.save_draft(by=second, version=draft)
    draft.refresh_from_db()
    assert draft.submitted_at is None
    services.submit(by=author, version=draft)
    for person in (author, second):
        with pytest.raises(CurationRefused, match="You wrote or edited"):
            services.publish(by=person, version=draft)
    services.publish(by=make_user("curator", board), version=draft)


def test_the_database_holds_the_second_person_too(draft: Any, author: User) -> None:
    with pytest.raises(IntegrityError, match="second_person"), transaction.atomic():
        services.make_current(draft, by=author)
    draft.refresh_from_db()
    with pytest.raises(IntegrityError, match="people_of_its_origin"), transaction.atomic():
        services.make_current(draft, by=None)


def test_a_changed_source_takes_back_the_submission_that_rests_on_it(
    draft: Any, source: Source, author: User, second: User
) -> None:
    services.submit(by=author, version=draft)
    source.citation = "Something else"
    services.save_basis(by=author, row=source)
    draft.refresh_from_db()
    with pytest.raises(CurationRefused, match="not submitted"):
        services.publish(by=second, version=draft)


@pytest.mark.parametrize("role", ["member", "chair", "coordinator", "nurse", "administrator"])
def test_only_curators_curate(draft: Any, board: Board, role: str) -> None:
    other = make_user(role, board)
    for service in (services.submit, services.publish, services.retire, services.new_draft_from):
        with pytest.raises(PermissionDenied):
            service(by=other, version=draft)
    with pytest.raises(PermissionDenied):
        services.begin_statement(by=other, code="S81", content=CONTENT)
    with pytest.raises(PermissionDenied):
        services.save_basis(by=other, row=Source.objects.get())


def test_a_new_version_takes_the_place_of_the_old(draft: Any, author: User, second: User) -> None:
    first = publish(draft, author, second)
    newer = services.new_draft_from(by=author, version=first)
    assert (newer.number, newer.says) == (2, first.says)
    assert list(newer.sources.all()) == list(first.sources.all())
    publish(newer, author, second)
    first.refresh_from_db()
    assert first.state == "retired" and first.retired_by == second
    with pytest.raises(CurationRefused, match="never changed"):
        services.save_draft(by=author, version=first)
    with pytest.raises(CurationRefused, match="it cannot become retired"):
        services.retire(by=author, version=first)


def test_what_is_unfit_is_not_submitted_and_says_why(draft: Any, author: User) -> None:
    StatementVersion.objects.filter(pk=draft.pk).update(mark="general_knowledge", says=" ")
    with pytest.raises(ValidationError) as refusal:
        services.submit(by=author, version=draft)
    assert any(line.startswith("says") for line in refusal.value.messages)
    assert any("only what was read" in line for line in refusal.value.messages)


def test_unread_and_undeclared_indirect_findings_keep_a_draft_back(
    draft: Any, source: Source
) -> None:
    finding = Finding.objects.create(
        code="x", source=source, label="x", definition="x", population="x", tumour="melanoma",
        direct=False, design="x", measure="proportion", numerator=1, denominator=2,
        mark="review_only",
    )  # fmt: skip
    draft.version_findings.create(finding=finding)
    fields = {problem.field for problem in services.version_problems(draft)}
    assert fields == {"findings", "indirect"}


def test_a_condition_wider_than_its_source_is_not_submitted_whatever_its_mark(author: User) -> None:
    load(read())
    delivered = StatementVersion.objects.get(statement__code="R20")
    draft = services.new_draft_from(by=author, version=delivered)
    draft.mark = "confirmed"
    services.save_draft(by=author, version=draft)
    with pytest.raises(ValidationError, match="no fact for systemic immunosuppression"):
        services.submit(by=author, version=draft)


def test_a_pinned_source_is_not_saved_again(draft: Any, author: User, second: User) -> None:
    source = draft.sources.get()
    source.short = "Guo 2023"
    services.save_basis(by=author, row=source)
    publish(draft, author, second)
    with pytest.raises(CurationRefused, match="Add a new revision"):
        services.save_basis(by=author, row=source)


def test_delivered_drafts_stay_as_they_came_and_local_versions_stay_in_force(
    author: User, second: User
) -> None:
    load(read())
    delivered = StatementVersion.objects.get(statement__code="S30", state="published")
    waiting = StatementVersion.objects.filter(state="draft")[0]
    for service in (services.submit, services.save_draft):
        with pytest.raises(CurationRefused, match="came with the product"):
            service(by=author, version=waiting)
    own = services.new_draft_from(by=author, version=delivered)
    publish(own, author, second)
    assert load(read()).changes == []
    delivery = read()
    next(row for row in delivery.statements if row["code"] == "S30")["says"] += " More."
    (change,) = load(delivery).changes
    assert change.what == f"version 3, draft: version {own.number}, published here, stays"
    services.retire(by=second, version=StatementVersion.objects.get(statement__code="S31"))
    assert not [c for c in load(delivery).changes if c.code == "S31"]


def test_loading_again_leaves_what_was_edited_here(author: User) -> None:
    """A finding that a curator corrected, and a revision that was made here, outlive every later load."""
    load(read())
    finding = next(row for row in Finding.objects.all() if not services.finding_is_pinned(row))
    finding.note = "Corrected here."
    services.save_basis(by=author, row=finding)
    pinned = next(row for row in Source.objects.all() if services.source_is_pinned(row))
    values = {
        field.name: getattr(pinned, field.name)
        for field in Source._meta.fields
        if field.editable and field.name not in ("id", "public_id", "revision")
    }
    own = Source(**{**values, "note": "Read again here."}, revision=2)
    services.save_basis(by=author, row=own)

    assert load(read()).changes == []
    finding.refresh_from_db()
    own.refresh_from_db()
    assert (finding.note, own.note) == ("Corrected here.", "Read again here.")

    # A text that is delivered anew comes as a revision of its own, beside the corrected one.
    delivery = read()
    row = next(row for row in delivery.findings if row["code"] == finding.code)
    row["note"] = "Corrected by those who deliver."
    assert ("finding", finding.code, "new, revision 2") in [
        (change.kind, change.code, change.what) for change in load(delivery).changes
    ]
    finding.refresh_from_db()
    assert finding.note == "Corrected here."
    assert load(delivery).changes == []


def test_a_delivered_text_that_nobody_touched_is_corrected_in_place(author: User) -> None:
    load(read())
    finding = next(row for row in Finding.objects.all() if not services.finding_is_pinned(row))
    delivery = read()
    next(row for row in delivery.findings if row["code"] == finding.code)["note"] = "Now better."
    assert ("finding", finding.code, "changed") in [
        (change.kind, change.code, change.what) for change in load(delivery).changes
    ]
    finding.refresh_from_db()
    assert (finding.note, finding.revision) == ("Now better.", 1)


# --- the admin ----------------------------------------------------------------------------


def change_url(version: StatementVersion) -> str:
    return reverse("admin:evidence_statementversion_change", args=[version.pk])


def payload(**changes: Any) -> dict[str, Any]:
    data = {
        name: json.dumps(value) if isinstance(value, list | dict) else value
        for name, value in {**CONTENT, **changes}.items()
    }
    for prefix in ("version_findings", "version_sources"):
        data |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    return data


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
    step = "admin:evidence_version_step"
    client.post(reverse(step, args=[version.pk, "submit"]))
    refused = client.post(reverse(step, args=[version.pk, "publish"]), follow=True)
    assert "A second curator has to publish it" in refused.content.decode()
    client.force_login(second)
    assert client.get(reverse(step, args=[version.pk, "publish"])).status_code == 405
    client.post(reverse(step, args=[version.pk, "publish"]))
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
    page = client.post(change_url(draft), data)
    assert page.status_code == 200
    text = page.content.decode()
    assert "In all, item 1: there is no fact" in text
    assert "misprint for ipilimumab" in text and "item 1 has the keys says, source" in text
    draft.refresh_from_db()
    assert draft.says == "It says."


def test_actions_take_a_step_with_every_chosen_version(
    client: Client, author: User, second: User, draft: Any
) -> None:
    url = reverse("admin:evidence_statementversion_changelist")
    chosen = {"_selected_action": [draft.pk]}
    client.force_login(author)
    client.post(url, {"action": "submit_chosen", **chosen})
    client.force_login(second)
    client.post(url, {"action": "publish_chosen", **chosen})
    client.post(url, {"action": "draft_chosen", **chosen})
    client.post(url, {"action": "retire_chosen", **chosen})
    states = StatementVersion.objects.order_by("number").values_list("number", "state")
    assert list(states) == [(1, "retired"), (2, "draft")]


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
    assert b"ipilimumab (erratum E01)" in added.content
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
