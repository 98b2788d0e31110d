"""Two people at the same section: what each of them typed stands, and where both typed one chooses."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from cases.models import Background, CaseSection, Draft, ICICourse, IrAE, SteroidCourse
from tests.factories.page_forms import FormReader
from tests.factories.record import make_case
from tests.integration.test_cases_editing import FORMS, IRAE, OF_SECTION, at
from tests.integration.test_cases_pages import HTMX, sign_in

pytestmark = pytest.mark.django_db

# Place -> what the other person changes, what I change, and what both change (theirs, mine).
BOTH = {
    "sections/question": (
        {"disease_status": "slow"},
        {"prophylaxis_text": "Steroid beside"},
        ("question", "Theirs?", "Mine?"),
    ),
    "sections/patient": ({"given_name": "Vera"}, {"died": "2024"}, ("family_name", "One", "Two")),
    "sections/tumour": (
        {"histology": "squamous"},
        {"stage_group": "IV", "tnm_edition": "8"},
        ("stage_text", "IV", "IIIA"),
    ),
    "sections/fitness": ({"ecog": "2"}, {"weight_kg": "71"}, ("height_cm", "170", "171")),
    "parts/metastases": ({"liver": "yes"}, {"bone": "no"}, ("brain", "yes", "unknown")),
    "parts/drivers": (
        {"EGFR": "negative"},
        {"KRAS_G12C": "positive"},
        ("ALK", "negative", "not_tested"),
    ),
    "parts/background": (
        {"hepatitis_b": "past"},
        {"hepatitis_c": "never", "preference": "At home"},
        ("comorbidities", "Gout", "Asthma"),
    ),
}
ROWS = {
    "iraes": ("iraes/add", IrAE, {"worst_grade": "2"}, {"resolved": "2025"}),
    "courses": ("courses/add", ICICourse, {"cycles": "15"}, {"stop": "30 January 2025"}),
    "steroids": ("steroids/add", SteroidCourse, {"now_mg_per_day": "7.5"}, {"start": "2025"}),
}


@pytest.fixture
def case(member, board):
    return make_case(member, board)


def opened(client, url: str, **headers) -> dict:
    """Return what the form at `url` would send unchanged."""
    return sent_by(client.get(url, headers=headers or HTMX).content.decode(), url)


def sent_by(html: str, url: str) -> dict:
    forms = FormReader(html).forms
    form = next(
        f for f in forms if f.action == url and f.attributes.get("id", "").startswith("form-")
    )
    found: dict = dict(form.hidden)
    for name, control in form.controls.items():
        shows = control.shows or (control.offers[:1] if control.kind == "select" else [])
        if shows:
            found[name] = shows
    return found


def section_of(place: str) -> str:
    return OF_SECTION.get(place, place.split("/")[1])


def values_of(client, url: str, names) -> dict:
    found = opened(client, url)
    return {name: found.get(name, [""])[0] for name in names}


@pytest.mark.parametrize("place", BOTH)
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "fragment"])
def test_fields_that_nobody_else_touched_are_not_wiped(client, member, chair, case, place, headers):
    theirs, mine, _clash = BOTH[place]
    url = at(case, place)
    form = opened(sign_in(client, member), url)
    sign_in(client, chair).post(url, opened(client, url) | theirs)
    answer = sign_in(client, member).post(url, form | mine, headers=headers)
    assert answer.status_code == 409
    html = answer.content.decode()
    assert chair.name in html
    assert "Save both sets of changes" in html
    assert "Save over it" not in html
    assert "You, not saved yet" in html
    version = CaseSection.objects.get(case=case, key=section_of(place)).version
    assert version == 2
    answer = client.post(url, sent_by(html, url), headers=headers)
    assert answer.status_code == (200 if headers else 302)
    both = theirs | mine
    assert values_of(client, url, both) == both
    assert not Draft.objects.exists()


@pytest.mark.parametrize("place", BOTH)
@pytest.mark.parametrize("choice", ["mine", "theirs"])
def test_where_both_typed_both_stand_side_by_side_and_one_is_chosen(
    client, member, chair, case, place, choice
):
    _theirs, _mine, (name, theirs, mine) = BOTH[place]
    url = at(case, place)
    form = opened(sign_in(client, member), url)
    sign_in(client, chair).post(url, opened(client, url) | {name: theirs})
    answer = sign_in(client, member).post(url, form | {name: mine})
    assert answer.status_code == 409
    html = answer.content.decode()
    assert f'name="take-{name}" value="mine"' in html
    assert f"Take what {chair.name} saved" in html
    assert "Save what is chosen here" in html
    kept = sent_by(html, url)
    assert kept["clash"] == name
    assert kept[name] == [mine]
    answer = client.post(url, kept)
    assert answer.status_code == 422
    html = answer.content.decode()
    assert "Choose which of the two is kept" in html
    assert f"Take what {chair.name} saved" in html
    answer = client.post(url, sent_by(html, url) | {f"take-{name}": choice})
    assert answer.status_code == 302
    assert values_of(client, url, [name]) == {name: mine if choice == "mine" else theirs}


def test_a_refusal_beside_the_choice_loses_neither_text(client, member, chair, case):
    url = at(case, "sections/fitness")
    form = opened(sign_in(client, member), url)
    sign_in(client, chair).post(url, opened(client, url) | {"height_cm": "170"})
    answer = sign_in(client, member).post(url, form | {"height_cm": "171"})
    kept = sent_by(answer.content.decode(), url)
    wrong = kept | {"take-height_cm": "theirs", "weight_kg": "seventy"}
    html = client.post(url, wrong).content.decode()
    assert 'value="171"' in html
    assert '<p class="app-clash__theirs">170</p>' in html
    assert 'value="theirs" checked' in html
    assert "You, not saved yet" not in html


def test_what_is_saved_beside_a_form_is_told_and_asks_nothing(client, member, chair, case):
    """Fitness and the background are parts of one section, with forms of their own."""
    url = at(case, "parts/background")
    form = opened(sign_in(client, member), url)
    sign_in(client, chair)
    client.post(
        at(case, "sections/fitness"), opened(client, at(case, "sections/fitness")) | {"ecog": "2"}
    )
    answer = sign_in(client, member).post(url, form | {"smoking": "former"}, headers=HTMX)
    assert answer.status_code == 200
    html = answer.content.decode()
    assert f"{chair.name} saved meanwhile: ECOG. Both stand." in html
    assert Background.objects.get().smoking == "former"


def test_a_third_save_while_one_chooses_is_joined_as_well(client, member, chair, nurse, case):
    url = at(case, "sections/fitness")
    form = opened(sign_in(client, member), url)
    sign_in(client, chair).post(url, opened(client, url) | {"height_cm": "170"})
    kept = sent_by(
        sign_in(client, member).post(url, form | {"height_cm": "171"}).content.decode(), url
    )
    sign_in(client, nurse).post(url, opened(client, url) | {"weight_kg": "80"})
    answer = sign_in(client, member).post(url, kept | {"take-height_cm": "mine"})
    assert answer.status_code == 409
    client.post(url, sent_by(answer.content.decode(), url))
    wanted = {"height_cm": "171", "weight_kg": "80"}
    assert values_of(client, url, wanted) == wanted


@pytest.mark.parametrize("place", [place for place in FORMS if place.endswith("/add")])
def test_a_row_beside_anothers_new_row_is_no_conflict(client, member, chair, case, place):
    url = at(case, place)
    form = opened(sign_in(client, member), url)
    # Two courses of which no date tells which came first, or of the same agents at one time, need another word.
    earlier, later = (
        ({"start": "2019", "stop": "2020"}, {"start": "2021", "stop": "2022"}) if "courses" in place else ({}, {})
    )  # fmt: skip
    typed = {k: v for k, v in FORMS[place].items() if k != "version"} | later
    assert sign_in(client, chair).post(url, FORMS[place] | earlier).status_code == 302
    answer = sign_in(client, member).post(url, form | typed)
    assert answer.status_code == 409
    html = answer.content.decode()
    assert f"{chair.name} added to this list while you were typing" in html
    assert "Add it too" in html
    assert client.post(url, sent_by(html, url)).status_code == 302


def test_a_row_is_added_at_once_where_others_changed_another(client, member, chair, case):
    sign_in(client, chair).post(at(case, "iraes/add"), IRAE)
    first = IrAE.objects.get()
    url = at(case, "iraes/add")
    form = opened(sign_in(client, member), url)
    changed = at(case, f"iraes/{first.public_id}")
    sign_in(client, chair).post(changed, opened(client, changed) | {"worst_grade": "2"})
    answer = sign_in(client, member).post(
        url, form | {k: v for k, v in IRAE.items() if k != "version"}, headers=HTMX
    )
    assert answer.status_code == 200
    assert f"{chair.name} saved meanwhile: " in answer.content.decode()
    assert IrAE.objects.count() == 2


@pytest.mark.parametrize("key", ROWS)
def test_two_people_change_one_row(client, member, chair, case, key):
    place, model, theirs, mine = ROWS[key]
    sign_in(client, chair).post(at(case, place), FORMS[place])
    url = at(case, f"{key}/{model.objects.get().public_id}")
    form = opened(sign_in(client, member), url)
    sign_in(client, chair).post(url, opened(client, url) | theirs)
    answer = sign_in(client, member).post(url, form | mine)
    assert answer.status_code == 409
    assert client.post(url, sent_by(answer.content.decode(), url)).status_code == 302
    assert values_of(client, url, theirs | mine) == theirs | mine


def test_ticks_of_two_people_in_the_organ_review_are_joined(client, member, chair, case):
    url = at(case, "organs")
    form = opened(sign_in(client, member), url)
    sign_in(client, chair).post(url, opened(client, url) | {"asked": ["heart"]})
    answer = sign_in(client, member).post(url, form | {"asked": ["skin"]})
    assert answer.status_code == 409
    html = answer.content.decode()
    assert set(sent_by(html, url)["asked"]) == {"heart", "skin"}
    assert client.post(url, sent_by(html, url)).status_code == 302
    assert set(opened(client, url)["asked"]) == {"heart", "skin"}


def test_a_draft_that_others_overtook_opens_with_what_they_saved(client, member, chair, case):
    url = at(case, "sections/fitness")
    draft = reverse("cases:draft", args=[f"section:{case.public_id}:fitness"])
    form = opened(sign_in(client, member), url)
    client.post(draft, form | {"height_cm": "171", "weighed": "half of a da"})
    theirs = {"height_cm": "170", "ecog": "2"}
    sign_in(client, chair).post(url, opened(client, url) | theirs)
    html = sign_in(client, member).get(url, headers=HTMX).content.decode()
    assert f"Take what {chair.name} saved" in html
    kept = sent_by(html, url)
    assert (kept["height_cm"], kept["ecog"], kept["weighed"]) == (["171"], ["2"], ["half of a da"])
    # Kept again as it stands now, undecided: it asks again, and saves nothing unasked.
    client.post(draft, kept)
    html = client.get(url, headers=HTMX).content.decode()
    assert f"Take what {chair.name} saved" in html
    assert client.post(url, sent_by(html, url) | {"weighed": ""}).status_code == 422


def test_the_choices_change_while_one_chooses_and_both_versions_stay(client, member, chair, case):
    url = at(case, "sections/question")
    form = opened(sign_in(client, member), url)
    sign_in(client, chair).post(url, opened(client, url) | {"question": "Theirs?"})
    html = sign_in(client, member).post(url, form | {"question": "Mine?"}).content.decode()
    answer = client.post(url, sent_by(html, url) | {"reshape": "1", "take-question": "theirs"})
    assert answer.status_code == 200
    html = answer.content.decode()
    assert "Theirs?" in html and "Mine?" in html
    assert re.search(r'name="take-question" value="theirs" checked', html)


def test_a_seal_that_was_meddled_with_asks_about_every_difference(client, member, chair, case):
    url = at(case, "sections/fitness")
    form = opened(sign_in(client, member), url)
    sign_in(client, chair).post(url, opened(client, url) | {"ecog": "2"})
    answer = sign_in(client, member).post(url, form | {"opened": "ecog=x:y", "height_cm": "171"})
    assert answer.status_code == 409
    html = answer.content.decode()
    assert 'name="take-ecog"' in html and 'name="take-height_cm"' in html
