"""What is attached to a case says when it is out of date, and decisions that relied on it wait for an answer."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from accounts.acting import acting_as
from cases.models import AttachedGuidance, Case
from cases.policies import CommentStays, NotAttachedAnyMore
from cases.services import guidance as services
from evidence.changed_words import change_words
from evidence.changes import history
from evidence.models import Finding, StatementVersion
from meetings.models import GuidanceReview
from tests.factories.line import make_line
from tests.factories.renewing import renew, withdraw

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(board):
    return make_line(board)


@pytest.fixture
def row(line):
    with acting_as(line.people["member"]):
        return AttachedGuidance.objects.select_related("version__statement").get(case=line.case)


def page(client, line, role="member"):
    client.force_login(line.people[role])
    return client.get(reverse("cases:detail", args=[line.case.public_id])).content.decode()


def post(client, line, name, row, role="member", **fields):
    client.force_login(line.people[role])
    return client.post(reverse(f"cases:{name}", args=[line.case.public_id, row.public_id]), fields)


def test_a_newer_version_is_flagged_with_its_words_and_kept_by_whoever_says_so(client, line, row):
    assert "changed since" not in page(client, line)
    renew(line.board, row.version, says="Says another thing now.")
    html = page(client, line)
    assert "Version 2 is published." in html and "Says another thing now." in html
    assert "published by" in html
    mark = history().of_version(row.version_id).mark
    assert post(client, line, "keep", row, mark="0" * 64).status_code == 302
    assert "changed since" in page(client, line)
    post(client, line, "keep", row, mark=mark)
    html = page(client, line)
    assert "changed since" not in html and "Kept though something newer is published" in html
    # The next change asks again.
    newest = StatementVersion.objects.get(statement=row.version.statement, state="published")
    withdraw(line.board, newest, "No longer held.")
    assert "Retired" in page(client, line)


def test_taking_the_new_one_pins_it_once_and_leaves_the_old_row(client, line, row):
    newer = renew(line.board, row.version)
    mark = history().of_version(row.version_id).mark
    post(client, line, "take", row, mark=mark)
    assert post(client, line, "take", row, mark=mark).status_code == 404
    with acting_as(line.people["member"]):
        now = AttachedGuidance.objects.get(case=line.case, detached_at=None)
        assert now.version == newer and now.answer
        row.refresh_from_db()
        assert row.detached_at is not None
    assert "changed since" not in page(client, line)


def test_a_retired_one_can_only_be_kept_or_taken_off(client, line, row):
    withdraw(line.board, row.version, "Overtaken by events.")
    assert "Take the new one" not in page(client, line)
    mark = history().of_version(row.version_id).mark
    post(client, line, "take", row, mark=mark)
    with acting_as(line.people["member"]):
        assert AttachedGuidance.objects.get(case=line.case, detached_at=None) == row


def test_a_figure_is_attached_once_with_its_numbers(client, line):
    finding = Finding.objects.filter(versions__state="published", numerator__isnull=False)[0]
    address = reverse("cases:attach_finding", args=[line.case.public_id, finding.public_id])
    client.force_login(line.people["member"])
    for _press in (1, 2):
        assert client.post(address).status_code == 302
    with acting_as(line.people["member"]):
        attached = AttachedGuidance.objects.get(case=line.case, finding=finding)
    html = page(client, line)
    assert finding.label in html and "one figure" in html
    assert post(client, line, "comment", attached, key="").status_code == 422
    for version in StatementVersion.objects.filter(state="published", findings=finding):
        withdraw(line.board, version)
    assert "No published statement rests on it any more." in page(client, line)
    client.force_login(line.people["member"])
    assert client.post(address).status_code == 404


def corrected(finding, board):
    """Return a newer revision of a finding, on which a newer version of a statement rests."""
    version = StatementVersion.objects.filter(state="published", findings=finding)[0]
    newer = Finding.objects.get(pk=finding.pk)
    newer.pk, newer.public_id, newer.revision = None, None, finding.revision + 1
    newer.public_id = Finding._meta.get_field("public_id").default()
    newer.population, newer.delivered_sha256 = "In others than was thought.", ""
    newer.save()
    return version, newer


def test_a_corrected_figure_is_flagged_where_it_or_its_statement_is_attached(line, board):
    finding = Finding.objects.filter(versions__state="published")[0]
    version, newer = corrected(finding, board)
    assert history().of_finding(finding) is None

    def rests_on(draft):
        draft.version_findings.filter(finding=finding).update(finding=newer)

    renew(board, version, before_submitting=rests_on)
    found = history().of_finding(finding)
    assert found.findings == ((finding, newer),) and found.may_be_taken
    words = change_words(found)
    assert words.line == "A figure was corrected."
    assert [(d.before, d.after) for d in words.differences] == [
        (finding.population, "In others than was thought.")
    ]
    assert history().of_version(version.pk).findings == ((finding, newer),)


def test_only_its_writer_comments_until_a_decision_is_signed(client, line, row):
    member, chair = line.people["member"], line.people["chair"]
    with acting_as(member), pytest.raises(CommentStays, match="signed"):
        services.say(by=member, case=line.case, attached=row, comment="Late.")
    with acting_as(member), pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        AttachedGuidance.objects.filter(pk=row.pk).update(comment="Late.")
    finding = Finding.objects.filter(versions__state="published")[0]
    with acting_as(member):
        mine = services.attach(by=member, case=line.case, finding=finding, comment="Read it.")
    with acting_as(chair), pytest.raises(CommentStays, match="who attached"):
        services.say(by=chair, case=line.case, attached=mine, comment="Not mine.")
    key = "comment", mine
    assert "Read it." in page(client, line)
    first = client.get(reverse("cases:comment", args=[line.case.public_id, mine.public_id]))
    sent = {
        "comment": "Look at page 3.",
        "key": first.content.decode().split('name="key" value="')[1][:64],
    }
    assert post(client, line, *key, **sent).status_code == 302
    again = post(client, line, *key, **{**sent, "comment": "Third."})
    assert again.status_code == 422 and "Look at page 3." in again.content.decode()
    assert post(client, line, *key, **sent, role="chair").status_code == 403
    with acting_as(member):
        services.detach(by=member, case=line.case, attached=mine)
        with pytest.raises(NotAttachedAnyMore):
            services.say(by=member, case=line.case, attached=mine, comment="Gone.")


def answer(client, line, row, role="chair", **fields):
    client.force_login(line.people[role])
    address = reverse("meetings:review", args=[line.decision.public_id, row.version.public_id])
    key = history().of_version(row.version_id)
    return client.post(address, {"key": key.mark if key else "", "reason": "Read.", **fields})


def listed(client, line, role="chair", query=""):
    client.force_login(line.people[role])
    return client.get(reverse("meetings:changed") + query).content.decode()


def test_a_signed_decision_waits_until_somebody_says_why_it_stands(client, line, row):
    assert "No signed decision waits" in listed(client, line)
    assert answer(client, line, row, outcome="stands").status_code == 404
    renew(line.board, row.version)
    html = listed(client, line)
    assert line.case.reference in html and "Version 2 is published." in html
    client.force_login(line.people["chair"])
    assert "One signed decision to look at" in client.get("/").content.decode()
    assert answer(client, line, row, outcome="stands", reason=" ").status_code == 422
    assert answer(client, line, row, "nurse", outcome="stands").status_code == 403
    assert answer(client, line, row, outcome="stands", key="1" * 64).status_code == 302
    assert not GuidanceReview.objects.visible_to(line.people["chair"]).exists()
    for _press in (1, 2):
        assert answer(client, line, row, outcome="stands").status_code == 302
    listed(client, line)  # says that the answer is kept, once
    assert line.case.reference not in listed(client, line)
    done = listed(client, line, query=f"?show=done&board={line.board.public_id}")
    assert "The decision stands as it is: Read." in done
    # Whoever comes second with another answer is told whose stands, and nothing follows from theirs.
    assert (
        answer(client, line, row, "member", outcome="again", reason="Ask again.").status_code == 302
    )
    said = listed(client, line, "member")
    assert "answered this before: the decision stands as it is" in said
    with acting_as(line.people["chair"]):
        assert GuidanceReview.objects.count() == 1
        assert Case.objects.get(pk=line.case.pk).state == "watching"
    assert client.get(reverse("meetings:changed") + "?show=x").status_code == 404


def test_a_case_goes_back_to_triage_with_the_reason(client, line, row):
    withdraw(line.board, row.version)
    assert answer(client, line, row, outcome="again").status_code == 302
    with acting_as(line.people["chair"]):
        case = Case.objects.get(pk=line.case.pk)
    assert (case.state, case.returned_reason) == ("returned", "guidance_changed")
    client.force_login(line.people["chair"])
    assert "guidance changed since the decision" in client.get("/").content.decode()


def test_the_list_costs_the_same_whatever_its_length(
    client, board, line, row, django_assert_max_num_queries
):
    renew(board, row.version)
    listed(client, line)
    # Eight, and the end of the transaction's savepoint.
    with django_assert_max_num_queries(9):
        listed_only(client)
    other = make_line(board, line.people)
    with acting_as(line.people["member"]):
        attached = AttachedGuidance.objects.select_related("version").get(case=other.case)
    renew(board, attached.version)
    # What was published is read anew once, whoever asks first.
    listed_only(client)
    with django_assert_max_num_queries(9):
        assert other.case.reference in listed_only(client)


def listed_only(client):
    return client.get(reverse("meetings:changed")).content.decode()


def test_the_evidence_opened_from_a_case_leads_back_and_attaches_there(client, line):
    html = page(client, line)
    library = f"{reverse('evidence:statements')}?case={line.case.public_id}"
    assert library in html
    html = client.get(library).content.decode()
    back = reverse("cases:detail", args=[line.case.public_id])
    assert back in html
    version = StatementVersion.objects.filter(state="published", findings__isnull=False)[0]
    address = f"{version.statement.get_absolute_url()}?case={line.case.public_id}"
    assert f"?case={line.case.public_id}" in html
    html = client.get(address).content.decode()
    finding = version.findings.all()[0]
    assert back in html
    assert reverse("cases:attach", args=[line.case.public_id, version.public_id]) in html
    assert reverse("cases:attach_finding", args=[line.case.public_id, finding.public_id]) in html
    assert back not in client.get(f"{address}x").content.decode()
