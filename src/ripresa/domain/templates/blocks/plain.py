"""Each block as plain text: what a reader without pictures and colours gets."""

from collections.abc import Callable, Mapping

from ripresa.domain.templates.blocks.document import Block
from ripresa.domain.templates.blocks.markup import CONDITIONS, NETWORK_NAMES, RESTORE, Setting
from ripresa.domain.templates.blocks.richtext import plain

Parts = Callable[[str], str]


def text_of(block: Block, said: Mapping[str, str], setting: Setting, parts: Parts) -> str:
    """The block as text; empty: it says nothing."""
    if block.kind == "columns":
        cells = [text_of(each, said, setting, parts) for cell in block.cells for each in cell]
        text = "\n\n".join(filter(None, cells))
    else:
        text = _text(block, said.get(block.id, ""), setting, parts)
    condition = CONDITIONS.get(block.when)
    return f"{{% if {condition} %}}\n{text}\n{{% endif %}}" if condition and text else text


def _text(block: Block, words: str, setting: Setting, parts: Parts) -> str:
    if block.kind in {"cart", "coupon"}:
        return parts(f"{block.kind}.txt")
    if block.kind == "social":
        links = setting.brand.social.items()
        return "\n".join(f"{NETWORK_NAMES[name]}: {address}" for name, address in links)
    write = _WORDED.get(block.kind)
    return write(block, words) if write else ""


def _product(block: Block, words: str) -> str:
    if block.product == "own":
        title = f"{words} · {block.price}" if block.price else words
        return f"{title}\n{block.link or RESTORE}"
    return (
        "{% for item in cart.first_items %}{% if loop.first %}"
        "{{ item.title }} · {{ item.unit_price }}{% endif %}{% endfor %}"
    )


_WORDED: Mapping[str, Callable[[Block, str], str]] = {
    "heading": lambda _block, words: words.strip(),
    "text": lambda _block, words: plain(words),
    "raw": lambda _block, words: plain(words),
    "button": lambda block, words: f"{words}:\n{block.link or RESTORE}",
    "product": _product,
}
