"""A lane in a process of its own, for a test that kills it: `python -m tests.db.webhooks.webhook_worker NOW`.

It calls whoever is due by a clock that starts at NOW and runs 60 times as fast, until its standard input ends.
"""

import os
import select
import sys
from datetime import datetime, timedelta
from time import monotonic

import django

SPEED = 60


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ripresa.entrypoints.settings")
    django.setup()
    from ripresa.core.config import internal_hosts
    from ripresa.core.http.client import HttpClient
    from ripresa.core.secrets.box import SecretBox
    from ripresa.usecases.webhooks.delivering import Courier
    from ripresa.usecases.webhooks.endpoints import Endpoints

    start, began = datetime.fromisoformat(sys.argv[1]), monotonic()
    box = SecretBox([os.environ["WEBHOOK_TEST_KEY"]])
    http = HttpClient(connections=8, internal_hosts=internal_hosts())
    # Three seconds: what a killed worker held falls due while the test still runs.
    courier = Courier(http, Endpoints(box), lease=timedelta(seconds=3 * SPEED))
    print("ready", flush=True)
    while not select.select([sys.stdin], [], [], 0.02)[0]:
        now = start + timedelta(seconds=SPEED * (monotonic() - began))
        for shop_id in courier.shops_to_call(now):
            courier.call(shop_id=shop_id, now=now)
    courier.close()


if __name__ == "__main__":
    main()
