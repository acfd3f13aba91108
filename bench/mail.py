"""Stages 6 and 7: send due mails, whole path, against smtp-source into the same sink.

Workload: reminders due at once, of which one in eight must not go out: no consent, suppressed, a recent
order, too soon after another step, quiet hours, bought meanwhile. Each that goes is decided, composed for
its person with links of its own, looked at again, handed over, and its fate recorded. One process, shipped
defaults. Slices take turns; the figure is the median ratio. Stage 7 signs by DKIM with a 2,048-bit RSA key;
its limit is what one core signs. Stage 8 is stage 6 against django-post_office, which queues and sends mails
of a template into the same sink.
"""

import resource
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bench.frame import HOME
from bench.plan import DAY, SCENARIO, START, People, _park_held, _settle_down, _take_up

SLICES = 5
MAILS = 2_400  # due in a slice
PEER_MAILS = 400
OVERHEAD = 1_500  # bytes of a mail beside its words: headers, and what quoted-printable adds
SIGNATURES = 2_000


def run(stage: int) -> dict:
    """Measure stage 6, 7 or 8 on a throw-away database."""
    from bench.frame import shop_database
    from bench.smtp_peers import sink

    with shop_database() as shop_id, sink() as swallows:
        return {"stage": stage, **_measure(shop_id, swallows, stage)}


@dataclass(frozen=True)
class Limit:
    """What ours is compared with: mails (or signatures) a second, and how many of them reach the sink."""

    words: str
    goal: float
    measure: Callable[[int], float]  # given the bytes of a mail of ours
    swallowed_a_slice: int = 0


def _limit(stage: int, swallows, key) -> Limit:
    from bench import smtp_peers

    match stage:
        case 6:
            words, mails = "smtp-source, 8 sessions, same sink", MAILS * 2
            return Limit(
                words, 0.60, lambda size: smtp_peers.source(swallows.port, mails, size), mails
            )
        case 7:
            words = "RSA-2048 signatures on one core"
            return Limit(words, 0.70, lambda _: _signatures_a_second(key))
        case _:
            words = "django-post_office, same sink"
            return Limit(words, 12, lambda _: _post_office(swallows.port, PEER_MAILS), PEER_MAILS)


class Sender:
    """Ours: one worker's way of sending what is due."""

    def __init__(self, shop_id: int, url: str, signer=None) -> None:
        from ripresa.channels.recording.channel import RecordingChannel
        from ripresa.channels.smtp.channel import SmtpChannel
        from ripresa.channels.smtp.settings import SmtpSettings
        from ripresa.contracts.channel import Channels
        from ripresa.domain.messages.links import Letterhead
        from ripresa.usecases.providers.provider_accounts import Accounts
        from ripresa.usecases.send_messages import Post
        from ripresa.usecases.shop_channels import ShopChannels

        self.shop_id = shop_id
        channel = SmtpChannel(SmtpSettings.from_url(url), signer)
        others = Channels(channel, RecordingChannel(), RecordingChannel())
        letterhead = Letterhead("https://mail.bench.test", "a secret of the bench")
        self.post = Post(ShopChannels(Accounts({}), others), letterhead)

    def send_all(self, now) -> None:
        from ripresa.usecases.send_messages import send_due

        while send_due(shop_id=self.shop_id, post=self.post, now=now, seconds=5.0):
            pass

    def close(self) -> None:
        self.post.channels.close()


def _measure(shop_id: int, swallows, stage: int) -> dict:
    from cryptography.hazmat.primitives.asymmetric import rsa

    from ripresa.channels.smtp.dkim import Signer
    from ripresa.usecases.scenarios import activate_scenario
    from ripresa.usecases.scenarios.publish_scenario import publish_scenario

    published = publish_scenario(shop_id=shop_id, text=SCENARIO, file_name="bench", now=START)
    activate_scenario.activate(shop_id=shop_id, scenario_id=published.scenario_id, now=START)
    people = People(shop_id)
    key = rsa.generate_private_key(65537, 2048)
    signer = Signer("bench.test", "bench", key) if stage == 7 else None
    sender = Sender(shop_id, swallows.url, signer)
    limit = _limit(stage, swallows, key)
    ours, limits = [], []
    for number in range(SLICES + 1):
        now = START + (number + 2) * DAY
        people.leave(MAILS, now)
        _take_up(shop_id, now)
        people.stand_against(now)
        _settle_down()
        other = limit.measure(_bytes_of_a_mail(shop_id))
        mine = _mails_a_second(shop_id, sender, now + timedelta(minutes=1))
        _park_held()
        if number:  # the first slice warms up
            ours.append(mine)
            limits.append(other)
    sender.close()
    ratios = [mine / other for mine, other in zip(ours, limits, strict=True)]
    by_others = limit.swallowed_a_slice * (SLICES + 1)
    return {
        "workload": "e-mail, personalised, tracked, suppressed, recorded"
        + (", DKIM by RSA-2048" if signer else ""),
        "ours_per_second": round(statistics.median(ours)),
        "limit": limit.words,
        "limit_per_second": round(statistics.median(limits)),
        "ratio": round(statistics.median(ratios), 3),
        "spread": round((max(ratios) - min(ratios)) / statistics.median(ratios), 2),
        "goal": limit.goal,
        "truth": _truth(shop_id, people, swallows.mails() - by_others),
        "bytes_a_mail": _bytes_of_a_mail(shop_id),
        "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def _mails_a_second(shop_id: int, sender: Sender, now: datetime) -> float:
    before = _sent(shop_id)
    began = time.perf_counter()
    sender.send_all(now)
    return (_sent(shop_id) - before) / (time.perf_counter() - began)


def _signatures_a_second(key) -> float:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding

    began = time.perf_counter()
    for number in range(SIGNATURES):
        key.sign(str(number).encode() * 100, padding.PKCS1v15(), hashes.SHA256())
    return SIGNATURES / (time.perf_counter() - began)


def _post_office(port: int, mails: int) -> float:
    """Mails a second by django-post_office, in a process and a database of its own."""
    from ripresa.core.embedded.database import embedded_database
    from ripresa.core.throwaway import throwaway_database

    with embedded_database(HOME) as url, throwaway_database(url) as own:
        done = subprocess.run(
            [sys.executable, "-m", "bench.post_office_peer", str(port), str(mails), own],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
    said = next(line for line in done.stdout.splitlines() if line.startswith("RATE"))
    _, rate, _, sent, *_ = said.split()
    if int(sent) != mails:
        raise RuntimeError(f"the peer did not send everything: {said}")
    return float(rate)


def _bytes_of_a_mail(shop_id: int) -> int:
    """About as many as the mails of the latest slice have; none are sent before the first."""
    from ripresa.domain.messages.models import MessageContent

    some = MessageContent.objects.filter(shop_id=shop_id).select_related("source")[:100]
    sizes = [len("".join(one.said()).encode()) for one in some]
    return round(statistics.mean(sizes or [0])) + OVERHEAD


def _sent(shop_id: int) -> int:
    from ripresa.domain.messages.models import Message

    return Message.objects.filter(shop_id=shop_id, step="first", state="sent").count()


def _truth(shop_id: int, people: People, swallowed: int) -> str:
    """Sent rows are mails in the sink; each person got exactly the decision her facts ask for."""
    from ripresa.domain.messages.models import Decision, Message

    sent = _sent(shop_id)
    if sent != swallowed:
        return f"failed: {sent} rows sent, {swallowed} mails in the sink"
    found = Counter(
        Decision.objects.filter(
            shop_id=shop_id, step="first", outcome__in=("skipped", "held", "cancelled")
        ).values_list("reason", flat=True)
    )
    found["due"] = sent
    if found != people.expected:
        return f"failed: expected {dict(people.expected)}, found {dict(found)}"
    if Message.objects.filter(shop_id=shop_id, state="sending").exists():
        return "failed: messages are left on the wire"
    return "ok"
