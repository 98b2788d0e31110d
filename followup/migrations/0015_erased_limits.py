"""Upper limits of the laboratory go with the values of a check when its patient is erased: numbers stay, words go."""

from importlib import import_module

from django.db import migrations

from accounts.erasing import EraseTexts
from accounts.samepatient import SHORT_WAIT

VALUES = import_module("followup.migrations.0006_erasure").VALUES
BEFORE = EraseTexts("followup_check", {'"values"': VALUES})


class Migration(migrations.Migration):
    dependencies = [("followup", "0014_monitoring_goes_on")]
    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
        migrations.RunSQL(BEFORE.reverse_sql, BEFORE.sql),
        EraseTexts("followup_check", {'"values"': VALUES, "upper_limits": VALUES}),
    ]
