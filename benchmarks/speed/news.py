"""Articles that nobody wrote, of the size of real ones, with what a model would answer about each: the same number, the same article."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["PUBLISHED", "Story", "number_in", "story", "write"]

PUBLISHED = "2024-05-07"
"""The day of publication of all of them, a Tuesday."""
_FOLDER_SIZE = 1_000
_NUMBER = re.compile(rb"dispatch (\d+) of")

_FIRST = ("Anna", "Boris", "Clara", "Daniel", "Elena", "Farid", "Greta", "Hamid", "Irena", "Jonas", "Katya", "Lars", "Mira", "Nils", "Olga", "Pavel")
_LAST = ("Alder", "Brandt", "Corvin", "Dahl", "Eklund", "Ferro", "Galvan", "Hartig", "Ivarsen", "Jansky", "Korda", "Lindt", "Moravec", "Nyberg", "Orlan", "Pohl")
_PLACES = ("Tallinn", "Riga", "Vilnius", "Sofia", "Lisbon", "Dublin", "Oslo", "Bern", "Valletta", "Nicosia", "Zagreb", "Ljubljana")
_TOPICS = ("fishing quotas", "gas transit", "border crossings", "rail freight", "grain exports", "water rights", "customs duties", "air routes")

# A paragraph is its sentences; of each, who speaks its quotations (a, b: those who meet, c: a spokeswoman; -: nobody), and whether it reports
# the meeting.
_Sentence = tuple[str, str, bool]
_LEAD: tuple[_Sentence, ...] = (
    ("Foreign Minister {a} met Trade Minister {b} in {place} on Monday to discuss {topic}, officials of both governments said.", "", True),
    ("It was their first conversation since the autumn, when a round of negotiations broke off without a joint statement.", "", False),
)
_BODY: tuple[tuple[_Sentence, ...], ...] = (
    (("“We have agreed on the figures for next year,” {b_last} told reporters after the talks.", "b", False),),
    (
        ("{a_last} thanked {b_last} for his patience during a long afternoon at the ministry.", "", True),
        ("“The lorries can leave the yards tomorrow,” {a_last} said.", "a", False),
    ),
    (
        ("Nobody in the delegations would say how the costs are to be shared, and the draft that circulated on Friday leaves the sums open.", "", False),
        ("Diplomats described the mood as businesslike, with little of the acrimony that marked the previous session.", "", False),
    ),
    (
        ("The two ministers will meet again in {other} on June 3, a spokeswoman for the ministry, {c}, said.", "", False),
        ("“Nothing is settled yet,” {c_last} added.", "c", False),
    ),
    (
        ("“There are questions which only experts can answer, and they will need the summer for it,” {a_last} said at a news conference.", "a", False),
        ("She called the text “a decent beginning” and declined to name a date for the signing.", "a", False),
    ),
    (
        ("Farmers and hauliers on both sides have waited for an agreement on {topic} since the old arrangement lapsed in December.", "", False),
        ("Their associations put the losses at some 40 million euros, a figure that neither government has confirmed.", "", False),
        ("In the port the queues were shorter than a week ago, though wardens still turned away every third vehicle.", "", False),
    ),
    (
        ("{b_last} said that his government regards the matter as “urgent but not desperate”.", "b", False),
        ("“Whoever expects a miracle from one meeting has not read the papers,” he said.", "b", False),
    ),
    (
        ("The agreement, known in the capital as the “little treaty”, would run for five years and renew itself unless a side objects.", "-", False),
        ("Parliaments would have to approve it, which in one of them needs a majority of two thirds.", "", False),
    ),
    (
        ("Opposition leaders were not impressed by the announcement and asked for the minutes to be published.", "", False),
        ("A hearing in the committee on trade is due later this month, and several members want to question officials in public.", "", False),
    ),
    (
        ("“I am confident that the committee will see the advantages,” {c_last} said on Tuesday.", "c", False),
        ("She pointed out that an earlier accord on the same subject had passed with only nine votes against it.", "", False),
    ),
    (
        ("Relations between the neighbours have been uneasy for years, with disputes over tolls, pipelines and the course of a river.", "", False),
        ("Last spring each side sent home a trade attaché of the other, a step that was reversed without comment in the summer.", "", False),
    ),
    (
        ("Economists at the university in {other} expect the effect on prices to be small.", "", False),
        ("They estimate that a lasting settlement would add about a tenth of a percentage point to growth in the border regions.", "", False),
    ),
    (("“It is a pragmatic step,” {a_last} said, “and pragmatism has been in short supply.”", "aa", False),),
)
_CLOSE: tuple[_Sentence, ...] = (("This is dispatch {number} of a series from the region.", "", False),)


@dataclass(frozen=True)
class Story:
    """An article and the answers about it.

    Args:
        text: The article.
        quotations: Whose words its quotations are, as the hosted model answers, in JSON.
        meetings: Its meetings, likewise.
    """

    text: str
    quotations: str
    meetings: str


def story(number: int) -> Story:
    """Write article `number`: some 3,000 characters, twelve quotations, one meeting."""
    chosen = random.Random(number)  # noqa: S311  no secret depends on it
    firsts, lasts = chosen.sample(_FIRST, 3), chosen.sample(_LAST, 3)
    names = {who: f"{first} {last}" for who, first, last in zip("abc", firsts, lasts, strict=True)}
    place, other = chosen.sample(_PLACES, 2)
    words = {**names, **{f"{who}_last": name.split()[1] for who, name in names.items()}}
    words |= {"place": place, "other": other, "topic": chosen.choice(_TOPICS), "number": str(number)}
    paragraphs = [_LEAD, *chosen.sample(_BODY, len(_BODY)), _CLOSE]
    text = "\n\n".join(" ".join(sentence.format(**words) for sentence, *_ in paragraph) for paragraph in paragraphs)
    speakers = [who for paragraph in paragraphs for _, speaking, _ in paragraph for who in speaking]
    said = [{"quotation": n, "speaker": names.get(who), "addressee": None} for n, who in enumerate(speakers, start=1)]
    reports = [reports for paragraph in paragraphs for *_, reports in paragraph]
    held = {
        "participants": [names["a"], names["b"]],
        "status": "held",
        "kind": "in_person",
        "when": "Monday",
        "place": place,
        "event": None,
        "topics": [words["topic"]],
        "claims": [],
        "sentences": [n for n, is_report in enumerate(reports, start=1) if is_report],
    }
    return Story(text + "\n", json.dumps({"quotations": said}), json.dumps({"meetings": [held]}))


def number_in(request: bytes) -> int:
    """Return the number of the article that a request holds.

    Raises:
        ValueError: It holds none of these articles.
    """
    found = _NUMBER.search(request)
    if found is None:
        msg = "no article of this benchmark"
        raise ValueError(msg)
    return int(found[1])


def write(folder: Path, count: int) -> Path:
    """Write the first `count` articles below `folder`, unless they are there, and return where."""
    for first in range(0, count, _FOLDER_SIZE):
        part = folder / f"{first // _FOLDER_SIZE:03}"
        part.mkdir(parents=True, exist_ok=True)
        for number in range(first, min(count, first + _FOLDER_SIZE)):
            (part / f"{number:06}.txt").write_bytes(_dated(number))
    return folder


def _dated(number: int) -> bytes:
    return f"---\npublished: {PUBLISHED}\n---\n{story(number).text}".encode()


def files(folder: Path) -> Iterator[Path]:
    """Yield the files that `write` made, in their order."""
    yield from sorted(folder.rglob("*.txt"))
