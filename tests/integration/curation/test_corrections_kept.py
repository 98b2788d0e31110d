"""Nobody takes a correction of the review's print away: the form and publication refuse it by the erratum's number."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from evidence import services
from evidence.models import StatementVersion, VersionFinding
from evidence.shown import shown
from tests.factories.people import by_acting
from tests.integration.curation import CONTENT
from tests.integration.curation.test_admin import change_url, payload
from tests.integration.curation.test_errata_refused import errors

pytestmark = pytest.mark.django_db

# A sentence that brings each erratum back, one for each, the statement and the number.
FALSE = [
    ("S27", "E06", "The combination opens new strategies for refractory tumours."),
    ("S28", "E06", "Tremelimumab is added so that autoimmunity does not flare."),
    ("S21", "E11", "It delayed disease growth: it was kept at bay twice as long as by chemotherapy."),
    ("S08", "E03", "Of those given nivolumab anew, 22 of 34 stayed stable."),
    ("S34", "E02", "Severe diarrhoea did not happen. The first agent was an ASS antibody."),
    ("S30", "E08", "If treated early, the irAE of the second course passes without consequence."),
    ("S37", "E22", "The worse the first irAE, the likelier it comes back."),
    ("S01", "E12", "A second ICI can be counted on."),
    ("S64", "E16", "Dual blockade lets regulatory T cells flood the tumour."),
]  # fmt: skip


def begun(code: str, author: User, **changes: Any) -> StatementVersion:
    before = StatementVersion.objects.filter(statement__code=code).latest("number")
    draft = by_acting(services.new_draft_from)(by=author, version=before)
    for name, value in changes.items():
        setattr(draft, name, value)
    return by_acting(services.save_draft)(by=author, version=draft)


@pytest.mark.parametrize(("code", "number", "text"), FALSE)
def test_without_its_correction_no_words_are_published(
    code: str, number: str, text: str, all_guidance: Any, author: User, second: User
) -> None:
    before = StatementVersion.objects.filter(statement__code=code).latest("number")
    harmless = begun(code, author, corrections=[])
    with pytest.raises(ValidationError) as refused:
        by_acting(services.submit)(by=author, version=harmless)
    assert any(x.startswith(f"corrections: Erratum {number}: ") for x in refused.value.messages)
    false = begun(code, author, says=f"{before.says} {text}")
    with pytest.raises(ValidationError) as refused:
        by_acting(services.submit)(by=author, version=false)
    assert any(x.startswith(f"says: Erratum {number}: ") for x in refused.value.messages)
    # As if it had been submitted before the check was there.
    late = begun(code, author, corrections=[])
    StatementVersion.objects.filter(pk=late.pk).update(
        state="in_review", submitted_at=timezone.now()
    )
    late.refresh_from_db()
    with pytest.raises(ValidationError, match=f"corrections: Erratum {number}: "):
        by_acting(services.publish)(by=second, version=late, seen=shown(late))


def test_a_new_statement_on_such_a_finding_needs_the_correction_too(
    all_guidance: Any, author: User
) -> None:
    draft = by_acting(services.begin_statement)(by=author, code="S90", content=CONTENT)
    link = VersionFinding.objects.filter(version__statement__code="S27").latest("pk")
    VersionFinding.objects.create(version=draft, finding=link.finding)
    with pytest.raises(ValidationError, match=f"corrections: Erratum E06: {link.finding.code}"):
        by_acting(services.submit)(by=author, version=draft)


def test_the_form_says_it_beside_the_corrections(
    client: Client, all_guidance: Any, author: User
) -> None:
    draft = begun("S64", author)
    client.force_login(author)
    page = client.post(change_url(draft), payload(corrections="[]")).content.decode()
    assert "Erratum E16: " in page and "Erratum E16: " in errors(page, "corrections")
    draft.refresh_from_db()
    assert draft.corrections


def test_the_page_of_publication_names_what_is_gone(
    client: Client, all_guidance: Any, author: User, second: User
) -> None:
    draft = begun("S12", author, corrections=[])
    shown_there = StatementVersion.objects.get(statement__code="S12", number=1).corrections[0]
    by_acting(services.submit)(by=author, version=draft)
    client.force_login(second)
    address = reverse("admin:evidence_version_step", args=[draft.pk, "publish"])
    page = client.get(address)
    assert [(x.erratum, x.guarded) for x in page.context["gone"]] == [("E13", False)]
    assert shown_there["erratum"] in page.content.decode()
    assert "Corrections of the version before that are gone" in page.content.decode()
