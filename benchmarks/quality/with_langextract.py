"""The worker of LangExtract: its defaults (chunks of 1,000 characters, schema from the example), a prompt and a worked example."""

from __future__ import annotations

import argparse
import logging

import langextract
from langextract.factory import ModelConfig

from benchmarks.quality.task import KINDS, MAX_ANSWER_TOKENS, MEETING, QUOTE, STATUSES, publication
from benchmarks.quality.worker import Answer, Task, versions, work

PROMPT = f"""Extract the quotes and the meetings of a news article, in the order in which they appear. Use exact text for extractions.

quote: {QUOTE} The attribute speaker names them.

meeting: {MEETING} The extraction is the sentence that reports it. Attributes:
- participants: full names of those who meet, with "; " between them
- status: {"; ".join(f"{label} ({meaning})" for label, meaning in STATUSES.items())}
- kind: {"; ".join(f"{label} ({meaning})" for label, meaning in KINDS.items())}
- date: day, month or year of the meeting in ISO 8601; empty where the article gives no clue
- place: the city, building or country; empty where there is none
- event: the summit, ceremony or visit that the meeting belongs to; empty where there is none"""

RECEIVED = "Foreign Minister Maria Lindqvist received Trade Minister Peter Novak in Tallinn on 14 March 2023 during the Fisheries Forum."
SAID = "The boats can leave port tomorrow,"
CALLED = "long but friendly."
CALLED_OFF = "A second meeting, planned for May 2023 in Riga, was called off, his spokeswoman Ida Brandt said."
EXAMPLE = f"{RECEIVED} “{SAID}” Lindqvist told reporters. Novak called the talks “{CALLED}” {CALLED_OFF}"

_FACTS = ("status", "kind", "date", "place", "event")


def examples() -> list[langextract.data.ExampleData]:
    """Return the worked example."""
    both = "Maria Lindqvist; Peter Novak"
    held = {
        "participants": both,
        "status": "held",
        "kind": "in_person",
        "date": "2023-03-14",
        "place": "Tallinn",
        "event": "Fisheries Forum",
    }
    cancelled = {"participants": both, "status": "cancelled", "kind": "in_person", "date": "2023-05", "place": "Riga", "event": ""}
    found = [
        ("meeting", RECEIVED, held),
        ("quote", SAID, {"speaker": "Maria Lindqvist"}),
        ("quote", CALLED, {"speaker": "Peter Novak"}),
        ("meeting", CALLED_OFF, cancelled),
    ]
    extractions = [
        langextract.data.Extraction(extraction_class=kind, extraction_text=text, attributes=facts) for kind, text, facts in found
    ]
    return [langextract.data.ExampleData(text=EXAMPLE, extractions=extractions)]


class LostChunks(logging.Handler):
    """Collects what LangExtract only warns of: chunks that it leaves out because their answer is no JSON."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the message of a chunk that was left out."""
        message = record.getMessage()
        if message.startswith("Chunk omitted"):
            self.messages.append(message.split(" Set resolver_params", maxsplit=1)[0])


def prediction(extractions: list[langextract.data.Extraction]) -> Answer:
    """Turn extractions into quotes and meetings; those of other classes are left out."""
    quotes, meetings = [], []
    for found in extractions:
        facts = {name: _as_text(value) for name, value in (found.attributes or {}).items() if value}
        place = found.char_interval
        start, end = (place.start_pos, place.end_pos) if place else (None, None)
        if found.extraction_class == "quote":
            quotes.append({"text": found.extraction_text, "start": start, "end": end, "speaker": facts.get("speaker")})
        elif found.extraction_class == "meeting":
            names = [name.strip() for name in facts.get("participants", "").split(";")]
            evidence = [] if start is None else [(start, end)]
            meetings.append({"participants": [*filter(None, names)], "evidence": evidence, **{fact: facts.get(fact) for fact in _FACTS}})
    return {"quotes": quotes, "meetings": meetings}


def _as_text(value: object) -> str:
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value)


def main() -> None:
    """Answer tasks with the model at an endpoint."""
    parser = argparse.ArgumentParser()
    for name in ("base_url", "model"):
        parser.add_argument(name)
    chosen = parser.parse_args()
    provider = {
        "api_key": "none",
        "base_url": chosen.base_url,
        "temperature": 0.0,
        "max_workers": 1,  # the server answers one request at a time
        "max_output_tokens": MAX_ANSWER_TOKENS,
    }
    config = ModelConfig(model_id=chosen.model, provider="openai", provider_kwargs=provider)
    shown = examples()
    lost = LostChunks()
    logging.getLogger("absl").addHandler(lost)

    def answer(task: Task) -> Answer:
        lost.messages.clear()
        document = langextract.extract(
            task.text,
            prompt_description=PROMPT,
            examples=shown,
            config=config,
            additional_context=publication(task.published) or None,
            show_progress=False,
        )
        return {**prediction(document.extractions or []), "lost": [*lost.messages]}

    work(answer, versions("langextract", "openai"))


if __name__ == "__main__":
    main()
