"""Recording and signing decisions."""

from __future__ import annotations

import datetime as dt
import io
import json

import pypdf
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from accounts.acting import acting_as, set_acting
from audit.models import TrailEntry
from cases.models import Case, FactTask, IrAE
from cases.states import CaseState
from evidence.conditions import VOCABULARY_VERSION
from followup.models import MonitoringPlan
from followup.services.protocols import load_protocols
from meetings.models import Decision, DecisionStatement, Letter
from meetings.policies import DecisionIsSigned, MeetingStepRefused
from meetings.services.attendance import set_attendance
from meetings.services.decisions import (
    StaleDecision,
    add_condition,
    note_dissent,
    remove_condition,
    withdraw_dissent,
)
from meetings.services.signing import sign_decision
from tests.factories.meetings import make_draft, make_item, make_meeting, make_signed, make_version
from tests.factories.people import make_user
from tests.factories.record import CANARY, make_case

pytestmark = pytest.mark.django_db


def in_days(days: int) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=days)


@pytest.fixture(autouse=True)
def protocols(db):
    load_protocols()


@pytest.fixture
def item(chair, board):
    set_acting(chair)
    return make_item(chair, make_meeting(chair, board))


def letter_text(decision: Decision) -> str:
    pdf = bytes(Letter.objects.get(decision=decision).pdf)
    return "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def test_a_draft_is_saved_whole_with_its_statements(chair, item):
    version, other = make_version(), make_version()
    decision = make_draft(chair, item, statements={version.public_id: "", other.public_id: "other"})
    assert (decision.version, decision.outcome) == (1, "same_agent")
    assert DecisionStatement.objects.count() == 2
    decision = make_draft(chair, item, version=1, statements={version.public_id: "board-choice"})
    pinned = DecisionStatement.objects.get()
    assert (decision.version, pinned.deviation_reason) == (2, "board-choice")


@pytest.mark.parametrize("role", ["member", "nurse", "registry", "administrator", "curator"])
def test_only_chair_and_coordinator_record(role, board, item):
    user = make_user(role, board)
    with pytest.raises(PermissionDenied):
        make_draft(user, item)


def test_an_older_form_is_refused(chair, item):
    make_draft(chair, item)
    with pytest.raises(StaleDecision) as refused:
        make_draft(chair, item, version=0, rationale="typed meanwhile")
    assert refused.value.decision.version == 1
    assert Decision.objects.get().rationale == "It went away and stayed away."


def test_nothing_is_recorded_on_a_case_that_is_not_listed(chair, board, item):
    case = Case.objects.get(pk=item.case_id)
    from cases.services.lifecycle import move_case

    move_case(by=chair, case=case, to=CaseState.READY)
    with pytest.raises(MeetingStepRefused):
        make_draft(chair, item)


def test_conditions_are_read_when_they_are_added(chair, item):
    decision = make_draft(chair, item)
    rule = {"fact": "steroid_now", "op": "<=", "value": 10}
    row = add_condition(
        by=chair, decision=decision, text="Low dose", expires_on=in_days(90), condition=rule
    )
    assert (row.condition, row.vocabulary_version) == (rule, VOCABULARY_VERSION)
    with pytest.raises(ValidationError, match="no fact"):
        add_condition(
            by=chair,
            decision=decision,
            text="?",
            expires_on=in_days(9),
            condition={"fact": "mood", "op": "is", "value": True},
        )
    remove_condition(by=chair, condition=row)
    assert not decision.conditions.exists()


def test_dissent_is_noted_by_oneself_or_by_the_recorder(chair, board, item):
    decision = make_draft(chair, item)
    member, nurse = make_user("member", board), make_user("nurse", board)
    with acting_as(member):
        row = note_dissent(by=member, decision=decision, user=member, reason="Too early")
        with pytest.raises(PermissionDenied):
            note_dissent(by=member, decision=decision, user=nurse, reason="?")
    note_dissent(by=chair, decision=decision, user=nurse, reason="No")
    row = note_dissent(by=chair, decision=decision, user=member, reason="Far too early")
    assert {d.reason for d in decision.dissents.all()} == {"Far too early", "No"}
    withdraw_dissent(by=chair, dissent=row)
    assert decision.dissents.get().user == nurse
    with pytest.raises(PermissionDenied):
        note_dissent(by=chair, decision=decision, user=make_user("registry", board), reason="?")


def test_signing_a_rechallenge_freezes_and_watches(chair, item):
    version = make_version()
    decision = make_draft(chair, item, statements={version.public_id: "particular-case"})
    add_condition(
        by=chair,
        decision=decision,
        text="Low dose",
        expires_on=in_days(90),
        condition={"fact": "steroid_now", "op": "<=", "value": 7.5},
    )
    decision.refresh_from_db()
    signed = sign_decision(by=chair, decision=decision, version=decision.version)
    assert not signed.already
    decision = Decision.objects.get()
    assert (decision.state, decision.signed_by, decision.number) == ("signed", chair, 1)
    assert Case.objects.get(pk=item.case_id).state == CaseState.WATCHING
    plan = MonitoringPlan.objects.get()
    assert (plan.decision_ref, plan.regimen_label) == (decision.public_id, "pembrolizumab")
    snapshot = json.loads(decision.snapshot)
    assert snapshot["conditions"][0]["condition"]["value"] == "7.5"
    assert snapshot["statements"] == [
        {"version": str(version.public_id), "deviation": "particular-case"}
    ]
    assert snapshot["evaluations"][0]["answer"] == "undetermined"
    assert snapshot["facts"]["ecog"] == {"state": "missing"}
    assert snapshot["quorum"]["quorate"] is False
    assert "It went away" not in decision.snapshot and CANARY not in decision.snapshot
    entry = TrailEntry.objects.get(kind="decision.signed")
    assert entry.detail == {"number": 1, "sha256": decision.snapshot_sha256}


def test_only_the_chair_signs(chair, coordinator, board, item):
    decision = make_draft(chair, item)
    for user in (coordinator, make_user("member", board), make_user("nurse", board)):
        with acting_as(user), pytest.raises(PermissionDenied):
            sign_decision(by=user, decision=decision, version=decision.version)


def test_a_second_signature_changes_nothing(chair, item):
    decision = make_signed(chair, item)
    again = sign_decision(by=chair, decision=decision, version=1)
    assert again.already
    assert TrailEntry.objects.filter(kind="decision.signed").count() == 1
    assert Letter.objects.count() == 1


def test_the_chair_signs_what_was_shown(chair, item):
    decision = make_draft(chair, item)
    make_draft(chair, item, version=1, rationale="Changed meanwhile")
    with pytest.raises(StaleDecision):
        sign_decision(by=chair, decision=decision, version=1)
    assert Decision.objects.get().state == "draft"


@pytest.mark.parametrize(
    ("values", "lacking"),
    [
        ({"outcome": ""}, "outcome"),
        ({"rationale": "  "}, "rationale"),
        ({"drugs": []}, "drug"),
        ({"dose_interval_days": None}, "how many days"),
        ({"outcome": "defer", "defer_fact": "ecog"}, "waits for"),
    ],
)
def test_an_incomplete_draft_is_not_signed(chair, item, values, lacking):
    decision = make_draft(chair, item, **values)
    with pytest.raises(ValidationError, match=lacking):
        sign_decision(by=chair, decision=decision, version=1)


def test_an_expired_condition_is_not_signed(chair, item):
    decision = make_draft(chair, item)
    add_condition(by=chair, decision=decision, text="Old", expires_on=in_days(-1))
    with pytest.raises(ValidationError, match="expired"):
        sign_decision(by=chair, decision=decision, version=2)


def test_no_rechallenge_ends_in_decided(chair, item):
    make_signed(chair, item, outcome="no_rechallenge", drugs=[])
    assert not MonitoringPlan.objects.exists()
    assert Case.objects.get(pk=item.case_id).state == CaseState.DECIDED


@pytest.mark.parametrize(("waits_for", "tasks"), [("ecog", 1), ("patient_wish", 0)])
def test_a_deferral_goes_back_with_fact_owner_and_date(chair, nurse, item, waits_for, tasks):
    make_signed(
        chair,
        item,
        outcome="defer",
        drugs=[],
        defer_fact=waits_for,
        defer_owner=nurse,
        defer_on=in_days(5),
    )
    assert Case.objects.get(pk=item.case_id).state == CaseState.READY
    owed = FactTask.objects.filter(fact="ecog", owner=nurse, due_on=in_days(5))
    assert owed.count() == tasks


def test_a_deferred_case_is_decided_at_the_next_meeting(chair, nurse, board, item):
    deferral = {"defer_fact": "ecog", "defer_owner": nurse, "defer_on": in_days(5)}
    make_signed(chair, item, outcome="defer", **deferral)
    case = Case.objects.get(pk=item.case_id)
    again = make_item(chair, make_meeting(chair, board, in_days=14), case)
    decision = make_signed(chair, again)
    assert decision.number == 2
    first = Decision.objects.get(number=1)
    assert decision.previous_sha256 == first.snapshot_sha256 != ""


def test_chains_of_boards_are_apart(chair, other_board, item):
    other_chair = make_user("chair", other_board)
    theirs = make_item(other_chair, make_meeting(other_chair, other_board))
    assert make_signed(chair, item).number == make_signed(other_chair, theirs).number == 1


def test_recording_after_signing_is_refused_in_words(chair, item):
    decision = make_signed(chair, item)
    for change in (
        lambda: make_draft(chair, item, version=1),
        lambda: add_condition(by=chair, decision=decision, text="x", expires_on=in_days(1)),
        lambda: note_dissent(by=chair, decision=decision, user=chair, reason="x"),
    ):
        with pytest.raises(DecisionIsSigned, match="signed"):
            change()


def test_the_letter_says_all_of_it_and_reads_no_markup(chair, nurse, board):
    set_acting(chair)
    case = make_case(chair, board, question="Is #panic() *bold* $x$ <b>shown</b>?")
    IrAE.objects.create(
        patient=case.patient,
        organ="lung",
        entity="pneumonitis",
        ctcae_version="5.0",
        worst_grade=3,
        worst_grade_state="known",
    )
    meeting = make_meeting(chair, board)
    set_attendance(by=chair, meeting=meeting, user=chair, mode="in_room")
    item = make_item(chair, meeting, case)
    version = make_version(code="S901")
    decision = make_draft(
        chair,
        item,
        statements={version.public_id: "patient-choice"},
        patient_preference="Wants it.",
    )
    add_condition(
        by=chair,
        decision=decision,
        text="Low dose",
        expires_on=dt.date(2099, 3, 3),
        condition={"fact": "steroid_now", "op": "<=", "value": 10},
    )
    note_dissent(by=chair, decision=decision, user=nurse, reason="Wait for the scan.")
    decision.refresh_from_db()
    sign_decision(by=chair, decision=decision, version=decision.version)
    text = " ".join(letter_text(decision).split())
    for words in (
        CANARY.upper(),
        case.reference,
        "#panic() *bold* $x$ <b>shown</b>",
        "Same agent",
        "pembrolizumab",
        "It went away and stayed away.",
        "Wants it.",
        "Low dose",
        "10 mg",
        "3 March 2099",
        "S901",
        "version 1",
        "patient's choice",
        "Wait for the scan.",
        "not quorate",
        chair.name,
        "CTCAE 5.0",
        "Qualification required before clinical use",
        "invented patient",
    ):
        assert words in text, words
