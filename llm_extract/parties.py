"""Parties: of whom the grammar around a word says that they meet."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from llm_extract.circumstances import Circumstances, is_event
from llm_extract.clauses import PAIR, Area, clause_of, is_verb, opens_content
from llm_extract.lexicon import NOT_PEOPLE, PEOPLE, TITLES
from llm_extract.mentions import Mention, Mentions
from llm_extract.groups import Groups
from llm_extract.numbering import NumberedArticle, Sentence
from llm_extract.phrases import main_start, subject_of
from llm_extract.sources import Sources

__all__ = ["Parties"]

_BETWEEN = re.compile(
    r"[^.;]{0,80}?\bbetween ([^;]+?),? and ([^;]+?)"
    r"(?=,|;|(?<![A-Z])\.(?:\s|$)|$| (?:in|at|on|to|over|about|after|before|took|last|this|next|was|were|is|are|has|have|had|will|would|may|might|"
    r"could|should|saw|resulted|ended|began|begun|started|failed|collapsed|broke|resumed|lasted|scheduled|planned|set|due|aimed|that|which|since|"
    r"during|for|under|until) )"
)
_LINK = re.compile(r"\s+(?:[\w’'-]+\s+){0,6}?(?:with|by)\s+(?:both\s+)?|\s+of\s+")
"""What joins a meeting to who is met: "talks on fish with …"."""
_DAY = re.compile(r"\s(?:on )?(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|yesterday|today|last week)(?= )")
_STOP = re.compile(r"[.;:—()]\s|\b(?:in|at|on|after|before|during|for|about|over|from|since|that|who|which|when|while|as|whether|if)\b")
"""What ends the phrase that names who is met."""
_AND = re.compile(r"(?:,[^,.;]{0,60})?,? (?:and|&|(?:together|along) with|as well as|alongside) (?:[\w.’'-]+,? ){0,6}$")
_COMMA = re.compile(r", (?:[\w.’'-]+ ){0,6}$")
_HYPHENATED = re.compile(r"(?<![\w-])([A-Z][\w’']+)[-–/]([A-Z][\w’']+)\s(?:[\w-]+ ){0,2}$")
"""Two names before a word for a meeting: "the Petrova-Lang talks"."""
_FARTHEST = 70
"""Characters from a meeting to who is met."""
_REACH = 250
"""Characters in which a clause has named its subject."""
_SENTENCES_BACK = 5
"""Sentences in which whom a pronoun means is looked for."""
_PRONOUN = re.compile(r"\b(?:he|she)\b", re.IGNORECASE)
_TAKEN_UP = re.compile(r"\b(?:where|when|while|before|after|because) (?:he|she)\b")
"""A pronoun that stands for the subject of the main clause, whoever else was named since."""
_PRONOUN_AND = re.compile(r"\b(?:he|she) and\b", re.IGNORECASE)
_AND_VERB = re.compile(r"\band\s$")
_WHO = re.compile(r",? who\s$")
_ACCORDING = re.compile(r"according to [^,]{1,80},\s", re.IGNORECASE)
_BODY = r"[Tt]he (?:[\w’'-]+ ){0,5}?[\w’'-]+"
_BOTH = re.compile(
    rf"(?:^|(?<=\W))(?P<one>{_BODY}),? and (?P<other>{_BODY}) (?:(?:had|have|will|would|may|could|last|first|also|then) ){{0,2}}$"
)
"""Two bodies that meet: "the union and the alliance have met"."""
_DETERMINER = re.compile(r"\s*(?:the|other|his|her|their|its|some)\s+", re.IGNORECASE)
_OWNER = re.compile(r"['’]s? (?!(?:\w+ )?(?:meeting|talks|summit|encounter|visit|call)\b)")
_NUMBERED = re.compile(r" of (?:\d|Seven|Eight|Twenty)")
_ASIDE = re.compile(
    r"\b(?<!led )(?<!headed )(?:by|than|alongside|(?:together|along) with)\s(?:the\s|an?\s|his\s|her\s|their\s|its\s)?(?:[a-z-]+,?\s){0,3}$"
)
"""What stands before a name that only belongs to what is said of the subject."""
_GOVERNED = re.compile(r"\b(?:of|for|from|about|against|on|to|into|over|under|toward|towards)\s(?:the\s)?$")
_INSERTION = re.compile(r", (?:who|whose|which|after|before|following|accompanied by|along with|together with)\b[^,;]{1,120},")
_LED = re.compile(r",? (?:which (?:is|was) )?(?:led|headed) by\b")
_DEFINITE = re.compile(r"(?:the|his|her|their|its|this|that|[\w.-]+['’]s)\s", re.IGNORECASE)
_COUNTERPART = re.compile(r"\s*(?:his|her|their|its|the) (?:new )?(?P<country>[A-Z][\w.]+)?(?: [a-z]+){0,2} ?counterparts?\b")


@dataclass
class Parties:
    """Finds who meets whom in the sentences of one article."""

    article: NumberedArticle
    masked: str
    """The text with the quotations masked."""
    mentions: Mentions
    circumstances: Circumstances
    _sources: Sources = field(init=False)
    _groups: Groups = field(init=False)
    _may: dict[int, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._sources = Sources(self.article, self.mentions)
        self._groups = Groups(self.masked, self.mentions)

    @property
    def _text(self) -> str:
        return self.article.article.text

    def around(self, sentence: Sentence, trigger: Area) -> tuple[tuple[Area, ...], tuple[Area, ...]]:
        """Return the parties that the grammar around the trigger names, before and behind it."""
        if match := _BETWEEN.match(self.masked, trigger[1], sentence.end):
            return (), tuple(party for group in (1, 2) for party in self._party(*match.span(group)))
        if pair := self._hyphenated(sentence, trigger):
            return (), pair
        subjects, objects = self._subjects(sentence, trigger), self._objects(sentence, trigger)
        if objects:
            return tuple(subjects), tuple(objects)
        people = tuple(area for area in subjects if self._is_somebody(area))
        if not people and (both := _BOTH.search(self.masked, clause_of(self._text, sentence, trigger)[0], trigger[0])):
            one, other = self._party(*both.span("one")), self._party(*both.span("other"))
            return tuple(one[:1]), tuple(other[:1])
        if not people and len(subjects) > 1 and is_verb(self._text, trigger):
            return tuple(subjects[:1]), tuple(subjects[1:])  # "Norvik and Sudovia met"
        return people, ()  # nobody is met: people can be said to meet one another

    def is_group(self, areas: Sequence[Area]) -> bool:
        """Whether they are people without a name, such as "executives"."""
        return any(self.mentions.at(*area) is None and self._groups.is_plural(area) for area in areas)

    def people(self, start: int, end: int) -> list[Area]:
        """Return the full names of all people in an area, each once."""
        found: dict[str, Area] = {}
        for mention in self.mentions.within(start, end):
            full = self.mentions.fullest(mention)
            named = not any(word in NOT_PEOPLE for word in full.text.casefold().split())
            if named and self._may_meet(mention) and self.mentions.is_person(full) and not self.mentions.is_place(full):
                found.setdefault(full.text, (full.start, full.end))
        return list(found.values())

    def _is_somebody(self, area: Area) -> bool:
        """Whether a full name is a person's."""
        mention = self.mentions.at(*area)
        return mention is not None and self.mentions.is_person(mention) and not self.mentions.is_place(mention)

    def _hyphenated(self, sentence: Sentence, trigger: Area) -> tuple[Area, ...]:
        match = _HYPHENATED.search(self.masked, max(sentence.start, trigger[0] - _FARTHEST), trigger[0])
        known = [self.mentions.known_as(match[group]) for group in (1, 2)] if match else []
        found = [(full.start, full.end) for full in known if full is not None]
        return tuple(found) if len(found) > 1 else ()

    def _objects(self, sentence: Sentence, trigger: Area) -> list[Area]:
        """Return who is met: the first name behind the word or behind its "with", and those joined to it by "and"."""
        link = _LINK.match(self.masked, trigger[1], min(sentence.end, trigger[1] + _FARTHEST))
        starts = [link.end()] if link else []
        day = _DAY.match(self.masked, trigger[1], sentence.end)
        starts += [day.end() if day else trigger[1]] if is_verb(self._text, trigger) else []
        for start in starts:
            if found := self._met_from(start, sentence.end):
                return found
        return []

    def _met_from(self, start: int, end: int) -> list[Area]:
        """Return the names that open an area, or the group without a name, or whom "his Norvik counterpart" means."""
        names = [m for m in self.mentions.within(start, end) if self._may_meet(m)]
        group = self._groups.opening(start, end)
        named = bool(names) and names[0].start - start <= _FARTHEST and not _STOP.search(self.masked, start, names[0].start)
        if named and not (group and names[0].start > group[0] and not self._belongs(group, names[0])):
            return [self._full(m) for m in self._joined(names)]
        if match := _COUNTERPART.match(self.masked, start, end):
            return self._counterpart(match["country"])
        return [group] if group else []

    def _belongs(self, group: Area, name: Mention) -> bool:
        """Whether a name is that of the group, or in apposition to it: "members of the Millers Union"."""
        return name.start < group[1] or self._text[group[1] : name.start].strip(" ,") in {"", "the"}

    def _counterpart(self, country: str | None) -> list[Area]:
        """Return the person whose role names a country: "the Norvik leader, Boris Lang", for "his Norvik counterpart"."""
        if country is None:
            return []
        for mention in self.mentions.all:
            before = self._text[max(0, mention.start - _FARTHEST) : mention.start]
            if self.mentions.is_person(mention) and re.search(rf"\b{re.escape(country)}\b(?: [\w-]+){{1,3}},? $", before):
                return [self._full(mention)]
        return []

    def _joined(self, names: list[Mention]) -> list[Mention]:
        """Return the first of the names and those that a list goes on with: "Lang, his deputy Vik and Costa"."""
        if self._is_somebody(self._full(names[0])):
            names = [name for name in names if self._is_somebody(self._full(name))]
        joined, listed = names[:1], names[:1]
        for name in names[1:]:
            last = listed[-1]
            if _AND.fullmatch(self.masked, last.end, name.start):
                listed.append(name)
                joined = list(listed)
            elif _COMMA.fullmatch(self.masked, last.end, name.start) and self._is_somebody(self._full(name)):
                listed.append(name)
            else:
                break
        return joined

    def _subjects(self, sentence: Sentence, trigger: Area) -> list[Area]:
        """Return the names before the trigger in its clause; who reports it stands in another. A pronoun is whom it stands for."""
        start = clause_of(self._text, sentence, trigger)[0]
        verb, opening = opens_content(self.masked, start, trigger[0])
        according = _ACCORDING.match(self.masked, start, trigger[0])
        begin = verb[1] if verb else according.end() if according else start
        begin = main_start(self.masked, begin, min(trigger[0], begin + _REACH))
        found = self._named_subjects(begin, trigger[0])
        if not found and _WHO.search(self.masked, sentence.start, start):
            found = [self._full(m) for m in self.mentions.within(sentence.start, start)[-1:]]
        if not found and _AND_VERB.search(self.masked, sentence.start, start):
            found = self.people(sentence.start, start)[:1]  # "Petrova flew home and will meet Lang"
        pronoun = opening in {"he", "she"} or _PRONOUN.search(self.masked, begin, trigger[0])
        if pronoun and (not found or _PRONOUN_AND.search(self.masked, begin, trigger[0])):
            meant = self._meant_by_pronoun(sentence, verb[0] if verb else begin)
            found = [*meant, *(area for area in found if area not in meant)]
        return found or ([] if pronoun else self._described(begin, trigger))

    def _named_subjects(self, begin: int, end: int) -> list[Area]:
        """Return the group that opens the clause, else the names in it, those behind a preposition only where there are no others."""
        group = self._groups.opening(*self._opening(begin, end))
        if group and not _LED.match(self.masked, group[1], end):
            inside = [m for m in self.mentions.within(group[0], end) if not self.circumstances.is_place(m)]
            joined = self._joined(inside) if inside and inside[0].start < group[1] else []
            return [self._full(m) for m in joined] if len(joined) > 1 else [group]  # "delegates of Norvik and Sudovia"
        insertions = [match.span() for match in _INSERTION.finditer(self.masked, begin, end)]
        names = [
            m
            for m in self.mentions.within(begin, end)
            if self._may_meet(m) and not self._is_aside(m, begin) and not any(a <= m.start < b for a, b in insertions)
        ]
        free = [m for m in names if not _GOVERNED.search(self.masked, begin, max(begin, m.start - len(m.role) - bool(m.role)))]
        return [self._full(m) for m in free or names]

    def _is_aside(self, mention: Mention, begin: int) -> bool:
        """Whether a name only belongs to what is said of the subject: "a mission sent by President Petrova", "with his deputy, Lang"."""
        start = mention.start - len(mention.role) - bool(mention.role)
        return bool(_ASIDE.search(self.masked, begin, max(begin, start)))

    def _described(self, begin: int, trigger: Area) -> list[Area]:
        """Return whom a noun phrase in front of the word means, by the role that the article gives them, or the group that it is."""
        phrase = self._opening(begin, trigger[0])
        if phrase[0] == phrase[1]:
            return []
        if _DEFINITE.match(self._text, *phrase):
            bearers = [area for area in self._sources.bearers(phrase, before=phrase[0]) if self._is_somebody(area)]
            if bearers:
                return bearers[:1]
            if self._sources.head(phrase) in PEOPLE | TITLES:
                return self._topic(phrase[0])
        group = self._groups.opening(*phrase)
        return [group] if group else []

    def _topic(self, before: int) -> list[Area]:
        """Return whom the sentence before is about, its first person: "the former diplomat" is another name for them."""
        number = self.article.sentence_at(before).number
        area = self.article.sentences[max(0, number - 2)]
        return self.people(area.start, area.end)[:1] if number > 1 else []

    def _meant_by_pronoun(self, sentence: Sentence, before: int) -> list[Area]:
        """Return the first person of the sentence, or of the nearest one before that names any."""
        for number in range(sentence.number, max(0, sentence.number - _SENTENCES_BACK), -1):
            area = self.article.sentences[number - 1]
            people = self.people(area.start, min(area.end, before))
            taken_up = number == sentence.number and _TAKEN_UP.search(self.masked, sentence.start, before + _FARTHEST)
            if taken_up and (subject := self._person_who_opens(area.start, before)):
                return [subject]
            if people:
                return people[-1:] if number == sentence.number else people[:1]
        return []

    def _opening(self, begin: int, end: int) -> Area:
        """Return the noun phrase that opens an area; a far end is cut off, for no subject is that long."""
        return subject_of(self.masked, begin, min(end, begin + _REACH))

    def _person_who_opens(self, start: int, before: int) -> Area | None:
        """Return the person who is the subject of a sentence: by name, or by the role that the article gives them."""
        phrase = self._opening(start, before)
        if phrase[0] == phrase[1]:
            return None
        named = self._sources.name_in(phrase)
        bearers = self._sources.bearers(phrase, before=phrase[0]) if _DEFINITE.match(self._text, *phrase) else []
        return next((area for area in (named, *bearers) if area and self._is_somebody(area)), None)

    def _party(self, start: int, end: int) -> list[Area]:
        """Return the names in a noun phrase, or the phrase itself where it has none."""
        names = [m for m in self.mentions.within(start, end) if self._may_meet(m)]
        people = [self._full(m) for m in names if self.mentions.is_person(self.mentions.fullest(m))]
        if names:
            return people or [self._full(m) for m in names]
        phrase = self._text[start:end]
        determiner = _DETERMINER.match(phrase)
        is_role = bool(phrase.split()) and self._groups.is_role(phrase.split()[-1].casefold())
        if not phrase.strip() or PAIR.search(phrase) or (self.mentions.within(start, end) and not is_role):
            return []
        return [(start + (determiner.end() if determiner else 0), end)]

    def _may_meet(self, mention: Mention) -> bool:
        """Whether a name may be a party: no place, event or adjective, and not the owner of something ("Petrova’s spokesman")."""
        if mention.start not in self._may:
            other = _OWNER.match(self._text, mention.end) or _NUMBERED.match(self._text, mention.end)
            other = other or self.circumstances.is_place(mention) or is_event(mention.text) or self._groups.qualifies(mention)
            self._may[mention.start] = not other and (not self.mentions.is_adjective(mention, self._text) or self._is_short(mention))
        return self._may[mention.start]

    def _is_short(self, mention: Mention) -> bool:
        """Whether a name that looks like an adjective is the last name of somebody: "Bianchi and Costa"."""
        full = self.mentions.fullest(mention)
        return full != mention and self.mentions.is_person(full)

    def _full(self, mention: Mention) -> Area:
        full = self.mentions.fullest(mention)
        return full.start, full.end
