"""django-post_office as a peer: queue personalised mails, send the queue, say how fast.

`python -m bench.post_office_peer SMTP_PORT MAILS CONNINFO`: one process, eight threads, its own SMTP
backend with kept connections, mails of a stored template.
"""

import sys
import time

import django
from django.conf import settings
from psycopg.conninfo import conninfo_to_dict


def main() -> None:
    port, mails, where = int(sys.argv[1]), int(sys.argv[2]), conninfo_to_dict(sys.argv[3])
    settings.configure(
        INSTALLED_APPS=["django.contrib.contenttypes", "post_office"],
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": where["dbname"],
                **{
                    key.upper(): where[key]
                    for key in ("user", "password", "host", "port")
                    if key in where
                },
            }
        },
        EMAIL_HOST="127.0.0.1",
        EMAIL_PORT=port,
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        TEMPLATES=[
            {"BACKEND": "django.template.backends.django.DjangoTemplates"},
            {
                "BACKEND": "post_office.template.backends.post_office.PostOfficeTemplates",
                "APP_DIRS": True,
                "OPTIONS": {"context_processors": []},
            },
        ],
        POST_OFFICE={
            "BACKENDS": {"default": "django.core.mail.backends.smtp.EmailBackend"},
            "DEFAULT_PRIORITY": "medium",
            "BATCH_SIZE": mails,
            "THREADS_PER_PROCESS": 8,
            "TEMPLATE_ENGINE": "post_office",
        },
        USE_TZ=True,
    )
    django.setup()
    _send(mails)


def _send(mails: int) -> None:
    from django.core.management import call_command
    from post_office import mail
    from post_office.models import EmailTemplate

    call_command("migrate", verbosity=0, interactive=False)
    filler = "<p>A line about wine.</p>\n" * 200
    template = EmailTemplate.objects.create(
        name="reminder",
        subject="{{ name }}, your cart",
        content="Hello {{ name }}: {{ link }}\n",
        html_content="<p>Hello {{ name }}: <a href='{{ link }}'>back</a></p>" + filler,
    )
    began = time.perf_counter()
    mail.send_many(
        [
            {
                "recipients": [f"p{number}@people.test"],
                "sender": "bench@shop.test",
                "template": template,
                "context": {"name": f"P{number}", "link": f"https://shop.test/r/{number}"},
            }
            for number in range(mails)
        ]
    )
    sent, failed, _ = mail.send_queued(processes=1)
    took = time.perf_counter() - began
    print(f"RATE {sent / took:.1f} SENT {sent} FAILED {failed}")


if __name__ == "__main__":
    main()
