"""`python -m podcat`"""

from __future__ import annotations

import sys

from podcat.cli import main

if __name__ == "__main__":
    sys.exit(main())
