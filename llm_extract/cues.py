"""Cues: what the grammar around a quotation says of whose words it holds.

A cue is the verb or phrase that introduces reported words ("said", "according to"); its source is the noun phrase of whoever
spoke or wrote them. Terms after PARC 3.0 (Pareti 2016). Grammar settles most quotations of news English; what it leaves open (a
pronoun, no cue at all) is for the reader to ask.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace
from operator import attrgetter

from llm_extract.cue_sources import Cue, before_apposition, source_before, span_of, with_apposed_name
from llm_extract.lexicon import (
    CLAUSE_OPENERS,
    DEMONYMS,
    INSTITUTION_WORDS,
    ORGANISATION_NOUNS,
    PEOPLE,
    PLURAL_NOUNS,
    PREPOSITIONS,
    PRONOUNS,
    SPEECH_NOUNS,
    SPEECH_VERBS,
)
from llm_extract.numbering import NumberedArticle, Quotation
from llm_extract.phrases import (
    BE,
    DETERMINERS,
    MASK,
    Token,
    antecedent,
    noun_phrase,
    stripped,
    subject_of,
    tokens_of,
)

__all__ = ["Cue", "cue_of", "cue_within", "cues_in", "is_no_cue", "mask_quotations", "right_after", "source_before", "with_apposed_name"]

_REACH = 500
"""Code points on each side of a quotation; further away nothing in the same sentence governs it, and time stays linear."""
_LONGEST_SOURCE = 14
"""Words; a longer stretch between a quotation and a verb is no noun phrase."""
_LONGEST_PLAIN_SOURCE = 5
"""Words of a source that may follow a quotation without a comma."""
_PHRASES = re.compile(
    r"\b(?:according to|(?:in )?the words of|as (?:\w+ed|put|said|told|written) (?:\w+ (?:\w+ ){0,3})?by|as per|"
    r"(?:quoted|described|hailed|condemned|"
    r"dismissed|denounced|criticised|criticized|praised) by)\s+",
    re.IGNORECASE,
)
_SAYING = frozenset({"said", "says", "told", "tells", "added", "adds", "wrote", "writes", "stated", "replied", "tweeted", "insisted"})
"""Verbs that leave to `, according to the agency` only who reported it."""
_CONJUNCT = re.compile(r"(?:^|[,;:]\s|\bthat\s)\s*((?:[^\W\d_a-z][\w.’'-]*\s)+)and\s$")
_NEXT_TO = re.compile(r"\W{0,4}")
_PUT = re.compile(r"\W{0,4}as\s+([\w’'. -]{2,60}?)\s+(?:has |had |once |later )?(put|puts|phrased|calls|called|termed)\b")
_NOUN_CUE = re.compile(
    r"([\w.’' -]{2,50}?)['’]s?\s(?:\w+\s){0,2}?(claim|assertion|allegation|warning|comment|remark|suggestion|description|"
    r"accusation|insistence|argument|"
    r"promise|pledge|prediction|contention|complaint|admission|assessment|vow|call|denial)s?\s(?:that|of|about|for|as|:)",
)
_CITING = re.compile(r",\s(?:citing|quoting)\s")
_BY = re.compile(r"\s*,?\s*by\s+")
_AGENTLESS = frozenset({"quoted", "cited", "reported", "expected", "believed", "asked"})
"""Passives whose agent is not the one whose words follow."""


def mask_quotations(article: NumberedArticle) -> str:
    """Return the text with the words inside quotation marks blanked, offsets kept."""
    text = article.article.text
    parts, position = [], 0
    for quotation in article.quotations:
        if quotation.start < position:
            continue
        parts += [text[position : quotation.start], MASK * (quotation.end - quotation.start)]
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
    closed = article.article.text[quotation.end - 1] in ",?!—–-" or masked[quotation.closing : quotation.closing + 1] == ","
    before, after = (start, quotation.opening), (quotation.closing, end)
    governing = _before(masked, before)
    if (cue := _next_to(masked, after)) and not (governing and masked[governing.start : governing.end] in _SAYING):
        return cue
    if closed and (cue := right_after(masked, after)):
        return cue
    return (
        governing
        or (None if closed else right_after(masked, after, strict=True))
        or _passive(masked, after)
        or _later(masked, after)
        or _predicate(masked, before)
    )


def cue_within(words: str, quotation: tuple[int, int], *, offset: int) -> Cue | None:
    """Return the cue of a quotation inside another one: `I told her, '…'`, or None.

    Args:
        words: What the outer marks hold, or the part of it around the inner quotation.
        quotation: Where the inner quotation stands in `words`, marks included.
        offset: Where `words` start in the article; the cue's offsets count from the article's start.
    """
    opening, closing = quotation
    masked = words[: opening + 1] + MASK * (closing - opening - 2) + words[max(opening + 1, closing - 1) :]
    sentence = max(masked.rfind(end, 0, opening - 1) for end in (". ", "? ", "! ")) + 1
    cue = next(iter(reversed(list(cues_in(masked, sentence, opening)))), None)
    if cue is None and words[closing - 2] in ",?!":
        cue = right_after(masked, (closing, len(masked)), strict=True)
    if cue is None or cue.source_start >= cue.source_end:
        return None
    return Cue(cue.start + offset, cue.end + offset, cue.source_start + offset, cue.source_end + offset)


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
    index = bisect_left(article.quotations, quotation.closing, key=attrgetter("opening"))
    opener = article.quotations[index].opening if index < len(article.quotations) else end
    return max(first.start, quotation.opening - _REACH), max(min(end, opener, quotation.closing + _REACH), quotation.closing)


def _next_to(masked: str, area: tuple[int, int]) -> Cue | None:
    """Find what comes right after a quotation and leaves no doubt: `, according to Petrova`, `, as Petrova put it`."""
    gap = _NEXT_TO.match(masked, *area)
    if gap and (match := _PHRASES.match(masked, gap.end(), area[1])):
        return _with_agent(masked, match, area[1])
    if match := _PUT.match(masked, *area):
        return Cue(*match.span(2), *match.span(1))
    return None


def _with_agent(masked: str, match: re.Match[str], end: int) -> Cue | None:
    tokens = tokens_of(masked, match.end(), end)
    phrase = noun_phrase(tokens)
    return Cue(match.start(), match.end(), phrase[0].start, with_apposed_name(phrase, tokens[len(phrase) :])) if phrase else None


def right_after(masked: str, area: tuple[int, int], *, strict: bool = False) -> Cue | None:
    """Find `," Petrova said` and `," said Petrova`; `strict`: after a quotation that no comma closes, only the plainest forms."""
    tokens = tokens_of(masked, *area)
    while tokens and not tokens[0].is_word and tokens[0].text[0] != MASK and tokens[0].text not in "()[];:":
        tokens = tokens[1:]
    if tokens and tokens[0].plain in {"was", "were", "is", "came", "comes"}:
        return _answer(tokens)
    verb = next((i for i, token in enumerate(tokens[: _LONGEST_SOURCE + 1]) if _is_verb(tokens, i)), None)
    if verb is None or any(token.text in ";:()" for token in tokens[:verb]):
        return _dashed(masked, area) if verb is None else None
    if verb == 0:
        return _inverted(tokens)
    if cited := _cited(masked, tokens, verb):
        return cited
    source = stripped(tokens[:verb])
    linked = not source or source[0].plain in PREPOSITIONS | CLAUSE_OPENERS
    if linked or (strict and not _is_plain(source)):
        return None
    return Cue(tokens[verb].start, tokens[verb].end, *span_of(before_apposition(source)))


def _cited(masked: str, tokens: list[Token], verb: int) -> Cue | None:
    """Find `,” the agency quoted Petrova as saying` and `,” the agency reported, citing Petrova`: a medium that passes words on."""
    word = tokens[verb]
    passive = any(token.plain in BE for token in tokens[:verb])
    if word.plain in {"quoted", "cited"} and not passive:
        phrase = noun_phrase(tokens[verb + 1 :])
        return Cue(word.start, word.end, *span_of(phrase)) if phrase else None
    match = _CITING.match(masked, word.end, tokens[-1].end) if word.plain in {"reported", "said"} else None
    phrase = noun_phrase(tokens_of(masked, match.end(), tokens[-1].end)) if match else []
    return Cue(word.start, word.end, *span_of(phrase)) if phrase else None


def _is_verb(tokens: list[Token], index: int) -> bool:
    """Whether the token is a verb of speech; "report" in "a ministry report said" is none."""
    word = tokens[index].plain
    if word not in SPEECH_VERBS:
        return False
    if word in PLURAL_NOUNS and index and (tokens[index - 1].plain in DETERMINERS or tokens[index - 1].possessive):
        return False
    return not (
        word in PLURAL_NOUNS and index + 1 < len(tokens) and (tokens[index + 1].plain in SPEECH_VERBS or tokens[index + 1].plain in BE)
    )


def _answer(tokens: list[Token]) -> Cue | None:
    """Find `,” was Petrova’s answer`: a noun of speech with its owner."""
    phrase = noun_phrase(tokens[1:])
    sender = next((i for i, token in enumerate(phrase) if token.plain == "from"), None)
    if tokens[0].plain in {"came", "comes"} and sender and phrase[sender + 1 :]:
        return Cue(phrase[sender - 1].start, phrase[sender - 1].end, *span_of(phrase[sender + 1 :]))
    owned = any(token.possessive for token in phrase)
    return Cue(phrase[-1].start, phrase[-1].end, *span_of(phrase)) if owned else None


def _dashed(masked: str, area: tuple[int, int]) -> Cue | None:
    """Find `” – Ana Petrova.`: nothing but a dash and a name."""
    match = re.compile(r"\s+[—–-]+\s+(?=[^\W\d_])").match(masked, *area)
    tokens = tokens_of(masked, match.end(), area[1]) if match else []
    phrase = noun_phrase(tokens)
    alone = (
        bool(phrase) and all(token.capital or token.text == "." for token in phrase) and all(not t.is_word for t in tokens[len(phrase) :])
    )
    return Cue(phrase[0].start, phrase[0].start, *span_of(phrase)) if alone else None


def _is_plain(source: list[Token]) -> bool:
    """Whether a source is so short and clear that it may follow a quotation without a comma."""
    if any(token.plain in PREPOSITIONS for token in source) or len(source) > _LONGEST_PLAIN_SOURCE:
        return False
    nouns = SPEECH_NOUNS | PEOPLE | ORGANISATION_NOUNS | INSTITUTION_WORDS
    return source[-1].capital or source[0].plain in PRONOUNS or (source[0].plain in DETERMINERS and source[-1].plain in nouns)


def _inverted(tokens: list[Token]) -> Cue | None:
    """Take the source from `said Ana Petrova, a spokeswoman …`: up to a comma, a preposition or the end."""
    verb = tokens[0]
    phrase = noun_phrase(tokens[1:])
    if not phrase or phrase[0].plain in PREPOSITIONS:
        return None
    return Cue(verb.start, verb.end, phrase[0].start, with_apposed_name(phrase, tokens[1 + len(phrase) :]))


def _before(masked: str, area: tuple[int, int]) -> Cue | None:
    """Find the verb in front of the quotation that governs it, and that verb's source."""
    cue = next(iter(reversed(list(cues_in(masked, *area)))), None)
    if named := _noun_cue(masked, (cue.end if cue else area[0], area[1])):
        return named
    if cue is None and (match := _PHRASES.search(masked, *area)):
        return _with_agent(masked, match, area[1])
    joined = _CONJUNCT.search(masked[area[0] : cue.source_start]) if cue else None
    return replace(cue, source_start=area[0] + joined.start(1)) if cue and joined else cue


def _noun_cue(masked: str, area: tuple[int, int]) -> Cue | None:
    """Find `Petrova’s claim that`: a noun of speech with its owner."""
    found = list(_NOUN_CUE.finditer(masked, *area))
    if not found:
        return None
    owner = antecedent(tokens_of(masked, *found[-1].span(1)))
    return Cue(*found[-1].span(2), *span_of(owner)) if owner else None


def cues_in(masked: str, start: int, end: int) -> Iterator[Cue]:
    """Yield the cues of a sentence with their sources, in order; a verb joined by "and" keeps the source before it."""
    tokens = tokens_of(masked, start, end)
    previous: Cue | None = None
    for index, token in enumerate(tokens):
        if token.plain not in SPEECH_VERBS or token.capital:
            continue
        if agent := _agent(tokens, index):
            previous = Cue(token.start, token.end, *span_of(agent))
            yield previous
        elif not is_no_cue(tokens[index - 1] if index else None, token):
            previous = Cue(token.start, token.end, *source_before(masked, tokens, index, previous))
            yield previous


def _agent(tokens: list[Token], verb: int) -> list[Token]:
    """Return who acts in a passive: "was accused by Petrova of"; empty where it is none, or names no agent."""
    left = stripped(tokens[max(0, verb - 4) : verb], commas=False)
    passive = len(left) < len(tokens[max(0, verb - 4) : verb]) and any(t.plain in BE for t in tokens[max(0, verb - 4) : verb])
    if not passive or tokens[verb].plain in _AGENTLESS or verb + 1 >= len(tokens) or tokens[verb + 1].plain != "by":
        return []
    phrase = noun_phrase(tokens[verb + 2 :])
    cut = next((i for i, token in enumerate(phrase) if i and token.plain in PREPOSITIONS and phrase[i - 1].capital), len(phrase))
    return phrase[:cut]


def is_no_cue(before: Token | None, token: Token) -> bool:
    """Whether the word is a noun here ("the report", "televised comments") or a passive ("were announced")."""
    if before is None or token.plain.endswith("ing"):
        return False
    if token.plain in PLURAL_NOUNS and before.plain in DETERMINERS - {"that", "this", "one", "some"}:
        return True
    if token.plain in PLURAL_NOUNS:
        return before.possessive or before.plain in DEMONYMS or not (before.capital or before.plain in PRONOUNS or before.text == ",")
    return (
        before.plain in BE | DETERMINERS - {"that"} or before.possessive or (before.plain in PREPOSITIONS - {"who", "which", "that", "to"})
    )


def _passive(masked: str, area: tuple[int, int]) -> Cue | None:
    """Find `"a hero" by the union's chairman`."""
    match = _BY.match(masked, *area)
    phrase = noun_phrase(tokens_of(masked, match.end(), area[1])) if match else []
    return Cue(phrase[0].start, phrase[0].start, *span_of(phrase)) if phrase else None


def _later(masked: str, area: tuple[int, int]) -> Cue | None:
    """Find a cue further on in the sentence: `according to Petrova`, `, Petrova said in a message`."""
    if (match := _PHRASES.search(masked, *area)) and (cue := _with_agent(masked, match, area[1])):
        return cue
    for comma in re.finditer(r",\s", masked[area[0] : area[1]]):
        if cue := right_after(masked, (area[0] + comma.end(), area[1]), strict=True):
            return cue
    return None


def _predicate(masked: str, area: tuple[int, int]) -> Cue | None:
    """Find `It also set a target: "We agree …"` and `Petrova’s answer was "no"`: no verb of speech; the sentence's subject speaks."""
    match = re.search(r":\s*$|\b(?:was|is|were|has been) (?:\w+ )?[\"“‘«„]?\s*$", masked[area[0] : area[1]])
    if not match:
        return None
    start, end = subject_of(masked, *area)
    if match.group()[0] != ":" and not _is_noun_of_speech(masked[start:end]):
        return None
    cue = area[0] + match.start()
    return Cue(cue, cue + 1 if match.group()[0] == ":" else cue + len(match.group().split()[0]), start, end)


def _is_noun_of_speech(phrase: str) -> bool:
    words = re.findall(r"[^\W\d_]+", phrase.casefold())
    if not re.search(r"['’]s?\s|^(?:his|her|their|its)\s", phrase, re.IGNORECASE):
        return False
    return any(
        word in SPEECH_NOUNS or word in {"answer", "reply", "response", "verdict", "advice", "motto", "slogan", "reaction"}
        for word in words
    )
