"""What determines a result, in one short digest: an article whose digest is known need not be done again."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from llm_extract.prompts import available
from llm_extract.schema import Article
from llm_extract.settings import ModelChoice, Settings

if TYPE_CHECKING:
    from llm_extract.schemas import Schema

__all__ = ["fingerprint", "manner"]

_DIGITS = 16
"""Of each half, in hexadecimal: among a million articles two are alike by chance once in 37 million corpora."""


def manner(settings: Settings, choice: ModelChoice, tasks: Collection[str], schema: Schema[Any] | None = None) -> str:
    """Return the digest of how articles are read: 16 hexadecimal digits.

    It covers the model, what is asked of it and how, the prompts in use and the library's own code. Keys, addresses, time-outs, retries,
    limits and how many articles are in work are no part of it: they change no result.
    """
    parts: dict[str, object] = {
        "model": choice.identity,
        "profile": choice.profile.value,
        "mode": settings.mode.value,
        "temperature": choice.temperature,
        "seed": settings.seed,
        "indirect": settings.indirect,
        "keep_text": settings.keep_text,
        "tasks": sorted(tasks),
        "code": _code(),
    }
    if schema:
        parts["schema"] = [schema.digest, settings.uncited.value, settings.max_reasks]
    return _digest(json.dumps(parts, sort_keys=True).encode("ascii"))


def fingerprint(how: str, article: Article) -> str:
    """Return `how`, a hyphen, and the digest of the article with all that is known of it."""
    about = article.model_dump_json(exclude={"text"})  # the digest of the text is in it
    return f"{how}-{_digest(about.encode())}"


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:_DIGITS]


@functools.cache
def _code() -> str:
    """Return a digest of the package's code and prompts: the version alone does not tell a checkout's states apart."""
    files = [*sorted(Path(__file__).parent.glob("*.py")), *sorted(prompt.path for prompt in available())]
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()
