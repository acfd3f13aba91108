"""What the public pages say, by language: a table, so that nothing has to be compiled."""

from django.http import HttpRequest
from django.utils.translation.trans_real import parse_accept_lang_header

TEXTS: dict[str, dict[str, str]] = {
    "en": {
        "restore": "Your cart",
        "restore_lead": "This is what you left in your cart.",
        "item": "Item",
        "quantity": "Quantity",
        "price": "Price",
        "total": "Total",
        "continue": "Continue in the shop",
        "restore_note": "Prices and stock are checked again in the shop.",
        "bought": "This cart was ordered already. Thank you!",
        "empty": "This cart is empty now.",
        "to_shop": "To the shop",
        "expired": "This link has expired",
        "expired_lead": "Links in our mails work for a while only. The shop is still there.",
        "unknown": "This link leads nowhere",
        "unknown_lead": "Perhaps it was copied in part. Open the mail and use the whole link.",
        "unsubscribe": "Unsubscribe",
        "unsubscribe_lead": "Should these messages stop? One click is enough; no sign-in is needed.",
        "stop_email": "Stop e-mails",
        "stop_sms": "Stop SMS",
        "stop_letter": "Stop letters",
        "stop_everything": "Stop everything: e-mail, SMS and letters",
        "stopped_email": "Done. You get no more e-mails of this kind.",
        "stopped_sms": "Done. You get no more SMS of this kind.",
        "stopped_letter": "Done. You get no more letters of this kind.",
        "stopped_everything": "Done. You get no more e-mails, SMS or letters of this kind.",
        "stopped_note": "It holds until you yourself agree to them again.",
    },
    "it": {
        "restore": "Il tuo carrello",
        "restore_lead": "Ecco che cosa hai lasciato nel carrello.",
        "item": "Articolo",
        "quantity": "Quantità",
        "price": "Prezzo",
        "total": "Totale",
        "continue": "Continua nel negozio",
        "restore_note": "Prezzi e disponibilità vengono ricontrollati nel negozio.",
        "bought": "Questo carrello è già stato ordinato. Grazie!",
        "empty": "Ora questo carrello è vuoto.",
        "to_shop": "Vai al negozio",
        "expired": "Questo link è scaduto",
        "expired_lead": "I link delle nostre mail valgono solo per un po'. Il negozio è sempre lì.",
        "unknown": "Questo link non porta da nessuna parte",
        "unknown_lead": "Forse è stato copiato solo in parte. Riapri la mail e usa il link intero.",
        "unsubscribe": "Annulla l'iscrizione",
        "unsubscribe_lead": "Vuoi che questi messaggi finiscano? Basta un clic, senza accedere.",
        "stop_email": "Basta e-mail",
        "stop_sms": "Basta SMS",
        "stop_letter": "Basta lettere",
        "stop_everything": "Basta tutto: e-mail, SMS e lettere",
        "stopped_email": "Fatto. Non riceverai più e-mail di questo tipo.",
        "stopped_sms": "Fatto. Non riceverai più SMS di questo tipo.",
        "stopped_letter": "Fatto. Non riceverai più lettere di questo tipo.",
        "stopped_everything": "Fatto. Non riceverai più e-mail, SMS o lettere di questo tipo.",
        "stopped_note": "Vale finché non sarai tu a dare di nuovo il consenso.",
    },
}
FALLBACK = "en"


def choose_language(request: HttpRequest, shop_language: str) -> str:
    """The reader's browser decides, then the shop, then English: never the place (LNG-2)."""
    accepted = parse_accept_lang_header(request.headers.get("Accept-Language", "")[:500])
    for code, _weight in accepted:
        if (language := code.partition("-")[0].lower()) in TEXTS:
            return language
    return shop_language if shop_language in TEXTS else FALLBACK
