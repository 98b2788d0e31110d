"""What the words of a search may mean in typed texts is worked out once, whatever is typed and whoever is not found."""

from __future__ import annotations

import re

import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import example, given
from hypothesis import strategies as st

from accounts.acting import set_acting
from cases.folding import folded
from cases.models import IrAE
from cases.searching import BETWEEN, search_cases
from cases.spelling import slips
from tests.integration.test_merging import merge
from tests.integration.test_searching import keys, make, plans  # noqa: F401
from tests.integration.test_searching_typed import propose, susac  # noqa: F401
from tests.integration.test_searching_unlisted import unlisted

pytestmark = pytest.mark.django_db
FOUR = "anna maria kowalczyk zbigniew"
LONG = "abcdefghijklmnopqrstuvwxyzabc"


def asked(member, words):
    """Return what the search for what is written nearly so asks of the database, and how much it sends."""
    with CaptureQueriesContext(connection) as seen:
        found = search_cases(member, words)
    nearly = [q["sql"] for q in seen if "true AS alike" in q["sql"]]
    assert len(nearly) == 1 and not found.beside
    return nearly[0].count("rechallenge_search_together"), len(nearly[0])


@pytest.mark.parametrize("words", ["kowalczyk zbigniew", FOUR, LONG, f"{LONG} {LONG}b", "a b c d"])
def test_who_is_not_found_is_not_asked_for_as_the_name_beside_a_text(member, susac, words):  # noqa: F811
    times, _sent = asked(member, words)
    assert times == 0


def test_a_text_is_asked_for_once_however_many_words(member, board, susac):  # noqa: F811
    with CaptureQueriesContext(connection) as seen:
        found = search_cases(member, "Webr Sussac sindrome")
    assert keys(found) == [susac.pk] and found.names_alike
    nearly = [q["sql"] for q in seen if "true AS alike" in q["sql"]]
    # Not the thousand slips of a word, but what stands in a text.
    assert nearly[0].count("~susac") == 1 and "~sussacs" not in nearly[0]


def meant(*words):
    with connection.cursor() as cursor:
        cursor.execute("SELECT place, meant FROM rechallenge_words_meant(%s)", [list(words)])
        return sorted(cursor.fetchall())


def test_a_word_means_what_begins_a_word_of_a_text_with_one_slip_or_none(member, susac):  # noqa: F811
    propose(member, susac, "BNT327")
    found = [(1, "~susa"), (1, "~susac"), (3, "~syndro"), (3, "~syndrom"), (3, "~syndrome")]
    assert meant("susca", "eye", "syndrom", "bnt372") == [*found, (4, "~bnt32"), (4, "~bnt327")]
    # Shorter words and longer ones as they stand; of two ways to fold a word either.
    assert meant("susa", "susc", "syndrome" * 3) == [(1, "~susa")]
    assert meant("xqzwvk,suzac", "", LONG) == [(1, "~susac")]
    assert meant(*["none"] * 8, "susac") == [] and meant() == []


@pytest.mark.parametrize("word", ["susac", "koyanagi", "abcdefghijklmnopqrst", "bnt372"])
def test_the_slips_are_those_of_a_name(word):
    with connection.cursor() as cursor:
        cursor.execute("SELECT rechallenge_slips(%s)", [word])
        found = {slip for (slip,) in cursor.fetchall()}
    assert found == {slip for slip in slips(word) if not BETWEEN.search(slip)}


def test_nobody_learns_what_stands_in_a_text_that_they_may_not_read(member, stranger, susac):  # noqa: F811
    propose(member, susac, "BNT327")
    set_acting(stranger)
    assert meant("susac", "sussac", "bnt327") == []
    set_acting(member)
    assert [word for _place, word in meant("sussac", "bnt327")] == ["~susac", "~bnt32", "~bnt327"]


def test_what_five_hundred_texts_say_tells_of_nobody(member, stranger, susac):  # noqa: F811
    set_acting(member)
    own = {"public_id": "gen_random_uuid()", "entity_text": "'Kounis'"}
    columns = [field.column for field in IrAE._meta.concrete_fields if not field.primary_key]
    values = ", ".join(own.get(name, f'"{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO cases_irae ({names}) SELECT {values}"
            " FROM cases_irae, generate_series(1, 500) WHERE entity_text = 'Susac syndrome'"
        )
    set_acting(stranger)
    assert meant("kounas", "sussac") == [(1, "~kounis")]


def test_a_merged_record_means_what_the_kept_one_holds(member, board, susac, coordinator):  # noqa: F811
    absorbed = make(member, board, "Webber", "Ada", "W9")
    unlisted(member, absorbed, "eye", "Cogan syndrome")
    set_acting(coordinator)
    merge(coordinator, susac.patient_id, absorbed.patient_id)
    set_acting(member)
    assert set(keys(search_cases(member, "Cogann"))) == {susac.pk, absorbed.pk}


def test_each_slip_is_looked_up_in_the_index(plans):  # noqa: F811
    """Without the indexes that do for a table without rows; taken back at once."""
    with pytest.raises(psycopg.errors.RaiseException, match="taken back"):
        plans(
            "DO $$ BEGIN SET LOCAL ROLE NONE;"
            " DROP INDEX irae_entity, irae_unlisted_organ; SET LOCAL ROLE rechallenge_app;"
            " PERFORM meant FROM rechallenge_words_meant(ARRAY['sussac']);"
            " RAISE EXCEPTION 'taken back'; END $$"
        )
    plan = plans.said()
    for table in ("irae", "case"):
        assert f"Seq Scan on cases_{table} " not in plan
    assert "on irae_unlisted_words" in plan and "on case_proposed_words" in plan


WORDS = st.text("aäøß'-. é日", min_size=1, max_size=5)


@given(st.lists(WORDS, max_size=3).map(" ".join), st.lists(WORDS, min_size=1, max_size=3))
@example("Susac-Syndrome (eye)", ["susa", "ey", "eye"])
@example("an eye", ["an", "ey"])
def test_a_text_that_is_read_says_what_the_index_has_of_it(text, words):
    """Of one patient the texts are read by a pattern, of all by the index: the same codes find the same texts."""
    asked = [way for word in words for way in map(folded, re.split(BETWEEN, word)) if way]
    codes = ["colitis", *(f"~{way}" for way in asked if not BETWEEN.search(way))]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rechallenge_begun(%s) && %s::text[],"
            " coalesce(rechallenge_folded(%s) ~ rechallenge_said(%s), false)",
            [text, codes, text, codes],
        )
        indexed, read = cursor.fetchone()
    assert indexed == read
