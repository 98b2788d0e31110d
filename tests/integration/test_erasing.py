"""The operation by which a table takes part in an erasure: what it makes, leaves out, and that it can be undone.

What it does to each table is asserted where a mark is sought in the whole database (`test_erasure_reach`).
"""

from __future__ import annotations

import pytest

from accounts.erasing import EMPTY, GONE, EraseTexts


def test_the_operation_is_made_again_from_its_parts():
    """`sqlmigrate` and squashing write it down and read it again."""
    for options in ({}, {"column": "id"}, {"history": False}, {"not_in_history": ["salt"]}):
        one = EraseTexts("cases_tumour", {"stage_text": EMPTY, "salt": GONE}, **options)
        name, args, named = one.deconstruct()
        again = EraseTexts(*args, **named)
        assert (name, again.sql, again.reverse_sql) == ("EraseTexts", one.sql, one.reverse_sql)


def test_the_history_is_erased_too_but_for_what_it_does_not_hold():
    texts = {"stage_text": EMPTY, "salt": GONE}
    assert (
        "UPDATE cases_tumourevent SET stage_text = '', salt = NULL"
        in EraseTexts("cases_tumour", texts).sql
    )
    partly = EraseTexts("cases_tumour", texts, not_in_history=["salt"]).sql
    assert "UPDATE cases_tumour SET stage_text = '', salt = NULL" in partly
    assert "UPDATE cases_tumourevent SET stage_text = '' WHERE" in partly
    assert "cases_tumourevent" not in EraseTexts("cases_tumour", texts, history=False).sql


def test_what_is_left_may_name_its_own_column_and_others_of_the_row():
    made = EraseTexts("t", {"answer": "CASE WHEN {.}kind = 'text' THEN 'erased' ELSE {} END"}).sql
    assert "SET answer = CASE WHEN kind = 'text' THEN 'erased' ELSE answer END" in made
    assert (
        "NEW.answer IS DISTINCT FROM CASE WHEN NEW.kind = 'text' THEN 'erased' ELSE NEW.answer END"
        in made
    )


@pytest.mark.django_db
def test_it_can_be_taken_back_and_put_on_again(superuser):
    named = (
        "SELECT tgname, tgattr::text FROM pg_trigger"
        " WHERE tgname IN ('erase_cases_tumour', 'stay_erased_cases_tumour') ORDER BY 1"
    )
    operation = EraseTexts("cases_tumour", {"stage_text": EMPTY})
    with superuser.transaction(force_rollback=True):
        before = superuser.execute(named).fetchall()
        assert [name for name, _columns in before] == [
            "erase_cases_tumour",
            "stay_erased_cases_tumour",
        ]
        superuser.execute(operation.reverse_sql)
        assert superuser.execute(named).fetchall() == []
        superuser.execute(operation.sql)
        assert superuser.execute(named).fetchall() == before
