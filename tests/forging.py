"""Tokens and signatures that nobody gave out."""


def forged(text: str) -> str:
    """`text`, one character of which, the fifth from its end, is surely another one.

    Not the last: what is base64 has bits to spare there, and another character may say the same.
    """
    at = len(text) - 5
    return text[:at] + ("b" if text[at] == "a" else "a") + text[at + 1 :]
