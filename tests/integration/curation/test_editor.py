"""The editor of a draft: rows come and go without being saved, faults stand beside their row, a try-out answers."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.acting import acting_as
from accounts.models import Board, Membership, User
from audit.models import TrailEntry
from cases.models import CaseFacts
from evidence import services
from evidence.conditions import Fact
from evidence.models import Finding, Source, StatementVersion
from tests.factories.people import make_user
from tests.factories.record import make_case
from tests.integration.curation import CONTENT, sent

pytestmark = pytest.mark.django_db
GRADE = {"fact": "irae_worst_grade", "op": "<=", "value": 2}
NEVER = {"all": [GRADE, {"fact": "irae_worst_grade", "op": ">", "value": 3}]}
REASON = {"fact": "stop_reason", "op": "in", "value": ["irae", "progression"]}


def field(name: str) -> str:
    return reverse("admin:evidence_version_editor", args=[name])


def change(version: StatementVersion) -> str:
    return reverse("admin:evidence_statementversion_change", args=[version.pk])


def payload(**changes: Any) -> dict[str, Any]:
    data = sent(**{**CONTENT, **changes})
    data["review_by"] = services.default_review_by().isoformat()
    for prefix in ("version_findings", "version_sources"):
        data |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    return data


def test_a_button_gives_the_field_back_with_another_row(client: Client, author: User) -> None:
    client.force_login(author)
    data = sent(condition={"all": [GRADE, REASON]})
    page = client.post(field("condition"), {**data, "_edit": "condition:add-row:0"})
    text = page.content.decode()
    assert page.status_code == 200 and "<html" not in text
    assert text.count("Choose a fact</option>") == 3 and 'name="condition-0_2-kind"' in text
    assert "mg/day" not in text and "autofocus" in text
    removed = client.post(field("condition"), {**data, "_edit": "condition:remove:0_0"})
    assert 'irae_worst_grade" selected' not in removed.content.decode()
    group = client.post(field("condition"), {**data, "_edit": "condition:add-group:0"})
    assert 'name="condition-0_2_0-kind"' in group.content.decode()
    rows = client.post(field("rules"), {"rules-n": "0", "_edit": "rules:add:rules"})
    assert 'name="rules-0-source"' in rows.content.decode()
    assert client.post(field("says"), data).status_code == 404
    assert client.get(field("condition")).status_code == 405


def test_a_value_that_no_case_has_is_offered_to_nobody_and_seen_where_it_stands(
    client: Client, author: User
) -> None:
    """A condition that was written with it keeps it until somebody takes it out."""
    client.force_login(author)
    box = 'value="late_relapse"'
    of_review = {"fact": "resistance_review", "op": "in", "value": ["acquired"]}
    shown = client.post(field("condition"), sent(condition={"all": [GRADE, of_review]}))
    assert (
        'value="acquired" checked' in shown.content.decode() and box not in shown.content.decode()
    )
    held = {**of_review, "value": ["acquired", "late_relapse"]}
    shown = client.post(field("condition"), sent(condition={"all": [GRADE, held]}))
    assert f"{box} checked" in shown.content.decode()
    of_sitc = {**of_review, "fact": "resistance_sitc"}
    shown = client.post(field("condition"), sent(condition={"all": [GRADE, of_sitc]}))
    assert box in shown.content.decode()
    alone = {**of_review, "value": ["late_relapse"]}
    shown = client.post(field("condition"), sent(condition={"all": [GRADE, alone]}))
    assert "Not complete yet." in shown.content.decode()


def test_the_condition_stands_in_words_at_once_or_says_what_is_wrong(
    client: Client, author: User
) -> None:
    client.force_login(author)
    words = client.post(field("condition"), sent(condition={"any": [GRADE, REASON]}))
    text = words.content.decode()
    assert "At least one of these" in text and "worst irAE grade is 2 or less" in text
    assert "progression</label>" in text
    wrong = {**GRADE, "value": "two"}
    text = client.post(
        field("condition"), sent(condition={"all": [wrong, REASON]})
    ).content.decode()
    assert 'value="two"' in text and "is compared with a number" in text
    assert "Not complete yet." in text
    text = client.post(
        field("condition"), sent(condition={"any": [REASON, NEVER]})
    ).content.decode()
    assert "Not complete yet." in text and "beside its row or group" in text


def test_without_a_script_the_whole_form_comes_back_and_nothing_is_saved(
    client: Client, author: User, draft: Any
) -> None:
    client.force_login(author)
    data = payload(says="Half a sentence", title="", condition={"all": [GRADE, REASON]})
    page = client.post(change(draft), {**data, "_edit": "condition:add-row:0"})
    text = page.content.decode()
    assert page.status_code == 200 and "Half a sentence" in text
    assert 'name="condition-0_2-kind"' in text and "This field is required" not in text
    draft.refresh_from_db()
    assert draft.says == "It says." and draft.condition == CONTENT["condition"]


def group_of(page: str, name: str) -> str:
    """The group that a fault in the page is told in: from its fieldset to the fault."""
    before, _at, after = page.partition(f'<p class="editor__error" id="{name}-error">')
    assert after, name
    return f"{before.rpartition('<fieldset')[2]}{after.partition('</fieldset>')[0]}"


@pytest.mark.parametrize("with_a_script", [True, False])
@pytest.mark.parametrize(
    ("condition", "name"),
    [
        ({"any": [REASON, NEVER]}, "condition-0_1"),
        ({"any": [REASON, {"all": [REASON, {"not": NEVER}]}]}, "condition-0_1_1_0"),
        (NEVER, "condition-0"),
    ],
)
def test_a_fault_of_a_group_within_a_group_is_shown_beside_it(
    client: Client, author: User, draft: Any, condition: Any, name: str, with_a_script: bool
) -> None:
    client.force_login(author)
    if with_a_script:
        page = client.post(field("condition"), sent(condition=condition))
    else:
        page = client.post(change(draft), payload(says="Half a sentence", condition=condition))
        assert "Half a sentence" in page.content.decode()
    assert page.status_code == 200
    text = page.content.decode()
    told = "can never both be so."
    assert text.count(told) == 1 and told in group_of(text, name)
    assert f'id="id_{name}-kind"' in group_of(text, name)
    assert f'aria-invalid="true" aria-describedby="{name}-error"' in group_of(text, name)
    # What was typed is there, and nothing is saved.
    assert all(f'name="{key}"' in text for key in sent(condition=condition))
    assert text.count('value="irae_worst_grade" selected') == 2
    assert with_a_script or "what is wrong is said beside its row or group" in text
    draft.refresh_from_db()
    assert (draft.says, draft.condition) == (CONTENT["says"], CONTENT["condition"])


def test_a_fault_of_a_group_in_a_row_of_rules_is_shown_beside_it(
    client: Client, author: User, draft: Any, source: Source
) -> None:
    client.force_login(author)
    rule = {"source": source.code, "action": "resume", "says": "Resume.", "mark": "seen",
            "condition": {"any": [REASON, NEVER]}}  # fmt: skip
    text = client.post(change(draft), payload(rules=[rule])).content.decode()
    told = group_of(text, "rules-0-condition-0_1")
    assert "can never both be so." in told and 'id="id_rules-0-condition-0_1-kind"' in told
    draft.refresh_from_db()
    assert draft.rules == CONTENT["rules"]


def test_what_was_typed_is_saved_and_opens_again(
    client: Client, author: User, draft: Any, source: Source
) -> None:
    client.force_login(author)
    opened = client.get(change(draft)).content.decode()
    shown = opened.split('name="shown" value="')[1].split('"')[0]
    condition = {
        "all": [REASON, {"any": [GRADE, {"not": {"fact": "ecog", "op": ">", "value": 1}}]}]
    }
    sides = [{"source": source.code, "says": "Yes."}, {"source": source.code, "says": "No."}]
    lists: dict[str, Any] = {
        "certainty_reasons": ["Few patients."],
        "rules": [
            {
                "source": source.code, "action": "resume", "says": "Resume.", "condition": GRADE,
                "mark": "seen", "agents": ["pembrolizumab", "nivolumab"],
            },
            {
                "source": source.code, "action": "continue", "says": "Go on.",
                "condition": {"always": True}, "mark": "seen",
            },
        ],
        "contradictions": [{"question": "Does it?", "sides": sides}],
        "corrections": [
            {"erratum": "E12", "printed": "so", "source_says": "no", "shown": "No."}
        ],
    }  # fmt: skip
    link = draft.version_sources.get()
    rows = {
        "version_sources-TOTAL_FORMS": "1", "version_sources-INITIAL_FORMS": "1",
        "version_sources-0-id": str(link.pk), "version_sources-0-version": str(draft.pk),
        "version_sources-0-source": str(source.pk), "version_sources-0-position": "0",
    }  # fmt: skip
    answer = client.post(
        change(draft), {**payload(condition=condition, **lists), **rows, "shown": shown}
    )
    assert answer.status_code == 302, answer.content.decode()
    draft.refresh_from_db()
    assert draft.condition == condition
    assert {name: getattr(draft, name) for name in lists} == lists
    again = client.get(change(draft)).content.decode()
    assert 'value="progression" checked' in again and "Does it?" in again and "E12" in again


def test_a_try_out_answers_for_values_typed_by_hand(client: Client, author: User) -> None:
    client.force_login(author)
    data = sent(condition={"all": [GRADE, REASON]})
    text = client.post(field("condition"), data).content.decode()
    assert "Try the condition" in text and "The values typed here" not in text
    typed = {"condition-try-irae_worst_grade": "3"}
    text = client.post(field("condition"), {**data, **typed}).content.decode()
    assert '<td data-label="Answer">does not apply</td>' in text and "worst irAE grade 3" in text
    typed = {"condition-try-irae_worst_grade": "1"}
    text = client.post(field("condition"), {**data, **typed}).content.decode()
    assert "cannot tell" in text and "reason the ICI was stopped: not entered" in text
    typed["condition-try-stop_reason"] = "irae"
    text = client.post(field("condition"), {**data, **typed}).content.decode()
    assert '<td data-label="Answer">applies</td>' in text
    text = client.post(
        field("condition"), {**data, "condition-try-irae_worst_grade": "7"}
    ).content.decode()
    assert "This is no value of this fact." in text
    assert not TrailEntry.objects.filter(kind="list.read").exists()


def test_a_curator_tries_cases_of_boards_whose_patients_they_may_see_and_no_other(
    client: Client, board: Board, author: User, second: User
) -> None:
    chair = make_user("chair", board)
    case = make_case(chair, board)
    with acting_as(chair):
        facts = {"irae_worst_grade": Fact.number(1), "stop_reason": Fact.known("irae")}
        CaseFacts.objects.filter(case=case).update(**CaseFacts.columns(facts))
    data = sent(condition={"all": [GRADE, REASON]}) | {"condition-try-cases": [str(case.public_id)]}
    client.force_login(author)
    assert case.reference not in client.post(field("condition"), data).content.decode()
    Membership.objects.create(user=second, board=board, role="member", specialty="pulmonology")
    client.force_login(second)
    text = client.post(field("condition"), data).content.decode()
    assert f'<th scope="row">{case.reference}</th>' in text and ">applies</td>" in text
    assert TrailEntry.objects.filter(actor=second, kind="list.read").exists()


def ruled(condition: Any, **typed: Any) -> dict[str, Any]:
    """A form with a condition and two rows of rules, the second of the first's publisher's rival."""
    rows = [
        {"source": "us-label-x", "action": "stop", "says": "Stop.", "condition": GRADE, "mark": "seen"},
        {"source": "esmo-x", "action": "withhold", "says": "Wait.", "condition": REASON, "mark": "seen"},
    ]  # fmt: skip
    return {**sent(condition=condition, rules=rows), **typed}


def test_a_curator_without_cases_tries_published_reports(client: Client, author: User) -> None:
    client.force_login(author)
    data = sent(condition={"all": [{**GRADE, "op": ">=", "value": 3}, REASON]})
    text = client.post(field("condition"), data).content.decode()
    assert "Published case reports" in text and "Zhou 2025: hepatitis, grade 4" in text
    picked = {"condition-try-cases": ["report:zhou-2025", "report:edahiro-2019", "report:none"]}
    text = client.post(field("condition"), {**data, **picked}).content.decode()
    assert "Transl Lung Cancer Res 2025" in text and "abstract, its end cut off" in text
    assert '<td data-label="Answer">applies</td>' in text
    assert '<td data-label="Answer">does not apply</td>' in text
    assert text.count('class="editor__cited"') == 2
    assert not TrailEntry.objects.filter(kind="list.read").exists()


def test_rows_of_rules_are_tried_beside_their_statement(client: Client, author: User) -> None:
    client.force_login(author)
    always: Any = {"always": True}
    text = client.post(field("rules"), ruled(always)).content.decode()
    assert "Try the rows" in text and "Strictest mark" not in text
    one = ruled(always, **{"rules-try-cases": "report:zhou-2025"})
    text = client.post(field("rules"), one).content.decode()
    # Grade 4: the row that stops asks for grade 2 or less, the other for a reason that holds.
    assert "Row 1, us-label-x: stop for good" in text and "Row 2, esmo-x: withhold" in text
    assert text.count('<td data-label="Answer">applies</td>') == 2
    assert (
        "worst irAE grade" in text and '<td data-label="Answer" colspan="2">Withhold</td>' in text
    )
    typed = ruled(always, **{"rules-try-irae_worst_grade": "1"})
    text = client.post(field("rules"), typed).content.decode()
    assert '<td data-label="Answer" colspan="2">Stop for good</td>' in text
    typed = ruled(always, **{"rules-try-stop_reason": "irae"})
    text = client.post(field("rules"), typed).content.decode()
    assert '<td data-label="Answer" colspan="2">Stop for good?, cannot tell</td>' in text
    typed = ruled(GRADE, **{"rules-try-irae_worst_grade": "3"})
    text = client.post(field("rules"), typed).content.decode()
    assert '<td data-label="Answer" colspan="2">no mark</td>' in text
    assert text.count('<td data-label="Answer">does not apply</td>') == 3


def test_what_is_still_being_typed_is_not_tried(client: Client, author: User, draft: Any) -> None:
    client.force_login(author)
    open_row = ruled({"always": True}, **{"rules-0-says": "", "_edit": "rules:show:"})
    text = client.post(field("rules"), open_row).content.decode()
    assert "Try the rows" not in text and "Still empty" not in text
    text = client.post(field("rules"), ruled({"all": []})).content.decode()
    assert "Try the rows" not in text
    assert "Try the rows" not in client.get(change(draft)).content.decode()


def test_a_draft_that_is_opened_offers_its_rows_to_be_tried(
    client: Client, author: User, draft: Any, source: Source
) -> None:
    row = {
        "source": source.code,
        "action": "stop",
        "says": "Stop.",
        "condition": GRADE,
        "mark": "seen",
    }
    StatementVersion.objects.filter(pk=draft.pk).update(rules=[row])
    client.force_login(author)
    assert "Try the rows" in client.get(change(draft)).content.decode()


def test_a_member_who_curates_nothing_gets_no_field(client: Client, board: Board) -> None:
    client.force_login(make_user("member", board, is_staff=True))
    assert client.post(field("condition"), sent(condition=GRADE)).status_code == 403


def test_findings_are_searched_for_and_show_their_figure(
    client: Client, author: User, source: Source
) -> None:
    Finding.objects.create(
        code="x", source=source, label="Any irAE again", definition="x", population="x", direct=False,
        tumour="melanoma", design="x", measure="proportion", numerator=4, denominator=40, mark="seen",
    )  # fmt: skip
    client.force_login(author)
    asked = {"app_label": "evidence", "model_name": "versionfinding", "field_name": "finding"}
    answer = client.get(reverse("admin:autocomplete"), {**asked, "term": "again"})
    assert [row["text"] for row in answer.json()["results"]] == ["x: Any irAE again, 4/40"]
