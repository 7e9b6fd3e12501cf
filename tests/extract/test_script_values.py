"""Objects in scripts that are no JSON."""

from __future__ import annotations

import time

from podcat.extract.script_values import object_at


def test_what_is_beyond_the_basic_plane_is_one_character() -> None:
    """Scripts write its two halves; a half alone is no character, and no database takes it."""
    found = object_at(r"{title: '\ud83d\ude00 and \xe9', other: 'a\ud83d'}")
    assert found == {"title": "\U0001f600 and \xe9", "other": "a\ufffd"}


def test_a_text_that_nothing_closes_takes_no_longer() -> None:
    began = time.process_time()
    assert object_at("{a: 1, b: " + '"' + '\\"' * 90_000) == {"a": 1.0}
    assert object_at("{a: 1, // it isn't {\n b: 'c'}") == {"a": 1.0, "b": "c"}
    assert time.process_time() - began < 2
