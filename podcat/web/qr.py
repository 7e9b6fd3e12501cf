"""A feed's address for a phone's camera."""

from __future__ import annotations

import segno
from markupsafe import Markup


def qr(address: str) -> Markup | None:
    """A QR code as an inline picture; None for an address longer than a code can hold."""
    try:
        code = segno.make_qr(address, error="m")
    except segno.DataOverflowError:
        return None
    # On white in dark pages, too: cameras want it so.
    drawn = code.svg_inline(
        border=4, dark="#000", light="#fff", svgclass="qr", lineclass=None, omitsize=True
    )
    return Markup(drawn)  # noqa: S704  (numbers of modules; the address is nowhere in it)
