"""Where a login's password stands: in a file or in the environment, never in the configuration itself."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from worker.config.values import FilePath, Section
from worker.errors import SetupError


class Login(Section):
    """A user name, and the file or environment variable that holds its password."""

    user: Annotated[str, Field(min_length=1, description="the name to log in with")] | None = None
    password_file: Annotated[FilePath, Field(description="the file that holds the password")] | None = None
    password_env: Annotated[str, Field(min_length=1, description="the environment variable that holds the password")] | None = None

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if self.password_file is not None and self.password_env is not None:
            raise ValueError("has both password_file and password_env; keep the one that is meant")
        if self.user is not None and self.password_file is None and self.password_env is None:
            raise ValueError("has a user but no password; name its file with password_file, or its variable with password_env")
        return self

    def password(self) -> str:
        """The password as it stands at this moment; an empty one is an error. Raises SetupError saying where it was looked for."""
        if self.password_file is not None:
            return _from_file(self.password_file)
        name = self.password_env or ""
        if not (secret := os.environ.get(name, "")):
            raise SetupError(f"The environment variable {name} (password_env) is not set or empty; set it to the password of {self.user}.")
        return secret


def _from_file(path: Path) -> str:
    try:
        secret = path.read_text(encoding="utf-8").rstrip("\r\n")
    except FileNotFoundError:
        raise SetupError(f"There is no password file at {path} (password_file); write the password into it and chmod it 600.") from None
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise SetupError(f"The password file {path} cannot be read ({why}).") from None
    if not secret:
        raise SetupError(f"The password file {path} is empty; write the password into it.")
    return secret
