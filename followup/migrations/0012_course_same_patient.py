"""The course that a plan follows is of the plan's patient; there is no row yet that had to be compared."""

from django.db import migrations

from accounts.samepatient import ComparePatients, SamePatient


class Migration(migrations.Migration):
    dependencies = [("followup", "0011_course_of_a_plan")]
    operations = [
        SamePatient("followup_monitoringplan", "course_id", "cases_icicourse"),
        ComparePatients("followup_monitoringplan", "course_id"),
    ]
