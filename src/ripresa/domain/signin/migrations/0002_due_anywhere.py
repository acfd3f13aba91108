from django.db import migrations


class Migration(migrations.Migration):
    """The one index that does not begin with the shop says so in its name."""

    dependencies = [("signin", "0001_tables")]

    operations = [
        migrations.RenameIndex(
            "membermail", new_name="member_mail_due_anywhere", old_name="member_mail_due"
        )
    ]
