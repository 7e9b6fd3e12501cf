"""No regular expression of the package takes more than about linear time on any text.

Attacks are made from the expressions themselves: each of their repeated parts is pumped up, behind
what must stand before it and before something that cannot follow. Time is compared with that for
half as many repetitions in the same run.
"""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil
import re
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from types import ModuleType
from typing import Any

import pytest

import podcat
from podcat import urls
from podcat.providers import registry

PACKAGE = Path(podcat.__file__).parent
# What cannot follow most repetitions, and what some of them swallow before they fail.
ENDS = ("\x00", "!\n", "")
STAGES = (16, 22, 100, 400, 3000)
VARIANTS = 3
# Less is not told from noise. Above it, double the length may take at most n ** 1.5 times as long.
SIGNIFICANT = 0.004
STEEP = 2.9
# What the longest address may take, however it grows: addresses have an end.
BEARABLE = 0.03
METHODS = ("match", "fullmatch", "search")
# Expressions that are steep on texts longer than any that they are given.
SHORT = {
    "podcat.feed.channel._EMAIL",  # an address in the settings of a feed of one's own
    "podcat.extract.stock._FIGURES",  # these three: labels of at most 90 characters
    "podcat.extract.stock._FILE",
    "podcat.extract.stock._MADE",
}


# ---------------------------------------------------------------- what there is


def modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages([str(PACKAGE)], "podcat."):
        if not found.name.endswith("__main__"):
            yield importlib.import_module(found.name)


def patterns_in(value: Any, depth: int = 4) -> Iterator[re.Pattern[Any]]:
    """The patterns in a value: itself, in containers, in fields of dataclasses."""
    if isinstance(value, re.Pattern):
        yield value
    elif hasattr(type(value), "pattern"):
        yield value.pattern  # one that is compiled when it is first needed
    elif depth == 0 or isinstance(value, (str, bytes, type)):
        return
    elif isinstance(value, Mapping):
        for inner in (*value.keys(), *value.values()):
            yield from patterns_in(inner, depth - 1)
    elif isinstance(value, (list, tuple, set, frozenset)):
        for inner in value:
            yield from patterns_in(inner, depth - 1)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from patterns_in(getattr(value, field.name), depth - 1)


@dataclasses.dataclass
class Use:
    """Where a pattern stands, the methods it is used by, the longest text it is given."""

    name: str
    methods: set[str]
    longest: int | None = None


class Uses:
    """How the names of patterns are used in source: a module's own, or all for public names."""

    def __init__(self, *files: Path) -> None:
        source = "\n".join(path.read_text(encoding="utf-8") for path in files)
        text = re.sub(r"^from .*$", "", source, flags=re.M)
        self.called: dict[str, set[str]] = {}
        for name, method in re.findall(r"\b([A-Z_]{2,})\.([a-z]+)\b", text):
            kind = method if method in METHODS else "search"
            self.called.setdefault(name, set()).add(kind)
        self.handed_on = set(re.findall(r"[(,=] ?([A-Z_]{2,})(?=[,)])", text))
        # What is called on a parameter or an item that holds a pattern.
        by_others = re.findall(r"\b(?!re\.)[a-z_]+\.(match|fullmatch|search|finditer)\b", text)
        self.by_others = {m if m in METHODS else "search" for m in by_others} or set(METHODS)

    def of(self, name: str, value: Any) -> set[str]:
        """The methods that are called on a name, or what may be where that is not to be seen."""
        if name in self.handed_on or not isinstance(value, re.Pattern):
            return self.called.get(name, set()) | self.by_others
        return self.called.get(name, set(METHODS))


def collected() -> dict[re.Pattern[Any], Use]:
    """Every pattern of the package with its use; routes are matched with whole addresses."""
    everywhere = Uses(*PACKAGE.rglob("*.py"))
    found: dict[re.Pattern[Any], Use] = {}
    for provider in registry().providers.values():
        for pattern in patterns_in(provider.routes, 6):
            found[pattern] = Use(f"{provider.key}.toml", {"fullmatch"}, urls.LONGEST)
        for pattern in patterns_in(tuple(provider.checks.patterns())):
            found[pattern] = Use(f"{provider.key}.toml [check]", {"search"})
    for module in modules():
        here = Uses(Path(module.__file__ or ""))
        for name, value in vars(module).items():
            for pattern in patterns_in(value):
                use = found.setdefault(pattern, Use(f"{module.__name__}.{name}", set()))
                use.methods |= (here if name.startswith("_") else everywhere).of(name, value)
    return found


# ---------------------------------------------------------------- attacks


def member(items: list[Any], variant: int) -> str:
    """A character of a set; of a negated one, some common character that is in it."""
    negated = items[0][0] is codes.NEGATE
    if negated:
        inner = re.compile(f"[{''.join(source_of(item) for item in items[1:])}]")
        return next((c for c in "aA0 .:/-x"[variant:] + "aA0 .:/-xé" if not inner.match(c)), "~")
    op, value = items[variant % len(items)]
    if op is codes.LITERAL:
        return chr(value)
    if op is codes.RANGE:
        return chr(value[0])
    return {codes.CATEGORY_DIGIT: "0", codes.CATEGORY_SPACE: " ", codes.CATEGORY_WORD: "a"}.get(
        value, "-"
    )


CLASSES = {
    codes.CATEGORY_DIGIT: r"\d", codes.CATEGORY_NOT_DIGIT: r"\D", codes.CATEGORY_SPACE: r"\s",
    codes.CATEGORY_NOT_SPACE: r"\S", codes.CATEGORY_WORD: r"\w", codes.CATEGORY_NOT_WORD: r"\W",
}  # fmt: skip


def source_of(item: tuple[Any, Any]) -> str:
    op, value = item
    if op is codes.LITERAL:
        return re.escape(chr(value))
    if op is codes.RANGE:
        return f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}"
    return CLASSES[value]


REPEATS = (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT)


def parts(op: Any, value: Any) -> list[Any]:
    """The sub-patterns of a node."""
    if op is codes.SUBPATTERN:
        return [value[3]]
    if op is codes.ATOMIC_GROUP:
        return [value]
    if op in REPEATS:
        return [value[2]]
    if op is codes.BRANCH:
        return list(value[1])
    if op in (codes.ASSERT, codes.ASSERT_NOT):
        return [value[1]]
    return []


def sample(nodes: Any, variant: int) -> str:
    """A text that a sequence of nodes matches, or nearly; variants take other branches."""
    out = []
    for op, value in nodes:
        if op is codes.LITERAL:
            out.append(chr(value))
        elif op is codes.NOT_LITERAL:
            out.append("a" if value != ord("a") else "b")
        elif op is codes.ANY:
            out.append("a.0"[variant % 3])
        elif op is codes.IN:
            out.append(member(value, variant))
        elif op is codes.BRANCH:
            out.append(sample(value[1][variant % len(value[1])], variant))
        elif op in REPEATS:
            least = max(value[0], 1 if variant else 0)
            out.append(sample(value[2], variant) * min(least, 20))
        elif op in (codes.SUBPATTERN, codes.ATOMIC_GROUP):
            out.append(sample(parts(op, value)[0], variant))
    return "".join(out)


def pumps(nodes: Any, before: str, variant: int) -> Iterator[tuple[str, str]]:
    """(what stands before, what to repeat) for every repeated part, at any depth."""
    for number, (op, value) in enumerate(nodes):
        ahead = before + sample(nodes[:number], variant)
        if op in REPEATS and value[1] > 20:
            for one in range(VARIANTS):
                yield ahead, sample(value[2], one + 1)
            # What stands behind a repetition, over again with it: `(a+b)*`, `a.*b.*`.
            yield ahead, sample(nodes[number : number + 2], variant + 1)
        for part in parts(op, value):
            yield from pumps(part, ahead, variant)


def attacks(pattern: re.Pattern[Any]) -> set[tuple[str, str]]:
    tree = parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG)
    return {
        (before, pump)
        for variant in range(VARIANTS)
        for before, pump in pumps(tree, "", variant)
        if pump
    } | {("", "ab "), ("", sample(tree, 1) or "a")}


# ---------------------------------------------------------------- time


def spent(act: Callable[[], object], times: int = 1) -> float:
    best = 9.0
    for _ in range(times):
        begun = time.process_time()
        act()
        best = min(best, time.process_time() - begun)
    return best


def is_steep(act: Callable[[int], object], significant: float) -> bool:
    """Whether an act on n repetitions takes much more than twice as long as on half as many."""
    for n in STAGES:
        if spent(lambda n=n: act(n)) < significant:  # type: ignore[misc]
            continue
        # Machines are shared: a busy moment says nothing, three in a row do.
        return all(_takes_too_long(act, n, significant) for _ in range(3))
    return False


def _takes_too_long(act: Callable[[int], object], n: int, significant: float) -> bool:
    whole, half = spent(lambda: act(n), 3), spent(lambda: act(n // 2), 3)
    return whole > significant and whole > STEEP * half


def attack(pattern: re.Pattern[Any], use: Use, method: str, *parts: str) -> bool:
    """Whether an attack of (what stands before, what is repeated, the end) is one."""
    before, pump, end = parts
    room = (use.longest or 10**9) - len(before + end)

    def act(n: int) -> object:
        text = before + pump * min(n, room // len(pump)) + end
        data = text.encode("latin-1", "replace") if isinstance(pattern.pattern, bytes) else text
        return getattr(pattern, method)(data)

    return is_steep(act, BEARABLE if use.longest else SIGNIFICANT)


def steep(pattern: re.Pattern[Any], use: Use) -> tuple[str, str, str, str] | None:
    """The first attack that a pattern does not withstand, or None."""
    for before, pump in sorted(attacks(pattern)):
        for end in ENDS:
            for method in sorted(use.methods):
                if attack(pattern, use, method, before, pump, end):
                    return method, before, pump, end
    return None


PATTERNS = collected()


def test_all_are_found() -> None:
    names = {use.name.removeprefix("podcat.") for use in PATTERNS.values()}
    assert names >= {"extract.people._SENTENCES", "text._WORDED", "urls._HOST", "spotify.toml"}
    assert len(PATTERNS) > 200


@pytest.mark.parametrize("bad", [r"(?:a+)+b", r"\s*\s*x", r"(?:a|ab|b)*c", r"x*y", r"(.*),(.*);"])
def test_bad_ones_are_told(bad: str) -> None:
    tries = (steep(re.compile(bad), Use("bad", set(METHODS))) for _ in range(5))
    assert any(tries)


def test_none_is_steep() -> None:
    weak = {
        f"{use.name}: {pattern.pattern!r:.80}": found
        for pattern, use in PATTERNS.items()
        if use.name not in SHORT and (found := steep(pattern, use))
    }
    assert weak == {}
