"""Why a picture was not taken, in the reader's language."""

from django.utils.translation import gettext as _

from ripresa.console.layout.writing import number_in_words
from ripresa.domain.media.imaging import MAX_BYTES, MAX_PIXELS, MAX_SIDE, BadImage

_MIB = 1024 * 1024


def sentence(wrong: BadImage) -> str:
    """What is wrong, and what would do."""
    limits = {
        "most": MAX_BYTES // _MIB,
        "pixels": MAX_PIXELS // 1_000_000,
        "side": number_in_words(MAX_SIDE),
    }
    words = {
        "bytes": _("The file is too large: at most %(most)s MB.") % limits,
        "pixels": _("It has too many pixels: at most %(pixels)s million, and %(side)s a side.")
        % limits,
        "svg": _("Mail programs don't show SVG. Save the picture as PNG."),
        "damaged": _("The file is damaged: it can't be read to its end."),
        "full": _("The library is full. Remove pictures that no text uses."),
    }
    return words.get(wrong.kind) or _("This is no JPEG, PNG, GIF or WebP picture.")
