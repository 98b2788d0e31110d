"""The files hold what is in use: not the delivery that waits beside it, which is named."""

from __future__ import annotations

import copy
import io
import uuid
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import call_command

from accounts.models import User
from evidence import services
from evidence.curation import files, importing
from evidence.curation.in_use import in_use
from evidence.loading import load, read
from evidence.models import Finding, Source, StatementVersion
from evidence.shown import shown
from tests.factories.people import by_acting

pytestmark = pytest.mark.django_db
COLITIS = "dolladille-colitis"


def published(code: str) -> StatementVersion:
    return StatementVersion.objects.get(statement__code=code, state="published")


def publish(draft: StatementVersion, author: User, second: User) -> None:
    version = by_acting(services.submit)(by=author, version=draft)
    by_acting(services.publish)(by=second, version=version, seen=shown(version))


def revised(model: type[Finding] | type[Source], code: str, author: User, **changes: Any) -> Any:
    """A revision that a curator made."""
    row: Any = model._default_manager.filter(code=code).latest("revision")
    row.pk, row.public_id, row.revision = None, uuid.uuid4(), row.revision + 1
    row._state.adding, row.delivered_sha256 = True, ""
    for name, value in changes.items():
        setattr(row, name, value)
    by_acting(services.save_basis)(by=author, row=row)
    return row


def local_colitis(author: User, second: User) -> None:
    """A finding counted otherwise here, and a published version of S52 that rests on it."""
    row = revised(Finding, COLITIS, author, numerator=40)
    draft = by_acting(services.new_draft_from)(by=author, version=published("S52"))
    draft.version_findings.filter(finding__code=COLITIS).update(finding=row)
    publish(draft, author, second)


def delivery(**changes: dict[str, Any]) -> Any:
    """What comes with the product, with fields changed by code."""
    found = copy.deepcopy(read())
    for rows in (found.sources, found.findings, found.statements):
        for row in rows:
            row.update(changes.get(row["code"].replace("-", "_"), {}))
    return found


def out(folder: Path) -> list[str]:
    said = io.StringIO()
    call_command("export_evidence", folder, stdout=said)
    return said.getvalue().splitlines()


def content(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(path.read_text())
    return found


def test_a_delivery_that_waits_is_named_and_not_written(
    tmp_path: Path, all_guidance: Any, author: User, second: User
) -> None:
    assert len(out(tmp_path)) == 1
    local_colitis(author, second)
    by_acting(services.retire)(by=second, version=published("S38"), reason="harmful")
    load(delivery(dolladille_colitis={"numerator": 48}, S38={"change_note": "A comma."}))
    newest = Finding.objects.filter(code=COLITIS).latest("revision")
    assert (newest.revision, newest.numerator, in_use().findings[COLITIS].numerator) == (3, 48, 40)
    (tmp_path / "statements/S38.yaml").unlink()
    waits = [
        "finding dolladille-colitis: revision 3, delivered, waits; revision 2 is in use.",
        "statement S38: version 2, delivered, waits; version 1 was retired here.",
        "statement S52: version 3, delivered, waits; version 2 is in use.",
    ]
    *said, last = out(tmp_path)
    assert said == [f"waits      {line}" for line in waits] and last.endswith("files written.")
    assert content(tmp_path / f"findings/{COLITIS}.yaml")["numerator"] == 40
    assert content(tmp_path / "statements/S52.yaml")["findings"][0] == COLITIS
    assert not (tmp_path / "statements/S38.yaml").exists()
    with zipfile.ZipFile(io.BytesIO(files.archive())) as packed:
        assert packed.read("evidence/waiting.txt").decode().splitlines() == waits
    # Taken again, it is what is here.
    report = importing.take(files.read(tmp_path), by=author)
    assert report.made == [] and report.conflicts == [] and report.refused == []


def test_what_two_published_versions_rest_on_otherwise_is_named(
    tmp_path: Path, all_guidance: Any, author: User, second: User
) -> None:
    row = revised(Finding, "wjog-orr", author, note="Counted here.")
    draft = by_acting(services.new_draft_from)(by=author, version=published("S10"))
    draft.version_findings.filter(finding__code=row.code).update(finding=row)
    publish(draft, author, second)
    assert published("S01").findings.get(code="wjog-orr").revision == 1
    assert files.write(tmp_path).waiting == [
        "statement S01 rests on revision 1 of the finding wjog-orr; revision 2 is in the files."
    ]


def test_a_revision_on_which_nothing_rests_yet_waits_too(
    tmp_path: Path, all_guidance: Any, author: User
) -> None:
    revised(Finding, COLITIS, author, numerator=40)
    assert files.write(tmp_path).waiting == [
        "finding dolladille-colitis: revision 2, made here, waits; revision 1 is in use."
    ]
    assert content(tmp_path / f"findings/{COLITIS}.yaml")["numerator"] == 47


def test_a_source_is_the_one_of_the_finding_in_use(
    tmp_path: Path, all_guidance: Any, author: User
) -> None:
    load(delivery(dolladille_2020={"note": "Read again."}))
    source = Source.objects.filter(code="dolladille-2020").latest("revision")
    assert in_use().sources["dolladille-2020"].pk == source.pk
    revised(Source, "dolladille-2020", author, note="Read here.")
    files.write(tmp_path)
    assert content(tmp_path / "sources/dolladille-2020.yaml")["note"] == "Read again."
