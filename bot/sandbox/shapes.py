"""Small rules that a JSON value is held against, with Slack's wording for what breaks them."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

Rule = Callable[["Problems", str, Any], None]


@dataclass(slots=True)
class Problems:
    """What is wrong so far, as pairs of JSON pointer and message."""

    found: list[tuple[str, str]] = field(default_factory=list)

    def add(self, pointer: str, message: str) -> None:
        """Note one more."""
        self.found.append((pointer, message))

    def messages(self) -> list[str]:
        """The lines of `response_metadata.messages`."""
        return [f"[ERROR] {message} [json-pointer:{pointer}]" for pointer, message in self.found]


def string(most: int | None = None, least: int = 0, pattern: str | None = None) -> Rule:
    """A text of `least` to `most` characters that matches the pattern."""

    def rule(problems: Problems, at: str, value: Any) -> None:
        if not isinstance(value, str):
            problems.add(at, "must be a string")
            return
        if most is not None and len(value) > most:
            problems.add(at, f"must be less than {most + 1} characters")
        if len(value) < least:
            problems.add(at, f"must be more than {least - 1} characters")
        if pattern is not None and value and not re.fullmatch(pattern, value):
            problems.add(at, "does not match the expected format")

    return rule


def flag(problems: Problems, at: str, value: Any) -> None:
    """True or false."""
    if not isinstance(value, bool):
        problems.add(at, "must be a boolean")


def number(
    least: float | None = None, most: float | None = None, above: float | None = None
) -> Rule:
    """A number within bounds."""

    def rule(problems: Problems, at: str, value: Any) -> None:
        if isinstance(value, bool) or not isinstance(value, int | float):
            problems.add(at, "must be a number")
            return
        if least is not None and value < least:
            problems.add(at, f"must be at least {least}")
        if most is not None and value > most:
            problems.add(at, f"must be at most {most}")
        if above is not None and value <= above:
            problems.add(at, f"must be greater than {above}")

    return rule


def integer(least: int, most: int) -> Rule:
    """A whole number within bounds."""
    within = number(least, most)

    def rule(problems: Problems, at: str, value: Any) -> None:
        if not isinstance(value, int):
            problems.add(at, "must be an integer")
            return
        within(problems, at, value)

    return rule


def one_of(allowed: Collection[str]) -> Rule:
    """One of the words."""

    def rule(problems: Problems, at: str, value: Any) -> None:
        if value not in allowed:
            problems.add(at, "must be a valid enum value")

    return rule


def items(each: Rule, most: int, least: int = 1) -> Rule:
    """A list of `least` to `most`, each after the rule."""

    def rule(problems: Problems, at: str, value: Any) -> None:
        if not isinstance(value, list):
            problems.add(at, "must be an array")
            return
        if len(value) > most:
            problems.add(at, f"no more than {most} items allowed")
        if len(value) < least:
            problems.add(at, f"must have at least {least} item" + "s" * (least != 1))
        for index, item in enumerate(value[: most + 1]):
            each(problems, f"{at}/{index}", item)

    return rule


def shape(
    fields: Mapping[str, Rule],
    required: Collection[str] = (),
    also: Rule | None = None,
) -> Rule:
    """An object with these fields and no others; `also` looks at the whole of it."""

    def rule(problems: Problems, at: str, value: Any) -> None:
        if not isinstance(value, dict):
            problems.add(at, "must be an object")
            return
        for name in required:
            if value.get(name) is None:
                problems.add(at, f"missing required field: {name}")
        for name, part in value.items():
            if name not in fields:
                problems.add(at, f"invalid additional property: {name}")
            elif part is not None:
                fields[name](problems, f"{at}/{name}", part)
        if also is not None:
            also(problems, at, value)

    return rule


def by_type(table: Mapping[str, Rule]) -> Rule:
    """An object whose `type` picks the rule."""

    def rule(problems: Problems, at: str, value: Any) -> None:
        if not isinstance(value, dict):
            problems.add(at, "must be an object")
        elif not isinstance(value.get("type"), str):
            problems.add(at, "missing required field: type")
        elif value["type"] not in table:
            problems.add(f"{at}/type", f"unsupported type: {value['type']}")
        else:
            table[value["type"]](problems, at, value)

    return rule


def anything(problems: Problems, at: str, value: Any) -> None:
    """No rule."""


def exactly_one(*names: str) -> Rule:
    """Of these fields there must be one and only one."""

    def rule(problems: Problems, at: str, value: Any) -> None:
        given = [n for n in names if value.get(n) is not None]
        if len(given) != 1:
            problems.add(at, f"must provide exactly one of: {', '.join(names)}")

    return rule


def at_least_one(*names: str) -> Rule:
    """Of these fields there must be one at least."""

    def rule(problems: Problems, at: str, value: Any) -> None:
        if not any(value.get(n) for n in names):
            problems.add(at, f"must define at least one of: {', '.join(names)}")

    return rule


def all_of(*rules: Rule) -> Rule:
    """Every one of the rules."""

    def rule(problems: Problems, at: str, value: Any) -> None:
        for each in rules:
            each(problems, at, value)

    return rule
