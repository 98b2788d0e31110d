"""Guidance is attached with a comment in one step; what was said of it is not lost, and is shown where it is read."""

from __future__ import annotations

import io
import json

import pypdf
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from accounts.acting import acting_as, set_acting
from audit.models import TrailEntry
from cases.drafting import draft_key
from cases.models import AttachedGuidance, Draft
from cases.models.guidance import LONGEST_COMMENT
from cases.services import guidance as services
from cases.services.drafts import save_draft
from evidence.changed_words import line_of, who_of
from evidence.changes import history
from evidence.from_case import FromCase
from evidence.models import StatementVersion
from meetings.models import Decision, Letter
from meetings.services.erasure import erase_patient
from meetings.verification import _attached, faults
from tests.factories.line import make_line
from tests.factories.marked import make_marked
from tests.factories.meetings import make_draft, make_item, make_meeting
from tests.factories.monitoring import use_role
from tests.factories.people import make_board
from tests.factories.renewing import renew, withdraw

SAID = "Look at the liver first."


@pytest.fixture
def line(board):
    return make_line(board)


@pytest.fixture
def member(line):
    return line.people["member"]


@pytest.fixture
def row(line, member):
    """What is attached, signed over, and thus commented on by nobody any more."""
    with acting_as(member):
        return AttachedGuidance.objects.select_related("version__statement").get(case=line.case)


@pytest.fixture
def other(row):
    """Return a published version with findings that is not attached."""
    rows = StatementVersion.objects.filter(state="published", findings__isnull=False)
    return rows.exclude(pk=row.version_id).order_by("statement__position")[0]


def attached(line, **of):
    with acting_as(line.people["member"]):
        rows = AttachedGuidance.objects.filter(case=line.case, detached_at=None, **of)
        return list(rows.select_related("version", "finding", "attached_by"))


def address(line, what):
    kind = "attach" if isinstance(what, StatementVersion) else "attach_finding"
    return reverse(f"cases:{kind}", args=[line.case.public_id, what.public_id])


def page(client, user, name, *ids):
    client.force_login(user)
    return client.get(reverse(name, args=ids)).content.decode()


def test_one_form_attaches_with_the_comment_and_twice_is_once(client, line, member, other):
    finding = other.findings.all()[0]
    for what, of in ((other, {"version": other}), (finding, {"finding": finding})):
        html = page(client, member, f"cases:{'attach' if what is other else 'attach_finding'}",
                    line.case.public_id, what.public_id)  # fmt: skip
        assert 'name="comment"' in html and f">{'Attach'}<" in html
        # Which version is pinned is said before the press.
        pinned = (
            "Version 1 is attached and stays so" if what is other else "Revision 1 of this figure"
        )
        assert pinned in html
        with acting_as(member):
            key = draft_key("attach", line.case.public_id, what.public_id)
            save_draft(by=member, key=key, fields={"comment": ["half a"]})
        assert "half a" in client.get(address(line, what)).content.decode()
        for _press in (1, 2):
            answer = client.post(address(line, what), {"comment": SAID})
            assert answer.status_code == 302 and answer["Location"].endswith("#case-guidance")
        (found,) = attached(line, **of)
        assert (found.comment, found.attached_by) == (SAID, member)
        assert "half a" not in client.get(address(line, what)).content.decode()
    kinds = TrailEntry.objects.filter(kind="guidance.attached", actor=member)
    assert kinds.count() == 3  # that of the line, and these two


def test_a_comment_that_is_being_typed_survives_an_attaching_at_one_press(
    client, line, member, other
):
    client.force_login(member)
    key = draft_key("attach", line.case.public_id, other.public_id)
    with acting_as(member):
        save_draft(by=member, key=key, fields={"comment": ["half a"]})
    assert client.post(address(line, other)).status_code == 302
    (found,) = attached(line, version=other)
    assert found.comment == ""
    assert "half a" in client.get(address(line, other)).content.decode()
    assert client.post(address(line, other), {"comment": SAID}).status_code == 302
    with acting_as(member):
        assert not Draft.objects.filter(key=key).exists()


def test_a_comment_that_is_too_long_or_has_no_place_stays_in_the_form(
    client, line, member, row, other
):
    client.force_login(member)
    answer = client.post(address(line, other), {"comment": "x" * (LONGEST_COMMENT + 1)})
    assert answer.status_code == 422 and not attached(line, version=other)
    answer = client.post(address(line, row.version), {"comment": SAID})
    assert answer.status_code == 422
    html = answer.content.decode()
    assert "a decision was signed over it" in html and SAID in html
    chair = line.people["chair"]
    with acting_as(chair):
        services.attach(by=chair, case=line.case, version=other, answer="true", comment="Mine.")
    answer = client.post(address(line, other), {"comment": SAID})
    assert answer.status_code == 422 and chair.name in answer.content.decode()
    assert client.post(address(line, other)).status_code == 302
    assert [found.comment for found in attached(line, version=other)] == ["Mine."]


def test_what_one_attached_before_takes_the_comment_below_the_first(line, member, other):
    with acting_as(member):
        for said in ("", "First.", "Second.", "Second.", ""):
            services.attach(by=member, case=line.case, version=other, comment=said)
        assert [found.comment for found in attached(line, version=other)] == ["First.\nSecond."]
        with pytest.raises(services.CommentHasNoPlace):
            services.attach(by=member, case=line.case, version=other, comment="x" * 995)


def test_a_row_of_the_library_attaches_and_says_that_it_is(client, line, member, other, row):
    client.force_login(member)
    library = f"{reverse('evidence:statements')}?tumours=all&case={line.case.public_id}"
    html = client.get(library).content.decode()
    assert f'formaction="{address(line, other)}"' in html
    assert f'formaction="{address(line, row.version)}"' not in html
    back = f"{library}&attached={str(other.public_id)[:8]}#row-{other.statement.code}"
    assert f'value="{escape(back)}"' in html
    # What was attached before is named no more.
    last = FromCase(other.public_id, True).after(back, row.version.public_id, "x")
    assert str(other.public_id)[:8] not in last and last.endswith("#x")
    answer = client.post(address(line, other), {"next": back})
    assert answer["Location"] == back
    html = client.get(library).content.decode()
    assert f"is attached to {line.case.reference}." in html
    assert f'formaction="{address(line, other)}"' not in html and ">attached<" in html
    # Nobody is led out of the evidence, and who attaches nothing is offered nothing.
    answer = client.post(address(line, other), {"next": "//example.org/evidence/"})
    assert answer["Location"].startswith(reverse("cases:detail", args=[line.case.public_id]))
    client.force_login(line.people["nurse"])
    assert "attach-row" not in client.get(library).content.decode()
    html = client.get(reverse("evidence:statements")).content.decode()
    assert "attach-row" not in html


def test_the_library_of_a_case_costs_one_query_more(client, line, member):
    client.force_login(member)
    library = reverse("evidence:statements")
    client.get(library)
    counted = []
    for address in (library, f"{library}?case={line.case.public_id}"):
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        # Within the transaction of a test that of a request is a savepoint, which nobody else pays for.
        counted.append(sum("SAVEPOINT" not in query["sql"] for query in queries))
    assert counted[1] <= counted[0] + 1, counted
    assert counted[1] <= 8, counted


def test_a_comment_that_changed_between_reading_and_saving_is_not_written_over(
    client, line, member, other
):
    with acting_as(member):
        mine = services.attach(by=member, case=line.case, version=other, comment="First.")
        stale = AttachedGuidance.objects.get(pk=mine.pk)
        services.say(by=member, case=line.case, attached=mine, comment="Second.", was="First.")
        with pytest.raises(services.CommentChanged) as changed:
            services.say(by=member, case=line.case, attached=stale, comment="Third.", was="First.")
        assert changed.value.attached.comment == "Second."
    assert attached(line, version=other)[0].comment == "Second."


def test_the_save_that_comes_second_shows_what_was_saved_first(
    client, line, member, other, monkeypatch
):
    with acting_as(member):
        mine = services.attach(by=member, case=line.case, version=other, comment="First.")
    client.force_login(member)
    url = reverse("cases:comment", args=[line.case.public_id, mine.public_id])
    key = client.get(url).content.decode().split('name="key" value="')[1][:64]
    say = services.say

    def meanwhile(**said):
        """Another window saves after this one has read the row."""
        AttachedGuidance.objects.filter(pk=mine.pk).update(comment="")
        say(**said)

    monkeypatch.setattr(services, "say", meanwhile)
    answer = client.post(url, {"comment": "Third.", "key": key})
    monkeypatch.undo()
    assert answer.status_code == 422
    assert "You took this comment away meanwhile." in answer.content.decode()


def newer_of(line, version):
    newer = renew(line.board, version)
    return newer, history().of_version(version.pk)


def test_the_comment_goes_along_to_the_newer_version(line, member, other):
    with acting_as(member):
        mine = services.attach(by=member, case=line.case, version=other, comment="First.")
        stale = AttachedGuidance.objects.get(pk=mine.pk)
        services.say(by=member, case=line.case, attached=mine, comment="As it is now.")
    newer, change = newer_of(line, other)
    with acting_as(member):
        services.attach(by=member, case=line.case, version=newer, comment="Of the new one.")
        services.take_newer(by=member, case=line.case, attached=stale, change=change, answer="true")
    assert [r.comment for r in attached(line, version=newer)] == ["Of the new one.\nAs it is now."]
    assert not attached(line, version=other)


def test_nothing_is_taken_where_the_comment_would_be_lost(client, line, member, other):
    with acting_as(member):
        mine = services.attach(by=member, case=line.case, version=other, comment="First.")
    newer, change = newer_of(line, other)
    chair = line.people["chair"]
    with acting_as(chair):
        services.attach(by=chair, case=line.case, version=newer, comment="The chair's.")
    client.force_login(member)
    url = reverse("cases:take", args=[line.case.public_id, mine.public_id])
    client.post(url, {"mark": change.mark})
    html = page(client, member, "cases:detail", line.case.public_id)
    assert "so that your comment is not lost" in html and "First." in html
    assert [r.comment for r in attached(line, version=other)] == ["First."]
    assert [r.comment for r in attached(line, version=newer)] == ["The chair's."]


def test_what_was_superseded_and_then_retired_says_who_retired_it_and_why(board, line, row):
    second = renew(board, row.version)
    before = history().of_version(row.version_id)
    withdraw(board, second, "Withdrawn by its authors.")
    found = history().of_version(row.version_id)
    second.refresh_from_db()
    assert line_of(found) == "Retired: Withdrawn by its authors."
    assert second.retired_by.name in who_of(found) and "retired by" in who_of(found)
    assert found.at == second.retired_at and found.mark != before.mark
    assert history().of_version(second.pk).mark != found.mark


def test_a_figure_that_a_newer_version_left_out_says_who_replaced_the_old_one(board, line, other):
    finding = other.findings.all()[0]
    for version in StatementVersion.objects.filter(state="published", findings=finding):
        renew(
            board,
            version,
            before_submitting=lambda draft: draft.version_findings.filter(finding=finding).delete(),
        )
    found = history().of_finding(finding)
    assert line_of(found) == "No published statement rests on it any more."
    assert "replaced by" in who_of(found)
    assert who_of(type(found)("m", None, None, retired=True)) == ""


def test_what_members_said_is_read_on_agenda_sign_page_letter_and_decision(client, board):
    line = make_line(board, comment=SAID)
    member, chair = line.people["member"], line.people["chair"]
    with acting_as(chair):
        pdf = bytes(Letter.objects.get(decision=line.decision).pdf)
    letter = " ".join(
        "".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(pdf)).pages).split()
    )
    assert "What members said of the guidance they attached" in letter
    assert SAID in letter and f"{member.name}, " in letter
    html = page(client, chair, "meetings:decision", line.decision.public_id)
    assert "Attached then" in html and SAID in html
    html = page(client, chair, "meetings:agenda", line.meeting.public_id)
    assert "One comment on attached guidance" in html and SAID in html
    assert SAID not in page(client, chair, "meetings:decision", make_draft_of(line).public_id)


def make_draft_of(line):
    """Return a draft about another case of the board, on whose agenda and page nothing is said."""
    chair = line.people["chair"]
    return make_draft(chair, make_item(chair, make_meeting(chair, line.board)))


def test_the_page_to_sign_shows_what_the_letter_will_say(client, line, member, other):
    chair = line.people["chair"]
    item = make_item(chair, make_meeting(chair, line.board, in_days=0))
    draft = make_draft(chair, item)
    finding = other.findings.all()[0]
    with acting_as(member):
        services.attach(by=member, case=item.case, finding=finding, comment=SAID)
        services.attach(by=member, case=item.case, version=other)
    html = page(client, chair, "meetings:sign", draft.public_id)
    shown = html.split("What members said of the guidance they attached")[1].split("</section>")[0]
    assert SAID in shown and finding.label in shown and "one figure" in shown
    assert member.name in shown and other.title not in shown


@pytest.mark.django_db
def test_a_page_of_somebody_erased_says_so_and_a_comment_that_is_back_is_found(client):
    marked = make_marked(make_board())
    chair = marked.people["chair"]
    with acting_as(chair):
        erase_patient(by=chair, patient=marked.patient, reason="request")
    html = page(client, chair, "meetings:decision", marked.decision.public_id)
    assert "<q>erased</q>" in html.split("Attached then")[1]
    set_acting(chair)
    assert faults() == []
    rows = AttachedGuidance.objects.filter(case=marked.case)
    decision = Decision.objects.select_related("case").get(pk=marked.decision.pk)
    decision.case._prefetched_objects_cache = {"attached": [rows.get()]}
    decision.case.attached.all()[0].comment = "back"
    found = [fault.what for fault in _attached(decision, json.loads(decision.snapshot))]
    assert found == [
        f"what was attached differs from what was signed: {rows.get().public_id}: comment"
    ]


@pytest.mark.parametrize("what", ["comment", "gone", "version"])
def test_a_comment_that_was_tampered_with_is_found(committed_db, superuser, what):
    with transaction.atomic():
        line = make_line(make_board(), comment=SAID)
        with acting_as(line.people["member"]):
            row = AttachedGuidance.objects.get(case=line.case)
            other = StatementVersion.objects.exclude(pk=row.version_id)[0]
    use_role("owner")
    try:
        call_command("verify_decisions", stdout=io.StringIO())
        with superuser.transaction():
            superuser.execute("SET LOCAL session_replication_role = replica")
            superuser.execute(
                {
                    "comment": "UPDATE cases_attachedguidance SET comment = 'Give it at once.'",
                    "gone": "DELETE FROM cases_attachedguidance",
                    "version": f"UPDATE cases_attachedguidance SET version_id = {other.pk}",
                }[what]
            )
        err = io.StringIO()
        with pytest.raises(CommandError, match="faults were found"):
            call_command("verify_decisions", stderr=err)
    finally:
        use_role("app")
    words = (
        "is gone" if what == "gone" else f"differs from what was signed: {row.public_id}: {what}"
    )
    assert words in err.getvalue() and "Give it" not in err.getvalue()
