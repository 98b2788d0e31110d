"""The library: what it hides until asked, what it is filtered by, and how forgiving its search is."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import pytest
from django.urls import reverse

from evidence.library import Library, UnknownFilter
from evidence.selectors import in_library

if TYPE_CHECKING:
    from django.test import Client

    from accounts.models import User
    from evidence.loading import Report

pytestmark = pytest.mark.django_db
LIST = reverse("evidence:statements")


@pytest.fixture
def fetch(client: Client, all_guidance: Report, member: User) -> Any:
    """Fetch a page as a member and return its text."""
    client.force_login(member)

    def get(status: int = 200, **data: str) -> str:
        response = client.get(LIST, data)
        assert response.status_code == status, data
        return html.unescape(response.content.decode())

    return get


def codes(**given: str) -> set[str]:
    asked = Library.asked(given, may_curate=False)
    return {version.statement.code for version in asked.find().select_related("statement")}


def test_efficacy_in_other_tumours_is_hidden_until_asked_and_nothing_else_is(
    all_guidance: Any,
) -> None:
    shown, everything = codes(), codes(tumours="all")
    hidden = everything - shown
    versions = {
        version.statement.code: version
        for version in Library(tumours="all").find().select_related("statement")
    }
    assert hidden
    for code in hidden:
        assert versions[code].indirect and versions[code].category in {"stop_reason", "regimen"}
        assert versions[code].signal not in {"stop", "not_yet", "warning"}, code
    # The warning of CTLA-4 after an irAE rests on other tumours, and recurrence by organ on all.
    assert "S28" in shown
    assert {code for code in everything if versions[code].category == "recurrence"} <= shown


def test_the_page_says_what_is_hidden_and_shows_recurrence(fetch: Any) -> None:
    shown = fetch(category="recurrence")
    assert "Pneumonitis first" in shown and "Indirect – all tumours" in shown
    assert "Efficacy that was found in other tumours alone is hidden" in shown
    assert "is hidden" not in fetch(tumours="all")


@pytest.mark.parametrize(
    ("word", "code"),
    [("hepatits", "R03"), ("pnuemonitis", "R01"), ("pneumonitis", "R01"), ("recurrences", "S28"),
     ("Guo", "S30"), ("s30", "S30"), ("ipilimumb", "S34")],
)  # fmt: skip
def test_a_word_is_found_in_every_form_and_with_a_slip(
    all_guidance: Any, word: str, code: str
) -> None:
    assert code in codes(q=word, tumours="all")


@pytest.mark.parametrize(
    ("typed", "printed"),
    [("CTLA4", "CTLA-4"), ("ctla 4", "CTLA-4"), ("PD1", "PD-1"), ("PDL1", "PD-L1"), ("anti-PD1", "anti-PD-1"),
     ("KEYNOTE010", "KEYNOTE-010"), ("KEYNOTE 010", "KEYNOTE-010")],
)  # fmt: skip
def test_a_name_is_found_with_and_without_its_hyphens(
    all_guidance: Any, typed: str, printed: str
) -> None:
    found, there = codes(q=typed, tumours="all"), codes(q=printed, tumours="all")
    assert there and there <= found


@pytest.mark.parametrize(
    ("slip", "name"), [("Dolladile", "Dolladille"), ("Alouchery", "Allouchery"), ("Poolack", "Pollack")]
)  # fmt: skip
def test_an_author_is_found_with_a_slip(all_guidance: Any, slip: str, name: str) -> None:
    exact = codes(q=name, tumours="all")
    assert exact and exact <= codes(q=slip, tumours="all")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("TMB", {"S73", "S85"}), ("neutrophils", {"S75"}), ("hypothyroidism", {"R09"}), ("Keytruda", {"R01"}),
     ("Guillain-Barre", {"R11", "R12"}), ("guillain barré", {"R11", "R12"}), ("opdivo", {"S08"}),
     ("liver enzymes", {"R03", "R04"}), ("treg", {"S64"}), ("microbiome", {"S47"}), ("aspirin", {"S34"}),
     ("E11", {"S21"}), ("E13", {"S12"}), ("TMB mutations", set()),
     ("gullain barre", {"R11", "R12"}), ("neutrophile", {"S75"}), ("Tecentriq", {"S20"}), ("tecentrik", {"S20"}),
     ("two thirds", {"S08"}), ("hypothyroidizm", {"R09"}), ("pembrolizumap", {"R01"})],
)  # fmt: skip
def test_what_is_called_otherwise_is_found_and_so_are_corrections_and_conditions(
    all_guidance: Any, typed: str, expected: set[str]
) -> None:
    found = codes(q=typed, tumours="all")
    assert expected <= found, found
    assert len(found) < 60


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("LMR", {"S75"}), ("PLR", {"S75"}), ("platelets", {"S75"}), ("lymphocyte-to-monocyte", {"S75"}),
     ("multidisciplinary", {"S18", "S39"}), ("multidiciplinary", {"S18"}), ("creatinine", {"R05"}),
     ("creatinin", {"R05"}), ("kidney", {"R05"}), ("adjuvant", {"S86"}), ("neoadjuvant", {"S86"}),
     ("rash", {"R08", "S55"})],
)  # fmt: skip
def test_words_of_the_clinic_and_of_the_rows_of_rules_are_found(
    all_guidance: Any, typed: str, expected: set[str]
) -> None:
    found = codes(q=typed, tumours="all")
    assert expected <= found, found
    assert len(found) < 40


@pytest.mark.parametrize(
    ("typed", "code"), [("bispecific", "S26"), ("antiangiogenic", "S23"), ("anti-angiogenic", "S23")]
)  # fmt: skip
def test_what_waits_under_another_name_is_counted(all_guidance: Any, typed: str, code: str) -> None:
    assert Library(text=typed, tumours="all").waiting()
    drafts = Library(text=typed, tumours="all", drafts=True).find().select_related("statement")
    assert code in {version.statement.code for version in drafts}


@pytest.mark.parametrize("number", ["E02", "E03", "e03", "E04", "E11", "E23"])
def test_the_number_of_an_erratum_finds_what_corrects_it_and_nothing_else(
    all_guidance: Any, number: str
) -> None:
    for drafts in (False, True):
        found = Library(text=number, tumours="all", drafts=drafts).find()
        everything = Library(tumours="all", drafts=drafts).find()
        corrects = [
            version.pk
            for version in everything
            if any(row["erratum"] == number.upper() for row in version.corrections)
        ]
        assert sorted(corrects) == sorted(found.values_list("pk", flat=True))


def test_a_name_with_a_number_begins_where_a_word_does(all_guidance: Any) -> None:
    # With blanks taken away "grade 3" holds it.
    for typed in ("de3", "rade3", "E3x"):
        assert codes(q=typed, tumours="all") == set(), typed
    assert codes(q="grade3", tumours="all") >= {"R01", "R08"}


@pytest.mark.parametrize(
    ("typed", "code"), [("keynote-24", "S06"), ("KEYNOTE024", "S06"), ("tapering", "R19")]
)
def test_what_waits_as_a_draft_is_found_as_tolerantly_and_counted(
    all_guidance: Any, typed: str, code: str
) -> None:
    asked = Library.asked({"q": typed, "tumours": "all"}, may_curate=False)
    assert asked.waiting()
    drafts = Library.asked({"q": typed, "tumours": "all", "drafts": "1"}, may_curate=True).find()
    assert code in {version.statement.code for version in drafts.select_related("statement")}


def test_the_words_of_a_correction_are_searched_and_the_names_of_its_columns_are_not(
    all_guidance: Any,
) -> None:
    assert "S07" in codes(q="266", tumours="all")
    assert codes(q="source_says", tumours="all") == set()


def test_what_says_it_as_typed_stands_before_what_is_alike_on_every_page(fetch: Any) -> None:
    asked = Library.asked({"q": "oligoprogression", "tumours": "all"}, may_curate=False)
    listed = [v.statement.code for v in in_library(asked).order_by(*asked.order)]
    exact = [v.statement.code for v in asked.find().filter(alike=0).order_by("statement__position")]
    assert "S12" in exact and listed[: len(exact)] == exact and len(listed) > len(exact)
    assert Library().order == ("statement__position", "id")
    page = fetch(q="irae", tumours="all")
    following = html.unescape(re.search(r'href="([^"]*after=[^"]*)"', page)[1])  # type: ignore[index]
    query = dict(parse_qsl(following.partition("?")[2]))
    assert "No statement fits" not in fetch(**query)


def test_a_search_says_how_many_drafts_would_fit_that_wait(fetch: Any) -> None:
    assert Library(text="haemophilia").waiting() == 1
    assert "1 draft fits too" in fetch(q="haemophilia")
    assert Library(text="haemophilia", drafts=True).waiting() == Library().waiting() == 0


def test_a_search_says_how_many_the_filter_of_tumours_hides(fetch: Any) -> None:
    here, everywhere = codes(q="kidney cancer"), codes(q="kidney cancer", tumours="all")
    assert "S11" in everywhere - here
    shown = fetch(q="kidney cancer")
    assert f"{len(everywhere - here)} more fit" in shown and "tumours=all" in shown
    assert "in other tumours</strong>" not in fetch(q="kidney cancer", tumours="all")
    assert "in other tumours</strong>" not in fetch()
    assert Library(text="zebra").hidden() == 0


@pytest.mark.parametrize("word", ["zebra", "1-2", "12345", "hypertension%", "_", "xyzzyq"])
def test_what_nobody_says_is_not_found(all_guidance: Any, word: str) -> None:
    assert codes(q=word, tumours="all") == set()


def test_every_word_narrows(all_guidance: Any) -> None:
    one, two = codes(q="pneumonitis", tumours="all"), codes(q="pneumonitis older", tumours="all")
    assert two < one and "R01" in two


def test_section_tumour_and_certainty_narrow(all_guidance: Any) -> None:
    everything = Library(tumours="all").find().select_related("statement")
    assert (
        codes(tumours="all", section="6")
        == {version.statement.code for version in everything if version.section == "6"}
        != set()
    )
    assert (
        codes(tumours="all", certainty="rule")
        == {version.statement.code for version in everything if version.certainty == "rule"}
        != set()
    )
    melanoma = codes(tumours="melanoma")
    assert melanoma
    for version in everything:
        rests = any(link.finding.tumour == "melanoma" for link in version.version_findings.all())
        assert (version.statement.code in melanoma) == rests


@pytest.mark.parametrize(
    "given", [{"category": "gossip"}, {"section": "12"}, {"tumours": "x"}, {"certainty": "sure"}]
)
def test_a_value_that_it_does_not_know_is_refused(given: dict[str, str]) -> None:
    with pytest.raises(UnknownFilter):
        Library.asked(given, may_curate=False)


def test_the_page_keeps_what_was_chosen(fetch: Any) -> None:
    shown = fetch(q="pneumonitis", certainty="rule")
    assert '<option value="rule" selected>' in shown and "Pneumonitis: withhold at 2" in shown
    # A rule of a label or guideline stands in no section of the review.
    kept = fetch(q="pneumonitis", certainty="rule", section="4")
    assert '<option value="4" selected>' in kept and "No statement fits" in kept
    assert "No statement fits" in fetch(q="pneumonitis", category="biomarker")
    assert "No statement fits" in fetch(q="zebra")
    first = fetch()
    assert "after=" in first and "Nephritis of grade 2" in first
    fetch(status=404, category="gossip")


def test_drafts_are_for_curators(all_guidance: Any) -> None:
    assert not Library.asked({"drafts": "1"}, may_curate=False).drafts
    assert Library.asked({"drafts": "1"}, may_curate=True).drafts
