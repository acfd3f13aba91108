"""SQL that matters lives in files beside the code that runs it; this reads them once."""

import re
from functools import cache
from importlib.resources import files

# As psql has it: another file beside this one stands here. So what several statements share is written once.
_INCLUDE = re.compile(r"^\\ir (\w+)\.sql$", re.MULTILINE)


@cache
def statement(package: str, name: str) -> str:
    """The text of `<package>/sql/<name>.sql`; the package as in an import: "ripresa.domain.carts"."""
    text = (files(package) / "sql" / f"{name}.sql").read_text(encoding="utf-8")
    return _INCLUDE.sub(lambda found: statement(package, found[1]).rstrip("\n"), text)
