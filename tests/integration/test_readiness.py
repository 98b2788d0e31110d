"""Readiness on the pages: stale facts are named and stay known, counts need no query, tasks close when current."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.acting import acting_as
from cases.changelog import saves_of
from cases.loading import load as load_record_data
from cases.models import (
    Background,
    Case,
    CaseFacts,
    CaseSection,
    FactTask,
    Patient,
    ReadinessVersion,
)
from cases.rules import counts_of, readiness_of, stale_of, with_rules
from cases.services import history
from cases.services.facts import refresh_facts
from cases.services.saying import still_holds
from cases.services.tasks import owe_fact
from evidence.conditions import FactState, evaluate, parse
from tests.factories.record import make_case
from tests.integration.test_cases_pages import sign_in
from ui.partial_dates import parse_partial_date, render_day

pytestmark = pytest.mark.django_db
FIT = parse({"fact": "ecog", "op": "<=", "value": 1})


@pytest.fixture
def case(member, board):
    load_record_data()
    found = make_case(member, board)
    FactTask.objects.filter(case=found).delete()
    return found


def assess(member, case, days_ago: int) -> None:
    day = parse_partial_date(render_day(timezone.localdate() - timedelta(days=days_ago)))
    with acting_as(member):
        history.save_fitness(
            by=member, case=case, version=version(case, "fitness"),
            status={"ecog": 1, "ecog_state": "known", "assessed": day},
        )  # fmt: skip


def version(case, key: str) -> int:
    return CaseSection.objects.get(case=case, key=key).version


def fresh(case) -> Case:
    return with_rules(Case.objects.select_related("facts", "patient__identity")).get(pk=case.pk)


def page(client, user, case) -> str:
    url = reverse("cases:detail", args=[case.public_id])
    return sign_in(client, user).get(url).content.decode()


def publish(rules, number=2) -> ReadinessVersion:
    return ReadinessVersion.objects.create(
        number=number, rules=rules, published_at=timezone.now(), vocabulary_version=2
    )


ECOG_RULE = {"fact": "ecog", "when": None, "age_limit_days": 28}


def test_a_stale_fact_stays_known_for_matching_and_is_named_on_the_page(client, member, case):
    assess(member, case, 43)
    facts = fresh(case).facts.as_facts()
    assert facts["ecog"].state is FactState.KNOWN
    assert evaluate(FIT, facts).answer == "true"
    assert "ecog" in readiness_of(fresh(case)).open
    html = page(client, member, case)
    assert html.count("stale: 43 days old, limit 28") == 2, (
        "among the owed facts and in its section"
    )
    assert "1 (stale)" in html
    assess(member, case, 3)
    assert "ecog" not in readiness_of(fresh(case)).open
    assert "43 days old" not in page(client, member, case)


def test_a_fact_without_a_day_is_owed_and_says_so(client, member, case):
    with acting_as(member):
        history.save_fitness(
            by=member, case=case, version=version(case, "fitness"),
            status={"ecog": 1, "ecog_state": "known", "assessed": None},
        )  # fmt: skip
    # It may be years old: neither the counts nor the task call it current.
    assert "ecog" in readiness_of(fresh(case)).open
    html = page(client, member, case)
    assert "day not known, limit 28 days" in html and "1 (may be stale)" in html
    with acting_as(member):
        owe_fact(by=member, case=case, fact="ecog", owner=member, due_on=None)
    assert counts_of(fresh(case)) == (readiness_of(fresh(case)).settled, counts_of(fresh(case))[1])
    assess(member, case, 28)
    assert "ecog" not in readiness_of(fresh(case)).open
    assert FactTask.objects.get(case=case, fact="ecog").done_at is not None


def test_triage_and_agenda_say_what_is_stale(client, chair, member, case):
    from tests.factories.meetings import make_item, make_meeting

    assess(member, case, 43)
    triage = sign_in(client, chair).get(reverse("meetings:triage")).content.decode()
    assert "stale: 43 days old, limit 28" in triage
    with acting_as(chair):
        meeting = make_meeting(chair, case.board)
        make_item(chair, meeting, case)
    agenda = client.get(reverse("meetings:agenda", args=[meeting.public_id])).content.decode()
    assert "ECOG performance status, stale: 43 days old" in agenda


def test_the_count_of_a_list_is_kept_with_the_facts_and_needs_no_query(member, case):
    assess(member, case, 1)
    row = fresh(case)
    counts_of(row)
    row = fresh(case)
    with CaptureQueriesContext(connection) as captured:
        settled, required = counts_of(row)
    assert not captured.captured_queries
    assert (settled, required) == (row.facts.facts_settled, row.facts.facts_required)
    found = readiness_of(row)
    assert (found.settled, found.total) == (settled, required)


def test_the_kept_count_is_made_anew_once_its_day_is_over(member, case):
    assess(member, case, 20)
    before = counts_of(fresh(case))
    row = CaseFacts.objects.get(case=case)
    assert row.counts_until is not None
    today = timezone.localdate()
    said = {**row.said, "ecog": [(today - timedelta(days=30)).isoformat()] * 2}
    over = today - timedelta(days=1)
    CaseFacts.objects.filter(case=case).update(said=said, counts_until=over)
    assert counts_of(fresh(case)) == (before[0] - 1, before[1])


def test_a_list_that_tells_what_is_stale_works_out_no_more_than_it_has_to(
    member, case, monkeypatch
):
    assess(member, case, 43)
    found = stale_of(fresh(case))
    assert [one.key for one in found] == [one.key for one in readiness_of(fresh(case)).stale]
    assert "ecog" in {one.key for one in found}
    assess(member, case, 2)
    monkeypatch.setattr(CaseFacts, "as_facts", None)
    assert stale_of(fresh(case)) == ()


def test_newly_published_rules_hold_at_once_for_every_case(member, case):
    assess(member, case, 10)
    assert counts_of(fresh(case))[1] > 10
    publish([ECOG_RULE])
    assert counts_of(fresh(case)) == (1, 1)
    publish([{**ECOG_RULE, "age_limit_days": 5}], number=3)
    assert counts_of(fresh(case)) == (0, 1)
    ReadinessVersion.objects.create(number=4, rules=[], vocabulary_version=2)
    assert counts_of(fresh(case)) == (0, 1), "a draft holds for nobody"


def test_an_owed_fact_that_comes_stale_stays_owed_and_one_that_is_current_is_settled(member, case):
    with acting_as(member):
        owe_fact(by=member, case=case, fact="ecog", owner=member, due_on=None)
    task = FactTask.objects.get(case=case, fact="ecog")
    assess(member, case, 43)
    task.refresh_from_db()
    assert task.done_at is None, "the value came too old: somebody still owes a new one"
    assess(member, case, 2)
    task.refresh_from_db()
    assert task.done_at is not None


def test_a_stale_fact_is_given_to_somebody_and_settled_by_a_new_value(client, member, case):
    assess(member, case, 43)
    with acting_as(member):
        owe_fact(by=member, case=case, fact="ecog", owner=member, due_on=None)
    assert member.name in page(client, member, case)
    assert fresh(case).facts.as_facts()["ecog"].state is FactState.KNOWN
    assess(member, case, 0)
    assert not FactTask.objects.filter(case=case, done_at=None).exists()


def old_status(member, case) -> None:
    with acting_as(member):
        history.save_question(
            by=member, case=case, version=version(case, "question"),
            values={"disease_status": "controlled", "disease_status_state": "known"},
        )  # fmt: skip
        day = timezone.localdate() - timedelta(days=40)
        Case.objects.filter(pk=case.pk).update(disease_status_on=day)
        history.save_question(
            by=member, case=case, version=version(case, "question"), values={"urgent": True}
        )


def test_saving_something_else_does_not_say_the_status_anew_and_one_press_does(
    client, member, case
):
    old_status(member, case)
    assert "disease_status" in readiness_of(fresh(case)).open
    assert "Still so today" in page(client, member, case)
    url = reverse("cases:still", args=[case.public_id, "disease_status"])
    old = version(case, "question")
    assert client.post(url, {"version": old - 1}).status_code == 302
    assert "disease_status" in readiness_of(fresh(case)).open, "somebody saved meanwhile"
    assert client.post(url, {"version": old}).status_code == 302
    fragment = client.post(url, {"version": old + 1}, headers={"HX-Request": "true"})
    assert "Still so today" not in fragment.content.decode()
    assert "said anew as of today" in fragment.content.decode()
    labels = {change.label for save in saves_of(case)[0] for change in save.changes}
    assert "The disease today, said on" in labels
    row = fresh(case)
    assert row.disease_status == "controlled"
    assert row.disease_status_on == timezone.localdate()
    assert "disease_status" not in readiness_of(row).open


def test_a_measured_fact_cannot_be_said_anew_by_a_press(client, member, stranger, case):
    sign_in(client, member)
    assert client.post(reverse("cases:still", args=[case.public_id, "ecog"])).status_code == 404
    url = reverse("cases:still", args=[case.public_id, "disease_status"])
    assert client.get(url).status_code == 405
    assert client.post(url, {"version": "x"}).status_code == 302
    assert sign_in(client, stranger).post(url, {"version": 1}).status_code == 404


def test_what_is_said_of_an_irae_now_has_its_day(member, case):
    values = {
        "organ": "colon", "entity": "colitis", "ctcae_version": "5.0", "worst_grade": 3,
        "worst_grade_state": "known", "grade_now": 1, "grade_now_state": "known",
    }  # fmt: skip
    with acting_as(member):
        irae = history.save_irae(
            by=member, case=case, version=version(case, "iraes"), values=values
        )
        assert irae.now_on == timezone.localdate()
        day = timezone.localdate() - timedelta(days=60)
        type(irae).objects.filter(pk=irae.pk).update(now_on=day)
        again = history.save_irae(
            by=member, case=case, version=version(case, "iraes"), public_id=irae.public_id,
            values={"severity_word": "severe"},
        )  # fmt: skip
        assert again.now_on == day
        assert "irae_grade_now" in readiness_of(fresh(case)).open
        still_holds(by=member, case=case, fact="irae_grade_now", version=version(case, "iraes"))
    assert "irae_grade_now" not in readiness_of(fresh(case)).open


def test_how_long_a_dose_holds_is_read_from_the_rules_that_were_published(member, case):
    rule = {"fact": "steroid_now", "when": None, "age_limit_days": 40}
    day = timezone.localdate() - timedelta(days=30)
    Patient.objects.filter(pk=case.patient_id).update(steroids_complete_as_of=day)
    with acting_as(member):
        assert refresh_facts(case=fresh(case)).steroid_now_state == FactState.MISSING
        publish([rule])
        row = refresh_facts(case=fresh(case))
    assert (row.steroid_now_low, row.steroids_until) == (0, day + timedelta(days=40))
    after = row.steroids_until + timedelta(days=1)
    assert fresh(case).facts.as_facts(row.steroids_until)["steroid_now"].high == 0
    assert fresh(case).facts.as_facts(after)["steroid_now"].state is FactState.MISSING


def test_the_days_of_lists_that_were_there_before_are_filled_in(member, case):
    day = timezone.localdate() - timedelta(days=3)
    Patient.objects.filter(pk=case.patient_id).update(steroids_complete_as_of=day)
    CaseFacts.objects.filter(case=case).update(steroids_until=None)
    filling = import_module("cases.migrations.0061_lists_hold_filled")
    filling.fill(None, SimpleNamespace(connection=connection))
    row = CaseFacts.objects.get(case=case)
    assert (row.steroids_until, row.second_line_until) == (day + timedelta(days=14), None)


def test_no_recent_surgery_grows_stale_and_is_said_anew_by_one_press(client, member, case):
    rule = {"fact": "major_surgery", "when": None, "age_limit_days": 28}
    publish([rule])

    def save(**values) -> None:
        with acting_as(member):
            history.save_background(
                by=member, case=case, version=version(case, "fitness"), values=values
            )

    def age() -> tuple[str, ...]:
        return readiness_of(fresh(case)).open

    rows = Background.objects.filter(patient=case.patient)
    save(major_surgery=False, major_surgery_state="known")
    today = timezone.localdate()
    assert rows.get().surgery_said_on == today and not age()
    for day, open_ in ((today - timedelta(days=29), True), (None, True), (today, False)):
        rows.update(surgery_said_on=day)
        save(smoking="never", smoking_state="known")
        assert rows.get().surgery_said_on == day, "what stays as it was keeps its day"
        assert bool(age()) is open_
    rows.update(surgery_said_on=None)
    save(smoking="former", smoking_state="known")
    html = page(client, member, case)
    assert "Still so today" in html and "no, day not known" in html
    url = reverse("cases:still", args=[case.public_id, "major_surgery"])
    assert client.post(url, {"version": version(case, "fitness")}).status_code == 302
    assert rows.get().surgery_said_on == today and not age()
    assert f"no, said on {render_day(today)}" in page(client, member, case)
    month = parse_partial_date(f"{today:%B %Y}")
    save(major_surgery=True, major_surgery_state="known", operated=month)
    assert rows.get().surgery_said_on is None
    save(operated=None)
    assert "major_surgery" in age() and "Still so today" not in page(client, member, case)
