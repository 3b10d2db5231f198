"""Articles that nobody wrote, of the size of real ones, with what a model would answer about each: the same number, the same article."""

from __future__ import annotations

import functools
import json
import random
import re
from dataclasses import dataclass
from pathlib import Path

__all__ = ["PUBLISHED", "Story", "files", "number_in", "story", "write"]

PUBLISHED = "2024-05-07"
"""The day of publication of all of them, a Tuesday."""
_FOLDER_SIZE = 1_000
_NUMBER = re.compile(rb"dispatch (\d+) of")

_FIRST = "Anna Boris Clara Daniel Elena Farid Greta Hamid Irena Jonas Katya Lars Mira Nils Olga Pavel"
_LAST = "Alder Brandt Corvin Dahl Eklund Ferro Galvan Hartig Ivarsen Jansky Korda Lindt Moravec Nyberg Orlan Pohl"
_PLACES = "Tallinn Riga Vilnius Sofia Lisbon Dublin Oslo Bern Valletta Nicosia Zagreb Ljubljana"
_TOPICS = ("fishing quotas", "gas transit", "border crossings", "rail freight", "grain exports", "water rights", "air routes")

# One line a paragraph, sentences apart by a bar. A sentence may begin with who speaks its quotations (a and b: those who meet, c: a
# spokeswoman, -: nobody) or with an asterisk, where it reports the meeting.
_LEAD = """
*|Foreign Minister {a} met Trade Minister {b} in {place} on Monday to discuss {topic}, officials of both governments said.
|It was their first conversation since the autumn, when a round of negotiations broke off without a joint statement.
"""
_BODY = (
    """
b|“We have agreed on the figures for next year,” {b_last} told reporters after the talks.
""",
    """
*|{a_last} thanked {b_last} for his patience during a long afternoon at the ministry.
a|“The lorries can leave the yards tomorrow,” {a_last} said.
""",
    """
|Nobody in the delegations would say how the costs are to be shared, and the draft that circulated on Friday leaves the sums open.
|Diplomats described the mood as businesslike, with little of the acrimony that marked the previous session.
""",
    """
|The two ministers will meet again in {other} on June 3, a spokeswoman for the ministry, {c}, said.
c|“Nothing is settled yet,” {c_last} added.
""",
    """
a|“There are questions which only experts can answer, and they will need the summer for it,” {a_last} said at a news conference.
a|She called the text “a decent beginning” and declined to name a date for the signing.
""",
    """
|Farmers and hauliers on both sides have waited for an agreement on {topic} since the old arrangement lapsed in December.
|Their associations put the losses at some 40 million euros, a figure that neither government has confirmed.
|In the port the queues were shorter than a week ago, though wardens still turned away every third vehicle.
""",
    """
b|{b_last} said that his government regards the matter as “urgent but not desperate”.
b|“Whoever expects a miracle from one meeting has not read the papers,” he said.
""",
    """
-|The agreement, known in the capital as the “little treaty”, would run for five years and renew itself unless a side objects.
|Parliaments would have to approve it, which in one of them needs a majority of two thirds.
""",
    """
|Opposition leaders were not impressed by the announcement and asked for the minutes to be published.
|A hearing in the committee on trade is due later this month, and several members want to question officials in public.
""",
    """
c|“I am confident that the committee will see the advantages,” {c_last} said on Tuesday.
|She pointed out that an earlier accord on the same subject had passed with only nine votes against it.
""",
    """
|Relations between the neighbours have been uneasy for years, with disputes over tolls, pipelines and the course of a river.
|Last spring each side sent home a trade attaché of the other, a step that was reversed without comment in the summer.
""",
    """
|Economists at the university in {other} expect the effect on prices to be small.
|They estimate that a lasting settlement would add about a tenth of a percentage point to growth in the border regions.
""",
    """
aa|“It is a pragmatic step,” {a_last} said, “and pragmatism has been in short supply.”
""",
)
_CLOSE = """
|This is dispatch {number} of a series from the region.
"""


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
    """Write article `number`: some 2,800 characters, a dozen quotations, one meeting."""
    chosen = random.Random(number)  # noqa: S311  no secret depends on it
    names = [f"{first} {last}" for first, last in zip(chosen.sample(_FIRST.split(), 3), chosen.sample(_LAST.split(), 3), strict=True)]
    place, other = chosen.sample(_PLACES.split(), 2)
    topic = chosen.choice(_TOPICS)
    paragraphs = [_sentences(lines) for lines in (_LEAD, *chosen.sample(_BODY, len(_BODY)), _CLOSE)]
    text = "\n\n".join(" ".join(words for _, words in paragraph) for paragraph in paragraphs) + "\n"
    words = {**dict(zip("abc", names, strict=True)), **{f"{who}_last": name.split()[1] for who, name in zip("abc", names, strict=True)}}
    marks = [mark for paragraph in paragraphs for mark, _ in paragraph]
    held = {
        "participants": names[:2],
        "status": "held",
        "kind": "in_person",
        "when": "Monday",
        "place": place,
        "event": None,
        "topics": [topic],
        "claims": [],
        "evidence": [count for count, mark in enumerate(marks, start=1) if mark == "*"],
    }
    speakers = [who for mark in marks for who in mark.strip("*")]
    said = [{"segments": [count], "speaker": words.get(who), "addressee": None} for count, who in enumerate(speakers, start=1)]
    filled = text.format(**words, place=place, other=other, topic=topic, number=number)
    return Story(filled, json.dumps({"records": said}), json.dumps({"records": [held]}))


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
    """Write the first `count` articles into `folder`, a thousand a folder, and return it."""
    for first in range(0, count, _FOLDER_SIZE):
        part = folder / f"{first // _FOLDER_SIZE:03}"
        part.mkdir(parents=True)
        for number in range(first, min(count, first + _FOLDER_SIZE)):
            dated = f"---\npublished: {PUBLISHED}\n---\n{story(number).text}"
            (part / f"{number:06}.txt").write_text(dated, encoding="utf-8")
    return folder


def files(folder: Path) -> list[Path]:
    """Return the files that `write` made, in their order."""
    return sorted(folder.rglob("*.txt"))


@functools.cache
def _sentences(lines: str) -> list[tuple[str, str]]:
    return [(mark, words) for line in lines.strip().splitlines() for mark, _, words in [line.partition("|")]]
