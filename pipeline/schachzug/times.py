"""German expressions of time: the words, and the interval that they fix, as wide as they are vague.

A date without a year, a weekday or "gestern" is resolved against the day the article was issued; where
that is unknown, only the words are kept. No date is ever invented.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from schachzug.lexicon import load_yaml, plain
from schachzug.resources import resource
from schachzug.types import TimeExpression


@dataclass(frozen=True)
class FoundTime:
    """A time expression and where it begins and ends in the text searched."""

    begin: int
    end: int
    time: TimeExpression


@cache
def _words() -> dict[str, Any]:
    data: dict[str, Any] = plain(load_yaml(resource("ontology", "lexicon", "de", "times.yaml")))
    return data


@cache
def _pattern() -> re.Pattern[str]:
    words = _words()
    month = "|".join(words["months"])
    part = "|".join(words["parts_of_year"])
    weekday = "|".join(words["weekdays"])
    day = "|".join(words["days"])
    year = r"(?:1[89]|20)\d\d"
    return re.compile(
        rf"\b(?:(?P<day>[0-3]?\d)\.\s?(?:(?P<month>{month})|(?P<monthnumber>[01]?\d)\.)(?:\s?(?P<year>{year}))?"
        rf"|(?P<part>{part})\s+(?:des\s+jahres\s+)?(?P<partyear>{year})"
        rf"|(?P<onlymonth>{month})(?:\s+(?P<monthyear>{year}))?"
        rf"|(?:am\s+)?(?P<weekday>{weekday})(?:abend|morgen|nachmittag|vormittag|nacht)?"
        rf"|(?P<named>{day})"
        rf"|(?:im\s+jahre?s?\s+)?(?P<onlyyear>{year}))\b(?!\s*(?:Euro|Dollar|Menschen|Prozent|Kilometer|Meter|Soldaten|Mann))",
        re.IGNORECASE,
    )


def find_times(text: str, issued: str = "") -> list[FoundTime]:
    """The time expressions of a text.

    Args:
        text: a sentence.
        issued: the ISO 8601 date of the article, or a prefix of one, or "".

    >>> find_times("Im Januar 2022 griff das Bündnis ein.")[0].time.start
    '2022-01-01T00:00:00Z'
    """
    reference = _date(issued)
    found = []
    for match in _pattern().finditer(text):
        interval = _interval(match, reference)
        start = end = None
        if interval is not None:
            start, end = f"{interval[0]}T00:00:00Z", f"{interval[1]}T23:59:59Z"
        found.append(FoundTime(match.start(), match.end(), TimeExpression(match.group(), start, end)))
    return found


def _date(issued: str) -> date | None:
    match = re.match(r"(\d{4})-(\d\d)-(\d\d)", issued)
    return date(*map(int, match.groups())) if match else None


def _interval(match: re.Match[str], reference: date | None) -> tuple[date, date] | None:
    words, group = _words(), match.groupdict()
    if group["day"]:
        month = words["months"].get((group["month"] or "").lower()) or int(group["monthnumber"] or 0)
        year = int(group["year"]) if group["year"] else _year_of(month, int(group["day"]), reference)
        return _day(year, month, int(group["day"]))
    if group["part"]:
        first, last = words["parts_of_year"][group["part"].lower()]
        return _months(int(group["partyear"]), first, last)
    if group["onlymonth"]:
        month = words["months"][group["onlymonth"].lower()]
        month_year = int(group["monthyear"]) if group["monthyear"] else _year_of(month, 1, reference)
        return _months(month_year, month, month) if month_year else None
    if group["weekday"] and reference:
        back = (reference.weekday() - words["weekdays"][group["weekday"].lower()]) % 7
        return (reference - timedelta(back),) * 2
    if group["named"] and reference:
        return (reference + timedelta(words["days"][group["named"].lower()]),) * 2
    if group["onlyyear"]:
        return _months(int(group["onlyyear"]), 1, 12)
    return None


def _year_of(month: int, day: int, reference: date | None) -> int | None:
    """The year of a date without one: the last such date before the article."""
    if reference is None:
        return None
    return reference.year if (month, day) <= (reference.month, reference.day) else reference.year - 1


def _day(year: int | None, month: int, day: int) -> tuple[date, date] | None:
    try:
        return (date(year, month, day),) * 2 if year else None
    except ValueError:
        return None


def _months(year: int, first: int, last: int) -> tuple[date, date]:
    return date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1])
