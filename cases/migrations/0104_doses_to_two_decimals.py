"""A dose keeps two decimals: 0.75 mg of dexamethasone and 40.05 Gy are doses, and were rounded.

To change the scale of a column is to write its table anew under a lock that nobody passes; to take the limit off is not.
The columns have no scale of their own any more: forms and models hold two decimals.
"""

from django.db import migrations, models

from accounts.samepatient import SHORT_WAIT

# Table -> what is given up to which length; of tables with a history both.
DOSES = {
    "othertreatment": ("dose_gy",),
    "steroidcourse": ("peak_mg_per_day", "now_mg_per_day"),
    "steroiddose": ("mg_per_day",),
    "background": ("steroid_total_mg",),
}


def field(name):
    """Return the field as the models have it."""
    sizes = {"max_digits": 6 if name == "dose_gy" else 7, "decimal_places": 2}
    return {
        "dose_gy": models.DecimalField("dose, Gy", blank=True, null=True, **sizes),
        "mg_per_day": models.DecimalField("mg a day", **sizes),
        "steroid_total_mg": models.DecimalField(null=True, **sizes),
    }.get(name) or models.DecimalField(blank=True, null=True, **sizes)


def typed(table, columns, size):
    """Return the statement that gives the columns of a table this type."""
    changes = ", ".join(f"ALTER COLUMN {name} TYPE numeric{size}" for name in columns)
    return f"ALTER TABLE cases_{table} {changes};"


def altered(model, names):
    """Return the change of a model's columns: one statement, and what the models know of it."""
    old = "(5, 1)" if names == ("dose_gy",) else "(6, 1)"
    return migrations.SeparateDatabaseAndState(
        [migrations.RunSQL(typed(model, names, ""), typed(model, names, old))],
        [migrations.AlterField(model, name, field(name)) for name in names],
    )


class Migration(migrations.Migration):
    dependencies = [("cases", "0102_search_together_by_rounds")]
    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
        *(
            altered(f"{model}{suffix}", names)
            for model, names in DOSES.items()
            for suffix in ("", "event")
        ),
    ]
