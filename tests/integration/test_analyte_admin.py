"""Analytes in the curators' admin: who may, what is refused beside the field, and that changes have a history."""

from __future__ import annotations

import json

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.acting import acting_as
from audit.models import TrailEntry
from cases.forms.analytes import is_loinc
from cases.models import Analyte
from cases.services.analytes import save_analyte
from tests.factories.labs import analytes
from tests.factories.people import make_user
from tests.integration.test_cases_pages import sign_in

pytestmark = pytest.mark.django_db
VALID = {
    "code": "ferritin", "label": "Ferritin", "loinc": "2276-4", "unit": "ug/L",
    "units": '{"ug/L": "1", "ng/mL": "1"}', "plausible_low": "1", "plausible_high": "100000", "position": "40",
    "active": "on",
}  # fmt: skip
ADD = "admin:cases_analyte_add"


@pytest.fixture
def curator(board):
    return make_user("curator", board, is_staff=True)


def test_a_curator_adds_an_analyte(client, curator):
    assert sign_in(client, curator).post(reverse(ADD), VALID).status_code == 302
    row = Analyte.objects.get(code="ferritin")
    assert row.units == {"ug/L": "1", "ng/mL": "1"}
    with acting_as(curator):
        assert TrailEntry.objects.get(kind="analyte.saved").subject_id == row.pk


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("units", '{"ug/L": "1", "ng/mL": "0"}', "a number above 0"),
        ("units", '{"ug/L": "1", "ng/mL": 1}', "a number above 0"),
        ("units", '{"ug/L": "1", "ng/mL": "many"}', "a number above 0"),
        ("units", '{"ug/L": "1", "ng/mL": "NaN"}', "a number above 0"),
        ("units", '{"ng/mL": "1"}', "has to be among the units"),
        ("units", '{"ug/L": "2"}', "has to be among the units"),
        ("units", '["ug/L"]', "Enter units and factors"),
        ("units", '{"ug/L": "1", "": "1"}', "A unit has 1 to 20 characters"),
        ("plausible_high", "1", "above where the range begins"),
        ("plausible_low", "-1", "below 0"),
        ("loinc", "2276-5", "check digit"),
        ("loinc", "abc", "check digit"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(client, curator, field, value, words):
    answer = sign_in(client, curator).post(reverse(ADD), {**VALID, field: value})
    assert answer.status_code == 200
    assert words in answer.content.decode().replace("&quot;", '"')
    assert not Analyte.objects.filter(code="ferritin").exists()


def test_a_change_has_a_history_and_the_canonical_unit_stays(client, curator):
    row = analytes()["ldh"]
    url = reverse("admin:cases_analyte_change", args=[row.pk])
    units = {**row.units, "ukat/L": "60.0"}
    changed = {
        **VALID, "label": "Lactate dehydrogenase", "loinc": row.loinc, "code": "other", "unit": "kU/L",
        "units": json.dumps(units),
    }  # fmt: skip
    assert sign_in(client, curator).post(url, changed).status_code == 302
    row.refresh_from_db()
    assert (row.code, row.unit, row.label) == ("ldh", "U/L", "Lactate dehydrogenase")
    assert row.units["ukat/L"] == "60.0"
    html = client.get(url).content.decode()
    for told in ("LDH;", "Lactate dehydrogenase;", "ukat/L × 60.0", curator.name):
        assert told in html, told


def test_nothing_is_deleted(client, curator):
    row = analytes()["ldh"]
    url = reverse("admin:cases_analyte_delete", args=[row.pk])
    assert sign_in(client, curator).post(url, {"post": "yes"}).status_code == 403
    assert Analyte.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("role", ["member", "chair", "administrator"])
def test_nobody_else_curates(client, board, role):
    user = make_user(role, board, is_staff=True)
    row = analytes()["ldh"]
    for url in (
        reverse("admin:cases_analyte_changelist"),
        reverse("admin:cases_analyte_change", args=[row.pk]),
        reverse(ADD),
    ):
        assert sign_in(client, user).get(url).status_code == 403
    with pytest.raises(PermissionDenied):
        save_analyte(by=user, analyte=row)


def test_list_shows_what_is_questioned(client, curator):
    analytes()
    html = sign_in(client, curator).get(reverse("admin:cases_analyte_changelist")).content.decode()
    assert "10⁹/L" in html
    assert "0 – 50" in html


def test_every_loinc_code_delivered_is_one():
    assert all(is_loinc(row.loinc) for row in analytes().values())
    assert not is_loinc("731-1")
    assert not is_loinc("731")


def test_every_analyte_delivered_would_be_accepted():
    from cases.forms.analytes import AnalyteForm

    for row in analytes().values():
        data = {name: getattr(row, name) for name in AnalyteForm.Meta.fields}
        form = AnalyteForm({**data, "units": json.dumps(row.units)}, instance=row)
        assert form.is_valid(), (row.code, form.errors)
