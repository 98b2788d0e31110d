"""The command that loads the guidance, and files that are refused, on a database without any."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from evidence.loading import DeliveryError, load
from evidence.models import Source, Statement
from tests.integration.test_evidence_loading import spoil

pytestmark = pytest.mark.django_db


def test_the_command_prints_what_changed_and_the_counts() -> None:
    out = StringIO()
    call_command("load_evidence", stdout=out)
    assert "S30" in out.getvalue() and "published" in out.getvalue()
    out = StringIO()
    call_command("load_evidence", stdout=out)
    assert out.getvalue().startswith("Release 14: 0 changed")
    out = StringIO()
    call_command("load_evidence", "--check", stdout=out)
    assert "fit" in out.getvalue()


def test_the_command_says_what_is_wrong_and_writes_nothing(tmp_path: Any) -> None:
    with pytest.raises(CommandError, match=r"sources\.json cannot be read"):
        call_command("load_evidence", "--folder", tmp_path)
    assert not Source.objects.exists()


FAULTS: list[tuple[Callable[[Any], Any], str]] = [
    (lambda d: d.findings[0].update(numerator=9, denominator=5), "cannot be above"),
    (lambda d: d.findings[0].update(source="nowhere"), "there is no source nowhere"),
    (lambda d: d.findings[0].update(tumour="unicorn"), "unicorn"),
    (lambda d: d.findings[0].update(tumour="melanoma", direct=True), "made in NSCLC is direct"),
    (lambda d: d.findings[0].update(value=""), "neither n and N nor a value"),
    (lambda d: d.findings[0].update(label="low-dose aspirin"), "E01"),
    (lambda d: d.sources[0].update(kind="rumour"), "rumour"),
    (lambda d: d.sources.append(d.sources[0]), "stands twice"),
    (lambda d: d.statements[0].update(condition={"fact": "mood"}), "missing: op, value"),
    (lambda d: d.statements[0].update(findings=["nothing"]), "there is no finding nothing"),
    (lambda d: d.statements[0].update(findings=["kn024-dcr"]), "rests on kn024-dcr"),
    (lambda d: d.statements[0].update(findings=["dolladille-all"]), "does not agree"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "message"), FAULTS)
def test_unfit_files_are_refused_whole(change: Callable[[Any], None], message: str) -> None:
    with pytest.raises(DeliveryError, match=message):
        load(spoil(change))
    assert not Source.objects.exists() and not Statement.objects.exists()
