"""Mails as the reader of bounces meets them, all of them written here."""


def mail(
    text, *, sender="Ben <ben@people.example>", subject="Hello", headers="", kind="text/plain"
):
    lines = [f"From: {sender}", "To: bounces@shop.example", f"Subject: {subject}"]
    lines += [line for line in headers.splitlines() if line]
    lines += ["MIME-Version: 1.0", f"Content-Type: {kind}; charset=utf-8", "", text]
    return "\n".join(lines).encode()


DAEMON = "Mail Delivery System <MAILER-DAEMON@relay.example>"
ORIGINAL = """\
Received: from shop.example by relay.example; Sat, 21 Nov 2026 10:00:00 +0000
Message-ID: <1234@shop.example>
From: Shop <hello@shop.example>
To: ben@people.example
Subject: Your cart
"""


def report(groups, *, told="Your mail could not be delivered.", headers="", sender=DAEMON):
    """A delivery report (RFC 3464) with `groups` of fields."""
    blocks = "\n".join(f"{group.strip()}\n" for group in groups)
    return f"""\
From: {sender}
To: bounces@shop.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
{headers}Content-Type: multipart/report; report-type=delivery-status; boundary="cut"

--cut
Content-Type: text/plain; charset=utf-8

{told}

--cut
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.example

{blocks}
--cut
Content-Type: message/rfc822

{ORIGINAL}
Hello
--cut--
""".encode()


def refused(diagnostic, *, status="5.0.0", action="failed", address="ben@people.example"):
    """One group of fields of a delivery report."""
    return f"""\
Final-Recipient: rfc822; {address}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {diagnostic}"""


def complaint(kind="abuse", *, recipient="Original-Rcpt-To: <ben@people.example>\n"):
    """A feedback report (RFC 5965)."""
    return f"""\
From: <staff@provider.example>
To: bounces@shop.example
Subject: FW: Your cart
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="cut"

--cut
Content-Type: text/plain

This is an abuse report.

--cut
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: SomeProvider/1.0
Version: 1
{recipient}
--cut
Content-Type: message/rfc822

{ORIGINAL}
Hello
--cut--
""".encode()
