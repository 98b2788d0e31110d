"""The age limit of a list is that of the fact that is as old as the list: set in the admin, and held on every page."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.acting import acting_as
from cases.derivations import DATED
from cases.loading import load as load_record_data
from cases.models import Case, ReadinessVersion, Section
from cases.presenters.rules import LISTS
from cases.readiness import Standing
from cases.rules import counts_of, readiness_of, with_rules
from cases.services.history import set_complete
from cases.services.iraes import review_all_organs
from cases.services.sections import locked_version
from cases.services.steroids import set_second_line_complete
from cases.services.tumour import save_metastases
from tests.factories.people import make_user
from tests.factories.record import add_course, make_case
from tests.integration.test_cases_pages import sign_in
from ui.partial_dates import parse_partial_date, render_day

pytestmark = pytest.mark.django_db
COURSE = {"drugs": ["pembrolizumab"], "start": parse_partial_date("2023")}


def on(days_ago: int):
    return parse_partial_date(render_day(timezone.localdate() - timedelta(days=days_ago)))


def courses(lock, days):
    set_complete(**lock(Section.COURSES), key=Section.COURSES, complete=True, on=on(days))


def steroids(lock, days):
    set_complete(**lock(Section.STEROIDS), key=Section.STEROIDS, complete=True, on=on(days))


def second_line(lock, days):
    set_second_line_complete(**lock(Section.STEROIDS), complete=True, on=on(days))


def sites(lock, days):
    save_metastases(**lock(Section.TUMOUR), sites={}, complete=True, on=on(days))


def organs(lock, days):
    day = timezone.localdate() - timedelta(days=days)
    review_all_organs(**lock(Section.IRAES), on=day)


# What says that a list is complete, and every fact that is as old as the list.
SAID = {
    courses: ("prior_courses", "prior_includes_ctla4", "prior_includes_pd1_pdl1"),
    organs: ("irae_any", "organs_asked"),
    steroids: ("steroid_now", "steroid_not_tapered"),
    second_line: ("immunosuppressant_now",),
    sites: ("liver_metastases", "brain_metastases"),
}


def test_every_list_that_a_fact_rests_on_is_named_and_none_else():
    assert {key for keys in SAID.values() for key in keys} == LISTS.keys()
    assert LISTS.keys() <= DATED


def fresh(case) -> Case:
    return with_rules(Case.objects.select_related("facts", "patient__identity")).get(pk=case.pk)


@pytest.mark.parametrize(("say", "key"), [(say, key) for say, keys in SAID.items() for key in keys])
def test_a_list_is_stale_one_day_after_its_limit_and_current_until_then(member, board, say, key):
    case = make_case(member, board)
    add_course(member, case, **COURSE, stop=parse_partial_date("2024"))

    def lock(section):
        return {"by": member, "case": case, "version": locked_version(case, section)}

    rule = {"fact": key, "when": None, "age_limit_days": 40}
    if key in ("steroid_now", "steroid_not_tapered", "immunosuppressant_now"):
        # What is said of a dose ends to hold with the limit: it is asked for anew, not called stale.
        gone = Standing.MISSING
    else:
        gone = Standing.STALE
    held = {"steroid_not_tapered": "steroid_now"}.get(key, key)
    rows = [rule] if held == key else [rule, {**rule, "fact": held}]
    ReadinessVersion.objects.create(
        number=9, rules=rows, published_at=timezone.now(), vocabulary_version=2
    )
    for days, standing in ((41, gone), (40, Standing.CURRENT)):
        with acting_as(member):
            say(lock, days)
        found = readiness_of(fresh(case)).by_key[key]
        assert (found.standing, found.limit) == (standing, 40)
        settled, total = counts_of(fresh(case))
        assert (settled == total) is (standing is Standing.CURRENT)


def standing(member, case) -> Standing:
    with acting_as(member):
        return readiness_of(fresh(case)).by_key["prior_courses"].standing


def test_a_curator_finds_where_the_limit_of_a_list_is_set_and_sets_it(client, member, board):
    load_record_data()
    case, author = make_case(member, board), make_user("curator", board, is_staff=True)
    second = make_user("curator", board, is_staff=True)
    add_course(member, case, **COURSE)
    with acting_as(member):
        courses(lambda s: {"by": member, "case": case, "version": locked_version(case, s)}, 31)
    add = reverse("admin:cases_readinessversion_add")
    page = sign_in(client, author).get(add).content.decode()
    assert "list of ICI courses: prior_courses, prior_includes_ctla4" in page
    assert "organs asked about: irae_any, organs_asked" in page
    assert "No fact rests on the lists of other treatment and of response assessments" in page
    rows = ReadinessVersion.objects.get().rules
    limited = [{**r, "age_limit_days": 30} if r["fact"] == "prior_courses" else r for r in rows]
    client.post(add, {"note": "List of courses", "rules": json.dumps(limited)})
    draft = ReadinessVersion.objects.get(number=2)
    change = reverse("admin:cases_readinessversion_change", args=[draft.pk])
    html = client.get(change).content.decode()
    assert "(list of ICI courses)</b>: <del>always</del> → <ins>always; stale after 30 days" in html
    assert standing(member, case) is Standing.CURRENT
    step = "admin:cases_readinessversion_step"
    client.post(reverse(step, args=[draft.pk, "submit"]))
    shown = client.get(change).content.decode().split('name="shown" value="')[1].split('"')[0]
    sign_in(client, second).post(reverse(step, args=[draft.pk, "publish"]), {"shown": shown})
    assert standing(member, case) is Standing.STALE
    url = reverse("cases:detail", args=[case.public_id])
    assert "31 days" in sign_in(client, member).get(url).content.decode()
