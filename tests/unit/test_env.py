"""Reading the variables: each fault is said, none hides the others, and no secret is shown."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from rechallenge.env import VARIABLES, Environment

LONG = "r4nd0m-p13ce-" * 6


@pytest.fixture
def given(monkeypatch):
    """Set these variables and no other of the product's; return what reads them."""

    def make(**values):
        for variable in VARIABLES:
            monkeypatch.delenv(variable.name, raising=False)
        for name, value in values.items():
            monkeypatch.setenv(name, value)
        return Environment()

    return make


def test_a_default_stands_in_for_what_is_not_set_and_what_is_required_is_named(given):
    environment = given(RECHALLENGE_HOSPITAL="St Example")
    assert environment.text("RECHALLENGE_HOSPITAL") == "St Example"
    assert environment.text("RECHALLENGE_LOG_LEVEL") == "INFO"
    assert environment.text("RECHALLENGE_SECRET_KEY") == ""
    assert environment.faults == [
        "RECHALLENGE_SECRET_KEY is not set: signs sessions and tokens; at least 50 characters."
    ]


@pytest.mark.parametrize(
    ("written", "meant"),
    [("1", True), ("True", True), ("yes", True), ("on", True), ("0", False), ("No", False), ("off", False)],
)  # fmt: skip
def test_yes_and_no_in_the_usual_words(given, written, meant):
    environment = given(RECHALLENGE_DEMO=written)
    assert environment.flag("RECHALLENGE_DEMO") is meant
    assert environment.faults == []


def test_any_other_word_for_yes_or_no_is_a_fault(given):
    environment = given(RECHALLENGE_DEMO="perhaps")
    assert environment.flag("RECHALLENGE_DEMO") is False
    assert environment.faults == ["RECHALLENGE_DEMO is 'perhaps': say true or false."]


@pytest.mark.parametrize(
    ("debug", "value", "faults"),
    [
        ("false", LONG, []),
        ("false", "short", ["RECHALLENGE_SECRET_KEY has 5 characters: give it at least 50."]),
        (
            "false",
            f"development-only-not-secret-{LONG}",
            ["RECHALLENGE_SECRET_KEY is the development default: give it a random value."],
        ),
        ("true", "short", []),
        ("true", "development-only-not-secret", []),
    ],
)
def test_a_weak_secret_is_refused_outside_debug(given, debug, value, faults):
    environment = given(RECHALLENGE_DEBUG=debug, RECHALLENGE_SECRET_KEY=value)
    assert environment.secret("RECHALLENGE_SECRET_KEY", least=50) == value
    assert environment.faults == faults


def test_each_of_several_secrets_is_judged(given):
    name = "RECHALLENGE_SECRET_KEY_FALLBACKS"
    environment = given(RECHALLENGE_DEBUG="false", **{name: f"{LONG}, short,"})
    assert environment.secrets(name, least=50) == [LONG, "short"]
    assert environment.faults == [f"{name} has 5 characters: give it at least 50."]
    assert given(RECHALLENGE_DEBUG="false").secrets(name, least=50) == []


def test_a_secret_that_is_missing_is_said_once(given):
    environment = given()
    environment.secret("RECHALLENGE_SECRET_KEY", least=50)
    assert len(environment.faults) == 1
    assert environment.faults[0].startswith("RECHALLENGE_SECRET_KEY is not set")
    environment = given()
    environment.secret("RECHALLENGE_SEAL_KEY", least=32)
    assert environment.faults == [], "who seals refuses by itself"


def test_a_choice_is_one_of_those_allowed(given):
    environment = given(RECHALLENGE_DB_ROLE="root")
    environment.choice("RECHALLENGE_DB_ROLE", ("app", "worker"))
    assert environment.faults == ["RECHALLENGE_DB_ROLE is 'root': one of app, worker."]
    environment = given(RECHALLENGE_DB_ROLE="app")
    assert environment.choice("RECHALLENGE_DB_ROLE", ("app", "worker")) == "app"
    assert environment.faults == []


def test_an_address_of_something_else_is_refused_without_showing_it(given):
    environment = given(DATABASE_URL="mysql://somebody:hush@place/x")
    environment.address("DATABASE_URL", ("postgres", "postgresql"), "PostgreSQL")
    (fault,) = environment.faults
    assert "start it with postgres:// or postgresql://" in fault
    assert "hush" not in fault
    environment = given(DATABASE_URL="postgresql://somebody:hush@place/x")
    environment.address("DATABASE_URL", ("postgres", "postgresql"), "PostgreSQL")
    assert environment.faults == []


def test_a_zone_and_a_time_of_day(given):
    environment = given(RECHALLENGE_TIME_ZONE="Europe/Nowhere", RECHALLENGE_REMINDERS_FROM="7 am")
    environment.zone("RECHALLENGE_TIME_ZONE")
    environment.clock("RECHALLENGE_REMINDERS_FROM")
    assert environment.faults == [
        "RECHALLENGE_TIME_ZONE is 'Europe/Nowhere': no zone of that name, such as Europe/London.",
        "RECHALLENGE_REMINDERS_FROM is '7 am': a time of day such as 07:00.",
    ]
    environment = given(RECHALLENGE_TIME_ZONE="Europe/Paris")
    assert environment.zone("RECHALLENGE_TIME_ZONE") == "Europe/Paris"
    assert environment.clock("RECHALLENGE_REMINDERS_FROM") == "07:00"
    assert environment.faults == []


def test_every_fault_is_in_the_one_refusal_and_none_means_no_refusal(given):
    environment = given(RECHALLENGE_DEMO="perhaps")
    environment.flag("RECHALLENGE_DEMO")
    environment.text("REDIS_URL")
    with pytest.raises(ImproperlyConfigured) as refused:
        environment.refuse()
    assert "RECHALLENGE_DEMO is 'perhaps'" in str(refused.value)
    assert "REDIS_URL is not set" in str(refused.value)
    given().refuse()
