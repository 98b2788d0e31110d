"""A plan with doses may watch on beside that of a new decision: one plan of a case gives doses, not one is open."""

from django.db import migrations, models

TABLE = "followup_monitoringplan (case_id)"
ONE_OPEN = f"""CREATE UNIQUE INDEX CONCURRENTLY one_open_plan_per_case ON {TABLE}
    WHERE NOT (state = 'closed')"""
ONE_GIVES = f"""CREATE UNIQUE INDEX CONCURRENTLY one_plan_of_a_case_gives ON {TABLE}
    WHERE NOT (state = 'closed') AND NOT succeeded"""
DROP = "DROP INDEX CONCURRENTLY IF EXISTS"


class Migration(migrations.Migration):
    # The new index is built while the table is in use, and the old one goes last: at no moment is there none.
    # Run again after a failure it begins anew. Back again it stops where plans stand beside another.
    atomic = False
    dependencies = [("followup", "0020_new_decision")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    [
                        f"{DROP} one_plan_of_a_case_gives",
                        ONE_GIVES,
                        f"{DROP} one_open_plan_per_case",
                    ],
                    [
                        f"{DROP} one_open_plan_per_case",
                        ONE_OPEN,
                        f"{DROP} one_plan_of_a_case_gives",
                    ],
                )
            ],
            state_operations=[
                migrations.RemoveConstraint(
                    model_name="monitoringplan", name="one_open_plan_per_case"
                ),
                migrations.AddConstraint(
                    model_name="monitoringplan",
                    constraint=models.UniqueConstraint(
                        condition=~models.Q(state="closed") & models.Q(succeeded=False),
                        fields=("case",),
                        name="one_plan_of_a_case_gives",
                    ),
                ),
            ],
        )
    ]
