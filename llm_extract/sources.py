"""From the noun phrase of a cue's source to whom it means: a full name, a document's owner, a role's bearer, a company named before."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field

from llm_extract.descriptions import NATIONALS, age_in, describes_organisation, describes_person, gender_in
from llm_extract.lexicon import (
    AUXILIARIES,
    CLAUSE_OPENERS,
    DEMONYMS,
    INSTITUTION_WORDS,
    ORGANISATION_NOUNS,
    PEOPLE,
    PERSON_NOUNS,
    PLURAL_NOUNS,
    POST_NOMINALS,
    PREPOSITIONS,
    PRONOUNS,
    SPEECH_NOUNS,
    SPEECH_VERBS,
    TITLES,
)
from llm_extract.mentions import Mention, Mentions
from llm_extract.numbering import NumberedArticle

__all__ = ["Area", "Sources"]

Area = tuple[int, int]
"""Half-open offsets in code points."""

_CONTEXT = 40
"""Code points before a name in which its bearer's role may stand."""
_APPOSITION = re.compile(r",\s(?:(?:who|which) (?:is|was|has been) )?(?:the|a|an|its|his|her|their|[\w’']+['’]s)?\s?([^,.;:“\"]{2,80})")
_KIND_AFTER = re.compile(
    r"(?:(?:state|daily|weekly|news|media|television|TV|radio|rights|political|opposition)\s)*"
    r"(?:agency|newspaper|paper|broadcaster|channel|network|station|group|company|firm|party|movement|union|magazine|website|service)"
)
"""What says of a name what it is the name of: "KCNA news agency"."""
_SAME_OFFICE = {
    "judge": ("justice", "magistrate"),
    "lawyer": ("attorney", "barrister", "solicitor", "counsel"),
    "attorney": ("lawyer",),
    "spokesman": ("spokesperson",),
    "spokeswoman": ("spokesperson",),
    "spokesperson": ("spokesman", "spokeswoman"),
    "leader": ("president", "premier", "chancellor"),
    "boss": ("manager", "coach", "chief"),
    "coach": ("manager",),
    "manager": ("coach",),
}
"""Words that news uses in turn for one office."""
_WORD_BEFORE = re.compile(r"\b([a-z]+),? $")
_AGED = re.compile(r", (?:aged )?\d{1,3}[,.]")
_INDEFINITE = frozenset({"a", "an", "one", "another", "some", "two", "three", "several", "many", "both", "other"})
_BY = re.compile(
    r"\s(?:(?:was |were |has been )?(?:released|issued|published|posted|signed|sent|written|put out|made|given) )?"
    r"(?:by|from|of|on behalf of)\s(?:the |a |an |its )?"
)
_ISSUED = frozenset({"released", "issued", "published", "posted", "signed", "sent", "obtained", "seen"})
_DOCUMENT_REACH = 1500
"""Code points back to the document that "the statement" means."""
_PERSONAL_DOCUMENTS = frozenset(
    {
        "statement",
        "declaration",
        "communique",
        "communiqué",
        "release",
        "letter",
        "post",
        "tweet",
        "message",
        "email",
        "memo",
        "note",
        "response",
        "reply",
    }
)
"""What whoever was named before has put out; a report or a website rather speaks for itself."""
_MOST_DOCUMENTS = 6
_MOST_BEARERS = 6
_NO_PART_OF_A_NAME = PRONOUNS | AUXILIARIES | CLAUSE_OPENERS - {"and"}
_LEAD = re.compile(r"(?:\b(?:the|a|an)\s)?(?:[\w’'.-]+\s){0,3}$", re.IGNORECASE)
"""What may stand before the noun of a document in its phrase."""


@dataclass
class Sources:
    """Resolves the noun phrases of one article."""

    article: NumberedArticle
    mentions: Mentions
    _bearers: defaultdict[str, list[Mention]] = field(default_factory=lambda: defaultdict(list))
    _occupations: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _ends: dict[str, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for mention in self.mentions.all:
            for word in self._roles(mention):
                self._bearers[word].append(mention)
                if word in PERSON_NOUNS:
                    self._occupations[mention.last].add(word)
        self._ends = {word: [m.end for m in bearers] for word, bearers in self._bearers.items()}

    def text(self, area: Area) -> str:
        """Return the article's characters there."""
        return self.article.article.text[area[0] : area[1]]

    def full(self, area: Area) -> Area:
        """Return where the fullest form of the name in `area` stands; the area itself where it is no name."""
        mention = self.mentions.at(*area)
        full = self.mentions.fullest(mention) if mention else None
        return (full.start, full.end) if full else area

    def is_person(self, area: Area) -> bool:
        """Whether a name or a noun phrase looks like one person's."""
        mention = self.mentions.at(*area)
        if mention is None:
            return self.head(area) in PEOPLE | TITLES
        return (self.mentions.is_person(mention) or self._is_apposed_person(mention)) and not self.mentions.is_place(mention)

    def _is_apposed_person(self, mention: Mention) -> bool:
        """Whether a noun for a person or an age stands beside a single name: "his wife, Ainura,", "Agus, a fisherman", "Nikos, 34,"."""
        if mention.text.isupper():
            return False
        text = self.article.article.text
        before = _WORD_BEFORE.search(text, max(0, mention.start - _CONTEXT), mention.start)
        if before and before[1].casefold() in PEOPLE:
            return True
        apposed = _APPOSITION.match(text, mention.end)
        return bool(apposed and _noun_of(apposed[1]) & PEOPLE) or _AGED.match(text, mention.end) is not None

    def head(self, phrase: Area) -> str:
        """Return the head noun in small letters: the last word before the first preposition."""
        words = [word.strip(",.()").casefold() for word in self.text(phrase).split()]
        tail = next((i for i, word in enumerate(words) if i and word in PREPOSITIONS), len(words))
        return words[tail - 1] if words else ""

    def name_in(self, phrase: Area) -> Area | None:
        """Return the fullest form of the name that heads a noun phrase; None where its head is no name."""
        mentions = self.mentions.within(*phrase)
        text = self.article.article.text
        for index, mention in enumerate(mentions):
            rest = text[mention.end : phrase[1]].strip(" .")
            following = rest.split()[0].casefold().strip(",()") if rest else ""
            if rest in POST_NOMINALS or (rest and _KIND_AFTER.fullmatch(rest)):
                return self.full((mention.start, mention.end))
            if rest and following not in PREPOSITIONS | {"", "and"} and rest[:1] not in ",(":
                continue
            before = text[phrase[0] : mention.start].strip().removesuffix(mention.role).split()
            linked = any(word.casefold() in PREPOSITIONS for word in before)
            if not linked or (index == len(mentions) - 1 and (not _has_head(before) or before[-1].endswith(","))):
                return self.full((mention.start, mention.end))
        return None

    def owner(self, phrase: Area, *, recent: list[Area]) -> Area | None:
        """Return whose document a phrase names ("the ministry’s report", "the statement"); None where it names none.

        Args:
            phrase: The noun phrase.
            recent: Subjects of the sentences before, the nearest first, for a document without an owner of its own.
        """
        noun = self._document(phrase)
        if noun is None:
            return None
        return self._stated_owner(phrase, noun) or self._earlier_owner(noun) or self._likely_owner(phrase, recent)

    def is_document(self, phrase: Area) -> bool:
        """Whether a phrase is headed by a document: "the statement"."""
        return self._document(phrase) is not None

    def bearers(self, phrase: Area, *, before: int) -> list[Area]:
        """Return those whose role is the head of a definite phrase: "the prince" for Prince Boris, the last mentioned first."""
        words = self.text(phrase).split()
        if not words or words[0].casefold() in _INDEFINITE or words[0][0].isdigit():
            return []
        known = self._called(self.head(phrase), before) or [
            mention for head in _SAME_OFFICE.get(self.head(phrase), ()) for mention in self._called(head, before)
        ]
        modifiers = {word.casefold() for word in words[:-1] if word[0].isupper() and word.casefold() not in TITLES | {"the"}}
        found = [m for m in reversed(known[-50:]) if m.start < phrase[0] and not self._conflicts(m, modifiers)]
        return list(dict.fromkeys(self.full((m.start, m.end)) for m in found))[:_MOST_BEARERS]

    def _called(self, head: str, before: int) -> list[Mention]:
        """Return those whose role is a noun and who were mentioned before an offset, in the order of the text."""
        return self._bearers.get(head, [])[: bisect_left(self._ends.get(head, []), before + 1)]

    def apposed(self, phrase: Area) -> Area | None:
        """Return the name that follows a phrase between commas: "her husband, Boris Lund, …"."""
        text = self.article.article.text
        found = self.mentions.beginning(phrase[1] + 2, phrase[1] + 3) if text.startswith(", ", phrase[1]) else []
        return self.full((found[0].start, found[0].end)) if found and text[found[0].end : found[0].end + 1] in {",", "."} else None

    def described(self, phrase: Area, people: list[Area]) -> list[Area]:
        """Return who is meant by "the Swede", "the 58-year-old", "the striker"; empty where the phrase describes nobody named.

        Args:
            phrase: The noun phrase.
            people: Those mentioned before, the likeliest first.
        """
        text, head = self.text(phrase), self.head(phrase)
        if not describes_person(text, head) or self._is_introduced(head, phrase[0]):
            return []
        years = age_in(text)
        aged = [area for area in self._of_age(years) if area[0] < phrase[0]] if years else []
        return list(dict.fromkeys([*aged, *sorted(people, key=lambda area: self._has_other_occupation(area, head))]))

    def _has_other_occupation(self, area: Area, head: str) -> bool:
        """Whether the article calls somebody by an occupation, and never by this one."""
        mention = self.mentions.at(*area)
        if mention is None or head not in PERSON_NOUNS:
            return False
        known = self._occupations[mention.last]
        return bool(known) and head not in known

    def may_be_named_later(self, phrase: Area) -> bool:
        """Whether a phrase describes one person whom the next paragraph may name: "a Cornish farmer", "the victim’s mother"."""
        words = self.text(phrase).split()
        return (
            len(words) > 1 and words[0].casefold() in {"a", "an", "the"} and describes_person(f"the {self.head(phrase)}", self.head(phrase))
        )

    def gender(self, phrase: Area) -> str | None:
        """Return "he" or "she" where the head of a phrase says so."""
        return gender_in(self.head(phrase))

    def is_national(self, phrase: Area) -> bool:
        """Whether a phrase is "the Swede" or "the Italian", no name."""
        words = self.text(phrase).split()
        return len(words) > 1 and words[0].casefold() == "the" and words[-1].casefold() in NATIONALS | DEMONYMS

    def _is_introduced(self, head: str, before: int) -> bool:
        """Whether somebody without a name was called so before: "a stewardess …, the stewardess said"."""
        pattern = re.compile(rf"\b(?:an?|one|another)\s(?:[\w-]+\s){{0,3}}?{re.escape(head)}\b(?!,? [A-Z]|, \w+ [A-Z])")
        return pattern.search(self.article.article.text, max(0, before - _DOCUMENT_REACH), before) is not None

    def _of_age(self, years: str) -> list[Area]:
        """Return those whose age the article gives as this: "Ana Petrova, 58," or "58-year-old Ana Petrova"."""
        text = self.article.article.text
        found = [
            m
            for m in self.mentions.all
            if text.startswith(f", {years}", m.end) or text[max(0, m.start - _CONTEXT) : m.start].endswith(f"{years}-year-old ")
        ]
        return [self.full((m.start, m.end)) for m in found]

    def own(self, phrase: Area) -> Area:
        """Take the definite article off a noun phrase."""
        text = self.text(phrase)
        lead = len(text) - len(text.removeprefix("The ").removeprefix("the "))
        return phrase[0] + lead, phrase[1]

    def may_speak(self, phrase: Area) -> bool:
        """Whether a phrase can name a speaker at all: no verb or pronoun in it, and a noun at its end."""
        words = [word.strip(",.;:()") for word in self.text(phrase).split()]
        plain = [word.casefold() for word in words if word]
        if (
            not plain
            or any(word in _NO_PART_OF_A_NAME for word in plain)
            or any(word in SPEECH_VERBS - PLURAL_NOUNS - SPEECH_NOUNS for word in plain[1:])
        ):
            return False
        last = plain[-1]
        adjective = last in DEMONYMS or re.fullmatch(r".+-(?:based|born|backed|led|listed|speaking|[a-z]+an|[a-z]+ese|french)", last)
        unfinished = last in PREPOSITIONS or last.endswith(("'s", "’s")) or (words[-1].isupper() and plain[0] in {"a", "an"})
        return not adjective and not unfinished and not last.isdigit()

    def is_generic_organisation(self, phrase: Area) -> bool:
        """Whether a phrase is "the company" and the like, which means the organisation named before."""
        return describes_organisation(self.text(phrase), self.head(phrase))

    def _conflicts(self, mention: Mention, modifiers: set[str]) -> bool:
        """Whether the phrase says of which country, and the bearer's role says another."""
        stated = {word.casefold() for word in mention.role.split() if word.casefold() in DEMONYMS}
        asked = modifiers & DEMONYMS
        return bool(stated and asked and not stated & asked)

    def _roles(self, mention: Mention) -> set[str]:
        """Return the words by which the bearer of a name may be meant later: titles, nouns around it, an institution's own noun."""
        text = self.article.article.text
        before = _qualifiers(text[max(0, mention.start - _CONTEXT) : mention.start].split()[-4:])
        apposed = _APPOSITION.match(text, mention.end)
        after = _noun_of(apposed[1]) if apposed else set()
        own = [word for word in mention.text.casefold().split() if word in INSTITUTION_WORDS]
        nouns = PEOPLE | ORGANISATION_NOUNS | TITLES
        return {word.strip(",.") for word in (*mention.role.casefold().split(), *before, *after) if word.strip(",.") in nouns} | set(own)

    def _document(self, phrase: Area) -> re.Match[str] | None:
        """Return the noun of a document that heads a phrase or ends it."""
        head = self.head(phrase)
        words = list(re.finditer(r"[^\W\d_]+", self.text(phrase)))
        if len(words) > 1 and words[-1].group() in _ISSUED:
            words.pop()
            head = words[-1].group().casefold()
        last = words[-1].group().casefold() if words else ""
        heads = head in SPEECH_NOUNS and not (head == "release" and last in SPEECH_NOUNS)
        wanted = head if heads else last if last in SPEECH_NOUNS else ""
        found = [word for word in words if word.group().casefold() == wanted and word.group()[0].islower()]
        return re.compile(r"[^\W\d_]+").match(self.article.article.text, phrase[0] + found[-1].start()) if found else None

    def _stated_owner(self, phrase: Area, noun: re.Match[str]) -> Area | None:
        """Return the owner that stands beside a document: "a White House statement", "the ministry’s report", "a report by the bank"."""
        text = self.article.article.text
        if link := _BY.match(text, noun.end()):
            named = [m for m in self.mentions.within(link.end(), link.end() + 60) if m.start - link.end() <= _CONTEXT]
            between = text[link.end() : named[0].start] if named else ""
            if named and not re.search(r"[,.;]", between.rstrip("."), re.IGNORECASE):
                return self.full((named[0].start, named[0].end))
        ahead = [m for m in self.mentions.within(max(0, phrase[0]), noun.start()) if not self._is_adjective(m)]
        if ahead:
            return self.full((ahead[-1].start, ahead[-1].end))
        before = re.search(r"([^\W\d_]+)(?:['’]s?)?\s(?:\w+\s)?$", text[phrase[0] : noun.start()])
        if before and before[1].casefold() in ORGANISATION_NOUNS | PEOPLE:
            span = (phrase[0] + before.start(1), phrase[0] + before.end(1))
            return next(iter(self.bearers(span, before=span[0])), span)
        return None

    def _earlier_owner(self, noun: re.Match[str]) -> Area | None:
        """Return the owner that an earlier mention of the document states."""
        text = self.article.article.text
        window = max(0, noun.start() - _DOCUMENT_REACH)
        earlier_nouns = list(re.finditer(rf"\b{re.escape(noun.group())}\b", text[window : noun.start()]))
        for match in reversed(earlier_nouns[-_MOST_DOCUMENTS:]):
            earlier = re.compile(r"[^\W\d_]+").match(text, window + match.start())
            here = window + match.start()
            near = text[max(0, here - _CONTEXT) : here]
            lead = _LEAD.search(near)
            start = here - len(near) + lead.start() if lead else here
            if earlier and (owner := self._stated_owner((start, earlier.end()), earlier)):
                return owner
        return None

    def _likely_owner(self, phrase: Area, recent: list[Area]) -> Area | None:
        """Return the nearest subject before, an institution rather than a person, for "the statement" and its like."""
        words = self.text(phrase).casefold().split()
        if len(words) != len(("the", "statement")) or words[0] in _INDEFINITE or words[-1] not in _PERSONAL_DOCUMENTS:
            return None
        return next((area for area in recent if not self.is_person(area)), next(iter(recent), None))

    def _is_adjective(self, mention: Mention) -> bool:
        return self.mentions.is_adjective(mention, self.article.article.text)


def _qualifiers(words: list[str]) -> list[str]:
    """Return those of the words before a name that may qualify it, in small letters: back to a verb or a mark of punctuation."""
    kept: list[str] = []
    for word in reversed(words):
        plain = word.strip(",.;:").casefold()
        ended = word[-1] in ",;:" if kept else word[-1] in ";:"
        if ended or plain in SPEECH_VERBS - PLURAL_NOUNS | AUXILIARIES:
            break
        kept.append(plain)
    return kept


def _noun_of(apposition: str) -> set[str]:
    """Return the head noun of an apposition, in small letters."""
    return set(re.split(r"\s(?:of|for|at|from|in|to|who|whose|which|that|and)\s", apposition)[0].casefold().split()[-1:])


def _has_head(words: list[str]) -> bool:
    """Whether a phrase that goes on with "for", "of" … has its own head before: "a spokesman for the ministry"."""
    nouns = PEOPLE | ORGANISATION_NOUNS
    plain = [word.casefold() for word in words]
    return any(
        w not in PREPOSITIONS | {"the", "a", "an"} and (word[0].islower() or w in nouns or w.removesuffix("s") in nouns)
        for w, word in zip(plain, words, strict=True)
    )
