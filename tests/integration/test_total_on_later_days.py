"""How much steroid a check found in all is read the same on a later day, in memory and in SQL, until it is too old."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.acting import acting_as
from cases.models import Case, CaseFacts
from cases.services.steroids import say_steroid_total
from evidence.conditions import Answer, read
from evidence.conditions.facts import MISSING, Fact
from tests.factories.answers import answer_of
from tests.factories.record import make_case

pytestmark = pytest.mark.django_db
TWENTY = Fact.number(Decimal(20))


@pytest.mark.parametrize(
    ("days", "wanted"), [(0, TWENTY), (1, TWENTY), (14, TWENTY), (15, MISSING)]
)
def test_a_total_rests_on_no_list(member, board, days, wanted):
    case = make_case(member, board)
    today = timezone.localdate()
    with acting_as(member):
        say_steroid_total(by=member, case=case, mg_per_day=Decimal(20), on=today)
    case = Case.objects.get(pk=case.pk)
    assert case.patient.steroids_complete_as_of is None
    on = today + timedelta(days=days)
    assert case.facts.as_facts(on)["steroid_now"] == wanted
    node = read({"fact": "steroid_now", "op": "<=", "value": 20})
    with acting_as(member):
        found = answer_of(CaseFacts.objects.all(), node, as_of=on)
    assert found is (Answer.TRUE if wanted == TWENTY else Answer.UNDETERMINED)
