"""Why something stands still: kept as English words in its row, told in the reader's language."""

from ripresa.console.connections.sayings import Told, told_now
from ripresa.contracts.calling.sayings import Saying, recognised

# Each is said somewhere by `say`; a test holds the two together. Those with more words come first.
REASONS = (
    "held by hand",
    "refused for policy",
    "no credit left",
    "the coupons of {pool} are used up",
    "the coupons of {pool} end too soon",
    "the coupon of {pool} has ended",
    "the shop makes no coupons: {trouble}",
    "there are no coupons {pool}",
    "no pool is minted that gives so much for so long",
    "the budget of {count} messages is used up",
    "what is left of the budget does not pay for another message",
    "only {amount} {unit} is left, less than its low_balance of {least}",
    "it answered 410: it wants to hear no more",
    "nothing has arrived for {days} days; last: {said}",
    "status {status}",
    "the certificate of the mail server {server} cannot be trusted: {why}",
    "the mail server {server} lets nobody in: {said}",
    "the mail server {server} does not greet back: {said}",
    "the mail server {server} refuses STARTTLS: {said}",
    "the mail server {server} refuses user {user} or its password: {said}",
    "the mail server {server} offers no STARTTLS; if mails may travel in clear, say tls=none in its URL",
    "the mail server {server} offers no login by PLAIN or LOGIN without encryption",
    "the mail server {server} offers no login by PLAIN or LOGIN",
    "the mail server {server}: {said}",
    "nothing can be put into {folder}: {why}",
    "Pingen gives no token ({status}): check client_id and client_secret",
    "{host} gives no answer: {why}",
    "it answers {status}: {said}",
    "cannot connect to {server}: {why}",
    "no answer in time",
)


def told_reason(text: str) -> Told:
    """`text` in the language of the page, if one of ours; what a member wrote stays, in whatever language."""
    said = recognised(text, REASONS)
    return told_now(said) if isinstance(said, Saying) else Told(text, is_foreign=False)
