"""Sentences with places for figures. What a sentence prints and what it means come from the same call."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from samples.model import Fact

PLACE = re.compile(r"\{([a-z_][a-z_0-9]*)(?:\.([a-z_]+))?\}")


@dataclass(frozen=True)
class Phrase:
    """Printed words with the rows they state; `aside` lists printed amounts without a row of their own."""

    text: str
    facts: tuple[Fact, ...] = ()
    aside: tuple[str, ...] = ()


Part = str | Phrase | Mapping[str, Phrase] | Callable[[], Phrase]


def fill(template: str, parts: Mapping[str, Part]) -> Phrase:
    """Put the parts into the places of a template: `{name}`, or `{name.figure}` of a part with several figures.

    A bare name of such a part means its `amount`. Only what the template prints is stated.
    """
    written: list[Phrase] = []
    end = 0
    for place in PLACE.finditer(template):
        written += [Phrase(template[end : place.start()]), _part(parts, place[1], place[2] or "amount")]
        end = place.end()
    return join([*written, Phrase(template[end:])], "")


def join(phrases: Iterable[Phrase], joint: str = "；") -> Phrase:
    """Phrases one after the other."""
    listed = list(phrases)
    return Phrase(
        joint.join(phrase.text for phrase in listed),
        tuple(fact for phrase in listed for fact in phrase.facts),
        tuple(amount for phrase in listed for amount in phrase.aside),
    )


def _part(parts: Mapping[str, Part], name: str, figure: str) -> Phrase:
    part = parts[name]
    if isinstance(part, str):
        return Phrase(part)
    if isinstance(part, Phrase):
        return part
    return part[figure] if isinstance(part, Mapping) else part()
