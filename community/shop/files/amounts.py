"""Amounts and moments as shops write them."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from zoneinfo import ZoneInfo

MOST = Decimal(20_000_000)  # what a column of cents can hold
_SPACE = re.compile(r"[\s\u00a0\u202f']")
_MONEY = re.compile(r"^(?P<before>[A-Z]{3}|[€$£])?(?P<number>-?[\d.,]+(?:[eE][+-]?\d+)?)(?P<after>[A-Z]{3}|[€$£])?$")
_SIGNS = {"€": "EUR", "$": "USD", "£": "GBP"}
MOST_LOOKED_AT = 500
# In the order of trust where several fit as well: slashes are American, dashes and dots European.
_DAYS = ("%Y-%m-%d", "%Y/%m/%d", "%m/%d/%y", "%m/%d/%Y", "%d/%m/%y", "%d/%m/%Y") + (
    "%d-%m-%y", "%d-%m-%Y", "%d.%m.%Y", "%d.%m.%y", "%m-%d-%y", "%m-%d-%Y"
)  # fmt: skip
_TIMES = ("", " %H:%M", " %H:%M:%S", " %H:%M:%S %z")
FORMATS = tuple(day + time for day in _DAYS for time in _TIMES)


def amount_of(written: str) -> tuple[int, str]:
    """(hundredths, currency or nothing) of `12,50`, `1.234,50 EUR` or `$20`; ValueError where it is no amount."""
    found = _MONEY.match(_SPACE.sub("", written))
    if found is None:
        raise ValueError(written)
    try:
        amount = Decimal(_with_point(found["number"]))
    except InvalidOperation as error:
        raise ValueError(written) from error
    if not amount.is_finite() or abs(amount) > MOST:
        raise ValueError(written)
    sign = found["before"] or found["after"] or ""
    return cents_of(amount), _SIGNS.get(sign, sign)


def cents_of(amount: Decimal) -> int:
    """An amount in hundredths, rounded as a till does."""
    return int((amount * 100).to_integral_value(ROUND_HALF_UP))


def moment_of(written: str, pattern: str, zone: str) -> datetime:
    """A moment of a shop in a time zone, in UTC; ValueError where it is none."""
    try:
        told = datetime.strptime(written, pattern) if pattern else datetime.fromisoformat(written)  # noqa: DTZ007
    except OverflowError as error:
        raise ValueError(written) from error
    return (told if told.tzinfo else told.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)


def pattern_of(written: Iterable[str]) -> str:
    """The way in which most of these days are written; empty for what ISO 8601 knows. Some hundred of them tell."""
    days = sorted({day for day in written if day})
    some = days[:: 1 + len(days) // MOST_LOOKED_AT]
    return max(("", *FORMATS), key=lambda pattern: sum(_fits(day, pattern) for day in some))


def _fits(written: str, pattern: str) -> bool:
    try:
        moment_of(written, pattern, "UTC")
    except ValueError:
        return False
    return True


def _with_point(number: str) -> str:
    """The last of a point and a comma stands before the cents, unless it parts thousands."""
    comma, point = number.rfind(","), number.rfind(".")
    if comma > point:
        is_thousands = point < 0 and len(number) - comma == 4 and number.count(",") >= 1
        return number.replace(",", "") if is_thousands else number.replace(".", "").replace(",", ".")
    return number.replace(",", "")
