"""The words and phrases by which people answer short messages, in the console's five languages.

All are kept in the normal form of `normal`. Sources: the field's common words (CTIA, Twilio, AWS); the
rest is our own list of what native readers would write. "Wrong number" counts as STOP: who holds the
number now never agreed to anything.
"""

import re
import unicodedata


def normal(text: str) -> str:
    """Lower case, no marks, no punctuation, one space between words; apostrophes close up."""
    spread = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in spread if not unicodedata.combining(letter))
    closed = re.sub(r"['’‘`´\u200b-\u200d\ufeff]", "", bare)
    return " ".join(re.findall(r"[^\W_]+", closed))


def _words(text: str) -> frozenset[str]:
    return frozenset(normal(word) for word in text.split(","))


STOP = _words("""
    stop, stop all, stopall, stopp, unsubscribe, unsub, cancel, end, quit, revoke, opt out, optout,
    arret, remove, td, wrong number,
    basta, cancella, cancellami, cancellati, disiscrivi, disiscrivimi, disiscrizione, rimuovi,
    rimuovimi, annulla, smetti, smettila, smettetela, fermati,
    dezabonare, dezabonează, dezabonați, dezabonează-mă, oprește, opriți, renunț, renunță, anulează,
    încetați, ajunge,
    стоп, отписка, отписаться, отпишите, отпишись, отмена, отменить, хватит, прекратить, прекратите,
    перестаньте, удалить, удалите,
    abmelden, abbestellen, austragen, abmeldung, aufhören, beenden, ende, kündigen, löschen, schluss
""")
START = _words("""
    start, yes, unstop, resume, subscribe, opt in, optin, restart,
    inizia, avvia, riprendi, iscrivi, iscrivimi, riattiva,
    abonare, abonează, pornește, începe, reia,
    старт, подписаться, подписка, подпишите, возобновить, начать,
    anmelden, starten, abonnieren, fortsetzen
""")
# An answer to a question. Unasked, it is what any other words are.
YES = _words("""
    y, yeah, yep, i agree, agree, agreed, confirm, confirmed, yes please,
    si, sì, confermo, accetto, si confermo, sì grazie, d'accordo,
    da, confirm, accept, sunt de acord, da confirm,
    да, подтверждаю, согласен, согласна, я согласен, я согласна,
    ja, jawohl, ja bitte, bestätigen, bestätige, ich bestätige, einverstanden
""")
HELP = _words("""
    help, info, support, aiuto, informazioni, assistenza, ajutor, informații,
    помощь, помогите, справка, инфо, информация, hilfe, information, infos
""")
# What may stand around a demand without changing it.
COURTESY = _words("""
    please, pls, plz, now, thanks, thank, you, thx, ok, just, it, this, these, the, all, any, more,
    me, my, from, number, message, messages, msg, msgs, text, texts, texting, sms, sending, send,
    messaging, contacting, immediately, at, once, hi, hello, right, already, for, good, to, list,
    your, ads, spam, and,
    per, favore, grazie, ora, subito, con, gli, i, le, questi, messaggi, prego, più, di, mandarmi,
    inviarmi, scrivermi, a, la, ciao, dalla, lista,
    vă, rog, te, mulțumesc, acum, mesaje, mesajele, aceste, cu, imediat, să, mi, mai, trimiteți,
    trimite,
    пожалуйста, спасибо, сейчас, сразу, меня, мне, эти, все, смс, сообщения, рассылку, рассылка, от,
    рассылки, писать, слать, присылать, больше, уже,
    bitte, danke, jetzt, sofort, mit, den, die, diese, nachrichten, mich, mir, von, der, liste,
    keine, mehr, hallo
""")
NOT = _words("""
    dont, do not, never, not, no, cant, wont, didnt, doesnt, without, non, nu, не, nicht, kein
""")
# Said in so many words; looked for in the normal form, at the borders of words.
_PHRASES = (
    # English
    "stop (?:texting|messaging|contacting|bothering|spamming|calling|writing|harassing)",
    "stop sending (?:me|us|these|this|those|your|texts?|messages?|sms|anything|stuff|spam|them)",
    "stop (?:all |the |these |those |your |with the )+(?:texts?|messages?|sms|msgs?|spam|ads)",
    (
        "(?:do not|dont|never|quit|cease) (?:ever )?"
        "(?:text|message|contact|write|sms|send|call|texting|messaging) (?:to )?"
        "(?:me|us|this number|here|anything|any ?more|again|messages|texts)"
    ),
    "no more (?:texts?|messages?|sms|msgs?|spam|ads)",
    r"(?:take|get) me off (?:of )?(?:this|the|your|that)(?: \w+)? ?list\w*",
    "(?:remove|delete|unsubscribe|opt) (?:me|us|my number|this number|my phone)",
    "(?:want|like|wish|need) to (?:unsubscribe|opt out|be removed)",
    "(?:want|like|wish|need) to cancel (?:these|the|my) (?:texts|messages|sms|subscription)",
    "(?:revoke|withdraw) (?:my )?consent",
    "leave me alone",
    "(?:you have|this is) (?:the|a) wrong (?:number|person)",
    # Italian
    (
        r"(?:smett\w+|basta|finitela) (?:di |con )?(?:gli |i |questi )?"
        r"(?:mandar\w+|inviar\w+|scriver\w+|messaggi|sms|contattar\w+)"
    ),
    (
        r"non (?:mi )?(?:scriv|mandat|mandar|inviat|inviar|contattat|contattar)\w+ "
        "(?:mi|piu|altri|messaggi|sms)"
    ),
    r"(?:cancell|rimuov|toglie|elimin)\w*mi dal\w* (?:\w+ )?list\w+",
    "non voglio (?:piu )?(?:ricevere|altri|i vostri|questi)",
    "lasciatemi in pace|lasciami in pace",
    # Romanian
    r"nu (?:imi |mi )?(?:mai )?(?:trimite|scrie|contacta)\w*",
    r"nu (?:mai )?(?:vreau|doresc) (?:sa )?(?:mai )?(?:primesc|mesaje|sms)",
    r"(?:sterge|scoate|elimina|dezabona)\w*(?: ma)? (?:din|de la) (?:\w+ ){0,3}list\w*",
    "lasati ma in pace",
    # Russian
    (
        "не (?:надо |нужно )?(?:мне )?(?:больше )?"
        "(?:пишите|писать|присылаите|присылать|шлите|слать|звоните|беспокоите)"
    ),
    "(?:удалите|уберите|отпишите) (?:меня|мои номер)",
    "(?:прекратите|перестаньте|хватит) (?:мне )?(?:писать|слать|присылать|спамить|беспокоить)",
    "оставьте меня в покое",
    # German
    "(?:keine|nie) (?:weiteren |mehr )?(?:sms|nachrichten|werbung)(?: mehr)?",
    r"(?:schreib|send|schick|kontaktier)\w* (?:sie )?(?:mir|mich) (?:bitte )?(?:nicht|nie|keine)",
    r"(?:nehm|streich|losch|entfern)\w* (?:sie )?mich (?:bitte )?(?:von|aus|vom)",
    "h(?:ort|oren sie|or) (?:bitte )?auf",
    "lass(?:t|en sie)? mich in ruhe",
)
PHRASES = re.compile(rf"(?<!\w)(?:{'|'.join(_PHRASES)})(?!\w)")
OPPOSITE = re.compile(
    r"(?<!\w)(?:dont|do not|never|non|nu|не|nicht|didnt ask to|not want to) (?:\w+ )?"
    r"(?:stop|unsubscribe|cancel|smett\w+|cancell\w+|opri\w*|прекра\w+|aufhor\w*|abmeld\w*)(?!\w)"
)
