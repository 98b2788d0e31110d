"""The pages of the evidence, as members and curators see them."""

from __future__ import annotations

import html
import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Board, User
from evidence.conditions import FACTS, Answer, Fact, Widened
from evidence.content import MISPRINT, names_misprint_as_drug
from evidence.loading import Report, load, read
from evidence.matching import match
from evidence.models import Source, Statement, StatementVersion
from evidence.presenters import guidance, match_card, source_link
from evidence.selectors import published_versions
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db

LIST = "/evidence/"


@pytest.mark.parametrize(
    ("about", "words"),
    [
        (
            {"read_at": "a.example"},
            "Read at a.example; neither the page's address nor the day was kept.",
        ),
        ({"url": "https://a.example/x"}, "Read at https://a.example/x; the day was not kept."),
        (
            {"read_at": "a.example", "read_on": date(2026, 3, 2)},
            "Read at a.example on 2 Mar 2026.",
        ),
        ({"read_on": date(2026, 3, 2)}, "Read on 2 Mar 2026; where was not kept."),
        ({}, "Where and when it was read was not kept."),
        ({"url": "https://a.example/x", "mark": "general_knowledge"}, ""),
        ({"kind": "product"}, ""),
    ],
)
def test_a_source_says_where_and_when_it_was_read(about: dict[str, Any], words: str) -> None:
    source = Source(**{"code": "x", "short": "X", "kind": "label", "mark": "seen", **about})
    assert source_link(source).read == words


def test_where_a_rule_was_read_stands_on_its_page_and_it_is_of_no_section(fetch: Any) -> None:
    text = fetch(address("R01"))
    assert "Read at https://keytrudahcp.com/dosing; the day was not kept." in text
    assert "msdconnect.ie" in text and "section 4" not in text
    assert "A summary of the source was read" in fetch(address("R11"))


@pytest.fixture
def fetch(client: Client, all_guidance: Report, member: User) -> Any:
    """Fetch a page as a member and return its text."""
    client.force_login(member)

    def get(url: str, status: int = 200, **data: str) -> str:
        response = client.get(url, data)
        assert response.status_code == status, url
        return html.unescape(response.content.decode())

    return get


def address(code: str) -> str:
    return Statement.objects.get(code=code).get_absolute_url()


def test_the_list_is_swapped_alone_for_htmx(
    client: Client, all_guidance: Report, member: User
) -> None:
    client.force_login(member)
    fragment = client.get(LIST, headers={"HX-Request": "true"})
    assert "<html" not in fragment.content.decode() and "HX-Request" in fragment["Vary"]


def test_the_statement_says_and_does_not_say_with_figures_and_corrections(fetch: Any) -> None:
    text = fetch(address("S30"))
    for part in (
        "24 had an irAE again", "What it does not say", "24/40", "60 %", "(43–75)", "E08",
        "Direct: NSCLC", "HR 1.10", "(0.57 to 2.15)", "worst irAE grade is 2 or more",
        "Sources that contradict each other", "digitalcommons.memphis.edu", "Very low",
    ):  # fmt: skip
        assert part in text, part
    assert "Indirect:" not in text


def test_direct_and_indirect_findings_stand_apart_and_few_have_no_percentage(fetch: Any) -> None:
    text = fetch(address("S32"))
    assert text.index("Direct: NSCLC") < text.index("Indirect: another or all tumour types")
    few = fetch(address("S54"))
    assert "4/8" in few and "too few" in few and "50 %" not in few
    assert "https://doi.org/10.3389/fimmu.2023.1309055" in fetch(address("S50"))


def test_a_figure_without_an_interval_says_so(fetch: Any) -> None:
    assert "(interval not given in what was read of the source)" in fetch(address("S10"))
    shares = fetch(address("S03"))
    assert shares.count("(n of N not given in what was read of the source, so no interval)") == 2


def test_what_cannot_be_interpreted_says_why_and_has_no_figure(fetch: Any) -> None:
    """Beside the findings of the same study; none of the three of CheckMate 153 shows what the review prints."""
    page = fetch(address("S08"))
    shown = page[page.index('id="not-interpretable"') :].split("</section>")[0].split("</table>")[0]
    for part in (
        "Progression in target lesions", "Progression in new lesions",
        "Share said to gain from retreatment", "They are no outcome of treatment.", "(E03)",
    ):  # fmt: skip
        assert part in shown, part
    # Addresses are of random signs.
    read = re.sub(r'href="[^"]*"', "", shown)
    for figure in ("35", "41", "2/3", "two thirds"):
        assert figure not in read, figure
    assert "likely colitis, but nothing read says so" in fetch(address("S33"))
    assert "not-interpretable" not in fetch(address("S30"))


def test_members_see_no_drafts_and_curators_do(client: Client, fetch: Any, board: Board) -> None:
    fetch(address("S36"), status=404)
    fetch(address("R18"), status=404)
    assert "Guillain-Barré" not in fetch(LIST, drafts="1", tumours="all", category="rule")
    client.force_login(make_user("curator", board))
    shown = fetch(LIST, drafts="1", tumours="all", category="rule")
    assert "Guillain-Barré" in shown and "General knowledge" in shown
    assert "not the version in use" in fetch(address("R18"), version="1")
    fetch(address("R18"), status=404, version="7")


def kept(text: str) -> dict[str, str]:
    part = text[text.index("app-versions__kept") :].split("</dl>")[0]
    return dict(re.findall(r"<dt>(.*?)</dt>\s*<dd[^>]*>\s*(.*?)\s*</dd>", part, re.S))


def test_a_statement_says_since_when_it_holds_and_who_stands_for_it(
    client: Client, fetch: Any, board: Board
) -> None:
    release = f"release {read().release} of the product"
    shown = StatementVersion.objects.get(statement__code="S30", state="published")
    told = kept(fetch(address("S30")))
    assert told["Written by"] == told["Reviewed and published by"] == release
    assert (told["Read again by"] == "not set") == (shown.review_by is None)
    client.force_login(make_user("curator", board))
    assert kept(fetch(address("R18"), version="1"))["Reviewed and published by"] == "not set"


def test_versions_show_what_changed(fetch: Any) -> None:
    delivery = read()
    row = next(row for row in delivery.statements if row["code"] == "S30")
    row["says"] = "Otherwise. The authors hold that stopping for good is appropriate."
    row["condition"] = {"fact": "irae_worst_grade", "op": ">=", "value": 3}
    row["findings"] = row["findings"][:-1]
    load(delivery)
    text = fetch(address("S30"))
    assert "What changed in version 2" in text and "worst irAE grade is 3 or more" in text
    assert "<del>" in text and "In NSCLC, of 40 patients" in text
    assert "In NSCLC, of 40 patients" in fetch(address("S30"), version="1")


def test_nobody_signed_out_or_without_a_board_sees_it(client: Client, all_guidance: Report) -> None:
    assert client.get(LIST).status_code == 302
    client.force_login(make_user("member"))
    assert client.get(LIST).status_code == 403
    assert client.get(address("S30")).status_code == 403


@pytest.mark.parametrize("url", [LIST, "S32"])
def test_a_page_costs_few_queries_whatever_it_shows(client: Client, fetch: Any, url: str) -> None:
    target = url if url == LIST else address(url)
    fetch(target)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        fetch(target)
    # Session, user, acting user twice, memberships; then the page's own.
    assert len(queries) <= 12, [query["sql"][:90] for query in queries]


def card_text(card: Any, **context: Any) -> str:
    return html.unescape(render_to_string("evidence/_match.html", {"card": card, **context}))


def test_the_card_of_a_match_says_why_or_what_is_missing(all_guidance: Report) -> None:
    facts = {"stop_reason": Fact.known("irae"), "irae_worst_grade": Fact.number(3)}
    matches = {m.version.statement.code: m for m in match(published_versions(), facts)}
    applies = card_text(match_card(matches["S30"]), attach="attach me")
    assert "because worst irAE grade 3" in applies and "attach me" in applies
    assert "Certainty: very low" in applies and "Guo 2022" in applies and "5 findings" in applies
    open_card = match_card(matches["S28"])
    assert open_card.answer is Answer.UNDETERMINED and "Warning" in card_text(open_card)
    assert "cannot tell without: proposal contains a CTLA-4 agent" in card_text(open_card)


def test_a_hard_stop_and_its_contradiction_show_on_the_card(all_guidance: Report) -> None:
    facts = {
        "alt_ast_peak_x_uln": Fact.number(6), "bilirubin_peak_x_uln": Fact.number(1),
        "hepatitis_worst_grade": Fact.number(3), "liver_metastases": Fact.known(False),
        "hepatitis_grade_now": Fact.number(2),
    }  # fmt: skip
    matches = {m.version.statement.code: m for m in match(published_versions(), facts)}
    text = card_text(match_card(matches["R03"]))
    assert "At least one source stops for good" in text
    assert "Sources differ: US label: withhold · EU text: stop for good" in text
    assert "US label, pembrolizumab" in text and "EU SmPC, pembrolizumab" in text


@pytest.mark.parametrize(
    ("code", "facts"),
    [
        ("R01", {"pneumonitis_worst_grade": Fact.number(4)}),
        ("R02", {"colitis_worst_grade": Fact.number(4)}),
        ("R05", {"nephritis_worst_grade": Fact.number(4)}),
        ("R01", {}),
    ],
)
def test_the_card_says_what_the_rule_says_before_its_rows(
    all_guidance: Report, code: str, facts: dict[str, Fact]
) -> None:
    matches = {m.version.statement.code: m for m in match(published_versions(), facts)}
    card = match_card(matches[code])
    text = card_text(card)
    assert card.rules and not card.contradictions
    assert text.index(card.says) < text.index(card.rules[0].says)
    assert all(rule.source in text and rule.says in text for rule in card.rules)


def test_a_card_that_stops_holds_or_warns_is_never_folded_unless_it_does_not_apply(
    all_guidance: Report,
) -> None:
    facts = {
        "myocarditis_any": Fact.known(True), "irae_grade_now": Fact.number(2),
        "steroid_now": Fact.number(10), "nephritis_worst_grade": Fact.number(0),
        "stop_reason": Fact.known("irae"),
    }  # fmt: skip
    cards = {m.version.statement.code: match_card(m) for m in match(published_versions(), facts)}
    for code in ("R06", "R13", "R25", "R01", "R26", "S28"):
        assert cards[code].never_folded, code
    for code in ("R05", "R14", "S03", "S01"):
        assert not cards[code].never_folded, code


def test_a_card_that_cannot_tell_says_which_ctcae_version_leaves_it_open(
    all_guidance: Report,
) -> None:
    worst = Fact.between(3, 4, [Widened.VERSION])
    facts = {
        "irae_worst_grade_nonendocrine": worst,
        "endocrine_uncontrolled_worst_grade": Fact.number(0),
    }
    cards = {m.version.statement.code: match_card(m) for m in match(published_versions(), facts)}
    words = "worst grade of a non-endocrine irAE (graded by CTCAE 6.0, the rules read 5.0)"
    assert cards["R10"].missing == (words,)
    # Severe it is by either version.
    assert cards["R11"].answer is Answer.TRUE and cards["R11"].missing == ()


def test_guidance_puts_nsclc_first_and_counts_what_missing_facts_settle(
    all_guidance: Report,
) -> None:
    facts = {"stop_reason": Fact.known("irae"), "irae_any": Fact.known(True)}
    shown = guidance(match(published_versions(), facts), facts)
    assert shown.total == published_versions().count()
    badges = [bool(card.indirect) for card in shown.applies]
    assert badges == sorted(badges) and True in badges and False in badges
    assert shown.disagree and set(shown.disagree) <= set(shown.applies)
    # Nothing is known of any organ: no rule's sources differ for this patient.
    assert not shown.differ
    numbers = [(fact.least, fact.most, fact.statements) for fact in shown.missing]
    assert numbers == sorted(numbers, reverse=True)
    assert all(fact.settling for fact in shown.missing)
    assert shown.missing[0].question.endswith("?")


def test_matching_costs_three_queries_and_no_more(all_guidance: Report) -> None:
    with CaptureQueriesContext(connection) as queries:
        guidance(match(published_versions(), {}), {})
    assert len(queries) == 3


def every_answer(version: StatementVersion) -> list[dict[str, Fact]]:
    """Facts that make a card in each of its forms: nothing known, and everything known."""
    known = {
        key: Fact.known(True)
        if spec.kind == "flag"
        else Fact.known(spec.codes[0])
        if spec.kind == "choice"
        else Fact.day(date(2026, 3, 12), date(2026, 3, 12))
        if spec.kind == "date"
        else Fact.number(3)
        for key, spec in FACTS.items()
    }
    return [{}, known]


def test_no_page_and_no_card_names_the_misprint_as_a_drug(
    client: Client, fetch: Any, board: Board
) -> None:
    client.force_login(make_user("curator", board))
    named = 0
    for version in StatementVersion.objects.select_related("statement"):
        text = fetch(version.statement.get_absolute_url(), version=str(version.number))
        assert not names_misprint_as_drug(text), version
        named += MISPRINT in text.lower()
    assert named >= 2  # the corrected print is shown: the check had something to see
    for query in ({"tumours": "all"}, {"tumours": "all", "drafts": "1"}, {"q": MISPRINT}):
        text = fetch(LIST, **query).replace(f'value="{MISPRINT}"', "")
        assert MISPRINT not in text.lower() or not names_misprint_as_drug(
            text.replace(f"q={MISPRINT}", "")
        )
    for version in published_versions():
        for facts in every_answer(version):
            (found,) = match([version], facts)
            assert MISPRINT not in card_text(match_card(found)).lower()


def test_addresses(all_guidance: Report) -> None:
    assert reverse("evidence:statements") == LIST
    assert address("S30").startswith(LIST)
