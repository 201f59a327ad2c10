from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("wishes", "0004_intake")]

    operations = [
        migrations.AddField(
            model_name="residentlink",
            name="code_digest",
            field=models.CharField(blank=True, db_default="", default="", max_length=64),
        ),
        migrations.AddIndex(
            model_name="residentlink",
            index=models.Index(fields=["code_digest"], name="link_by_code"),
        ),
    ]
