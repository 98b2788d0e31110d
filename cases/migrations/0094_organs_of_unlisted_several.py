"""An irAE outside the list that affected several organs is of those whose organ is not told. No table changes."""

from django.db import migrations, models

from accounts.samepatient import SHORT_WAIT


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0093_search_together_alike'),
    ]

    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='irae',
            name='organ',
            field=models.CharField(choices=[('lung', 'Lung'), ('colon', 'Bowel'), ('liver', 'Liver'), ('thyroid', 'Thyroid'), ('pituitary', 'Pituitary'), ('adrenal', 'Adrenal'), ('endocrine_pancreas', 'Endocrine pancreas'), ('kidney', 'Kidney'), ('skin', 'Skin and mucosa'), ('heart', 'Heart'), ('muscle', 'Muscle'), ('nerve', 'Nerve and neuromuscular junction'), ('brain', 'Brain and spinal cord'), ('joint', 'Joints'), ('blood', 'Blood'), ('eye', 'Eye'), ('pancreas', 'Exocrine pancreas'), ('vessel', 'Vessels'), ('other', 'Other'), ('elsewhere', 'Another organ than these'), ('untold', 'Several organs, or cannot be told')], max_length=20, verbose_name='organ'),
        ),
        migrations.AlterField(
            model_name='iraeevent',
            name='organ',
            field=models.CharField(choices=[('lung', 'Lung'), ('colon', 'Bowel'), ('liver', 'Liver'), ('thyroid', 'Thyroid'), ('pituitary', 'Pituitary'), ('adrenal', 'Adrenal'), ('endocrine_pancreas', 'Endocrine pancreas'), ('kidney', 'Kidney'), ('skin', 'Skin and mucosa'), ('heart', 'Heart'), ('muscle', 'Muscle'), ('nerve', 'Nerve and neuromuscular junction'), ('brain', 'Brain and spinal cord'), ('joint', 'Joints'), ('blood', 'Blood'), ('eye', 'Eye'), ('pancreas', 'Exocrine pancreas'), ('vessel', 'Vessels'), ('other', 'Other'), ('elsewhere', 'Another organ than these'), ('untold', 'Several organs, or cannot be told')], max_length=20, verbose_name='organ'),
        ),
    ]
