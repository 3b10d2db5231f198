"""The worker of plain instructor: one schema and one call an article, with the meanings of the fields in the prompt."""

from __future__ import annotations

import argparse
from typing import Any, Literal

import instructor
from openai import OpenAI
from pydantic import BaseModel, Field

from benchmarks.quality.task import KINDS, MAX_ANSWER_TOKENS, MEETING, QUOTE, STATUSES, publication
from benchmarks.quality.worker import Answer, Task, located, versions, work

_MARKS = " \t\n\"“”„«»‘’'"


class Quote(BaseModel):
    """A quote, as a first attempt writes it down."""

    text: str
    speaker: str


class Meeting(BaseModel):
    """A meeting, as a first attempt writes it down."""

    participants: list[str]
    status: Literal["held", "planned", "tentative", "cancelled", "ruled_out"]
    kind: Literal["in_person", "encounter", "call"]
    date: str | None
    place: str | None
    event: str | None
    evidence: str


class Report(BaseModel):
    """What an article reports. Lists have bounds, for a small model may repeat an entry for ever."""

    quotes: list[Quote] = Field(max_length=60)
    meetings: list[Meeting] = Field(max_length=15)


PROMPT = f"""Read the news article and give its quotes and meetings as JSON.

quotes: all quotes, in the order of the article. {QUOTE}
- text: the words of the quote
- speaker: whose words they are

meetings: all meetings, in the order of the article. {MEETING}
- participants: full names of those who meet
- status: {"; ".join(f"{label} ({meaning})" for label, meaning in STATUSES.items())}
- kind: {"; ".join(f"{label} ({meaning})" for label, meaning in KINDS.items())}
- date: day, month or year of the meeting in ISO 8601, such as 2023-03-14 or 2023-03; null where the article gives no clue
- place: the city, building or country; null where there is none
- event: the summit, ceremony or visit that the meeting belongs to; null where there is none
- evidence: the sentence that reports the meeting, exactly as the article has it
"""


def prediction(report: Report, text: str) -> Answer:
    """Look up in the article what the model copied."""
    quotes = []
    for quote in report.quotes:
        words = quote.text.strip(_MARKS)
        start, end = located(text, words) or (None, None)
        quotes.append({"text": words, "start": start, "end": end, "speaker": quote.speaker})
    meetings = []
    for meeting in report.meetings:
        place = located(text, meeting.evidence)
        meetings.append({**meeting.model_dump(), "evidence": [place] if place else []})
    return {"quotes": quotes, "meetings": meetings}


def main() -> None:
    """Answer tasks with the model at an endpoint."""
    parser = argparse.ArgumentParser()
    for name in ("base_url", "model"):
        parser.add_argument(name)
    chosen = parser.parse_args()
    client = instructor.from_openai(OpenAI(base_url=chosen.base_url, api_key="none"), mode=instructor.Mode.JSON_SCHEMA)

    def answer(task: Task) -> Answer:
        messages: list[Any] = [
            {"role": "system", "content": f"{PROMPT}\n{publication(task.published)}".strip()},
            {"role": "user", "content": task.text},
        ]
        report = client.chat.completions.create(
            model=chosen.model, messages=messages, response_model=Report, temperature=0, max_tokens=MAX_ANSWER_TOKENS, max_retries=1
        )
        return prediction(report, task.text)

    work(answer, versions("instructor", "openai", "pydantic"))


if __name__ == "__main__":
    main()
