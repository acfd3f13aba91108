"""What a brand kit fills into the layouts of mails: slots and their values.

The layouts of the presets have a look of their own, which a shop without a kit sees.
"""

from html import escape

from ripresa.core.config import load as load_config
from ripresa.domain.media.addresses import address_of, read_key
from ripresa.domain.templates.blocks.brand import FACES, USUAL, Brand
from ripresa.domain.templates.blocks.markup import Setting

NAME = "{{ shop.name }}"
# Sorted pairs, so that what is compiled with them can be kept by them.
Slots = tuple[tuple[str, str], ...]


def setting_of(brand: Brand = USUAL, base: str = "", *, marks: bool = False) -> Setting:
    """What mails are set in; `base` empty: the public address of the install."""
    return Setting(brand, base.rstrip("/") or load_config().public_url, marks)


def look(setting: Setting) -> dict[str, str]:
    """What a frame takes of a brand."""
    brand = setting.brand
    return {**_colours(brand), "brand_name": logo(setting) or NAME}


def _colours(brand: Brand) -> dict[str, str]:
    link = f"color: {brand.link}" if brand.link else "color: inherit"
    return {
        "brand_page": brand.page,
        "brand_card": brand.card,
        "brand_accent": brand.accent,
        "brand_ink": brand.ink,
        "brand_link": link,
        "brand_button": brand.button,
        "brand_button_ink": brand.button_ink,
        "brand_radius": str(brand.radius),
        "brand_face": FACES[brand.text_face],
        "brand_headline_face": FACES[brand.headline_face],
    }


def logo(setting: Setting) -> str:
    """The logo as HTML; empty: there is none."""
    key = read_key(setting.brand.logo)
    if key is None:
        return ""
    width = min(setting.brand.logo_width, key.width)
    address = address_of(setting.base, key.at_least(2 * width))
    return (
        f'<img src="{address}" alt="{NAME}" width="{width}"'
        f' style="display:inline-block;width:{width}px;max-width:100%;border:0">'
    )


def foot(brand: Brand, language: str) -> str:
    """The lines of the foot that are the brand's own."""
    lines = (brand.company, brand.contact, brand.notes.get(language, ""))
    return "".join(f"{line}\n" for line in lines if line)


def foot_in_markup(lines: str) -> str:
    """The same as HTML."""
    return "".join(f"<br>{escape(line)}" for line in lines.splitlines())


# The presets as they are shipped. What is plain looks like a mail that somebody typed.
SHIPPED: Slots = tuple(
    sorted(
        {
            **_colours(USUAL),
            "brand_name": NAME,
            "plain_face": "Arial, Helvetica, sans-serif",
            "plain_ink": "#222222",
            "plain_page": "#ffffff",
            "plain_link": "#0b57b7",
            "plain_logo": "",
            "foot": "",
        }.items()
    )
)


def slots_of(setting: Setting, language: str) -> Slots:
    """The presets in a shop's own look."""
    brand, mark = setting.brand, logo(setting)
    own = {
        **look(setting),
        "plain_face": FACES[brand.text_face],
        "plain_ink": brand.ink,
        "plain_page": brand.card,
        "plain_logo": f'<mj-text padding="0 0 22px">{mark}</mj-text>' if mark else "",
        "foot": foot(brand, language),
    }
    if brand.link:
        own["plain_link"] = brand.link
    return tuple(sorted({**dict(SHIPPED), **own}.items()))
