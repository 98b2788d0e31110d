"""irAEs, courses and steroids of two records that may be one: named, open, and settled by people."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from accounts.acting import acting_as, set_acting
from audit.models import TrailEntry
from cases.changelog import saves_of
from cases.doubled import open_pairs
from cases.models import Case, CaseSection, IrAE, OrganReview, Patient, SteroidCourse
from cases.oneortwo import one_event
from cases.presenters.doubles import doubles_of, two_words
from cases.services import history
from cases.services.oneortwo import NotAsked, say_two
from cases.services.sections import StaleSection
from cases.vocabulary import Organ
from tests.factories.people import make_user
from tests.factories.record import make_case
from tests.integration.test_cases_pages import HTMX, queries, sign_in
from tests.integration.test_merging import both, day, merge, two
from tests.integration.test_merging_twins import complete, course, event, facts, steroid
from ui.formatting import date as date_words

pytestmark = pytest.mark.django_db
__all__ = ["both", "two"]


def irae(onset=None, resolved=None, pk=1, **more):
    told = {"entity": "colitis", "organ": "colon", "entity_text": "", **more}
    row = IrAE(pk=pk, **told)
    row.onset = day(onset) if onset else None
    row.resolved = day(resolved) if resolved else None
    return row


OTHER = {"entity": "autoimmune_other", "organ": "other"}


@pytest.mark.parametrize(
    ("one", "other", "may"),
    [
        ({"onset": "March 2026"}, {"onset": "3 March 2026"}, True),
        ({"onset": "3 March 2026"}, {"onset": "3 March 2026"}, True),
        ({"onset": "3 March 2026"}, {"onset": "4 March 2026"}, False),
        ({"onset": "March 2026"}, {"onset": "April 2026"}, False),
        ({"onset": "2026"}, {}, True), ({}, {}, True),
        # By the organ, whatever it was called; by the name, whatever the organ.
        ({"onset": "2026"}, {"onset": "2026", "entity": "diarrhoea"}, True),
        ({"entity": "pneumonitis", "organ": "lung"}, {}, False),
        ({"entity": "sarcoidosis", "organ": "lung"}, {"entity": "sarcoidosis", "organ": "skin"}, True),
        # What stands under no organ, and what has a name of its own.
        (OTHER, {"entity": "infusion_reaction", "organ": "other"}, False), (OTHER, OTHER, True),
        ({**OTHER, "entity_text": "Still's"}, {**OTHER, "entity_text": "Sjögren"}, False),
        ({**OTHER, "entity_text": "Still's"}, {**OTHER, "entity_text": "still s"}, True),
        # Over before the other began, whichever stands first.
        ({"onset": "2025", "resolved": "1 May 2025"}, {"onset": "3 May 2025"}, False),
        ({"onset": "3 May 2025"}, {"resolved": "1 May 2025"}, False),
        ({"resolved": "20 days after irAE onset", "onset": "2025"}, {"onset": "2025"}, True),
        # Days from an event that nobody dated.
        ({"onset": "day 40 after ICI start"}, {"onset": "3 May 2025"}, True),
    ],
)  # fmt: skip
def test_which_iraes_may_be_one(one, other, may):
    rows = irae(**one), irae(pk=2, **other)
    assert one_event(*rows) is one_event(*reversed(rows)) is may


def test_a_return_that_was_linked_is_another_irae():
    first, again = irae(), irae(pk=2)
    again.recurrence_of_id = 1
    assert not one_event(first, again)
    assert not one_event(again, first)


def test_days_counted_from_a_course_keep_two_apart(two, both):
    kept, _other = two
    set_acting(kept.referred_by)
    of = course(kept, start=day("1 February 2026"))
    counted = irae("day 40 after ICI start", course=of)
    assert one_event(counted, irae("13 March 2026", pk=2))
    assert not one_event(counted, irae("14 March 2026", pk=2))
    late = irae("day 40 after ICI start", "10 days after irAE onset", course=of)
    assert not one_event(late, irae("24 March 2026", pk=2))


def told_otherwise(two, onset="March 2026", **more):
    """Let both records tell of a colitis, the other one in other words."""
    rows = []
    for case, (when, told) in zip(two, (("13 March 2026", {}), (onset, more)), strict=True):
        set_acting(case.referred_by)
        row = event(case, None, **{"worst_grade": 2, **told})
        row.onset = day(when) if when else None
        row.save()
        rows.append(row)
        OrganReview.objects.bulk_create(
            OrganReview(
                patient=case.patient,
                organ=o,
                asked_on=timezone.localdate(),
                asked_by=case.referred_by,
            )
            for o in Organ.values
        )
        complete(case)
    return rows


def settle(case, by, key="iraes", ids=None, version=None):
    case = Case.objects.get(pk=case.pk)
    rows = open_pairs(case.patient, key)
    ids = ids or tuple(row.public_id for row in rows[0])
    stands = CaseSection.objects.get(case=case, key=key).version if version is None else version
    say_two(by=by, case=case, version=stands, key=key, ids=ids)


def words(case, key="iraes"):
    return [double.words for double in doubles_of(Case.objects.get(pk=case.pk), key, may_edit=True)]


def test_two_iraes_that_may_be_one_are_named_until_somebody_says_that_they_are_two(two, both):
    kept, other = two
    mine, theirs = told_otherwise(
        two, worst_grade=3, resolution="resolved", resolution_state="known"
    )
    set_acting(kept.referred_by)
    IrAE.objects.filter(pk=mine.pk).update(resolution="ongoing", resolution_state="known")
    set_acting(both)
    merge(both, kept.patient_id, other.patient_id)
    assert words(kept) == [
        "Colitis grade 3 (March 2026) and colitis grade 2 (13 March 2026) may be one: remove one, or say that they are"
        " two."
    ]
    for case in two:
        now = facts(case)
        assert (now["irae_worst_grade"].low, now["irae_worst_grade"].high) == (3, 3)
        assert {now[key].state for key in ("organs_asked", "irae_resolved")} == {"missing"}
    set_acting(both)
    # The courses and steroids of both are none, and complete as before.
    assert Patient.objects.get(pk=kept.patient_id).courses_complete_as_of is not None

    settle(kept, both)
    assert words(kept) == []
    for case in two:
        now = facts(case)
        assert (now["organs_asked"].value, now["irae_resolved"].value) == (True, False)
    set_acting(both)
    (pair,) = Patient.objects.get(pk=kept.patient_id).entry_pairs
    today = timezone.localdate().isoformat()
    assert {pair["one"], pair["other"]} == {mine.pk, theirs.pk}
    assert (pair["list"], pair["two_by"], pair["two_on"]) == ("iraes", both.pk, today)
    entry = TrailEntry.objects.get(kind="case.said_to_be_two")
    assert (entry.actor_id, entry.patient_id) == (both.pk, kept.patient_id)
    saves, _next = saves_of(Case.objects.get(pk=kept.pk))
    told = {change.label: change.new for save in saves for change in save.changes}
    assert told["Pairs of entries said to be two"] == "Immune-related adverse events: 1"
    # It is said of this pair for good, also once the two read alike.
    IrAE.objects.filter(patient=kept.patient_id).update(
        onset_earliest=date(2026, 3, 13), onset_latest=date(2026, 3, 13), worst_grade=3
    )
    assert words(kept) == []


def test_one_that_is_removed_or_corrected_settles_it(two, both):
    kept, other = two
    _mine, theirs = told_otherwise(two)
    set_acting(both)
    merge(both, kept.patient_id, other.patient_id)
    theirs.refresh_from_db()
    theirs.onset = day("June 2026")
    theirs.save()
    assert words(kept) == []
    theirs.onset = None
    theirs.save()
    assert len(words(kept)) == 1
    case = Case.objects.get(pk=kept.pk)
    version = CaseSection.objects.get(case=case, key="iraes").version
    history.remove(by=both, case=case, version=version, key="iraes", public_id=theirs.public_id)
    assert words(kept) == []
    assert facts(kept)["organs_asked"].value is True


def test_what_is_certainly_two_is_not_asked(two, both):
    kept, other = two
    told_otherwise(two, onset="June 2026")
    set_acting(both)
    merge(both, kept.patient_id, other.patient_id)
    assert words(kept) == []
    assert Patient.objects.get(pk=kept.patient_id).entry_pairs == []
    assert facts(kept)["organs_asked"].value is True


def test_what_is_not_open_cannot_be_said(two, both, board):
    kept, other = two
    told_otherwise(two)
    set_acting(both)
    merge(both, kept.patient_id, other.patient_id)
    (pair,) = open_pairs(Case.objects.get(pk=kept.pk).patient, "iraes")
    ids = tuple(row.public_id for row in pair)
    with pytest.raises(NotAsked):
        settle(kept, both, ids=(ids[0], ids[0]))
    with pytest.raises(StaleSection):
        settle(kept, both, ids=ids, version=0)
    reader = make_user("registry", board)
    with acting_as(reader), pytest.raises(PermissionDenied):
        settle(kept, reader, ids=ids)
    settle(kept, both, ids=ids)
    with pytest.raises(NotAsked):
        settle(kept, both, ids=ids)


def test_courses_and_doses_without_days_or_drug_are_named(two, both):
    kept, other = two
    for case, start, drug in ((kept, "1 February 2026", {}), (other, None, {"drug": None})):
        set_acting(case.referred_by)
        of = course(case)
        of.start = day(start) if start else None
        of.save()
        state = {"drug_state": "unknown"} if drug else {}
        dose = steroid(case, mg=5, **drug, **state)
        if drug:
            SteroidCourse.objects.filter(pk=dose.pk).update(
                now_mg_per_day=None, now_mg_per_day_state="missing"
            )
        complete(case)
    set_acting(both)
    merge(both, kept.patient_id, other.patient_id)
    assert words(kept, "courses") == [
        "Course 1 and course 2 may be one: remove one, or say that they are two."
    ]
    assert words(kept, "steroids") == [
        "Prednisone 5 mg/day and a steroid not named (from: 10 March 2026) may be one: remove one, or say that they are"
        " two."
    ]
    assert facts(kept)["prior_courses"].low == 1
    set_acting(both)
    settle(kept, both, "courses")
    assert facts(kept)["prior_courses"].low == 2
    set_acting(both)
    # Whoever calls a list complete says that all of it counts.
    Patient.objects.filter(pk=kept.patient_id).update(steroids_complete_as_of=timezone.localdate())
    assert words(kept, "steroids") == []


def test_two_of_one_record_that_look_alike_are_settled_the_same_way(member, board):
    case = make_case(member, board)
    for start in ("February 2026", "1 February 2026"):
        course(case, start=day(start))
    assert facts(case)["prior_courses"].low == 1
    settle(case, member, "courses")
    assert facts(case)["prior_courses"].low == 2
    (pair,) = Patient.objects.get(pk=case.patient_id).entry_pairs
    assert pair["two_by"] == member.pk
    assert words(case, "courses") == words(case, "labs") == []


def test_what_the_other_record_said_of_its_own_pairs_goes_with_them(two, both):
    kept, other = two
    set_acting(kept.referred_by)
    mine = course(kept)
    set_acting(other.referred_by)
    twin, late = course(other), course(other, start=day("February 2026"))
    settle(Case.objects.get(pk=other.pk), other.referred_by, "courses")
    set_acting(both)
    merge(both, kept.patient_id, other.patient_id)
    pairs = Patient.objects.get(pk=kept.patient_id).entry_pairs
    assert [{pair["one"], pair["other"]} for pair in pairs] == [{mine.pk, late.pk}]
    assert twin.pk not in pairs[0].values()
    assert words(kept, "courses") == []


def test_the_pages_name_what_may_be_one(client, two, both):
    kept, other = two
    told_otherwise(two)
    sign_in(client, both)
    page = client.get(reverse("cases:merge_with", args=[kept.public_id, other.public_id]))
    assert (
        "“Colitis, grade 2, 13 March 2026” and “Colitis, grade 2, March 2026”"
        in page.content.decode()
    )
    merge(both, kept.patient_id, other.patient_id)
    named = "colitis grade 2 (13 March 2026) may be one: remove one, or say that they are two."
    assert named in client.get(reverse("cases:merged", args=[kept.public_id])).content.decode()
    detail = reverse("cases:detail", args=[kept.public_id])
    assert named in client.get(detail).content.decode()
    assert queries(client, detail) <= 15
    url = reverse("cases:two", args=[kept.public_id, "iraes"])
    (pair,) = open_pairs(Case.objects.get(pk=kept.pk).patient, "iraes")
    version = CaseSection.objects.get(case=kept, key="iraes").version
    sent = {"version": version, "one": pair[0].public_id, "other": pair[1].public_id}
    assert client.post(url, {**sent, "one": "x"}).status_code == 404
    assert client.post(url.replace("iraes", "labs"), sent).status_code == 404
    stale = client.post(url, {**sent, "version": 0}, headers=HTMX)
    assert "changed this list meanwhile" in stale.content.decode()
    done = client.post(url, sent, headers=HTMX).content.decode()
    assert "They are two: both count." in done
    assert named not in done
    named = "Colitis grade 2 (March 2026) and colitis grade 2 (13 March 2026) are two: "
    assert f"{named}{both.name}, {date_words(timezone.localdate())}." in done
    again = client.post(url, {**sent, "version": version + 1}, headers=HTMX)
    assert "settled already" in again.content.decode()


def test_who_said_that_two_are_two_stands_beside_them_without_another_query(client, two, both):
    kept, other = two
    _mine, theirs = told_otherwise(two)
    set_acting(both)
    merge(both, kept.patient_id, other.patient_id)
    sign_in(client, both)
    pages = [reverse("cases:detail", args=[case.public_id]) for case in two]
    shown = f"{pages[1]}sections/iraes/shown"
    before = [queries(client, url) for url in pages] + [queries(client, shown, headers=HTMX)]
    settle(kept, both)
    after = [queries(client, url) for url in pages] + [queries(client, shown, headers=HTMX)]
    # The case of either record, and the section alone, tell it, and ask no more for it.
    assert after == before
    for url, more in ((pages[0], {}), (pages[1], {}), (shown, {"headers": HTMX})):
        text = client.get(url, **more).content.decode()
        assert f"are two: {both.name}, {date_words(timezone.localdate())}." in text
        assert "may be one" not in text
    # Where no name came with the case, the day is told alone.
    case = Case.objects.get(pk=kept.pk)
    (alone,) = two_words(case, "iraes")
    assert alone.endswith(f"are two: said on {date_words(timezone.localdate())}.")
    assert two_words(case, "courses") == ()
    # Once one is gone there is nothing to tell.
    version = CaseSection.objects.get(case=case, key="iraes").version
    history.remove(by=both, case=case, version=version, key="iraes", public_id=theirs.public_id)
    assert two_words(Case.objects.get(pk=kept.pk), "iraes") == ()
    assert "are two:" not in client.get(pages[0]).content.decode()


def test_who_may_not_edit_reads_it_and_no_more(client, two, both, board):
    kept, other = two
    told_otherwise(two)
    set_acting(both)
    merge(both, kept.patient_id, other.patient_id)
    reader = make_user("registry", board)
    sign_in(client, reader)
    page = client.get(reverse("cases:detail", args=[kept.public_id])).content.decode()
    assert "may be one" in page
    assert "They are two" not in page
