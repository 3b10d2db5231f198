"""Cues: what the grammar around a quotation says of whose words it holds.

A cue is the verb or phrase that introduces reported words ("said", "according to"); its source is the noun phrase of whoever
spoke or wrote them. Terms after PARC 3.0 (Pareti 2016). Grammar settles most quotations of news English; what it leaves open (a
pronoun, no cue at all) is for the reader to ask.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from llm_extract.lexicon import AUXILIARIES, CLAUSE_OPENERS, PERSON_NOUNS, PLURAL_NOUNS, PREPOSITIONS, PRONOUNS, SPEECH_VERBS, TITLES
from llm_extract.numbering import NumberedArticle, Quotation

__all__ = ["Cue", "cue_of", "cues_in", "mask_quotations", "subject_of"]

_MASK = "\ue000"
_TOKEN = re.compile(r"[^\W_](?:[\w&]|[-'’.](?=\w))*|" + _MASK + r"+|[^\w\s]")
_LONGEST_SOURCE = 14
"""Words; a longer stretch between a quotation and a verb is no noun phrase."""
_PHRASES = re.compile(
    r"\b(?:according to|in the words of|as (?:\w+ed|put|said|told|written) by|(?:quoted|described|hailed|condemned|dismissed|denounced|"
    r"criticised|criticized|praised) by)\s+",
    re.IGNORECASE,
)
_BE = frozenset({"is", "are", "was", "were", "be", "been", "being"})
_DETERMINERS = frozenset({"the", "a", "an", "his", "her", "its", "their", "this"})
_BY = re.compile(r"\s*,?\s*by\s+")


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue and the noun phrase of its source; half-open offsets in code points.

    `source_start == source_end` where the sentence has a cue but names no source.
    """

    start: int
    end: int
    source_start: int
    source_end: int


@dataclass(frozen=True, slots=True)
class _Token:
    start: int
    end: int
    text: str

    @property
    def plain(self) -> str:
        return self.text.casefold()

    @property
    def is_word(self) -> bool:
        return self.text[0].isalnum()


def mask_quotations(article: NumberedArticle) -> str:
    """Return the text with the words inside quotation marks blanked, offsets kept."""
    text = article.article.text
    parts, position = [], 0
    for quotation in article.quotations:
        if quotation.start < position:
            continue
        parts += [text[position : quotation.start], _MASK * (quotation.end - quotation.start)]
        position = quotation.end
    return "".join(parts) + text[position:]


def cue_of(article: NumberedArticle, masked: str, quotation: Quotation) -> Cue | None:
    """Return the cue of a quotation in its own sentence, or None.

    Args:
        article: The numbered article.
        masked: `mask_quotations(article)`.
        quotation: One of its quotations.
    """
    start, end = _clause_bounds(article, quotation)
    last = masked_last(article.article.text, quotation)
    closed = last in ",?!—–-" or masked[quotation.closing : quotation.closing + 1] == ","
    before = (start, quotation.opening)
    after = (quotation.closing, end)
    if closed and (cue := _right_after(masked, after)):
        return cue
    return (
        _before(masked, before)
        or (None if closed else _right_after(masked, after, strict=True))
        or _passive(masked, after)
        or _later(masked, after)
        or _colon(masked, before)
    )


def masked_last(text: str, quotation: Quotation) -> str:
    """Return the last character inside the marks."""
    return text[quotation.end - 1 : quotation.end]


def _clause_bounds(article: NumberedArticle, quotation: Quotation) -> tuple[int, int]:
    """Return where the sentence starts in which the quotation opens, and where the one ends in which it closes."""
    text = article.article.text
    first = article.sentence(quotation.sentence)
    last = article.sentence_at(max(quotation.closing - 1, quotation.start))
    end = last.end
    if end <= quotation.closing and text[quotation.end - 1] in "?!,":
        following = article.sentence_at(min(quotation.closing + 1, len(text) - 1))
        if following.paragraph == quotation.paragraph and following.start >= quotation.closing:
            end = following.end
    opener = min((q.opening for q in article.quotations if q.opening >= quotation.closing), default=end)
    return first.start, max(min(end, opener), quotation.closing)


def _tokens(masked: str, start: int, end: int) -> list[_Token]:
    return [_Token(m.start(), m.end(), m.group()) for m in _TOKEN.finditer(masked, start, end)]


def _right_after(masked: str, area: tuple[int, int], *, strict: bool = False) -> Cue | None:
    """Find `," Petrova said` and `," said Petrova`; `strict`: after a quotation that no comma closes, only the plainest forms."""
    tokens = _tokens(masked, *area)
    while tokens and not tokens[0].is_word and tokens[0].text[0] != _MASK and tokens[0].text not in "()[];:":
        tokens = tokens[1:]
    verb = next((i for i, token in enumerate(tokens[: _LONGEST_SOURCE + 1]) if token.plain in SPEECH_VERBS), None)
    if verb is None or any(token.text in ";:()" for token in tokens[:verb]):
        return None
    if verb == 0:
        return _inverted(tokens)
    source = _strip_tail(tokens[:verb])
    if not source or source[0].plain in PREPOSITIONS | CLAUSE_OPENERS:
        return None
    if strict and not _is_plain(source):
        return None
    head = _before_apposition(source)
    return Cue(tokens[verb].start, tokens[verb].end, head[0].start, head[-1].end)


def _is_plain(source: list[_Token]) -> bool:
    """Whether a source is so short and clear that it may follow a quotation without a comma."""
    if any(token.plain in PREPOSITIONS for token in source):
        return False
    return len(source) <= 5 and (source[-1].text[0].isupper() or source[0].plain in PRONOUNS)


def _inverted(tokens: list[_Token]) -> Cue | None:
    """Take the source from `said Ana Petrova, a spokeswoman …`: up to a comma, a preposition or the end."""
    verb = tokens[0]
    phrase = list(_phrase(tokens[1:]))
    if not phrase or phrase[0].plain in PREPOSITIONS:
        return None
    return Cue(verb.start, verb.end, phrase[0].start, _with_apposed_name(phrase, tokens[1 + len(phrase) :]))


def _phrase(tokens: list[_Token]) -> Iterator[_Token]:
    """Yield the tokens of one noun phrase, prepositional tail included ("a spokesman for the ministry")."""
    for index, token in enumerate(tokens[:_LONGEST_SOURCE]):
        if not token.is_word and token.text not in "-–'’&.":
            return
        if token.plain in AUXILIARIES | CLAUSE_OPENERS:
            return
        if token.plain in PREPOSITIONS and (token.plain not in {"of", "for", "at", "from", "to"} or index == 0):
            return
        if index and token.text[0].isdigit():
            return
        yield token


def _with_apposed_name(phrase: list[_Token], rest: list[_Token]) -> int:
    """Return the end of the source, the name after the comma included in `the group's leader, Ana Petrova,`."""
    if not phrase[-1].text[0].isupper() and len(rest) > 1 and rest[0].text == "," and rest[1].text[0].isupper():
        name = list(_phrase(rest[1:]))
        if name and all(token.text[0].isupper() for token in name):
            return name[-1].end
    return phrase[-1].end


def _before_apposition(source: list[_Token]) -> list[_Token]:
    """Return the noun phrase in front of its apposition: `Ana Petrova, a spokeswoman for the bank,`."""
    commas = [i for i, token in enumerate(source) if token.text == ","]
    if not commas:
        return source
    head, rest = source[: commas[0]], source[commas[0] + 1 :]
    if not any(token.text[0].isupper() for token in head) and rest and rest[0].text[0].isupper():
        return [*head, *rest[: next((i for i, t in enumerate(rest) if t.text == ","), len(rest))]]
    return head or rest


def _strip_tail(tokens: list[_Token]) -> list[_Token]:
    """Take adverbs, auxiliaries and a closing comma off the end of a source."""
    while tokens and (tokens[-1].plain in AUXILIARIES or (tokens[-1].plain.endswith("ly") and tokens[-1].text[0].islower()) or tokens[-1].text in ",—–-"):
        tokens = tokens[:-1]
    return tokens


def _before(masked: str, area: tuple[int, int]) -> Cue | None:
    """Find the verb in front of the quotation that governs it, and that verb's source."""
    return next(iter(reversed(list(cues_in(masked, *area)))), None)


def cues_in(masked: str, start: int, end: int) -> Iterator[Cue]:
    """Yield the cues of a sentence with their sources, in order; a verb joined by "and" keeps the source before it."""
    tokens = _tokens(masked, start, end)
    previous: Cue | None = None
    for index, token in enumerate(tokens):
        if token.plain not in SPEECH_VERBS or token.text[0].isupper() or _is_no_cue(tokens[index - 1] if index else None, token):
            continue
        source = _source_before(masked, tokens, index, previous)
        previous = Cue(token.start, token.end, *source)
        yield previous


def _is_no_cue(before: _Token | None, token: _Token) -> bool:
    """Whether the word is a noun here ("the report", "televised comments") or a passive ("were announced")."""
    if before is None or token.plain.endswith("ing"):
        return False
    if token.plain in PLURAL_NOUNS:
        return not (before.text[0].isupper() or before.plain in PRONOUNS or before.text == ",")
    return before.plain in _BE or before.plain in _DETERMINERS or (before.plain in PREPOSITIONS and before.plain not in {"who", "which", "to"})


def _source_before(masked: str, tokens: list[_Token], verb: int, previous: Cue | None) -> tuple[int, int]:
    left = tokens[:verb]
    participle = tokens[verb].plain.endswith("ing") or (left and left[-1].plain == "to")
    if participle and (owner := _possessor(left)):
        return owner
    left = _strip_tail_keep_comma(left)
    if participle or not left or left[-1].plain in {"and", "but", "or", "then"}:
        return (previous.source_start, previous.source_end) if previous else subject_of(masked, tokens[0].start, tokens[verb].start)
    phrase = _last_phrase(left)
    if not phrase:
        return (previous.source_start, previous.source_end) if previous else subject_of(masked, tokens[0].start, tokens[verb].start)
    return phrase[0].start, phrase[-1].end


def _strip_tail_keep_comma(tokens: list[_Token]) -> list[_Token]:
    while tokens and (tokens[-1].plain in AUXILIARIES or (tokens[-1].plain.endswith("ly") and tokens[-1].text[0].islower())):
        tokens = tokens[:-1]
    return tokens


def _possessor(left: list[_Token]) -> tuple[int, int] | None:
    """Return the owner in `the minister Ana Petrova's remarks calling it`."""
    if len(left) < 2 or not re.search(r"['’]s?$", left[-2].text):
        return None
    phrase = _last_phrase(left[:-1])
    if not phrase:
        return None
    return phrase[0].start, phrase[-1].end - len(re.search(r"['’]s?$", phrase[-1].text).group())  # type: ignore[union-attr]  # tested above


def _last_phrase(tokens: list[_Token]) -> list[_Token]:
    """Return the noun phrase that ends the tokens, in front of its apposition or relative clause."""
    if tokens and tokens[-1].plain in {"who", "which", "that"}:
        return _last_phrase(_strip_tail(tokens[:-1]))
    if tokens and tokens[-1].text == ",":
        return _apposed(tokens[:-1])
    return _since_boundary(tokens)


def _since_boundary(tokens: list[_Token]) -> list[_Token]:
    start = 0
    for index, token in enumerate(tokens):
        if (not token.is_word and token.text not in "-–'’&.()[]") or token.plain in CLAUSE_OPENERS:
            start = index + 1
    return tokens[start:]


def _apposed(tokens: list[_Token]) -> list[_Token]:
    """Return what stands before the apposition that ends the tokens; where that is no name, the apposition itself."""
    commas = [i for i, token in enumerate(tokens) if token.text == ","]
    for comma in reversed(commas):
        head, apposition = _since_boundary(tokens[:comma]), tokens[comma + 1 :]
        if head and head[-1].text[0].islower() and apposition and all(token.text[0].isupper() for token in apposition):
            return apposition
        if head and any(token.text[0].isupper() for token in head) and head[0].plain not in PREPOSITIONS:
            return head
    return _since_boundary(tokens)


def subject_of(masked: str, start: int, end: int) -> tuple[int, int]:
    """Return the first noun phrase of a sentence, what opens it ("On Monday,") left out; empty where there is none."""
    tokens = _tokens(masked, start, end)
    while tokens and (tokens[0].plain in PREPOSITIONS | CLAUSE_OPENERS or tokens[0].plain.endswith(("ing", "ly"))) and any(t.text == "," for t in tokens):
        tokens = tokens[next(i for i, t in enumerate(tokens) if t.text == ",") + 1 :]
    while tokens and not tokens[0].is_word:
        tokens = tokens[1:]
    phrase = _strip_tail(list(_subject_phrase(tokens)))
    return (phrase[0].start, phrase[-1].end) if phrase else (start, start)


def _subject_phrase(tokens: list[_Token]) -> Iterator[_Token]:
    """Yield the tokens up to the first verb: after a name, the first small word; else the end of the noun phrase."""
    named = False
    for token in _phrase(tokens):
        capital = token.text[0].isupper()
        if named and not capital and token.plain not in TITLES | PERSON_NOUNS:
            return
        yield token
        named = named or (capital and token.start != tokens[0].start) or (capital and token.plain not in {"the", "a", "an"})


def _passive(masked: str, area: tuple[int, int]) -> Cue | None:
    """Find `"a hero" by the union's chairman`."""
    match = _BY.match(masked, *area)
    phrase = list(_phrase(_tokens(masked, match.end(), area[1]))) if match else []
    return Cue(phrase[0].start, phrase[0].start, phrase[0].start, phrase[-1].end) if phrase else None


def _later(masked: str, area: tuple[int, int]) -> Cue | None:
    """Find a cue further on in the sentence: `according to Petrova`, `, Petrova said in a message`."""
    if match := _PHRASES.search(masked, *area):
        phrase = list(_phrase(_tokens(masked, match.end(), area[1])))
        if phrase:
            return Cue(match.start(), match.end(), phrase[0].start, phrase[-1].end)
    for comma in re.finditer(r",\s", masked[area[0] : area[1]]):
        if cue := _right_after(masked, (area[0] + comma.end(), area[1]), strict=True):
            return cue
    return None


def _colon(masked: str, area: tuple[int, int]) -> Cue | None:
    """Find `It also set a target: "We agree …"`: a colon with no verb of speech; the sentence's subject speaks."""
    match = re.search(r":\s*$", masked[area[0] : area[1]])
    if not match:
        return None
    source = subject_of(masked, *area)
    colon = area[0] + match.start()
    return Cue(colon, colon + 1, *source)
