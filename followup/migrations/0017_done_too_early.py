"""What was done too early before the first dose may stand beside the check that is asked for anew."""

from django.db import migrations, models

COLUMNS = "followup_check (plan_id, step_id, offset_days) NULLS NOT DISTINCT"
STRICT = f"""CREATE UNIQUE INDEX CONCURRENTLY one_check_per_step_and_day ON {COLUMNS}
    WHERE NOT (state = 'cancelled')"""
WITH_DONE = f"""CREATE UNIQUE INDEX CONCURRENTLY one_check_of_step_and_day ON {COLUMNS}
    WHERE NOT (state = 'cancelled') AND NOT (offset_days IS NULL AND state = 'done')"""
DROP = "DROP INDEX CONCURRENTLY IF EXISTS"


class Migration(migrations.Migration):
    # The new index is built while the table is in use, and the old one goes last: at no moment is there none.
    # Run again after a failure it begins anew.
    atomic = False
    dependencies = [("followup", "0016_never_planned")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    [
                        f"{DROP} one_check_of_step_and_day",
                        WITH_DONE,
                        f"{DROP} one_check_per_step_and_day",
                    ],
                    [
                        f"{DROP} one_check_per_step_and_day",
                        STRICT,
                        f"{DROP} one_check_of_step_and_day",
                    ],
                )
            ],
            state_operations=[
                migrations.RemoveConstraint(
                    model_name="check", name="one_check_per_step_and_day"
                ),
                migrations.AddConstraint(
                    model_name="check",
                    constraint=models.UniqueConstraint(
                        condition=~models.Q(state="cancelled")
                        & ~models.Q(state="done", offset_days__isnull=True),
                        fields=("plan", "step", "offset_days"),
                        name="one_check_of_step_and_day",
                        nulls_distinct=False,
                    ),
                ),
            ],
        )
    ]
