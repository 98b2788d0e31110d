"""Loading the delivered guidance, and what the database refuses once it is published."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from evidence import services
from evidence.choices import Origin
from evidence.content import LACKING
from evidence.loading import Report, check, load, read
from evidence.models import (
    Finding,
    Source,
    Statement,
    StatementVersion,
    VersionFinding,
    VersionSource,
)
from evidence.policies import CurationRefused
from evidence.selectors import published_versions, waiting_rules
from evidence.shown import shown
from evidence.states import VersionState
from tests.factories.people import by_acting, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded(all_guidance: Report) -> Report:
    return all_guidance


def test_the_files_are_fit_to_be_loaded() -> None:
    assert check(read()) == []


def test_a_second_load_changes_nothing(loaded: Any) -> None:
    before = (StatementVersion.objects.count(), Finding.objects.count(), Source.objects.count())
    report = load(read())
    assert report.changes == [] and report.unchanged == len(loaded.changes)
    after = (StatementVersion.objects.count(), Finding.objects.count(), Source.objects.count())
    assert after == before


def test_only_what_was_read_is_published_and_the_rest_waits_as_draft(loaded: Any) -> None:
    assert not published_versions().filter(statement__code__in=LACKING).exists()
    rest = StatementVersion.objects.exclude(statement__code__in=LACKING)
    states = set(rest.values_list("state", "mark"))
    assert {mark for state, mark in states if state == "published"} == {"seen"}
    assert {mark for state, mark in states if state == "draft"} == {
        "general_knowledge",
        "review_only",
    }
    assert published_versions().count() >= 50
    assert not published_versions().exclude(origin=Origin.REPOSITORY, published_by=None).exists()


def test_a_draft_that_a_delivery_overtakes_is_named_and_never_published_over_it(
    loaded: Any, board: Any
) -> None:
    author, second = make_user("curator", board), make_user("curator", board)
    draft = by_acting(services.new_draft_from)(by=author, version=published("S52"))
    draft.says = "Another wording of it."
    by_acting(services.save_draft)(by=author, version=draft)
    assert load(read()).conflicts == []
    submitted = by_acting(services.submit)(by=author, version=draft)
    delivery = spoil(lambda d: None)
    next(row for row in delivery.statements if row["code"] == "S52")["says"] += " It is so."
    words = (
        "Statement S52: version 2 (in review) was begun here before version 3 was delivered, and cannot be published "
        "over it. Begin a new draft from version 3."
    )
    assert load(delivery).conflicts == [words]
    # As long as it is there, at every load.
    assert load(delivery).conflicts == [words]
    with pytest.raises(CurationRefused, match="Version 3 of S52 came after version 2 was begun"):
        by_acting(services.publish)(by=second, version=submitted, seen=shown(submitted))
    back = by_acting(services.send_back)(by=second, version=submitted, reason="Overtaken.")
    with pytest.raises(CurationRefused, match="Version 3 of S52"):
        by_acting(services.submit)(by=author, version=back)
    by_acting(services.retire)(by=author, version=back, reason="Overtaken.")
    assert load(delivery).conflicts == []
    anew = by_acting(services.new_draft_from)(by=author, version=published("S52"))
    anew = by_acting(services.submit)(by=author, version=anew)
    by_acting(services.publish)(by=second, version=anew, seen=shown(anew))
    assert published("S52").number == 4


def spoil(change: Callable[[Any], None]) -> Any:
    delivery = copy.deepcopy(read())
    change(delivery)
    return delivery


def test_a_changed_finding_is_a_new_revision_and_a_new_version(loaded: Any) -> None:
    delivery = spoil(lambda d: None)
    (row,) = [row for row in delivery.findings if row["code"] == "guo-any"]
    row["note"] = "Counted again."
    report = load(delivery)
    assert {(c.kind, c.code) for c in report.changes} == {
        ("finding", "guo-any"),
        ("statement", "S30"),
    }
    revisions = Finding.objects.filter(code="guo-any").order_by("revision")
    assert [finding.note for finding in revisions] == ["", "Counted again."]
    old, new = StatementVersion.objects.filter(statement__code="S30").order_by("number")
    assert (old.state, new.state) == ("superseded", "published")
    assert old.findings.get(code="guo-any").revision == 1
    assert new.findings.get(code="guo-any").revision == 2


def test_a_changed_condition_is_published_as_a_new_version_and_the_old_one_is_kept(
    loaded: Any,
) -> None:
    delivery = spoil(lambda d: None)
    (row,) = [row for row in delivery.statements if row["code"] == "S04"]
    first = row["condition"]["any"][0]
    row["condition"] = first
    report = load(delivery)
    assert [(c.kind, c.code, c.what) for c in report.changes] == [
        ("statement", "S04", "version 2, published")
    ]
    old, new = StatementVersion.objects.filter(statement__code="S04").order_by("number")
    assert (old.state, new.state) == (VersionState.SUPERSEDED, VersionState.PUBLISHED)
    assert (len(old.condition["any"]), new.condition) == (2, first)


def test_a_statement_that_is_no_longer_attested_or_delivered_is_retired(loaded: Any) -> None:
    delivery = spoil(lambda d: None)
    rows = [row for row in delivery.statements if row["code"] != "S30"]
    next(row for row in rows if row["code"] == "S31")["mark"] = "general_knowledge"
    delivery.statements[:] = rows
    load(delivery)
    assert not StatementVersion.objects.filter(statement__code="S30", retired_at=None).exists()
    assert list(
        StatementVersion.objects.filter(statement__code="S31")
        .order_by("number")
        .values_list("state", flat=True)
    ) == ["retired", "draft"]


def test_a_condition_wider_than_its_source_is_published_by_no_load(loaded: Any) -> None:
    def confirm(delivery: Any) -> None:
        for row in delivery.statements:
            if row["code"] in LACKING:
                row["mark"] = "confirmed"
                for rule in row["rules"]:
                    rule["mark"] = "confirmed"
        cited = {
            rule["source"]
            for r in delivery.statements
            if r["code"] in LACKING
            for rule in r["rules"]
        }
        for source in delivery.sources:
            if source["code"] in cited:
                source["mark"] = "confirmed"

    report = load(spoil(confirm))
    said = {change.code: change.what for change in report.changes}
    assert set(said) >= set(LACKING) and "no fact for" in said["R20"]
    assert not published_versions().filter(statement__code__in=LACKING).exists()


def test_rules_that_wait_are_counted_until_they_are_published(loaded: Any) -> None:
    drafts = StatementVersion.objects.filter(state=VersionState.DRAFT, category="rule")
    stops = drafts.filter(signal="stop")
    assert waiting_rules() == (drafts.count(), stops.count()) and stops.count() >= 8
    copy_of = published("R05")
    StatementVersion.objects.create(
        statement=copy_of.statement, number=2, origin=Origin.REPOSITORY, release=1, title="T",
        says="S", does_not_say="D", section="4", category="rule", signal="stop",
        condition=copy_of.condition, certainty="rule", mark="seen",
    )  # fmt: skip
    assert waiting_rules() == (drafts.count() - 1, stops.count() - 1)


def published(code: str = "S30") -> StatementVersion:
    return StatementVersion.objects.get(statement__code=code, state=VersionState.PUBLISHED)


def refused(action: Callable[[], Any], message: str) -> None:
    with pytest.raises(DatabaseError, match=message), transaction.atomic():
        action()


def test_a_published_version_is_frozen_but_for_its_retirement(loaded: Any) -> None:
    version = published()
    rows = StatementVersion.objects.filter(pk=version.pk)
    refused(lambda: rows.update(says="Otherwise."), "frozen and cannot be changed")
    refused(lambda: rows.update(condition={"all": []}), "frozen and cannot be changed")
    refused(lambda: rows.update(state="draft", published_at=None), "frozen")
    refused(
        lambda: rows.update(state="retired", retired_at=timezone.now(), says="Otherwise."), "frozen"
    )
    rows.update(state="retired", retired_at=timezone.now())
    refused(lambda: rows.update(state="published", retired_at=None), "frozen")


def test_what_a_published_version_rests_on_is_frozen_with_it(loaded: Any) -> None:
    version = published()
    finding = version.findings.all()[0]
    other = Finding.objects.exclude(versions=version)[0]
    source = Source.objects.get(code="zhang-2024")
    refused(lambda: Finding.objects.filter(pk=finding.pk).update(numerator=1), "frozen")
    refused(lambda: Source.objects.filter(pk=source.pk).update(short="x"), "frozen")
    refused(lambda: Source.objects.filter(pk=finding.source_id).update(short="x"), "frozen")
    refused(lambda: VersionFinding.objects.create(version=version, finding=other), "frozen")
    refused(lambda: version.version_findings.all().delete(), "frozen")
    refused(lambda: version.version_findings.update(position=9), "frozen")
    refused(lambda: VersionSource.objects.create(version=version, source=finding.source), "frozen")
    refused(lambda: Statement.objects.filter(pk=version.statement_id).update(code="X"), "frozen")
    Statement.objects.filter(pk=version.statement_id).update(position=1)


def test_a_link_cannot_be_moved_from_a_draft_to_a_published_version(loaded: Any) -> None:
    draft = StatementVersion.objects.filter(state="draft", findings__isnull=False)[0]
    refused(lambda: draft.version_findings.update(version=published()), "frozen")


def test_a_draft_can_be_changed(loaded: Any) -> None:
    draft = StatementVersion.objects.filter(state="draft")[0]
    assert StatementVersion.objects.filter(pk=draft.pk).update(says="Otherwise.") == 1


TABLES = [
    "evidence_source", "evidence_finding", "evidence_statement", "evidence_statementversion",
    "evidence_versionfinding", "evidence_versionsource",
]  # fmt: skip


@pytest.mark.parametrize("table", TABLES)
def test_no_login_role_may_empty_a_table(table: str) -> None:
    with connection.cursor() as cursor:
        for role in ("rechallenge_app", "rechallenge_worker"):
            cursor.execute("SELECT has_table_privilege(%s, %s, 'TRUNCATE')", [role, table])
            assert cursor.fetchone() == (False,)
            cursor.execute("SELECT has_table_privilege(%s, %s, 'DELETE')", [role, table])
            assert cursor.fetchone() == (table in TABLES[4:] and role == "rechallenge_app",)
        cursor.execute(
            "SELECT count(*) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE c.relname = %s AND NOT t.tgisinternal AND (t.tgtype & 32) > 0",
            [table],
        )
        assert cursor.fetchone() == (1,)


def test_the_freeze_does_not_listen_to_the_setting_that_silences_pgtrigger(loaded: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('pgtrigger.ignore', '{evidence_statementversion:all}', true)"
        )
    refused(lambda: StatementVersion.objects.filter(pk=published().pk).update(says="x"), "frozen")


def test_the_database_holds_what_must_always_hold(loaded: Any) -> None:
    draft = StatementVersion.objects.filter(state="draft")[0]
    rows = StatementVersion.objects.filter(pk=draft.pk)

    def violates(constraint: str, **values: Any) -> None:
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            rows.update(**values)

    now = timezone.now()
    later = now.date()
    violates("version_state_has_its_dates", state="published", mark="seen", review_by=later)
    violates("version_state_has_its_dates", published_at=now, mark="seen")
    violates("version_published_is_attested", state="published", published_at=now, review_by=later)
    violates(
        "version_published_is_reviewed_again", state="published", published_at=now, mark="seen"
    )
    violates("version_in_review_was_submitted", submitted_at=now)
    violates("version_in_review_was_submitted", state="in_review")
    violates("version_has_the_people_of_its_origin", origin="curator")
    violates("version_has_the_people_of_its_origin", release=None)
    violates("version_codes_are_known", category="gossip")
    other = published().statement
    violates("one_published_version", state="published", published_at=now, mark="seen",
             review_by=later, statement=other, number=99)  # fmt: skip
    violates("one_version_per_number", statement=other, number=1)
    finding = Finding.objects.filter(versions=draft)[:1]
    with pytest.raises(IntegrityError, match="finding_n_is_within_total"), transaction.atomic():
        Finding.objects.create(
            code="x", source=Source.objects.all()[0], label="x", definition="x", population="x",
            tumour="nsclc", direct=True, design="x", measure="proportion", numerator=5,
            denominator=4, mark="seen",
        )  # fmt: skip
    assert finding is not None


def test_every_change_leaves_a_trace(loaded: Any) -> None:
    draft = StatementVersion.objects.filter(state="draft")[0]
    StatementVersion.objects.filter(pk=draft.pk).update(says="Otherwise.")
    events = StatementVersion.pgh_event_model.objects.filter(pgh_obj=draft)  # type: ignore[attr-defined]
    assert sorted(events.values_list("pgh_label", flat=True)) == ["insert", "update"]
