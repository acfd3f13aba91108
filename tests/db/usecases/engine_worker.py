"""A worker in a process of its own, for tests that kill it: `python -m tests.db.usecases.engine_worker NOW SMTP_URL`.

It does what is due at NOW until its standard input ends.
"""

import os
import select
import sys
from datetime import datetime

import django


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ripresa.entrypoints.settings")
    django.setup()
    from ripresa.channels.recording.channel import RecordingChannel
    from ripresa.channels.smtp.channel import SmtpChannel
    from ripresa.channels.smtp.settings import SmtpSettings
    from ripresa.contracts.channel import Channels
    from tests.rounds import run_due

    now, url = datetime.fromisoformat(sys.argv[1]), sys.argv[2]
    smtp = SmtpChannel(SmtpSettings.from_url(url))
    channels = Channels(smtp, RecordingChannel(), RecordingChannel())
    print("ready", flush=True)
    while not select.select([sys.stdin], [], [], 0)[0]:
        if not run_due(now=now, channels=channels):
            print("idle", flush=True)
            select.select([sys.stdin], [], [], 0.05)
    channels.close()


if __name__ == "__main__":
    main()
