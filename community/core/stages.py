"""Life stages: days relative to birth, negative before it. Weeks, months and years are ways to show it.

Pregnancy week w begins at day 7*w - 280 (280 days: Naegele's rule, 40 weeks from the last period)."""

from datetime import date
from functools import lru_cache

from babel import Locale
from dateutil.relativedelta import relativedelta
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

PREGNANCY_DAYS = 280
FIRST_WEEK, LAST_WEEK = 4, 42
LAST_MONTH = 36
LATEST_BIRTH_DAY = 20  # the last day of week 42: a range that begins before birth and ends by then is for pregnancy
DAYS_A_MONTH = 365.25 / 12
MOST_SAID = 2_000  # a page says the same ranges many times: each is put into words once for each language


def week_of(day: int) -> int:
    """The pregnancy week that a stage day lies in."""
    return (day + PREGNANCY_DAYS) // 7


def days_of_week(week: int) -> tuple[int, int]:
    """First and last stage day of a pregnancy week."""
    first = 7 * week - PREGNANCY_DAYS
    return first, first + 6


def days_of_month(month: int) -> tuple[int, int]:
    """First and last stage day of a month of age (0: the first month), by the average month."""
    return round(month * DAYS_A_MONTH), round((month + 1) * DAYS_A_MONTH) - 1


def month_of(day: int) -> int:
    """The completed months of age at a stage day, by the average month."""
    month = int(day / DAYS_A_MONTH)
    return month + 1 if days_of_month(month + 1)[0] <= day else month


def months_between(born_on: date, today: date) -> int:
    """Completed calendar months: what parents mean by "five months"."""
    gap = relativedelta(today, born_on)
    return gap.years * 12 + gap.months


def age_words(born_on: date, today: date) -> str:
    """A completed age as parents say it: days, weeks, months, then years."""
    return _age_words(born_on, today, get_locale())


@lru_cache(MOST_SAID)
def _age_words(born_on: date, today: date, _locale: Locale | None) -> str:
    days, months = (today - born_on).days, months_between(born_on, today)
    if days < 7:
        return ngettext("%(num)s day", "%(num)s days", days)
    if months < 1:
        return ngettext("%(num)s week", "%(num)s weeks", days // 7)
    if months < 24:
        return ngettext("%(num)s month", "%(num)s months", months)
    return ngettext("%(num)s year", "%(num)s years", months // 12)


def corrected_age_words(day: int) -> str:
    """An age counted from the due date: in weeks for half a year, as midwives and nurses do, then in months."""
    if day < 182:
        return ngettext("%(num)s week", "%(num)s weeks", day // 7)
    return ngettext("%(num)s month", "%(num)s months", month_of(day))


def day_before_birth(due_on: date, today: date) -> int:
    """The stage day of a pregnancy."""
    return (today - due_on).days


def label(stage_from: int | None, stage_to: int | None) -> str:
    """A stage range in the reader's words: "Weeks 23 to 26", "From birth", "4 to 8 months"."""
    return "" if stage_from is None or stage_to is None else _label(stage_from, stage_to, get_locale())


@lru_cache(MOST_SAID)
def _label(stage_from: int, stage_to: int, _locale: Locale | None) -> str:
    if stage_to < 0:
        return _span(_("Week %(n)s"), _("Weeks %(first)s to %(last)s"), week_of(stage_from), week_of(stage_to))
    if stage_from < 0:
        if stage_to <= LATEST_BIRTH_DAY:
            return _("From week %(n)s", n=week_of(stage_from))
        return _("Pregnancy to %(age)s", age=_age(stage_to))
    if stage_from == 0:
        return _("From birth to %(age)s", age=_age(stage_to))
    return _("From %(first)s to %(last)s", first=_age(stage_from), last=_age(stage_to))


def _span(one: str, several: str, first: int, last: int) -> str:
    return one % {"n": first} if first == last else several % {"first": first, "last": last}


def _age(day: int) -> str:
    if day < 28:
        return ngettext("%(num)s week", "%(num)s weeks", max(1, round(day / 7)))
    months = round((day + 1) / DAYS_A_MONTH)
    if months < 24:
        return ngettext("%(num)s month", "%(num)s months", months)
    return ngettext("%(num)s year", "%(num)s years", round(months / 12))
