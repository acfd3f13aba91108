"""Why things stand still or were not believed: kept as English words, told in any language."""

from ripresa.contracts.calling.sayings import recognised

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
    "there was no time left for it",
    "no call could be made of it: {why}",
    "{host} was asked and gave no whole answer: {why}",
    "that is no address to call: {why}",
    "only an http(s) address can be called",
    (
        "{host} is not called without encryption; "
        "if it stands in your own network, name it in RIPRESA_INTERNAL_HOSTS"
    ),
    (
        "{host} leads to {address}, which is no public address; "
        "if it is meant, name {host} in RIPRESA_INTERNAL_HOSTS"
    ),
    "the answer is larger than {most} bytes",
    "the certificate of {host} can't be trusted: {why}",
    "{host} can't be reached: {why}",
    # Calls of shops that were not believed.
    "the account was removed",
    "nobody listens here any more",
    "can't be read: {trouble}",
    "the signature (X-WC-Webhook-Signature) is not made with this secret",
    "the body is no JSON that can be read: {wrong}",
    "the signature (X-Shopify-Hmac-Sha256) is not made with this client secret",
    "the call is of the shop {shop}, this connection of {other}",
    "the call is of {triggered}: Shopify repeats none for so long",
    "the body does not name this shop in {name}",
    "the body is not JSON",
    "the body names no customer",
    "the signature (webhook-signature) is wrong, or older than five minutes",
    "the body is not JSON with a type and data",
)


def reason_kept(text: str) -> str:
    """The Saying that `text` was before it was kept, if it is one of ours; else `text`."""
    return recognised(text, REASONS)
