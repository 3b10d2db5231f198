"""Bytes to text, decoded once: the encoding is told, never guessed at the price of garbled words."""

from __future__ import annotations

import codecs
import logging
import re

from llm_extract.errors import ArticleError

__all__ = ["HALF_CHARACTER", "MAX_BYTES", "checked", "decode", "wide_encoding"]

MAX_BYTES = 5_000_000
"""Size over which an article is refused: the longest news articles have a fiftieth of it, a dump of a whole site has more."""

HALF_CHARACTER = re.compile("[\ud800-\udfff]")
"""Half of a surrogate pair, which no file in UTF-8 can hold."""

# The longer mark first: UTF-32's little-endian one begins with UTF-16's.
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_MOST_CONTROL = 0.01  # share of control characters over which something is not a text
_WIDE_ZEROS = 0.4  # share of zero bytes on one side that makes text without a mark UTF-16: the Latin letters' high bytes
_WIDE_SAMPLE = 4096
# Text of another script or of Central Europe, read as Windows-1252: mostly letters beyond ASCII, or signs inside words.
_MOST_FOREIGN = 0.3
_SIGN_IN_WORD = re.compile(r"[a-z][³¹²¿¼¾£¥¯ª¶±¡][a-z]|[a-z]{3}[³¹¿]", re.IGNORECASE)

_log = logging.getLogger(__name__)


def decode(data: bytes, name: str) -> str:
    """Decode UTF-8 and UTF-16, with mark or without, UTF-32 with one, and else Windows-1252, with a warning in the log.

    Args:
        data: The whole file.
        name: What an error calls it.

    Raises:
        ArticleError: It is binary, empty, or of no encoding that can be told.
    """
    return checked(_decode(data, name), name)


def checked(text: str, name: str) -> str:
    """Return `text` where it can be an article's.

    Args:
        text: What was decoded.
        name: What an error calls it, within a sentence.

    Raises:
        ArticleError: It is empty or binary, has more than `MAX_BYTES` characters, or half a character, which no file holds.
    """
    if not text.strip():
        raise ArticleError(f"There is no text in {name}.", remedy="Leave it out, or check how it was made.")
    if len(text) > MAX_BYTES:
        raise ArticleError(f"There are {len(text):,} characters in {name}.", remedy="Split it into one text an article.")
    if (half := HALF_CHARACTER.search(text)) is not None:
        what = f"There is half a character at offset {half.start()} in {name}, which is no valid Unicode."
        raise ArticleError(what, remedy="Decode it again, without errors='surrogateescape' or 'surrogatepass'.")
    if "\0" in text or len(_CONTROL.findall(text)) > len(text) * _MOST_CONTROL:
        raise ArticleError(f"Not a text but binary data: {name}.", remedy="Convert it to plain text first.")
    return text


def _decode(data: bytes, name: str) -> str:
    encoding = wide_encoding(data)
    try:
        return data.decode(encoding or "utf-8")
    except UnicodeDecodeError as error:
        if encoding or _is_mostly_utf8(data):
            what = f"Byte {error.start} of {name} does not fit the rest, which is {error.encoding.upper()}."
            raise ArticleError(what, remedy="The file is damaged or cut off: get it again, or convert it to UTF-8.") from error
    return _decode_legacy(data, name)


def wide_encoding(data: bytes) -> str | None:
    """Tell UTF-8, UTF-16 and UTF-32 by the mark at the start, or UTF-16 without one by where the zero bytes are; else None."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return encoding
    sample = data[:_WIDE_SAMPLE]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    needed = max(1, len(sample) / 2 * _WIDE_ZEROS)
    if odd >= needed and not even:
        return "utf-16-le"
    return "utf-16-be" if even >= needed and not odd else None


def _is_mostly_utf8(data: bytes) -> bool:
    """Whether the bytes beyond ASCII are more often UTF-8 than not: then another encoding would garble all of them."""
    lenient = data.decode("utf-8", "surrogateescape")
    broken = sum("\udc80" <= character <= "\udcff" for character in lenient)
    sound = sum(character > "\x7f" for character in lenient) - broken
    return sound >= broken


def _decode_legacy(data: bytes, name: str) -> str:
    """Decode Windows-1252, which holds Latin-1; guessing among more encodings corrupts short texts silently."""
    if b"\0" in data:
        return "\0"  # binary: nothing worth a guess
    text = data.decode("cp1252", "replace")
    foreign = sum(character > "\x7f" for character in text) > _MOST_FOREIGN * len(text)
    if foreign or "\ufffd" in text or _SIGN_IN_WORD.search(text):
        if len(_CONTROL.findall(text)) > len(text) * _MOST_CONTROL:
            return "\0"
        raise ArticleError(f"{name} is neither UTF-8 nor Windows-1252.", remedy="Convert it to UTF-8.")
    _log.warning("%s is not UTF-8: read as Windows-1252.", name)
    return text
