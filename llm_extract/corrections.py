"""What a person decides about a dossier, and merging then keeps to: a file in TOML or JSON.

[[join]]                                  # these mentions are one meeting
mentions = ["story1#M2", "story4#M1"]     # the article's id, then the meeting's id in that article's result

[[split]]                                 # these are a meeting of their own, to which nothing else belongs
mentions = ["story2#M3"]

[[rename]]                                # these names are one party's
names = ["Zelya", "the Ukrainian leader"]
to = "Volodymyr Zelenskyy"

[[set]]                                   # of the record to which this mention belongs
mention = "story1#M2"
field = "place"                           # date, place, event, kind or status
value = "Kyiv"
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, Self

from pydantic import ConfigDict, Field, ValidationError, model_validator

from llm_extract import dates
from llm_extract.described import Described
from llm_extract.errors import SettingError
from llm_extract.schema import MeetingKind, MeetingStatus

__all__ = ["Corrections", "MentionGroup", "Renaming", "Setting", "read_corrections"]


class _Model(Described):
    model_config = ConfigDict(frozen=True, extra="forbid")


class MentionGroup(_Model):
    """Mentions that belong together."""

    mentions: tuple[str, ...] = Field(min_length=1)
    """Each as `ARTICLE#MEETING`: the article's id in the dossier, and the meeting's id in that article's result."""


class Renaming(_Model):
    """Names that are one party's."""

    names: tuple[str, ...] = Field(min_length=1)
    """As articles have them."""
    to: str = Field(min_length=1)
    """The name that they all stand for."""


class Setting(_Model):
    """A value that is taken, whatever articles say."""

    mention: str
    """A mention of the record, as `ARTICLE#MEETING`."""
    field: Literal["date", "place", "event", "kind", "status"]
    value: str

    @model_validator(mode="after")
    def _value_fits(self) -> Self:
        if self.field == "date":
            dates.validate(self.value)
        elif self.field == "kind":
            MeetingKind(self.value)
        elif self.field == "status":
            MeetingStatus(self.value)
        return self


class Corrections(_Model):
    """All that a file of corrections says."""

    join: tuple[MentionGroup, ...] = ()
    """Mentions of one meeting; the rule may join others with them."""
    split: tuple[MentionGroup, ...] = ()
    """Mentions that are a meeting of their own: nothing else joins them."""
    rename: tuple[Renaming, ...] = ()
    """Names that are one party's."""
    set: tuple[Setting, ...] = ()
    """Values that are taken."""

    @model_validator(mode="after")
    def _clear(self) -> Self:
        """Refuse what can be understood in two ways."""
        for mention, times in Counter(name for group in (*self.join, *self.split) for name in dict.fromkeys(group.mentions)).items():
            if times > 1:
                message = f"the mention {mention!r} is in {times} groups of join and split; put it into one"
                raise ValueError(message)
        meant: dict[str, str] = {}
        for renaming in self.rename:
            for name in renaming.names:
                if meant.setdefault(name, renaming.to) != renaming.to:
                    message = f"the name {name!r} is renamed to {meant[name]!r} and to {renaming.to!r}"
                    raise ValueError(message)
        return self

    def mentions(self) -> Iterator[str]:
        """Yield every mention that is named, as often as it is."""
        for group in (*self.join, *self.split):
            yield from group.mentions
        for setting in self.set:
            yield setting.mention


def read_corrections(path: Path) -> Corrections:
    """Read a file of corrections; what ends in `.json` is JSON, all else TOML.

    Raises:
        SettingError: It can't be read, is not in this form, or says two things that exclude each other.
    """
    remedy = "The form is described in `llm-extract merge --help` and in the README."
    try:
        written = path.read_bytes()
        if path.suffix.casefold() == ".json":
            return Corrections.model_validate_json(written)
        return Corrections.model_validate(tomllib.loads(written.decode()))
    except OSError as error:
        raise SettingError(f"The corrections {path} can't be read: {error.strerror or error}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingError(f"The corrections {path} are no TOML: {error}.", remedy=remedy) from error
    except ValidationError as error:
        problem = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, problem["loc"]))
        raise SettingError(
            f"The corrections {path} can't be used: {place + ': ' if place else ''}{problem['msg']}.", remedy=remedy
        ) from error
