"""An erasure reaches the names of other events and of trial agents too."""

from importlib import import_module

from django.db import migrations

from accounts.erasing import EMPTY, EraseTexts
from accounts.samepatient import SHORT_WAIT

dated = import_module("cases.migrations.0011_erasure").dated

OF_CASES = {"question": EMPTY, "prophylaxis_text": EMPTY, "alternatives_text": EMPTY}
OF_IRAES = {"severity_word": EMPTY, "sequelae_text": EMPTY, **dated("onset", "resolved")}
BEFORE = [EraseTexts("cases_case", OF_CASES), EraseTexts("cases_irae", OF_IRAES)]


class Migration(migrations.Migration):
    dependencies = [("cases", "0056_states_are_held")]
    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
        # In one transaction: there is no moment at which a name could come back.
        *(migrations.RunSQL(before.reverse_sql, before.sql) for before in BEFORE),
        EraseTexts("cases_case", {**OF_CASES, "proposed_text": EMPTY}),
        EraseTexts("cases_irae", {**OF_IRAES, "entity_text": EMPTY}),
    ]
