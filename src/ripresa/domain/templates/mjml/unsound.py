"""What the rules for MJML raise; preflight knows the place and makes a TemplateError of it."""

from ripresa.domain.templates.language.check import MergeTag


class Unsound(ValueError):
    """Something can't stay as it is. `tag` is the merge tag it is about, if it is about one."""

    def __init__(self, message: str, tag: MergeTag | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.tag = tag
