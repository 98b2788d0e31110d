"""What the patient bar says of driver genes where the record is not at hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from cases.derivations.tumour import driver_facts
from cases.presenters.patient import _drivers
from evidence.conditions import Fact, FactState

NEGATIVE = dict.fromkeys(("EGFR", "ALK", "ROS1"), Fact.known("negative"))


@pytest.mark.parametrize("more", [{}, {"RET": Fact.known("positive")}])
def test_only_the_three_genes_behind_the_fact_are_called_negative(more: dict[str, Fact]) -> None:
    case: Any = SimpleNamespace(patient=SimpleNamespace(record_is_fetched=False))
    assert _drivers(case, driver_facts({**NEGATIVE, **more})) == "EGFR, ALK, ROS1 negative"


def test_a_gene_without_a_result_leaves_it_open() -> None:
    case: Any = SimpleNamespace(patient=SimpleNamespace(record_is_fetched=False))
    told = _drivers(case, driver_facts({**NEGATIVE, "ALK": Fact.absent(FactState.NOT_YET)}))
    assert "negative" not in told
