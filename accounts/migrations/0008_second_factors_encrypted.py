"""Encrypt the secrets of second factors that were kept in clear.

Needs the secret key that the web processes have. Going back writes them in clear again.
"""

from django.db import migrations

from accounts.second_factors import opened, sealed

# Under these names allauth keeps what a code is made from; public keys of passkeys are no secret.
ONE, MANY = ("secret", "seed"), "migrated_codes"


def rewrite(apps, schema_editor, change):
    """Write every secret as `change` makes it; a row is held while it is."""
    rows = apps.get_model("mfa", "Authenticator").objects.using(schema_editor.connection.alias)
    for row in rows.filter(type__in=("totp", "recovery_codes")).order_by("pk").select_for_update():
        told = {name: change(row.data[name]) for name in ONE if row.data.get(name)}
        if row.data.get(MANY):
            told[MANY] = [change(code) for code in row.data[MANY]]
        row.data = {**row.data, **told}
        row.save(update_fields=["data"])


def encrypt(apps, schema_editor):
    rewrite(apps, schema_editor, sealed)


def decrypt(apps, schema_editor):
    rewrite(apps, schema_editor, opened)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_known_zones"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]
    operations = [migrations.RunPython(encrypt, decrypt)]
