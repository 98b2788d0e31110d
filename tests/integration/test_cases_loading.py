"""The record's curated data as delivered."""

from __future__ import annotations

import json
from decimal import Decimal
from importlib import import_module

import pytest
from django.apps import apps
from django.db import DatabaseError, transaction
from django.utils import timezone

from cases.derivations.measured import Scale
from cases.loading import DATA, load
from cases.models import Analyte, DossierItem, ReadinessVersion
from cases.rules import current_rules
from evidence.conditions import FACTS
from tests.factories.people import make_user

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
        assert analyte.scales[analyte.unit] == Scale(Decimal(1))
        assert all(scale.factor > 0 for scale in analyte.scales.values())
    assert set(DossierItem.objects.exclude(fact="").values_list("fact", flat=True)) <= set(FACTS)


def test_published_rules_of_readiness_are_frozen():
    load()
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        ReadinessVersion.objects.update(note="changed")


def test_rules_of_readiness_delivered_anew_follow_those_that_nobody_here_published(board):
    old = [{"fact": "ecog", "when": None, "age_limit_days": 28}]
    ReadinessVersion.objects.create(
        number=1, rules=old, note="As delivered", published_at=timezone.now(), vocabulary_version=3
    )
    assert load()["rules of readiness"] == 1
    assert current_rules().number == 2
    assert "liver_tumour_at_hepatitis" in {rule.fact for rule in current_rules().rules}
    assert load()["rules of readiness"] == 0
    curator = make_user("curator", board, is_staff=True)
    ReadinessVersion.objects.create(
        number=3, rules=old, published_at=timezone.now(), published_by=curator, vocabulary_version=3
    )
    assert load()["rules of readiness"] == 0
    assert current_rules().number == 3


def test_items_that_are_there_are_given_the_facts_that_are_new():
    load()
    DossierItem.objects.filter(fact__in=("dlco", "spo2_lowest")).update(fact="")
    DossierItem.objects.filter(code="lung_dlco").update(fact="tmb")
    import_module("cases.migrations.0041_items_answer_facts").answer(apps, None)
    said = dict(DossierItem.objects.filter(organ="lung").values_list("code", "fact"))
    assert (said["lung_spo2"], said["lung_dlco"], said["lung_bal"]) == ("spo2_lowest", "tmb", "")
    delivered = dict(DossierItem.objects.exclude(code="lung_dlco").values_list("code", "fact"))
    rows = json.loads((DATA / "dossier_items.json").read_text())["items"]
    assert {r["code"]: r["fact"] for r in rows if r["code"] != "lung_dlco"} == delivered
