"""From what is typed of a hepatitis and of the liver to the rule that stops."""

from __future__ import annotations

import pytest
from django.urls import reverse

from cases.guidance import guidance_for
from cases.loading import load as load_record_data
from cases.models import Case, CaseSection, IrAE
from cases.rules import readiness_of
from evidence.conditions.facts import FactState
from evidence.loading import load, read
from tests.factories.record import make_case
from tests.integration.test_cases_pages import sign_in

pytestmark = pytest.mark.django_db
KEY = "liver_tumour_at_hepatitis"
CODES = {"R03", "R04", "R33"}
WEEK = "alt_ast_rise_lasted_week"


@pytest.fixture(scope="module")
def guidance(once):
    return once(lambda: (load_record_data(), load(read())))


@pytest.fixture
def case(guidance, member, board):
    return make_case(member, board)


@pytest.fixture
def post(client, member, case):
    """Post to a place of the case with the version that its section has."""
    sign_in(client, member)

    def to(place, section="iraes", **typed):
        version = CaseSection.objects.get(case=case, key=section).version
        url = f"{reverse('cases:detail', args=[case.public_id])}{place}"
        assert client.post(url, {"version": version, **typed}).status_code == 302, place

    return to


@pytest.fixture
def hepatitis(post):
    post("iraes/add", entity="hepatitis", ctcae_version="5.0", worst_grade="2", grade_now="0")
    return f"iraes/{IrAE.objects.get().public_id}/dossier"


def facts(case):
    return type(case.facts).objects.get(case=case).as_facts()


def fresh(case):
    return Case.objects.select_related("facts").get(pk=case.pk)


def answers(case):
    found = guidance_for(facts(case))
    cards = (*found.applies, *found.cannot_tell, *found.does_not_apply)
    return {c.code: str(c.answer) for c in cards if c.code in CODES}


def test_nine_times_the_limit_at_grade_2_stops_where_the_liver_is_free(post, case, hepatitis):
    values = {"liver_alt_uln": "9", "liver_ast_uln": "4", "liver_bilirubin_uln": "1"}
    post(hepatitis, **values)
    assert answers(case)["R03"] == "undetermined"
    post("parts/metastases", section="tumour", liver="no")
    assert answers(case)["R03"] == "true"
    post("parts/metastases", section="tumour", liver="yes")
    assert answers(case)["R03"] == "undetermined"
    post(hepatitis, **values, liver_metastases_then="yes")
    post("organs", asked=["liver"])
    assert answers(case) == {"R03": "false", "R04": "false", "R33": "true"}
    values |= {"liver_metastases_then": "yes", "liver_ast_baseline": "4"}
    post(hepatitis, **values, liver_alt_baseline="9")
    # From a normal baseline: a draft waits for what the label's footnote says.
    assert answers(case) == {"R03": "false", "R04": "false", "R33": "true"}
    post(hepatitis, **values, liver_alt_baseline="3")
    assert answers(case) == {"R03": "false", "R04": "false", "R33": "true"}
    post(hepatitis, **{**values, "liver_alt_uln": "10.5"}, liver_alt_baseline="3")
    assert answers(case) == {"R03": "false", "R04": "true", "R33": "true"}


def test_four_times_bilirubin_stops_though_nobody_told_of_the_liver(post, case, hepatitis):
    """No word of metastases now or then, nor of the baseline: both labels stop at it either way."""
    post(hepatitis, liver_alt_uln="3", liver_bilirubin_uln="4")
    assert answers(case) == {"R03": "undetermined", "R04": "true", "R33": "undetermined"}
    post(
        hepatitis,
        liver_alt_uln="12",
        liver_metastases_then="unknown",
        liver_alt_baseline_state="unknown",
    )
    assert answers(case) == {"R03": "undetermined", "R04": "true", "R33": "undetermined"}


def test_a_rise_by_half_that_lasted_a_week_is_asked_for_and_stops(client, post, case, hepatitis):
    values = {"liver_alt_uln": "6", "liver_alt_baseline": "1.6", "liver_metastases_then": "yes"}
    told = {
        "": ("missing", "undetermined"),
        "unknown": ("unknown", "undetermined"),
        "no": ("known", "false"),
        "yes": ("known", "true"),
    }
    post("organs", asked=["liver"])
    for answer, (state, expected) in told.items():
        post(hepatitis, **values, **({"liver_rise_week": answer} if answer else {}))
        assert facts(case)[WEEK].state == state
        cards = guidance_for(facts(case))
        found = (*cards.applies, *cards.cannot_tell, *cards.does_not_apply)
        assert [str(c.answer) for c in found if c.code == "R34"] == [expected], answer
        assert (WEEK in readiness_of(fresh(case)).open) is (state == "missing")
    page = client.get(reverse("cases:detail", args=[case.public_id])).content.decode()
    assert "more for a week or longer" in page
    assert "the EU text stops once a rise by half lasted a week" in page


def test_whether_the_liver_held_tumour_then_reaches_facts_and_page(client, post, case, hepatitis):
    for answer, expected in (("no", "none"), ("yes", "present")):
        post(hepatitis, liver_metastases_then=answer)
        assert facts(case)[KEY].value == expected
    page = client.get(reverse("cases:detail", args=[case.public_id])).content.decode()
    assert "Liver metastases at the time of the hepatitis" in page
    post(hepatitis, liver_metastases_then="unknown")
    assert facts(case)[KEY].state is FactState.UNKNOWN
    post(hepatitis)
    assert facts(case)[KEY].state is FactState.MISSING
