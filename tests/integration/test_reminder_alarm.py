"""The alarm for reminders rings when one is late, and when nobody is left who would write or send any."""

from __future__ import annotations

import pytest
from django.db import DatabaseError
from django.urls import reverse

from followup.selectors import reminder_health
from followup.services import sweep
from followup.services.delivery import drain
from followup.services.sweep import open_due_checks
from tests.factories.monitoring import as_worker
from tests.factories.world import World, superuser_sql

pytestmark = pytest.mark.usefixtures("committed_db")


def asked(client):
    answer = client.get(reverse("health:reminders"))
    return answer.status_code, answer.json()["parts"]["reminders"]["says"]


def age(name, minutes):
    superuser_sql(
        "UPDATE followup_sweep SET ran_at = now() - make_interval(mins => %s) WHERE name = %s",
        minutes,
        name,
    )


def test_it_rings_until_both_sweeps_have_run(client):
    assert asked(client) == (503, "last look for due checks: none yet; last delivery: none yet")
    with as_worker():
        drain()
        assert not reminder_health().well
        open_due_checks()
    assert asked(client) == (200, "none is late, 0 failed")


@pytest.mark.parametrize(
    ("name", "says"),
    [
        (
            "open_due_checks",
            "last look for due checks: 16 minutes ago; last delivery: 0 minutes ago",
        ),
        ("drain", "last look for due checks: 0 minutes ago; last delivery: 16 minutes ago"),
    ],
)
def test_it_rings_when_a_sweep_stands_still_though_no_reminder_is_late(client, name, says):
    with as_worker():
        open_due_checks()
        drain()
    age(name, 14)
    assert asked(client) == (200, "none is late, 0 failed")
    age(name, 16)
    assert reminder_health().late_minutes == 0
    assert asked(client) == (503, says)


@pytest.mark.parametrize("broken", ["OPEN", "REMIND", "MISSED", "EXPIRED", "NEVER_PLANNED"])
def test_it_rings_when_checks_cannot_be_opened_while_delivery_goes_on(client, monkeypatch, broken):
    World()
    with as_worker():
        open_due_checks()
        age("open_due_checks", 16)
        monkeypatch.setattr(sweep, broken, "SELECT 1 / 0")
        with pytest.raises(DatabaseError):
            open_due_checks()
        drain()
    status, says = asked(client)
    assert status == 503
    assert says.startswith("last look for due checks: 16 minutes ago")


def test_one_query_asks_for_all_of_it(django_assert_num_queries):
    with django_assert_num_queries(1):
        reminder_health()
