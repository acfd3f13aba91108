"""What replies ask for. False alarms silence a customer, missed demands break the law: both are listed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripresa.contracts.sms.replies import ReplyWord, read_reply

CARRIERS = (
    *("STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"),
    *("ARRET", "OPT-OUT", "REMOVE", "TD", "Opt out"),
)


@pytest.mark.parametrize(
    "text",
    [
        *CARRIERS,
        *(word.lower() for word in CARRIERS),
        *(
            " stop ",
            "Stop!",
            "«STOP»",
            "S\u200btop",
            "ＳＴＯＰ",
            "stop.",
            "STOP 🛑",
            '"stop"',
            "Stop\n\n",
        ),
        # the console's languages
        *("Basta", "CANCELLAMI", "disiscrivimi", "Smettetela!", "Dezabonare", "OPREȘTE", "opreste"),
        *("СТОП", "Отписаться", "хватит!", "отпишите", "Abmelden", "AUFHÖREN", "aufhoren", "Stopp"),
        # sentences
        *(
            "please stop",
            "Stop please, thank you",
            "stop it",
            "STOP NOW!!!",
            "Please stop texting me.",
        ),
        *(
            "stop all messages",
            "Can you please stop texting me?",
            "STOP. I never signed up for this",
        ),
        *(
            "Stop\nSent from my phone",
            "do not text me again",
            "Don't contact me anymore",
            "no more texts",
        ),
        *("take me off your list", "Take me off this mailing list", "Remove me from your list now"),
        *("I want to unsubscribe", "i'd like to opt out", "I revoke my consent", "leave me alone"),
        *(
            "Wrong number",
            "You have the wrong number",
            "unsubscribe me please",
            "stop sending me this",
        ),
        *(
            "Per favore non scrivetemi più",
            "basta messaggi",
            "Smettete di scrivermi",
            "Lasciatemi in pace",
        ),
        *("non voglio ricevere i vostri sms", "cancellatemi dalla lista", "Stop grazie"),
        *(
            "nu mai vreau să primesc mesaje",
            "Nu îmi mai trimiteți mesaje",
            "stop, vă rog",
            "Lăsați-mă în pace",
        ),
        *(
            "не пишите мне больше",
            "Прекратите слать смс",
            "удалите меня из рассылки",
            "Больше не присылайте",
        ),
        *(
            "Bitte keine SMS mehr",
            "Hört bitte auf",
            "Schreiben Sie mir nicht mehr",
            "Lasst mich in Ruhe",
        ),
        *("bitte abmelden", "Nehmen Sie mich bitte von der Liste", "Keine Nachrichten mehr!"),
    ],
)
def test_a_demand_to_stop(text):
    assert read_reply(text) is ReplyWord.STOP


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "?", "👍", "ok", "Thanks", "no", "Yes, I want it", "is it in stock?"),
        *(
            "Can I stop by the shop tomorrow?",
            "I'll stop by tomorrow",
            "Bus stop",
            "non-stop",
            "Stop by",
        ),
        *(
            "don't stop",
            "Please don't stop the messages",
            "Never stop!",
            "When does the sale stop?",
        ),
        *("Do you stop sending to Malta?", "Did you stop shipping to Malta?", "weekend"),
        *("Cancel my order please", "cancel order 123", "How do I cancel?", "end of season sale?"),
        *(
            "remove item 2",
            "quit smoking kit, do you have it?",
            "stopped working",
            "my door stop is broken",
        ),
        *("Stop, I will pay tomorrow", "I have not received a text message yet"),
        *(
            "Basta un click per comprare?",
            "Non ho capito",
            "non smettete di scrivermi",
            "Quando arriva?",
        ),
        *(
            "gata, am comandat",
            "Nu am primit coletul",
            "Ich möchte nicht abmelden",
            "Ende gut, alles gut",
        ),
        *(
            "Wann endet die Aktion?",
            "Когда придёт заказ?",
            "не прекращайте",
            "нет",
            "отмените заказ 5",
        ),
        *("Bitte nicht aufhören", "Nicht stoppen"),
    ],
)
def test_no_demand_at_all(text):
    assert read_reply(text) is None


@pytest.mark.parametrize(
    ("text", "word"),
    [
        *(
            (word, ReplyWord.START)
            for word in ("START", "yes", "Unstop", "Iscrivimi", "Abonare", "Старт", "Anmelden")
        ),
        *(
            (word, ReplyWord.HELP)
            for word in ("HELP", "info", "Aiuto!", "ajutor", "Помощь", "Hilfe")
        ),
    ],
)
def test_the_other_words(text, word):
    assert read_reply(text) is word


@given(st.text())
def test_anything_can_be_read(text):
    assert read_reply(text) in {None, *ReplyWord}


def test_a_long_reply_is_read_quickly():
    assert read_reply("stop sending " * 20_000) is None
    assert read_reply("не " * 50_000) is None
