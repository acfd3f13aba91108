"""Each block as MJML."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from html import escape

from ripresa.domain.media.addresses import address_of, read_key
from ripresa.domain.templates.blocks.brand import FACES, Brand
from ripresa.domain.templates.blocks.document import Block
from ripresa.domain.templates.blocks.richtext import escaped, styled

RESTORE = "{{ links.restore }}"
ROOM = 504  # pixels inside the card
COLUMNS_ROOM = 520
GUTTER = 8
ICONS = "static/public/social"
_SECTIONS = ("<mj-section", "<mj-wrapper", "<mj-hero")
CONDITIONS: Mapping[str, str] = {
    "coupon": "coupon.code",
    "no_coupon": "not coupon.code",
    "bought": "person.has_bought",
    "new": "not person.has_bought",
}


@dataclass(frozen=True, slots=True)
class Setting:
    """What a mail is set in. `base` is the address of the install, under which pictures stand.

    `marks`: whether each block bears its id, so that the editor finds it in the mail.
    """

    brand: Brand
    base: str
    marks: bool = False


@dataclass(frozen=True, slots=True)
class Room:
    """Where a block is set: how wide, in pixels, and what parts of ours say in its language."""

    setting: Setting
    parts: Callable[[str], str]
    width: int = ROOM


def is_section(mjml: str) -> bool:
    """Whether raw MJML brings its own sections."""
    return mjml.lstrip().startswith(_SECTIONS)


def stands_alone(block: Block, words: str) -> bool:
    """Whether a block is a section of its own."""
    return block.kind == "columns" or (block.kind == "raw" and is_section(words))


def in_column(block: Block, words: str, room: Room) -> str:
    """A block inside a column."""
    return when(block, _WRITERS[block.kind](block, words, room))


def when(block: Block, mjml: str) -> str:
    """The block for those whom it is for."""
    condition = CONDITIONS.get(block.when)
    return f"{{% if {condition} %}}\n{mjml}\n{{% endif %}}" if condition else mjml


def columns(block: Block, said: Mapping[str, str], room: Room) -> str:
    """The cells of a columns block, beside each other; on a phone below each other."""
    shares = [int(share) for share in block.split.split(":")]
    whole = sum(shares)
    written = []
    for share, cell in zip(shares, block.cells, strict=True):
        width = COLUMNS_ROOM * share // whole - 2 * GUTTER
        inside = "\n".join(
            in_column(each, said.get(each.id, ""), replace(room, width=width)) for each in cell
        )
        padding = f"{block.above or 0}px {GUTTER}px {_below(block, 18)}px"
        written.append(
            f'<mj-column width="{100 * share / whole:.4g}%" padding="{padding}"'
            f"{_behind(block, 'background-color')}>\n{inside}\n</mj-column>"
        )
    return "\n".join(written)


def classes(block: Block, room: Room, *names: str) -> str:
    """The css-class of a component. In the dark our own colours turn; those of the author stay."""
    mark = [f"mark-{block.id}"] if room.setting.marks else []
    return f' css-class="{" ".join([*filter(None, names), *mark])}"'


def _padding(block: Block, below: int) -> str:
    side = 16 if block.background else 0
    above = block.above if block.above is not None else (16 if block.background else 0)
    return f' padding="{above}px {side}px {_below(block, below)}px"'


def _below(block: Block, usual: int) -> int:
    return block.below if block.below is not None else usual


def _behind(block: Block, name: str = "container-background-color") -> str:
    return f' {name}="{block.background}"' if block.background else ""


def _ink(block: Block) -> str:
    """The colour of words turns in the dark, unless the author chose what lies behind them."""
    return "" if block.background else "ink"


def _letters(block: Block, usual: int) -> str:
    size = block.size or usual
    colour = f' color="{block.colour}"' if block.colour else ""
    return f' font-size="{size}px" line-height="{round(size * 1.6)}px"{colour}'


def _heading(block: Block, words: str, room: Room) -> str:
    size = block.size or (30 if room.width == ROOM else 22)
    colour = f' color="{block.colour}"' if block.colour else ""
    return (
        f'<mj-text font-family="{FACES[room.setting.brand.headline_face]}" font-size="{size}px"'
        f' line-height="{round(size * 1.27)}px"{colour} align="{block.align}"{_padding(block, 18)}'
        f"{_behind(block)}{classes(block, room, _ink(block), 'headline')}>"
        '<h1 style="margin:0;font-size:inherit;line-height:inherit;font-weight:normal">'
        f"{escaped(words)}</h1></mj-text>"
    )


def _text(block: Block, words: str, room: Room) -> str:
    return (
        f'<mj-text align="{block.align}"{_letters(block, 16)}{_padding(block, 18)}{_behind(block)}'
        f"{classes(block, room, _ink(block))}>{styled(words)}</mj-text>"
    )


def _button(block: Block, words: str, room: Room) -> str:
    brand = room.setting.brand
    width = f' width="{_percent(block)}"' if block.width else ""
    above = block.above if block.above is not None else 18
    return (
        f'<mj-button href="{_link(block)}" align="{block.align}"{width}'
        f' background-color="{block.background or brand.button}"'
        f' color="{block.colour or brand.button_ink}" border-radius="{brand.radius}px"'
        f' font-size="{block.size or 17}px" font-weight="600" line-height="22px"'
        f' inner-padding="15px {40 if room.width == ROOM else 18}px"'
        f' padding="{above}px 0 {_below(block, 22)}px"'
        f"{classes(block, room, 'button', '' if block.background else 'usual')}>"
        f"{escaped(words)}</mj-button>"
    )


def _image(block: Block, words: str, room: Room) -> str:
    width = room.width * (block.width or 100) // 100
    return _picture(block, picture(block, room.setting, width), words, width, room)


def _picture(block: Block, source: str, alt: str, width: int, room: Room) -> str:
    if not source:
        return ""
    described = escape(alt).replace("{", "&#123;")
    fluid = ' fluid-on-mobile="true"' if width == room.width else ""
    return (
        f'<mj-image src="{source}" alt="{described}" href="{_link(block)}" align="{block.align}"'
        f' width="{width}px"{fluid}{_padding(block, 18)}{_behind(block)}'
        f"{classes(block, room)} />"
    )


def picture(block: Block, setting: Setting, width: int) -> str:
    """The address of a block's picture, in a size that is sharp at `width`; empty: there is none."""
    key = read_key(block.media) if block.media else None
    if key is not None:
        return address_of(setting.base, key.at_least(2 * width))
    return escape(block.source)


def _link(block: Block) -> str:
    return escape(block.link) if block.link else RESTORE


def _percent(block: Block) -> str:
    return f"{block.width or 100}%"


def _divider(block: Block, _words: str, room: Room) -> str:
    above = block.above if block.above is not None else 10
    return (
        f'<mj-divider border-width="{block.size or 1}px"'
        f' border-color="{block.colour or "#e5dfd5"}" width="{_percent(block)}"'
        f' padding="{above}px 0 {_below(block, 18)}px"{classes(block, room)} />'
    )


def _spacer(block: Block, _words: str, room: Room) -> str:
    return f'<mj-spacer height="{block.height}px"{_behind(block)}{classes(block, room)} />'


def _product(block: Block, words: str, room: Room) -> str:
    """A picture, a title and a price: of the author's choice, or the first of the cart."""
    width = room.width * (block.width or (50 if room.width == ROOM else 100)) // 100
    if block.product == "own":
        image = _picture(block, picture(block, room.setting, width), words, width, room)
        return f"{image}\n{_product_words(block, escaped(words), escaped(block.price), room)}"
    source = "{{ item.image_url }}"
    image = _picture(block, source, "", width, room).replace('alt=""', 'alt="{{ item.title }}"')
    title, price = "{{ item.title }}", "{{ item.unit_price }}"
    return (
        "{% for item in cart.first_items %}{% if loop.first %}"
        f"{{% if item.image_url %}}{image}{{% endif %}}"
        f"{_product_words(block, title, price, room)}"
        "{% endif %}{% endfor %}"
    )


def _product_words(block: Block, title: str, price: str, room: Room) -> str:
    shown = f'<br><span class="soft" style="color:#6b6259">{price}</span>' if price else ""
    return (
        f'<mj-text align="{block.align}"{_letters(block, 16)} padding="0 0 {_below(block, 18)}px"'
        f"{_behind(block)}{classes(block, room, _ink(block))}>"
        f'<a href="{_link(block)}" style="text-decoration:none">'
        f'<strong style="font-weight:600">{title}</strong></a>{shown}</mj-text>'
    )


def _social(block: Block, _words: str, room: Room) -> str:
    setting = room.setting
    links = "&nbsp; ".join(
        f'<a href="{escape(address)}" style="text-decoration:none">'
        f'<img src="{setting.base}/{ICONS}/{name}.png" alt="{NETWORK_NAMES[name]}" width="32"'
        ' height="32" style="display:inline-block;width:32px;height:32px;border:0"></a>'
        for name, address in setting.brand.social.items()
    )
    return (
        f'<mj-text align="{block.align}"{_padding(block, 18)}{_behind(block)}'
        f"{classes(block, room, _ink(block))}>{links}</mj-text>"
    )


def _part(name: str) -> Callable[[Block, str, Room], str]:
    def written(block: Block, _words: str, room: Room) -> str:
        mark = f'css-class="mark-{block.id} ' if room.setting.marks else 'css-class="'
        return room.parts(name).replace('css-class="', mark, 1)

    return written


def _raw(_block: Block, words: str, _room: Room) -> str:
    return words


NETWORK_NAMES: Mapping[str, str] = {
    "website": "Website", "facebook": "Facebook", "instagram": "Instagram", "x": "X",
    "youtube": "YouTube", "tiktok": "TikTok", "linkedin": "LinkedIn", "pinterest": "Pinterest",
    "telegram": "Telegram", "whatsapp": "WhatsApp", "vk": "VK",
}  # fmt: skip
_WRITERS: Mapping[str, Callable[[Block, str, Room], str]] = {
    "heading": _heading,
    "text": _text,
    "button": _button,
    "image": _image,
    "divider": _divider,
    "spacer": _spacer,
    "product": _product,
    "social": _social,
    "cart": _part("cart.mjml"),
    "coupon": _part("coupon.mjml"),
    "raw": _raw,
}
