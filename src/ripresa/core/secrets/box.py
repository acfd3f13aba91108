"""Seals named secrets: Fernet (AES-128-CBC and HMAC-SHA256), several keys, the newest seals."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Self

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from ripresa.core.config import Config, ConfigError
from ripresa.core.secrets import key_file


class CannotOpen(Exception):
    """None of the keys at hand has sealed this; the message says what to do."""

    def __init__(self) -> None:
        super().__init__(
            "none of this install's secret keys opens what was stored: give the key it was sealed "
            "with (RIPRESA_SECRET_KEYS, or the file secret-keys in RIPRESA_HOME), or set the provider's "
            "secrets anew"
        )


@dataclass(frozen=True)
class SecretBox:
    """Seals and opens with `keys`, the newest first. Raises ConfigError where one is no key."""

    keys: Sequence[str] = field(repr=False)

    def __post_init__(self) -> None:
        _ = self._multi  # a key that is none is refused now

    @cached_property
    def _multi(self) -> MultiFernet:
        try:
            return MultiFernet([Fernet(key) for key in self.keys])
        except ValueError:
            # Without the key itself: whoever reads the message may not be meant to know it.
            raise ConfigError(
                "a secret key is 32 random bytes in URL-safe base64, which is 44 characters: "
                "look at RIPRESA_SECRET_KEYS, or at the file secret-keys in RIPRESA_HOME"
            ) from None

    @classmethod
    def of(cls, config: Config) -> Self:
        """The box of this install: keys are read anew, so that a rotation elsewhere is noticed.

        RIPRESA_SECRET_KEYS, or the file in RIPRESA_HOME, which is made at its first use.
        """
        return cls(config.secret_keys or key_file.read(config.home))

    def seal(self, secrets: Mapping[str, str]) -> bytes:
        """`secrets`, for those who have a key."""
        return self._multi.encrypt(json.dumps(dict(secrets), sort_keys=True).encode())

    def open(self, sealed: bytes) -> dict[str, str]:
        """The secrets in `sealed`. Raises CannotOpen."""
        try:
            opened: dict[str, str] = json.loads(self._multi.decrypt(sealed))
        except InvalidToken:
            raise CannotOpen from None
        return opened

    def reseal(self, sealed: bytes) -> bytes:
        """The same secrets, sealed with the newest key. Raises CannotOpen."""
        try:
            return self._multi.rotate(sealed)
        except InvalidToken:
            raise CannotOpen from None
