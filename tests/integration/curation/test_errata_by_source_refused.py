"""What no wording gives away is refused at publication by study and figure; one curator's finding is no member's."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from accounts.models import Board, User
from evidence import services
from evidence.accepted import every_one, stood_for, under_published
from evidence.models import Finding, Source, StatementVersion, VersionFinding, VersionSource
from evidence.shown import shown
from tests.factories.people import by_acting, make_user
from tests.integration.curation import CONTENT
from tests.integration.curation.test_refused_by_number import begun, refusal

pytestmark = pytest.mark.django_db
LIST = reverse("evidence:findings")


def coded(author: User, like: str, code: str, **changes: Any) -> Finding:
    """A finding of one curator, like a delivered one but for the changes."""
    row = Finding.objects.get(code=like)
    values = {field.name: getattr(row, field.name) for field in Finding._meta.concrete_fields}
    for name in ("id", "public_id", "delivered_sha256"):
        del values[name]
    ours = {
        "code": code,
        "revision": 1,
        "printed": "",
        "state": "not_in_review",
        "correction": "",
        "mark": "seen",
    }
    made = Finding(**{**values, **ours, **changes})
    made.full_clean()
    by_acting(services.save_basis)(by=author, row=made)
    return made


def stated(author: User, *sources: str, **changes: Any) -> StatementVersion:
    draft = by_acting(services.begin_statement)(
        by=author, code="X1", content={**CONTENT, **changes}
    )
    for place, code in enumerate(sources):
        VersionSource.objects.create(
            version=draft, source=Source.objects.get(code=code), position=place
        )
    return draft


def of_one_person() -> list[int]:
    return [row.pk for row in every_one() if not stood_for(row)]


SHARE = {"numerator": 3, "denominator": 21, "value": "", "figure": None, "errata": [], "note": ""}


def test_a_finding_of_one_curator_is_shown_to_no_member(
    all_guidance: Any, client: Client, author: User, second: User, board: Board
) -> None:
    assert of_one_person() == []
    mine = coded(
        author,
        "kn010-5y-orr",
        "kn010-ours",
        label="Complete response to the second course",
        **SHARE,
    )
    member = make_user("member", board)
    client.force_login(member)

    def listed() -> str:
        return client.get(LIST, {"source": "keynote-010-5y"}).content.decode()

    assert mine.label not in listed() and "Objective response to the second course" in listed()
    assert client.get(mine.get_absolute_url()).status_code == 404
    client.force_login(author)
    assert mine.label not in listed() and client.get(mine.get_absolute_url()).status_code == 200
    # Changed here, a delivered one on which nothing rests is one person's as well.
    left = Finding.objects.exclude(version_findings__version__published_at__isnull=False).filter(
        state="as_printed"
    )[0]
    left.note = "Read again."
    by_acting(services.save_basis)(by=author, row=left)
    assert set(of_one_person()) == {mine.pk, left.pk}
    draft = begun("S05", author)
    VersionFinding.objects.create(version=draft, finding=mine, position=9)
    assert not under_published(["keynote-010-5y"]).filter(pk=mine.pk)
    version = by_acting(services.submit)(by=author, version=draft)
    client.force_login(member)
    assert mine.label not in listed()
    by_acting(services.publish)(by=second, version=version, seen=shown(version))
    assert mine.label in listed() and client.get(mine.get_absolute_url()).status_code == 200
    assert of_one_person() == [left.pk] and under_published(["keynote-010-5y"]).filter(pk=mine.pk)


def test_a_later_revision_of_one_curator_does_not_hide_the_one_that_stands(
    all_guidance: Any, client: Client, author: User, board: Board
) -> None:
    stands = Finding.objects.get(code="kn010-5y-orr")
    later = coded(author, "kn010-5y-orr", "kn010-5y-orr", revision=2, label="Response, read again")
    client.force_login(make_user("member", board))
    text = client.get(LIST, {"source": "keynote-010-5y"}).content.decode()
    assert stands.label in text and later.label not in text
    assert later.get_absolute_url() not in client.get(stands.get_absolute_url()).content.decode()


def test_one_withdrawn_before_it_was_published_stays_one_persons(
    all_guidance: Any, author: User
) -> None:
    mine = coded(author, "kn010-5y-orr", "kn010-ours", label="Complete response", **SHARE)
    draft = begun("S05", author)
    VersionFinding.objects.create(version=draft, finding=mine, position=9)
    by_acting(services.retire)(by=author, version=draft, reason="Not needed.")
    assert of_one_person() == [mine.pk]


@pytest.mark.parametrize(
    ("like", "changes", "number"),
    [
        ("cm153-retreated", {"numerator": 22, "denominator": 34, "value": "", "endpoint": "DCR", "figure": None,
                             "unit": "%", "measure": "proportion", "errata": [], "note": ""}, "E03"),
        ("pollack-hepatitis", {"numerator": 2, "denominator": 80, "value": "", "figure": None, "note": ""}, "E04"),
        ("pollack-hepatitis", {"value": "3.0 %", "figure": 3.0, "note": ""}, "E04"),
        ("pollack-hepatitis", {"value": "10.0 %", "figure": 10.0, "note": ""}, "E04"),
        ("cm172-colitis", {"label": "Diarrhoea or colitis of grade 3 or more", "note": ""}, "E02"),
        ("kn010-2020-dcr", {"numerator": None, "denominator": None, "value": "79.0 %", "note": ""}, "E19"),
        ("abu-sbeih-ctla4", {"irae": "", "note": ""}, "E07"),
        ("melanoma-rechallenge", {"tumour": "nsclc", "direct": True, "value": "40 % responded", "note": ""}, "E23"),
    ],
)  # fmt: skip
def test_no_code_of_ones_own_lets_a_figure_in(
    all_guidance: Any, author: User, like: str, changes: dict[str, Any], number: str
) -> None:
    with pytest.raises(ValidationError, match=f"Erratum {number}: "):
        coded(author, like, "ours", **changes)


MELANOMA = {"indirect": "melanoma", "certainty_reasons": ["Down, indirect: not NSCLC"]}


@pytest.mark.parametrize(
    ("sources", "says", "changes", "number"),
    [
        (["menzies-2017"], "In NSCLC some responded.", {}, "says: Erratum E23"),
        (["pollack-2018"], "In melanoma it was the liver in 12 %.", MELANOMA, "says: Erratum E04"),
        (["checkmate-153"], "Some 58 per cent kept what they had.", {}, "says: Erratum E03"),
        (["checkmate-153"], "Going on did better.", {}, "corrections: Erratum E03"),
        (["guo-2022"], "It resolved first.", {}, "corrections: Erratum E08"),
        (["salous-2023"], "Some shrank.", {}, "findings: Erratum E11"),
    ],
)
def test_a_study_of_an_erratum_is_not_cited_as_if_it_had_none(
    all_guidance: Any, author: User, second: User, sources: list[str], says: str, changes: dict[str, Any], number: str
) -> None:  # fmt: skip
    draft = stated(author, *sources, says=says, **changes)
    assert number in refusal(draft, author, second)


def test_what_the_study_gives_is_published_with_its_correction(
    all_guidance: Any, author: User, second: User
) -> None:
    rows = [{"erratum": "E19", "printed": "79 %", "source_says": "", "shown": "11 of 21."}]
    draft = stated(
        author, "keynote-010-5y", says="11 of 21 responded to the second course.", corrections=rows
    )
    version = by_acting(services.submit)(by=author, version=draft)
    assert (
        by_acting(services.publish)(by=second, version=version, seen=shown(version)).state
        == "published"
    )
