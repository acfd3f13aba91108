"""What a mail or a text that asks for confirmation says, by language: no word of advertising in it."""

from typing import NamedTuple


class RequestWords(NamedTuple):
    """`shop` may stand in `subject` and `asked`; it and `link` in what is asked by text.

    `by_text` is for senders that can't be answered, `by_reply` for others.
    """

    subject: str
    asked: str
    confirm: str
    otherwise: str
    by_text: str
    by_reply: str


WORDS = {
    "en": RequestWords(
        "Please confirm: messages from {shop}",
        "Somebody gave this e-mail address to {shop}, to get messages there. Was it you?",
        "Yes, it was me",
        "If it was not you, do nothing: you will hear no more of it.",
        "{shop}: did you ask for texts about your cart? If so, open {link} If not, do nothing.",
        "{shop}: did you ask for texts about your cart? "
        "If so, reply YES or open {link} If not, do nothing.",
    ),
    "it": RequestWords(
        "Conferma, per favore: messaggi da {shop}",
        "Qualcuno ha dato questo indirizzo e-mail a {shop} per ricevere messaggi. Sei stato tu?",
        "Sì, sono stato io",
        "Se non sei stato tu, non fare nulla: non riceverai altro.",
        "{shop}: hai chiesto SMS sul tuo carrello? Se sì, apri {link} Se no, non fare nulla.",
        "{shop}: hai chiesto SMS sul tuo carrello? "
        "Se sì, rispondi SI o apri {link} Se no, non fare nulla.",
    ),
    "ro": RequestWords(
        "Te rugăm să confirmi: mesaje de la {shop}",
        "Cineva a dat această adresă de e-mail către {shop}, ca să primească mesaje. Ai fost tu?",
        "Da, eu am fost",
        "Dacă nu ai fost tu, nu face nimic: nu vei mai primi nimic.",
        "{shop}: ai cerut SMS-uri despre coșul tău? "
        "Dacă da, deschide {link} Dacă nu, nu face nimic.",
        "{shop}: ai cerut SMS-uri despre coșul tău? "
        "Dacă da, răspunde DA sau deschide {link} Dacă nu, nu face nimic.",
    ),
    "ru": RequestWords(
        "Подтвердите, пожалуйста: сообщения от {shop}",
        "Кто-то указал этот адрес в {shop}, чтобы получать сообщения. Это были вы?",
        "Да, это я",
        "Если это были не вы, ничего не делайте: больше писем не будет.",
        "{shop}: вы просили SMS о вашей корзине? "
        "Если да, откройте {link} Если нет, ничего не делайте.",
        "{shop}: вы просили SMS о вашей корзине? "
        "Если да, ответьте ДА или откройте {link} Если нет, ничего не делайте.",
    ),
    "de": RequestWords(
        "Bitte bestätigen: Nachrichten von {shop}",
        "Jemand hat diese E-Mail-Adresse bei {shop} angegeben, um Nachrichten zu bekommen. Waren Sie das?",
        "Ja, das war ich",
        "Wenn nicht, tun Sie einfach nichts: Sie hören nichts mehr davon.",
        "{shop}: Haben Sie SMS zu Ihrem Warenkorb gewünscht? "
        "Dann öffnen Sie {link} Wenn nicht, tun Sie nichts.",
        "{shop}: Haben Sie SMS zu Ihrem Warenkorb gewünscht? "
        "Dann antworten Sie JA oder öffnen Sie {link} Wenn nicht, tun Sie nichts.",
    ),
}
