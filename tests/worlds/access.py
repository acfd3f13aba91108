"""Who may enter Ada's shop: an invitation, keys, and what was changed."""

from django.contrib.sessions.models import Session

from ripresa.domain.audit import acting
from ripresa.domain.shops.models import ApiKey, Approval, Membership
from ripresa.domain.signin.models import Passkey, SignedIn
from ripresa.usecases.approvals import asking, matters
from ripresa.usecases.members import joining
from ripresa.usecases.shops.api_keys import add_api_key
from tests.rows import DAY, T0
from tests.world import World


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


def passkey_of(world: World) -> Passkey:
    """One of Ada's; made when somebody first asks for it."""
    found = Passkey.objects.filter(user_id=world.ada.id).first()
    return found or Passkey.objects.create(
        user_id=world.ada.id, credential_id=b"c", public_key=b"p", sign_count=0,
        name="Chrome · Linux", created_at=T0,
    )  # fmt: skip


def session_of(world: World) -> SignedIn:
    """One of Ada's; made when somebody first asks for it."""
    key = "a-session-of-adas"
    Session.objects.get_or_create(session_key=key, defaults={"expire_date": T0 + 14 * DAY})
    return SignedIn.objects.get_or_create(
        session_key=key,
        defaults={"user_id": world.ada.id, "started_at": T0, "seen_at": T0, "ip": "192.0.2.7"},
    )[0]


def approval_of(world: World) -> Approval:
    """A question that Vera has asked; made when somebody first asks for it."""
    found = Approval.objects.filter(shop=world.shop).first()
    if found is not None:
        return found
    with acting.acting_as(acting.member(world.vera.id)):
        return asking.ask(
            shop_id=world.shop.id, matter=matters.of_scenario(world.draft),
            facts={"changes": ["limits.not_after_order: 7d → 14d"]}, now=T0,
        )  # fmt: skip


def access_pages(world: World) -> dict[str, str]:
    """The pages of this room by name, for a browser to walk."""
    member, key = membership_of(world), key_of(world)
    return {
        "members": "/wines/settings/members/",
        "member-remove": f"/wines/settings/members/{member.id}/remove/",
        "keys": "/wines/settings/keys/",
        "key-revoke": f"/wines/settings/keys/{key.id}/revoke/",
        "audit": "/wines/settings/audit/",
        "approvals": "/wines/approvals/",
        "approval": f"/wines/approvals/{approval_of(world).id}/",
        "approval-ask": f"/wines/approvals/scenario/{world.draft.id}/ask/",
        "sign-in": "/wines/settings/sign-in/",
        "sign-in-app": "/wines/settings/sign-in/app/",
        "forgotten": "/login/password/",
        "invitation": f"/login/invitation/{joining.link_of(member)}/",
    }
