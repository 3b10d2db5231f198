"""The date expressions of news English: found in an article, and resolved to EDTF by the day on which it was published.

The expressions stand in one table: how each is written, and the function that reads it. It is made when first used, for
compiling it takes longer than everything else here.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from llm_extract.dates import Days, as_edtf, bounds, days_of

__all__ = ["DateMention", "dateline", "find_dates", "resolve"]


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date as an article writes it: `article.text[start:end] == text`."""

    start: int
    """First code point."""
    end: int
    """One past the last code point."""
    text: str
    """The characters themselves."""


def find_dates(text: str) -> list[DateMention]:
    """Return the date expressions of news English in `text`, in order, without overlap, each as long as it goes.

    Prepositions and the ending of "Sunday's" are left out. Not found: clock times, holidays, what is counted from another
    event ("two days later", "a week after the vote"), and years that stand before a noun ("the 2016 election").

    Example:
        >>> [mention.text for mention in find_dates("They met on June 28-29 and will meet again next month.")]
        ['June 28-29', 'next month']
    """
    spans = sorted({(found.start(), -found.end()) for pattern, _ in _expressions() for found in pattern.finditer(text)})
    mentions: list[DateMention] = []
    for start, minus_end in spans:
        if not mentions or start >= mentions[-1].end:
            mentions.append(DateMention(start, -minus_end, text[start:-minus_end]))
    return mentions


def resolve(expression: str, published: dt.date | None, *, future: bool | None = None) -> str | None:
    """Return in EDTF the date that an expression of news English stands for.

    A missing year is the nearest that fits; where the tense is not known, a date ahead must be twice as near as one behind.
    A weekday is the last one up to publication, or with `future` the next one from it on (the rule of the Associated
    Press Stylebook: within seven days, as the tense has it). Weeks begin on Monday, seasons are those of the northern
    hemisphere, and "early", "mid" and "late" narrow nothing down.

    Args:
        expression: What the article writes, as `find_dates` returns it; a preposition before it and "'s" after it are ignored.
        published: Day of publication; without it only complete dates can be known.
        future: Whether what it dates lies after publication (True) or before it (False); None where that is not known.

    Returns:
        None where the expression gives no date: it is none, it lacks a publication date, or there is no such day.

    Example:
        >>> resolve("late November", dt.date(2019, 6, 12), future=False)
        '2018-11'
    """
    words = re.sub(r"[\x27\u2019]s?$", "", expression.strip(" \t\r\n,;:"))
    while words:
        try:
            days = _read(words, _Clock(published, future))
        except (ValueError, OverflowError):  # no such day, or none within the calendar
            return None
        if days:
            return as_edtf(days)
        preposition = _PREPOSITION.match(words)
        if not preposition:
            return None
        future = False if preposition[1].lower() == "since" else future
        words = words[preposition.end() :]
    return None


@lru_cache(maxsize=1)  # an article is asked twice: when it is read, and when it is completed, right after
def dateline(text: str) -> dt.date | None:
    r"""Return the day of publication that the article itself gives in its first lines, with its year; else None.

    The day must stand alone on its line, but for a weekday, a clock time and a word such as "Published", or in a dateline
    that opens a paragraph ("LUND, June 12, 2019 (Agency) —"). Days within sentences are not taken.

    Example:
        >>> dateline("Ministers meet\n\nWednesday, June 12, 2019\n\nThe ministers met today.")
        datetime.date(2019, 6, 12)
    """
    lines = (line.strip() for line in text[:_FIRST_CHARS].splitlines())
    for line in [line for line in lines if line][:_FIRST_LINES]:
        # A dateline has its year in figures, near the start of its line; looking for dates takes a thousand times longer.
        mention = next(iter(find_dates(line[:_START_CHARS])), None) if _FIGURES_OF_A_YEAR.search(line, 0, _START_CHARS) else None
        date = resolve(mention.text, None) if mention else None
        if mention and date and bounds(date)[0] == bounds(date)[1] and _is_dateline(line[: mention.start], line[mention.end :]):
            return bounds(date)[0]
    return None


_FIRST_CHARS, _FIRST_LINES, _START_CHARS = 10_000, 12, 200
_FIGURES_OF_A_YEAR = re.compile("[0-9]{4}")
_PREPOSITION = re.compile(r"(on|in|at|over|during|for|of|from|since|the)\s+", re.IGNORECASE)
_LABEL = re.compile(r"(?:(?:(?:first|last) )?(?:published|posted|updated)(?: on| at)?|date)?[\s:]*", re.IGNORECASE)
_TIME = re.compile(r"(?:[T\s,|@\u2013-]{1,3}(?:at )?[0-9]{1,2}[:.][0-9]{2}.{0,20})?")
_PLACE = re.compile(r"[A-Z][A-Z .'-]{1,40}(?:, [A-Z][\w. ]{1,30})?(?:, | \()")
_AGENCY = re.compile(r"\)?.{0,30}(?:[-\u2013\u2014])\s")


def _is_dateline(before: str, after: str) -> bool:
    alone = _LABEL.fullmatch(before) and _TIME.fullmatch(after)
    return bool(alone or (_PLACE.fullmatch(before) and _AGENCY.match(after)))


@dataclass(frozen=True, slots=True)
class _Clock:
    published: dt.date | None
    future: bool | None

    @property
    def today(self) -> dt.date:
        if self.published is None:
            msg = "the day of publication is not known"
            raise ValueError(msg)
        return self.published

    def choose(self, candidates: Iterable[Days]) -> Days:
        """Choose by tense, else by nearness, where one behind counts as half as far: news looks back more than ahead."""
        days = list(candidates)
        if self.future:
            return min(option for option in days if option.last >= self.today)
        if self.future is False:
            return max(option for option in days if option.first <= self.today)
        return min(days, key=lambda option: max(2 * (option.first - self.today).days, (self.today - option.last).days, 0))


_Found = re.Match[str]
_Reader = Callable[[_Found, _Clock], Days]
_InYear = Callable[[_Found, int], Days]


def _read(words: str, clock: _Clock) -> Days | None:
    context = "in "  # after which "May" and "2017" are dates; a mention leaves it out
    for pattern, reader in _expressions():
        if found := pattern.fullmatch(context + words, len(context)):
            return reader(found, clock)
    return None


def _part(found: _Found, name: str) -> str | None:
    """Return the part of this name; None where it is left out, or where the pattern has no such part."""
    part: str | None = found.groupdict().get(name)
    return part


def _turn(found: _Found) -> int | None:
    word = _part(found, "turn")
    return _TURNS[word.lower().split()[-1]] if word else None


def _month_number(name: str) -> int:
    return _MONTHS.index(name[:3].title()) + 1


def _number(ordinal: str) -> int:
    return int(ordinal.rstrip("stndrh"))


def _days_in(found: _Found, year: int) -> Days:
    """Read "June 28", "June 28-29" or "December 30 to January 2", which ends in `year`."""
    first_month, last_month = (_month_number(name) for name in (found["month"], _part(found, "month2") or found["month"]))
    first = dt.date(year - (last_month < first_month), first_month, _number(found["day"]))
    last = dt.date(year, last_month, _number(_part(found, "day2") or found["day"]))
    if first > last:
        msg = "the days are not in order"
        raise ValueError(msg)
    return Days(first, last)


def _month_in(found: _Found, year: int) -> Days:
    return days_of(year, _month_number(found["month"]))


def _season_in(found: _Found, year: int) -> Days:
    """Read a season as three whole months; a winter begins in `year`."""
    start = dt.date(year, {"spring": 3, "summer": 6, "winter": 12}.get(found["season"].lower(), 9), 1)
    return Days(start, _away(start, 2, "month").last)


def _with_year(in_year: _InYear) -> _Reader:
    """Read what has its year, has it as "last year", or lacks it; "last July" is over, "next July" has not begun."""

    def read(found: _Found, clock: _Clock) -> Days:
        if year := _part(found, "year"):
            return in_year(found, int(year))
        if which := _part(found, "which"):
            return in_year(found, clock.today.year + _TURNS[which])
        turn, options = _turn(found), _around(found, clock, in_year)
        if turn is None:
            return clock.choose(options)
        if turn == 0:
            return in_year(found, clock.today.year)
        return _Clock(clock.published, turn == 1).choose(option for option in options if not option.first <= clock.today <= option.last)

    return read


def _around(found: _Found, clock: _Clock, in_year: _InYear) -> Iterator[Days]:
    for year in range(clock.today.year - 2, clock.today.year + 3):
        try:
            yield in_year(found, year)
        except ValueError:  # 29 February, or a year outside the calendar
            continue


def _away(day: dt.date, count: int, unit: str) -> Days:
    """Return the day, week, month or year that lies `count` of them after `day`: as precise as the unit that was named."""
    if unit == "day":
        return Days(day + dt.timedelta(days=count), day + dt.timedelta(days=count))
    if unit == "month":
        year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
        return days_of(year, month + 1)
    if unit == "year":
        return days_of(day.year + count)
    monday = day + dt.timedelta(days=7 * count - day.weekday())
    return Days(monday + dt.timedelta(days=5 if unit == "weekend" else 0), monday + dt.timedelta(days=6))


def _unit(found: _Found, clock: _Clock) -> Days:
    """Read "last week", "later this month", "the end of the year"."""
    return _away(clock.today, _turn(found) or 0, found["unit"].lower())


def _weekend(_found: _Found, clock: _Clock) -> Days:
    return _Clock(clock.published, clock.future or False).choose(_away(clock.today, weeks, "weekend") for weeks in (-1, 0, 1))


def _day_word(found: _Found, clock: _Clock) -> Days:
    """Read "yesterday morning" and its like."""
    first, *_, last = [*found[0].lower().split(), ""][:4]
    twice = 2 if first == "the" else 1
    shift = {"yesterday": -1, "last": -1, "tomorrow": 1}.get(last if first == "the" else first, 0)
    return _away(clock.today, twice * shift, "day")


def _weekday(found: _Found, clock: _Clock) -> Days:
    """Read "Monday", "last Monday" (never today), "Monday and Tuesday" (the second follows the first), "Monday of next week"."""
    number, turn = _WEEKDAYS.index(found["weekday"].title()), _turn(found) or 0
    last_number = _WEEKDAYS.index((found["weekday2"] or found["weekday"]).title())
    if found["week"]:
        first = _away(clock.today, _TURNS[found["week"]], "week").first + dt.timedelta(days=number)
    else:
        ahead = turn == 1 or (turn == 0 and (clock.future or (bool(found["turn"]) and clock.future is None)))
        start = clock.today + dt.timedelta(days=turn)
        first = start + dt.timedelta(days=(number - start.weekday()) % 7 if ahead else -((start.weekday() - number) % 7))
    return Days(first, first + dt.timedelta(days=(last_number - number) % 7))


def _count(found: _Found, clock: _Clock) -> Days:
    """Read "two days ago", "in three weeks", "several weeks ago"; weeks of a loose number are given in whole months."""
    ago = _part(found, "ago") is not None
    if not ago and clock.future is False:
        msg = "a duration and not a date"
        raise ValueError(msg)
    least, greatest = _least_and_greatest(found)
    first, last = sorted(_away(clock.today, -count if ago else count, found["unit"]) for count in (least, greatest))
    unit = "month" if found["unit"] == "week" and least < greatest else "day"
    return Days(_away(first.first, 0, unit).first, _away(last.last, 0, unit).last)


def _window(found: _Found, clock: _Clock) -> Days:
    """Read "the coming weeks", "the past two days": from publication to as far as the number goes."""
    ahead = _turn(found) == 1
    far = _away(clock.today, _least_and_greatest(found)[1] * (1 if ahead else -1), found["unit"])
    return Days(clock.today, far.last) if ahead else Days(far.first, clock.today)


def _least_and_greatest(found: _Found) -> tuple[int, int]:
    word = (found["count"] or "").lower()
    loose = {"a": (1, 1), "an": (1, 1), "couple": (2, 3), "few": (2, 8), "several": (2, 8), "": (2, 8)}
    if word in loose:
        return loose[word]
    number = int(word) if word.isdecimal() else _NUMBERS.index(word) + 1
    return number, number


def _numeric(found: _Found, _clock: _Clock) -> Days:
    """Read "2019-06-28", "28.06.2019" and "28/06/2019"; with slashes only where one order of day and month is possible."""
    day, month, year = int(found["day"]), int(found["month"]), int(found["year"])
    if found["mark"] != "/" or day == month:
        return days_of(year, month, day)
    if max(day, month) <= len(_MONTHS):
        msg = "either number can be the month"
        raise ValueError(msg)
    return days_of(year, min(day, month), max(day, month))


_TURNS = {"last": -1, "past": -1, "recent": -1, "this": 0, "next": 1, "coming": 1}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
# The parts of the patterns. A gap spans no empty line, and every repetition is bounded: the search is linear in the text.
_GAP = r"(?:[^\S\r\n]{1,3}|[^\S\r\n]?\r?\n[^\S\r\n]?)"
_FULL_MONTHS = "January|February|April|June|July|August|September|October|November|December"
_UNSURE_MONTHS = "March|May"  # words and names too: dates only after what makes them so
_MONTH = f"(?:{_FULL_MONTHS}|{_UNSURE_MONTHS}|{f'{_FULL_MONTHS}|{_UNSURE_MONTHS}'.upper()}|(?:Sept|{'|'.join(_MONTHS)})\\b\\.?)"
_WEEKDAY = f"(?:{'|'.join(_WEEKDAYS)}|{'|'.join(_WEEKDAYS).upper()})"
_YEAR = r"(?:19|20)[0-9]{2}(?![\w%]|[-\u2013][0-9])"
_DAY = r"(?:3[01]|[12][0-9]|0?[1-9])(?:st|nd|rd|th)?(?![\w%]|[.,:][0-9]{1,3}(?![0-9]))"
_TO = rf"(?:[^\S\r\n]?[-\u2013\u2014][^\S\r\n]?|{_GAP}(?:to|through|until){_GAP})"
_AND = rf"{_GAP}(?:and|or){_GAP}"
_TURN = rf"(?i:(?P<turn>last|past|this{_GAP}coming|this{_GAP}past|this|next|coming))"
_THE_YEAR = rf"(?:(?:,?{_GAP}(?:of{_GAP})?|,)(?P<year>{_YEAR})|,?{_GAP}(?:of{_GAP})?(?P<which>last|this|next){_GAP}year)"
_STAGE = rf"(?:(?i:(?:the{_GAP})?(?:beginning|start|middle|end){_GAP}of|early|mid|late|earlier|later)(?:{_GAP}|-)(?:in{_GAP})?)"
_IN = r"(?:(?<=[Ii]n )|(?<=[Ii]n\n)|(?<=[Ss]ince )|(?<=until )|(?<=[Dd]uring ))"
_TIME_OF_DAY = rf"(?:{_GAP}(?:morning|afternoon|evening|night))?"
_COUNT = rf"(?i:(?:a{_GAP})?(?P<count>couple|few|several|an?|{'|'.join(_NUMBERS)}|[0-9]{{1,3}})(?:(?<=couple){_GAP}of)?)"
_UNIT = r"(?P<unit>day|week|month|year)s?"
_BEFORE_DAY = rf"(?:(?:{_WEEKDAY}|(?:Mon|Tues?|Wed|Thu|Thurs|Fri|Sat|Sun)\.?),?{_GAP})?"
_NO_NOUN = rf"(?!{_GAP}(?:elections?|campaigns?|race|vote|referendum|season|edition|Olympics?|World|census|budget)\b)"
_NO_PAPER = rf"(?!{_GAP}(?:Times|Telegraph|Mirror|Express|Mail|Post|Herald)\b)"


@cache
def _expressions() -> tuple[tuple[re.Pattern[str], _Reader], ...]:
    days, month, season = _with_year(_days_in), _with_year(_month_in), _with_year(_season_in)
    second_day = rf"(?:{_AND}(?![0-9]{{1,2}}{_GAP}[a-z]{{4}})|{_TO}(?:(?P<month2>{_MONTH}){_GAP})?)"
    weekdays = rf"(?P<weekday>{_WEEKDAY}){_TIME_OF_DAY}(?:(?:{_TO}|{_AND})(?P<weekday2>{_WEEKDAY}){_TIME_OF_DAY})?"
    of_week = rf"(?:,?{_GAP}(?:of{_GAP})?(?P<week>last|this|next){_GAP}week)?"
    seasons = "(?i:(?P<season>spring|summer|autumn|fall|winter))"
    written: tuple[tuple[str, _Reader], ...] = (
        (r"(?<![/-])(?P<year>[12][0-9]{3})(?P<mark>-)(?P<month>[01][0-9])-(?P<day>[0-3][0-9])(?:T[0-9:]{4,8}Z?|(?![0-9/-]))", _numeric),
        (rf"(?<![./-])(?P<day>[0-9]{{1,2}})(?P<mark>[./])(?P<month>[0-9]{{1,2}})(?P=mark)(?P<year>{_YEAR})", _numeric),
        # "June 28 and 12 people": after "and" a number is taken for a day only where no longer word follows it.
        (
            rf"{_BEFORE_DAY}(?P<month>{_MONTH}){_GAP}(?P<day>{_DAY})(?:{second_day}(?P<day2>{_DAY}))?{_THE_YEAR}?",
            days,
        ),
        (rf"{_BEFORE_DAY}(?P<day>{_DAY})(?:(?:{_AND}|{_TO})(?P<day2>{_DAY}))?{_GAP}(?:of{_GAP})?(?P<month>{_MONTH}){_THE_YEAR}?", days),
        (rf"(?P<day>{_DAY}){_GAP}(?P<month>{_MONTH}){_TO}(?P<day2>{_DAY}){_GAP}(?P<month2>{_MONTH}){_THE_YEAR}?", days),
        (rf"{_STAGE}?(?P<month>{_MONTH}){_THE_YEAR}", month),
        (rf"{_STAGE}(?P<month>{_FULL_MONTHS}|{_UNSURE_MONTHS})", month),
        (rf"(?P<month>{_FULL_MONTHS}|{_FULL_MONTHS.upper()}|{_IN}(?:{_UNSURE_MONTHS}))", month),
        (rf"{_TURN}{_GAP}(?P<month>{_FULL_MONTHS}|{_UNSURE_MONTHS})", month),
        (rf"{seasons}{_THE_YEAR}", season),
        (rf"{_IN}(?:the{_GAP})?{seasons}(?!{_GAP}of\b){_THE_YEAR}?", season),
        (rf"{_TURN}{_GAP}{seasons}", season),
        (rf"(?:{_STAGE}|{_IN})(?P<year>{_YEAR}){_NO_NOUN}", _with_year(lambda _found, year: days_of(year))),
        (rf"{_STAGE}?{_TURN}{_GAP}(?i:(?P<unit>weekend|week|month|year))", _unit),
        (rf"{_STAGE}(?:the|(?P<turn>this)){_GAP}(?P<unit>week|month|year)", _unit),
        (rf"(?i:the){_GAP}weekend", _weekend),
        (rf"(?i:today|tonight|yesterday|tomorrow){_TIME_OF_DAY}", _day_word),
        (rf"(?i:this){_GAP}(?:morning|afternoon|evening)|(?i:last){_GAP}night", _day_word),
        (rf"(?i:the){_GAP}day{_GAP}(?:before{_GAP}yesterday|after{_GAP}tomorrow)", _day_word),
        (rf"(?:{_TURN}{_GAP})?(?<!Bloody )(?<!Black )(?<!Good ){weekdays}{of_week}{_NO_PAPER}", _weekday),
        (rf"(?:{_COUNT}{_GAP})?{_UNIT}{_GAP}(?P<ago>ago)", _count),
        (rf"(?<!time )(?i:in){_GAP}{_COUNT}{_GAP}{_UNIT}(?:[\x27\u2019]?{_GAP}time)?", _count),
        (rf"(?i:(?P<turn>past|last|next|coming|recent)){_GAP}(?:{_COUNT}{_GAP}|(?<=coming )|(?<=recent )){_UNIT}(?<=s)", _window),
    )
    return tuple((re.compile(rf"(?<![\w$€£])(?:{pattern})(?!\w)"), reader) for pattern, reader in written)
