"""The project holds nothing of the machine it was written on: no paths, registries, secrets."""

import re

import pytest

from tests.architecture.tree import ROOT, relative, walk

# Written in parts, so that this file passes its own test.
REGISTRIES = [
    host.replace(" ", ".")
    for host in (
        "pypi org", "pythonhosted org", "npmjs org", "npmjs com", "yarnpkg com", "crates io",
        "golang org", "rubygems org", "unpkg com", "jsdelivr net",
    )
]  # fmt: skip
LOCAL = [
    re.compile(r"(?<![\w.~/-])/(?:home|Users)/[a-z][\w.-]*/"),
    re.compile(r"\b[A-Z]:\\\\?Users\\"),
]
# A checkout in "/app" proves nothing: that may stand in a text for other reasons.
if len(ROOT.parts) > 2:
    LOCAL.append(re.compile(rf"(?<![\w.~/-]){re.escape(str(ROOT))}(?![\w-])"))
SECRETS = [
    re.compile("-----BEGIN [A-Z ]*PRIVATE " + "KEY-----"),
    re.compile(r"\b(?:AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|xox[abp]-[0-9A-Za-z-]{20,})\b"),
]


def traces_in(text: str) -> list[str]:
    """What should not stand in a file that others read."""
    found = [host for host in REGISTRIES if host in text]
    found += [match[0] for pattern in [*LOCAL, *SECRETS] for match in pattern.finditer(text)]
    return found


@pytest.mark.parametrize(
    "text",
    [
        "--index-url https://mirror.py" + "pi.org/simple",
        "open('/home" + "/ada/shop.db')",
        f"see {ROOT}/notes",
        "-----BEGIN RSA PRIVATE " + "KEY-----",
    ],
)
def test_a_trace_is_found(text):
    assert traces_in(text)


def test_no_file_has_any():
    texts = {
        relative(path): path.read_bytes().decode("utf-8", errors="replace")
        for path in walk()
        if path.suffix not in {".png", ".webp", ".woff2", ".gz", ".ico"}
    }
    assert {name: found for name, text in texts.items() if (found := traces_in(text))} == {}
