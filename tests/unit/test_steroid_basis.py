"""The dose of a replacement, among what the steroid dose of today is worked out from."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest

from cases.presenters.bases import _dose

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("mg", "listed", "words"),
    [
        # More than the body makes is a dose like any other, and may be out of date.
        (60, None, "Hydrocortisone 60 mg/day on 1 March 2026, replacement, out of date"),
        # What replaces for life is raised in illness: it holds where the list was called complete since.
        (20, None, "Hydrocortisone 20 mg/day on 1 March 2026, replacement, out of date"),
        (
            20,
            date(2026, 2, 28),
            "Hydrocortisone 20 mg/day on 1 March 2026, replacement, out of date",
        ),
        (
            20,
            date(2026, 11, 5),
            "Hydrocortisone 20 mg/day on 1 March 2026, replacement, out of date",
        ),
        (20, date(2026, 11, 6), "Hydrocortisone 20 mg/day on 1 March 2026, replacement"),
    ],
)
def test_replacement_says_that_it_is_out_of_date(mg, listed, words):
    row = SimpleNamespace(
        pk=1,
        drug="hydrocortisone",
        called="Hydrocortisone",
        now_mg_per_day=Decimal(mg),
        now_mg_per_day_state="known",
        now_on=date(2026, 3, 1),
        now_day_said=True,
        doses=SimpleNamespace(all=list),
        indication="adrenal_replacement",
        indication_state="known",
        not_tapered=None,
        not_tapered_state="missing",
        stop_earliest=None,
        stop_latest=None,
        stop_state="missing",
    )
    patient = SimpleNamespace(
        steroids=SimpleNamespace(all=lambda: [row]), steroids_complete_as_of=listed
    )
    assert _dose(SimpleNamespace(rules_now=0, patient=patient), row, TODAY) == words
