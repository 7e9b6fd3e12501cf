"""The command line: `podcat COMMAND`."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from podcat.cli.running import run


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and gives its exit code: 0 done, 1 something is wrong, 2 not started."""
    from podcat.cli.commands import podcat

    return run(podcat, list(sys.argv[1:] if arguments is None else arguments))
