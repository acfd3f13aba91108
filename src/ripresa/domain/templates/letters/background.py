"""A shop's own paper: a PDF that is laid under every page of its letters."""

import io

import pikepdf

# Common denominator of print services: A4 or Letter upright, fonts embedded, nothing that acts.
_SIZES_MM = {"A4": (210.0, 297.0), "US Letter": (215.9, 279.4)}
_TOLERANCE_MM = 1.5
_MM_A_POINT = 25.4 / 72
MAX_PAGES = 2
_DEEPEST = 5  # forms that draw forms
_ACTING = ("/OpenAction", "/AA", "/AcroForm")


class BadBackground(ValueError):
    """A PDF can't be used as paper; the message says why."""


def check_background(pdf: bytes) -> None:
    """Raise BadBackground for what no print service would take."""
    try:
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            _check(opened)
    except pikepdf.PasswordError:
        raise BadBackground("the PDF is encrypted: save it without a password") from None
    except pikepdf.PdfError as broken:
        raise BadBackground(f"this is no PDF that can be read: {broken}") from None


def _check(pdf: pikepdf.Pdf) -> None:
    if pdf.is_encrypted:
        raise BadBackground("the PDF is encrypted: save it without a password")
    if not 1 <= len(pdf.pages) <= MAX_PAGES:
        raise BadBackground(
            f"it has {len(pdf.pages)} pages: the first lies under the first page of a letter, "
            "the second, if there is one, under all others"
        )
    names = pdf.Root.get("/Names", pikepdf.Dictionary())
    for acting in _ACTING:
        if acting in pdf.Root:
            raise BadBackground(f"it holds {acting[1:]}: scripts and forms can't be printed")
    if "/JavaScript" in names or "/EmbeddedFiles" in names:
        raise BadBackground("it holds scripts or files: print it to a new PDF first")
    for number, page in enumerate(pdf.pages, start=1):
        _check_page(page, number)


def _check_page(page: pikepdf.Page, number: int) -> None:
    box = [float(edge) for edge in page.mediabox]
    size = ((box[2] - box[0]) * _MM_A_POINT, (box[3] - box[1]) * _MM_A_POINT)
    fits = any(
        abs(size[0] - width) <= _TOLERANCE_MM and abs(size[1] - height) <= _TOLERANCE_MM
        for width, height in _SIZES_MM.values()
    )
    if not fits or int(page.obj.get("/Rotate", 0)) % 360:
        raise BadBackground(
            f"page {number} is {size[0]:.0f} × {size[1]:.0f} mm: only A4 or Letter, upright, is printed"
        )
    if "/AA" in page.obj or len(page.obj.get("/Annots", [])):
        raise BadBackground(f"page {number} holds links, notes or forms: flatten it first")
    for font in _fonts(page.obj.get("/Resources"), depth=0):
        if not _is_embedded(font):
            name = str(font.get("/BaseFont", "?")).removeprefix("/")
            raise BadBackground(f"page {number}: the font {name} is not embedded")


def _fonts(resources: pikepdf.Object | None, depth: int) -> list[pikepdf.Object]:
    """The fonts of a page, those of the forms it draws included."""
    if resources is None or depth > _DEEPEST:
        return []
    found = [font for _, font in resources.get("/Font", pikepdf.Dictionary()).items()]
    for _, drawn in resources.get("/XObject", pikepdf.Dictionary()).items():  # noqa: PERF102  (a PDF dictionary has no values())
        found += _fonts(drawn.get("/Resources"), depth + 1)
    return found


def _is_embedded(font: pikepdf.Object) -> bool:
    """ISO 32000-1, 9.9: the program lies in the descriptor; a Type 3 font draws its glyphs itself."""
    if font.get("/Subtype") == "/Type3":
        return True
    inner = font.get("/DescendantFonts", [font])[0]
    descriptor = inner.get("/FontDescriptor")
    return descriptor is not None and any(
        name in descriptor for name in ("/FontFile", "/FontFile2", "/FontFile3")
    )
