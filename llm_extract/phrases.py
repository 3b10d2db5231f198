"""Noun phrases of news English, told by their small words: where one starts, where it ends, which one is a sentence's subject.

There is no parser: closed word lists (prepositions, auxiliaries, conjunctions) and capital letters settle most of what news writes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from llm_extract.lexicon import (
    AUXILIARIES,
    CLAUSE_OPENERS,
    DEMONYMS,
    INSTITUTION_WORDS,
    NAME_PARTICLES,
    NOT_NAMES,
    ORGANISATION_NOUNS,
    PEOPLE,
    PREPOSITIONS,
    PRONOUNS,
    SPEECH_NOUNS,
    SPEECH_VERBS,
    TITLES,
)

__all__ = [
    "BE",
    "DETERMINERS",
    "MASK",
    "Token",
    "antecedent",
    "dateline_end",
    "ends_in_name",
    "is_head",
    "last_phrase",
    "main_start",
    "noun_phrase",
    "stripped",
    "subject_of",
    "tokens_of",
]

MASK = "\ue000"
"""Stands for each character inside quotation marks."""
BE = frozenset({"is", "are", "was", "were", "be", "been", "being"})
"""Forms of "be"."""
DETERMINERS = frozenset(
    {"the", "a", "an", "his", "her", "its", "their", "this", "that", "these", "those", "one", "some", "our", "my", "your"}
)
"""Words that open a noun phrase."""
_TOKEN = re.compile(r"[^\W_][\w&]*+(?:[-'’.](?=\w)[\w&]*+)*+|" + MASK + r"++|[^\w\s]")
_DATELINE = re.compile(
    r"(?:[A-Z][A-Z.'’ -]*[A-Z]\b(?:, [\w. ]{2,30}){0,2}(?: \([A-Z][\w /.]{1,28}\))?|"
    r"[A-Z][\w.'’ -]{2,30}(?:, [\w. ]{2,30}){0,2} \((?:AP|AFP|Reuters|REUTERS|UPI|dpa|PTI|ANI|Xinhua|Kyodo|RFE/RL|CNN|PA|TASS)\))"
    r"\s*(?:[-–—]+|:)\s"
)
_QUANTITIES = frozenset({"about", "around", "over", "nearly", "almost", "some", "under", "between", "up"})
_LONGEST_PHRASE = 14
"""Words; a longer stretch is no noun phrase."""
_INNER_PREPOSITIONS = frozenset({"of", "for", "at", "from", "to"})
_ABBREVIATED = frozenset(
    {
        "mr",
        "mrs",
        "ms",
        "dr",
        "st",
        "jr",
        "sr",
        "lt",
        "col",
        "gen",
        "sgt",
        "capt",
        "gov",
        "sen",
        "rep",
        "prof",
        "rev",
        "maj",
        "adm",
        "inc",
        "co",
    }
)
_VERBLESS_PUNCTUATION = "-'’&.()[]"
_APPOSING = frozenset({",", "–", "—"})
_PAST_FORMS = frozenset("began came flew gave got held left made met sat saw sent spoke took went".split())  # noqa: SIM905  a list to read
"""Verbs of news whose past does not end in "-ed"."""
_LY_NOUNS = frozenset({"family", "ally", "assembly", "monopoly", "reply", "supply", "bully", "rally", "anomaly"})


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a masked quotation or a mark of punctuation; half-open offsets in code points."""

    start: int
    end: int
    text: str

    @property
    def plain(self) -> str:
        """The word in small letters; one in capitals, such as "WHO", stays as it is."""
        return self.text if self.text.isupper() and len(self.text) > 1 else self.text.casefold()

    @property
    def auxiliary(self) -> bool:
        """Whether it may stand between subject and verb; "Will" and "May" with a capital are names."""
        return self.plain in AUXILIARIES and (not self.capital or self.plain.endswith("day"))

    @property
    def adverb(self) -> bool:
        """Whether it ends as most adverbs do."""
        return self.plain.endswith("ly") and not self.capital and self.plain not in _LY_NOUNS

    @property
    def is_word(self) -> bool:
        """Whether it is a word or a number."""
        return self.text[0].isalnum()

    @property
    def capital(self) -> bool:
        """Whether it starts with a capital letter."""
        return self.text[0].isupper()

    @property
    def possessive(self) -> bool:
        """Whether it ends in "’s" or "s’"."""
        return self.text.endswith(("'s", "’s"))


def tokens_of(masked: str, start: int, end: int) -> list[Token]:
    """Cut a part of the masked text into tokens."""
    return [Token(m.start(), m.end(), m[0]) for m in _TOKEN.finditer(masked, start, end)]


def dateline_end(text: str, start: int) -> int:
    """Return where a paragraph goes on after its dateline ("OSLO, March 3 (AFP) - "); `start` where it has none."""
    match = _DATELINE.match(text, start, start + 120)
    return match.end() if match else start


def noun_phrase(tokens: list[Token]) -> list[Token]:
    """Return the noun phrase that opens the tokens, prepositional tail included ("a spokesman for the ministry")."""
    phrase: list[Token] = []
    for token in tokens[:_LONGEST_PHRASE]:
        if not _goes_on(phrase, token):
            break
        phrase.append(token)
    while phrase and not phrase[-1].is_word and not (phrase[-1].text == "." and len(phrase) > 1 and _is_abbreviation(phrase[-2])):
        phrase.pop()
    return phrase


def _goes_on(phrase: list[Token], token: Token) -> bool:
    if not token.is_word:
        return token.text in "-'’&" or (token.text == "." and bool(phrase) and _is_abbreviation(phrase[-1]))
    if token.auxiliary or token.plain in CLAUSE_OPENERS:
        return False
    if token.plain in PREPOSITIONS and (token.plain not in _INNER_PREPOSITIONS or not phrase):
        return False
    counted = bool(phrase) and phrase[-1].plain in _QUANTITIES | DETERMINERS | {"than", "least", "most"}
    return not (phrase and token.text[0].isdigit()) or counted or "-" in token.text


def _is_abbreviation(token: Token) -> bool:
    return token.plain in _ABBREVIATED or len(token.text) == 1 or "." in token.text


def stripped(tokens: list[Token], *, commas: bool = True) -> list[Token]:
    """Take adverbs, auxiliaries and, if asked, closing commas and dashes off the end."""
    while tokens and (tokens[-1].auxiliary or tokens[-1].adverb or (commas and tokens[-1].text in ",—–-")):
        tokens = tokens[:-1]
    return tokens


_HEADS = (
    TITLES | PEOPLE | ORGANISATION_NOUNS | INSTITUTION_WORDS | SPEECH_NOUNS | {"officials", "authorities", "media", "leadership", "people"}
)


def is_head(token: Token) -> bool:
    """Whether a small word can be the noun that a name qualifies: "White House statement", "Chadian officials"."""
    word = token.plain
    return word in _HEADS or word.removesuffix("s") in _HEADS


def last_phrase(tokens: list[Token]) -> list[Token]:
    """Return the noun phrase that ends the tokens, in front of its apposition or relative clause."""
    if tokens and tokens[-1].plain in {"who", "which", "that"}:
        return antecedent(stripped(tokens[:-1]))
    if tokens and tokens[-1].text in _APPOSING:
        return _apposed(tokens[:-1])
    phrase = _after_relative(_since_boundary(tokens))
    return _without_opener(phrase) if phrase and phrase[0].plain in PREPOSITIONS else phrase


def _after_relative(tokens: list[Token]) -> list[Token]:
    """Return the subject in `a call in which the farmer`, all else as it is."""
    for index in range(len(tokens) - 2, 0, -1):
        following = tokens[index + 1]
        if tokens[index].plain in {"which", "whom", "where", "when"} and (following.plain in DETERMINERS | PRONOUNS or following.capital):
            return tokens[index + 1 :]
    return tokens


def antecedent(tokens: list[Token]) -> list[Token]:
    """Return what a relative clause after the tokens is about: the name that ends them, or their last noun phrase."""
    start = len(tokens)
    while start and (tokens[start - 1].capital or tokens[start - 1].plain in NAME_PARTICLES or tokens[start - 1].text in ".-"):
        start -= 1
    before = [token.plain for token in tokens[max(0, start - 3) : start]]
    belongs = (
        len(before) > 1 and before[-1] in {"of", "for", "from", "at", "the"} and any(is_head(t) for t in tokens[max(0, start - 3) : start])
    )
    if start < len(tokens) and not belongs:
        return tokens[start:]
    return _nominal_end(_since_boundary(tokens))


def _nominal_end(phrase: list[Token]) -> list[Token]:
    """Cut what stands before the last determiner that no preposition links to a noun before it."""
    for index in range(len(phrase) - 1, 0, -1):
        opens = phrase[index].plain in DETERMINERS or (phrase[index].capital and not phrase[index - 1].capital)
        if opens and phrase[index - 1].plain not in PREPOSITIONS | DETERMINERS:
            return phrase[index:]
    return phrase


def _since_boundary(tokens: list[Token]) -> list[Token]:
    """Return the tokens after the last mark of punctuation or conjunction."""
    for index in range(len(tokens) - 1, -1, -1):
        token = tokens[index]
        if (not token.is_word and token.text not in _VERBLESS_PUNCTUATION) or token.plain in CLAUSE_OPENERS:
            return tokens[index + 1 :]
    return tokens


def _is_name(tokens: list[Token]) -> bool:
    return bool(tokens) and all(token.capital or token.text == "." for token in tokens)


def _apposed(tokens: list[Token]) -> list[Token]:
    """Return what stands before the apposition that ends the tokens; where that is no name, the apposition itself."""
    commas = [i for i, token in enumerate(tokens) if token.text in _APPOSING]
    for comma in reversed(commas):
        head, apposition = _since_boundary(tokens[:comma]), tokens[comma + 1 :]
        if head and not head[-1].capital and not head[-1].text.isdigit() and _is_name(apposition):
            return apposition
        if not head and _is_name(apposition):
            continue
        if head and _is_common(head) and _is_name(apposition):
            return apposition
        if head and not head[-1].capital and head[-1].plain in PEOPLE and ends_in_name(apposition):
            return apposition
        if head and any(token.capital for token in head) and head[0].plain not in PREPOSITIONS:
            return head
    return _since_boundary(tokens)


def ends_in_name(apposition: list[Token]) -> bool:
    """Whether an apposition is a name of two words or more after what qualifies it: "former doubles specialist Ana Petrova"."""
    names = len(apposition)
    while names and apposition[names - 1].capital:
        names -= 1
    qualifiers = apposition[:names]
    return len(apposition) - names > 1 and all(
        token.is_word and not token.auxiliary and token.plain not in PREPOSITIONS | CLAUSE_OPENERS | DETERMINERS for token in qualifiers
    )


def _is_common(head: list[Token]) -> bool:
    """Whether a phrase is headed by a common noun, whatever its tail: "a spokesman for the Interior Ministry"."""
    tail = next((i for i, token in enumerate(head) if token.plain in PREPOSITIONS), len(head))
    return 0 < tail < len(head) and not head[tail - 1].capital and head[tail - 1].plain in PEOPLE


def subject_of(masked: str, start: int, end: int) -> tuple[int, int]:
    """Return the first noun phrase of a sentence, what opens it ("On Monday,") left out; empty where there is none."""
    tokens = _without_opener(tokens_of(masked, min(dateline_end(masked, start), end), end))
    while tokens and not tokens[0].is_word:
        tokens = tokens[1:]
    counted = tokens[:1] if _is_quantity(tokens) else []
    phrase = stripped([*counted, *_until_verb(tokens[len(counted) :])])
    return (phrase[0].start, phrase[-1].end) if phrase else (start, start)


def main_start(masked: str, start: int, end: int) -> int:
    """Return where the main clause starts behind what opens it: "After the vote, Petrova …"; `start` where nothing does."""
    left = _without_opener(tokens_of(masked, start, end))
    return left[0].start if left else start


def _without_opener(tokens: list[Token]) -> list[Token]:
    """Take "On Monday", "After the vote,", "Speaking in Oslo," off a sentence's start."""
    while tokens and tokens[0].plain in {"but", "and", "so", "yet", "meanwhile", "however", "then"} and not _is_comma(tokens, 1):
        tokens = tokens[1:]
    while tokens and _opens_adverbial(tokens[0]) and not _is_quantity(tokens):
        cut = _end_of_adverbial(tokens)
        if cut is None:
            return tokens
        tokens = tokens[cut:]
    return tokens


def _is_quantity(tokens: list[Token]) -> bool:
    """Whether a phrase starts "About 200 people"."""
    return len(tokens) > 1 and tokens[0].plain in _QUANTITIES and tokens[1].text[0].isdigit() and not _is_comma(tokens, 2)


def _is_comma(tokens: list[Token], index: int) -> bool:
    return len(tokens) > index and tokens[index].text == ","


def _opens_adverbial(token: Token) -> bool:
    participle = token.plain.endswith("ing") or token.plain.endswith("ly") or (token.plain in SPEECH_VERBS and token.plain.endswith("ed"))
    return (
        token.plain in PREPOSITIONS | CLAUSE_OPENERS or token.plain in {"asked", "meanwhile", "however", "earlier", "later"} or participle
    )


def _end_of_adverbial(tokens: list[Token]) -> int | None:
    """Return where the main clause starts: after the comma, or at a noun phrase that nothing links to the words before it."""
    comma = next((i for i, token in enumerate(tokens) if token.text == ","), None)
    prepositional = tokens[0].plain in PREPOSITIONS and tokens[0].plain not in CLAUSE_OPENERS | {"when", "while", "as", "who", "which"}
    for index in range(2, comma if comma is not None else len(tokens)) if prepositional else ():
        token, before = tokens[index], tokens[index - 1]
        linked = before.plain in PREPOSITIONS | DETERMINERS or not before.is_word or before.plain in SPEECH_VERBS or before.possessive
        opens = token.plain in DETERMINERS | {"he", "she", "they", "it"} or (
            token.capital and (not before.capital or before.plain in NOT_NAMES)
        )
        if opens and not linked and before.plain not in DEMONYMS and token.plain not in NOT_NAMES - PRONOUNS - DETERMINERS:
            return index
    return None if comma is None else comma + 1


def _until_verb(tokens: list[Token]) -> list[Token]:
    """Return the tokens up to the first verb: after a name, the first small word that is no head; else the end of the noun phrase."""
    phrase: list[Token] = []
    named = False
    for token in noun_phrase(tokens):
        if named and token.is_word and not token.capital and not is_head(token) and not phrase[-1].possessive:
            break
        if phrase and not token.capital and token.plain in SPEECH_VERBS and not is_head(token):
            break
        verb = token.plain.endswith(("ed", "s")) or token.plain in _PAST_FORMS
        if phrase and is_head(phrase[-1]) and not token.capital and verb and not is_head(token):
            break
        phrase.append(token)
        named = named or (token.capital and not token.possessive and (token is not tokens[0] or token.plain not in DETERMINERS))
    return phrase
