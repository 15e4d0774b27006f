"""The kinds of value that the configuration knows: folders, addresses, hosts, times and zones."""

from __future__ import annotations

import re
import unicodedata
import zoneinfo
from datetime import time
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StrictInt, ValidationInfo

from worker.core.messages import Address
from worker.edges import envelopes

ADDRESS = re.compile(r"[^@\s<>,;:\"()\\]+@[^@\s<>,;:\"()\\]+")
_BREAKING = frozenset({"Cc", "Zl", "Zp"})
"""The Unicode categories of control characters and of what ends a line or paragraph."""


class Section(BaseModel):
    """A table of the configuration: frozen, and closed to keys that it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=False, arbitrary_types_allowed=True)


def _beside_the_config(path: Path, info: ValidationInfo) -> Path:
    folder: Path = (info.context or {}).get("folder", Path())
    return folder / path.expanduser()


def _existing_folder(path: Path) -> Path:
    if not path.is_dir():
        raise ValueError(f"names the folder {path}, which does not exist")
    return path


def _line(text: str) -> str:
    if any(unicodedata.category(character) in _BREAKING for character in text):
        raise ValueError(f"must be one line without control characters, not {text!r}")
    return text


def _host(text: str) -> str:
    if re.search(r"[\s/@]", text) or (":" in text and not re.fullmatch(r"[0-9A-Fa-f:.]+", text)):
        raise ValueError(f"must be a server's name alone, such as mail.example.com, without scheme or port, not {text!r}")
    return text


def _authserv(text: str) -> str:
    if re.search(r"[\s;]", text):
        raise ValueError(f'must be the one word before the first ";" of your host\'s Authentication-Results, not {text!r}')
    return text


def _email(text: str) -> str:
    if not ADDRESS.fullmatch(text):
        raise ValueError(f"must be an address such as billing@example.com, not {text!r}")
    return text.lower()


def _mailbox(text: object) -> Address:
    name, email = parseaddr(text) if isinstance(text, str) else ("", "")
    if not ADDRESS.fullmatch(email):
        raise ValueError(f"must be an address such as Billing <billing@example.com>, not {text!r}")
    return Address(email=email.lower(), name=name)


def _written(email: str) -> None:
    if not envelopes.is_writable(email):
        raise ValueError(
            f"is {email!r}, which no letter can be made with; write the domain in its ASCII form (xn--…), and take an address that is "
            "ASCII before the @ too"
        )


def _recipient(email: str) -> str:
    _written(email)
    return email


def _sender(address: Address) -> Address:
    _written(address.email)
    return address


def _zone(name: str) -> str:
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"must be a time zone such as Europe/Berlin, not {name!r}") from None
    return name


def _clock(text: object) -> time:
    if not isinstance(text, str) or not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text):
        raise ValueError(f'must be a time of day such as "17:30", not {str(text)!r}')
    return time.fromisoformat(text)


FilePath = Annotated[Path, AfterValidator(_beside_the_config)]
FolderPath = Annotated[Path, AfterValidator(_beside_the_config), AfterValidator(_existing_folder)]
Host = Annotated[str, AfterValidator(_host)]
AuthservId = Annotated[str, AfterValidator(_authserv)]
Line = Annotated[str, AfterValidator(_line)]
Email = Annotated[str, AfterValidator(_email)]
Recipient = Annotated[Email, AfterValidator(_recipient)]
Mailbox = Annotated[Address, AfterValidator(_sender), BeforeValidator(_mailbox)]
ZoneName = Annotated[str, AfterValidator(_zone)]
Clock = Annotated[time, BeforeValidator(_clock)]
Port = Annotated[StrictInt, Field(ge=1, le=65535)]
