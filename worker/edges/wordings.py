"""What our invoices say in each language: the labels from templates/words/<code>.toml, and dates and money as that language writes them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date, tzinfo
from decimal import Decimal
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal, format_percent

from worker.core.invoices import Amendment
from worker.errors import SetupError

NO_BREAK_SPACE = "\u00a0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """One language: its BCP 47 ``code``, its CLDR ``locale`` and the labels of an invoice; braces are places to be filled."""

    code: str
    locale: Locale
    invoice: str
    number: str
    issue_date: str
    due_date: str
    purchase_order: str
    no_purchase_order: str
    bill_to: str
    tax_id: str
    description: str
    quantity: str
    unit_price: str
    tax: str
    amount: str
    net: str
    tax_at: str
    total: str
    payment: str
    notes: str
    page: str
    purchase_order_added: str
    purchase_order_corrected: str

    def date(self, day: date) -> str:
        """22 November 2026."""
        return format_date(day, "long", locale=self.locale)

    def money(self, amount: Decimal, currency: str) -> str:
        """EUR 4,800.00, always with the ISO 4217 code, whole in the currency's own minor units."""
        pattern = self.locale.currency_formats["standard"].pattern.split(";")[0].replace("¤", "¤¤")
        if pattern.startswith("¤¤") and not pattern[2].isspace():
            pattern = "¤¤" + NO_BREAK_SPACE + pattern[2:]
        return format_currency(amount, currency, format=pattern, locale=self.locale, decimal_quantization=False)

    def amount_of(self, amount: Decimal, currency: str) -> str:
        """4,800.00, for a column that stands under its currency."""
        return format_currency(amount, currency, format="#,##0.00", locale=self.locale, decimal_quantization=False)

    def count(self, quantity: Decimal) -> str:
        """2.5, without zeros that say nothing."""
        return format_decimal(quantity.normalize(), locale=self.locale, decimal_quantization=False)

    def rate(self, percent: Decimal) -> str:
        """19%, as the language spaces it."""
        return format_percent(percent.normalize() / 100, locale=self.locale, decimal_quantization=False)

    def marker(self, amendment: Amendment, timezone: tzinfo) -> str:
        """The line that an amendment leaves on the invoice, with the issuer's own date."""
        template = self.purchase_order_added if amendment.old_po is None else self.purchase_order_corrected
        day = amendment.applied_at.astimezone(timezone).date()
        return template.replace("{date}", self.date(day)).replace("{old}", amendment.old_po or "")


class Wordings:
    """Every language that the folders hold; the first folder that has a language wins."""

    def __init__(self, folders: Sequence[Path]) -> None:
        paths = {path.stem: path for folder in reversed(folders) for path in sorted(folder.glob("*.toml"))}
        self._by_code = {code: load(path) for code, path in paths.items()}
        if "en" not in self._by_code:
            raise SetupError(
                f"There is no en.toml in {' or '.join(str(folder) for folder in folders)}; English is what an invoice falls back to."
            )

    def __iter__(self) -> Iterator[Wording]:
        return iter(self._by_code.values())

    def of(self, language: str) -> Wording:
        """The wording for ``language`` ("de", "de-AT"), else for its first part, else English."""
        code = language.lower().replace("_", "-")
        return self._by_code.get(code) or self._by_code.get(code.partition("-")[0]) or self._by_code["en"]


def load(path: Path) -> Wording:
    """Raises SetupError naming the file and the label that is missing, unknown or no text."""
    try:
        labels = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SetupError(f"{path} can not be read: {error}.") from error
    wanted = {field.name for field in fields(Wording)} - {"code"}
    if missing := sorted(wanted - labels.keys()):
        raise SetupError(f"{path} lacks {', '.join(missing)}.")
    if strange := sorted(key for key, value in labels.items() if key not in wanted or not isinstance(value, str)):
        raise SetupError(f"{path} has {', '.join(strange)}, which is no label of an invoice or is not a text.")
    try:
        locale = Locale.parse(labels.pop("locale"))
    except (ValueError, UnknownLocaleError) as error:
        raise SetupError(f"The locale in {path} is not one that CLDR knows: {error}.") from error
    return Wording(code=path.stem, locale=locale, **labels)
