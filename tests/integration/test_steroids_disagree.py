"""A total that a check found and the courses that are entered: asked without replacement, and never silently lower."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.acting import acting_as
from accounts.models import Board
from cases.models import CaseFacts, CaseSection
from cases.services.steroids import save_steroid, say_steroid_total
from followup.forms.checks import ResultForm
from tests.factories.record import make_case
from tests.integration.test_cases_pages import sign_in

pytestmark = pytest.mark.django_db


def save(by, case, mg, on, row=None, **more):
    version = CaseSection.objects.get(case=case, key="steroids").version
    values = {
        "drug": "prednisone", "drug_state": "known", "now_mg_per_day": Decimal(mg),
        "now_mg_per_day_state": "known", "now_on": on, **more,
    }  # fmt: skip
    public_id = row.public_id if row else None
    return save_steroid(by=by, case=case, version=version, values=values, public_id=public_id)


def test_the_page_says_that_a_check_found_less_until_the_course_is_brought_up_to_date(
    client, member, board
):
    case, today = make_case(member, board), timezone.localdate()
    with acting_as(member):
        row = save(member, case, "15", today - timedelta(days=3))
        say_steroid_total(by=member, case=case, mg_per_day=Decimal("5"), on=today)
    found = CaseFacts.objects.get(case=case)
    assert (found.steroid_now_low, found.steroid_now_high) == (5, 15)
    page = reverse("cases:detail", args=[case.public_id])
    html = sign_in(client, member).get(page).content.decode()
    assert "in all 5 mg/day without replacement on" in html
    assert "the courses entered add up to 15" in html
    with acting_as(member):
        save(member, case, "5", today, row)
    found.refresh_from_db()
    assert (found.steroid_now_low, found.steroid_now_high) == (5, 5)
    assert "in all 5" not in client.get(page).content.decode()


@pytest.mark.parametrize(("mg", "low"), [("5", 5), ("0", None)])
def test_a_steroid_of_unknown_equivalent_leaves_what_a_check_found_open_and_the_page_says_so(
    client, member, board, mg, low
):
    case, today = make_case(member, board), timezone.localdate()
    with acting_as(member):
        save(member, case, "6", today - timedelta(days=3), drug="other", name="deflazacort")
        say_steroid_total(by=member, case=case, mg_per_day=Decimal(mg), on=today)
    found = CaseFacts.objects.get(case=case)
    assert (found.steroid_now_low, found.steroid_now_high) == (low, None)
    html = (
        sign_in(client, member).get(reverse("cases:detail", args=[case.public_id])).content.decode()
    )
    assert f"in all {mg} mg/day without replacement on" in html
    assert "a course entered has no known equivalent and may come on top" in html


def test_the_dose_is_asked_for_without_replacement():
    measures = [{"code": "prednisone", "label": "Dose", "unit": "mg/day"}]
    step = SimpleNamespace(critical=False)
    both = [*measures, {**measures[0], "code": "alt"}]
    plan = SimpleNamespace(case=SimpleNamespace(board=Board()))
    check: Any = SimpleNamespace(version=1, step=step, measures=both, plan=plan)
    form = ResultForm(check=check)
    assert "without what only replaces" in str(form["value-prednisone"].help_text)
    assert not form["value-alt"].help_text
