"""What connectors declare, in a marketer's words: fields and where to find them, what a shop can't do.

A platform that is not named here shows the words of its connector, in English.
"""

from collections.abc import Mapping
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ripresa.contracts.shops.connector import Ability

Text = Promise | str


class FieldWords(NamedTuple):
    """A field's label, where to find what belongs in it, and the answers there are, if there are few."""

    label: Text
    help: Text = ""
    choices: Mapping[str, Text] = {}


_SECRET_OF_HOOKS = _("Secret of the webhooks")
FIELDS: Mapping[tuple[str, str], FieldWords] = {
    ("shopify", "shop"): FieldWords(
        _("The shop’s name at Shopify"),
        _("Like wines.myshopify.com: in the admin under Settings › Domains."),
    ),
    ("shopify", "client_id"): FieldWords(
        _("Client ID"), _("In the Dev Dashboard: your app › Settings › Credentials.")
    ),
    ("shopify", "client_secret"): FieldWords(
        _("Client secret"),
        _(
            "Beside the client ID; of an app made in the admin: Settings › Apps › Develop apps › "
            "your app › API secret key."
        ),
    ),
    ("shopify", "access_token"): FieldWords(
        _("Access token"),
        _("In the admin: Settings › Apps › Develop apps › your app. It begins with shpat_."),
    ),
    ("shopify", "old_client_secret"): FieldWords(
        _("Client secret before it"),
        _("Only while you change the secret: Shopify signs with the old one for up to an hour."),
    ),
    ("shopify", "currency"): FieldWords(
        _("Currency of the shop"), _("In the admin: Settings › General › Store currency.")
    ),
    ("shopify", "restore_by"): FieldWords(
        _("Links in messages lead to"),
        _("Shopify’s own checkout address shows the buyer’s data to whoever opens it."),
        {
            "cart": _("a new cart with the same items"),
            "checkout": _("Shopify’s own checkout address"),
        },
    ),
    ("shopify", "storefront"): FieldWords(
        _("Public domain"), _("Like wines.example. Empty: the one at myshopify.com.")
    ),
    ("shopify", "api_url"): FieldWords(
        _("Address of the API"), _("For trials only. Empty: the shop’s own.")
    ),
    ("woocommerce", "url"): FieldWords(
        _("Address of the shop"), _("In WordPress: Settings › General › WordPress Address.")
    ),
    ("woocommerce", "consumer_key"): FieldWords(
        _("Consumer key"),
        _("WooCommerce › Settings › Advanced › REST API › Add key, permission: Read/Write."),
    ),
    ("woocommerce", "consumer_secret"): FieldWords(
        _("Consumer secret"), _("Shown beside the consumer key, once.")
    ),
    ("woocommerce", "webhook_secret"): FieldWords(
        _SECRET_OF_HOOKS,
        _("Made for you: Ripresa tells it to the shop when it makes the webhooks."),
    ),
    ("woocommerce", "permalinks"): FieldWords(
        _("Addresses of the shop"),
        _("In WordPress: Settings › Permalinks."),
        {"pretty": _("with words, like /shop/barolo"), "plain": _("plain, like ?p=7")},
    ),
    ("woocommerce", "keys_in"): FieldWords(
        _("Keys travel in"),
        _("Choose the address only where WooCommerce says 401 to good keys."),
        {"header": _("the header, as usual"), "query": _("the address")},
    ),
    ("woocommerce", "checkout_links"): FieldWords(
        _("The shop follows /checkout-link/"),
        _("WooCommerce 10 and later do."),
        {"yes": _("Yes"), "no": _("No")},
    ),
    ("medusa", "url"): FieldWords(
        _("Address of the Medusa server"),
        _("Like https://api.wines.example, so that it can be asked for what was missed."),
    ),
    ("medusa", "secret_key"): FieldWords(
        _("Secret API key"),
        _("In Medusa’s admin: Settings › Secret API Keys. It begins with sk_. To ask for orders."),
    ),
    ("medusa", "publishable_key"): FieldWords(
        _("Publishable API key"),
        _("Settings › Publishable API Keys. It begins with pk_. To read prices and stock."),
    ),
    ("medusa", "webhook_secret"): FieldWords(
        _SECRET_OF_HOOKS,
        _(
            "Made for you: set it as RIPRESA_WEBHOOK_SECRET in the shop, for the subscriber "
            "ripresa.ts to sign with."
        ),
    ),
    ("medusa", "storefront"): FieldWords(
        _("Address of the storefront"),
        _("One that has the page /cart/recover/…: links in messages lead there."),
    ),
    ("billbee", "user"): FieldWords(_("Billbee user"), _("The e-mail address you sign in with.")),
    ("billbee", "password"): FieldWords(
        _("API password"), _("In Billbee: Settings › API. It is not the one you sign in with.")
    ),
    ("billbee", "api_key"): FieldWords(
        _("Developer key"), _("Billbee’s support gives it out on request.")
    ),
    ("billbee", "shops"): FieldWords(
        _("Shops to take orders from"),
        _(
            "Their Billbee ids, with commas: Settings › Shops. Empty: all, those of marketplaces as well."
        ),
    ),
    ("billbee", "url"): FieldWords(_("Address of the API")),
}

# What is missing for whoever has the shop, where a platform can't do something.
CANNOT: Mapping[Ability, Text] = {
    Ability.CARTS: _("It does not tell of carts: add the storefront script, or a plugin."),
    Ability.CHECKOUTS: _("It does not tell of checkouts: they count as carts."),
    Ability.ORDERS: _("It does not tell of orders: reminders would not know when to stop."),
    Ability.CUSTOMERS: _("It does not tell of customers and what they agreed to."),
    Ability.REGISTERED: _(
        "Its webhooks can’t be made from here: the shop has to be given their address by hand."
    ),
    Ability.POLLED: _("It can’t be asked for what its calls missed."),
    Ability.HISTORY: _("It can’t tell what was before it was connected."),
    Ability.CATALOGUE: _(
        "Prices and stock can’t be read again before a message leaves: it shows what the cart held."
    ),
    Ability.ORDERS_FOUND: _("It can’t be asked for orders right before a message leaves."),
    Ability.COUPONS: _("It can’t make coupons: bring a file with codes."),
    Ability.CODES_CHECKED: _("Codes can’t be checked before they are sent."),
    Ability.RESTORED: _("Links lead to the cart’s own address, and apply no coupon by themselves."),
    Ability.WATCHED: _(
        "It does not say whether the shop sends reminders of its own: look yourself."
    ),
}
CAN: Mapping[Ability, Text] = {
    Ability.CARTS: _("carts"),
    Ability.CHECKOUTS: _("checkouts"),
    Ability.ORDERS: _("orders"),
    Ability.CUSTOMERS: _("customers"),
    Ability.REGISTERED: _("webhooks made by themselves"),
    Ability.POLLED: _("asked for what was missed"),
    Ability.HISTORY: _("history"),
    Ability.CATALOGUE: _("prices and stock"),
    Ability.ORDERS_FOUND: _("a last word before sending"),
    Ability.COUPONS: _("coupons"),
    Ability.CODES_CHECKED: _("codes checked"),
    Ability.RESTORED: _("carts restored"),
    Ability.WATCHED: _("looked after"),
}

# What a platform is, for who has to choose one.
PLATFORMS: Mapping[str, Text] = {
    "shopify": _("Carts, checkouts, orders, prices and coupons, by an app of yours in the shop."),
    "woocommerce": _("Orders, prices and coupons by REST keys; carts by our plugin."),
    "medusa": _("Carts, orders and customers by a small subscriber in the shop."),
    "billbee": _("Orders of all your channels; carts come from the storefront script."),
}
