"""What a server answered becomes a completion, however odd it is; what becomes of it then is in `test_client`."""

from __future__ import annotations

import json
from typing import Any

import pytest

from llm_extract.completions import UnusableText, completion_in, text_of

MESSAGE = {"role": "assistant", "content": "yes"}
WHOLE: dict[str, Any] = {
    "id": "1",
    "object": "chat.completion",
    "created": 1,
    "model": "tiny",
    "choices": [{"index": 0, "finish_reason": "stop", "message": MESSAGE}],
}
TORN = {**WHOLE, "created": "when?", "choices": [{"finish_reason": "tired", "message": MESSAGE}], "usage": {"prompt_tokens": 3}}


@pytest.mark.parametrize("answered", [None, [], 7, "no model here", "[]", b"{}"])
def test_what_is_no_object_is_no_completion(answered: object) -> None:
    assert completion_in(answered) is None


@pytest.mark.parametrize("document", [WHOLE, TORN])
def test_an_answer_is_read_also_where_it_is_not_as_it_should_be_or_not_said_to_be_json(document: dict[str, Any]) -> None:
    for answered in (document, json.dumps(document)):
        completion = completion_in(answered)
        assert completion is not None
        assert text_of(completion, "tiny") == "yes"


def test_an_object_without_an_answer_is_a_completion_without_text() -> None:
    completion = completion_in({"choices": "none"})
    assert completion is not None
    with pytest.raises(UnusableText, match="empty"):
        text_of(completion, "tiny")
