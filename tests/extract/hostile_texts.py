"""Plain texts that are made to cost time: each is a function from a size to a text."""

from __future__ import annotations

from collections.abc import Callable

PLAYER = '<iframe src="https://www.npr.org/player/embed/1/2">'
PANGEA = "Title\nNo media source currently available\n0:00 1:00:00 0:00\n"
LETTERS = "abdegjklmnopqr"


def over(unit: str, head: str = "", tail: str = "") -> Callable[[int], str]:
    """The same again and again."""
    return lambda size: head + unit * (size // len(unit.encode()) + 1) + tail


def counted(unit: str, head: str = "") -> Callable[[int], str]:
    """The same with a running number, and a running word of thirteen letters."""

    def made(size: int) -> str:
        first = unit.format(n=10000, w=word(10000))
        return head + "".join(
            unit.format(n=n, w=word(n)) for n in range(size // len(first.encode()) + 1)
        )

    return made


def word(number: int) -> str:
    digits = ""
    for _ in range(12):
        number, rest = divmod(number, len(LETTERS))
        digits += LETTERS[rest]
    return "1" + digits


TEXTS: dict[str, Callable[[int], str]] = {
    "blanks": over(" "), "line ends": over("\n"), "blank lines": over(" \n"), "letters": over("a"),
    "round": over("("), "square": over("["), "open links": over("](/a\n"), "quotes": over("> a\n"),
    "links in links": over("[x](a", "# h\n"), "stars": over("*", "# h\n"), "headings": over("# a\n"),
    "images": over("![", "# h\n"), "handles": over("@a "), "capitals": over("A B C "),
    "initials": over("A. B. "), "bylines": over("By Ab. Cd. Ef. ", "", "\n" + PLAYER),
    "colons": over(":"), "clocks": over("1:2:3:4 "), "digits": over("7"), "zeros": over("0:00 "),
    "zero lines": over("0:00\n"), "three zeros": over("0:00\n1:23\n0:00\n"),
    "times": counted("T{n}\n0:00 1:00:00 0:00\n"), "old players": over("|| 0:00:00\n"),
    "markers": over("No media source currently available\n"),
    "markers apart": over("x y\n\nNo media source currently available\n"),
    "marker words": over("no media source currently available "),
    "browsers": counted("T {n}\nYour browser lacks HTML5\n"), "over": over("این برنامه به پایان رسیده است\n"),
    "iframes": over("iframe "), "iframe lines": over("iframe\n"), "frames": over("<iframe "),
    "frames at bullets": over("\n" * 190 + "<iframe ", "", "</p>" * 3), "closed": over("</p "),
    "scrubbed": over('<iframe src="" title="NPR embedded audio player">\n'),
    "scrubbed, titled": counted('Title {n}\n\n<iframe src="" title="NPR embedded audio player">\n'),
    "one player": over(PLAYER + "\n"), "player and blanks": over(" ", PLAYER[:-1]),
    "lists": counted('  • Download\n  • <iframe src="https://www.npr.org/player/embed/{n}/2">\n'),
    "player line": counted("//npr.org/player/embed/{n}/2 "),
    "player lines": counted("//npr.org/player/embed/{n}/2\n"),
    "old player lines": counted("//www.npr.org/v2/?i={n}&m=2&t=audio\n"),
    "captions": counted('x hide caption\n<iframe src="https://www.npr.org/player/embed/{n}/2">\n'),
    "toggles": over("toggle caption\n", "", PLAYER), "hidden": over("hide caption ", "", PLAYER),
    "refused": counted("//npr.org/player/embed/x{n}\n"),
    "refused line": counted("//npr.org/player/embed/x{n} "),
    "spaces": counted("https://x.com/i/spaces/{w}\n"), "space line": counted("https://x.com/i/spaces/{w} "),
    "files": counted("http://h/{n}.mp3 "), "hosts": counted("http://h{n}.org/ "),
    "archived": over("https://web.archive.org/web/2020/"), "slashes": over("/"), "pairs": over("// "),
    "address and dots": over(".", "http://npr.org/"), "address and brackets": over(")]}", "http://npr.org/"),
    "bullets": over("• "), "bullet lines": over("• Download\n"), "listen": over("x\nListen · 3:14\n", "NPR\n"),
    "promised": over("Audio will be available later\n", "NPR\n"), "ands": over("&"), "entities": over("&amp;"),
    "a large number": over("9", "&amp; &#", ";"), "doubly escaped": over("&#38;lt;"),
    "invisible": over("\u200b\n"), "directions": over("a\u2066b\u2069"), "accents": over("\u0301", "a"),
    "comments": over("<!---->", "", "x"), "less than": over("<"), "people": over("The guests were Ab Cd, a b and Ij Kl. ", PANGEA),
    "a long list": over("Ab Cd, ", PANGEA + "The guests were "), "hosts named": over("the guest were a host ", PANGEA),
    "events": over("The talk was held on 31 February. ", PANGEA), "a long sentence": over("B. ", PANGEA + "The host A. "),
    "subscribe": counted("x{n}\nSubscribe\n", PANGEA), "repeats": over("abc\n", PANGEA),
    "boxes": over("16x9 Image\n", PANGEA), "stories": over("Stories About\n"), "nul": over("\0"),
}  # fmt: skip
