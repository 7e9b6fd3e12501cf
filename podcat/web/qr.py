"""A feed's address for a phone's camera."""

from __future__ import annotations

import segno
from markupsafe import Markup

_MASK = 2


def qr(address: str, *, quickly: bool = False) -> Markup | None:
    """A QR code as an inline picture; None for an address longer than a code can hold.

    Looking for the mask that cameras like best takes nine tenths of the time: too long where every
    list there is gets its code at once. They read all of them.
    """
    try:
        code = segno.make_qr(address, error="m", mask=_MASK if quickly else None)
    except segno.DataOverflowError:
        return None
    # On white in dark pages, too: cameras want it so.
    drawn = code.svg_inline(
        border=4, dark="#000", light="#fff", svgclass="qr", lineclass=None, omitsize=True
    )
    return Markup(drawn)  # noqa: S704  (numbers of modules; the address is nowhere in it)
