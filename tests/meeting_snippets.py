"""Invented news snippets with the meetings that they tell of, as news agencies, British, American, Indian and translated articles write."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

__all__ = ["BEYOND_GRAMMAR", "PUBLISHED", "SNIPPETS", "Snippet"]

PUBLISHED = dt.date(2024, 6, 12)
"""A Wednesday."""


@dataclass(frozen=True)
class Snippet:
    """A text and its meetings: "participants | status | kind | date | place | event", in this order; a hyphen stands for none."""

    text: str
    meetings: tuple[str, ...]
    why_not: str = ""
    """Why the plain grammar gets it wrong; empty where it gets it right."""


def _one(text: str, *meetings: str, why_not: str = "") -> Snippet:
    return Snippet(text, meetings, why_not)


_VERBS = (
    _one(
        "Ana Petrova invited Boris Lang to visit Oslo next year to mark the anniversary of the fall of Old Sudovia.",
        "Ana Petrova, Boris Lang | tentative | in_person | 2025 | Oslo | -",
    ),
    _one(
        "Ana Petrova will meet Boris Lang in Vienna on Friday. “They will certainly meet,” said her spokesman, Karl Vik.",
        "Ana Petrova, Boris Lang | planned | in_person | 2024-06-14 | Vienna | -",
    ),
    _one("Ana Petrova met Boris Lang in Oslo on Monday.", "Ana Petrova, Boris Lang | held | in_person | 2024-06-10 | Oslo | -"),
    _one(
        "Foreign Minister Ana Petrova met with her Norvik counterpart Boris Lang in Geneva on Tuesday, the ministry said.",
        "Ana Petrova, Boris Lang | held | in_person | 2024-06-11 | Geneva | -",
    ),
    _one(
        "President Ana Petrova sat down with Chancellor Boris Lang in Vienna on June 3.",
        "Ana Petrova, Boris Lang | held | in_person | 2024-06-03 | Vienna | -",
    ),
    _one(
        "Prime Minister Ravi Menon on Tuesday held talks with President Kofi Asante in New Delhi.",
        "Ravi Menon, Kofi Asante | held | in_person | 2024-06-11 | New Delhi | -",
    ),
    _one(
        "Union minister Ravi Menon called on President Kofi Asante in Accra on Monday.",
        "Ravi Menon, Kofi Asante | held | in_person | 2024-06-10 | Accra | -",
    ),
    _one(
        "King Olav Brandt received Prime Minister Ana Petrova in Oslo on Monday.",
        "Olav Brandt, Ana Petrova | held | in_person | 2024-06-10 | Oslo | -",
    ),
    _one(
        "Boris Lang will host Ana Petrova in Vienna on Friday.",
        "Boris Lang, Ana Petrova | planned | in_person | 2024-06-14 | Vienna | -",
    ),
    _one(
        "Boris Lang had breakfast with Ana Petrova in Vienna last week.",
        "Boris Lang, Ana Petrova | held | in_person | 2024-06-03/2024-06-09 | Vienna | -",
    ),
    _one(
        "Ana Petrova lunched with Boris Lang in Paris on 5 June.",
        "Ana Petrova, Boris Lang | held | in_person | 2024-06-05 | Paris | -",
    ),
    _one("Ana Petrova and Boris Lang met in Oslo on Monday.", "Ana Petrova, Boris Lang | held | in_person | 2024-06-10 | Oslo | -"),
    _one(
        "Ana Petrova, Boris Lang and Kofi Asante met in Oslo on Monday.",
        "Ana Petrova, Boris Lang, Kofi Asante | held | in_person | 2024-06-10 | Oslo | -",
    ),
    _one(
        "Ana Petrova, who met Boris Lang in Oslo on Monday, was in good spirits.",
        "Ana Petrova, Boris Lang | held | in_person | 2024-06-10 | Oslo | -",
    ),
    _one(
        "Ana Petrova flew to Oslo on Sunday. On Monday she met Boris Lang there.",
        "Ana Petrova, Boris Lang | held | in_person | 2024-06-10 | Oslo | -",
    ),
)

_NOUNS = (
    _one(
        "Talks between Ana Petrova and Boris Lang in Geneva ended on Tuesday without a deal.",
        "Ana Petrova, Boris Lang | held | in_person | 2024-06-11 | Geneva | -",
    ),
    _one(
        "A meeting between Ana Petrova and Boris Lang will take place in Oslo on Friday.",
        "Ana Petrova, Boris Lang | planned | in_person | 2024-06-14 | Oslo | -",
    ),
    _one(
        "Ana Petrova spoke to reporters after her meeting with Boris Lang in Oslo.",
        "Ana Petrova, Boris Lang | held | in_person | - | Oslo | -",
    ),
    _one(
        "Ana Petrova praised the harbour deal after her meeting with Boris Lang in Oslo.",
        "Ana Petrova, Boris Lang | held | in_person | - | Oslo | -",
    ),
    _one(
        "Boris Lang was cheerful. His meeting with Ana Petrova on Monday lasted two hours.",
        "Boris Lang, Ana Petrova | held | in_person | 2024-06-10 | - | -",
    ),
    _one(
        "Ana Petrova and Boris Lang held talks in Vienna on 3 June.",
        "Ana Petrova, Boris Lang | held | in_person | 2024-06-03 | Vienna | -",
    ),
    _one(
        "Ana Petrova had an audience with Pope Anselm in Rome on Saturday.",
        "Ana Petrova, Anselm | held | in_person | 2024-06-08 | Rome | -",
    ),
    _one(
        "The Oslo talks between Ana Petrova and Boris Lang lasted two days.",
        "Ana Petrova, Boris Lang | held | in_person | - | Oslo | -",
    ),
    _one(
        "Ana Petrova had a two-hour conversation with Boris Lang at the Grand Hotel on Monday.",
        "Ana Petrova, Boris Lang | held | in_person | 2024-06-10 | Grand Hotel | -",
    ),
    _one(
        "Discussions between Ana Petrova and Boris Lang in Lima were constructive, aides said.",
        "Ana Petrova, Boris Lang | held | in_person | - | Lima | -",
    ),
)

_CALLS = (
    _one(
        "Ana Petrova spoke by telephone with Boris Lang on Monday, the palace said.",
        "Ana Petrova, Boris Lang | held | call | 2024-06-10 | - | -",
    ),
    _one("Ana Petrova called Boris Lang on Tuesday to congratulate him.", "Ana Petrova, Boris Lang | held | call | 2024-06-11 | - | -"),
    _one("Ana Petrova telephoned Boris Lang on Monday night.", "Ana Petrova, Boris Lang | held | call | 2024-06-10 | - | -"),
    _one(
        "In a phone call with Boris Lang on Monday, Ana Petrova asked for more grain.",
        "Ana Petrova, Boris Lang | held | call | 2024-06-10 | - | -",
    ),
    _one(
        "Ana Petrova and Boris Lang held a video call on Sunday.",
        "Ana Petrova, Boris Lang | held | call | 2024-06-09 | - | -",
    ),
    _one(
        "Ana Petrova and Boris Lang spoke on the phone on Friday.",
        "Ana Petrova, Boris Lang | held | call | 2024-06-07 | - | -",
    ),
    _one(
        "A telephone conversation took place between Ana Petrova and Boris Lang on June 11, the press service reported.",
        "Ana Petrova, Boris Lang | held | call | 2024-06-11 | - | -",
    ),
    _one(
        "Ana Petrova may call Boris Lang next week, an aide said.",
        "Ana Petrova, Boris Lang | tentative | call | 2024-06-17/2024-06-23 | - | -",
    ),
)

_ENCOUNTERS = (
    _one(
        "Ana Petrova shook hands with Boris Lang in Oslo on Monday.",
        "Ana Petrova, Boris Lang | held | encounter | 2024-06-10 | Oslo | -",
    ),
    _one(
        "Ana Petrova and Boris Lang shook hands at the G5 summit in Oslo on Monday.",
        "Ana Petrova, Boris Lang | held | encounter | 2024-06-10 | Oslo | G5 summit",
    ),
    _one(
        "Ana Petrova bumped into Boris Lang in Oslo last week.",
        "Ana Petrova, Boris Lang | held | encounter | 2024-06-03/2024-06-09 | Oslo | -",
    ),
    _one(
        "There will be no formal meeting between Ana Petrova and Boris Lang in Oslo, an aide said. "
        "But Ana Petrova and Boris Lang shook hands in Oslo on Monday.",
        "Ana Petrova, Boris Lang | ruled_out | in_person | - | Oslo | -",
        "Ana Petrova, Boris Lang | held | encounter | 2024-06-10 | Oslo | -",
    ),
    _one(
        "Ana Petrova had a brief encounter with Boris Lang in Lima on Saturday.",
        "Ana Petrova, Boris Lang | held | encounter | 2024-06-08 | Lima | -",
    ),
)

_UNSETTLED = (
    _one(
        "Ana Petrova was to have met Boris Lang in Oslo on Friday.",
        "Ana Petrova, Boris Lang | cancelled | in_person | 2024-06-14 | Oslo | -",
    ),
    _one(
        "Ana Petrova called off a meeting with Boris Lang in Oslo.",
        "Ana Petrova, Boris Lang | cancelled | in_person | - | Oslo | -",
    ),
    _one(
        "A planned meeting between Ana Petrova and Boris Lang fell through.",
        "Ana Petrova, Boris Lang | cancelled | in_person | - | - | -",
    ),
    _one(
        "Ana Petrova cancelled her talks with Boris Lang in Vienna.",
        "Ana Petrova, Boris Lang | cancelled | in_person | - | Vienna | -",
    ),
    _one(
        "Ana Petrova will meet Boris Lang in Oslo on Friday.",
        "Ana Petrova, Boris Lang | planned | in_person | 2024-06-14 | Oslo | -",
    ),
    _one(
        "Ana Petrova is scheduled to hold talks with Boris Lang in Vienna next week.",
        "Ana Petrova, Boris Lang | planned | in_person | 2024-06-17/2024-06-23 | Vienna | -",
    ),
    _one(
        "Ana Petrova is due to see Boris Lang on Monday in Kiel.",
        "Ana Petrova, Boris Lang | planned | in_person | 2024-06-17 | Kiel | -",
    ),
    _one(
        "Ana Petrova may meet Boris Lang in Oslo in July.",
        "Ana Petrova, Boris Lang | tentative | in_person | 2024-07 | Oslo | -",
    ),
    _one(
        "Ana Petrova hopes to meet Boris Lang later this month.",
        "Ana Petrova, Boris Lang | tentative | in_person | 2024-06 | - | -",
    ),
    _one(
        "Ana Petrova has invited Boris Lang to talks in Oslo.",
        "Ana Petrova, Boris Lang | tentative | in_person | - | Oslo | -",
    ),
    _one(
        "Ana Petrova would be ready to meet Boris Lang, her office said.",
        "Ana Petrova, Boris Lang | tentative | in_person | - | - | -",
    ),
    _one(
        "Ana Petrova will not meet Boris Lang in Oslo, her spokesman said.",
        "Ana Petrova, Boris Lang | ruled_out | in_person | - | Oslo | -",
    ),
    _one(
        "Ana Petrova ruled out a meeting with Boris Lang.",
        "Ana Petrova, Boris Lang | ruled_out | in_person | - | - | -",
    ),
    _one(
        "Ana Petrova refused to meet Boris Lang in Oslo.",
        "Ana Petrova, Boris Lang | ruled_out | in_person | - | Oslo | -",
    ),
    _one(
        "No meeting between Ana Petrova and Boris Lang is planned, the palace said.",
        "Ana Petrova, Boris Lang | ruled_out | in_person | - | - | -",
    ),
    _one(
        "Ana Petrova said a meeting with Boris Lang was possible. But Boris Lang ruled out meeting Ana Petrova.",
        "Ana Petrova, Boris Lang | tentative | in_person | - | - | -",
    ),
    _one(
        "Ana Petrova will meet Boris Lang in Oslo on Monday. The meeting was later cancelled.",
        "Ana Petrova, Boris Lang | cancelled | in_person | 2024-06-17 | Oslo | -",
    ),
)

_REPORTED = (
    _one(
        "Ana Petrova said on Monday that she would meet Boris Lang in Oslo on Friday.",
        "Ana Petrova, Boris Lang | tentative | in_person | 2024-06-14 | Oslo | -",
    ),
    _one(
        "Kofi Asante told reporters that Ana Petrova had met Boris Lang in Oslo.",
        "Ana Petrova, Boris Lang | held | in_person | - | Oslo | -",
    ),
    _one(
        "Ana Petrova met Boris Lang in Vienna, Kofi Asante said on Tuesday.",
        "Ana Petrova, Boris Lang | held | in_person | - | Vienna | -",
    ),
    _one(
        "According to Kofi Asante, Ana Petrova met Boris Lang in Vienna in May.",
        "Ana Petrova, Boris Lang | held | in_person | 2024-05 | Vienna | -",
    ),
    _one(
        '"I had a good talk," Ana Petrova said after meeting Boris Lang in Kiel on Monday.',
        "Ana Petrova, Boris Lang | held | in_person | 2024-06-10 | Kiel | -",
    ),
)

_PAIRS = (
    _one(
        "Ana Petrova praised Boris Lang. The two met in Oslo on Monday.",
        "Ana Petrova, Boris Lang | held | in_person | 2024-06-10 | Oslo | -",
    ),
    _one(
        "Ana Petrova met Boris Lang in Oslo on Monday. They will meet again in Vienna on Friday.",
        "Ana Petrova, Boris Lang | held | in_person | 2024-06-10 | Oslo | -",
        "Ana Petrova, Boris Lang | planned | in_person | 2024-06-14 | Vienna | -",
    ),
    _one(
        "Ana Petrova met Boris Lang in Oslo. The talks lasted three hours.",
        "Ana Petrova, Boris Lang | held | in_person | - | Oslo | -",
    ),
    _one(
        "Ana Petrova met Boris Lang in Oslo in May. The two leaders last met in Vienna in 2019.",
        "Ana Petrova, Boris Lang | held | in_person | 2024-05 | Oslo | -",
        "Ana Petrova, Boris Lang | held | in_person | 2019 | Vienna | -",
    ),
    _one(
        "Ana Petrova spoke of fish. She and Boris Lang met in Lima on Monday.",
        "Ana Petrova, Boris Lang | held | in_person | 2024-06-10 | Lima | -",
    ),
)

_EVENTS = (
    _one(
        "The G5 summit will be held in Oslo. Ana Petrova will meet Boris Lang at the G5 summit.",
        "Ana Petrova, Boris Lang | planned | in_person | - | Oslo | G5 summit",
    ),
    _one(
        "Ana Petrova met Boris Lang on the sidelines of the Arctic Fisheries Conference in Lima on Monday.",
        "Ana Petrova, Boris Lang | held | in_person | 2024-06-10 | Lima | Arctic Fisheries Conference",
    ),
    _one(
        "In Oslo they agreed on fish. Ana Petrova and Boris Lang will meet at the G5 summit in Kiel.",
        "Ana Petrova, Boris Lang | planned | in_person | - | Kiel | G5 summit",
    ),
)

_PLACES = (
    _one(
        "Ana Petrova met Boris Lang in the Omani capital, Muscat, on Monday.",
        "Ana Petrova, Boris Lang | held | in_person | 2024-06-10 | Muscat | -",
    ),
    _one(
        "Ana Petrova met Boris Lang in the Omani capital on Monday.",
        "Ana Petrova, Boris Lang | held | in_person | 2024-06-10 | Omani capital | -",
    ),
    _one(
        "Ana Petrova met Boris Lang at a hotel near Kiel airport on Monday.",
        "Ana Petrova, Boris Lang | held | in_person | 2024-06-10 | Kiel | -",
    ),
    _one(
        "Ana Petrova received Boris Lang at the Winter Palace on Monday.",
        "Ana Petrova, Boris Lang | held | in_person | 2024-06-10 | Winter Palace | -",
    ),
    _one(
        "Ana Petrova arrived in Oslo on Monday. There she met Boris Lang.",
        "Ana Petrova, Boris Lang | held | in_person | - | Oslo | -",
    ),
    _one(
        "KIEL, June 11 (Herald) - Ana Petrova met Boris Lang on Monday.",
        "Ana Petrova, Boris Lang | held | in_person | 2024-06-10 | KIEL | -",
    ),
)

_INSTITUTIONS = (
    _one(
        "The Millers Union met the Bakery Alliance in Kiel on Monday.",
        "Millers Union, Bakery Alliance | held | in_person | 2024-06-10 | Kiel | -",
    ),
    _one(
        "Talks between the Millers Union and the Bakery Alliance broke down on Monday.",
        "Millers Union, Bakery Alliance | held | in_person | 2024-06-10 | - | -",
    ),
    _one(
        "The Millers Union and the Bakery Alliance met in Kiel on Monday.",
        "Millers Union, Bakery Alliance | held | in_person | 2024-06-10 | Kiel | -",
    ),
    _one(
        "Talks between the government and the rebels took place in Lima on Monday.",
        "government, rebels | held | in_person | 2024-06-10 | Lima | -",
    ),
    _one(
        "The union and the bakers' alliance met in Kiel on Monday.",
        "union, bakers' alliance | held | in_person | 2024-06-10 | Kiel | -",
    ),
)

_HISTORY = (
    _one(
        "Ana Petrova and Boris Lang first met in Vienna in 1998.",
        "Ana Petrova, Boris Lang | held | in_person | 1998 | Vienna | -",
    ),
    _one(
        "In 1961, Nils Aker met Pedro Ruiz in Vienna.",
        "Nils Aker, Pedro Ruiz | held | in_person | 1961 | Vienna | -",
    ),
)

_NONE = (
    _one("Ana Petrova said the builders would meet the deadline."),
    _one("Ana Petrova and Boris Lang met the deadline for the budget."),
    _one("Ana Petrova and Boris Lang failed to meet their climate targets."),
    _one("Ana Petrova won twice at the swim meet in Oslo, ahead of Clara Lang."),
    _one("Ana Petrova and Clara Lang have met in nine finals."),
    _one("Ana Petrova and Clara Lang will meet in Sunday's final."),
    _one("Norvik United will meet Oslo Rovers in the cup final on Saturday."),
    _one("The central bank's board met on Tuesday and left rates unchanged."),
    _one("The cabinet met in Oslo on Monday, Ana Petrova said."),
    _one("Ana Petrova called Boris Lang a liar on Monday."),
    _one("Ana Petrova saw Boris Lang as a rival."),
    _one("Ana Petrova called for a meeting of the board."),
    _one("Ana Petrova met resistance from Boris Lang over the budget."),
    _one("Ana Petrova visited Oslo on Monday."),
    _one("Ana Petrova received the Harbour Prize from Boris Lang."),
)

_HEADLINES = (
    _one(
        "Petrova to Meet Lang Over Fishing Rights Dispute\n\nAna Petrova has prepared for weeks. Boris Lang has not.",
        "Ana Petrova, Boris Lang | planned | in_person | - | - | -",
    ),
)

_APART = (
    _one(
        "Ana Petrova met separately with Boris Lang and Kofi Asante in Oslo on Monday.",
        "Ana Petrova, Boris Lang | held | in_person | 2024-06-10 | Oslo | -",
        "Ana Petrova, Kofi Asante | held | in_person | 2024-06-10 | Oslo | -",
    ),
    _one(
        "Ana Petrova is due to see Boris Lang on Thursday and President Kofi Asante on Friday.",
        "Ana Petrova, Boris Lang | planned | in_person | 2024-06-13 | - | -",
        "Ana Petrova, Kofi Asante | planned | in_person | 2024-06-14 | - | -",
    ),
    _one(
        "Ana Petrova held separate phone calls with Boris Lang, on Monday, and with Kofi Asante, on Tuesday.",
        "Ana Petrova, Boris Lang | held | call | 2024-06-10 | - | -",
        "Ana Petrova, Kofi Asante | held | call | 2024-06-11 | - | -",
    ),
)

_WITHOUT_A_NAME = (
    _one(
        "Rebel leaders met Ana Petrova in Kiel on Monday.",
        "Rebel leaders, Ana Petrova | held | in_person | 2024-06-10 | Kiel | -",
    ),
    _one(
        "Ana Petrova will meet members of the domestic opposition on Friday.",
        "Ana Petrova, members of the domestic opposition | planned | in_person | 2024-06-14 | - | -",
    ),
    _one(
        "The government and the Millers Union resumed talks in Lima on Monday.",
        "government, Millers Union | held | in_person | 2024-06-10 | Lima | -",
    ),
    _one(
        "Delegates of Norvik and Sudovia met in Lima on Monday.",
        "Norvik, Sudovia | held | in_person | 2024-06-10 | Lima | -",
    ),
    _one(
        "Norvik and Sudovia held talks in Lima on Monday.",
        "Norvik, Sudovia | held | in_person | 2024-06-10 | Lima | -",
    ),
    _one(
        "A summit of President Ana Petrova, President Boris Lang and King Olav Brandt opened in Lima on Monday.",
        "Ana Petrova, Boris Lang, Olav Brandt | held | in_person | 2024-06-10 | Lima | -",
    ),
    _one(
        "Boris Lang was cheerful, and Ana Petrova tired. The Petrova-Lang talks in Lima lasted two days.",
        "Ana Petrova, Boris Lang | held | in_person | - | Lima | -",
    ),
)
_DESCRIBED = (
    _one(
        "Norvik President Ana Petrova landed on Sunday. On Monday the president held talks with Boris Lang in Oslo.",
        "Ana Petrova, Boris Lang | held | in_person | 2024-06-10 | Oslo | -",
    ),
    _one(
        "Foreign Minister Ana Petrova will meet her Sudovian counterpart in Oslo on Friday. "
        "Sudovian Foreign Minister Boris Lang is on his way.",
        "Ana Petrova, Boris Lang | planned | in_person | 2024-06-14 | Oslo | -",
    ),
    _one(
        "Boris Lang flew to Lima, where Ana Petrova received him on Monday.",
        "Ana Petrova, Boris Lang | held | in_person | 2024-06-10 | Lima | -",
    ),
    _one(
        "A month after the vote was lost, Ana Petrova met Boris Lang in Oslo.",
        "Ana Petrova, Boris Lang | held | in_person | - | Oslo | -",
    ),
    _one(
        "Ana Petrova met Boris Lang in Oslo on Monday. The two also met King Olav Brandt in Kiel on Tuesday.",
        "Ana Petrova, Boris Lang | held | in_person | 2024-06-10 | Oslo | -",
        "Ana Petrova, Boris Lang, Olav Brandt | held | in_person | 2024-06-11 | Kiel | -",
    ),
)
_DAYS_OF_DECISIONS = (
    _one(
        "Ana Petrova on Monday called off her talks with Boris Lang in Kiel.",
        "Ana Petrova, Boris Lang | cancelled | in_person | - | Kiel | -",
    ),
    _one(
        "Ana Petrova and Boris Lang agreed on Monday to hold a meeting with Kofi Asante in Kiel.",
        "Ana Petrova, Boris Lang, Kofi Asante | planned | in_person | - | Kiel | -",
    ),
    _one(
        "Talks between Ana Petrova and Boris Lang next week will go ahead as planned.",
        "Ana Petrova, Boris Lang | planned | in_person | 2024-06-17/2024-06-23 | - | -",
    ),
)
_COUNTED = (
    _one(
        "Ana Petrova met Boris Lang in Oslo on Monday. They had shaken hands the previous evening.",
        "Ana Petrova, Boris Lang | held | in_person | 2024-06-10 | Oslo | -",
        "Ana Petrova, Boris Lang | held | encounter | 2024-06-09 | Oslo | -",
    ),
    _one(
        "Ana Petrova flew to Lima on Sunday. She met Boris Lang that evening and Kofi Asante two days later.",
        "Ana Petrova, Boris Lang | held | in_person | 2024-06-09 | Lima | -",
        "Ana Petrova, Kofi Asante | held | in_person | 2024-06-11 | Lima | -",
    ),
)

_STYLES = (
    _one(
        "Ana Petrova flew home and is to receive Boris Lang in Lima on Friday.",
        "Ana Petrova, Boris Lang | planned | in_person | 2024-06-14 | Lima | -",
    ),
    _one(
        "Not on the table is a meeting between Ana Petrova and Boris Lang.",
        "Ana Petrova, Boris Lang | ruled_out | in_person | - | - | -",
    ),
    _one(
        "The train drivers, whose strike ended in May, have asked to meet with Boris Lang next week.",
        "train drivers, Boris Lang | tentative | in_person | 2024-06-17/2024-06-23 | - | -",
    ),
    _one(
        "A meeting between Ana Petrova and Boris Lang will go ahead on Thursday.",
        "Ana Petrova, Boris Lang | planned | in_person | 2024-06-13 | - | -",
    ),
    _one(
        "A meeting between Ana Petrova and Boris Lang in the Lima suburbs was called off, the ministry said.",
        "Ana Petrova, Boris Lang | cancelled | in_person | - | Lima | -",
    ),
    _one(
        "New Delhi: External Affairs Minister Ravi Menon on Monday called on President Kofi Asante and discussed trade.",
        "Ravi Menon, Kofi Asante | held | in_person | 2024-06-10 | - | -",
    ),
    _one(
        "OSLO — Acting Trade Secretary Clara Costa met with Governor Mark Tully for 40 minutes Tuesday.",
        "Clara Costa, Mark Tully | held | in_person | 2024-06-11 | OSLO | -",
    ),
    _one(
        "President Ana Petrova received on Monday Ambassador Boris Lang, the presidency said in a statement.",
        "Ana Petrova, Boris Lang | held | in_person | 2024-06-10 | - | -",
    ),
    _one(
        "Sir Giles Marlow had dinner last week with the trade secretary, Rita Blom.",
        "Giles Marlow, Rita Blom | held | in_person | 2024-06-03/2024-06-09 | - | -",
    ),
    _one(
        "Ana Petrova is to receive executives of three banks in Lima on Friday.",
        "Ana Petrova, executives of three banks | planned | in_person | 2024-06-14 | Lima | -",
    ),
    _one(
        "The town's nurses have asked to meet with Boris Lang next week.",
        "town's nurses, Boris Lang | tentative | in_person | 2024-06-17/2024-06-23 | - | -",
    ),
    _one(
        "Ana Petrova, just back from Lima, where she held talks with Boris Lang last week, was upbeat.",
        "Ana Petrova, Boris Lang | held | in_person | 2024-06-03/2024-06-09 | Lima | -",
    ),
    _one(
        "Ana Petrova telephoned Carlo Bianchi and Rosa Costa on Monday. Bianchi and Costa are her rivals.",
        "Ana Petrova, Carlo Bianchi, Rosa Costa | held | call | 2024-06-10 | - | -",
    ),
)

SNIPPETS = (
    *_VERBS,
    *_NOUNS,
    *_CALLS,
    *_ENCOUNTERS,
    *_UNSETTLED,
    *_REPORTED,
    *_PAIRS,
    *_EVENTS,
    *_PLACES,
    *_INSTITUTIONS,
    *_HISTORY,
    *_NONE,
    *_HEADLINES,
    *_APART,
    *_WITHOUT_A_NAME,
    *_DESCRIBED,
    *_DAYS_OF_DECISIONS,
    *_COUNTED,
    *_STYLES,
)
"""What the plain grammar gets right."""
BEYOND_GRAMMAR = (
    _one(
        "Petrova to Meet Lang in Oslo Over Fishing Rights Dispute\n\nAna Petrova has prepared for weeks. Boris Lang has not.",
        "Ana Petrova, Boris Lang | planned | in_person | - | Oslo | -",
        why_not="in a headline only names are found that the text has too",
    ),
    _one(
        "Clara Ness and Rosa Lund are rivals. Ness met Lund in the pool for the ninth time on Friday.",
        why_not="nothing in the sentence but the pool tells of a race",
    ),
    _one(
        "Boris Lang flew to Oslo on Monday and spent two hours in the garden of Ana Petrova.",
        "Boris Lang, Ana Petrova | held | in_person | 2024-06-10 | Oslo | -",
        why_not="no word of meeting or talking",
    ),
    _one(
        "Ana Petrova and Boris Lang were expected in Oslo on Monday; he sent his deputy instead.",
        "Ana Petrova, Boris Lang | cancelled | in_person | 2024-06-10 | Oslo | -",
        why_not="that they did not meet is to be concluded",
    ),
)
"""What the plain grammar gets wrong."""
