"""What the review prints beside what is right: in the database, in a load of later files, on the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from evidence import services
from evidence.digests import FINDING_FIELDS_6, sha256_of_row
from evidence.loading import Report, load, read
from evidence.models import Finding, Source, StatementVersion, VersionFinding

pytestmark = pytest.mark.django_db


def refused(action: Callable[[], Any], error: type[DatabaseError], message: str) -> None:
    with pytest.raises(error, match=message), transaction.atomic():
        action()


def test_a_finding_says_how_it_stands_to_the_print(all_guidance: Report) -> None:
    lost = Finding.objects.filter(code="cm153-target")
    free = Finding.objects.filter(code="class-toxicity")

    def violates(rows: Any, constraint: str, **values: Any) -> None:
        refused(lambda: rows.update(**values), IntegrityError, constraint)

    for figure in (
        {"figure": 35.0}, {"value": "35.0 %"}, {"numerator": 12, "denominator": 34}, {"denominator": 34},
        {"interval": "20 to 53"},
    ):  # fmt: skip
        violates(lost, "finding_not_interpretable_has_no_figure", **figure)
    violates(lost, "finding_correction_says_why", correction="")
    violates(free, "finding_correction_says_why", correction="")
    violates(free, "finding_state_has_its_print", printed="")
    violates(free, "finding_state_has_its_print", state="not_in_review")
    violates(free, "finding_gives_a_figure", value="")
    for name in ("endpoint", "unit", "setting", "state"):
        violates(free, "finding_codes_are_known", **{name: "gossip"})
    refused(
        lambda: Source.objects.filter(code="romano").update(tumour="unicorn"),
        IntegrityError,
        "source_tumour_is_known",
    )


def test_no_statement_comes_to_rest_on_what_cannot_be_interpreted(all_guidance: Report) -> None:
    draft = StatementVersion.objects.filter(state="draft", findings__isnull=False)[0]
    lost = Finding.objects.get(code="cm153-target")
    link = draft.version_findings.all()[0]
    no = "is not interpretable: no statement rests on it"
    refused(lambda: VersionFinding.objects.create(version=draft, finding=lost), DatabaseError, no)
    rows = VersionFinding.objects.filter(pk=link.pk)
    refused(lambda: rows.update(finding=lost), DatabaseError, no)
    values = {
        "state": "not_interpretable", "numerator": None, "denominator": None, "figure": None, "value": "",
        "interval": "", "printed": "x", "correction": "x",
    }  # fmt: skip
    refused(
        lambda: Finding.objects.filter(pk=link.finding_id).update(**values),
        DatabaseError,
        "it cannot become not interpretable",
    )
    assert Finding.objects.filter(code="class-toxicity").update(**values) == 1


def test_publication_names_a_finding_that_cannot_be_interpreted(
    all_guidance: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where a link is older than the trigger."""
    version = StatementVersion.objects.get(statement__code="S08", state="published")
    assert services.version_problems(version) == []
    monkeypatch.setattr(
        services, "Print", type("Print", (), {"NOT_INTERPRETABLE": "not_in_review"})
    )
    messages = [str(problem) for problem in services.version_problems(version)]
    assert "findings: cm153-pfs cannot be interpreted: no statement rests on it." in messages


def as_by_release_6(finding: Finding) -> None:
    """Make the row look as a load of the fields of release 6 left it."""
    values = {"endpoint": "other", "unit": "", "setting": "other", "section": "", "reference": ""}
    print_ = {
        "printed": "",
        "state": "not_in_review",
        "errata": [],
        "correction": "",
        "figure": None,
    }
    Finding.objects.filter(pk=finding.pk).update(**values, **print_)
    finding.refresh_from_db()
    digest = sha256_of_row(finding, (*FINDING_FIELDS_6, "source_id"))
    Finding.objects.filter(pk=finding.pk).update(delivered_sha256=digest)


def test_a_finding_of_an_earlier_release_gets_its_print_in_place(all_guidance: Report) -> None:
    for code in ("class-toxicity", "similar-irae"):
        as_by_release_6(Finding.objects.get(code=code))
    Finding.objects.filter(code="similar-irae").update(note="Corrected here.")
    said = {change.code: change.what for change in load(read()).changes}
    assert said == {"class-toxicity": "changed", "similar-irae": "new, revision 2"}
    assert Finding.objects.get(code="class-toxicity").printed == "16485 patients"
    old, new = Finding.objects.filter(code="similar-irae").order_by("revision")
    assert (old.note, old.printed, new.printed) == (
        "Corrected here.",
        "",
        "approximately 25.0–30.0%",
    )
    assert load(read()).changes == []


def test_the_page_shows_the_print_beside_what_is_right_and_why(
    client: Any, all_guidance: Report, member: Any
) -> None:
    client.force_login(member)

    def page(code: str) -> str:
        version = StatementVersion.objects.get(statement__code=code, state="published")
        html: str = client.get(version.statement.get_absolute_url()).content.decode()
        return " ".join(html.split())

    durvalumab = page("S07")
    assert "Corrected (E18). The review prints “52.4%”." in durvalumab
    assert "after a median of 266 days without it" in durvalumab and "11/21" in durvalumab
    assert (
        "trial of retreatment · all tumours · N = 70: 14 tumour types, given durvalumab again"
        in durvalumab
    )
    assert "Corrected (E01, E02, E23). The review prints “no recurrence”." in page("S34")
    guo = page("S30")
    assert guo.count("app-findings__corrected") == 1 and "Printed in the review: 60.0%" in guo
    assert "app-findings__corrected" not in page("S02")
