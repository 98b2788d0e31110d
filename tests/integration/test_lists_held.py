"""The curated lists: held by the database, and read again when another process has changed them."""

from __future__ import annotations

import time

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.policies import NotAllowed
from cases import lists
from cases.loading import load
from cases.loading_lists import differing
from cases.models import ListedDrug, ListedEvent, ListState, Target
from cases.selectors import called_before
from cases.services import lists as services
from cases.vocabulary import drugs, entities
from evidence.errata_guard.structure import ICI_TARGETS
from evidence.policies import CurationRefused
from evidence.shown import shown
from rechallenge.cache import SharedCounts
from tests.factories.listing import drug_row, event_row
from tests.factories.people import by_acting, make_user

pytestmark = pytest.mark.django_db
add, save, confirm, retire, restore = (
    by_acting(getattr(services, name)) for name in ("add", "save", "confirm", "retire", "restore")
)


@pytest.fixture
def curators(board):
    load()
    return [make_user("curator", board) for _n in range(3)]


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands still, with the times of the product."""
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    monkeypatch.setattr(lists, "ASK_EVERY", 1.0)
    monkeypatch.setattr(lists, "_held", None)
    return now


def read() -> int:
    """Return how often the tables were read when the lists were asked for."""
    with CaptureQueriesContext(connection) as queries:
        drugs()
    return sum('FROM "cases_listeddrug"' in q["sql"] for q in queries)


def confirmed(curators, row):
    add(by=curators[0], row=row)
    return confirm(by=curators[1], row=row, seen=shown(type(row).objects.get(pk=row.pk)))


def test_they_are_read_once_and_again_when_another_process_has_left_a_mark(clock):
    assert read() == 1
    assert read() == 0
    clock[0] += 5
    assert read() == 0
    cache.set(lists.KEY, "of another process", 600)
    assert read() == 0
    clock[0] += 1
    assert read() == 1
    clock[0] += 1
    assert read() == 0


def test_without_the_cache_they_are_read_every_ten_seconds(clock, monkeypatch):
    class Away:
        is_away = True

        def get(self, key):
            return "of this process alone"

        def add(self, *args):
            return True

    monkeypatch.setattr(lists, "shared", Away())
    assert read() == 1
    clock[0] += 9
    assert read() == 0
    clock[0] += 2
    assert read() == 1


def test_the_cache_says_when_it_is_away(monkeypatch):
    kept = SharedCounts("redis://127.0.0.1:1", {})
    monkeypatch.setattr(SharedCounts, "away_until", 0.0)
    assert not kept.is_away
    monkeypatch.setattr(SharedCounts, "away_until", time.monotonic() + 5)
    assert kept.is_away


def test_tables_that_cannot_be_read_leave_what_was_held(clock, monkeypatch):
    def fail(*_args):
        raise DatabaseError

    monkeypatch.setattr(type(ListedDrug.objects), "settled", fail)
    assert drugs() == lists.delivered_drugs()
    held = lists._held
    lists.changed()
    assert lists._held.lists is held.lists
    assert ListedDrug.objects.count() == 0


def test_a_read_that_failed_is_made_up_for_within_ten_seconds(clock, monkeypatch):
    settled = type(ListedDrug.objects).settled

    def fail(*_args):
        raise DatabaseError

    def away(is_away):
        monkeypatch.setattr(type(ListedDrug.objects), "settled", fail if is_away else settled)

    # The first read of all: the files answer until the tables do.
    away(True)
    drugs()
    away(False)
    clock[0] += 9
    assert read() == 0
    clock[0] += 2
    assert read() == 1
    # Another process has changed them, then this one.
    for change in (lambda: cache.set(lists.KEY, "of another process", 600), lists.changed):
        away(True)
        change()
        clock[0] += 1
        held = drugs()
        away(False)
        clock[0] += 11
        assert read() == 1
        assert drugs() == held
        assert lists._held.mark == cache.get(lists.KEY)


def test_who_saved_sees_it_at_once_and_others_are_told(
    curators, clock, django_capture_on_commit_callbacks
):
    drugs()
    before = cache.get(lists.KEY)
    with django_capture_on_commit_callbacks(execute=True):
        confirmed(curators, drug_row())
    assert "penpulimab" in drugs()
    assert cache.get(lists.KEY) != before


def test_empty_tables_leave_the_lists_to_the_files(clock):
    assert drugs() == lists.delivered_drugs()
    assert entities() == lists.delivered_entities()


def test_loaded_tables_say_what_the_files_say(clock):
    load()
    assert drugs() == lists.delivered_drugs()
    assert list(drugs()) == list(lists.delivered_drugs())
    assert entities() == lists.delivered_entities()
    assert differing() == []
    assert {part for drug in drugs().values() for part in drug.target.split("+")} <= set(
        Target.values
    )
    assert set(Target.values) > ICI_TARGETS


def test_what_is_no_ici_is_left_out_whoever_wrote_it(curators, clock):
    load()
    ListedDrug.objects.create(
        code="aspirin", label="aspirin", target="PD-1", state="offered", delivered=True
    )
    assert "aspirin" not in drugs() and "nivolumab" in drugs()


def test_a_release_follows_what_nobody_here_has_changed(curators, capsys):
    ListedDrug.objects.filter(code="avelumab").update(dose="of before", edited_by=None)
    ours = {"dose": "of before", "brands": ["Ours"], "edited_by": curators[0]}
    ListedDrug.objects.filter(code="nivolumab").update(**ours)
    ListedDrug.objects.filter(code="sasanlimab").update(state="retired")
    assert load() == dict.fromkeys(load(), 0)
    assert ListedDrug.objects.get(code="avelumab").dose == "not labelled for NSCLC"
    nivolumab = ListedDrug.objects.get(code="nivolumab")
    assert nivolumab.dose == lists.delivered_drugs()["nivolumab"].dose
    assert nivolumab.brands == ["Ours"]
    call_command("load_record_data")
    told = capsys.readouterr().out
    assert "Not as delivered: nivolumab: brands\n" in told
    assert "Not as delivered: sasanlimab: no longer offered\n" in told


def test_what_was_added_here_and_is_delivered_later_comes_with_the_product(curators, monkeypatch):
    row = confirmed(curators, drug_row())
    waits = add(by=curators[0], row=event_row())
    other = confirmed(curators, drug_row(label="socazolimab", target="PD-L1", brands=[]))
    new = lists.delivered_drugs()["nivolumab"]
    found = {
        code: type(new)(code=code, label=code, target="PD-1", atc="")
        for code in ("penpulimab", "socazolimab")
    }
    event = lists.delivered_entities()["colitis"]
    meningitis = type(event)(
        "aseptic_meningitis", "Aseptic meningitis", event.organ.BRAIN, {"6.0": ("Meningitis", "10027199")},
        "aseptic_meningitis", {"6.0": (1, 5)}, {},
    )  # fmt: skip
    monkeypatch.setattr(lists, "delivered_drugs", lambda: found)
    monkeypatch.setattr(lists, "delivered_entities", lambda: {meningitis.code: meningitis})
    assert load()["ICIs"] == 0
    for changed in (row, waits, other):
        changed.refresh_from_db()
    assert (row.delivered, row.brands) == (True, ["Annike"])
    assert (waits.delivered, waits.state) == (True, "offered")
    assert waits.terms == {"6.0": ["Meningitis", "10027199"]}
    # It means another thing here: records rest on that, so it stays ours and is named.
    assert not other.delivered
    assert "socazolimab: target" in differing()
    monkeypatch.setattr(lists, "_held", None)
    assert drugs()["socazolimab"].target == "PD-L1"


@pytest.mark.parametrize("make", [drug_row, event_row])
def test_the_database_wants_two_people_too(curators, make):
    row = add(by=curators[0], row=make())
    rows = type(row).objects.filter(pk=row.pk)
    for change in (
        {"state": "offered"},
        {"confirmed_by": curators[0], "confirmed_at": "2026-11-27T12:00Z", "state": "offered"},
        {"confirmed_by": curators[1]},
        {"state": "hidden"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        type(row).objects.filter(code__in=["colitis", "nivolumab"]).update(
            state="retired", label=""
        ) if make is event_row else rows.update(target="")


def test_the_database_keeps_what_records_rest_on(curators):
    drug, event = confirmed(curators, drug_row()), confirmed(curators, event_row())
    for row, change in (
        (drug, {"target": "PD-L1"}),
        (drug, {"code": "other"}),
        (drug, {"confirmed_by": curators[2]}),
        (event, {"organ": "skin"}),
        (event, {"family": "sjs"}),
        (event, {"grades": {"5.0": [1, 5]}}),
        (ListedEvent.objects.get(code="sjs"), {"organ": "lung"}),
        (ListedDrug.objects.get(code="nivolumab"), {"delivered": False}),
    ):
        with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
            type(row).objects.filter(pk=row.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        drug.delete()


def test_the_service_keeps_it_too_and_says_why(curators):
    drug = confirmed(curators, drug_row())
    drug.target = "PD-L1"
    with pytest.raises(CurationRefused, match="cannot become another"):
        save(by=curators[0], row=drug)
    drug = ListedDrug.objects.get(pk=drug.pk)
    drug.brands = ["Annike", "Anniko"]
    assert save(by=curators[1], row=drug).edited_by == curators[1]
    event = confirmed(curators, event_row())
    for row, name, value in (
        (drug, "label", "penpulimab (AK105)"),
        (drug, "atc", "L01FF99"),
        (drug, "dose", "400 mg every 3 weeks"),
        (ListedDrug.objects.get(code="nivolumab"), "dose_mark", "a leaflet"),
        (event, "label", "Meningitis"),
        (ListedEvent.objects.get(code="colitis"), "label", "Colitis or so"),
    ):
        row = type(row).objects.get(pk=row.pk)
        setattr(row, name, value)
        with pytest.raises(CurationRefused, match="Two people have answered"):
            save(by=curators[2], row=row)


def test_a_name_that_an_agent_once_had_is_no_other_ones(curators):
    drug = confirmed(curators, drug_row())
    waits = add(by=curators[0], row=drug_row(label="waiting", brands=[]))
    # As releases rename it.
    for one, first, second in ((drug, "AK105", "penpulimab-x"), (waits, "waited", "waits")):
        for label in (first, second):
            ListedDrug.objects.filter(pk=one.pk).update(label=label)
    lists.changed()
    for label in ("AK105", "ak-105"):
        row = drug_row(label=label, brands=[], target="PD-L1")
        with pytest.raises(ValidationError, match="is what penpulimab-x was called before"):
            add(by=curators[1], row=row)
    # The record never named what waited, and an agent may have its own name again.
    assert add(by=curators[1], row=drug_row(label="waited", brands=[])).pk
    assert called_before(["AK105", "waited"]) == {"AK105": drug.code}
    ListedDrug.objects.filter(pk=drug.pk).update(label="AK105")
    drug.refresh_from_db()
    assert services.faults(drug) == {}


def test_only_curators_do_any_of_it(curators, member):
    drug = confirmed(curators, drug_row())
    for service, more in (
        (add, {}), (save, {}), (confirm, {"seen": ""}), (retire, {}), (restore, {}),
    ):  # fmt: skip
        with pytest.raises(NotAllowed):
            service(by=member, row=drug, **more)


def test_steps_that_are_not_open_are_refused(curators):
    row = add(by=curators[0], row=event_row())
    with pytest.raises(CurationRefused, match="offered, or waits"):
        restore(by=curators[1], row=row)
    assert retire(by=curators[1], row=row).state == ListState.RETIRED
    with pytest.raises(CurationRefused, match="not offered"):
        retire(by=curators[1], row=row)
    with pytest.raises(CurationRefused, match="does not wait"):
        confirm(by=curators[1], row=row, seen="")
    # Nobody had confirmed it: it is proposed again.
    row = restore(by=curators[2], row=row)
    assert row.state == ListState.WAITING
    row = confirm(by=curators[1], row=row, seen=shown(row))
    retire(by=curators[0], row=row)
    assert restore(by=curators[0], row=row).state == ListState.OFFERED
    with pytest.raises(CurationRefused, match="stays on the list"):
        retire(by=curators[0], row=ListedEvent.objects.get(code="colitis"))


def test_the_service_holds_the_guards_without_a_form(curators):
    with pytest.raises(ValidationError, match="E01"):
        add(by=curators[0], row=drug_row(label="acetylsalicylic acid"))
    with pytest.raises(ValidationError, match="Choose the organ"):
        add(by=curators[0], row=event_row(organ="appendix"))
    with pytest.raises(ValidationError, match="Choose one target"):
        add(by=curators[0], row=drug_row(target="COX-1"))
    first = add(by=curators[0], row=event_row())
    ListedEvent.objects.filter(pk=first.pk).update(grades={"5.0": [0, 9]})
    first.refresh_from_db()
    with pytest.raises(ValidationError, match="between 1 and 5"):
        confirm(by=curators[1], row=first, seen=shown(first))


def test_its_history_tells_who_changed_what(curators):
    row = confirmed(curators, drug_row())
    row.brands = ["Anniko"]
    save(by=curators[2], row=row)
    kinds = list(row.events.order_by("pgh_id").values_list("pgh_label", "brands"))
    assert kinds == [("insert", ["Annike"]), ("update", ["Annike"]), ("update", ["Anniko"])]
