"""The tree of exceptions.

Everything that this library raises on purpose is an `LlmExtractError`; the engine's exceptions are chained beneath it.

    LlmExtractError
    ├── SettingError              an argument, option or environment variable is wrong
    │   ├── MissingExtraError     what was asked for needs an extra that is not installed
    │   └── SchemaError           a schema can't be used: the model could not be held to it, or an example contradicts its text
    ├── ArticleError              an article can't be read or used
    ├── PromptError               a template is missing, or asks for what it is not given
    ├── ModelError
    │   ├── ModelUnavailableError the model can't be reached or will not serve us: no use in going on
    │   │   └── RequestRejectedError it does not take such a request: a wrong setting, or, where others were taken, this article
    │   ├── ModelOverloadedError  it answered with a passing fault until the retries were used up
    │   ├── ModelRefusedError     it declined to answer about this article
    │   ├── UnusableAnswerError   it answered, but never in the form asked for
    │   ├── ArticleTimeoutError   an article took longer than it may
    │   └── ReplayError           a replayed cassette holds no answer to this request
    ├── LimitError                a limit that the user set is reached: tokens, cost, failures
    ├── CacheError                the cache folder can't be used
    └── OutputError               a result can't be written or read back
"""

from __future__ import annotations

__all__ = [
    "ArticleError",
    "ArticleTimeoutError",
    "CacheError",
    "LimitError",
    "LlmExtractError",
    "MissingExtraError",
    "ModelError",
    "ModelOverloadedError",
    "ModelRefusedError",
    "ModelUnavailableError",
    "OutputError",
    "PromptError",
    "ReplayError",
    "RequestRejectedError",
    "SchemaError",
    "SettingError",
    "UnusableAnswerError",
]


class LlmExtractError(Exception):
    """The root: catch this to catch all that the library raises on purpose.

    Args:
        what: What happened, in one sentence.
        remedy: What the user can do next, in one sentence. It is part of the message.

    Example:
        >>> str(LlmExtractError("The file is empty.", remedy="Leave it out."))
        'The file is empty. Leave it out.'
    """

    def __init__(self, what: str, *, remedy: str = "") -> None:
        super().__init__(f"{what} {remedy}".strip())
        self.what = what
        self.remedy = remedy

    def __reduce__(self) -> tuple[object, ...]:
        """Keep `remedy` through pickling, as a process pool needs."""
        return _rebuild, (type(self), self.what, self.remedy)


def _rebuild(kind: type[LlmExtractError], what: str, remedy: str) -> LlmExtractError:
    return kind(what, remedy=remedy)


class SettingError(LlmExtractError):
    """An argument, option or environment variable is wrong."""


class MissingExtraError(SettingError):
    """What was asked for needs an extra that is not installed."""


class SchemaError(SettingError):
    """A schema can't be used: the model could not be held to it, or an example contradicts its text."""


class ArticleError(LlmExtractError):
    """An article can't be read or used."""


class PromptError(LlmExtractError):
    """A template is missing, or asks for what it is not given."""


class ModelError(LlmExtractError):
    """No usable answer came from the model."""


class ModelUnavailableError(ModelError):
    """The model can't be reached or will not serve us, for this article or any other."""


class RequestRejectedError(ModelUnavailableError):
    """The endpoint does not take such a request, and does not say why: a setting is wrong or, where it took others, this article."""


class ModelOverloadedError(ModelError):
    """The model answered with a passing fault until the retries were used up."""


class ModelRefusedError(ModelError):
    """The model, or a filter before it, declined to answer about this article."""


class UnusableAnswerError(ModelError):
    """The model answered, but never in the form asked for."""


class ArticleTimeoutError(ModelError):
    """An article took longer than it may."""


class ReplayError(ModelError):
    """A replayed cassette holds no answer to this request."""


class LimitError(LlmExtractError):
    """A limit that the user set is reached: tokens, cost, failures. What is in flight may end; nothing new is begun."""


class CacheError(LlmExtractError):
    """The cache folder can't be used."""


class OutputError(LlmExtractError):
    """A result can't be written or read back."""
