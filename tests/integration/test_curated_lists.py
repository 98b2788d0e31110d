"""The lists of ICIs and of irAEs in the curators' admin: added by one, confirmed by another, offered from then on."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.acting import acting_as
from audit.models import TrailEntry
from cases import lists
from cases.bulk.columns import COURSES, IRAES, words_of
from cases.bulk.writing import template
from cases.forms.courses import CourseForm
from cases.forms.referral import ReferralForm
from cases.listed import listed_as
from cases.loading import load
from cases.models import ListedDrug, ListedEvent, Section
from cases.searchwords import codes_for
from cases.vocabulary import drug_label, drugs, entities, entity_label
from evidence.shown import shown
from tests.factories.listing import DRUG, EVENT
from tests.factories.people import make_user
from tests.factories.record import add_course, make_case
from tests.integration.test_cases_pages import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def author(board):
    load()
    return make_user("curator", board, is_staff=True)


@pytest.fixture
def second(board):
    return make_user("curator", board, is_staff=True)


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """Do something as a request does it: what is to follow its commit follows."""

    def run(work):
        with django_capture_on_commit_callbacks(execute=True):
            return work()

    return run


def add(client, user, kind, values):
    return sign_in(client, user).post(reverse(f"admin:cases_{kind}_add"), values)


def step(client, user, row, name):
    row.refresh_from_db()
    url = reverse(f"admin:cases_{row._meta.model_name}_step", args=[row.pk, name])
    page = sign_in(client, user).post(url, {"shown": shown(row)}, follow=True)
    return page.content.decode()


def words_of_the_template() -> str:
    with zipfile.ZipFile(io.BytesIO(template("csv", []))) as packed:
        return packed.read("words.csv").decode()


def errors(page) -> str:
    return " ".join(re.findall(r'<ul class="errorlist".*?</ul>', page.content.decode(), re.S))


def test_an_ici_is_offered_once_a_second_curator_has_confirmed_it(
    client, author, second, committed
):
    assert add(client, author, "listeddrug", DRUG).status_code == 302
    row = ListedDrug.objects.get(code="penpulimab")
    assert (row.state, row.added_by) == ("waiting", author)
    assert (
        "Waiting for a second curator"
        in client.get(reverse("admin:cases_listeddrug_changelist")).content.decode()
    )
    said = committed(lambda: step(client, author, row, "confirm"))
    assert "A second curator has to confirm it" in said
    assert "penpulimab" not in drugs()
    committed(lambda: step(client, second, row, "confirm"))
    row.refresh_from_db()
    assert (row.state, row.confirmed_by) == ("offered", second)
    drug = drugs()["penpulimab"]
    assert (drug.target, drug.atc, drug.brands) == ("PD-1", "L01FF17", ("Annike",))
    # With the others of its target, before those of which the class alone is known.
    codes = list(drugs())
    assert codes.index("penpulimab") == codes.index("durvalumab") - 1
    for who, kind in ((author, "list.added"), (second, "list.confirmed")):
        with acting_as(who):
            assert TrailEntry.objects.get(kind=kind).detail == {"code": "penpulimab"}


def test_it_stands_in_the_forms_the_referral_the_spreadsheet_and_the_search(
    client, author, second, committed, board
):
    add(client, author, "listeddrug", DRUG)
    row = ListedDrug.objects.get(code="penpulimab")
    committed(lambda: step(client, second, row, "confirm"))
    assert "penpulimab" in dict(CourseForm().fields["drug_1"].choices)
    for name in ("drug_1", "proposed_drug_1"):
        assert "penpulimab" in dict(ReferralForm(boards=[board]).fields[name].choices)
    assert words_of(COURSES, COURSES.column("drugs"))["penpulimab"] == "penpulimab"
    assert "penpulimab" in words_of_the_template()
    assert codes_for("Annike") == (["penpulimab"], [])
    member = make_user("member", board)
    case = make_case(member, board)
    add_course(member, case, drugs=["penpulimab"])
    page = sign_in(client, member).get(reverse("cases:detail", args=[case.public_id]))
    assert "penpulimab" in page.content.decode().lower()


def test_no_page_asks_for_the_lists_when_nothing_changed(client, author, second, committed, board):
    member = make_user("member", board)
    case = make_case(member, board)
    add_course(member, case, drugs=["nivolumab"])
    url = reverse("cases:item_add", args=[case.public_id, Section.IRAES])
    sign_in(client, member).get(url)
    with CaptureQueriesContext(connection) as queries:
        page = client.get(url)
    # It shows the list all the same.
    assert "Myocarditis" in page.content.decode()
    assert not [q for q in queries if "cases_listed" in q["sql"]]


def test_an_irae_is_offered_once_a_second_curator_has_confirmed_it(
    client, author, second, committed, board
):
    assert add(client, author, "listedevent", EVENT).status_code == 302
    row = ListedEvent.objects.get(code="aseptic_meningitis")
    assert (row.family, row.terms) == (row.code, {"5.0": ["Meningitis aseptic", "10027201"]})
    assert listed_as("Immune meningitis") is None
    committed(lambda: step(client, author, row, "confirm"))
    assert row.code not in entities()
    committed(lambda: step(client, second, row, "confirm"))
    entity = entities()[row.code]
    assert (entity.organ, entity.grades, entity.added) == ("brain", {"5.0": (2, 5)}, True)
    assert listed_as("immune meningitis") == entity
    assert row.code in dict(ReferralForm(boards=[board]).fields["entity"].choices)
    assert words_of(IRAES, IRAES.column("entity"))["aseptic meningitis"] == row.code
    assert "aseptic_meningitis" in words_of_the_template()
    assert codes_for("meningitis") == ([], [row.code])


def test_what_is_no_longer_offered_stays_readable(client, author, second, committed, board):
    row = ListedDrug.objects.get(code="sasanlimab")
    member = make_user("member", board)
    case = make_case(member, board)
    course = add_course(member, case, drugs=["sasanlimab"])
    committed(lambda: step(client, second, row, "retire"))
    assert "sasanlimab" not in dict(CourseForm().fields["drug_1"].choices)
    assert drug_label("sasanlimab") == "sasanlimab"
    assert codes_for("sasanlimab")[0] == ["sasanlimab"]
    assert words_of(COURSES, COURSES.column("drugs"))["sasanlimab"] == "sasanlimab"
    assert "sasanlimab" not in words_of_the_template()
    url = reverse("cases:item", args=[case.public_id, Section.COURSES, course.public_id])
    assert (
        '<option value="sasanlimab" selected' in sign_in(client, member).get(url).content.decode()
    )
    committed(lambda: step(client, author, row, "restore"))
    assert drugs()["sasanlimab"].offered


def test_what_rules_name_stays_on_the_list(client, author):
    row = ListedEvent.objects.get(code="myocarditis")
    page = sign_in(client, author).get(reverse("admin:cases_listedevent_change", args=[row.pk]))
    assert "Do not offer" not in page.content.decode()
    assert "it stays on the list" in step(client, author, row, "retire")
    assert entity_label("myocarditis") == "Myocarditis"


def test_words_of_what_was_delivered_can_be_changed_and_nothing_else(client, author, committed):
    row = ListedDrug.objects.get(code="nivolumab")
    url = reverse("admin:cases_listeddrug_change", args=[row.pk])
    html = sign_in(client, author).get(url).content.decode()
    assert 'name="targets"' not in html and "delivered" in html
    values = {
        "label": "nivolumab", "atc": "L01FF01", "dose": "240 mg every 2 weeks", "dose_mark": "EU SmPC, 2026",
        "brands": "Opdivo, Opdyta", "targets": ["CTLA-4"], "shown": shown(row),
    }  # fmt: skip
    assert committed(lambda: client.post(url, values)).status_code == 302
    assert drugs()["nivolumab"].brands == ("Opdivo", "Opdyta")
    assert drugs()["nivolumab"].target == "PD-1"
    assert drugs()["nivolumab"].dose_mark == lists.delivered_drugs()["nivolumab"].dose_mark
    html = client.get(url).content.decode()
    assert "Opdyta" in html and author.name in html
    assert not re.search(r'name="(label|atc|dose|dose_mark)"', html)
    event = ListedEvent.objects.get(code="colitis")
    url = reverse("admin:cases_listedevent_change", args=[event.pk])
    values = {
        "label": "Colitis or so",
        "synonyms": "Enterocolitis",
        "organ": "skin",
        "shown": shown(event),
    }
    assert committed(lambda: client.post(url, values)).status_code == 302
    assert entities()["colitis"].synonyms == ("Enterocolitis",)
    assert (entities()["colitis"].organ, entities()["colitis"].label) == ("colon", "Colitis")
    assert len(entities()["colitis"].terms) == 2


def test_what_waits_can_be_changed_and_its_editor_does_not_confirm(
    client, author, second, committed, board
):
    add(client, author, "listedevent", EVENT)
    row = ListedEvent.objects.get(code="aseptic_meningitis")
    url = reverse("admin:cases_listedevent_change", args=[row.pk])
    html = sign_in(client, second).get(url).content.decode()
    assert 'value="Meningitis aseptic"' in html and "Confirm as second curator" in html
    values = {**EVENT, "label": "Meningitis, aseptic", "organ": "nerve", "family": "myasthenia"}
    assert client.post(url, {**values, "shown": shown(row)}).status_code == 302
    row.refresh_from_db()
    assert (row.code, row.organ, row.family) == ("meningitis_aseptic", "nerve", "myasthenia")
    assert "second curator has to confirm" in step(client, second, row, "confirm")
    third = make_user("curator", board, is_staff=True)
    stale = {"shown": "of before"}
    address = reverse("admin:cases_listedevent_step", args=[row.pk, "confirm"])
    page = sign_in(client, third).post(address, stale, follow=True).content.decode()
    assert "changed since this page was opened" in page
    committed(lambda: step(client, third, row, "confirm"))
    assert entities()["meningitis_aseptic"].family == "myasthenia"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"label": "aspirin", "atc": ""}, "Erratum E01"),
        ({"targets": ["VEGF"]}, "Erratum E01"),
        ({"targets": []}, "This field is required"),
        ({"targets": ["PD-1", "CTLA-4", "VEGF"]}, "Choose one target, or the two"),
        ({"atc": "B01AC06"}, "An ICI has an ATC code of L01FF"),
        (
            {"label": "Nivolumab", "brands": ""},
            "“Nivolumab” is on the list already: nivolumab (offered)",
        ),
        ({"brands": "opdivo"}, "“opdivo” is on the list already: nivolumab (offered)"),
        ({"label": "KN-046", "brands": ""}, "“KN-046” is on the list already: KN046"),
        ({"dose_mark": ""}, "A dose is shown with how it is known"),
        ({"label": "???"}, "differs more from those on the list"),
    ],
)
def test_what_may_not_stand_on_the_list_of_icis_is_said_beside_the_field(
    client, author, changes, words
):
    before = ListedDrug.objects.count()
    page = add(client, author, "listeddrug", {**DRUG, **changes})
    assert page.status_code == 200
    assert words in errors(page)
    assert ListedDrug.objects.count() == before


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"label": "DRESS"}, "“DRESS” is on the list already: DRESS (offered)"),
        ({"label": "Hepatitis"}, "is on the list already: Hepatitis, graded by ALT"),
        ({"synonyms": "lyell syndrome"}, "is on the list already: Toxic epidermal necrolysis"),
        ({"label": "Other autoimmune event"}, "is on the list already"),
        ({"term_5_0": "Colitis"}, "is on the list already: Colitis"),
        # Its code would be that of a disease of several events.
        ({"label": "Severe skin"}, "differs more from those on the list"),
        ({"organ": ""}, "This field is required"),
        (
            {"term_5_0": "", "meddra_5_0": "", "lowest_5_0": "", "highest_5_0": ""},
            "Enter a CTCAE term",
        ),
        ({"meddra_5_0": "1002"}, "MedDRA code of eight figures"),
        ({"term_5_0": ""}, "MedDRA code of eight figures"),
        ({"lowest_5_0": "4", "highest_5_0": "2"}, "between 1 and 5, the lowest first"),
        ({"highest_5_0": "6"}, "between 1 and 5"),
        ({"highest_5_0": ""}, "between 1 and 5"),
        ({"family": "colitis"}, "Choose a disease of the same organ"),
        ({"family": "nothing"}, "Select a valid choice"),
    ],
)
def test_what_may_not_stand_on_the_list_of_iraes_is_said_beside_the_field(
    client, author, changes, words
):
    before = ListedEvent.objects.count()
    page = add(client, author, "listedevent", {**EVENT, **changes})
    assert page.status_code == 200
    assert words in errors(page)
    assert ListedEvent.objects.count() == before


def test_a_name_that_waits_is_taken(client, author):
    add(client, author, "listeddrug", DRUG)
    page = add(client, author, "listeddrug", {**DRUG, "label": "Annike", "brands": ""})
    assert "penpulimab (waiting for a second curator)" in errors(page)


def test_the_lists_are_the_curators_alone(client, author, chair):
    chair.is_staff = True
    chair.save()
    for kind in ("listeddrug", "listedevent"):
        url = reverse(f"admin:cases_{kind}_changelist")
        assert sign_in(client, author).get(url).status_code == 200
        assert client.get(url, {"q": "itis", "state": "offered"}).status_code == 200
        assert sign_in(client, chair).get(url).status_code == 403
        row = (ListedDrug if kind == "listeddrug" else ListedEvent).objects.all()[0]
        step_url = reverse(f"admin:cases_{kind}_step", args=[row.pk, "retire"])
        client.post(step_url)
        row.refresh_from_db()
        assert row.state == "offered"
        unknown = reverse(f"admin:cases_{kind}_step", args=[row.pk, "burn"])
        assert sign_in(client, author).post(unknown).status_code == 404
        delete = reverse(f"admin:cases_{kind}_delete", args=[row.pk])
        assert sign_in(client, author).post(delete, {"post": "yes"}).status_code == 403
