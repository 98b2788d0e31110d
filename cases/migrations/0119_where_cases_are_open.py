"""Fills in, lot by lot, on which board each open case is, and makes the index by which they are found."""

from django.db import migrations, models

from accounts.indexonce import IndexOnce
from accounts.lots import Filling, fill_in_lots

# The trigger says which board; closed cases keep their rows as they are.
BOARDS = Filling(
    table="cases_casefacts",
    rows="""
    SELECT f.id FROM cases_casefacts f JOIN cases_case c ON c.id = f.case_id
    WHERE c.state <> 'closed' AND f.open_board_id IS NULL AND f.id > %s ORDER BY f.id LIMIT %s
    """,
    statement="""
    UPDATE cases_casefacts SET open_board_id = NULL WHERE open_board_id IS NULL AND id = ANY(%s)
    """,
    reason="open_board",
)


def fill(apps, schema_editor):
    """Write the board of the open cases that are there, in lots that hold nobody up."""
    fill_in_lots(schema_editor.connection, BOARDS)


class Migration(migrations.Migration):
    # Each lot is a transaction of its own, and the index is built while the table is in use.
    atomic = False
    dependencies = [("cases", "0118_where_a_case_is_open")]
    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        IndexOnce(
            "casefacts",
            models.Index(
                fields=["open_board"],
                condition=models.Q(("open_board__isnull", False)),
                name="facts_of_open_cases",
            ),
        ),
    ]
