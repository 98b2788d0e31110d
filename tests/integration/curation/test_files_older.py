"""A file that says what an older version said is a conflict: something else stands, or nothing does."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from accounts.models import User
from evidence import services
from evidence.curation import files, importing
from evidence.loading import load, read
from evidence.models import StatementVersion
from tests.factories.guidance import FEW, load_some_guidance
from tests.factories.people import by_acting
from tests.integration.curation.test_files_in_use import publish, published

pytestmark = pytest.mark.django_db


def rewritten(author: User, second: User, **changes: Any) -> StatementVersion:
    """A version of S28 that curators published over the one before."""
    draft = by_acting(services.new_draft_from)(by=author, version=published("S28"))
    for name, value in changes.items():
        setattr(draft, name, value)
    by_acting(services.save_draft)(by=author, version=draft)
    publish(draft, author, second)
    return published("S28")


def taken(folder: Path, author: User) -> importing.Imported:
    report = importing.take(files.read(folder), by=author)
    assert report.refused == []
    return report


def test_the_words_of_a_superseded_version_are_a_conflict_until_they_stand_again(
    tmp_path: Path, author: User, second: User
) -> None:
    load_some_guidance()
    files.write(tmp_path)
    everything = taken(tmp_path, author).unchanged
    old = published("S28")
    rewritten(author, second, does_not_say="It says nothing of doses.")
    report = taken(tmp_path, author)
    assert report.made == [] and report.unchanged == everything - 1
    (conflict,) = report.conflicts
    assert conflict.startswith(
        "statement S28: not taken, the file says what version 1 said; version 2 stands. "
    )
    assert "“It says nothing of doses.” here" in conflict and old.does_not_say[:40] in conflict
    # Whoever takes the old words up again writes them, and then they stand.
    rewritten(author, second, does_not_say=old.does_not_say)
    report = taken(tmp_path, author)
    assert report.conflicts == [] and report.unchanged == everything


def test_a_draft_with_the_words_of_the_file_is_there_already(
    tmp_path: Path, author: User, second: User
) -> None:
    load_some_guidance()
    files.write(tmp_path)
    old = published("S28")
    version = rewritten(author, second, does_not_say="It says nothing of doses.")
    draft = by_acting(services.new_draft_from)(by=author, version=version)
    draft.does_not_say = old.does_not_say
    by_acting(services.save_draft)(by=author, version=draft)
    report = taken(tmp_path, author)
    assert report.conflicts == [] and report.made == []


@pytest.mark.parametrize("because", ["harmful", ""])
def test_the_words_of_a_retired_statement_are_a_conflict_with_its_reason(
    tmp_path: Path, author: User, second: User, because: str
) -> None:
    load_some_guidance()
    files.write(tmp_path)
    if because:
        by_acting(services.retire)(by=second, version=published("S28"), reason=because)
    else:
        # Delivered no longer: a release gives no reason.
        whole = read()
        load(
            replace(
                whole, statements=[r for r in whole.statements if r["code"] in {*FEW} - {"S28"}]
            )
        )
    (conflict,) = taken(tmp_path, author).conflicts
    words = (
        "statement S28: not taken, the file says what version 1 said; version 1 was retired, and "
        "none stands."
    )
    assert conflict == (f"{words} Why: “harmful”." if because else words)
    # Other words become a draft, as before.
    path = tmp_path / "statements/S28.yaml"
    content = yaml.safe_load(path.read_text())
    path.write_text(yaml.safe_dump({**content, "does_not_say": "It says nothing of doses."}))
    assert len(taken(tmp_path, author).made) == 1
