"""Any two versions of a record compared, and a history that is read page by page however long it is."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import psycopg
import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.acting import acting_as
from cases.changelog import MOST_LINES, event_model, saves_of
from cases.comparing import RESULTS_PER_PAGE, difference
from cases.models import Analyte, LabResult, PerformanceStatus
from cases.services import history
from tests.conftest import superuser_url
from tests.factories.labs import analytes
from tests.factories.record import make_case
from tests.integration.test_cases_pages import sign_in
from ui.paging import encode_cursor

pytestmark = pytest.mark.django_db
NOW = timezone.now().replace(microsecond=0)
FIRST, SECOND, THIRD = (NOW - timedelta(days=n) for n in (30, 20, 10))


@pytest.fixture(scope="module", autouse=True)
def versions_by_hand(django_db_setup):
    """Let this module write versions of other days into the history, as no session of the product can."""
    events = [m.pgh_event_model for m in apps.get_app_config("cases").get_models()
              if getattr(m, "pgh_event_model", None)]  # fmt: skip

    def guard(how: str) -> None:
        url = superuser_url(connection.settings_dict["NAME"])
        with psycopg.connect(url, autocommit=True) as server:
            for model in events:
                table = model._meta.db_table
                server.execute(f"ALTER TABLE {table} {how} TRIGGER by_triggers_alone")

    guard("DISABLE")
    yield
    guard("ENABLE")


@pytest.fixture
def case(member, board):
    with acting_as(member):
        found = make_case(member, board)
        for name in (
            "Case",
            "Patient",
            "PatientIdentity",
            "Tumour",
            "PerformanceStatus",
            "Background",
        ):
            for event in event_model(name)._default_manager.all():
                said(name, event.pgh_id, FIRST)
        yield found


def said(name: str, pgh_id: int, at, label: str = "update", **values) -> None:
    """Write a version into the history as a trigger would have at another time."""
    table = event_model(name)._meta.db_table
    columns = [f.column for f in event_model(name)._meta.concrete_fields if f.column != "pgh_id"]
    given = {"pgh_created_at": at, "pgh_label": label, **values}
    shown = ", ".join("%s" if c in given else c for c in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) SELECT {shown} FROM {table}"
            " WHERE pgh_id = %s",
            [*(given[c] for c in columns if c in given), pgh_id],
        )


def ecog(case, at, value: int) -> None:
    rows = event_model("PerformanceStatus")._default_manager.filter(patient_id=case.patient_id)
    said("PerformanceStatus", rows.first().pgh_id, at, ecog=value, ecog_state="known")


def told(changes) -> set:
    return {(change.label, change.old, change.new) for change in changes}


def test_two_versions_differ_field_by_field_and_what_came_between_is_left_out(case):
    ecog(case, SECOND, 1)
    ecog(case, SECOND + timedelta(days=1), 3)
    ecog(case, THIRD, 2)
    assert ("ECOG", "1", "2") in told(difference(case, SECOND, THIRD).changes)
    assert ("ECOG", "1", "3") in told(difference(case, SECOND, THIRD - timedelta(days=5)).changes)
    assert not [c for c in difference(case, THIRD, THIRD).changes if c.label == "ECOG"]


def test_what_was_put_back_as_it_was_does_not_differ(case):
    for at, value in ((SECOND, 1), (SECOND + timedelta(days=1), 3), (THIRD, 1)):
        ecog(case, at, value)
    assert not told(difference(case, SECOND, THIRD).changes)


def test_a_bulk_update_is_in_it(case):
    ecog(case, SECOND, 1)
    PerformanceStatus.objects.filter(patient=case.patient_id).update(ecog=4, ecog_state="known")
    changes = difference(case, SECOND, timezone.now() + timedelta(days=1)).changes
    assert ("ECOG", "1", "4") in told(changes)


def test_items_added_and_removed_in_between(member, case):
    row = history.save_course(
        by=member, case=case, version=1, values={"drugs": ["nivolumab"], "drugs_state": "known"}
    )
    later = timezone.now() + timedelta(days=1)
    added = told(difference(case, THIRD, later).changes)
    assert any(label == "Added" and "nivolumab" in new for label, _old, new in added)
    event = event_model("ICICourse")._default_manager.get(pgh_obj_id=row.pk)
    said("ICICourse", event.pgh_id, later, "delete")
    removed = told(difference(case, later - timedelta(hours=1), later).changes)
    assert any(label == "Removed" and "nivolumab" in old for label, old, _new in removed)
    gone = told(difference(case, THIRD, later).changes)
    assert not any("nivolumab" in old + new for _label, old, new in gone)


def many_results(case, member, count: int, begin: date = date(2020, 1, 1)) -> None:
    analytes()
    rows = [
        LabResult(
            patient_id=case.patient_id, analyte=Analyte.objects.get(code="alt"), value=Decimal(n + 1),
            value_entered=str(n + 1), unit_entered="U/L", taken_on=begin + timedelta(days=n),
            entered_by=member,
        )
        for n in range(count)
    ]  # fmt: skip
    LabResult.objects.bulk_create(rows)


def test_thousands_of_results_come_page_by_page(client, member, case):
    many_results(case, member, 2 * RESULTS_PER_PAGE + 30)
    later = timezone.now() + timedelta(days=1)
    pages, beyond = [], 0
    while True:
        found = difference(case, THIRD, later, beyond=beyond)
        pages.append([c for c in found.changes if c.subject and c.label == "Added"])
        if found.next_result is None:
            break
        beyond = found.next_result
    assert len(pages) == 3
    results = [c.new for page in pages for c in page if "U/L" in c.new]
    assert len(results) == len(set(results)) == 2 * RESULTS_PER_PAGE + 30


def test_the_list_of_saves_loads_a_bounded_part_of_a_long_history(
    client, member, case, monkeypatch
):
    monkeypatch.setattr("cases.changelog.MOST_ROWS", 60)
    many_results(case, member, 300)
    with CaptureQueriesContext(connection) as captured:
        saves, _before = saves_of(case)
    newest = saves[0]
    assert len(newest.changes) <= 60 + 20
    assert newest.more
    assert len(newest.shown) == MOST_LINES
    few = len(captured.captured_queries)
    many_results(case, member, 300, date(2010, 1, 1))
    with CaptureQueriesContext(connection) as captured:
        saves_of(case)
    assert len(captured.captured_queries) <= few
    url = reverse("cases:changes", args=[case.public_id])
    html = sign_in(client, member).get(url).content.decode()
    assert "More was changed in this save than is shown" in html


def test_two_versions_are_chosen_on_the_page_and_kept_from_page_to_page(client, member, case):
    ecog(case, SECOND, 1)
    ecog(case, THIRD, 2)
    sign_in(client, member)
    url = reverse("cases:changes", args=[case.public_id])
    then, now = encode_cursor([SECOND]), encode_cursor([THIRD])
    html = client.get(url).content.decode()
    assert f'name="then" value="{then}"' in html
    older = client.get(url, {"after": now, "now": now}).content.decode()
    assert "Later, chosen on another page" in older
    assert f'type="hidden" name="now" value="{now}"' in older
    for first, second in ((then, now), (now, then)):
        page = client.get(
            reverse("cases:compare", args=[case.public_id]), {"then": first, "now": second}
        ).content.decode()
        assert 'data-label="Earlier">1</td>' in page
        assert 'data-label="Later">2</td>' in page


@pytest.mark.parametrize(
    "query", ["", "?then=x&now=y", "?then={m}&now={m}", "?then={m}&now={naive}"]
)
def test_what_is_no_pair_of_versions_is_said(client, member, case, query):
    naive = encode_cursor([SECOND.replace(tzinfo=None)])
    query = query.format(m=encode_cursor([SECOND]), naive=naive)
    url = reverse("cases:compare", args=[case.public_id]) + query
    answer = sign_in(client, member).get(url)
    assert answer.status_code == 200
    assert "Choose two different versions" in answer.content.decode()


def test_foreign_versions_are_not_found(client, stranger, case):
    url = reverse("cases:compare", args=[case.public_id])
    assert sign_in(client, stranger).get(url).status_code == 404
