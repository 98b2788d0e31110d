"""Guidance as files: out and in again changes nothing, new things become drafts, nothing is written over."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from evidence import services
from evidence.curation import files, importing
from evidence.loading import load, read
from evidence.models import Finding, Source, Statement, StatementVersion
from tests.factories.guidance import load_some_guidance
from tests.factories.meetings import make_version
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db


def rows() -> dict[str, int]:
    models: tuple[Any, ...] = (Source, Finding, Statement, StatementVersion)
    return {model.__name__: model.objects.count() for model in models}


def change(path: Path, **values: Any) -> None:
    content = yaml.safe_load(path.read_text()) if path.exists() else {}
    path.write_text(yaml.safe_dump({**content, **values}))


def out(*args: Any, **options: Any) -> str:
    said = io.StringIO()
    call_command(*args, stdout=said, **options)
    return said.getvalue()


def test_what_goes_out_comes_in_again_without_a_change(tmp_path: Path, author: User) -> None:
    load(read())
    before = rows()
    assert out("export_evidence", tmp_path).endswith("files written.\n")
    first = {path: path.read_bytes() for path in tmp_path.rglob("*.yaml")}
    assert len(list((tmp_path / "statements").iterdir())) == before["Statement"]
    said = out("import_evidence", tmp_path, by=author.email)
    assert said == f"0 made, {len(first)} unchanged, 0 in conflict, 0 refused.\n"
    assert rows() == before
    out("export_evidence", tmp_path)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.yaml")} == first


def test_what_is_new_becomes_a_draft_and_what_is_here_stays(tmp_path: Path, author: User) -> None:
    load_some_guidance()
    files.write(tmp_path)
    change(tmp_path / "sources/heo-2021.yaml", code="heo-2021")
    known = next((tmp_path / "sources").iterdir())
    change(
        tmp_path / "sources/new-2026.yaml",
        **{**yaml.safe_load(known.read_text()), "code": "new-2026"},
    )
    change(known, note="Otherwise.")
    statement = yaml.safe_load((tmp_path / "statements/S28.yaml").read_text())
    change(tmp_path / "statements/S99.yaml", **{**statement, "code": "S99"})
    change(tmp_path / "statements/S28.yaml", says="It says otherwise.")
    (tmp_path / "sources/heo-2021.yaml").unlink()
    before = rows()
    said = out("import_evidence", tmp_path, by=author.email, dry_run=True)
    assert "made: source new-2026: new." in said and said.endswith("Nothing was written.\n")
    assert rows() == before
    report = importing.take(files.read(tmp_path), by=author)
    (conflict,) = report.conflicts
    assert conflict.startswith(f"source {known.stem}: not taken, it stands here otherwise.")
    assert "note: “" in conflict and "“Otherwise.” in the file." in conflict
    assert Source.objects.get(code=known.stem).note != "Otherwise."
    assert any("statement S28: draft 2. What it says: “" in line for line in report.made)
    for code, number in (("S28", 2), ("S99", 1)):
        draft = StatementVersion.objects.get(statement__code=code, number=number)
        assert (draft.state, draft.author) == ("draft", author)
        assert draft.sources.count() == len(statement["sources"])
    assert StatementVersion.objects.get(statement__code="S28", state="published").number == 1
    # The same again: the draft is there.
    again = importing.take(files.read(tmp_path), by=author)
    assert again.made == [] and len(again.conflicts) == 1
    # And another text meanwhile: the draft that is being written stays.
    change(tmp_path / "statements/S28.yaml", says="A third way.")
    _first, second = importing.take(files.read(tmp_path), by=author).conflicts
    assert "statement S28, draft 2: not taken" in second and "“A third way.” in the file" in second


def test_what_is_unfit_is_refused_with_its_reason(tmp_path: Path, author: User) -> None:
    load_some_guidance()
    files.write(tmp_path)
    statement = yaml.safe_load((tmp_path / "statements/S28.yaml").read_text())
    for code, values in {
        "A1": {"condition": {"fact": "mood", "op": "is", "value": True}},
        "A2": {"findings": ["nobody"]},
        "A3": {"says": "low-dose aspirin"},
        "A4": {"colour": "red"},
        "A5": {"category": "gossip"},
    }.items():
        change(tmp_path / f"statements/{code}.yaml", **{**statement, **values, "code": code})
    change(tmp_path / "findings/odd.yaml", code="odd", source="nobody", label="x")
    report = importing.take(files.read(tmp_path), by=author)
    refused = "\n".join(report.refused)
    for words in (
        "A1: condition: ", "A2: there is no nobody among the findings", "A3: says: ",
        "A4: not understood: colour.", "A5: ", "odd: there is no source nobody.",
    ):  # fmt: skip
        assert words in refused
    assert report.made == [] and len(report.refused) == 6


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("code: [", "sources/x.yaml"),
        ("- a", "has to hold fields"),
        ("code: &a x\nnote: *a", "no references"),
        ("code: !!python/object/apply:os.getcwd []", "sources/x.yaml"),
        ("code: x\nnote: " + "a" * files.MOST_BYTES, "larger than 256 kB"),
        ("code: y", "its code has to be the file's name"),
    ],
)
def test_a_file_that_is_no_plain_text_is_refused_whole(
    tmp_path: Path, author: User, text: str, words: str
) -> None:
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources/x.yaml").write_text(text)
    with pytest.raises(CommandError, match="Nothing was taken") as refusal:
        call_command("import_evidence", tmp_path, by=author.email)
    assert words in str(refusal.value)


def test_only_a_curator_imports_and_an_empty_folder_says_so(tmp_path: Path, board: Any) -> None:
    with pytest.raises(CommandError, match="address of a curator"):
        call_command("import_evidence", tmp_path, by=make_user("chair", board).email)
    with pytest.raises(CommandError, match="There is no file"):
        call_command("import_evidence", tmp_path, by=make_user("curator", board).email)


def test_curators_download_the_files(client: Client, author: User, draft: Any) -> None:
    client.force_login(author)
    answer = client.get(reverse("admin:evidence_version_files"))
    packed = zipfile.ZipFile(io.BytesIO(answer.content))
    assert packed.namelist() == ["evidence/sources/heo-2021.yaml", "evidence/statements/S80.yaml"]
    content = yaml.safe_load(packed.read("evidence/statements/S80.yaml"))
    assert content["condition"] == draft.condition
    page = client.get(reverse("admin:evidence_statementversion_changelist")).content.decode()
    assert "Download as files" in page


def test_what_is_due_for_review_stands_in_the_admin_and_on_the_start_page(
    client: Client, author: User, board: Any
) -> None:
    today = timezone.localdate()
    late = make_version(code="L1", title="Long due", review_by=today - timedelta(days=3))
    make_version(code="L2", title="Soon due", review_by=today + timedelta(days=30))
    make_version(code="L3", title="Not due", review_by=services.default_review_by())
    client.force_login(author)
    index = client.get(reverse("admin:index")).content.decode()
    assert "Long due" in index and "Soon due" not in index and "1 more within 60 days" in index
    changelist = reverse("admin:evidence_statementversion_changelist")
    for chosen, titles in (("due", ["Long due"]), ("60", ["Long due", "Soon due"])):
        page = client.get(changelist, {"review": chosen}).content.decode()
        assert [t for t in ("Long due", "Soon due", "Not due") if t in page] == titles
    home = client.get(reverse("home")).content.decode()
    assert "Guidance due for review" in home and late.title in home and "Soon due" not in home
    client.force_login(make_user("administrator", board, is_staff=True))
    assert "Guidance due for review" not in client.get(reverse("admin:index")).content.decode()
