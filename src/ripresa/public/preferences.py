"""The preference page: what somebody gets, without signing in. A GET changes nothing (CNS-2)."""

from django.http import HttpResponse, QueryDict

from ripresa.public import pages
from ripresa.public.links import Found
from ripresa.public.request import PublicRequest, client_ip
from ripresa.public.texts import NAMES, TEXTS, choose_language
from ripresa.usecases.consent.preferences import (
    Preferences,
    Wish,
    set_preferences,
    tell_preferences,
)
from ripresa.usecases.consent.unsubscribe import EVERY_CHANNEL, unsubscribe


def show(request: PublicRequest, found: Found) -> HttpResponse:
    """GET shows what she gets; POST acts: RFC 8058's one click, a button that stops, or her choices.

    The link has not expired, whatever it says: whoever has the mail may always end the mails.
    """
    if found.shop is None or found.message_id is None:
        return pages.nothing_there(request, found)
    shop, message_id = found.shop, found.message_id
    told, done = tell_preferences(shop_id=shop.id, message_id=message_id), ""
    if request.method == "POST":
        if _is_choice(request.POST):
            set_preferences(
                shop_id=shop.id,
                message_id=message_id,
                token_hash=found.token_hash,
                wish=_wish(request, told, shop.language),
                now=request.now,
            )
            done = "saved"
        else:
            channels, done = _stopped(request.POST, told.channel)
            unsubscribe(
                shop_id=shop.id,
                message_id=message_id,
                token_hash=found.token_hash,
                channels=channels,
                now=request.now,
            )
        told = tell_preferences(shop_id=shop.id, message_id=message_id)
    return pages.show(
        request,
        "public/preferences.html",
        shop,
        spoken=told.language,
        told=told,
        done=done,
        languages=NAMES,
        is_on=any(told.channel in each.channels and each.is_on for each in told.switches),
        any_on=any(each.is_on for each in told.switches),
    )


def _stopped(said: QueryDict, channel: str) -> tuple[tuple[str, ...], str]:
    """Which channels a button stops, of a message that came by `channel`; and what is said then."""
    if said.get("stop") == "everything":
        return EVERY_CHANNEL, "stopped_everything"
    return (channel,), f"stopped_{channel}"


def _is_choice(said: QueryDict) -> bool:
    """Whether her choices are sent; the one click of a mail service is never taken for them."""
    return "save" in said and "List-Unsubscribe" not in said


def _wish(request: PublicRequest, told: Preferences, shop_language: str) -> Wish:
    """What differs from what she was shown. Other words than the page's own are not heard."""
    said = request.POST
    shown, on = set(said.getlist("shown")), set(said.getlist("on"))
    names = {each.name for each in told.switches if not each.is_blocked}
    words = TEXTS[told.language or choose_language(request, shop_language)]
    return Wish(
        words={name: words["agree"].format(channel=words[name]) for name in names & on - shown},
        off=names & shown - on,
        language=chosen if (chosen := said.get("language", "")) in NAMES else None,
        ip=client_ip(request),
    )
