"""Forced row-level security on guidance attached to cases."""

from django.db import migrations

from accounts.rowsecurity import EnableRowSecurity


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_attached_guidance")]
    operations = [
        EnableRowSecurity("cases_attachedguidance"),
        EnableRowSecurity("cases_attachedguidanceevent"),
    ]
