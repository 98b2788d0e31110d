"""Curation: two people, refusals in words, and the admin that curators work in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from accounts.models import Board, User
from evidence import services
from evidence.loading import load, read
from evidence.models import Finding, Source, StatementVersion
from evidence.policies import CurationRefused
from evidence.shown import shown
from tests.factories.people import make_user
from tests.integration.curation import CONTENT

pytestmark = pytest.mark.django_db


def publish_as(person: User, draft: StatementVersion) -> StatementVersion:
    """Publish what the person has just been shown."""
    found = StatementVersion.objects.get(pk=draft.pk)
    return services.publish(by=person, version=found, seen=shown(found))


def publish(draft: StatementVersion, author: User, second: User) -> StatementVersion:
    services.submit(by=author, version=draft)
    return publish_as(second, draft)


def test_a_second_person_publishes(draft: Any, author: User, second: User) -> None:
    with pytest.raises(CurationRefused, match="not submitted"):
        publish_as(second, draft)
    services.submit(by=author, version=draft)
    with pytest.raises(CurationRefused, match="You wrote or edited"):
        publish_as(author, draft)
    version = publish_as(second, draft)
    assert (version.state, version.published_by) == ("published", second)


def test_who_wrote_any_part_cannot_publish_and_review_is_closed_until_sent_back(
    draft: Any, author: User, second: User, board: Board
) -> None:
    services.submit(by=author, version=draft)
    draft.says = "It says more."
    with pytest.raises(CurationRefused, match="is in review and closed"):
        services.save_draft(by=second, version=draft)
    with pytest.raises(ValidationError, match="Say why"):
        services.send_back(by=second, version=draft, reason=" ")
    draft = services.send_back(by=second, version=draft, reason="It says too little.")
    assert (draft.state, draft.submitted_at, draft.sent_back_because) == (
        "draft", None, "It says too little.",
    )  # fmt: skip
    draft.says = "It says more."
    services.save_draft(by=second, version=draft)
    # Whoever wrote any part of it, and not only its first and its last author.
    draft.says = "It says still more."
    services.save_draft(by=author, version=draft)
    draft = services.submit(by=author, version=draft)
    assert (draft.state, draft.sent_back_because) == ("in_review", "")
    for person in (author, second):
        with pytest.raises(CurationRefused, match="You wrote or edited"):
            publish_as(person, draft)
    publish_as(make_user("curator", board), draft)


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
    assert (draft.state, draft.sent_back_because) == (
        "draft", "Heo 2021, on which it rests, was changed.",
    )  # fmt: skip
    with pytest.raises(CurationRefused, match="not submitted"):
        publish_as(second, draft)


@pytest.mark.parametrize("role", ["member", "chair", "coordinator", "nurse", "administrator"])
def test_only_curators_curate(draft: Any, board: Board, role: str) -> None:
    other = make_user(role, board)
    for service in (services.submit, services.new_draft_from):
        with pytest.raises(PermissionDenied):
            service(by=other, version=draft)
    for step in (services.retire, services.send_back):
        with pytest.raises(PermissionDenied):
            step(by=other, version=draft, reason="Wrong.")
    with pytest.raises(PermissionDenied):
        services.publish(by=other, version=draft, seen=shown(draft))
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
    assert first.state == "superseded" and first.retired_by == second
    with pytest.raises(CurationRefused, match="never changed"):
        services.save_draft(by=author, version=first)
    with pytest.raises(CurationRefused, match="it cannot become retired"):
        services.retire(by=author, version=first, reason="Old.")


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
    source.short = "Heo 2022"
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
    own.title = "Ours"
    services.save_draft(by=author, version=own)
    publish(own, author, second)
    report = load(read())
    assert report.changes == []
    (conflict,) = report.conflicts
    assert conflict.startswith(
        f"Statement S30: version {own.number}, published here, stays in force. It differs in Title: “"
    )
    assert conflict.endswith("” is delivered, “Ours” stands here.")
    delivery = read()
    next(row for row in delivery.statements if row["code"] == "S30")["says"] += " More."
    (change,) = load(delivery).changes
    assert change.what == f"version 3, draft: version {own.number}, published here, stays"
    services.retire(
        by=second, version=StatementVersion.objects.get(statement__code="S31"), reason="Wrong."
    )
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

    report = load(read())
    assert report.changes == []
    beside, conflict = report.conflicts
    assert f"Source {own.code}, revision 2, was made here and stays as it is." in beside
    assert beside.endswith("“Read again here.” stands here.")
    assert f"Finding {finding.code}, revision 1, was changed here and stays as it is." in conflict
    assert "It differs in note: “" in conflict and "“Corrected here.” stands here." in conflict
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


def test_the_database_closes_a_version_in_review(draft: Any, author: User, second: User) -> None:
    services.submit(by=author, version=draft)
    rows = StatementVersion.objects.filter(pk=draft.pk)
    for change in (
        {"says": "Otherwise."},
        {"state": "draft", "submitted_at": None, "says": "Otherwise."},
        {"state": "superseded", "retired_at": draft.created_at},
    ):
        with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
            rows.update(**change)
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        draft.version_sources.all().delete()
    published = publish_as(second, draft)
    assert published.valid_from == timezone.localdate()
    assert published.review_by == services.default_review_by()


def test_a_version_needs_a_day_by_which_it_is_read_again(draft: Any, author: User) -> None:
    today = timezone.localdate()
    for review_by, valid_from, words in (
        (None, None, "name the day"),
        (today, None, "has to lie ahead"),
        (today + timedelta(days=9), today + timedelta(days=1), "cannot begin later"),
    ):
        draft.review_by, draft.valid_from = review_by, valid_from
        services.save_draft(by=author, version=draft)
        with pytest.raises(ValidationError, match=words):
            services.submit(by=author, version=draft)
