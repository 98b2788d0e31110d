"""A slip of the review written into a draft: refused at the form beside its field, at submission and at publication."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from evidence import services
from evidence.loading import DeliveryError, load, read
from evidence.models import Finding, Source, StatementVersion, VersionFinding
from evidence.shown import shown
from tests.factories.people import by_acting
from tests.integration.curation.test_admin import change_url, payload, take_step
from tests.unit.evidence_data.errata_wordings import PLANTED

pytestmark = pytest.mark.django_db

TWO_EACH = [(number, text) for number, texts in PLANTED.items() for text in (texts[0], texts[-1])]


def submitted(draft: StatementVersion, **changes: Any) -> StatementVersion:
    """A draft as if it had been submitted before the guard was there."""
    StatementVersion.objects.filter(pk=draft.pk).update(**changes)
    StatementVersion.objects.filter(pk=draft.pk).update(
        state="in_review", submitted_at=timezone.now()
    )
    return StatementVersion.objects.get(pk=draft.pk)


@pytest.mark.parametrize(("number", "text"), TWO_EACH)
def test_no_draft_with_an_erratum_is_submitted_or_published(
    number: str, text: str, draft: Any, author: User, second: User
) -> None:
    draft.says = f"It says. {text}"
    services.save_draft(by=author, version=draft)
    with pytest.raises(ValidationError, match=f"says: Erratum {number}: "):
        services.submit(by=author, version=draft)
    late = submitted(draft)
    with pytest.raises(ValidationError, match=f"says: Erratum {number}: "):
        services.publish(by=second, version=late, seen=shown(late))
    draft.refresh_from_db()
    assert draft.state == "in_review"


def errors(page: str, field: str) -> str:
    """What the page says beside a field."""
    found = re.search(
        rf'<ul class="errorlist"[^>]*id="id_{field}_error"[^>]*>(.*?)</ul>', page, re.DOTALL
    )
    return unescape(found[1]) if found else ""


@pytest.mark.parametrize("number", PLANTED)
def test_the_form_says_it_beside_the_field_and_keeps_what_was_typed(
    number: str, client: Client, author: User, draft: Any
) -> None:
    client.force_login(author)
    planted = PLANTED[number][0]
    for field in ("title", "says", "does_not_say"):
        page = client.post(change_url(draft), payload(**{field: planted}))
        assert page.status_code == 200
        text = page.content.decode()
        assert f"Erratum {number}: " in errors(text, field)
        assert planted[:20] in unescape(text)
    draft.refresh_from_db()
    assert draft.says == "It says."


def test_the_last_step_in_the_admin_refuses_it_too(
    client: Client, author: User, second: User, draft: Any
) -> None:
    submitted(draft, says="Rechallenge reliably yields effects.")
    client.force_login(second)
    page = unescape(take_step(client, draft, "publish"))
    assert "Erratum E12: " in page
    draft.refresh_from_db()
    assert draft.state == "in_review"


def finding(source: Source, **changes: Any) -> Finding:
    values: dict[str, Any] = {
        "code": "x", "source": source, "label": "x", "definition": "x", "population": "x",
        "tumour": "nsclc", "direct": True, "design": "x", "measure": "proportion", "numerator": 1,
        "denominator": 2, "mark": "seen",
    }  # fmt: skip
    return Finding(**{**values, **changes})


@pytest.mark.parametrize("number", PLANTED)
def test_no_source_and_no_finding_brings_one_back(
    number: str, author: User, source: Source
) -> None:
    planted = PLANTED[number][0]
    with pytest.raises(ValidationError, match=f"Erratum {number}: "):
        services.save_basis(by=author, row=finding(source, population=planted))
    with pytest.raises(ValidationError, match=f"Erratum {number}: "):
        services.save_basis(
            by=author, row=Source(code="y", short="y", citation=planted, kind="study", mark="seen")
        )
    assert not Finding.objects.exists() and Source.objects.count() == 1


def test_a_figure_of_kidney_cancer_is_no_figure_of_nsclc(
    client: Client, author: User, second: User, draft: Any
) -> None:
    ravi = Source.objects.create(
        code="ravi-2020", short="Ravi", citation="Ravi", kind="study", mark="seen"
    )
    with pytest.raises(ValidationError, match=r"tumour: Erratum E23: "):
        services.save_basis(by=author, row=finding(ravi))
    client.force_login(author)
    typed = {
        "code": "x", "revision": "1", "source": str(ravi.pk), "label": "x", "definition": "x", "population": "x",
        "tumour": "nsclc", "direct": "on", "design": "x", "measure": "proportion", "numerator": "1",
        "denominator": "2", "mark": "seen",
    }  # fmt: skip
    page = client.post(reverse("admin:evidence_finding_add"), typed).content.decode()
    assert "Erratum E23: " in errors(page, "tumour")
    by_acting(services.save_basis)(by=author, row=finding(ravi, tumour="rcc", direct=False))
    VersionFinding.objects.create(version=draft, finding=Finding.objects.get())
    publish = by_acting(services.publish)
    late = submitted(draft)
    with pytest.raises(ValidationError, match="indirect: Erratum E23: "):
        publish(by=second, version=late, seen=shown(late))
    by_acting(services.send_back)(by=second, version=late, reason="Say that it is indirect.")
    late = submitted(
        draft, indirect="renal cell carcinoma", certainty_reasons=["Down, indirect: not NSCLC"]
    )
    assert publish(by=second, version=late, seen=shown(late)).state == "published"


def test_a_finding_that_is_older_than_the_guard_keeps_a_version_back(
    draft: Any, author: User, source: Source
) -> None:
    older = finding(source, note="About two thirds benefited.")
    older.save()
    VersionFinding.objects.create(version=draft, finding=older)
    with pytest.raises(ValidationError, match="findings: x: note: Erratum E03: "):
        services.submit(by=author, version=draft)


def test_a_load_with_an_erratum_writes_nothing() -> None:
    delivery = read()
    next(row for row in delivery.statements if row["code"] == "S05")["says"] += (
        " Two thirds benefited."
    )
    next(row for row in delivery.findings if row["code"] == "ravi-all")["tumour"] = "nsclc"
    with pytest.raises(DeliveryError) as refused:
        load(delivery)
    assert any(line.startswith("S05: says: Erratum E03: ") for line in refused.value.problems)
    assert any(
        line.startswith("ravi-all: tumour: Erratum E23: ") for line in refused.value.problems
    )
    assert not StatementVersion.objects.exists()
