"""Pages of monitoring: what they show to whom, forms, fragments, and how many queries they cost."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.acting import acting_as
from cases.models import Case
from followup.models import Check, MonitoringPlan, Notice, Reminder
from followup.services import hold_plan
from followup.services.notices import notify
from tests.factories.monitored import HTMX, page, post, read
from tests.factories.monitoring import day, make_plan, today
from tests.factories.people import make_user
from tests.factories.record import CANARY

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(board, nurse):
    return make_plan(nurse, board, dosed=7)


@pytest.fixture
def check(plan, nurse):
    with acting_as(nurse):
        return plan.checks.select_related("step").get(step__code="symptom_call", offset_days=7)


@pytest.fixture
def liver(plan, nurse):
    """A check that is not critical and measures nothing: one click records it."""
    with acting_as(nurse):
        return plan.checks.select_related("step").get(step__code="visit", offset_days=0)


def test_worklist_shows_what_is_due_with_names_and_health(client, board, nurse, plan):
    html = page(client, nurse, "worklist").content.decode()
    assert CANARY.upper() in html
    assert "Telephone: symptoms by organ" in html
    assert "No sweep of reminders has run yet." in html
    assert 'id="group-overdue"' in html and 'id="group-today"' in html


@pytest.mark.parametrize("show", ["overdue", "today", "week"])
def test_worklist_is_filtered_by_link(client, nurse, plan, show):
    html = page(client, nurse, "worklist", query=f"?show={show}").content.decode()
    groups = [key for key in ("overdue", "today", "week") if f'id="group-{key}"' in html]
    assert groups == [show]


def test_worklist_fragment_and_unknown_filter(client, nurse, plan):
    assert "<html" not in page(client, nurse, "worklist", **HTMX).content.decode()
    assert page(client, nurse, "worklist", query="?show=never").status_code == 404


def test_worklist_of_mine_leaves_out_what_others_owe(client, nurse, plan):
    html = page(client, nurse, "worklist", query="?show=all&whose=mine").content.decode()
    assert "Telephone" in html and "Response CT" not in html


def test_empty_worklist_says_so(client, nurse):
    assert (
        "Nothing is overdue, and nothing falls due"
        in page(client, nurse, "worklist").content.decode()
    )


def test_worklist_pages_by_position(client, board, nurse, plan):
    make_plan(nurse, board, dosed=8)
    make_plan(nurse, board, dosed=9)
    html = page(client, nurse, "worklist").content.decode()
    assert "after=" in html
    assert html.count('<tr id="check-') == 25


@pytest.mark.parametrize("name", ["plan", "first_dose", "hold", "close", "irae"])
def test_pages_of_a_plan_are_there_for_the_board_alone(
    client, board, other_board, nurse, plan, name
):
    stranger = make_user("nurse", other_board)
    assert page(client, nurse, name, plan.public_id).status_code == 200
    assert CANARY.upper() in page(client, nurse, name, plan.public_id).content.decode()
    assert page(client, stranger, name, plan.public_id).status_code == 404


def test_pages_of_a_check_are_there_for_the_board_alone(client, other_board, nurse, check):
    stranger = make_user("nurse", other_board)
    for name in ("check", "assign"):
        assert CANARY.upper() in page(client, nurse, name, check.public_id).content.decode()
        assert page(client, stranger, name, check.public_id).status_code == 404
    for name in ("normal", "undo", "check"):
        assert post(client, stranger, name, check.public_id).status_code == 404


@pytest.mark.parametrize("role", ["curator", "administrator"])
def test_roles_without_patients_are_refused(client, board, plan, role):
    assert page(client, make_user(role, board), "worklist").status_code == 403


def test_coordinator_reads_and_is_refused_to_record(client, coordinator, nurse, plan, check):
    assert page(client, coordinator, "plan", plan.public_id).status_code == 200
    assert post(client, coordinator, "normal", check.public_id).status_code == 403
    answer = post(
        client, coordinator, "check", check.public_id,
        data={"version": check.version, "result": "normal", "measured_on": today()},
    )  # fmt: skip
    assert answer.status_code == 403
    assert read(nurse, check).state == "waiting"


def test_normal_from_the_row_and_undo_in_the_same_row(client, nurse, liver):
    answer = post(client, nurse, "normal", liver.public_id, data={"version": liver.version}, **HTMX)
    html = answer.content.decode()
    assert answer.status_code == 200 and html.lstrip().startswith("<tr") and "Undo" in html
    assert read(nurse, liver).result == "normal"
    twice = post(client, nurse, "normal", liver.public_id, data={"version": liver.version}, **HTMX)
    assert twice.status_code == 200 and read(nurse, liver).version == liver.version + 1
    back = post(client, nurse, "undo", liver.public_id, data={"version": liver.version + 1}, **HTMX)
    assert "Normal" in back.content.decode() and read(nurse, liver).state == "due"


def test_normal_without_scripts_goes_back_to_the_list(client, nurse, liver, plan):
    data = {"version": liver.version, "from": "worklist"}
    answer = post(client, nurse, "normal", liver.public_id, data=data)
    assert answer.status_code == 302 and answer["Location"] == reverse("followup:worklist")


def test_an_outdated_row_is_refused_in_words(client, nurse, board, liver):
    other = make_user("nurse", board)
    post(client, other, "normal", liver.public_id, data={"version": liver.version}, **HTMX)
    post(client, other, "undo", liver.public_id, data={"version": liver.version + 1}, **HTMX)
    answer = post(client, nurse, "normal", liver.public_id, data={"version": liver.version}, **HTMX)
    assert answer.status_code == 409 and "Somebody else has changed this" in answer.content.decode()
    assert read(nurse, liver).result == ""


@pytest.mark.parametrize("state", ["waiting", "missed"])
def test_a_critical_or_missed_check_is_not_normal_by_one_click(client, nurse, check, liver, state):
    chosen = check if state == "waiting" else liver
    with acting_as(nurse):
        Check.objects.filter(pk=chosen.pk).update(state=state)
    form = reverse("followup:check", args=[chosen.public_id]) + "?result=normal"
    for extra in ({}, HTMX):
        data = {"version": chosen.version}
        answer = post(client, nurse, "normal", chosen.public_id, data=data, **extra)
        assert form in (
            answer.get("Location") or answer.get("HX-Location") or answer["HX-Redirect"]
        )
    assert read(nurse, chosen).result == ""
    html = page(client, nurse, "worklist").content.decode()
    for row, quick in ((chosen, False), (check, False)):
        assert (reverse("followup:normal", args=[row.public_id]) in html) is quick


@pytest.mark.parametrize("step", ["waiting", "active", "held"])
def test_an_irae_can_be_recorded_from_the_plan_in_every_open_state(client, board, nurse, step):
    opened = make_plan(nurse, board, dosed=None if step == "waiting" else 3)
    if step == "held":
        with acting_as(nurse):
            hold_plan(by=nurse, plan=opened, reason="toxicity")
    html = page(client, nurse, "plan", opened.public_id).content.decode()
    assert reverse("followup:irae", args=[opened.public_id]) in html


def test_conditions_are_shown_and_acknowledged_with_the_first_dose(client, board, nurse):
    opened = make_plan(nurse, board)
    condition = {"text": "Cardiology agrees", "condition": None, "expires_on": day(-1).isoformat()}
    with acting_as(nurse):
        MonitoringPlan.objects.filter(pk=opened.pk).update(conditions=[condition])
    for name in ("plan", "first_dose"):
        html = page(client, nurse, name, opened.public_id).content.decode()
        assert "Cardiology agrees" in html and "has run out" in html
    assert 'name="dose_interval" value="21" checked' in html
    data = {"version": 1, "on": today().isoformat(), "dose_interval": "28"}
    refused = post(client, nurse, "first_dose", opened.public_id, data=data)
    assert refused.status_code == 422 and "ask the board first" in refused.content.decode()
    data["acknowledged"] = "on"
    assert post(client, nurse, "first_dose", opened.public_id, data=data).status_code == 302
    assert read(nurse, opened).dose_interval_days == 28


def test_a_condition_in_words_asks_whether_it_was_met(client, board, nurse):
    opened = make_plan(nurse, board)
    condition = {"text": "Cardiology agrees", "condition": None, "expires_on": day(9).isoformat()}
    with acting_as(nurse):
        MonitoringPlan.objects.filter(pk=opened.pk).update(conditions=[condition])
    html = page(client, nurse, "first_dose", opened.public_id).content.decode()
    assert (
        "asked for with the first dose" in html and "Was this so when the dose was given?" in html
    )
    data = {"version": 1, "on": today().isoformat(), "dose_interval": "28"}
    refused = post(client, nurse, "first_dose", opened.public_id, data=data)
    assert refused.status_code == 422 and "Say whether this was so" in refused.content.decode()
    data["said-0"] = "no"
    refused = post(client, nurse, "first_dose", opened.public_id, data=data)
    assert refused.status_code == 422 and "ask the board first" in refused.content.decode()
    data["said-0"] = "yes"
    assert post(client, nurse, "first_dose", opened.public_id, data=data).status_code == 302
    html = page(client, nurse, "plan", opened.public_id).content.decode()
    assert "Cardiology agrees" in html and ">met<" in html


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "Choose normal, abnormal or not done"),
        ({"result": "not_done"}, "Say why it was not done"),
        ({"result": "normal", "measured_on": ""}, "Enter the day of the measurement"),
        ({"result": "normal", "measured_on": "2999-01-01"}, "cannot be in the future"),
    ],
)
def test_an_invalid_result_is_refused_beside_its_field(client, nurse, check, data, words):
    data = {"version": check.version, **data}
    full = post(client, nurse, "check", check.public_id, data=data)
    part = post(client, nurse, "check", check.public_id, data=data, **HTMX)
    assert (full.status_code, part.status_code) == (422, 422)
    assert words in full.content.decode() and "<html" in full.content.decode()
    assert words in part.content.decode() and "<html" not in part.content.decode()


def test_a_result_on_an_outdated_page_is_refused_and_the_page_shown_anew(
    client, nurse, board, liver
):
    other = make_user("nurse", board)
    post(client, other, "normal", liver.public_id, data={"version": liver.version})
    data = {"version": liver.version, "result": "not_done", "reason": "other"}
    answer = post(client, nurse, "check", liver.public_id, data=data)
    assert answer.status_code == 409 and "Somebody else has changed this" in answer.content.decode()
    again = page(client, nurse, "check", liver.public_id).content.decode()
    assert "Recorded as normal." in again
    refused = post(client, nurse, "normal", liver.public_id, data={"version": 0})
    assert refused.status_code == 302


def test_values_are_kept_as_entered_and_letters_refused(client, nurse, plan):
    with acting_as(nurse):
        liver = (
            plan.checks.filter(step__code="liver_tests", offset_days=0).select_related("step").get()
        )
    data = {"version": liver.version, "result": "normal", "measured_on": today()}
    bad = post(client, nurse, "check", liver.public_id, data={**data, "value-alt": "Smith"})
    assert bad.status_code == 422 and "Enter a number" in bad.content.decode()
    ok = post(
        client,
        nurse,
        "check",
        liver.public_id,
        data={**data, "value-alt": "32,5", "value-ast": "<5"},
    )
    assert ok.status_code == 302
    assert read(nurse, liver).values == {"alt": "32.5", "ast": "<5"}


def test_abnormal_leads_to_the_irae_form_and_returns_the_case(client, nurse, plan, check):
    data = {"version": check.version, "result": "abnormal", "measured_on": today()}
    answer = post(client, nurse, "check", check.public_id, data=data)
    assert answer["Location"] == reverse("followup:irae", args=[plan.public_id])
    with acting_as(nurse):
        assert Case.objects.get(pk=plan.case_id).state == "returned"
        version = plan.case.sections.get(key="iraes").version
    data = {
        "version": version,
        "entity": "pneumonitis",
        "grade": "1",
        "ctcae_version": "5.0",
        "onset": "",
    }
    saved = post(client, nurse, "irae", plan.public_id, data=data)
    assert saved.status_code == 302
    stale = post(client, nurse, "irae", plan.public_id, data=data)
    assert stale.status_code == 409 and "changed the list of irAEs" in stale.content.decode()


def test_irae_form_refuses_a_version_without_the_term(client, nurse, plan):
    data = {"version": 1, "entity": "thyroiditis", "grade": "2", "ctcae_version": "5.0"}
    answer = post(client, nurse, "irae", plan.public_id, data=data)
    assert answer.status_code == 422 and "no term for the event" in answer.content.decode()


def test_first_dose_hold_resume_and_close_by_their_forms(client, board, nurse):
    plan = make_plan(nurse, board)
    steps = [
        ("first_dose", {"on": today().isoformat(), "dose_interval": "21"}, "active"),
        ("hold", {"reason": "toxicity"}, "held"),
        ("resume", {"on": day(21).isoformat()}, "active"),
        ("close", {"reason": "completed"}, "closed"),
    ]
    for name, data, state in steps:
        version = read(nurse, plan).version
        answer = post(client, nurse, name, plan.public_id, data={"version": version, **data})
        assert answer.status_code == 302, answer.content.decode()
        assert read(nurse, plan).state == state
        assert page(client, nurse, "plan", plan.public_id).status_code == 200
    late = post(client, nurse, "hold", plan.public_id, data={"version": 9, "reason": "toxicity"})
    assert late.status_code == 403


def test_invalid_steps_answer_422(client, board, nurse):
    plan = make_plan(nurse, board)
    ahead = post(
        client, nurse, "first_dose", plan.public_id, data={"version": 1, "on": "2999-01-01"}
    )
    assert ahead.status_code == 422 and "before it is given" in ahead.content.decode()
    old = post(client, nurse, "first_dose", plan.public_id, data={"version": 0, "on": today()})
    assert old.status_code == 422 and "Somebody else" in old.content.decode()


def test_a_check_is_given_to_a_colleague(client, board, nurse, check):
    other = make_user("nurse", board)
    data = {"version": check.version, "to": str(other.public_id)}
    assert post(client, nurse, "assign", check.public_id, data=data).status_code == 302
    assert read(nurse, check).assignee_id == other.pk
    assert post(client, nurse, "assign", check.public_id, data={"version": 1}).status_code == 422


def test_notices_are_the_users_own_and_opening_marks_them_read(client, nurse, chair, plan, check):
    for user in (nurse, chair):
        notify(users=[user.pk], kind="due", plan=plan, reference=plan.case.reference, check=check)
    html = page(client, nurse, "notices").content.decode()
    assert html.count(plan.case.reference) >= 1 and CANARY.upper() not in html
    with acting_as(chair):
        theirs = Notice.objects.get()
    assert post(client, nurse, "read_notice", theirs.public_id).status_code == 404
    with acting_as(nurse):
        mine = Notice.objects.get()
    opened = post(client, nurse, "read_notice", mine.public_id)
    assert opened["Location"] == reverse("followup:check", args=[check.public_id])
    assert read(nurse, mine).read_at is not None
    post(client, chair, "read_notices")
    assert read(chair, theirs).read_at is not None


def test_failed_reminders_are_seen_and_sent_again_by_the_coordinator(
    client, nurse, coordinator, other_board, plan, check
):
    with acting_as(nurse):
        reminder = Reminder.objects.create(
            patient=check.patient, safety_check=check, recipient=nurse, kind="due", due_on=check.due_on,
            due_at="2026-01-01T00:00Z", next_attempt_at="2026-01-01T00:00Z", state="failed", attempts=6,
            last_error="refused_550",
        )  # fmt: skip
    html = page(client, coordinator, "failed").content.decode()
    assert "refused 550" in html and "Send again" in html
    address = reverse("followup:retry", args=[reminder.public_id])
    assert address in html and address not in page(client, nurse, "failed").content.decode()
    foreign = make_user("coordinator", other_board)
    assert post(client, foreign, "retry", reminder.public_id).status_code == 404
    assert post(client, nurse, "retry", reminder.public_id).status_code == 403
    assert post(client, coordinator, "retry", reminder.public_id).status_code == 302
    assert read(coordinator, reminder).state == "pending"


def test_plan_says_why_each_protocol_was_chosen_and_that_it_is_illustrative(client, nurse, plan):
    html = page(client, nurse, "plan", plan.public_id).content.decode()
    assert "Because of pneumonitis grade 2." in html
    assert "to be confirmed locally" in html
    assert 'role="img"' in html and "The plan as a table" in html


def test_a_read_of_a_plan_is_on_the_trail(client, nurse, plan):
    from audit.models import TrailEntry

    page(client, nurse, "plan", plan.public_id)
    with acting_as(nurse):
        assert TrailEntry.objects.filter(kind="plan.read", patient_id=plan.patient_id).count() == 1


def queries(client, user, name, *args):
    client.force_login(user)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(reverse(f"followup:{name}", args=args)).status_code == 200
    return [q["sql"] for q in caught if "SAVEPOINT" not in q["sql"]]


def test_worklist_costs_at_most_8_queries_at_2_and_at_20_rows(client, board, nurse):
    plan = make_plan(nurse, board, dosed=7)
    with acting_as(nurse):
        dated = plan.checks.filter(due_on__isnull=False).order_by("due_on")
        keep = list(dated.values_list("pk", flat=True)[:2])
        Check.objects.exclude(pk__in=keep).update(due_on=day(100))
    few = queries(client, nurse, "worklist")
    for _ in range(3):
        make_plan(nurse, board, dosed=7)
    many = queries(client, nurse, "worklist")
    assert len(few) == len(many) <= 8, "\n".join(many)


def test_plan_costs_the_same_for_few_and_many_checks(client, board, nurse):
    plan = make_plan(nurse, board, dosed=7)
    many = queries(client, nurse, "plan", plan.public_id)
    with acting_as(nurse):
        MonitoringPlan.objects.update(state="closed", close_reason="other")
        Check.objects.filter(offset_days__gt=30).update(state="cancelled", due_on=None)
    few = queries(client, nurse, "plan", plan.public_id)
    assert len(few) <= len(many) <= 15, "\n".join(many)
