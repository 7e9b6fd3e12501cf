"""Tables in any script, and what ends a command."""

from __future__ import annotations

import json
from collections.abc import Sequence

import click
import pytest

from podcat.cli import output, running, table
from podcat.errors import DatabaseError, SourceError
from podcat.model import Person


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("", 0),
        ("abc", 3),
        ("Қазақстан", 9),
        ("中文", 4),
        ("e\u0301", 1),
        ("ｈ", 2),
        ("a\u200bb", 2),
    ],
)
def test_width_is_counted_in_columns(text: str, columns: int) -> None:
    assert table.width(text) == columns


def aligned(rows: Sequence[Sequence[str | int | None]], room: int | None = None) -> list[str]:
    return list(table.lines(("a", "long"), rows, room))


def test_columns_are_aligned_in_any_script() -> None:
    assert aligned([("中文", "x"), ("Ж", None), (3, "yy")]) == [
        "a     long",
        "中文  x",
        "Ж",
        "3     yy",
    ]


def test_no_rows_no_table() -> None:
    assert aligned([]) == []


def test_only_a_terminal_cuts() -> None:
    rows = [("x", "w" * 100)]
    assert aligned(rows)[1] == "x  " + "w" * 100
    assert aligned(rows, 40)[1] == "x  " + "w" * 36 + "…"
    assert table.width(aligned([("x", "中" * 100)], 40)[1]) <= 40


def test_a_table_is_printed_while_its_rows_come() -> None:
    taken = []

    def rows() -> object:
        for number in range(1000):
            taken.append(number)
            yield (number, "x")

    lines = table.lines(("a", "b"), rows())  # type: ignore[arg-type]
    next(lines)
    assert len(taken) < 300
    assert sum(1 for _ in lines) == 1000


def test_json_holds_letters_and_dataclasses() -> None:
    value = {"people": (Person("Айгүл", "host"),), "derived": frozenset("ba")}
    assert json.loads(output.as_json(value)) == {
        "people": [{"name": "Айгүл", "role": "host", "about": None}],
        "derived": ["a", "b"],
    }
    assert "Айгүл" in output.as_json(value)


# ---------------------------------------------------------------- endings


def ending(error: BaseException | None, *arguments: str) -> int:
    @click.command()
    @click.option("--debug", is_flag=True)
    def command(debug: bool) -> int | None:
        if error:
            raise error
        return None

    return running.run(command, list(arguments))


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (None, 0, ""),
        (SourceError("x.html", "is bad"), 1, "podcat: x.html: is bad\n"),
        (DatabaseError("x.db", "is bad", "mend it"), 2, "podcat: x.db: is bad; mend it\n"),
        (KeyboardInterrupt(), 130, ""),
        (click.Abort(), 130, ""),
        (
            ValueError("two\nlines"),
            2,
            "podcat: unexpected: ValueError: two lines; run again with --debug\n",
        ),
        (PermissionError(13, "Permission denied", "/x"), 2, "podcat: /x: Permission denied\n"),
        (click.ClickException("no"), 2, "podcat: no\n"),
    ],
)
def test_every_ending_has_its_code_and_at_most_one_line(
    error: BaseException | None, code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ending(error) == code
    assert capsys.readouterr() == ("", said)


def test_debug_shows_the_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    assert ending(ValueError("x"), "--debug") == 2
    assert "Traceback" in capsys.readouterr().err
