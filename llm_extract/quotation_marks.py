"""Finds what stands in quotation marks, by the marks of all usual kinds and what stands beside them.

A mark that has one direction (“ « 「) opens or closes; one that has none (" ') or several (“ closes in German, » opens in Danish)
does what its neighbours allow: after white space and before a word it opens, after a word and before white space it closes, and
elsewhere it closes what is open. Each paragraph is read by itself, so that a broken quotation can't swallow the next one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["Quoted", "find_quoted"]


@dataclass(slots=True)
class Quoted:
    """What stands inside one pair of marks, while it is being found and after."""

    opening: int
    """First code point of the opening mark."""
    start: int
    """First code point inside, white space left out."""
    family: _Family
    glyph: str
    doubtful: bool
    """Whether the mark is taken for something else, such as an apostrophe, if it is never closed."""
    end: int = -1
    """One past the last code point inside, white space left out."""
    closing_mark: int = -1
    """First code point of the closing mark; -1 where the mark is never closed."""
    closing: int = -1
    """One past the closing mark; `end` where there is none."""
    reopened: Quoted | None = None
    """The first quotation opened directly within this one by a mark of the same family."""
    depth: int = 0
    """How many others enclose it."""
    kept: bool = False
    """Whether it proved to be a quotation."""


_Family = Literal["double", "single", "guillemet", "single guillemet", "corner", "white corner"]
"""Marks that close one another."""


class _Role(Enum):
    """What a mark does, as far as its neighbours tell."""

    OPEN = auto()
    CLOSE = auto()
    EITHER = auto()
    """Closes what is open, else opens."""
    WEAK_OPEN = auto()
    """Opens if the next mark of its family that decides closes: 'class of '68'."""
    WEAK_CLOSE = auto()
    """Closes unless a better closing mark comes before the next opening one: workers' is a plural, 6" a length."""
    NONE = auto()


_WEAK = (_Role.WEAK_OPEN, _Role.WEAK_CLOSE)


class _Mark(NamedTuple):
    start: int
    end: int
    family: _Family
    glyph: str
    role: _Role
    doubtful: bool


_FAMILIES: dict[str, _Family] = {
    **dict.fromkeys(('"', "“", "”", "„", "‟", "``", "''"), "double"),
    **dict.fromkeys(("'", "‘", "’", "‚", "‛", "`", "´"), "single"),
    **dict.fromkeys("«»", "guillemet"),
    **dict.fromkeys("‹›", "single guillemet"),
    **dict.fromkeys("「」", "corner"),
    **dict.fromkeys("『』", "white corner"),
}
_FIXED = {"「": _Role.OPEN, "『": _Role.OPEN, "」": _Role.CLOSE, "』": _Role.CLOSE, "„": _Role.OPEN, "‟": _Role.OPEN}

_MARKS = "\"'`´“”„‟‘’‚‛«»‹›「」『』"
# A run of straight marks is one token, so that "" is empty and not two quotations; TeX writes two single marks for a double one.
_TOKEN = re.compile(rf"""[{_MARKS}](?:(?<=")"*+|(?<=')'{{0,2}}+|(?<=`)`{{0,2}}+|)""")
_IS_MARK = frozenset(_MARKS)
_BEYOND_MARKS = 4
"""How many other marks are skipped in looking for a mark's neighbour; bounded, so that a page of marks stays linear."""

_FREE_BEFORE = frozenset("([{<¿¡/=|*_")
_DASHES = frozenset("-‐‑‒–—―")
_FREE_AFTER = frozenset(")]}>,;:!?.…/|*_")
_NOT_OPENED_BEFORE = frozenset(")]}>,;:!?")

_ELISION = re.compile(r"(?:\d?\d?\d0s|tis|twas|twere|till?|em|n|cause|round|bout|cuz|neath|tween)\b", re.IGNORECASE)
_YEAR = re.compile(r"\d\d\b")
_FEET = re.compile(r"\d ?['’′´] ?\d{1,2}(?:[.,/½¼¾ ]\d{0,3})?\Z")
_FEET_WINDOW = 14
_NON_SPACE = re.compile(r"\S")
_LINE_ENDS = frozenset("\n\r")
_CONTINUES = re.compile(r"[^\S\n\r]+[\w(]")
_INTRODUCES = frozenset(".,:;!?…—–-(")


def find_quoted(text: str, paragraphs: Sequence[tuple[int, int]]) -> list[Quoted]:
    """Return what stands in quotation marks in `text`, nested ones too, in the order of their opening marks.

    A mark that is never closed reaches to the next mark of its kind that opens, or to the end of its paragraph. Apostrophes, primes,
    feet and inches are no marks; an empty pair is no quotation.

    Args:
        text: The whole text.
        paragraphs: Where its paragraphs start and end, in order, white space at their ends left out.
    """
    found: list[Quoted] = []
    marks = _marks(text)
    mark = next(marks, None)
    for _, end in paragraphs:
        here = []
        while mark is not None and mark.start < end:
            here.append(mark)
            mark = next(marks, None)
        if here:
            found += _finished(text, _paired(text, _decided(here), end))
    return found


def _goes_on(text: str, quoted: Quoted) -> bool:
    """Whether a straight single mark that is introduced (said: 'We …) and never closed is repeated where the next paragraph starts."""
    following = _NON_SPACE.search(text, quoted.end)
    return (
        quoted.glyph == "'"
        and _is_introduced(text, quoted.opening)
        and following is not None
        and following[0] == "'"
        and any(end in _LINE_ENDS for end in text[quoted.end : following.start()])
    )


def _marks(text: str) -> Iterator[_Mark]:
    for token in _TOKEN.finditer(text):
        start, end = token.span()
        glyph = token[0]
        if glyph in "'’‘`´" and text[start - 1 : start].isalnum() and text[end : end + 1].isalnum():
            continue  # an apostrophe within a word
        before, after = _neighbours(text, start, end)
        for part_start, part_end in _parts(glyph, start, end, opens=_may_open(before, after, text, end)):
            part = '"' if glyph[0] == '"' else text[part_start:part_end]
            role, doubtful = _role(text, part_start, part_end, part, before=before, after=after)
            if role is not _Role.NONE:
                yield _Mark(part_start, part_end, _FAMILIES[part], part, role, doubtful)


def _parts(glyph: str, start: int, end: int, *, opens: bool) -> list[tuple[int, int]]:
    """Cut a token into marks: three single marks are a double and a single one, a run of closing straight marks closes one by one."""
    if glyph in {"'''", "```"}:
        middle = start + 2 if opens else start + 1
        return [(start, middle), (middle, end)]
    if glyph[0] == '"' and len(glyph) > 1 and not opens:
        return [(offset, offset + 1) for offset in range(start, end)]
    return [(start, end)]


def _neighbours(text: str, start: int, end: int) -> tuple[str, str]:
    """Return the nearest characters on both sides that are no marks themselves; a space at the ends of the text."""
    if start > 0 and end < len(text) and text[start - 1] not in _IS_MARK and text[end] not in _IS_MARK:
        return text[start - 1], text[end]
    first = max(0, start - _BEYOND_MARKS)
    before = text[first:start].rstrip(_MARKS)[-1:] or (text[first - 1] if first else " ")
    after = text[end : end + _BEYOND_MARKS].lstrip(_MARKS)[:1] or text[end + _BEYOND_MARKS : end + _BEYOND_MARKS + 1] or " "
    return before, after


def _is_free_before(before: str) -> bool:
    return before.isspace() or before in _FREE_BEFORE


def _may_open(before: str, after: str, text: str, end: int) -> bool:
    if after.isspace() or after in _NOT_OPENED_BEFORE or (after == "." and text[end : end + 2] != ".."):
        return False
    return _is_free_before(before) or before in _DASHES


def _may_close(before: str, after: str) -> bool:
    return not _is_free_before(before) and (after.isspace() or after in _FREE_AFTER or after in _DASHES)


def _role(text: str, start: int, end: int, glyph: str, *, before: str, after: str) -> tuple[_Role, bool]:
    """Return what the mark does, and whether it is taken for something else if it opens and is never closed."""
    opens, closes = _may_open(before, after, text, end), _may_close(before, after)
    if _FAMILIES[glyph] == "single":
        return _single_role(text, start, end, glyph, opens=opens, closes=closes)
    if glyph in '"”' and text[start - 1 : start].isdigit():
        return _role_after_digit(text, start, end), True
    if glyph in {'"', "''"}:
        role = _Role.EITHER if opens == closes else _Role.OPEN if opens else _Role.CLOSE
        return role, glyph == "''" or role is _Role.EITHER
    return _directed_role(glyph, opens=opens, closes=closes), False


def _directed_role(glyph: str, *, opens: bool, closes: bool) -> _Role:
    if glyph in _FIXED:
        return _FIXED[glyph]
    if glyph in {"“", "``"}:
        return _Role.CLOSE if closes and not opens else _Role.OPEN
    if glyph in "«‹":
        return _Role.EITHER if closes and not opens else _Role.OPEN
    return _Role.EITHER if opens and not closes else _Role.CLOSE


def _role_after_digit(text: str, start: int, end: int) -> _Role:
    if _FEET.search(text, max(0, start - _FEET_WINDOW), start) or text[end : end + 1].isalnum():
        return _Role.NONE
    return _Role.WEAK_CLOSE if _CONTINUES.match(text, end) else _Role.CLOSE


def _single_role(text: str, start: int, end: int, glyph: str, *, opens: bool, closes: bool) -> tuple[_Role, bool]:
    if closes and not opens:
        previous = text[start - 1]
        possible = previous in "sSnN" or previous.isdigit()
        return (_Role.WEAK_CLOSE if possible and _CONTINUES.match(text, end) else _Role.CLOSE), True
    if glyph in "’´" or not (opens or glyph in "‘‛") or _ELISION.match(text, end):
        return _Role.NONE, True
    if _YEAR.match(text, end):
        return _Role.WEAK_OPEN, True
    return _Role.OPEN, glyph not in "‘‛‚" or not _is_introduced(text, start)


def _is_introduced(text: str, start: int) -> bool:
    """Tell whether the mark starts a line or follows punctuation; else an unclosed ‘ is more likely a letter of a name."""
    line = text[max(0, start - _BEYOND_MARKS) : start].rstrip(" \t\xa0" + _MARKS)
    return not line or line[-1] in "\r\n" or line[-1] in _INTRODUCES


def _decided(marks: Sequence[_Mark]) -> list[_Mark]:
    """Decide the weak marks by what follows them, from the paragraph's end backwards."""
    if not any(mark.role in _WEAK for mark in marks):
        return list(marks)
    decided = []
    ahead: dict[_Family, _Role] = {}
    for mark in reversed(marks):
        role, closer_ahead = mark.role, ahead.get(mark.family) is _Role.CLOSE
        if role is _Role.WEAK_CLOSE:
            role = _Role.NONE if closer_ahead else _Role.CLOSE
        elif role is _Role.WEAK_OPEN:
            role = _Role.OPEN if closer_ahead else _Role.NONE
        else:
            ahead[mark.family] = role
        if role is not _Role.NONE:
            decided.append(mark._replace(role=role))
    decided.reverse()
    return decided


def _paired(text: str, marks: Sequence[_Mark], limit: int) -> list[Quoted]:
    """Pair the marks of one paragraph that ends at `limit`."""
    found: list[Quoted] = []
    stack: list[Quoted] = []
    opened: defaultdict[_Family, list[Quoted]] = defaultdict(list)
    for mark in marks:
        same = opened[mark.family]
        if mark.role is _Role.CLOSE or (mark.role is _Role.EITHER and _closes(mark, same)):
            if _within_reach(mark, stack, same):
                _close(mark, _trimmed(text, mark.start), stack, opened)
        else:
            quoted = Quoted(mark.start, mark.end, mark.family, mark.glyph, mark.doubtful)
            if same and stack[-1] is same[-1] and same[-1].reopened is None:
                same[-1].reopened = quoted
            for items in (found, stack, same):
                items.append(quoted)
    for quoted in stack:
        quoted.end = limit
    return found


def _closes(mark: _Mark, same: Sequence[Quoted]) -> bool:
    return bool(same) and not (mark.glyph in "«‹" and same[-1].glyph == mark.glyph)


def _within_reach(mark: _Mark, stack: Sequence[Quoted], same: Sequence[Quoted]) -> bool:
    """Tell whether something is there to close: not across other marks for a single mark, which may be an apostrophe."""
    return bool(same) and (mark.family != "single" or stack[-1] is same[-1])


def _trimmed(text: str, end: int) -> int:
    while end and text[end - 1].isspace():
        end -= 1
    return end


def _close(mark: _Mark, end: int, stack: list[Quoted], opened: defaultdict[_Family, list[Quoted]]) -> None:
    while True:
        quoted = stack.pop()
        opened[quoted.family].pop()
        quoted.end = end
        if quoted.family == mark.family:
            quoted.closing_mark, quoted.closing = mark.start, mark.end
            return


def _finished(text: str, found: Sequence[Quoted]) -> list[Quoted]:
    """Leave out what is no quotation, trim the others and count how deep they are nested."""
    kept = [quoted for quoted in reversed(found) if _finish(text, quoted)]
    kept.reverse()
    enclosing: list[int] = []
    for quoted in kept:
        while enclosing and enclosing[-1] <= quoted.opening:
            enclosing.pop()
        quoted.depth = len(enclosing)
        enclosing.append(quoted.closing)
    return kept


def _finish(text: str, quoted: Quoted) -> bool:
    """Set where the words start and end; False where the mark is none or nothing stands inside."""
    if quoted.closing_mark < 0:
        if quoted.reopened is not None and quoted.reopened.kept:
            quoted.end = _trimmed(text, quoted.reopened.opening)
        quoted.closing = quoted.end
    word = _NON_SPACE.search(text, quoted.start, max(quoted.start, quoted.end))
    quoted.kept = word is not None and not (quoted.closing_mark < 0 and quoted.doubtful and not _goes_on(text, quoted))
    quoted.start = word.start() if word else quoted.start
    return quoted.kept
