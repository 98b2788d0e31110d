"""What was in use on one installation is what another one gets of its files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from accounts.models import User
from evidence.curation import files, importing
from evidence.curation.in_use import in_use
from evidence.loading import load, read
from evidence.models import Source, StatementVersion
from tests.integration.curation.test_files_in_use import (
    COLITIS,
    content,
    delivery,
    local_colitis,
    out,
    publish,
    published,
)

pytestmark = pytest.mark.django_db


def texts(folder: Path) -> dict[str, dict[str, Any]]:
    """Every file without the day of its next review, which is told anew where it is taken."""
    found = {str(path.relative_to(folder)): content(path) for path in folder.rglob("*.yaml")}
    return {name: {**one, "review_by": None} for name, one in found.items()}


def test_a_new_installation_gets_what_was_in_use(
    tmp_path: Path, author: User, second: User
) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    with transaction.atomic():
        load(read())
        local_colitis(author, second)
        load(delivery(dolladille_colitis={"numerator": 48}, S28={"says": "Otherwise."}))
        files.write(before)
        transaction.set_rollback(True)
    assert not Source.objects.exists() and not StatementVersion.objects.exists()
    report = importing.take(files.read(before), by=author)
    assert report.refused == [] and report.conflicts == []
    assert files.write(after).waiting == []
    assert texts(after) == texts(before) and len(texts(after)) > 300
    draft = StatementVersion.objects.get(statement__code="S52")
    assert (draft.state, draft.author) == ("draft", author)
    publish(draft, author, second)
    (finding,) = published("S52").findings.filter(code=COLITIS)
    assert (finding.numerator, finding.denominator) == (40, 125)
    # A load that comes later leaves it in use.
    load(read())
    assert published("S52").origin == "curator" and in_use().findings[COLITIS].numerator == 40
    assert "statement S52: version 2, delivered, waits; version 1 is in use." in out(after)[-2]
