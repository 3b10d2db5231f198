"""One frozen object of settings: argument, then environment, then default; and which model they choose."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Self

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from llm_extract.errors import SettingError
from llm_extract.grounding import Uncited

__all__ = ["CachePolicy", "Endpoint", "Mode", "ModelChoice", "Profile", "Settings", "choose_model"]

EMBEDDED_MODEL = "qwen2.5-coder-1.5b-instruct-q4_k_m"
"""The name under which the embedded model is asked for and appears in results."""

DEFAULT_HOSTED_MODEL = "gpt-4.1-mini"
"""What is asked of a hosted endpoint when a key is there and no model is named."""


class Mode(StrEnum):
    """How the model is held to the form of the answer."""

    JSON_SCHEMA = "json_schema"
    TOOLS = "tools"


class Profile(StrEnum):
    """How the work is cut for a model."""

    HOSTED = "hosted"
    """The whole article, one call for quotes and one for meetings, one schema for all articles."""
    LOCAL = "local"
    """Short passages, small questions, answers constrained to what is possible in this article."""


class CachePolicy(StrEnum):
    """What is done with answers that were given before."""

    USE = "use"
    REFRESH = "refresh"
    """Ask again and store the new answers."""
    OFF = "off"


class Settings(BaseModel):
    """Everything that can be set; an immutable value that may be shared between threads.

    Where an argument is not given, the environment variable `LLM_EXTRACT_` and its name in capitals is used
    (`LLM_EXTRACT_MODEL`, …); for `api_key` and `base_url` also `OPENAI_API_KEY` and `OPENAI_BASE_URL`.
    `Settings.load` looks there; `Settings(...)` takes only what it is given.

    Example:
        >>> Settings(model="gpt-4.1-mini").max_retries
        4
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str | None = None
    """Name of a model at the endpoint, or path of a `.gguf` file to run here; None chooses (see `choose_model`)."""
    base_url: str | None = None
    """An OpenAI-compatible endpoint, such as `http://localhost:11434/v1`."""
    api_key: SecretStr | None = None
    """Its key, where it wants one."""
    profile: Profile | None = None
    """None: `local` for a model that runs here, `hosted` for any other."""
    mode: Mode = Mode.JSON_SCHEMA
    """How the answer's form is enforced; endpoints differ in what they support."""
    temperature: float | None = Field(default=None, ge=0, le=2)
    """None: 0 for a model that runs here; not sent to any other, for some models reject it."""
    seed: int | None = None
    """None: not sent."""
    indirect: bool = False
    """Whether indirect speech ("Petrova said that …") is found too, by grammar and without a model, with either profile."""
    uncited: Uncited = Uncited.REFUSE
    """What becomes of a value of a schema of the user's own that rests on nothing in the article."""
    keep_text: bool = True
    """Whether a result carries the article's text, without which a report shows no article; False where the text may not be passed on."""
    timeout_s: float = Field(default=300.0, gt=0)
    """Seconds that one request may take."""
    max_retries: int = Field(default=4, ge=0, le=20)
    """Requests repeated for a question after passing faults of transport."""
    max_reasks: int = Field(default=2, ge=0, le=10)
    """Questions repeated with the error after an answer of the wrong form."""
    max_wait_s: float = Field(default=60.0, ge=0)
    """Longest pause before a retry, in seconds; a server that asks for a longer one is given up. 0: never wait, whatever it asks."""
    patience_s: float | None = Field(default=None, ge=0)
    """Seconds that an outage of the endpoint may last (it can't be reached, fails, or asks to wait for longer than `max_wait_s`), before it
    is given up. Meanwhile all questions wait and a question of a few words is put now and then. None: 600, but 0 for a model that runs
    here, with a cassette, and where `max_wait_s` is 0; and an endpoint that was never reached is given up after the retries."""
    article_timeout_s: float = Field(default=3600.0, gt=0)
    """Seconds that one article may take, pauses included, outages not."""
    jobs: int | None = Field(default=None, ge=1, le=1024)
    """Articles in work, and requests under way, at a time; None: 1 for a model that runs here, 8 for any other."""
    rpm: int | None = Field(default=None, ge=1)
    """Most requests sent in any minute; None: no limit."""
    tpm: int | None = Field(default=None, ge=1)
    """Most tokens sent and received in any minute, estimated before a request and corrected after it; None: no limit."""
    max_tokens: int | None = Field(default=None, ge=0)
    """Tokens of prompts and answers after which no request is sent any more; None: no limit."""
    max_cost: float | None = Field(default=None, ge=0)
    """Cost in US dollars after which no request is sent any more; None: no limit."""
    prices: Path | None = None
    """A TOML file, in US dollars a million tokens: `"model" = {input = 0.4, output = 1.6}`; None: what `genai-prices` knows."""
    cache_dir: Path = Field(default_factory=lambda: Path(platformdirs.user_cache_dir("llm-extract")))
    """Folder of the answers and of the embedded model's weights."""
    cache: CachePolicy = CachePolicy.USE
    """What is done with answers that were given before."""
    cache_limit_bytes: int = Field(default=2**30, ge=2**20)
    """Size at which the oldest answers are dropped."""
    replay: Path | None = None
    """A cassette, or a folder of them, that answers instead of a model."""

    @classmethod
    def load(cls, environment: Mapping[str, str] | None = None, /, **arguments: object) -> Self:
        """Make settings from arguments, then `environment` (default: the process's), then defaults.

        An argument that is None and a variable that is empty count as not given. With `replay`, what makes up a request (the model,
        where it is, how it is asked) is taken from the arguments alone: a key in the environment must not make a cassette of the embedded
        model unusable.

        Raises:
            SettingError: A value is not of the right form; the message names it and where it came from.
        """
        environment = os.environ if environment is None else environment
        found = {name: value for name in cls.model_fields if (value := _from_environment(name, environment))}
        given = {name: value for name, value in arguments.items() if value is not None}
        if "replay" in {**found, **given}:
            found = {name: value for name, value in found.items() if name not in _OF_A_REQUEST}
        try:
            return cls.model_validate({**found, **given})
        except ValidationError as error:
            raise SettingError(_explain(error, given), remedy="See `llm-extract run --help`.") from None


_OF_A_REQUEST = frozenset({"model", "base_url", "api_key", "profile", "mode", "temperature", "seed"})


def _from_environment(name: str, environment: Mapping[str, str]) -> str | None:
    own = environment.get(f"LLM_EXTRACT_{name.upper()}")
    if name in {"api_key", "base_url"}:
        return own or environment.get(f"OPENAI_{name.upper()}")
    return own


def _explain(error: ValidationError, given: Mapping[str, object]) -> str:
    parts = []
    for problem in error.errors(include_url=False, include_input=False):
        name = str(problem["loc"][0]) if problem["loc"] else "settings"
        origin = name if name in given else f"LLM_EXTRACT_{name.upper()}"
        parts.append(f"{origin}: {problem['msg']}")
    return "; ".join(parts) + "."


@dataclass(frozen=True)
class Endpoint:
    """Where requests go."""

    base_url: str
    api_key: SecretStr


@dataclass(frozen=True)
class ModelChoice:
    """Which model answers, decided before anything is sent or loaded."""

    name: str
    """What a request calls it."""
    identity: str
    """What the cache knows it by: never a key, a port or a path."""
    profile: Profile
    temperature: float | None
    jobs: int
    weights: Path | None = None
    """A GGUF file to run in this process; None with no `endpoint`: the embedded model."""
    endpoint: Endpoint | None = None
    """A server that runs already; None: the model runs in this process."""

    @property
    def runs_here(self) -> bool:
        """Whether this process serves the model."""
        return self.endpoint is None


def choose_model(settings: Settings) -> ModelChoice:
    """Decide which model answers.

    A path ending in `.gguf` runs in this process, unless there is no such file and an endpoint is given, which may call its models so.
    With a key or an endpoint, the named model is asked there. With neither, the embedded model runs. A cassette needs neither: it
    answers for the model named as for one at an endpoint.

    Raises:
        SettingError: The weights don't exist, or a model is named that nothing here can serve.
    """
    name = settings.model
    if name and name.lower().endswith(".gguf") and not (settings.base_url and not Path(name).expanduser().is_file()):
        return _own_weights(Path(name).expanduser(), settings)
    if settings.base_url or settings.api_key or (settings.replay and name not in {None, EMBEDDED_MODEL}):
        return _remote(settings)
    if name and name != EMBEDDED_MODEL:
        what = f"Nothing here serves the model {name!r}: there is neither a key nor an endpoint."
        raise SettingError(what, remedy="Set OPENAI_API_KEY, give --base-url, or name a .gguf file.")
    return _here(EMBEDDED_MODEL, EMBEDDED_MODEL, None, settings)


def _own_weights(path: Path, settings: Settings) -> ModelChoice:
    if not path.is_file():
        raise SettingError(f"There are no weights at {path}.", remedy="Give the path of a .gguf file.")
    size = path.stat().st_size
    return _here(path.stem, f"{path.name}:{size}", path, settings)


def _here(name: str, identity: str, weights: Path | None, settings: Settings) -> ModelChoice:
    return ModelChoice(
        name=name,
        identity=identity,
        profile=settings.profile or Profile.LOCAL,
        temperature=0.0 if settings.temperature is None else settings.temperature,
        jobs=settings.jobs or 1,
        weights=weights,
    )


def _remote(settings: Settings) -> ModelChoice:
    base_url = (settings.base_url or "https://api.openai.com/v1").rstrip("/")
    name = settings.model or DEFAULT_HOSTED_MODEL
    return ModelChoice(
        name=name,
        identity=f"{name}@{_host(base_url)}",
        profile=settings.profile or Profile.HOSTED,
        temperature=settings.temperature,
        jobs=settings.jobs or 8,
        endpoint=Endpoint(base_url, settings.api_key or SecretStr("none")),
    )


def _host(base_url: str) -> str:
    """Return the host without port, user or path: what stays the same when a server is started again."""
    from urllib.parse import urlsplit

    host = urlsplit(base_url).hostname
    if not host:
        raise SettingError(f"{base_url!r} is not a URL.", remedy="Give one like http://localhost:11434/v1.")
    return host
