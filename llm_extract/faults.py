"""What the engine's exceptions mean to us: the one place where they are mapped.

Known by the names of their classes, so that nothing heavy is imported here; a test walks the classes of openai, httpx2, aiohttp
and instructor and fails where one is forgotten.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import islice

from llm_extract.errors import (
    ModelError,
    ModelOverloadedError,
    ModelRefusedError,
    ModelUnavailableError,
    ReplayError,
    RequestRejectedError,
    UnusableAnswerError,
)

__all__ = [
    "BY_AIOHTTP",
    "BY_CLASS",
    "BY_CODE",
    "BY_STATUS",
    "Fate",
    "Fault",
    "OversizedAnswerError",
    "ReportedError",
    "fault_of",
    "holds",
    "masked",
    "means_unusable",
]

_MAX_QUOTED_CHARS = 300
_MAX_TEXTS = 20
_OVERLOADED = frozenset({503, 529})
"""HTTP statuses above 500 by which a server says that it has too much to do."""
_MIN_KEY_CHARS = 6
"""Shorter ones are placeholders such as `none`, and words besides."""
_CONTEXT = re.compile(r"(?i)context[ _-](?:length|window|size)")
"""How servers without a code for it, such as vLLM, say that a question is too long."""
_WAIT = "Try again later, with fewer articles at a time (--jobs), or allow more retries."
_KEY = "Check the key (OPENAI_API_KEY) and what it may do."
_URL = "Check the address (--base-url): it usually ends in /v1."
_QUOTA = "Pay in or raise the limit with the provider, or name another key or model."
_PARAMETER = "The endpoint does not take such requests: try --mode tools, another model, or no --temperature and --seed."
_SHORTER = "Use --profile local, which asks about short passages, or a model that reads more."


@dataclass(frozen=True)
class Fate:
    """What a kind of fault means: our error, what to say, what to do, and whether it may pass by itself."""

    error: type[ModelError]
    what: str
    remedy: str
    passing: bool = False


class OversizedAnswerError(Exception):
    """The body of an answer is larger than any answer is; it never leaves the library."""

    def __init__(self, limit_bytes: int) -> None:
        super().__init__(f"more than {limit_bytes:,} bytes")


class ReportedError(ValueError):
    """An error that a server reports in place of an answer, though with status 200; it never leaves the library."""

    def __init__(self, body: object) -> None:
        super().__init__("an error in place of an answer")  # not the server's words, which may hold a key
        self.body = body
        known = body if isinstance(body, dict) else {}
        self.code, self.type = known.get("code"), known.get("type")
        self.status_code = self.code

    @classmethod
    def look_at(cls, answered: object) -> None:
        """Raise what a server reports, as gateways do that begin to answer before the model has."""
        if isinstance(answered, dict) and not answered.get("choices") and (body := answered.get("error")):
            raise cls(body)


class Fault(Exception):  # noqa: N818  carries an error of ours; it never leaves the library
    """A fault of transport: our error, whether it may pass, and how long the server asks to wait, in seconds."""

    def __init__(self, error: ModelError, *, passing: bool = False, retry_after_s: float | None = None, for_all: bool = False) -> None:
        super().__init__(str(error))
        self.error = error
        self.passing = passing
        self.retry_after_s = retry_after_s
        self.may_be_outage = passing
        """Whether it may pass, but perhaps not soon: the server may be out of service, or asks for a longer pause than allowed."""
        self.may_be_charged = False
        """Whether an answer may have been written, and be paid for, that did not come."""
        self.for_all = for_all
        """Whether it tells that the server has too much to do, so that other requests should wait as well."""


_SLOW = Fate(ModelOverloadedError, "{place} did not answer in time", "Allow more time (LLM_EXTRACT_TIMEOUT_S).", passing=True)
_BROKEN = Fate(ModelOverloadedError, "The answer of {place} breaks off or is no JSON", _WAIT, passing=True)
_CUT = Fate(ModelOverloadedError, "The connection to {place} broke off", _WAIT, passing=True)
_UNTOLD = (_SLOW, _BROKEN, _CUT)
_GONE = Fate(ModelUnavailableError, "{place} can't be reached", "Start the server, or check the address (--base-url).", passing=True)
_NO_URL = Fate(ModelUnavailableError, "Nothing can be sent to {place}", _URL)
_OTHER = Fate(ModelUnavailableError, "{place} does not work as expected", "Report this, with the model and the endpoint.")
_FORM = Fate(UnusableAnswerError, "The answer is not of the form asked for", "Try a stronger model, or --mode tools.")
_FILTERED = Fate(ModelRefusedError, "A content filter stopped the answer", "Leave the article out, or use another model.")
_DENIED = Fate(ModelUnavailableError, "{place} does not accept the key", _KEY)
_BUSY = Fate(ModelOverloadedError, "{place} is overloaded", _WAIT, passing=True)
_REJECTED = Fate(RequestRejectedError, "{place} rejects the request", _PARAMETER)
_EMPTY_PURSE = Fate(ModelUnavailableError, "The quota at {place} is used up", _QUOTA)
_OVERSIZED = Fate(UnusableAnswerError, "The answer of {place} is larger than any answer is", "Check the address (--base-url).")
_TOO_LONG = Fate(ModelRefusedError, "The question is longer than the model can read", _SHORTER)
_NOT_RECORDED = Fate(
    ReplayError,
    "The cassette holds no answer to this request: the prompt, the model or the settings changed since it was recorded",
    "Record it again (`make record`), or run the model.",
)

BY_CLASS: Mapping[str, Fate] = {
    "OversizedAnswerError": _OVERSIZED,
    "ReportedError": Fate(ModelOverloadedError, "{place} reports an error in place of an answer", _WAIT, passing=True),
    "CannotOverwriteExistingCassetteException": _NOT_RECORDED,
    "UnhandledHTTPRequestError": _NOT_RECORDED,
    "ConnectError": _GONE,
    "ConnectTimeout": _GONE,
    "ProxyError": _GONE,
    "UnsupportedProtocol": _NO_URL,
    "InvalidURL": _NO_URL,
    "DecodingError": _BROKEN,
    "TimeoutException": _SLOW,
    "TimeoutError": _SLOW,
    "APITimeoutError": _SLOW,
    "TooManyRedirects": _NO_URL,
    "TransportError": _CUT,
    "HTTPStatusError": _OTHER,
    "APIConnectionError": _CUT,
    "JSONDecodeError": _BROKEN,
    "UnicodeDecodeError": _BROKEN,
    "RecursionError": _BROKEN,
    "APIResponseValidationError": Fate(ModelUnavailableError, "What answers at {place} is no model", _URL),
    "SubjectTokenProviderError": _DENIED,
    "OAuthError": _DENIED,
    "LengthFinishReasonError": _FORM,
    "ContentFilterFinishReasonError": _FILTERED,
    "WebSocketConnectionClosedError": _CUT,
    "WebSocketQueueFullError": _BUSY,
    "InvalidWebhookSignatureError": _OTHER,
    "StreamAlreadyConsumed": _OTHER,
    "MutuallyExclusiveAuthError": _OTHER,
    "APIRemovedInV1": _OTHER,
    "MissingDependencyError": _OTHER,
    "_AmbiguousModuleClientUsageError": _OTHER,
    "APIStatusError": _REJECTED,
    "RetryError": _BUSY,
    "ValidationError": _FORM,
    "IncompleteOutputException": _FORM,
    "InstructorRetryException": _FORM,
    "AsyncValidationError": _FORM,
    "ResponseParsingError": _FORM,
    "ProviderError": _OTHER,
    "ConfigurationError": _OTHER,
    "ModeError": _OTHER,
    "ClientError": _OTHER,
    "MultimodalError": _OTHER,
}
"""By the name of the class, or of the nearest of its bases that is named."""

BY_AIOHTTP: Mapping[str, Fate] = {
    "ClientConnectorCertificateError": Fate(
        ModelUnavailableError,
        "The certificate of {place} is not trusted",
        "Check the address (--base-url). Where your network vouches for servers itself, name its certificate in SSL_CERT_FILE.",
    ),
    "ClientSSLError": Fate(ModelUnavailableError, "{place} does not speak TLS", "Check whether its address begins with http:// instead."),
    "ClientConnectorError": _GONE,
    "ConnectionTimeoutError": _GONE,
    "ClientHttpProxyError": _GONE,
    "ServerTimeoutError": _SLOW,
    "InvalidURL": _NO_URL,
    "NonHttpUrlClientError": _NO_URL,
    "RedirectClientError": _NO_URL,
    "TooManyRedirects": _NO_URL,
    "ClientError": _CUT,
}
"""Likewise, by what aiohttp raises below openai and httpx2, which mix up its time-outs with connections that break off."""

BY_STATUS: Mapping[int, Fate] = {
    400: _REJECTED,
    401: _DENIED,
    402: _EMPTY_PURSE,
    403: Fate(ModelUnavailableError, "The key may not use this model at {place}", _KEY),
    404: Fate(ModelUnavailableError, "There is no such model or address at {place}", "Check --model and --base-url."),
    408: _SLOW,
    409: _BUSY,
    413: _TOO_LONG,
    422: _REJECTED,
    429: _BUSY,
}
"""By HTTP status; 500 and above may pass, any other is a rejection."""

BY_CODE: Mapping[str, Fate] = {
    "insufficient_quota": _EMPTY_PURSE,
    "billing_hard_limit_reached": _EMPTY_PURSE,
    "billing_not_active": _EMPTY_PURSE,
    "content_filter": _FILTERED,
    "content_policy_violation": _FILTERED,
    "invalid_prompt": _FILTERED,
    "context_length_exceeded": _TOO_LONG,
    "exceed_context_size_error": _TOO_LONG,
    "string_above_max_length": _TOO_LONG,
}
"""By the `code` or `type` in the body of an error, which says more than its status."""


def fault_of(error: BaseException, *, place: str, secret: str, max_wait_s: float) -> Fault:
    """Say what an exception of the engine means.

    Args:
        error: The exception.
        place: Which endpoint, as messages name it.
        secret: The key, which no message may hold.
        max_wait_s: Longest pause allowed, in seconds; a server that asks for a longer one is given up. With 0 nothing
            is ever waited for, and no pause is too long.
    """
    fate = _fate(error)
    wait_s = _retry_after_s(error) if fate.passing else None
    for_all = fate.passing and (wait_s is not None or fate in {_BUSY, _GONE} or getattr(error, "status_code", 0) in _OVERLOADED)
    what = fate.what.format(place=place)
    if fate.error is not ReplayError and (said := _said(error, secret)):
        what += f": {said}"
    passing = fate.passing
    if wait_s is not None and wait_s > max_wait_s > 0:
        what += f" (it asks to wait {wait_s:.0f} s, longer than the {max_wait_s:.0f} s allowed)"
        passing = False
    fault = Fault(
        fate.error(masked(what, secret).rstrip(". ") + ".", remedy=fate.remedy), passing=passing, retry_after_s=wait_s, for_all=for_all
    )
    fault.may_be_outage = fate.passing
    fault.may_be_charged = fate in _UNTOLD and not hasattr(error, "status_code")
    return fault


def masked(text: str, secret: str) -> str:
    """Return `text` without the key."""
    text = re.sub(r"(?i)\b(bearer\s+|sk-)[\w.*-]{4,}", r"\1…", text)
    return text.replace(secret, "…") if len(secret) >= _MIN_KEY_CHARS else text


def holds(error: BaseException | None, secret: str) -> bool:
    """Say whether an exception, or one that it came from, shows the key, and so must not be chained."""
    texts = (f"{link!s} {link!r}" for link in _chain(error))
    return any(masked(text, secret) != text for text in texts)


def means_unusable(error: BaseException) -> bool:
    """Say whether an exception of instructor's is about an answer of the wrong form."""
    return _named(type(error), BY_CLASS) is _FORM


def _fate(error: BaseException) -> Fate:
    for detail in (getattr(error, "code", None), getattr(error, "type", None)):
        if isinstance(detail, str) and detail in BY_CODE:
            return BY_CODE[detail]
    status = getattr(error, "status_code", None)
    if isinstance(status, int) and status >= 400:  # noqa: PLR2004  where HTTP's errors begin
        said = _by_status(status)
        return _TOO_LONG if said is _REJECTED and _CONTEXT.search(_words(error)) else said
    # openai wraps what httpx2 raised: the cause tells a refused connection from one that broke off.
    links = [type(link) for link in _chain(error)]
    below = [fate for link in links if link.__module__.startswith("aiohttp.client") and (fate := _named(link, BY_AIOHTTP))]
    chain = below or [fate for link in links if (fate := _named(link, BY_CLASS))]
    known = [fate for fate in chain if fate is not _CUT]
    return (known or chain or [_OTHER])[0] if _NOT_RECORDED not in chain else _NOT_RECORDED


def _by_status(status: int) -> Fate:
    if status >= 500:  # noqa: PLR2004  the server's own errors
        return Fate(ModelOverloadedError, f"{{place}} has a fault of its own (HTTP {status})", _WAIT, passing=True)
    return BY_STATUS.get(status, _REJECTED)


def _named(kind: type[BaseException], fates: Mapping[str, Fate]) -> Fate | None:
    return next((fates[base.__name__] for base in kind.__mro__ if base.__name__ in fates), None)


def _chain(error: BaseException | None) -> list[BaseException]:
    links: list[BaseException] = []
    while error is not None and error not in links:
        links.append(error)
        error = error.__cause__ or error.__context__
    return links


def _said(error: BaseException, secret: str) -> str:
    """Return the server's own words, on one line, without the key; none of the engine's, which say less than ours."""
    text = masked(" ".join(_words(error).split()), secret)  # before a cut could leave half a key
    return text if len(text) <= _MAX_QUOTED_CHARS else text[:_MAX_QUOTED_CHARS] + "…"


def _words(error: BaseException) -> str:
    body = getattr(error, "body", None)
    message = body.get("message") if isinstance(body, dict) else body
    return message if isinstance(message, str) else " ".join(islice(_texts(body), _MAX_TEXTS))


def _texts(body: object) -> Iterator[str]:
    """Yield the texts of a body that has no message where OpenAI has it; FastAPI, for one, lists what is wrong under `detail`."""
    waiting = [body]
    while waiting:
        part = waiting.pop()
        if isinstance(part, str):
            yield part
        elif isinstance(part, dict | list):
            waiting += reversed([*part.values()] if isinstance(part, dict) else part)


def _retry_after_s(error: BaseException) -> float | None:
    """Read the pause that the server asks for: `retry-after-ms`, or `Retry-After` in seconds or as a date (RFC 9110)."""
    headers = getattr(getattr(error, "response", None), "headers", {})
    if (milliseconds := _number(headers.get("retry-after-ms"))) is not None:
        return milliseconds / 1000
    value = headers.get("retry-after")
    seconds = _number(value)
    return seconds if seconds is not None or not value else _seconds_between(headers.get("date"), value)


def _number(text: str | None) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return max(0.0, number) if math.isfinite(number) else None


def _seconds_between(now: str | None, then: str) -> float | None:
    """Return the seconds from one HTTP date to another: from the server's own clock, for this machine's may be wrong."""
    until = _date(then)
    return max(0.0, (until - (_date(now) or datetime.now(UTC))).total_seconds()) if until else None


def _date(text: str | None) -> datetime | None:
    try:
        date = parsedate_to_datetime(text or "")
    except (ValueError, OverflowError):
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)
