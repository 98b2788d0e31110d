"""A row of the spreadsheet about an irAE is refused where the form would be."""

from __future__ import annotations

import pytest

from cases.loading import load
from cases.models import IrAE
from tests.factories.spreadsheets import IRAE, WHOLE, file_of, imported, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def by(coordinator, acting):
    load()
    with acting(coordinator):
        yield coordinator


NEVER = {"Grade now": "2", "Resolved": "May 2024"}
OTHER = {**IRAE, "Event": "autoimmune_other", "Which organ": "untold"}


@pytest.mark.parametrize(
    ("row", "problems"),
    [
        ({**IRAE, **NEVER}, [("Resolved", "Resolved: clear the day, or correct the grade now, which is 2")]),
        ({**IRAE, **NEVER, "Grade now": "1"}, []),
        ({**OTHER, "Which event": "toxic epidermal-necrolysis"},
         [("Which event", "Which event: “Toxic epidermal necrolysis” is on the list: choose it there")]),
        ({**OTHER, "Which event": "scleritis", "Which organ": "Several organs, or cannot be told"}, []),
    ],
)  # fmt: skip
def test_a_row_is_held_as_the_form_is(by, board, row, problems):
    outcome = imported(by, board, file_of(**{**WHOLE, "iraes": [row]}))
    assert [(heading, words) for _s, _n, heading, words in told(outcome)] == problems
    assert IrAE.objects.filter(entity=row["Event"]).count() == (0 if problems else 1)
