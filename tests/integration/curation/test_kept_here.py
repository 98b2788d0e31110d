"""What curators took out of use, published or corrected outlives every delivery, and each load says so."""

from __future__ import annotations

import copy
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from evidence import services
from evidence.loading import Delivery, load, read
from evidence.models import Finding, StatementVersion, VersionFinding
from evidence.shown import shown
from tests.factories.people import by_acting

pytestmark = pytest.mark.django_db


def published(code: str) -> StatementVersion:
    return StatementVersion.objects.get(statement__code=code, state="published")


def states(code: str) -> list[tuple[int, str]]:
    rows = StatementVersion.objects.filter(statement__code=code).order_by("number")
    return list(rows.values_list("number", "state"))


def retired(code: str, by: User, reason: str = "harmful") -> None:
    by_acting(services.retire)(by=by, version=published(code), reason=reason)


def through(draft: StatementVersion, author: User, second: User) -> StatementVersion:
    version = by_acting(services.submit)(by=author, version=draft)
    return by_acting(services.publish)(by=second, version=version, seen=shown(version))


def own(code: str, author: User, **changes: Any) -> StatementVersion:
    draft = by_acting(services.new_draft_from)(by=author, version=published(code))
    for name, value in changes.items():
        setattr(draft, name, value)
    return by_acting(services.save_draft)(by=author, version=draft)


def delivered(change: Callable[[Delivery], None] = lambda d: None) -> Delivery:
    delivery = copy.deepcopy(read())
    change(delivery)
    return delivery


def row_of(rows: list[dict[str, Any]], code: str) -> dict[str, Any]:
    return next(row for row in rows if row["code"] == code)


def again(finding: str, author: User, **changes: Any) -> Finding:
    """A revision of a finding that was made here."""
    row = Finding.objects.filter(code=finding).latest("revision")
    row.pk, row.public_id, row.revision = None, uuid.uuid4(), row.revision + 1
    row._state.adding, row.delivered_sha256 = True, ""
    for name, value in changes.items():
        setattr(row, name, value)
    by_acting(services.save_basis)(by=author, row=row)
    return row


def other_note(code: str) -> Callable[[Delivery], None]:
    return lambda d: row_of(d.statements, code).update(change_note="A comma.")


def test_no_delivery_brings_back_what_was_retired_here(all_guidance: Any, second: User) -> None:
    retired("S38", second)
    report = load(read())
    words = "Statement S38: version 1 was retired here (“harmful”). "
    assert report.changes == []
    assert report.conflicts == [words + "What is delivered is not published again."]
    report = load(delivered(other_note("S38")))
    assert [c.what for c in report.changes] == ["version 2, draft: version 1 was retired here"]
    waits = [words + "Version 2, delivered since, waits as a draft."]
    assert report.conflicts == waits
    assert states("S38") == [(1, "retired"), (2, "draft")]
    assert load(delivered(other_note("S38"))).conflicts == waits
    # A later delivery takes the place of the draft that waits, and waits itself.
    report = load(delivered(lambda d: row_of(d.statements, "S38").update(says="Otherwise.")))
    assert states("S38") == [(1, "retired"), (2, "retired"), (3, "draft")]
    assert "Version 3, delivered since" in report.conflicts[0]


def test_nor_does_a_finding_that_changed_under_it(all_guidance: Any, second: User) -> None:
    retired("S50", second)
    report = load(delivered(lambda d: row_of(d.findings, "dolladille-all").update(note="Again.")))
    assert states("S50") == [(1, "retired"), (2, "draft")]
    assert [c for c in report.conflicts if c.startswith("Statement S50: version 1 was retired")]


def test_nor_where_a_version_of_its_curators_was_retired(
    all_guidance: Any, author: User, second: User
) -> None:
    through(own("S52", author, says="Colitis came back in 47 of 125."), author, second)
    retired("S52", second)
    load(delivered(other_note("S52")))
    assert states("S52") == [(1, "superseded"), (2, "retired"), (3, "draft")]
    # Whoever takes it into use again begins with what was delivered, and the load says no more of it.
    waiting = StatementVersion.objects.get(statement__code="S52", number=3)
    draft = by_acting(services.new_draft_from)(by=author, version=waiting)
    through(draft, author, second)
    report = load(delivered(other_note("S52")))
    assert not [words for words in report.conflicts if "was retired here" in words]


def test_a_draft_of_a_curator_that_was_given_up_holds_nothing_back(
    all_guidance: Any, author: User
) -> None:
    draft = own("S52", author)
    by_acting(services.retire)(by=author, version=draft, reason="Not needed.")
    report = load(delivered(other_note("S52")))
    assert report.conflicts == []
    assert states("S52") == [(1, "superseded"), (2, "retired"), (3, "published")]


def test_what_a_load_retired_may_come_back_with_a_load(all_guidance: Any) -> None:
    load(delivered(lambda d: d.statements.remove(row_of(d.statements, "S52"))))
    assert states("S52") == [(1, "retired")]
    report = load(read())
    assert states("S52") == [(1, "retired"), (2, "published")] and report.conflicts == []


def test_a_local_version_of_what_is_delivered_no_longer_is_told(
    all_guidance: Any, author: User, second: User
) -> None:
    through(own("S50", author, says="The same irAE came back in 130 of 452."), author, second)
    report = load(delivered(lambda d: d.statements.remove(row_of(d.statements, "S50"))))
    assert report.conflicts == [
        "Statement S50 is no longer delivered. Version 2, published here, stays in force."
    ]
    assert states("S50") == [(1, "superseded"), (2, "published")]


def test_a_statement_of_curators_alone_was_never_delivered(
    all_guidance: Any, author: User, second: User
) -> None:
    content = {name: getattr(published("S50"), name) for name in services.CONTENT_FIELDS}
    draft = by_acting(services.begin_statement)(by=author, code="S890", content=content)
    finding = Finding.objects.get(code="dolladille-all")
    VersionFinding.objects.create(version=draft, finding=finding)
    through(draft, author, second)
    assert load(read()).conflicts == []


def test_a_finding_corrected_here_is_compared_field_by_field(
    all_guidance: Any, author: User, second: User
) -> None:
    row = again("dolladille-colitis", author, numerator=40)
    draft = own("S52", author)
    draft.version_findings.filter(finding__code=row.code).update(finding=row)
    through(draft, author, second)
    stays = (
        "Finding dolladille-colitis, revision 2, was made here and stays as it is. It differs in n: “{}” is delivered, "
        "“40” stands here."
    )
    report = load(read())
    (first, other) = report.conflicts
    assert report.changes == [] and first == stays.format(47)
    assert other == (
        "Statement S52: version 2, published here, stays in force. It differs in Findings: “dolladille-colitis "
        "(revision 1)” is delivered, “dolladille-colitis (revision 2)” stands here."
    )
    report = load(
        delivered(lambda d: row_of(d.findings, "dolladille-colitis").update(numerator=48))
    )
    assert report.conflicts[0] == stays.format(48) and len(report.conflicts) == 2
    held = Finding.objects.filter(code="dolladille-colitis").order_by("revision")
    assert list(held.values_list("numerator", flat=True)) == [47, 40, 48]
    assert [f.numerator for f in published("S52").findings.filter(code=row.code)] == [40]


def test_a_local_revision_that_nothing_rests_on_any_longer_is_told_no_more(
    all_guidance: Any, author: User
) -> None:
    again("dolladille-colitis", author, numerator=40)
    newer = delivered(lambda d: row_of(d.findings, "dolladille-colitis").update(numerator=48))
    assert len(load(newer).conflicts) == 1
    assert load(newer).conflicts == []


def test_a_finding_of_curators_is_never_written_over_by_one_that_is_delivered_later(
    all_guidance: Any, author: User
) -> None:
    row = again("dolladille-colitis", author, code="ours", revision=1, note="Counted here.")

    def add(delivery: Delivery) -> None:
        theirs = row_of(delivery.findings, "dolladille-colitis")
        delivery.findings.append({**theirs, "code": "ours", "note": "Counted there."})

    report = load(delivered(add))
    assert [(c.code, c.what) for c in report.changes] == [("ours", "new, revision 2")]
    assert "Finding ours, revision 1, was made here" in report.conflicts[0]
    row.refresh_from_db()
    assert row.note == "Counted here."
