"""The record's curated data as delivered."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from cases.loading import load
from cases.models import Analyte, DossierItem, ReadinessVersion
from evidence.conditions import FACTS

pytestmark = pytest.mark.django_db


def test_what_is_delivered_is_loaded_once():
    first = load()
    assert first["analytes"] > 20
    assert first["dossier items"] > 60
    assert load() == dict.fromkeys(first, 0)


def test_what_a_curator_changed_stays():
    load()
    Analyte.objects.filter(code="alt").update(label="ALAT")
    DossierItem.objects.filter(code="lung_spo2").update(active=False)
    load()
    assert Analyte.objects.get(code="alt").label == "ALAT"
    assert not DossierItem.objects.get(code="lung_spo2").active


def test_units_convert_into_the_canonical_one_and_facts_exist():
    load()
    for analyte in Analyte.objects.all():
        assert Decimal(analyte.units[analyte.unit]) == 1
        assert all(Decimal(factor) > 0 for factor in analyte.units.values())
    assert set(DossierItem.objects.exclude(fact="").values_list("fact", flat=True)) <= set(FACTS)


def test_published_rules_of_readiness_are_frozen():
    load()
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        ReadinessVersion.objects.update(note="changed")
