"""Slips of the review that no wording gives away: refused by number at the finding, in a file, and at publication."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import User
from evidence import services
from evidence.models import Finding, StatementVersion, VersionFinding
from evidence.shown import shown
from tests.factories.people import by_acting

pytestmark = pytest.mark.django_db

NEVER = {
    "cm153-rest": ("E03", {"value": "2/3"}),
    "cm153-target": ("E03", {"value": "35.0 %", "figure": 35.0}),
    "pollack-hepatitis-second": ("E04", {"value": "3.0 %", "figure": 3.0, "irae": "hepatitis"}),
    "egfr-adjuvant-5y": ("E24", {"value": "13.0 %", "figure": 13.0}),
}


def leaf(fact: str, op: str, value: object) -> dict[str, Any]:
    return {"fact": fact, "op": op, "value": value}


def refusal(draft: StatementVersion, author: User, second: User) -> str:
    """Why it is refused at submission, and again at publication where it was submitted before the guard was there."""
    with pytest.raises(ValidationError) as first:
        by_acting(services.submit)(by=author, version=draft)
    rows = StatementVersion.objects.filter(pk=draft.pk)
    rows.update(state="in_review", submitted_at=timezone.now())
    late = rows.get()
    with pytest.raises(ValidationError) as then:
        by_acting(services.publish)(by=second, version=late, seen=shown(late))
    assert first.value.messages == then.value.messages
    return " ".join(first.value.messages)


def begun(code: str, author: User, **changes: Any) -> StatementVersion:
    before = StatementVersion.objects.filter(statement__code=code).latest("number")
    draft = by_acting(services.new_draft_from)(by=author, version=before)
    for name, value in changes.items():
        setattr(draft, name, value)
    return by_acting(services.save_draft)(by=author, version=draft)


def test_what_cannot_be_read_gets_no_figure_by_its_data(
    all_guidance: Any, author: User, second: User
) -> None:
    for code, (number, changes) in NEVER.items():
        finding = Finding.objects.get(code=code)
        for name, value in {"state": "corrected", "mark": "seen", **changes}.items():
            setattr(finding, name, value)
        finding.full_clean()
        with pytest.raises(ValidationError, match=f"state: Erratum {number}: "):
            by_acting(services.save_basis)(by=author, row=finding)
    # A row that is older than the guard keeps a version back.
    Finding.objects.filter(code="cm153-rest").update(state="corrected", value="2/3", mark="seen")
    older = Finding.objects.get(code="cm153-rest")
    draft = begun("S08", author)
    VersionFinding.objects.create(version=draft, finding=older, position=9)
    assert "findings: cm153-rest: state: Erratum E03: " in refusal(draft, author, second)


COMPLETED, ON_TREATMENT = (
    leaf("stop_reason", "in", ["completed"]),
    leaf("progression_timing", "in", ["on_treatment"]),
)
STOPPED = leaf("stop_reason", "in", ["completed", "toxicity"])
BY_GRADE = {"all": [leaf("irae_worst_grade", ">=", 2), leaf("proposed_includes_ctla4", "is", True)]}
NO_CASE = {"all": [leaf("irae_any", "is", False), leaf("irae_worst_grade", ">=", 2)]}
PLANTED: list[tuple[str, dict[str, Any], str]] = [
    ("S05", {"condition": {"all": [COMPLETED, ON_TREATMENT]}}, "condition: Erratum E12: "),
    ("S02", {"condition": {"all": [ON_TREATMENT, STOPPED]}}, "condition: Erratum E12: "),
    ("S28", {"condition": BY_GRADE, "signal": ""}, "signal: Erratum E06: "),
    ("S27", {"condition": BY_GRADE, "signal": ""}, "condition: Erratum E06: "),
    ("S27", {"condition": BY_GRADE, "signal": "warning"}, "condition: Erratum E06: "),
    ("S31", {"condition": NO_CASE}, "can never be so of one case: where “worst irAE grade is 1"),
]


def test_a_condition_takes_no_statement_where_its_findings_do_not_belong(
    all_guidance: Any, author: User, second: User
) -> None:
    for code, changes, words in PLANTED:
        draft = begun(code, author, **changes)
        assert words in refusal(draft, author, second), code
        by_acting(services.retire)(by=author, version=draft, reason="Planted.")
