"""An agent that is called otherwise since a plan was opened is still the agent of that plan."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from cases.loading import load
from cases.models import ListedDrug
from followup.services.courses import drugs_of

pytestmark = pytest.mark.django_db


def named(*names):
    return SimpleNamespace(regimen_label=", ".join(names))


def test_a_plan_knows_its_agents_by_what_they_were_called():
    load()
    ListedDrug.objects.filter(code="kn046").update(label="erfonrilimab")
    ListedDrug.objects.filter(code="kn046").update(label="erfonrilimab (KN046)")
    assert drugs_of(named("pembrolizumab", "erfonrilimab")) == ["pembrolizumab", "kn046"]
    assert drugs_of(named("KN046")) == ["kn046"]
    assert drugs_of(named("carboplatin", "pembrolizumab")) == []
