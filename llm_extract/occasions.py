"""Mentions of meetings: clauses in which parties meet, with the names, place, date and event that stand there.

Plain code over the words that news uses for meetings. It proposes occasions; whether one counts and how settled it is, is for the
reader to judge.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from llm_extract import expressions
from llm_extract.lexicon import EVENT_NOUNS, INSTITUTION_WORDS, NOT_PEOPLE, PERSON_NOUNS, PLACE_NOUNS, SPEECH_VERBS, TITLES
from llm_extract.mentions import Mention, Mentions
from llm_extract.numbering import NumberedArticle, Sentence

__all__ = ["Occasion", "event_words", "find_event_facts", "find_occasions"]

Area = tuple[int, int]
"""Half-open offsets in code points."""

_TRIGGER = re.compile(
    r"\b(?:met|meets?|meetings?|talks|summit|sit-down|one-on-one|tête-à-tête|handshake|encounter|encountered|"
    r"negotiations|discussions?|conversations?|consultations|"
    r"(?:shook|shake|shakes|shaking) hands|cross(?:ed)? paths|bump(?:ed)? into|"
    r"(?:spoke|speak|speaks|talked|talk|conferred|discussed|negotiated|chatted) (?:\w+ ){0,3}?(?:with|by (?:tele)?phone|on the (?:tele)?phone|to each other|briefly)|"
    r"(?:telephone|phone|video) (?:call|conversation)|call(?:ed)? with|phoned|telephoned|"
    r"(?:see|sees|saw|seeing) (?=(?-i:[A-Z]))|"
    r"hosted|hosts?|received|receives?|welcomed|greeted|visited|visits?|face-to-face|audience with)\b",
    re.IGNORECASE,
)
_STRONG = re.compile(
    r"^(?:se\w+ |saw |met|meet|meets|meeting|meetings|talks|sit-down|one-on-one|handshake|sh\w+ hands|cross|bump|spoke|speaks?|talk|talked|conferred|chatted|discussed|"
    r"tele|phone|video|call|face)",
    re.IGNORECASE,
)
"""Words that say by themselves that parties met; with the others the grammar must name two people."""
_THEIR = re.compile(r"\b(?:their|his|her)\b (?:own |first |last |\w+ )?$", re.IGNORECASE)
_NO_MEETING = re.compile(
    r"\b(?:meet(?:s|ing)?|met) (?:the |its |their |his |her |these |those |all |our |with )?(?:\w+ )?(?:deadlines?|targets?|goals?|demands?|needs?|requirements?|"
    r"standards?|challenges?|criteria|conditions?|obligations?|expectations?|costs?|criticism|resistance|opposition|death|fate|end|approval|success|silence)\b|"
    r"\b(?:swim|track|swimming|athletics) meet\b|\bcall(?:ed|s|ing)? (?:with|for) (?:a|an|the)\b",
    re.IGNORECASE,
)
_PAIR = re.compile(
    r"\b(?:the two|both|the pair|they|them|each other|the (?:leaders|presidents|men|women|sides|ministers)|two (?:leaders|presidents|men|sides))\b", re.IGNORECASE
)
_IN_PLACE = re.compile(
    r"\b(?:(?:in|near|outside|visit(?:ed|s|ing)?)\s+(?:the\s+)?(?:(?:\w+ )?(?:city|capital|town|resort) of\s+)?|"
    r"(?:visits?|trip|travel\w*|flew|flight|arriv\w+|went|go|going|return\w*|came|come)\s+(?:\w+ ){0,2}?(?:to|in|on to)\s+(?:the\s+)?)$",
    re.IGNORECASE,
)
_AT_PLACE = re.compile(r"\b(?:at|visit(?:ed|s|ing)?|in)\s+(?:the\s+)?$", re.IGNORECASE)
_CALL = re.compile(r"\b(?:(?:tele)?phone[ds]?|video(?:conference)?|call(?:ed)? with|phone call|telephone conversation)\b", re.IGNORECASE)
_ENCOUNTER = re.compile(
    r"\b(?:sh[oa]+k\w* hands|handshake|encounter\w*|brief(?:ly)?|informal(?:ly)?|cross(?:ed)? paths|bump(?:ed)? into|greet(?:ed|ing|ings)?|pull-aside|chatted|hugg?(?:ed|ing))\b",
    re.IGNORECASE,
)
_BREAK = re.compile(
    r"[;:—]\s|\s--\s|,? \b(?:but|though|although|while|whereas|however|whether|since|after|before|following|fresh from|followed|because|when|whose|which|as|until)\b\s|"
    r",? and (?=[A-Z])|\band (?=met\b|held\b|spoke\b|will\b|also\b|later\b)",
)
_BETWEEN = re.compile(
    r"[^.;]{0,80}?\bbetween ([^,;.]+?) and ([^;]+?)(?=,|;|\.(?:\s|$)|$| in | at | on | to | over | about | after | before | took | last | this | was | were | saw | resulted | ended )"
)
_NAME = r"[A-ZÀ-Þ][\w.’'-]*(?: (?:[A-ZÀ-Þ][\w.’'-]*|of [A-Z][\w.’'-]*|bin|al|de|von|van))*"
_NOUN_PHRASE = rf"(?:the |other |his |her |their |an? )?(?:[\w.’'-]+ ){{0,4}}?{_NAME}"
_WITH = re.compile(rf"\s+(?:\w+ ){{0,6}}?(?:with|by)\s+({_NOUN_PHRASE}(?:,? and {_NOUN_PHRASE})?)")
_OBJECT = re.compile(rf"\s+({_NAME}(?: and {_NAME})?)")
_APART = re.compile(r";|\b(?:but|though|although|while|whereas|however|because)\b|, and (?=[A-Z])|, as (?:the|he|she|they|[A-Z])")
_SINCE = re.compile(r"\bsince (?:[\w’']+ )+(?:in |on )?$")
_EVENT_HEAD = re.compile(r"\b(?:" + "|".join(sorted(EVENT_NOUNS)) + r")\b|\bG-?\d{1,2}\b(?! \()", re.IGNORECASE)
_EVENT_WORD = re.compile(
    r"(?:[A-Z0-9(][\w.’'()-]*|of|for|and|annual|regional|economic|international|bilateral|centenary|anniversary|peace|trade|nuclear|climate|security|another|first|second|\d+(?:st|nd|rd|th))$"
)
_CONTENT = re.compile(
    r"[^.;]*?(?:\ue000|\bthat\b)(?:\s(?P<subject>he|she)\b)?|\s(?:(?:on|last|this) \w+(?: \d+)? )?(?P<pronoun>he|she|it|they|the|both|(?-i:[A-Z]\w+))\b"
)
"""What opens a clause of its own after a verb of speech: "said that he …", "told TASS that …", "said Ana Petrova would …"."""
_OWNER = re.compile(r"['’]s? (?!(?:\w+ )?(?:meeting|talks|summit|encounter|visit|call)\b)")
_NUMBERED = re.compile(r" of (?:\d|Seven|Eight|Twenty)")
_MEETING_NOUN = re.compile(r" (?:\w+ )?(?:summit|talks|meeting|negotiations|conference)\b")
_FAR = 60
_EMPTY_WORDS = frozenset("the of a an in at on and for its their annual economic summit talks meeting conference forum session sidelines".split())
_LONG_NAMES = {
    "group of 20": "g20",
    "group of seven": "g7",
    "group of eight": "g8",
    "asia-pacific economic cooperation": "apec",
    "asia pacific economic cooperation": "apec",
}
_AS_WITH_DATE = re.compile(r"^(?:\w+day’s|\w+day's|[A-Z]\w+ \d[\d-]*)\s+")


@dataclass(frozen=True, slots=True)
class Occasion:
    """One mention of a meeting."""

    sentence: int
    trigger: Area
    clause: Area
    """The part of the sentence that says how settled it is."""
    subjects: tuple[Area, ...]
    """Those of whom the grammar says that they meet, before the verb or noun: "X met …"; full names or noun phrases."""
    objects: tuple[Area, ...]
    """And those behind it: "… met Y", "talks between X and Y"."""
    people: tuple[Area, ...]
    """Full names of all people in the sentence."""
    paired: bool
    """Whether it speaks of "the two", "they": those of the occasion before."""
    kind: str
    when: Area | None = None
    place: Area | None = None
    event: Area | None = None


def find_event_facts(article: NumberedArticle, mentions: Mentions, masked: str) -> dict[frozenset[str], dict[str, set[str]]]:
    """Return the places and dates that the article gives for its events, by `event_words`; arguments as for `find_occasions`."""
    return _Finder(article, mentions, masked).event_facts()


def event_words(text: str) -> frozenset[str]:
    """Return the words by which an event is known, long and short names of the common ones alike.

    Example:
        >>> event_words("the Group of 20 summit") == event_words("G-20")
        True
    """
    plain = text.casefold()
    for long, short in _LONG_NAMES.items():
        plain = plain.replace(long, short)
    return frozenset(re.findall(r"\w+", re.sub(r"\bg-(\d+)", r"g\1", plain))) - _EMPTY_WORDS


def find_occasions(article: NumberedArticle, mentions: Mentions, masked: str) -> list[Occasion]:
    """Find the clauses that may report a meeting, in the order of the text.

    Args:
        article: The numbered article.
        mentions: Its names.
        masked: Its text with the quotations masked.
    """
    finder = _Finder(article, mentions, masked)
    return [occasion for sentence in article.sentences if not sentence.furniture for occasion in finder.in_sentence(sentence)]


@dataclass
class _Trigger:
    area: Area
    subjects: tuple[Area, ...]
    objects: tuple[Area, ...]
    facts: dict[str, Area] = field(default_factory=dict)

    @property
    def stated(self) -> tuple[Area, ...]:
        return tuple(dict.fromkeys((*self.subjects, *self.objects)))


@dataclass
class _Finder:
    article: NumberedArticle
    mentions: Mentions
    masked: str

    def in_sentence(self, sentence: Sentence) -> Iterator[Occasion]:
        people = self._people_between(sentence.start, sentence.end)
        triggers = [_Trigger(area, *self._parties(sentence, area)) for area in self._triggers(sentence)]
        triggers = [t for t in triggers if self._is_telling(t, people)]
        if not triggers:
            return
        self._share_out(triggers, sentence)
        telling = self._telling(triggers, sentence)
        for trigger in telling:
            clause = _clause(self._text, sentence, trigger.area)
            source = trigger if trigger.stated else next((t for t in triggers if t.stated), trigger)
            yield Occasion(
                sentence=sentence.number,
                trigger=trigger.area,
                clause=clause,
                subjects=source.subjects,
                objects=source.objects,
                people=tuple(people if len(telling) == 1 else self._people_between(*clause)),
                paired=bool(_PAIR.search(self._text, sentence.start, sentence.end)),
                kind=_kind(self._text, clause, trigger.area),
                **trigger.facts,
            )

    def _telling(self, triggers: list[_Trigger], sentence: Sentence) -> list[_Trigger]:
        """Return the triggers that tell of an occasion each: those with facts, and those in a clause of their own."""
        clauses = {_clause(self._text, sentence, t.area) for t in triggers if t.facts}
        alone = [t for t in triggers if not t.facts and _clause(self._text, sentence, t.area) not in clauses]
        own = [t for t in alone if _PAIR.search(self._text, *_clause(self._text, sentence, t.area)) or len(t.stated) > 1]
        return sorted([*(t for t in triggers if t.facts), *own[:1]], key=lambda t: t.area) or triggers[:1]

    def _is_telling(self, trigger: _Trigger, people: list[Area]) -> bool:
        """Whether the word says by itself that parties met, or the grammar names two people, or it is "their summit"."""
        before = self._text[max(0, trigger.area[0] - 30) : trigger.area[0]]
        return bool(_STRONG.match(self._slice(trigger.area)) or _THEIR.search(before)) or sum(area in people for area in trigger.stated) > 1

    @property
    def _text(self) -> str:
        return self.article.article.text

    def _slice(self, area: Area) -> str:
        return self._text[area[0] : area[1]]

    def _triggers(self, sentence: Sentence) -> Iterator[Area]:
        for match in _TRIGGER.finditer(self._text, sentence.start, sentence.end):
            around = max(sentence.start, match.start() - 12), min(sentence.end, match.end() + 40)
            if not any(m.start() <= match.start() < m.end() for m in _NO_MEETING.finditer(self._text, *around)):
                yield match.span()

    def _share_out(self, triggers: list[_Trigger], sentence: Sentence) -> None:
        """Give each date, place and event to the nearest trigger, rather one before than one behind it; the nearest of a kind wins."""
        facts = [
            *(("when", area) for area in self._dates(sentence)),
            *(("place", area) for area in self._places(sentence)),
            *(("event", area) for area in self._events(sentence)),
        ]
        for kind, area in facts:
            near = [t for t in triggers if not self._apart(area, t.area)]
            if not near:
                continue
            home = min(near, key=lambda trigger: _distance(area, trigger.area))
            rival = home.facts.get(kind)
            if kind == "event" and area[0] > home.area[1] and home.facts.get("place", area)[0] < home.area[0]:
                del home.facts["place"]  # "In Oslo they agreed to meet at the G5": Oslo is not where
            if rival is None or _distance(area, home.area) < _distance(rival, home.area):
                home.facts[kind] = area

    def _apart(self, fact: Area, trigger: Area) -> bool:
        """Whether a fact belongs to another clause: behind "but" or "though", or to who says it ("he said in Oslo on Monday")."""
        between = self.masked[min(fact[1], trigger[1]) : max(fact[0], trigger[0])]
        if _APART.search(between):
            return True
        if fact[0] < trigger[0]:
            return self._content(fact[1], trigger)[0] is not None
        return any(word in SPEECH_VERBS for word in re.findall(r"[a-z]+", between))

    def _dates(self, sentence: Sentence) -> Iterator[Area]:
        """Yield the dates, but for those on which somebody said something."""
        for found in expressions.find_dates(self._text[sentence.start : sentence.end]):
            before = self._text[sentence.start : sentence.start + found.start]
            since = _SINCE.search(before)
            if not (since and not _TRIGGER.search(since.group())) and not _is_reporting(before):
                yield sentence.start + found.start, sentence.start + found.end

    def _places(self, sentence: Sentence) -> Iterator[Area]:
        for mention in self.mentions.within(sentence.start, sentence.end):
            if self._is_place(mention) and self._may_be_place(mention):
                yield mention.start, mention.end

    def event_facts(self) -> dict[frozenset[str], dict[str, set[str]]]:
        """Return what the article says of each event's place and date, apart from any meeting: "the G5 summit will be held in Oslo"."""
        facts: dict[frozenset[str], dict[str, set[str]]] = {}
        for sentence in self.article.sentences:
            places = list(self._places(sentence))
            days = list(self._dates(sentence))
            for event in self._events(sentence):
                known = facts.setdefault(event_words(self._slice(event)), {"place": set(), "when": set()})
                for kind, areas in (("place", places), ("when", days)):
                    behind = [a for a in areas if 0 <= a[0] - event[1] < _FAR and not _TRIGGER.search(self._text, event[1], a[0])]
                    known[kind] |= {self._slice(a) for a in behind[:1]}
        return facts

    def _is_place(self, mention: Mention) -> bool:
        before = self._text[max(0, mention.start - 40) : mention.start]
        if mention.role:
            return False
        if _MEETING_NOUN.match(self._text, mention.end) and self._names_no_party(mention):
            return True
        return bool(_IN_PLACE.search(before)) or (mention.text.casefold().split()[-1] in PLACE_NOUNS and bool(_AT_PLACE.search(before)))

    def _names_no_party(self, mention: Mention) -> bool:
        """Whether "the X talks" are talks in X: X is nobody's name, short or full, and no institution's."""
        whole = self.mentions.fullest(mention) == mention and not self.mentions.is_person(mention)
        known = self.mentions.is_place(mention) or mention.text.casefold() not in {m.text.casefold() for m in self.mentions.all if m is not mention}
        return whole and known and "-" not in mention.text and mention.text[-1].islower() and not self.mentions.is_adjective(mention, self._text)

    def _may_be_place(self, mention: Mention) -> bool:
        words = mention.text.casefold().split()
        if words[-1] in PLACE_NOUNS:
            return True
        after = self._text[mention.end : mention.end + 30]
        if _MEETING_NOUN.match(after) and self._names_no_party(mention) and not any(word in INSTITUTION_WORDS for word in words):
            return True
        if any(word in INSTITUTION_WORDS | EVENT_NOUNS for word in words) or re.match(r"\s(?:\(\w+\)\s)?(?:\w+ )?(?:" + "|".join(EVENT_NOUNS) + r")\b", after):
            return False
        titled = any(other.role and other.last == mention.last for other in self.mentions.all)
        return not titled and not re.match(r"G-?\d", mention.text) and not mention.text.isupper()

    def _events(self, sentence: Sentence) -> Iterator[Area]:
        if self.mentions.in_headline(sentence.start):
            return
        for match in _EVENT_HEAD.finditer(self._text, sentence.start, sentence.end):
            first = _event_start(self._text, sentence.start, match.start())
            if match.group()[1:2] in "-0123456789" or self._text[first : match.start()].strip():
                yield first, match.end()

    def _parties(self, sentence: Sentence, trigger: Area) -> tuple[tuple[Area, ...], tuple[Area, ...]]:
        """Return the parties that the grammar around the trigger names, before and behind it."""
        if match := _BETWEEN.match(self.masked, trigger[1], sentence.end):
            return (), tuple(party for group in (1, 2) for party in self._party(*match.span(group)))
        subjects = self._subjects(sentence, trigger)
        match = _WITH.match(self.masked, trigger[1], sentence.end) or _OBJECT.match(self.masked, trigger[1], sentence.end)
        if match is None:  # nobody is met: only people can be said to meet one another
            people = self._people_between(sentence.start, sentence.end)
            return tuple(area for area in subjects if area in people), ()
        return tuple(subjects), tuple(self._party(*self._with_apposed(match.span(1), sentence)))

    def _with_apposed(self, phrase: Area, sentence: Sentence) -> Area:
        """Return the name after the comma in "with the country's president, Ana Petrova"."""
        if any(self._may_meet(m) for m in self.mentions.within(*phrase)):
            return phrase
        apposed = re.compile(r"[^,.]{0,40}, ").match(self._text, phrase[1], sentence.end)
        named = [m for m in self.mentions.within(phrase[1], sentence.end) if apposed and m.start == apposed.end()]
        return (named[0].start, named[0].end) if named else phrase

    def _subjects(self, sentence: Sentence, trigger: Area) -> list[Area]:
        """Return the names before the trigger in its clause; who reports it stands in another."""
        start = _clause(self._text, sentence, trigger)[0]
        verb, opening = self._content(start, trigger)
        speakers: list[Area] = []
        if verb and opening in {"he", "she"}:
            speakers = [self._full(m) for m in self.mentions.within(start, verb[0])[-1:]]
        return [*speakers, *(self._full(m) for m in self.mentions.within(verb[1] if verb else start, trigger[0]) if self._may_meet(m))]

    def _content(self, start: int, trigger: Area) -> tuple[Area | None, str]:
        """Return the last verb between an offset and the trigger that opens reported content, and the content's pronoun."""
        verb: Area | None = None
        pronoun = ""
        for word in re.finditer(r"\b[a-z]+\b", self.masked[start : trigger[0]]):
            if word.group() in SPEECH_VERBS and (opening := _CONTENT.match(self.masked, start + word.end(), trigger[0])):
                verb = (start + word.start(), start + word.end())
                pronoun = (opening["subject"] or opening["pronoun"] or "").casefold()
        return verb, pronoun

    def _party(self, start: int, end: int) -> list[Area]:
        """Return the names in a noun phrase, or the phrase itself where it has none."""
        names = [m for m in self.mentions.within(start, end) if self._may_meet(m)]
        people = [self._full(m) for m in names if self.mentions.is_person(self.mentions.fullest(m))]
        if names:
            return people or [self._full(m) for m in names]
        phrase = self._text[start:end]
        lead = len(phrase) - len(re.sub(r"^(?:the|other|his|her|their|its|some)\s+", "", phrase.lstrip(), flags=re.IGNORECASE))
        is_role = bool(phrase.split()) and phrase.split()[-1].casefold() in TITLES | PERSON_NOUNS
        if not phrase.strip() or _PAIR.search(phrase) or (self.mentions.within(start, end) and not is_role):
            return []
        return [(start + lead, end)]

    def _may_meet(self, mention: Mention) -> bool:
        """Whether a name may be a party: no place, event or adjective, and not the owner of something ("Petrova’s spokesman")."""
        if _OWNER.match(self._text, mention.end) or _NUMBERED.match(self._text, mention.end):
            return False
        return not self._is_place(mention) and not _EVENT_HEAD.search(mention.text) and not self.mentions.is_adjective(mention, self._text)

    def _full(self, mention: Mention) -> Area:
        full = self.mentions.fullest(mention)
        return full.start, full.end

    def _people_between(self, start: int, end: int) -> list[Area]:
        found: dict[str, Area] = {}
        for mention in self.mentions.within(start, end):
            full = self.mentions.fullest(mention)
            named = not any(word in NOT_PEOPLE for word in full.text.casefold().split())
            if named and self._may_meet(mention) and self.mentions.is_person(full) and not self.mentions.is_place(full):
                found.setdefault(full.text, (full.start, full.end))
        return list(found.values())


def _is_reporting(before: str) -> bool:
    """Whether a date that follows is that of somebody's words: "he said on Monday", but not "he said that on Monday"."""
    for word in reversed(re.findall(r"[\w’'-]+", before)[-7:]):
        if word.casefold() == "that" or _TRIGGER.match(word):
            return False
        if word.casefold() in SPEECH_VERBS:
            return True
    return False


def _event_start(text: str, start: int, head: int) -> int:
    """Return where the event's name starts: before the words in capitals and the like in front of its noun."""
    first = head
    for word in reversed(list(re.finditer(r"\S+", text[start:head]))):
        if not _EVENT_WORD.match(word.group()):
            break
        first = start + word.start()
    while text[first:head].split(" ")[0] in {"of", "for", "and"}:
        first = text.index(" ", first) + 1
    dated = _AS_WITH_DATE.match(text[first:head])
    return first + dated.end() if dated else first


def _clause(text: str, sentence: Sentence, trigger: Area) -> Area:
    """Return the clause of the sentence that holds the trigger."""
    start, end = sentence.start, sentence.end
    for match in _BREAK.finditer(text, sentence.start, sentence.end):
        if match.end() <= trigger[0]:
            start = match.end()
        elif match.start() >= trigger[1]:
            return start, match.start()
    return start, end


def _kind(text: str, clause: Area, trigger: Area) -> str:
    if _CALL.search(text, *clause):
        return "call"
    near = max(clause[0], trigger[0] - 30), min(clause[1], trigger[1] + 15)
    return "encounter" if _ENCOUNTER.search(text, *near) else "in_person"


def _distance(area: Area, trigger: Area) -> int:
    """Characters between; twice as far where the trigger comes later, for "a meeting in Oslo" is the usual order."""
    return area[0] - trigger[1] if area[0] >= trigger[1] else 2 * max(0, trigger[0] - area[1])

