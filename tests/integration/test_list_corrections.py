"""Name, ATC code and dose of an ICI of the list are put right by two curators, and a release does not undo it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.acting import acting_as
from accounts.policies import NotAllowed
from audit.models import TrailEntry
from cases import lists
from cases.derivations import derive
from cases.loading import load
from cases.models import CaseFacts, DrugCorrection, ListedDrug
from cases.reading import record_of
from cases.selectors import called_before
from cases.services import corrections as services
from cases.vocabulary import drugs
from evidence.policies import CurationRefused
from evidence.shown import shown
from tests.factories.listing import drug_row
from tests.factories.monitoring import today
from tests.factories.people import by_acting, make_user
from tests.factories.record import add_course, make_case
from tests.integration.test_cases_pages import sign_in
from tests.integration.test_lists_held import add, confirmed

pytestmark = pytest.mark.django_db
propose, make, withdraw = (
    by_acting(getattr(services, name)) for name in ("propose", "make", "withdraw")
)
SOURCE = "EU SmPC, section 4.2"


@pytest.fixture
def curators(board):
    load()
    return [make_user("curator", board, is_staff=True) for _n in range(3)]


@pytest.fixture
def nivolumab(curators):
    return ListedDrug.objects.get(code="nivolumab")


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    def run(work):
        with django_capture_on_commit_callbacks(execute=True):
            return work()

    return run


def values(row, **changes):
    return {name: getattr(row, name) for name in services.FIELDS} | changes


def proposed(by, row, **changes):
    found = propose(by=by, row=row, values=values(row, **changes), source=SOURCE)
    # As a page has it.
    return DrugCorrection.objects.get(pk=found.pk)


def buttons(page):
    """Return what the button of each step posts."""
    found = {}
    for step, inside in re.findall(r'/step/(\w+)/">(.*?)</form>', page.content.decode(), re.DOTALL):
        inputs = re.findall(r'name="(shown|correction)" value="(\w*)"', inside)
        found[step] = dict(inputs)
    return found


def made(curators, row, **changes):
    correction = proposed(curators[0], row, **changes)
    return make(by=curators[1], correction=correction, seen=shown(correction))


def test_a_dose_is_another_one_once_a_second_curator_has_confirmed_it(
    curators, nivolumab, committed
):
    old = nivolumab.dose
    correction = committed(lambda: proposed(curators[0], nivolumab, dose="480 mg every 4 weeks"))
    assert drugs()["nivolumab"].dose == old
    seen = shown(correction)
    with pytest.raises(CurationRefused, match="You proposed this correction"):
        make(by=curators[0], correction=correction, seen=seen)
    with pytest.raises(CurationRefused, match="changed since this page"):
        make(by=curators[1], correction=correction, seen="of before")
    before = lists.current().number
    committed(lambda: make(by=curators[1], correction=correction, seen=seen))
    assert drugs()["nivolumab"].dose == "480 mg every 4 weeks"
    assert lists.current().number > before
    correction.refresh_from_db()
    assert (correction.before, correction.after) == (
        {"dose": old},
        {"dose": "480 mg every 4 weeks"},
    )
    people = correction.proposed_by, correction.decided_by, correction.source, correction.state
    assert people == (curators[0], curators[1], SOURCE, "made")
    for kind, who in (("correction_proposed", 0), ("corrected", 1)):
        with acting_as(curators[who]):
            entry = TrailEntry.objects.get(kind=f"list.{kind}")
        assert entry.detail == {"code": "nivolumab", "fields": ["dose"]}


def test_nothing_that_is_derived_of_a_patient_changes(
    curators, nivolumab, committed, member, board
):
    case = make_case(member, board)
    add_course(member, case, drugs=["nivolumab"])
    with acting_as(member):
        held = CaseFacts.objects.filter(case=case).values().get()
        told = derive(record_of(case), as_of=today())
    committed(
        lambda: made(curators, nivolumab, label="nivolumab-x", atc="L01FF99", dose="1 mg once")
    )
    with acting_as(member):
        assert CaseFacts.objects.filter(case=case).values().get() == held
        case.refresh_from_db()
        assert derive(record_of(case), as_of=today()) == told
    assert drugs()["nivolumab"].label == "nivolumab-x"
    # A plan of before still goes by the name of before.
    assert called_before(["nivolumab"]) == {"nivolumab": "nivolumab"}


@pytest.mark.parametrize(
    ("changes", "source", "words"),
    [
        ({}, SOURCE, "Nothing is corrected"),
        ({"dose": "1 mg"}, "", "by which source"),
        ({"atc": "B01AC06"}, SOURCE, "An ICI has an ATC code"),
        ({"label": ""}, SOURCE, "Enter the name"),
        ({"label": "pembrolizumab"}, SOURCE, "is on the list already"),
        ({"label": "aspirin"}, SOURCE, "E01"),
        ({"dose": ""}, SOURCE, "enter both or neither"),
    ],
)
def test_what_speaks_against_it_is_said(curators, nivolumab, changes, source, words):
    with pytest.raises(ValidationError, match=words):
        propose(by=curators[0], row=nivolumab, values=values(nivolumab, **changes), source=source)
    assert not DrugCorrection.objects.exists()


def test_a_name_that_another_agent_once_had_is_refused(curators, nivolumab):
    other = confirmed(curators, drug_row())
    ListedDrug.objects.filter(pk=other.pk).update(label="penpulimab-x")
    with pytest.raises(ValidationError, match="was called before"):
        proposed(curators[0], nivolumab, label="penpulimab")


def test_what_waits_itself_is_changed_and_one_correction_waits_at_a_time(curators, nivolumab):
    waits = add(by=curators[0], row=drug_row())
    with pytest.raises(CurationRefused, match="change the row itself"):
        proposed(curators[0], waits, atc="L01FF99")
    first = proposed(curators[0], nivolumab, atc="L01FF99")
    with pytest.raises(CurationRefused, match="waits already"):
        proposed(curators[1], nivolumab, atc="L01FF98")
    seen = shown(first)
    assert withdraw(by=curators[0], correction=first, seen=seen).state == "withdrawn"
    for step in (
        lambda: withdraw(by=curators[1], correction=first, seen=seen),
        lambda: make(by=curators[1], correction=first, seen=shown(first)),
    ):
        with pytest.raises(CurationRefused, match="does not wait"):
            step()
    assert ListedDrug.objects.get(code="nivolumab").atc == nivolumab.atc
    assert proposed(curators[1], nivolumab, atc="L01FF98").state == "waiting"


def test_what_a_release_or_another_row_changed_meanwhile_is_not_written_over(curators, nivolumab):
    correction = proposed(curators[0], nivolumab, dose="480 mg every 4 weeks")
    ListedDrug.objects.filter(pk=nivolumab.pk).update(dose="of a release")
    with pytest.raises(CurationRefused, match="has changed the row since"):
        make(by=curators[1], correction=correction, seen=shown(correction))
    with pytest.raises(CurationRefused, match="changed since this page"):
        withdraw(by=curators[1], correction=correction, seen="of before")
    withdraw(by=curators[1], correction=correction, seen=shown(correction))
    correction = proposed(curators[0], nivolumab, label="penpulimab")
    add(by=curators[2], row=drug_row())
    with pytest.raises(ValidationError, match="is on the list already"):
        make(by=curators[1], correction=correction, seen=shown(correction))


def test_only_curators_do_any_of_it(curators, nivolumab, member):
    correction = proposed(curators[0], nivolumab, atc="L01FF99")
    for step in (
        lambda: proposed(member, nivolumab, atc="L01FF98"),
        lambda: make(by=member, correction=correction, seen=shown(correction)),
        lambda: withdraw(by=member, correction=correction, seen=shown(correction)),
    ):
        with pytest.raises(NotAllowed):
            step()


def test_the_database_wants_two_people_and_keeps_what_was_proposed(curators, nivolumab):
    correction = proposed(curators[0], nivolumab, atc="L01FF99")
    rows = DrugCorrection.objects.filter(pk=correction.pk)
    now = timezone.now()
    for change in (
        {"state": "made", "decided_by": curators[0], "decided_at": now},
        {"state": "made"},
        {"decided_by": curators[1], "decided_at": now},
        {"state": "lost", "decided_by": curators[1], "decided_at": now},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)
    for change in (
        {"after": {"atc": "L01FF98"}},
        {"source": "hearsay"},
        {"proposed_by": curators[2]},
    ):
        with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
            rows.update(**change)
    make(by=curators[1], correction=correction, seen=shown(correction))
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        rows.update(state="waiting", decided_by=None, decided_at=None)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.delete()


def test_a_release_leaves_it_and_names_the_conflict(curators, nivolumab, monkeypatch, capsys):
    old = nivolumab.dose
    made(curators, nivolumab, dose="480 mg every 4 weeks")
    made(curators, nivolumab, dose="480 mg every 4 weeks, 240 mg every 2")

    def told():
        load()
        call_command("load_record_data")
        return capsys.readouterr().out

    assert "Not as delivered: nivolumab: dose (corrected here)\n" in told()
    delivered = lists.delivered_drugs()
    later = {
        **delivered,
        "nivolumab": replace(delivered["nivolumab"], dose="6 mg/kg", dose_mark="a later label"),
    }
    monkeypatch.setattr(lists, "delivered_drugs", lambda: later)
    assert (
        "nivolumab: dose (conflict: corrected here to “480 mg every 4 weeks, 240 mg every 2”,"
        " delivered as “6 mg/kg”)" in told()
    )
    nivolumab.refresh_from_db()
    # What was not corrected follows.
    assert nivolumab.dose == "480 mg every 4 weeks, 240 mg every 2"
    assert nivolumab.dose_mark == "a later label"
    later["nivolumab"] = replace(later["nivolumab"], dose=nivolumab.dose)
    assert "nivolumab" not in told()
    assert old != nivolumab.dose


def test_in_the_admin_one_proposes_and_another_confirms(client, curators, nivolumab, committed):
    change = reverse("admin:cases_listeddrug_change", args=[nivolumab.pk])
    correct = reverse("admin:cases_listeddrug_correct", args=[nivolumab.pk])
    step = reverse("admin:cases_listeddrug_step", args=[nivolumab.pk, "confirm_correction"])
    sign_in(client, curators[0])
    assert correct in client.get(change).content.decode()
    assert f'value="{nivolumab.atc}"' in client.get(correct).content.decode()
    typed = values(nivolumab, dose="480 mg every 4 weeks", source="")
    page = client.post(correct, typed)
    assert page.status_code == 422 and "480 mg every 4 weeks" in page.content.decode()
    page = client.post(correct, {**typed, "atc": "X", "source": SOURCE})
    assert "An ICI has an ATC code" in page.content.decode()
    page = client.post(correct, {**values(nivolumab), "source": SOURCE})
    assert "Nothing is corrected" in page.content.decode()
    html = client.post(correct, {**typed, "source": SOURCE}, follow=True).content.decode()
    assert "480 mg every 4 weeks" in html and SOURCE in html and curators[0].name in html
    assert "Confirm the correction" not in html and "Withdraw the correction" in html
    assert correct not in html
    html = client.get(correct, follow=True).content.decode()
    assert "nothing can be proposed beside that" in html
    posted = buttons(sign_in(client, curators[1]).get(change))["confirm_correction"]
    html = committed(lambda: client.post(step, posted, follow=True)).content.decode()
    assert f"confirmed by {curators[1].name}" in html and "Withdraw the correction" not in html
    assert drugs()["nivolumab"].dose == "480 mg every 4 weeks"
    # A double click.
    html = client.post(step, posted, follow=True).content.decode()
    assert "does not wait for a second curator any more" in html
    assert client.post(step, {"shown": posted["shown"]}).status_code == 404
    assert client.post(step, {**posted, "correction": "x"}).status_code == 404


def test_nobody_withdraws_a_correction_that_they_have_not_seen(client, curators, nivolumab):
    change = reverse("admin:cases_listeddrug_change", args=[nivolumab.pk])
    step = reverse("admin:cases_listeddrug_step", args=[nivolumab.pk, "withdraw_correction"])
    first = proposed(curators[0], nivolumab, atc="L01FF99")
    posted = buttons(sign_in(client, curators[1]).get(change))["withdraw_correction"]
    withdraw(by=curators[0], correction=first, seen=shown(first))
    second = proposed(curators[0], nivolumab, atc="L01FF98")
    html = client.post(step, posted, follow=True).content.decode()
    assert "does not wait for a second curator any more" in html
    html = client.post(step, {**posted, "correction": second.pk}, follow=True).content.decode()
    assert "changed since this page was opened" in html
    second.refresh_from_db()
    assert second.state == "waiting"
    posted = buttons(client.get(change))["withdraw_correction"]
    html = client.post(step, posted, follow=True).content.decode()
    assert f"withdrawn by {curators[1].name}" in html


def test_what_was_typed_stays_where_it_is_refused(client, curators, nivolumab, monkeypatch):
    correct = reverse("admin:cases_listeddrug_correct", args=[nivolumab.pk])
    sign_in(client, curators[1])
    typed = {**values(nivolumab, dose="480 mg every 4 weeks"), "source": SOURCE}
    correction = proposed(curators[0], nivolumab, atc="L01FF99")
    for sent, words in ((typed, "A correction waits already"), ({**typed, "source": ""}, "source")):
        page = client.post(correct, sent)
        html = page.content.decode()
        assert page.status_code == 422 and words in html and "480 mg every 4 weeks" in html
    withdraw(by=curators[0], correction=correction, seen=shown(correction))

    def refuse(**_more):
        raise ValidationError(["Of the row as it is now"])

    monkeypatch.setattr(services, "propose", refuse)
    page = client.post(correct, typed)
    html = page.content.decode()
    assert page.status_code == 422 and "Of the row as it is now" in html
    assert "480 mg every 4 weeks" in html and SOURCE in html


def test_the_page_of_a_correction_is_the_curators_alone(client, curators, chair, nivolumab):
    chair.is_staff = True
    chair.save()
    correct = reverse("admin:cases_listeddrug_correct", args=[nivolumab.pk])
    typed = {**values(nivolumab, atc="L01FF99"), "source": SOURCE}
    assert sign_in(client, chair).get(correct).status_code == 403
    assert client.post(correct, typed).status_code == 403
    assert not DrugCorrection.objects.exists()
