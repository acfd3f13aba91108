"""SQL that matters lives in files beside the code that runs it; this reads them once."""

from functools import cache
from importlib.resources import files


@cache
def statement(package: str, name: str) -> str:
    """The text of `<package>/sql/<name>.sql`; the package as in an import: "ripresa.domain.carts"."""
    return (files(package) / "sql" / f"{name}.sql").read_text(encoding="utf-8")
