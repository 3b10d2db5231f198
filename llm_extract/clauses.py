"""Clauses about meetings: the words that tell of one, the part of the sentence that they stand in, the form of the meeting."""

from __future__ import annotations

import re
from collections.abc import Iterator

from llm_extract.lexicon import SPEECH_VERBS
from llm_extract.numbering import Sentence

__all__ = ["MEETING_WORD", "PAIR", "Area", "clause_of", "is_meeting_word", "is_strong", "is_verb", "kind_of", "opens_content", "pieces"]

Area = tuple[int, int]
"""Half-open offsets in code points."""
_LONGEST_SENTENCE = 1500
"""Characters; the work on one sentence grows faster than its length."""


def _any(*alternatives: str) -> str:
    return rf"\b(?:{'|'.join(alternatives)})\b"


_CAPITAL = r"(?=(?-i:[A-Z]))"
_TO_WHOM = r"with|by (?:tele)?phone|on the (?:tele)?phone|to each other|briefly"
_VERBS = (
    rf"met|meets?|got together|get together|br(?:ing|ings|ought|inging) together (?=(?:\w+ )*{_CAPITAL})|sat down|sits? down",
    r"sh(?:ook|akes?|aken|aking) (?:hands|(?:[\w.]+ ){0,2}?(?:his|her|\w+['’]s) hand)",
    r"cross(?:ed)? paths|bump(?:ed)? into|r[au]n(?:ning)? into|conferred|embraced",
    rf"(?:spoken?|speaks?|speaking|talked|talk|talking|discussed|negotiated|chatted) (?:(?!of\b|about\b)\w+ ){{0,3}}?(?:{_TO_WHOM})",
    r"spent (?:[\w-]+ ){1,5}with|dined?|lunched|called with|phoned|telephoned|rang",
    rf"(?:see|sees|saw|seen|seeing|called|calls|called on(?![^.;]{{0,60}} to [a-z])) {_CAPITAL}",
    rf"(?:(?<=to )|(?<=will )|(?<=would )|(?<=may ))call {_CAPITAL}",
    rf"(?:talk(?:s|ed|ing)?|spoken?|speaks?|speaking) (?:\w+ ){{0,2}}?to {_CAPITAL}",
    r"hosted|hosts?|received|receives?|welcomed|greeted|visited|visits?",
)
_NOUNS = (
    r"meetings?|talks|summit|sit-down|one-on-one|tête-à-tête|handshake|encounter|encountered|face-to-face|negotiations|discussions?",
    r"conversations?|consultations|(?:audience|appointment|breakfast|lunch|dinner|tea|coffee) (?:\w+ ){0,3}?with",
    rf"call (?:with|to) {_CAPITAL}",
    r"(?:telephone|phone|video|conference) (?:call|conversation)s?",
)
MEETING_WORD = re.compile(_any(*_VERBS, *_NOUNS), re.IGNORECASE)
"""A word that may tell of a meeting."""
_VERB = re.compile(_any(*_VERBS), re.IGNORECASE)
_PARTICIPLE = re.compile(r"\bmeeting (?=[A-Z])")
_WEAK = re.compile(
    _any(
        r"summit|encounter\w*|negotiations|discussions?|conversations?|consultations|audience|hosted|hosts?|receive[ds]?",
        r"welcomed|greeted|visit(?:ed|s)?|r[au]n\w* into|embraced|dined?|lunched|(?:see|sees|saw|seen|seeing) |(?:talk(?:s|ed|"
        r"ing)?|spoken?|speaks?|speaking) (?:\w+ ){0,2}?to ",
    ),
    re.IGNORECASE,
)
"""Words that tell of a meeting only where two people are named."""
_THEIR = re.compile(r"\b(?:their|his|her)\b (?:own |first |last |\w+ )?$", re.IGNORECASE)
_NAME = r"(?-i:(?:[A-Z][\w.’'-]*\s){1,4})"
_NO_MEETING = re.compile(
    _any(
        r"(?:meet(?:s|ing)?|met) (?:the |its |their |his |her |these |those |all |our |with )?(?:\w+ )?"
        r"(?:deadlines?|targets?|goals?|demands?|needs?|requirements?|standards?|challenges?|criteria|conditions?|obligations?|expectations?|"
        r"costs?|criticism|resistance|opposition(?! (?:figures?|leaders?|members?|politicians?|part|groups?|lawmakers?|deput|"
        r"delegat|representative))|death|fate|end|approval|success|silence|maximum|minimum|threshold|quotas?|payroll|bills?)",
        r"(?:swim|track|swimming|athletics) meet",
        r"call(?:ed|s|ing)? (?:with|for) (?:a|an|the)",
        rf"call(?:ed|s)? {_NAME}(?:an?|the|his|her|their|[a-z]+(?:ic|ous|ful|less|ing))",
        rf"(?:see|sees|saw|seeing) {_NAME}(?:as|off|through|in the|at (?:its|his|her|their))",
    ),
    re.IGNORECASE,
)
PAIR = re.compile(
    _any(
        rf"the two|both(?! {_CAPITAL})|the pair|they|them|each other",
        r"the (?:leaders|presidents|men|women|sides|ministers)|two (?:leaders|presidents|men|sides)",
    ),
    re.IGNORECASE,
)
"""What stands for two parties that were named before."""
_CALL = re.compile(
    _any(
        r"(?:tele)?phone[ds]?|rang|video(?:conference)?|calls?(?:ed)? with|(?:phone|conference) calls?",
        rf"telephone conversations?|call(?:ed|s)? (?!on\b){_CAPITAL}",
    ),
    re.IGNORECASE,
)
_MATCH = re.compile(
    r"[^.;]{0,60}?\bin (?:[\w’'-]+ ){0,4}?"
    r"(?:(?:semi-?|quarter-?)finals?|finals?(?! (?!(?:on|at|of|against|in|after|and|for)\b)[a-z])|play-?offs?|(?:first|second|"
    r"third) (?:round|leg)|"
    r"league|derby|tournaments?|cup|championships?|(?:cup|league|test|friendly|group) match)\b",
    re.IGNORECASE,
)
"""What is behind a "met" of opponents in sport."""
_ENCOUNTER = re.compile(
    _any(
        r"sh[oa]+k\w* hands|handshake|encounter\w*|brief(?:ly)?|informal(?:ly)?|cross(?:ed)? paths|bump(?:ed)? into",
        r"greet(?:ed|ing|ings)?|pull-aside|chatted|hugg?(?:ed|ing)",
    ),
    re.IGNORECASE,
)
_BREAK = re.compile(
    r"[;:—]\s|\s--\s|,? \b(?:but|though|although|while|whereas|however|whether|since|after|before|following|fresh from|followed|because|"
    r"when|where|whose|who|which|as|until)\b\s|, and (?=[A-Z])|\band (?=met\b|held\b|spoke\b|will\b|is to\b|was to\b|also\b|later\b)",
)
_OPENER = re.compile(r"\b(?:since|after|before|following|because|when|where|whose|who|which|as|until|while|although|though)\b")
"""Openers of clauses that a comma closes."""
_SUBJECT = re.compile(r"(?:the|he|she|they|both|his|her|its|their)\s|[A-Z][\w.’'-]*\s")
_GOES_ON = re.compile(r"(?!and\b|or\b|who\b|which\b|where\b)[a-z]+\b")
_CONTENT = re.compile(
    r"[^.;]*?(?:\ue000|\bthat\b)(?:\s(?P<subject>he|she)\b)?|"
    r"\s(?:(?:on|last|this) \w+(?: \d+)? )?(?P<pronoun>he|she|it|they|the|both|(?-i:[A-Z]\w+))\b"
)
"""What opens a clause of its own after a verb of speech: "said that he …", "told TASS that …", "said Ana Petrova would …"."""


def pieces(sentence: Sentence) -> Iterator[Sentence]:
    """Yield the sentence itself, or, of one too long to be a sentence, such as a list without full stops, parts of it."""
    for start in range(sentence.start, sentence.end, _LONGEST_SENTENCE):
        yield sentence._replace(start=start, end=min(sentence.end, start + _LONGEST_SENTENCE))


def is_meeting_word(text: str, word: Area, sentence: Sentence) -> bool:
    """Whether a match of `MEETING_WORD` is about people, not about "meeting a deadline" or a swim meet."""
    around = max(sentence.start, word[0] - 12), min(sentence.end, word[1] + 40)
    if text[slice(*word)].casefold() in {"meet", "meets", "met"} and _MATCH.match(text, word[1], sentence.end):
        return False
    return not any(m.start() <= word[0] < m.end() for m in _NO_MEETING.finditer(text, *around))


def is_strong(text: str, word: Area) -> bool:
    """Whether a word says by itself that parties met; with the others, such as "visited", the grammar must name two people."""
    their = _THEIR.search(text[max(0, word[0] - 30) : word[0]]) and not _VERB.match(text, *word)
    return not _WEAK.match(text, *word) or bool(their)


def is_verb(text: str, word: Area) -> bool:
    """Whether a word takes who is met as its object: "met", "telephoned", "a call to"."""
    return bool(_VERB.match(text, word[0]) or _PARTICIPLE.match(text, word[0])) or text[word[0] : word[1]].rstrip().endswith(
        (" with", " to")
    )


def clause_of(text: str, sentence: Sentence, word: Area) -> Area:
    """Return the clause of the sentence that holds a word."""
    start, end = sentence.start, sentence.end
    for match in _BREAK.finditer(text, sentence.start, sentence.end):
        if match.end() <= word[0]:
            start = _resumed(text, match, word[0], start)
        elif match.start() >= word[1]:
            return start, match.start()
    return start, end


def _resumed(text: str, opener: re.Match[str], end: int, before: int) -> int:
    """Return where the clause starts that an offset lies in: behind the opener, unless a comma closed what it opens.

    What comes behind that comma has a subject of its own ("after the vote, Lang met …"), or goes on with the one before ("Lang, who
    lost the vote, met …").
    """
    comma = text.rfind(", ", opener.end(), end)
    if not _OPENER.search(opener.group()) or comma < 0:
        return opener.end()
    if _SUBJECT.match(text, comma + 2):
        return comma + 2
    return before if _GOES_ON.match(text, comma + 2) else opener.end()


def kind_of(text: str, clause: Area, word: Area) -> str:
    """Return the form of the meeting that a clause tells of, the value of a `MeetingKind`."""
    if _CALL.search(text, *clause):
        return "call"
    near = max(clause[0], word[0] - 30), min(clause[1], word[1] + 15)
    return "encounter" if _ENCOUNTER.search(text, *near) else "in_person"


def opens_content(masked: str, start: int, end: int) -> tuple[Area | None, str]:
    """Return the last verb of speech in an area after which what is said begins there, and the pronoun that it begins with."""
    verb: Area | None = None
    pronoun = ""
    for word in re.finditer(r"\b[a-z]+\b", masked[start:end]):
        if word.group() in SPEECH_VERBS and (opening := _CONTENT.match(masked, start + word.end(), end)):
            verb = (start + word.start(), start + word.end())
            pronoun = (opening["subject"] or opening["pronoun"] or "").casefold()
    return verb, pronoun
