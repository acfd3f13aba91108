"""What a mail that asks for confirmation says, by language: no word of advertising in it."""

from typing import NamedTuple


class RequestWords(NamedTuple):
    """`shop` may stand in `subject` and `asked`."""

    subject: str
    asked: str
    confirm: str
    otherwise: str


WORDS = {
    "en": RequestWords(
        "Please confirm: messages from {shop}",
        "Somebody gave this e-mail address to {shop}, to get messages there. Was it you?",
        "Yes, it was me",
        "If it was not you, do nothing: you will hear no more of it.",
    ),
    "it": RequestWords(
        "Conferma, per favore: messaggi da {shop}",
        "Qualcuno ha dato questo indirizzo e-mail a {shop} per ricevere messaggi. Sei stato tu?",
        "Sì, sono stato io",
        "Se non sei stato tu, non fare nulla: non riceverai altro.",
    ),
    "ro": RequestWords(
        "Te rugăm să confirmi: mesaje de la {shop}",
        "Cineva a dat această adresă de e-mail către {shop}, ca să primească mesaje. Ai fost tu?",
        "Da, eu am fost",
        "Dacă nu ai fost tu, nu face nimic: nu vei mai primi nimic.",
    ),
    "ru": RequestWords(
        "Подтвердите, пожалуйста: сообщения от {shop}",
        "Кто-то указал этот адрес в {shop}, чтобы получать сообщения. Это были вы?",
        "Да, это я",
        "Если это были не вы, ничего не делайте: больше писем не будет.",
    ),
    "de": RequestWords(
        "Bitte bestätigen: Nachrichten von {shop}",
        "Jemand hat diese E-Mail-Adresse bei {shop} angegeben, um Nachrichten zu bekommen. Waren Sie das?",
        "Ja, das war ich",
        "Wenn nicht, tun Sie einfach nichts: Sie hören nichts mehr davon.",
    ),
}
