"""What an e-mail's MJML may be made of. What is not listed here is refused with its line.

Left out on purpose: mj-include (reads files), mj-font and mj-html-attributes (remote fonts; unknown
to the renderer), mj-carousel, mj-accordion and mj-navbar (pictures from foreign hosts, or useless
in most mail programs), every HTML element that runs, embeds or submits something.
"""

from collections.abc import Mapping

_CONTENT = frozenset(
    {"mj-text", "mj-button", "mj-image", "mj-divider", "mj-spacer", "mj-table", "mj-social"},
)

# MJML components whose children are components; words between them would be lost or misplaced.
CHILDREN: Mapping[str, frozenset[str]] = {
    "": frozenset({"mjml"}),
    "mjml": frozenset({"mj-head", "mj-body"}),
    "mj-head": frozenset(
        {"mj-title", "mj-preview", "mj-attributes", "mj-style", "mj-breakpoint", "mj-raw"},
    ),
    "mj-attributes": frozenset({"mj-all", "mj-class", "mj-body", "mj-wrapper", "mj-section"})
    | {"mj-column", "mj-group", "mj-hero", "mj-social-element"}
    | _CONTENT,
    "mj-body": frozenset({"mj-section", "mj-wrapper", "mj-hero", "mj-raw"}),
    "mj-wrapper": frozenset({"mj-section", "mj-hero", "mj-raw"}),
    "mj-section": frozenset({"mj-column", "mj-group", "mj-raw"}),
    "mj-group": frozenset({"mj-column", "mj-raw"}),
    "mj-column": _CONTENT | {"mj-raw"},
    "mj-hero": _CONTENT | {"mj-raw"},
    "mj-social": frozenset({"mj-social-element"}),
}

# Components between whose children `{% if %}` and `{% for %}` may stand.
BLOCK_PARENTS = frozenset(
    {"mj-body", "mj-wrapper", "mj-section", "mj-group", "mj-column", "mj-hero"},
)

# Components that hold words and HTML.
HTML_HOLDERS = frozenset({"mj-text", "mj-button", "mj-table", "mj-raw", "mj-social-element"})
# Components that hold words only.
TEXT_HOLDERS = frozenset({"mj-title", "mj-preview"})
STYLE = "mj-style"

VOID_ELEMENTS = frozenset({"br", "hr", "img", "wbr", "col", "meta"})

_ELEMENTS = (
    "a abbr b big blockquote caption center cite code colgroup dd del div dl dt em font h1 h2 h3 h4"
    " h5 h6 i ins li mark ol p q s small span strike strong sub sup table tbody td tfoot th"
    " thead tr tt u ul"
)
HTML_ELEMENTS = VOID_ELEMENTS | frozenset(_ELEMENTS.split())

_ATTRIBUTES = (
    "abbr align alt bgcolor border cellpadding cellspacing class color colspan content dir face"
    " headers height href hspace id lang name rel role rowspan scope size span src start style"
    " summary target title type valign value vspace width"
)
HTML_ATTRIBUTES = frozenset(_ATTRIBUTES.split())

# Where an address stands.
URL_ATTRIBUTES = frozenset({"href", "src", "background-url"})
# The attributes in which a field is sound: a value can't leave them, and is read as words.
FIELD_ATTRIBUTES = frozenset({"href", "src", "alt", "title", "aria-label"})
COLOUR_ATTRIBUTES = ("color", "border", "background", "style")


# Components with these attributes only; the renderer gives up at others.
_FEW_ATTRIBUTES: Mapping[str, frozenset[str]] = {
    "mjml": frozenset({"lang", "dir"}),
    "mj-head": frozenset(),
    "mj-title": frozenset(),
    "mj-preview": frozenset(),
    "mj-attributes": frozenset(),
    "mj-raw": frozenset(),
    "mj-style": frozenset({"inline"}),
    "mj-breakpoint": frozenset({"width"}),
}


def is_attribute_allowed(element: str, name: str) -> bool:
    """May `name` stand on `element`? Of the many that components have, none is a script."""
    if element in _FEW_ATTRIBUTES:
        return name in _FEW_ATTRIBUTES[element]
    if element.startswith("mj"):
        return not name.startswith("on") and name not in {"srcset", "sizes", "path"}
    return name in HTML_ATTRIBUTES or name.startswith("aria-")
