"""Whatever is thrown at the pre-flight: a mail or a refusal with a place, never a crash."""

from hypothesis import given
from hypothesis import strategies as st

from ripresa.domain.templates.compile import TemplateSource, compile_template
from ripresa.domain.templates.errors import TemplateError
from ripresa.domain.templates.mjml.vocabulary import (
    CHILDREN,
    HTML_ELEMENTS,
    HTML_HOLDERS,
    VOID_ELEMENTS,
)
from tests.mail_templates import TEXT, in_column

NAMES = (
    "width padding color href src alt border css-class name background-url full-width mode"
    " font-size direction height"
)
VALUES = (
    "0 10px -5 100% 1e9px 99999999999999999999px #fff è https://x.test/a.png NaN left"
    " {{links.restore}}"
)
ATTRIBUTES = st.dictionaries(
    st.sampled_from(NAMES.split()),
    st.sampled_from(["", "1px 2px 3px 4px 5px", *VALUES.split()]),
    max_size=3,
)


@st.composite
def elements(draw, parent, depth=0):
    """Any tree of our vocabulary, sensible or not."""
    if parent in CHILDREN:
        names = sorted(CHILDREN[parent])
    else:
        names = (
            sorted(HTML_ELEMENTS) if parent in HTML_HOLDERS | HTML_ELEMENTS - VOID_ELEMENTS else []
        )
    written = draw(
        st.sampled_from(["", "", "words", "{{ cart.total }}", "{% if coupon.code %}a{% endif %}"])
    )
    for _ in range(draw(st.integers(0, 3)) if names and depth < 8 else 0):
        name = draw(st.sampled_from(names))
        attributes = (
            "".join(f' {key}="{value}"' for key, value in draw(ATTRIBUTES).items())
            if name.startswith("mj")
            else ""
        )
        inner = draw(elements(name, depth + 1)) if parent != "mj-attributes" else ""
        written += f"<{name}{attributes}>{inner}</{name}>"
    return written


@given(elements("mj-head"), elements("mj-column"), elements("mj-body"))
def test_any_tree_of_the_vocabulary_renders_or_is_refused_in_our_words(head, column, body):
    mjml = in_column(column, head).replace("</mj-body>", f"{body}</mj-body>")
    try:
        html = compile_template(TemplateSource("en", "S", mjml, TEXT)).html
    except TemplateError as error:
        assert "can't be laid out" not in error.message  # noqa: PT017  (the renderer's own words)
    else:
        assert "mergetag" not in html


MARKUP = (
    "<mjml> </mjml> <mj-body> </mj-body> <mj-section> </mj-section> <mj-column> </mj-column>"
    " <mj-text> </mj-text> <mj-raw> </mj-raw> <b> </b> <br> <td ' \" > < /> & &egrave; ;"
    " {{ }} {% %} {{cart.total}} {%if(coupon.code)%} {%endif%} {#x#} *|COUPON|* mergetag0e"
    " <!-- --> <![CDATA[ ]]> é"
)
PIECES = st.sampled_from([*MARKUP.split(), ' a="', "\n", "\u200d", "\x0b", "\ud800"])


@given(st.lists(PIECES, max_size=40).map("".join))
def test_any_soup_compiles_or_is_refused_with_a_place(soup):
    for mjml in (soup, in_column(f"<mj-text>{soup}</mj-text>"), in_column(soup)):
        try:
            compile_template(TemplateSource("en", "S", mjml, TEXT))
        except TemplateError as error:
            assert 1 <= error.line <= mjml.count("\n") + 1  # noqa: PT017  (both outcomes are sound)
            assert error.column >= 1  # noqa: PT017
