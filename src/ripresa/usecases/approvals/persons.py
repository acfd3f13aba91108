"""Which person stands behind who asks and who answers: a key is whoever made it."""

from uuid import UUID

from ripresa.domain.audit.acting import Actor, ActorKind
from ripresa.domain.audit.queries import has_handled
from ripresa.domain.audit.words import About
from ripresa.domain.shops.models import ApiKey, Approval, Membership

MAY_ANSWER = ("owner", "marketer")


def why_not(approval: Approval, who: Actor) -> str:
    """Why `who` is not the second person for it; nothing: is.

    What a key of an unknown maker asks for is answered by nobody who could have made it or hold it: no
    owner, and none who stands in the audit log with a key.
    """
    shop_id = approval.shop_id
    person = _person(shop_id, who)
    if person is None:
        return "a person answers: signed in, or by a key that she has made in the console"
    if who.kind is ActorKind.KEY and not _has_role(shop_id, person, MAY_ANSWER):
        return "whoever made this key is no owner or marketer of the shop any more"
    kind, _, ident = approval.asked_by.partition(".")
    asker = Actor(ActorKind(kind), ident)
    asked_by = _person(shop_id, asker)
    if asked_by == person:
        return "whoever asks does not answer, by a key neither: a second person has to look"
    if asker.kind is ActorKind.KEY and asked_by is None and _handles_keys(shop_id, person):
        return "nobody knows who made the key that has asked: somebody who handles no keys answers"
    return ""


def _person(shop_id: int, who: Actor) -> int | None:
    """The user behind it; None: nobody who is known."""
    if who.kind is ActorKind.KEY:
        keys = ApiKey.objects.filter(shop_id=shop_id, id=UUID(who.id))
        return keys.values_list("made_by", flat=True).first()
    return who.user_id


def _handles_keys(shop_id: int, user_id: int) -> bool:
    return _has_role(shop_id, user_id, ("owner",)) or has_handled(
        shop_id, Actor(ActorKind.MEMBER, str(user_id)), About.API_KEY
    )


def _has_role(shop_id: int, user_id: int, roles: tuple[str, ...]) -> bool:
    found = Membership.objects.filter(shop_id=shop_id, user_id=user_id, role__in=roles)
    return found.filter(invited_at__isnull=True).exists()
