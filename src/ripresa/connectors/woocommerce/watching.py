"""What a merchant has to know about the shop: others that remind, and what is missing.

Source: REST API version 3, system_status.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from ripresa.connectors.woocommerce.plugin import about, standing
from ripresa.connectors.woocommerce.rest import Rest, rest
from ripresa.contracts.calling.sayings import said_by, say
from ripresa.contracts.shops.connector import NotLetIn, ShopAway
from ripresa.contracts.shops.reminders import AlsoReminds

_OURS = "ripresa.php"
_WOOCOMMERCE = "woocommerce.php"
_CHECKOUT_LINKS_SINCE = 10
# Folders or files of plugins that remind people of carts by themselves.
_REMINDERS = {
    "woocommerce-abandoned-cart": "Abandoned Cart Lite",
    "woocommerce-abandon-cart-pro": "Abandoned Cart Pro",
    "woo-cart-abandonment-recovery": "Cart Abandonment Recovery",
    "woo-save-abandoned-carts": "CartBounty",
    "woo-save-abandoned-carts-pro": "CartBounty Pro",
    "yith-woocommerce-recover-abandoned-cart": "YITH Recover Abandoned Cart",
    "wp-marketing-automations": "FunnelKit Automations",
    "automatewoo": "AutomateWoo",
    "mailpoet": "MailPoet",
    "klaviyo": "Klaviyo",
    "omnisend-connect": "Omnisend",
    "mailchimp-for-woocommerce": "Mailchimp",
}


def watch(settings: Mapping[str, str]) -> tuple[str, ...]:
    """Sentences. Raises ShopAway, NotLetIn."""
    with rest(settings) as shop:
        try:
            told = shop.get("system_status", {"_fields": "active_plugins"})
        except NotLetIn as refusal:
            return (
                say("Which plugins run in the shop can't be seen: {why}.", why=said_by(refusal)),
            )
        plugins = told.get("active_plugins") if isinstance(told, dict) else None
        if not isinstance(plugins, list):
            raise ShopAway(say("the shop answers with something else than its plugins"))
        files = {str(one.get("plugin")): one for one in plugins if isinstance(one, dict)}
        plugin = standing(shop)
        return (
            *_about_others(files),
            *_about_itself(shop),
            *_about_us(files, settings),
            *(about(plugin) if plugin is not None else ()),
        )


def _about_others(files: Mapping[str, Any]) -> Iterator[str]:
    for file in files:
        if name := _REMINDERS.get(file.partition("/")[0]):
            told = say(
                "The plugin {name} may remind people of carts as well; nobody should get both.",
                name=name,
            )
            yield AlsoReminds.told(told, by=name)


def _about_itself(shop: Rest) -> Iterator[str]:
    """WooCommerce has reminders of its own from version 11.3 on, where they were switched on."""
    try:
        told = shop.find("settings/email_customer_cart_recovery/enabled")
    except NotLetIn:
        return
    if isinstance(told, dict) and told.get("value") == "yes":
        itself = say("WooCommerce itself reminds people of carts; nobody should get both.")
        yield AlsoReminds.told(itself, by="WooCommerce")


def _about_us(files: Mapping[str, Any], settings: Mapping[str, str]) -> Iterator[str]:
    if not any(file.endswith(f"/{_OURS}") for file in files):
        yield say("The Ripresa plugin is not active in the shop: of carts it tells nothing.")
    version = next(
        (one.get("version") for file, one in files.items() if file.endswith(f"/{_WOOCOMMERCE}")), ""
    )
    major = str(version).partition(".")[0]
    if (
        settings["checkout_links"] == "yes"
        and major.isdecimal()
        and int(major) < _CHECKOUT_LINKS_SINCE
    ):
        yield say(
            "WooCommerce {version} has no checkout links yet: set checkout_links to no.",
            version=version,
        )
