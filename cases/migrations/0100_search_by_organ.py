"""An event outside the list is found by the organ that was told of it, where others are found by their code.

As `meetings.0014` and `0093`, whose lists of irAEs may now hold the code of an organ too: no irAE has such a code.
"""

import re
from importlib import import_module

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

STAGES = import_module("meetings.migrations.0014_search_by_stages")
TOGETHER = import_module("cases.migrations.0093_search_together_alike")
# The one irAE that is no one disease.
UNLISTED = "autoimmune_other"


def by_organ(text):
    """Return a function in which an event is also one of the codes by its organ, if it is outside the list."""

    def either(found):
        codes = found[1]
        # Within a text of its own a quote stands twice.
        named = f"''{UNLISTED}''" if codes.startswith("$") else f"'{UNLISTED}'"
        return (
            f"(e.entity = ANY ({codes}) OR (e.entity = {named} AND e.organ = ANY ({codes})))"
        )

    return re.sub(r"e\.entity = ANY \((\$?\w+)\)", either, text)


BEFORE = [
    STAGES.SEARCH.replace(STAGES.OF_PEOPLE, ""),
    TOGETHER.SEARCH.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"),
]
SEARCH = [by_organ(text) for text in BEFORE]


class Migration(migrations.Migration):
    # The index is built while the table is in use.
    atomic = False
    dependencies = [
        ("cases", "0098_written_anew"),
        ("meetings", "0014_search_by_stages"),
    ]
    operations = [
        AddIndexConcurrently(
            model_name="irae",
            index=models.Index(
                condition=models.Q(entity=UNLISTED),
                fields=["organ", "patient"],
                name="irae_unlisted_organ",
            ),
        ),
        *(
            # No table is altered: only what the functions do.
            migrations.RunSQL([after], [before])
            for before, after in zip(BEFORE, SEARCH)
        ),
    ]
