"""Parties: of whom the grammar around a word says that they meet."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from llm_extract.circumstances import Circumstances, is_event
from llm_extract.clauses import PAIR, Area, clause_of, is_verb, opens_content
from llm_extract.groups import Groups
from llm_extract.lexicon import NOT_PEOPLE, PEOPLE, TITLES
from llm_extract.mentions import Mention, Mentions
from llm_extract.numbering import NumberedArticle, Sentence
from llm_extract.phrases import main_start
from llm_extract.referents import REACH, Referents

__all__ = ["Parties"]

_BETWEEN = re.compile(
    r"[^.;]{0,80}?\bbetween ([^;]+?),? and ([^;]+?)"
    r"(?=,|;|(?<![A-Z])\.(?:\s|$)|$| (?:in|at|on|to|over|about|after|before|took|last|this|next|was|were|is|are|has|have|had|"
    r"will|would|may|might|"
    r"could|should|saw|resulted|ended|began|begun|started|failed|collapsed|broke|resumed|lasted|scheduled|planned|set|due|aimed|that|which|since|"
    r"during|for|under|until) )"
)
_LINK = re.compile(r"\s+(?:[\w’'-]+\s+){0,6}?(?:with|by)\s+(?:both\s+)?")
"""What joins a meeting to who is met: "talks on fish with …"."""
_OF = re.compile(r"\s+of\s+")
_HOLD = re.compile(r"\b(?:held|hold|began|begin|resumed?|start(?:ed)?|opened?|had|have|had)\b[^,;]{0,40}$")
_OBJECT = re.compile(r"\s*(?:him|her)(?=[.,;]|$| (?:on|in|at|to|for|and|after|before|later|again|there|here|last|this|next)\b)")
_DAY = re.compile(r"\s(?:on )?(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|yesterday|today|last week)(?= )")
_STOP = re.compile(
    r"(?<![A-Z])[.;:—()]\s|[”»]|\bto (?!(?:the|an?|his|her|its|their)\b)[a-z]+ (?:the|an?|his|her|its|their)\b|"
    r"\b(?:in|at|on|after|before|during|for|about|over|from|since|that|who|which|when|while|as|whether|if)\b"
)
"""What ends the phrase that names who is met."""
_AND = re.compile(
    r"(?:,[^,.;]{0,60}| (?:on|in|at|that|last|yesterday|today)\b[^,.;]{0,30}?)?,? (?:and|&|(?:together|along) with|as well as|"
    r"alongside) (?:[\w.’'-]+,? ){0,6}$"
)
_AND_OTHER = re.compile(r",? and (?:the |its |his |her |their )?")
_APPOSED = re.compile(r", (?:[A-Z][\w.’'-]+ ){0,4}")
_APART = re.compile(r",? (?:on|in|at|that|last|yesterday|today)\b")
_ENDS = re.compile(r"[.,;]|$| (?:on|in|at|and|this|next|last|yesterday|today|the|an?|two|three|four|five|\d|[A-Z])")
"""What may stand behind the second name where a day or a place stands behind the first: "Lang on Monday and Costa on Friday"."""
_SEPARATELY = re.compile(r"\b(?:separate|separately|individually|in turn|both (?=[A-Z]))", re.IGNORECASE)
_ALSO = re.compile(r"\b(?:also|then|later)\b")
_COMMA = re.compile(r"(?: of [A-Z][\w ]{2,20})?, (?:[\w.’'-]+ ){0,6}$")
_HYPHENATED = re.compile(r"(?<![\w-])([A-Z][\w’']+)[-–/]([A-Z][\w’']+)\s(?:[\w-]+ ){0,2}$")
"""Two names before a word for a meeting: "the Petrova-Lang talks"."""
_FARTHEST = 70
"""Characters from a meeting to who is met."""
_PRONOUN = re.compile(r"\b(?:he|she)\b", re.IGNORECASE)
_THEY = re.compile(r"\s*(?:it|they)\b", re.IGNORECASE)
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
_NUMBERED = re.compile(r" of (?:\d|Seven|Eight|Twenty)| (?:meeting|summit|session)\b")
_ASIDE = re.compile(
    r"\b(?<!led )(?<!headed )(?:by|than|alongside|(?:together|along) with)\s(?:the\s|an?\s|his\s|her\s|their\s|its\s)?(?:[a-z-]+,?\s){0,3}$"
)
"""What stands before a name that only belongs to what is said of the subject."""
_GOVERNED = re.compile(r"\b(?:of|for|from|about|against|on|to|into|over|under|toward|towards)\s(?:the\s)?$")
_INSERTION = re.compile(r", (?:who|whose|which|after|before|following|accompanied by|along with|together with)\b[^,;]{1,120},")
_OWNED = re.compile(r"\s(?:of|from)\s(?:the\s)?")
_TWO_COUNTRIES = re.compile(
    r"\s*(?:[Tt]he )?(?P<one>[A-Z][\w.]+) and (?P<other>[A-Z][\w.]+) (?:(?:prime|foreign|defen[cs]e|finance|trade|senior|top) )*"
    r"(?:delegations|delegates|officials|negotiators|leaders|ministers|presidents|teams|diplomats|envoys|governments|troops)\b"
)
"""Two parties in one phrase: "Norvik and Sudovian officials"."""
_LED = re.compile(r",? (?:which (?:is|was) )?(?:led|headed) by\b")
_DEFINITE = re.compile(r"(?:the|his|her|their|its|this|that|[\w.-]+['’]s)\s", re.IGNORECASE)
_COUNTERPART = re.compile(
    r"\s*(?:his|her|their|its|"
    r"the) (?:new )?(?P<phrase>(?P<country>[A-Z][\w.]+)?(?: ?[a-z]+ ){0,2} ?counterparts?)(?=[.,;]|$| (?:in|on|at|for|from|to|"
    r"about|over|next|this|last)\b)"
)


@dataclass
class Parties:
    """Finds who meets whom in the sentences of one article."""

    article: NumberedArticle
    masked: str
    """The text with the quotations masked."""
    mentions: Mentions
    circumstances: Circumstances
    _groups: Groups = field(init=False)
    _referents: Referents = field(init=False)
    _may: dict[int, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._groups = Groups(self.masked, self.mentions)
        self._referents = Referents(self.article, self.masked, self.mentions, self.people)

    @property
    def _text(self) -> str:
        return self.article.article.text

    def around(self, sentence: Sentence, trigger: Area) -> tuple[tuple[Area, ...], tuple[Area, ...]]:
        """Return the parties that the grammar around the trigger names, before and behind it."""
        if match := _BETWEEN.match(self.masked, trigger[1], sentence.end):
            one, other = (self._party(*match.span(group)) for group in (1, 2))
            return tuple(one), tuple(other)
        together = self._hyphenated(sentence, trigger) or self._together(sentence, trigger)
        if len(together) > 1:
            return tuple(together[:1]), tuple(together[1:])
        return self._by_clause(sentence, trigger)

    def _by_clause(self, sentence: Sentence, trigger: Area) -> tuple[tuple[Area, ...], tuple[Area, ...]]:
        """Return the subjects of the clause, and whom they meet."""
        subjects = self._subjects(sentence, trigger)
        objects = self._objects(sentence, trigger, subjects)
        if objects:
            return tuple(subjects), tuple(objects)
        people = tuple(area for area in subjects if self.is_somebody(area))
        if not people and (both := _BOTH.search(self.masked, clause_of(self._text, sentence, trigger)[0], trigger[0])):
            one, other = self._party(*both.span("one")), self._party(*both.span("other"))
            return tuple(one[:1]), tuple(other[:1])
        if not people and len(subjects) > 1 and (is_verb(self._text, trigger) or _HOLD.search(self.masked, sentence.start, trigger[0])):
            return tuple(subjects[:1]), tuple(subjects[1:])  # "Norvik and Sudovia met"
        return people, ()  # nobody is met: people can be said to meet one another

    def apart(self, sentence: Sentence, trigger: Area, objects: Sequence[Area]) -> list[Area]:
        """Return where those stand who are met each on an occasion of their own, as the word "separately" tells, or a day for each."""
        behind = self.mentions.within(trigger[1], sentence.end)
        places = {self._full(m): m for m in reversed(behind) if self._full(m) in objects}
        local = sorted((m.start, m.end) for m in places.values())
        if len(local) < 2:  # noqa: PLR2004  one alone is met once
            return []
        start = clause_of(self._text, sentence, trigger)[0]
        separate = bool(_SEPARATELY.search(self.masked, start, local[0][0] + 1))
        separate = separate or (len(local) > 2 and bool(_ALSO.search(self.masked, start, trigger[0])))  # noqa: PLR2004  a round of visits
        gaps = [_APART.match(self.masked, one[1], other[0]) for one, other in pairwise(local)]
        return local if separate or any(gaps) else []

    def full(self, area: Area) -> Area:
        """Return where the fullest form of the name stands that stands there."""
        mention = self.mentions.at(*area)
        return self._full(mention) if mention else area

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

    def is_somebody(self, area: Area) -> bool:
        """Whether a full name is a person's."""
        return self._referents.is_somebody(area)

    def _together(self, sentence: Sentence, trigger: Area) -> list[Area]:
        """Return those whom a list behind the word names all: "a summit of Lang, Vik and Costa", "will bring together Lang and Vik"."""
        link = _OF.match(self.masked, trigger[1], sentence.end)
        if not link and not self._text[slice(*trigger)].rstrip().casefold().endswith("together"):
            return []
        return self._met_from(link.end() if link else trigger[1], sentence.end, groups=False)

    def _hyphenated(self, sentence: Sentence, trigger: Area) -> list[Area]:
        match = _HYPHENATED.search(self.masked, max(sentence.start, trigger[0] - _FARTHEST), trigger[0])
        known = [self.mentions.known_as(match[group]) for group in (1, 2)] if match else []
        return [(full.start, full.end) for full in known if full is not None]

    def _objects(self, sentence: Sentence, trigger: Area, subjects: Sequence[Area]) -> list[Area]:
        """Return who is met: the first name behind the word or behind its "with", and those joined to it by "and"."""
        link = _LINK.match(self.masked, trigger[1], min(sentence.end, trigger[1] + _FARTHEST))
        starts = [link.end()] if link else []
        day = _DAY.match(self.masked, trigger[1], sentence.end)
        starts += [day.end() if day else trigger[1]] if is_verb(self._text, trigger) else []
        for start in starts:
            if found := self._met_from(start, sentence.end, subjects=subjects):
                return found
        return []

    def _met_from(self, start: int, end: int, *, groups: bool = True, subjects: Sequence[Area] = ()) -> list[Area]:
        """Return the names that open an area, or the group without a name, or whom "his Norvik counterpart" means."""
        if match := _COUNTERPART.match(self.masked, start, end):
            apposed = [m for m in self.mentions.within(match.end(), end) if _APPOSED.fullmatch(self.masked, match.end(), m.start)]
            found = self._referents.counterpart(match["country"], of=subjects) or [match.span("phrase")]
            return [self._full(m) for m in apposed[:1]] or found
        names = [m for m in self.mentions.within(start, end) if self._may_meet(m)]
        group = self._groups.opening(start, end) if groups else None
        opens = _with_role(names[0]) if names else end
        near = opens - start <= _FARTHEST
        named = bool(names) and near and (not _STOP.search(self.masked, start, opens) or self._apposed(start, names[0]))
        if named and not (group and names[0].start > group[0] and not self._belongs(group, names[0])):
            return [self._full(m) for m in self._joined(names)]
        if pronoun := _OBJECT.match(self.masked, start, end):
            return self._referents.him(self.article.sentence_at(start), pronoun.start())
        return [group] if group else []

    def _apposed(self, start: int, name: Mention) -> bool:
        """Whether an office stands before the name, with a comma: "the electoral chief in Lima, Boris Lang"."""
        phrase = self._text[start : name.start].strip()
        return phrase.endswith(",") and phrase.count(",") == 1 and self._groups.is_role(self._referents.sources.head((start, name.start)))

    def _belongs(self, group: Area, name: Mention) -> bool:
        """Whether a name is that of the group, or in apposition to it: "members of the Millers Union"."""
        return name.start < group[1] or self._text[group[1] : name.start].strip(" ,") in {"", "the"}

    def _joined(self, names: list[Mention]) -> list[Mention]:
        """Return the first of the names and those that a list goes on with: "Lang, his deputy Vik and Costa"."""
        if self.is_somebody(self._full(names[0])):
            names = [name for name in names if self.is_somebody(self._full(name))]
        joined, listed = names[:1], names[:1]
        for name in names[1:]:
            last = listed[-1]
            if _AND.fullmatch(self.masked, last.end, name.start):
                if _APART.match(self.masked, last.end, name.start) and not _ENDS.match(self.masked, name.end):
                    break
                listed.append(name)
                joined = list(listed)
            elif _COMMA.fullmatch(self.masked, last.end, name.start) and self.is_somebody(self._full(name)):
                listed.append(name)
            else:
                break
        return joined

    def _subjects(self, sentence: Sentence, trigger: Area) -> list[Area]:
        """Return the names before the trigger in its clause; who reports it stands in another. A pronoun is whom it stands for."""
        start = max(clause_of(self._text, sentence, trigger)[0], min(self.circumstances.body_start(sentence), trigger[0]))
        verb, opening = opens_content(self.masked, start, trigger[0])
        according = _ACCORDING.match(self.masked, start, trigger[0])
        begin = verb[1] if verb else according.end() if according else start
        begin = main_start(self.masked, begin, min(trigger[0], begin + REACH))
        if _THEY.match(self.masked, begin, trigger[0]):
            return self._body_before(sentence)
        found = self._named_subjects(begin, trigger[0])
        if not found and _WHO.search(self.masked, sentence.start, start):
            found = [self._full(m) for m in self.mentions.within(sentence.start, start)[-1:]]
        if not found and _AND_VERB.search(self.masked, sentence.start, start):
            found = self.people(sentence.start, start)[:1]  # "Petrova flew home and will meet Lang"
        word = _PRONOUN.search(self.masked, begin, trigger[0])
        pronoun = word[0] if word else opening if opening in {"he", "she"} else ""
        if pronoun and (not found or _PRONOUN_AND.search(self.masked, begin, trigger[0])):
            meant = self._referents.by_pronoun(sentence, verb[0] if verb else begin, pronoun)
            found = [*meant, *(area for area in found if area not in meant)]
        return found or ([] if pronoun else self._described(begin, trigger[0]))

    def _body_before(self, sentence: Sentence) -> list[Area]:
        """Return the group or institution that the sentence before is about: whom "it" and "they" mean."""
        if sentence.number == 1:
            return []
        before = self.article.sentences[sentence.number - 2]
        begin = main_start(self.masked, self.circumstances.body_start(before), min(before.end, before.start + REACH))
        phrase = self._referents.opening(begin, before.end)
        group = self._groups.opening(*phrase)
        if group and (led := _LED.match(self.masked, group[1], before.end)):
            names = [m for m in self.mentions.within(led.end(), before.end) if self._may_meet(m)]
            return [self._full(m) for m in self._joined(names)] if names else [group]
        name = self._referents.sources.name_in(phrase)
        return [group] if group else [name] if name and not self.is_somebody(name) else []

    def _named_subjects(self, begin: int, end: int) -> list[Area]:
        """Return the group that opens the clause, else the names in it, those behind a preposition only where there are no others."""
        if match := _TWO_COUNTRIES.match(self.masked, begin, end):
            return [match.span("one"), match.span("other")]
        group = self._groups.opening(*self._referents.opening(begin, end))
        if group and not _LED.match(self.masked, group[1], end):
            inside = [m for m in self.mentions.within(group[0] + 1, end) if not self.circumstances.is_place(m)]
            owned = inside and (inside[0].start < group[1] or _OWNED.fullmatch(self.masked, group[1], inside[0].start))
            joined = self._joined(inside) if owned else []
            if len(joined) > 1:
                return [self._full(m) for m in joined]  # "delegates of Norvik and Sudovia"
            return [group, *self._and_other(group[1], end)]
        insertions = [match.span() for match in _INSERTION.finditer(self.masked, begin, end)]
        names = [
            m
            for m in self.mentions.within(begin, end)
            if self._may_meet(m) and not self._is_aside(m, begin) and not any(a <= m.start < b for a, b in insertions)
        ]
        free = [m for m in names if not _GOVERNED.search(self.masked, begin, max(begin, _with_role(m)))]
        if names and not free and (described := self._described(begin, end)):
            return described
        return [self._full(m) for m in free or names]

    def _and_other(self, start: int, end: int) -> list[Area]:
        """Return the party that "and" joins to a group: "the government and the Millers Union"."""
        link = _AND_OTHER.match(self.masked, start, end)
        if not link:
            return []
        named = next((m for m in self.mentions.within(link.end(), end) if m.start == link.end() and self._may_meet(m)), None)
        group = self._groups.opening(link.end(), end)
        return [self._full(named)] if named else [group] if group else []

    def _is_aside(self, mention: Mention, begin: int) -> bool:
        """Whether a name only belongs to what is said of the subject: "a mission sent by President Petrova", "with his deputy, Lang"."""
        return bool(_ASIDE.search(self.masked, begin, max(begin, _with_role(mention))))

    def _described(self, begin: int, end: int) -> list[Area]:
        """Return whom a noun phrase in front of the word means, by the role that the article gives them, or the group that it is."""
        phrase = self._referents.opening(begin, end)
        if phrase[0] == phrase[1]:
            return []
        if _DEFINITE.match(self._text, *phrase):
            bearers = [area for area in self._referents.sources.bearers(phrase, before=phrase[0]) if self.is_somebody(area)]
            if bearers:
                return bearers[:1]
            if self._referents.sources.head(phrase) in PEOPLE | TITLES:
                found = self._referents.of_country(phrase) or self._referents.him(self.article.sentence_at(phrase[0]), phrase[0])
                return found or [self._referents.sources.own(phrase)]
        group = self._groups.opening(*phrase)
        return [group] if group else []

    def _party(self, start: int, end: int) -> list[Area]:
        """Return the names in a noun phrase, or the phrase itself where it has none."""
        names = [m for m in self.mentions.within(start, end) if self._may_meet(m)]
        people = [self._full(m) for m in names if self.mentions.is_person(self.mentions.fullest(m))]
        if names:
            return people or [self._full(m) for m in names]
        phrase = self._text[start:end]
        apposed = [m for m in self.mentions.within(end, end + _FARTHEST) if _APPOSED.fullmatch(self.masked, end, m.start)]
        if apposed and phrase.split() and self._groups.is_role(phrase.split()[-1].casefold()):
            return [self._full(apposed[0])]
        determiner = _DETERMINER.match(phrase)
        is_role = bool(phrase.split()) and self._groups.is_role(phrase.split()[-1].casefold())
        if not phrase.strip() or PAIR.search(phrase) or (self.mentions.within(start, end) and not is_role):
            return []
        return [(start + (determiner.end() if determiner else 0), end)]

    def _may_meet(self, mention: Mention) -> bool:
        """Whether a name may be a party: no place, event or adjective, and not the owner of something ("Petrova’s spokesman")."""
        if mention.start not in self._may:
            other = bool(_OWNER.match(self._text, mention.end) or _NUMBERED.match(self._text, mention.end))
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


def _with_role(mention: Mention) -> int:
    """Return where a name starts with its title."""
    return mention.start - len(mention.role) - bool(mention.role)
