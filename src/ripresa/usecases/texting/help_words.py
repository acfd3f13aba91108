"""What whoever writes HELP by SMS is told: who writes, whom to ask, and how it ends."""

# {shop} and {contact}: the shop's name, and where its people are found.
WORDS = {
    "en": (
        "{shop}: messages about carts that were left behind. "
        "Questions: {contact} To end them, reply STOP."
    ),
    "it": (
        "{shop}: messaggi sui carrelli lasciati in sospeso. "
        "Domande: {contact} Per non riceverne più, rispondi STOP."
    ),
    "ro": (
        "{shop}: mesaje despre coșuri rămase nefinalizate. "
        "Întrebări: {contact} Pentru a le opri, răspundeți STOP."
    ),
    "ru": (
        "{shop}: сообщения о незавершённых заказах. "
        "Вопросы: {contact} Чтобы отказаться, ответьте СТОП."
    ),
    "de": (
        "{shop}: Nachrichten zu verlassenen Warenkörben. "
        "Fragen: {contact} Zum Beenden antworten Sie STOP."
    ),
}
