"""Cuts a text into paragraphs and these into sentences.

The rules are those of English news; other languages are cut at the same full stops. A cut too few is better than one too many:
a sentence that is shown whole can be understood.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from llm_extract.quotation_marks import Quoted

__all__ = ["split_paragraphs", "split_sentences"]

MAX_WRAPPED_CHARS = 100
"""Lines of hard-wrapped text are no longer."""
MIN_WRAPPED_CHARS = 40
"""Nor are they much shorter than this: a list of short words is no wrapped text."""
MIN_WRAPPED_LINES = 4
"""So many lines that run on are needed to tell hard-wrapped text from short lines that happen to look like it."""

_LINE_ENDS = "\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
_PLAIN_GAPS = ("\n", "\n\n")
_LINE = re.compile(rf"\S[^{_LINE_ENDS}]*+")
_LINE_END = re.compile(rf"\r\n|[{_LINE_ENDS}]")
_WORD = re.compile(r"\S*+")
_NON_SPACE = re.compile(r"\S")


class _Line(NamedTuple):
    start: int
    end: int
    indent: int
    follows: bool
    """Whether no blank line stands between it and the line before."""


def split_paragraphs(text: str) -> list[tuple[int, int]]:
    """Return where each paragraph of `text` starts and ends, white space at its ends left out.

    A blank line ends a paragraph. So does every end of a line, as is common in news text, unless the text is hard-wrapped: at least
    four lines that run on, of similar length between 40 and 100 characters, each too long for the next one's first word, and many of the
    next ones starting in lower case.
    """
    lines = _lines(text)
    runs_on = _runs_on(text, lines)
    paragraphs: list[tuple[int, int]] = []
    for line, joined in zip(lines, runs_on, strict=True):
        if joined:
            paragraphs[-1] = (paragraphs[-1][0], line.end)
        else:
            paragraphs.append((line.start, line.end))
    return paragraphs


def _lines(text: str) -> list[_Line]:
    lines: list[_Line] = []
    end = 0
    for match in _LINE.finditer(text):
        start, gap = match.start(), text[end : match.start()]
        if gap in _PLAIN_GAPS:
            indent, breaks = 0, len(gap)
        else:
            found = [line_end.end() for line_end in _LINE_END.finditer(gap)]
            indent, breaks = len(gap) - (found[-1] if found else 0), len(found)
        end = start + len(match[0].rstrip())
        lines.append(_Line(start, end, indent, breaks == 1 and bool(lines)))
    return lines


def _runs_on(text: str, lines: Sequence[_Line]) -> list[bool]:
    """Tell of each line whether it goes on with the paragraph of the line before."""
    separate = [False] * len(lines)
    widths = sorted(line.end - line.start for line, following in pairwise(lines) if following.follows)
    width = widths[len(widths) * 9 // 10] if widths else 0  # not the longest: an address may stick out
    if len(widths) < MIN_WRAPPED_LINES or not MIN_WRAPPED_CHARS <= width <= MAX_WRAPPED_CHARS:
        return separate
    runs_on = separate[:1] + [_is_full(text, line, following, width) for line, following in pairwise(lines)]
    joined = sum(runs_on)
    lower = sum(text[line.start].islower() for line, on in zip(lines, runs_on, strict=True) if on)
    return runs_on if joined >= MIN_WRAPPED_LINES and joined * 4 >= len(widths) * 3 and lower * 4 >= joined else separate


def _is_full(text: str, line: _Line, following: _Line, width: int) -> bool:
    """Tell whether the next line's first word did not fit on `line`, so that a paragraph goes on from one to the other."""
    word = _WORD.match(text, following.start, following.end)
    word_chars = len(word[0]) if word else 0
    return following.follows and following.indent <= line.indent and line.end - line.start + 1 + word_chars > width


def _words(line: str) -> frozenset[str]:
    return frozenset(line.split())


_STOP = re.compile(r"[.!?…。！？]+")
_WIDE_STOPS = frozenset("。！？")
_OPENING_MARKS = frozenset("([{“‘«")
_GOES_ON = frozenset(",;:)]}")
_BRACKETS = frozenset(")]}")
_CLOSING_MARKS = frozenset("\"'”’»›」』)]}")
_BEFORE = re.compile(r"(?:[^\W\d_]+\.)*+[^\W\d_]++\Z")
_BEFORE_WINDOW = 24
_NEXT = re.compile(r"([^\w\s]*+)[^\S\n\r]?([^\W_])?(\w*+)")
_ATTRIBUTION = re.compile(
    r"(?:[^\W\d_][\w.’'-]*+,? ){1,6}?"
    r"(?:said|says|told|asked|asks|added|adds|replied|wrote|writes|tweeted|responded|shouted|cried|wondered)\b",
)
_ENUMERATOR_CHARS = 3

_TITLES = _words(
    "Mr Mrs Ms Mx Dr Drs Prof Rev Fr Hon Pres Gen Lt Col Sgt Capt Cpt Maj Cmdr Adm Brig Cpl Pvt Sen Sens Rep Reps Gov Amb Atty Supt Det"
    " Insp St Ste Mt Ft Messrs Mme Mlle vs Vs v e.g i.e cf viz approx ca Fig fig Sec Art Vol vol pp p ed eds trans Ph",
)
_BEFORE_NUMBERS = _words(
    "No no Nos nos Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec Mon Tue Tues Wed Thu Thur Thurs Fri Sat Sun Ch ch Op op",
)
_MAYBE_LAST = _words(
    "Sr Jr Inc Co Corp Ltd Bros Cos Plc LLC etc al Jan Feb Mar Apr Aug Sept Sep Oct Nov Dec Ave Blvd Rd Dept Univ Assn Intl est Esq"
    " Calif Conn Del Fla Ga Ill Ind Kan Ky La Mass Md Mich Minn Miss Mo Mont Neb Nev Okla Ore Pa Tenn Tex Va Vt Wash Wis Wyo",
)
_ABBREVIATIONS = _TITLES | _BEFORE_NUMBERS | _MAYBE_LAST
_STARTERS = _words(
    "The A An He She It They We You I But And Or So In On At By For From With Without After Before During Since Until Under Over Among"
    " Between This That These Those There Here Then Now When While Where If As Although Though Because However Meanwhile Moreover"
    " Also Still Yet Both Some Many Most Several Few Each Every All No Not Its His Her Their Our My Your What Who Why How Which"
    " Asked According Despite Earlier Later Last Next Instead Nevertheless Nonetheless Once Only Such To Of One Two Three",
)


def split_sentences(text: str, paragraphs: Sequence[tuple[int, int]], quoted: Sequence[Quoted]) -> Iterator[tuple[int, int]]:
    """Yield where each sentence starts and ends: together they hold all that is no white space, once.

    A paragraph's end ends a sentence. So do a full stop, question mark, exclamation mark or ellipsis with white space after it, except
    after an abbreviation, an initial or a list's number, and before a word in lower case. Closing marks and brackets belong to
    the sentence before; a sentence may end inside a quotation.

    Args:
        text: The whole text.
        paragraphs: Where its paragraphs start and end, in order.
        quoted: Its quotations: their marks tell which side of a boundary a straight mark belongs to.
    """
    openings = {found.opening for found in quoted}
    closings = {found.closing_mark: found.closing for found in quoted if found.closing_mark >= 0}
    for start, end in paragraphs:
        sentence = start
        for stop in _STOP.finditer(text, start, end):
            if stop.start() < sentence:
                continue
            boundary = _after_closing_marks(text, stop.end(), end, openings, closings)
            if boundary < end and _ends_sentence(text, stop, (sentence, boundary), openings):
                yield sentence, boundary
                following = _NON_SPACE.search(text, boundary, end)
                sentence = following.start() if following else end
        if sentence < end:
            yield sentence, end


def _after_closing_marks(text: str, offset: int, end: int, openings: set[int], closings: dict[int, int]) -> int:
    while offset < end:
        if offset in closings:
            offset = closings[offset]
        elif text[offset] in _CLOSING_MARKS and offset not in openings:
            offset += 1
        elif text[offset].isspace() and offset + 1 in closings:
            offset = closings[offset + 1]
        else:
            break
    return offset


def _ends_sentence(text: str, stop: re.Match[str], span: tuple[int, int], openings: set[int]) -> bool:
    """Tell whether a sentence that starts at `span[0]` ends at `span[1]`, behind `stop` and the closing marks after it."""
    start, boundary = span
    if stop[0][-1] in _WIDE_STOPS:
        return True
    if _ends_plainly(text, stop, start, boundary):
        return True
    if not text[boundary].isspace():
        return boundary in openings
    following = _NON_SPACE.search(text, boundary)
    after = following and _NEXT.match(text, following.start())
    if not following or not after:
        return True
    opened = following.start() in openings or following[0] in _OPENING_MARKS
    runs_on = following[0] in _GOES_ON or ((after[2] or "").islower() and not (opened and stop[0] == "."))
    if runs_on or stop[0] == ".":
        return not runs_on and not _is_abbreviation(text, start, stop.start(), (after[2] or "") + after[3], opened=opened)
    closed = boundary > stop.end() and text[boundary - 1] not in _BRACKETS
    return not (closed and _ATTRIBUTION.match(text, following.start()))


def _ends_plainly(text: str, stop: re.Match[str], start: int, boundary: int) -> bool:
    """Tell whether a full stop stands between a word that is no abbreviation and a capital letter: most do, and this is quickly told."""
    if stop[0] != "." or text[boundary] != " " or not text[boundary + 1 : boundary + 2].isupper():
        return False
    word = text[max(start, stop.start() - _BEFORE_WINDOW) : stop.start()].rpartition(" ")[2]
    return len(word) > 1 and word.isalpha() and word not in _ABBREVIATIONS


def _is_abbreviation(text: str, start: int, dot: int, following: str, *, opened: bool) -> bool:
    """Tell whether the full stop at `dot` belongs to the word before it, and the sentence from `start` goes on with `following`."""
    if dot - start <= _ENUMERATOR_CHARS and text[start:dot].isdigit():
        return True
    match = _BEFORE.search(text, max(start, dot - _BEFORE_WINDOW), dot)
    if match is None:
        return False
    word = match[0]
    number_follows = following[:1].isdigit()
    if word in _TITLES or (number_follows and word in _BEFORE_NUMBERS):
        return True
    if word in _MAYBE_LAST or "." in word or (len(word) == 1 and word.isupper()):
        return following not in _STARTERS and not (opened and following[:1].isupper())
    return False
