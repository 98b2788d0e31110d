"""Two saves of one section at the same moment, and rows that only one of two forms has."""

from __future__ import annotations

import pytest

from accounts.acting import act
from cases.models import CaseSection, SteroidCourse
from cases.services import history
from tests.integration.test_cases_pages import sign_in
from tests.integration.test_cases_steroids import STEPS, TYPED
from tests.integration.test_cases_together import at, case, opened, sent_by, values_of

__all__ = ["case"]
pytestmark = pytest.mark.django_db


def test_steps_that_one_emptied_while_another_saved_are_joined(client, member, chair, case):
    fourth = {"dose_from_4": "May 2025", "dose_mg_4": "2.5"}
    sign_in(client, chair).post(at(case, "steroids/add"), {**TYPED, **STEPS, **fourth})
    url = at(case, f"steroids/{SteroidCourse.objects.get().public_id}")
    form = opened(sign_in(client, member), url)
    theirs = opened(sign_in(client, chair), url) | {"drug": "methylprednisolone"}
    assert client.post(url, theirs).status_code == 302
    emptied = {f"dose_{what}_{n}": [""] for what in ("from", "mg") for n in (2, 3, 4)}
    answer = sign_in(client, member).post(url, form | emptied)
    assert answer.status_code == 409
    html = answer.content.decode()
    assert "mg a day, step 4" in html
    answer = client.post(url, sent_by(html, url))
    assert answer.status_code == 302
    assert list(SteroidCourse.objects.get().doses.values_list("mg_per_day", flat=True)) == [62.5]


@pytest.mark.parametrize("of_both", [False, True])
def test_a_save_at_the_same_moment_is_told_and_the_next_press_joins(
    client, member, chair, case, monkeypatch, of_both
):
    url = at(case, "sections/fitness")
    form = opened(sign_in(client, member), url)
    theirs = opened(sign_in(client, chair), url) | {
        "ecog": "2",
        **({"height_cm": "170"} if of_both else {}),
    }
    store, moments = history.save_fitness, []

    def coinciding(*, by, **values):
        if by == member and not moments:
            moments.append(1)
            client.force_login(chair)
            client.post(url, theirs)
            client.force_login(member)
            act(member)
        store(by=by, **values)

    monkeypatch.setattr(history, "save_fitness", coinciding)
    answer = sign_in(client, member).post(url, form | {"height_cm": "171"})
    assert answer.status_code == 409
    html = answer.content.decode()
    assert f"{chair.name} saved at the same moment" in html
    kept = sent_by(html, url)
    assert kept["height_cm"] == ["171"]
    answer = client.post(url, kept)
    assert answer.status_code == 409
    html = answer.content.decode()
    assert ('name="take-height_cm"' in html) is of_both
    answer = client.post(url, sent_by(html, url) | {"take-height_cm": "mine"})
    assert answer.status_code == 302
    wanted = {"ecog": "2", "height_cm": "171"}
    assert values_of(client, url, wanted) == wanted
    assert CaseSection.objects.get(case=case, key="fitness").version == 3
