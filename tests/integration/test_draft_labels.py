"""Every field of a draft has its label, and its value words, on the page of what was typed."""

from __future__ import annotations

import pytest

from accounts.acting import acting_as
from cases.differing import label_of
from cases.loading import load
from cases.models import Analyte, Metastasis
from tests.factories.meetings import make_version
from tests.factories.monitoring import make_plan
from tests.factories.people import make_user
from tests.factories.record import make_case
from tests.integration.test_draft_words import _of_another, shown

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(member, board):
    return make_case(member, board)


@pytest.fixture
def site(member, case):
    with acting_as(member):
        return Metastasis.objects.create(
            patient=case.patient, site="brain", present=True, present_state="known"
        )


def test_of_a_merge_it_says_what_was_chosen_and_from_which_record(
    client, coordinator, board, case, site
):
    other = make_case(coordinator, board)
    key = f"merge:{case.public_id}:{other.public_id}"
    row = f"metastasis-{site.pk}-{site.pk + 1}"
    html = shown(
        client, coordinator, key,
        born=["kept"], histology=["absorbed"], one_person=["on"], **{row: ["absorbed"]},
    )  # fmt: skip
    for words in ("Date of birth", "of the record that stays", "Histology", "ticked",
                  "of the record that is merged into it", "it is one person", "Metastatic site: Brain"):  # fmt: skip
        assert words in html, words
    assert "absorbed" not in html and row not in html


def test_without_the_record_a_row_of_a_list_is_told_by_its_kind(case, site):
    key = f"metastasis-{site.pk}-9"
    assert label_of(key, None) == "Metastatic site"
    assert label_of("born", None) == "Date of birth"
    assert label_of("nonsense", case.patient) == label_of("nonsense-1-2", case.patient) == ""


def test_statements_relied_on_are_told_by_their_titles(client, chair, case):
    one, two = make_version(), make_version()
    html = shown(
        client, chair, f"decision:{case.public_id}",
        **{f"rely-{one.public_id}": ["relied"], f"rely-{two.public_id}": [""], "rely-x": ["relied"]},
    )  # fmt: skip
    assert one.title in html and "Relied on" in html and two.title not in html


def test_boxes_that_repeat_a_doubt_are_told_as_ticked(client, member, case):
    at = f"section:{case.public_id}"
    sign = "0123456789abcdef"
    html = shown(client, member, f"{at}:iraes:new", entity=["colitis"], right=[sign])
    assert "What is questioned is right as entered" in html and sign not in html
    load()
    code = Analyte.objects.first().code
    told = {f"value_{code}": ["27"], f"keep_{code}": ["27 U/L?"]}
    html = shown(client, member, f"{at}:labs:sample", **told)
    assert "it is right as typed" in html and "27 U/L?" not in html
    html = shown(client, member, f"{at}:labs:new", value=["27"], keep=["27 U/L?"])
    assert "It is right as typed" in html and "27 U/L?" not in html


def test_forms_of_the_monitoring_tell_measures_and_conditions(client, nurse, board):
    plan = make_plan(nurse, board)
    at = f"{plan.case.public_id}:{plan.public_id}"
    html = shown(
        client, nurse, f"plan:{at}:first-dose",
        **{"said-0": ["yes"], "undecided": ["on"], "acknowledged": ["on"], "said-x": ["yes"]},
    )  # fmt: skip
    assert "Condition 1 was met" in html and "Yes" in html and html.count("ticked") == 2
    html = shown(
        client, nurse, f"check:{at}:result",
        **{"value-hb": ["9.1"], "upper-hb": ["16"], "kept": ["on"], "other-hb": ["x"]},
    )  # fmt: skip
    assert "Haemoglobin" in html and "laboratory’s upper limit" in html and "ticked" in html


def test_of_a_case_no_longer_seen_a_merge_names_no_site(client, member, board, other_board):
    stranger = make_user("coordinator", other_board)
    case = make_case(stranger, other_board)
    with acting_as(stranger):
        row = Metastasis.objects.create(
            patient=case.patient, site="brain", present=True, present_state="known"
        )
    html = _of_another(
        client, member, f"merge:{case.public_id}:{case.public_id}",
        {f"metastasis-{row.pk}-7": ["kept"]},
    )  # fmt: skip
    assert "Metastatic site" in html and "Brain" not in html
