"""Statements as the catalogue writes them, `:name` and all, into psycopg's form. Pure."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_PARTS: Final = re.compile(
    r"""(?P<kept> '(?:[^']|'')*' | "[^"]*" | --[^\n]* | :: )
      | :(?P<name>[A-Za-z_]\w*)""",
    re.X,
)
# A B-tree takes no more than 2.7 kB: what is unique is the digest of a value.
_TARGET: Final = re.compile(r"(\bON CONFLICT \([^)]*\b)(value)\b")


@lru_cache(maxsize=1024)
def psycopg_form(sql: str) -> str:
    """The statement with `%(name)s` for `:name`, and every other `%` doubled.

    Literals, quoted names, comments and casts (`::`) stay as they are.
    """
    sql = _TARGET.sub(r"\1md5(\2)", sql)
    return _PARTS.sub(lambda m: m["kept"] or f"%({m['name']})s", sql.replace("%", "%%"))
