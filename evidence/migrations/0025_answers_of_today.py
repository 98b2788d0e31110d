"""Cases of other boards are counted as of today alone: by the days of one case, others could tell it apart."""

from importlib import import_module

from django.db import migrations

from accounts.samepatient import SHORT_WAIT

BEFORE = import_module("evidence.migrations.0022_answers_elsewhere").COUNTS
FIRST = """BEGIN
    IF NOT EXISTS"""
# A day to each side, for clocks of other zones.
BOUND = """BEGIN
    IF on_day IS NULL OR abs(on_day - current_date) > 1 THEN
        RAISE EXCEPTION 'cases are counted as of today' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF NOT EXISTS"""


def _replacing(text: str) -> str:
    return text.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


COUNTS = _replacing(BEFORE).replace(FIRST, BOUND, 1)


class Migration(migrations.Migration):
    dependencies = [("evidence", "0023_where_sources_were_read")]
    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
        migrations.RunSQL(COUNTS, _replacing(BEFORE)),
    ]
