"""Pictures from outside made ours: decoded, turned upright, resized, and written anew without their notes.

What a picture is follows from its bytes alone, never from its name or the type that was claimed.
"""

import struct
import warnings
from dataclasses import dataclass, field
from io import BytesIO

from PIL import Image, ImageCms, ImageOps, ImageSequence, UnidentifiedImageError

MAX_BYTES = 8 * 1024 * 1024
MAX_PIXELS = 40_000_000  # of one picture, or of all frames of a moving one together
MAX_SIDE = 12_000
# A mail is 600 px wide; twice that is sharp on every screen.
WIDTHS = (160, 600, 1200)
SMALL, MIDDLE, LARGE = WIDTHS
_FORMATS = ("JPEG", "PNG", "GIF", "WEBP")
_QUALITY = 84
_FEW_COLOURS = 256
# What decoders raise over bytes that are no picture after all.
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, IndexError, struct.error)


class BadImage(ValueError):
    """A picture can't be taken; the message says why, and what would do.

    `kind`: bytes, pixels, svg, damaged, full, or format.
    """

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Sized:
    """A picture at one width."""

    width: int
    height: int
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A picture as it is kept: `sizes` from small to large."""

    media_type: str
    sizes: tuple[Sized, ...]


def prepare(content: bytes, widths: tuple[int, ...] = WIDTHS) -> Prepared:
    """Decode, check and resize. Raises BadImage."""
    if len(content) > MAX_BYTES:
        message = f"it has {len(content):,} bytes; at most {MAX_BYTES:,} are taken"
        raise BadImage("bytes", message)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # of what is odd and harmless; what is not is checked here
            return _prepare(content, widths)
    except BadImage:
        raise
    except UnidentifiedImageError:
        raise _unknown(content) from None
    except Image.DecompressionBombError:
        message = f"it has too many pixels: at most {MAX_PIXELS:,} are taken"
        raise BadImage("pixels", message) from None
    except _BROKEN:
        raise BadImage("damaged", "it is damaged: it can't be decoded to its end") from None


def _prepare(content: bytes, widths: tuple[int, ...]) -> Prepared:
    with Image.open(BytesIO(content), formats=_FORMATS) as image:
        _check_size(image)
        if image.format == "GIF" and getattr(image, "is_animated", False):
            return _moving(image, widths)
        upright = ImageOps.exif_transpose(image)
        plain = _plain(upright)
        media_type = _media_type(plain, image.format or "")
    kept = sorted({min(width, plain.width) for width in widths})
    return Prepared(media_type, tuple(_sized(plain, width, media_type) for width in kept))


def _check_size(image: Image.Image) -> None:
    width, height = image.size
    if not 0 < width * height <= MAX_PIXELS or max(width, height) > MAX_SIDE:
        message = f"{width} × {height} pixels: at most {MAX_PIXELS:,} in all, {MAX_SIDE:,} a side"
        raise BadImage("pixels", message)


def _plain(image: Image.Image) -> Image.Image:
    """As RGB or, where something shines through, RGBA; without profile, notes and places."""
    profile = image.info.get("icc_profile")
    has_alpha = "A" in image.getbands() or "transparency" in image.info
    if profile and image.mode in {"RGB", "RGBA", "CMYK"}:
        image = _in_srgb(image, profile)
    plain = image.convert("RGBA" if has_alpha else "RGB")
    if has_alpha and plain.getchannel("A").getextrema() == (255, 255):
        plain = plain.convert("RGB")
    plain.info = {}
    return plain


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    try:
        turned = ImageCms.profileToProfile(
            image, BytesIO(profile), ImageCms.createProfile("sRGB"), outputMode=mode
        )
    except (ImageCms.PyCMSError, OSError):
        return image  # a profile that says nothing
    return turned or image


def _media_type(image: Image.Image, was: str) -> str:
    """JPEG for photographs, PNG for drawings and whatever something shines through."""
    is_drawing = was in {"PNG", "GIF"} and image.getcolors(_FEW_COLOURS) is not None
    return "image/png" if image.mode == "RGBA" or is_drawing else "image/jpeg"


def _sized(image: Image.Image, width: int, media_type: str) -> Sized:
    small = _resized(image, width)
    out = BytesIO()
    if media_type == "image/png":
        small.save(out, "PNG", optimize=True)
    else:
        small.save(out, "JPEG", quality=_QUALITY, optimize=True, progressive=True)
    return Sized(small.width, small.height, out.getvalue())


def _resized(image: Image.Image, width: int) -> Image.Image:
    if width >= image.width:
        return image
    height = max(1, round(image.height * width / image.width))
    return image.resize((width, height), Image.Resampling.LANCZOS)


def _moving(image: Image.Image, widths: tuple[int, ...]) -> Prepared:
    """A moving picture: small ones stand still, the largest moves and is no wider than a mail."""
    count = getattr(image, "n_frames", 1)
    if count * image.width * image.height > MAX_PIXELS:
        message = f"its {count} frames have too many pixels: at most {MAX_PIXELS:,} in all"
        raise BadImage("pixels", message)
    pauses = []
    frames = []
    for frame in ImageSequence.Iterator(image):
        pauses.append(int(frame.info.get("duration", 100)))
        frames.append(frame.convert("RGBA"))
    kept = sorted({min(width, MIDDLE, image.width) for width in widths})
    sizes = [_gif([_resized(frames[0], width)], []) for width in kept[:-1]]
    sizes.append(_gif([_resized(frame, kept[-1]) for frame in frames], pauses))
    return Prepared("image/gif", tuple(sizes))


def _gif(frames: list[Image.Image], pauses: list[int]) -> Sized:
    for frame in frames:
        frame.info = {}
    out = BytesIO()
    more = {"append_images": frames[1:], "duration": pauses, "loop": 0} if pauses else {}
    frames[0].save(out, "GIF", save_all=bool(pauses), **more)
    return Sized(frames[0].width, frames[0].height, out.getvalue())


def _unknown(content: bytes) -> BadImage:
    head = content[:1000].lower()
    if b"<svg" in head:
        return BadImage("svg", "SVG can't be taken: mail programs don't show it. Save it as PNG")
    return BadImage("format", "this is no JPEG, PNG, GIF or WebP picture")
