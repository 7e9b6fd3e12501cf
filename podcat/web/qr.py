"""A feed's address for a phone's camera."""

from __future__ import annotations

import segno
from markupsafe import Markup

from podcat.web.site import site

_MASK = 2


def qr(address: str) -> Markup | None:
    """A QR code as an inline picture; None for an address longer than a code can hold."""
    try:
        # Looking for the mask that cameras like best takes nine tenths of the time: too long where
        # every list there is gets its code at once. They read all of them.
        code = segno.make_qr(address, error="m", mask=_MASK if site().static else None)
    except segno.DataOverflowError:
        return None
    # On white in dark pages, too: cameras want it so.
    drawn = code.svg_inline(
        border=4, dark="#000", light="#fff", svgclass="qr", lineclass=None, omitsize=True
    )
    return Markup(drawn)  # noqa: S704  (numbers of modules; the address is nowhere in it)
