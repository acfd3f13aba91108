"""The login form."""

from typing import Any

from django.contrib.auth.forms import AuthenticationForm


class LoginForm(AuthenticationForm):
    """E-mail and password, dressed for the page and for password managers."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("username", "password"):
            self.fields[name].widget.attrs["class"] = "form-control"
        self.fields["username"].widget.attrs["inputmode"] = "email"

    def clean_username(self) -> str:
        """User names are e-mail addresses in lower case; a phone likes to write a capital first."""
        return str(self.cleaned_data["username"]).lower()
