"""What curation refuses or enters on the trail at its edges: codes, lists of errata, cases tried without a script."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts.models import Board, Membership, User
from audit.models import TrailEntry
from evidence.admin_forms import FindingForm, NewVersionForm
from evidence.curation import files, importing
from evidence.models import Finding, Source, Statement, StatementVersion
from tests.factories.people import make_user
from tests.factories.record import make_case
from tests.integration.curation.test_editor import GRADE, REASON, change, payload

pytestmark = pytest.mark.django_db
FINDING: dict[str, Any] = {
    "code": "x", "label": "Any irAE again", "definition": "x", "population": "x", "direct": False,
    "tumour": "melanoma", "design": "x", "measure": "proportion", "numerator": 4,
    "denominator": 40, "mark": "seen",
}  # fmt: skip


def test_the_form_of_a_finding_has_all_that_a_finding_says() -> None:
    assert set(FindingForm.base_fields) >= {*files.text_fields(Finding), "source"}


def test_a_case_that_is_tried_without_a_script_is_entered_on_the_trail(
    client: Client, board: Board, author: User, draft: Any
) -> None:
    case = make_case(make_user("chair", board), board)
    Membership.objects.create(user=author, board=board, role="member", specialty="pulmonology")
    client.force_login(author)
    asked = {"_edit": "condition:try:0", "condition-try-cases": [str(case.public_id)]}
    data = {**payload(title="", condition={"all": [GRADE, REASON]}), **asked}
    for place in (change(draft), reverse("admin:evidence_statementversion_add")):
        page = client.post(place, data)
        assert f'<th scope="row">{case.reference}</th>' in page.content.decode()
    assert TrailEntry.objects.filter(actor=author, kind="list.read").count() == 2
    client.post(change(draft), payload(title="", condition={"all": [GRADE, REASON]}))
    assert TrailEntry.objects.filter(actor=author, kind="list.read").count() == 2


@pytest.mark.parametrize("code", ["../S1", "a/b", "..", "a b"])
def test_a_code_that_leads_elsewhere_is_refused_and_never_written(
    code: str, client: Client, tmp_path: Path, author: User, draft: StatementVersion
) -> None:
    form = NewVersionForm({**payload(), "code": code})
    assert "code" in form.errors
    Statement.objects.filter(pk=draft.statement_id).update(code=code)
    with pytest.raises(CommandError, match="letters, digits"):
        call_command("export_evidence", tmp_path / "out")
    assert not list(tmp_path.rglob("*S1.yaml")) and not list(tmp_path.rglob("b.yaml"))
    client.force_login(author)
    assert client.get(reverse("admin:evidence_version_files")).status_code == 422
    found: Any = {"sources": {}, "findings": {}, "statements": {code: {"code": code}}}
    (refused,) = importing.take(found, by=author).refused
    assert "letters, digits" in refused


def test_an_import_names_the_source_or_finding_that_is_unfit_and_takes_the_rest(
    author: User, source: Source
) -> None:
    new = {"code": "new", "short": "New", "citation": "New", "kind": "study", "mark": "seen"}
    row = {**FINDING, "source": source.code}
    found: Any = {
        "sources": {"bad": {**new, "code": "bad", "note": "aspirin"}, "odd": {1: 2, "a": 3}, "new": new},
        "findings": {"five": {**row, "code": "five", "errata": 5}, "x": row},
        "statements": {},
    }  # fmt: skip
    report = importing.take(found, by=author)
    bad, odd, five = report.refused
    assert bad.startswith("source bad: note: Erratum E01")
    assert odd == "source odd: not understood: 1, a."
    assert five == "finding five: errata: it is a list of numbers as in E12."
    assert len(report.made) == 2


@pytest.mark.parametrize("errata", ["5", '[{"a": 1}]'])
def test_errata_that_are_no_list_of_numbers_are_refused_beside_their_field(
    errata: str, source: Source
) -> None:
    values = {**FINDING, "direct": "", "revision": 1, "source": source.pk, "errata": errata}
    form = FindingForm({**values, "state": "corrected", "endpoint": "other", "setting": "other"})
    assert "errata" in form.errors
