"""Who may enter Ada's shop: an invitation, keys, and what was changed."""

from ripresa.domain.shops.models import ApiKey, Membership
from ripresa.usecases.api_keys import add_api_key
from ripresa.usecases.members import joining
from tests.world import T0, World


def membership_of(world: World) -> Membership:
    """Mia's, who is asked to join; made when somebody first asks for it."""
    found = Membership.objects.filter(shop=world.shop, invited_at__isnull=False).first()
    return found or joining.invite(
        shop_id=world.shop.id, email="mia@wines.test", role="agent", now=T0
    )


def key_of(world: World) -> ApiKey:
    """A key to the API; made when somebody first asks for it."""
    found = ApiKey.objects.filter(shop=world.shop).first()
    return found or add_api_key(shop=world.shop, scopes=["read"], label="crm", now=T0).key


def access_pages(world: World) -> dict[str, str]:
    """The pages of this room by name, for a browser to walk."""
    member, key = membership_of(world), key_of(world)
    return {
        "members": "/wines/settings/members/",
        "member-remove": f"/wines/settings/members/{member.id}/remove/",
        "keys": "/wines/settings/keys/",
        "key-revoke": f"/wines/settings/keys/{key.id}/revoke/",
        "audit": "/wines/settings/audit/",
        "forgotten": "/login/password/",
        "invitation": f"/login/invitation/{joining.link_of(member)}/",
    }
