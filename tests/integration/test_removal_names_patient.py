"""The page that asks before a row is removed says whose record it is of."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.acting import acting_as
from cases.loading import load as load_record_data
from cases.models import LabResult
from tests.factories.labs import make_many
from tests.factories.record import CANARY, add_course, make_case
from tests.integration.test_cases_pages import sign_in

pytestmark = pytest.mark.django_db


def test_an_item_and_a_result(client, member, board):
    load_record_data()
    case = make_case(member, board)
    course = add_course(member, case, drugs=["nivolumab"])
    with acting_as(member):
        make_many(member, case, 1)
        result = LabResult.objects.filter(patient=case.patient).first()
    at = [case.public_id]
    for url in (
        reverse("cases:item_remove", args=[*at, "courses", course.public_id]),
        reverse("cases:result_remove", args=[*at, result.public_id]),
    ):
        html = sign_in(client, member).get(url).content.decode()
        assert CANARY.lower() in html.lower() and case.reference in html, url
        assert f'href="{reverse("cases:detail", args=at)}' in html
