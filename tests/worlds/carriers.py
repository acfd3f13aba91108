"""An account with a provider and an endpoint of Ada's shop: made when somebody first asks."""

from ripresa.domain.providers.models import ProviderAccount
from ripresa.domain.webhooks.models import WebhookEndpoint
from ripresa.entrypoints.registry import PROVIDERS
from ripresa.usecases.providers.provider_accounts import Accounts
from ripresa.usecases.webhooks import endpoints
from ripresa.usecases.webhooks.endpoints import Endpoints
from tests.rows import T0
from tests.world import World


def account_of(world: World) -> ProviderAccount:
    """An SMTP server that nobody calls."""
    found = ProviderAccount.objects.filter(shop=world.shop).first()
    return found or Accounts(PROVIDERS).add(
        shop_id=world.shop.id,
        provider_name="smtp",
        name="post",
        given={"url": "smtp://ada:s3cret@127.0.0.1:9"},
        now=T0,
    )


def endpoint_of(world: World) -> WebhookEndpoint:
    """One that hears of carts, and was to hear of a test."""
    found = WebhookEndpoint.objects.filter(shop=world.shop).first()
    if found is None:
        added = Endpoints().add(
            shop_id=world.shop.id,
            name="erp",
            url="https://erp.wines.example/hook",
            patterns=["cart.*"],
            now=T0,
        )
        found = added.endpoint
        endpoints.send_test(found, T0)
    return found
