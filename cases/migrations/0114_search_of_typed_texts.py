"""An event and a proposed agent that no list has are found by the words that were typed of them.

As `0102`, whose codes of irAEs may now hold beginnings of such words too, after all codes (`rechallenge_begun`). An agent
is looked for in the cases of the searcher's boards alone: a case of another board tells nobody what it proposes.
"""

from importlib import import_module

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models

from accounts.indexonce import IndexOnce

TOGETHER = import_module("cases.migrations.0067_search_together")
BY_ORGAN = import_module("cases.migrations.0100_search_by_organ").by_organ
ROUNDS = import_module("cases.migrations.0102_search_together_by_rounds")
BEFORE = ROUNDS.SEARCH
PROPOSED = "t.proposed_text <> '' AND t.board_id = ANY (boards) AND rechallenge_begun(t.proposed_text) &&"


def asked(codes: str) -> str:
    """Return the condition that a text is asked for: known before the statement is planned."""
    return f"({codes})[cardinality({codes})] LIKE '~%'"


def event(codes: str) -> str:
    """Return the condition that an event outside the list is one that was typed so."""
    text = f"rechallenge_begun(e.entity_text) && {codes}::text[]"
    return f"(e.entity = 'autoimmune_other' AND {asked(codes)} AND {text})"


def typed_too(text: str, codes: str) -> str:
    """Return a statement in which the event may also be one that was typed so."""
    # Within a text of its own a quote stands twice, which is seen to below.
    text, before = (
        BY_ORGAN(part).replace("''", "'") for part in (text, f"e.entity = ANY ({codes})")
    )
    after = f"({before} OR {event(codes)})"
    if text.count(before) != 1:
        raise ValueError(f"Not once in the statement: {before}")
    return text.replace(before, after)


def has(patient: str) -> str:
    """Return the condition that a patient has what is asked for, a case that proposes it among that."""
    records = (
        f"SELECT {patient} UNION ALL SELECT m.id FROM cases_patient m WHERE m.merged_into_id = {patient}"
    )
    return f"""({typed_too(TOGETHER.has(patient), "happened")}
                OR ({asked("happened")} AND EXISTS (SELECT 1 FROM cases_case t
                    WHERE t.patient_id IN ({records}) AND {PROPOSED} happened::text[])))"""


# Those of all patients, each list by its own index.
WHO_HAS = f"""{typed_too(TOGETHER.WHO_HAS, "happened")}
                UNION SELECT coalesce(o.merged_into_id, o.id) FROM cases_case t JOIN cases_patient o ON o.id = t.patient_id
                WHERE {asked("happened")} AND {PROPOSED} happened::text[]"""
COUNTED = typed_too(TOGETHER.COUNTED.strip("'"), "$2").replace(
    f" LIMIT {TOGETHER.NEWEST}",
    f" UNION ALL SELECT 1 FROM cases_case t WHERE {asked('$2')}"
    f" AND {PROPOSED.replace('boards', '$3')} $2::text[] LIMIT {TOGETHER.NEWEST}",
).replace("'", "''")
CHANGES = (
    *((BY_ORGAN(TOGETHER.has(patient)), has(patient), 1) for patient in (TOGETHER.KEPT, "u.id")),
    (BY_ORGAN(TOGETHER.WHO_HAS), WHO_HAS, 2),
    (
        f"""{BY_ORGAN(TOGETHER.COUNTED)} INTO counted
                USING string_to_array(drugs[n], ',')::varchar[], string_to_array(entities[n], ',')::varchar[];""",
        f"""'{COUNTED}' INTO counted
                USING string_to_array(drugs[n], ',')::varchar[], string_to_array(entities[n], ',')::varchar[], boards;""",
        1,
    ),
)


def changed(sql: str) -> str:
    """Return the statement with every change made; a piece that is not there so often is an error."""
    for before, after, times in CHANGES:
        if sql.count(before) != times:
            raise ValueError(f"Not {times} times in the function: {before}")
        sql = sql.replace(before, after)
    return sql


SEARCH = changed(BEFORE)


class Migration(migrations.Migration):
    # The indexes are built while the tables are in use; run again after a failure it goes on.
    atomic = False
    dependencies = [("cases", "0113_texts_by_their_words")]
    operations = [
        IndexOnce(
            model_name="irae",
            index=GinIndex(
                models.Func("entity_text", function="rechallenge_begun"),
                condition=models.Q(entity="autoimmune_other"),
                name="irae_unlisted_words",
            ),
        ),
        IndexOnce(
            model_name="case",
            index=GinIndex(
                models.Func("proposed_text", function="rechallenge_begun"),
                condition=~models.Q(proposed_text=""),
                name="case_proposed_words",
            ),
        ),
        # No table is altered: only what the function does.
        migrations.RunSQL([SEARCH], [BEFORE]),
    ]
