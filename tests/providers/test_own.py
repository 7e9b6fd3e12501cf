"""A folder of providers of one's own: added to the others, or named as wrong in one line."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from podcat import providers
from podcat.errors import ConfigError
from podcat.providers import own, registry

Podcat = Callable[..., subprocess.CompletedProcess[str]]

MINE = """
name = "Mine"
hosts = ["play.example.com"]
embed = "https://play.example.com/e/{id}"
parts.id = '[0-9a-f]{8}'
player = [{ path = "/e/{id}" }]
example = [{ url = "https://play.example.com/e/0a1b2c3d", id = "0a1b2c3d" }]
refused = ["https://play.example.com/e/latest"]
"""
PAGE = '<iframe src="https://play.example.com/e/0a1b2c3d"></iframe>'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "players"
    path.mkdir()
    return path


@pytest.fixture
def _as_before(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv(own.VARIABLE, "")
    yield
    monkeypatch.undo()
    registry.cache_clear()


def write(folder: Path, text: str = MINE, name: str = "mine.toml") -> dict[str, str]:
    (folder / name).write_text(text, encoding="utf-8")
    return {"PODCAT_PROVIDERS": str(folder)}


def extracted(podcat: Podcat, env: dict[str, str], page: str = PAGE) -> list[str]:
    done = podcat("extract", "-", text=page, env=env)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.split()[6:8]


# ---------------------------------------------------------------- what is added


def test_it_is_added_and_marked(podcat: Podcat, folder: Path) -> None:
    env = write(folder)
    listed = podcat("providers", env=env).stdout.splitlines()
    assert [line for line in listed if line.endswith("mine.toml")] == [
        line for line in listed if line.startswith("mine ")
    ]
    assert len(listed) == len(podcat("providers").stdout.splitlines()) + 1
    assert extracted(podcat, env) == ["mine", "0a1b2c3d"]


def test_the_settings_name_it_too(podcat: Podcat, folder: Path, tmp_path: Path) -> None:
    write(folder)
    (tmp_path / "podcat.toml").write_text('providers = "players"', encoding="utf-8")
    assert extracted(podcat, {}) == ["mine", "0a1b2c3d"]
    assert "mine.toml" in podcat("providers").stdout
    assert podcat("providers", "--check").stderr.startswith("players: files 1, ")
    podcat("add", "-", text=PAGE)
    found = podcat("episodes", "--provider", "mine")
    assert found.returncode == 0
    assert "mine" in found.stdout


def test_a_file_of_the_same_name_takes_the_place(podcat: Podcat, folder: Path) -> None:
    env = write(folder, name="clyp.toml")
    assert extracted(podcat, env) == ["clyp", "0a1b2c3d"]
    assert extracted(podcat, env, '<a href="https://clyp.it/b04p1odi">Listen</a>') == []


@pytest.mark.usefixtures("_as_before")
def test_processes_that_are_started_know_it(folder: Path) -> None:
    write(folder)
    providers.use(folder)
    assert "mine" in registry().providers
    asked = "import sys, podcat.providers as p; sys.exit('mine' not in p.registry().providers)"
    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0
    providers.use(None)
    assert os.environ[own.VARIABLE] == str(folder)


def test_pages_show_its_name(podcat: Podcat, folder: Path, tmp_path: Path) -> None:
    from podcat.config import Config
    from podcat.web import create_app

    database = f"sqlite:///{tmp_path / 'podcat.db'}"
    podcat("--database", database, "add", "-", text=PAGE, env=write(folder))
    before = os.environ.get(own.VARIABLE)
    try:
        client = create_app(Config(database=database, providers=folder)).test_client()
        assert "Mine" in client.get("/providers/mine").get_data(as_text=True)
    finally:
        os.environ.pop(own.VARIABLE, None)
        os.environ.update({own.VARIABLE: before} if before else {})
        registry.cache_clear()


# ---------------------------------------------------------------- what is wrong

HOSTS = 'hosts = ["play.example.com"]'
WRONG = {
    "a key": ("embed =", "embde =", "unknown key 'embde'; did you mean 'embed'?"),
    "a key of a form": ("path =", "pth =", "[[player]]: unknown key 'pth'; did you mean 'path'?"),
    "a key of an example": ('id = "0a', 'uid = "0a', "example 1: unknown key 'uid'; did you mean"),
    "no key like it": ("embed =", "xyzzy =", "unknown key 'xyzzy'; known are audio, check, closed"),
    "a text for a list": (HOSTS, 'hosts = "play.example.com"', "'hosts' must be a list of texts"),
    "a table for a list": ('[{ path = "/e/{id}" }]', '{ path = "/e/{id}" }', "a list of tables"),
    "an address for a host": (HOSTS, 'hosts = ["https://play.example.com/"]', "is no host; write"),
    "a host without a dot": (HOSTS, 'hosts = ["localhost"]', "'localhost' is no host"),
    "no host": (HOSTS, "", "[[player]]: 'hosts' is missing; say on which hosts"),
    "a pattern": ("[0-9a-f]{8}", "[0-9a-f{8}", "parts.id = '[0-9a-f{8}' is no regular expression"),
    "a part without grammar": ("/e/{id}\" }", '/e/{uid}" }', "{uid} has no grammar; add parts.uid"),
    "a part that is built only": (
        "com/e/{id}\"\nparts", 'com/e/{slug}"\nparts', "mine.toml embed: {slug} has no grammar",
    ),
    "a stray bracket": ("/e/{id}\" }", '/e/{id" }', "stray '{' in template"),
    "a path that begins with none": ('"/e/{id}" }', '"e/{id}" }', "does not begin with /"),
    "a quirk": ('name = "Mine"', 'name = "Mine"\nquirk = "sound"', "did you mean 'soundcloud'?"),
    "a reserved part": ('name = "Mine"', 'name = "Mine"\nreserved = ["di"]', "{di} has no grammar"),
    "a host of another": (
        HOSTS, 'hosts = ["play.example.com", "w.soundcloud.com"]',
        "mine.toml hosts: w.soundcloud.com is already SoundCloud's; name the file soundcloud.toml",
    ),
    "a host below another's": (
        HOSTS, 'hosts = ["play.example.com", "a.castos.com"]',
        "a.castos.com is already Castos's by *.castos.com",
    ),
    "hosts above another's": (
        HOSTS, 'hosts = ["play.example.com", "*.clyp.it"]',
        "*.clyp.it is already Clyp's by clyp.it",
    ),
    "another id": ('id = "0a1b2c3d"', 'id = "0a1b2c3e"', "gives id '0a1b2c3d', not '0a1b2c3e'"),
    "an example of no form": (
        "/e/0a1b2c3d\", id", '/f/0a1b2c3d", id',
        "is not recognised: it has none of the forms of play.example.com: player /e/{id}",
    ),
    "an example elsewhere": (
        "play.example.com/e/0a1b2c3d\"", 'plays.example.com/e/0a1b2c3d"',
        "its host plays.example.com is none of play.example.com",
    ),
    "an example that is no address": ("https://play.example.com/e/0a1b2c3d\"", 'ftp://a/b"', "no http"),
    "an example of another": (
        "https://play.example.com/e/0a1b2c3d\"", 'https://clyp.it/b04p1odi"', "taken for clyp b04p1odi",
    ),
    "an embed that leads nowhere": (
        "com/e/{id}\"\nparts", 'com/x/{id}"\nparts', "which leads to nothing that is recognised",
    ),
    "an embed that is another": (
        "com/e/{id}\"\nparts", 'com/e/00000000"\nparts', "which leads to mine 00000000",
    ),
    "an address that should be refused": ("e/latest", "e/00000000", "refused 1: https://play"),
    "no player": ("player = [{ path = \"/e/{id}\" }]", "", "has no [[player]], [[page]] or [[file]]"),
    "no name": ('name = "Mine"', "", "'name' is missing"),
    "no TOML": ('name = "Mine"', 'name = "Mine', "is not TOML"),
}  # fmt: skip


@pytest.mark.parametrize(("good", "bad", "said"), WRONG.values(), ids=WRONG.keys())
def test_what_is_wrong_is_said_in_one_line(folder: Path, good: str, bad: str, said: str) -> None:
    assert good in MINE
    write(folder, MINE.replace(good, bad))
    gathered = own.Gathered(providers.built_in(), own.files(folder))
    line = str(gathered.problems[0].error())
    assert line.startswith("mine.toml")
    assert said in line
    assert "\n" not in line


def test_nothing_wrong_is_nothing_said(folder: Path) -> None:
    write(folder)
    assert own.Gathered(providers.built_in(), own.files(folder)).problems == []


def test_a_reserved_part_is_no_word_of_the_site(folder: Path) -> None:
    text = MINE.replace("[0-9a-f]{8}", "[a-z0-9]{8}").replace("name =", 'reserved = ["id"]\nname =')
    write(
        folder,
        text.replace(
            '"https://play.example.com/e/latest"', '"https://play.example.com/e/policies"'
        ),
    )
    assert own.Gathered(providers.built_in(), own.files(folder)).problems == []
    write(folder, text.replace("reserved", "labels").replace("e/latest", "e/policies"))
    assert own.Gathered(providers.built_in(), own.files(folder)).problems


def test_two_own_files_share_no_host(folder: Path) -> None:
    write(folder)
    write(folder, MINE, "other.toml")
    problems = own.Gathered(providers.built_in(), own.files(folder)).problems
    assert ("mine.toml", "hosts") in {(p.file, p.entry) for p in problems}


def test_a_file_needs_the_name_of_a_key(folder: Path) -> None:
    write(folder, MINE, "My Player.toml")
    (problem,) = own.Gathered(providers.built_in(), own.files(folder)).problems
    assert "small letters" in problem.problem


def test_a_page_leads_back_to_its_own_id(folder: Path) -> None:
    page = MINE + 'page = [{ path = "/p/{id}", link = "https://play.example.com/e/{id}x" }]\n'
    write(folder, page.replace("example.com/e/0a1b2c3d", "example.com/p/0a1b2c3d"))
    (problem,) = own.Gathered(providers.built_in(), own.files(folder)).problems
    assert "builds the link https://play.example.com/e/0a1b2c3dx" in problem.problem


@pytest.mark.parametrize("command", [("extract", "-"), ("providers",), ("add", "-"), ("episodes",)])
def test_a_wrong_file_stops_every_command(
    podcat: Podcat, folder: Path, command: tuple[str, ...]
) -> None:
    env = write(folder, MINE.replace("embed =", "embde ="))
    done = podcat(*command, text=PAGE, env=env)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "podcat: mine.toml: unknown key 'embde'; did you mean 'embed'?\n"


def test_a_missing_folder_is_named(podcat: Podcat, folder: Path) -> None:
    done = podcat("extract", "-", text=PAGE, env={"PODCAT_PROVIDERS": f"{folder}/none"})
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith(f"podcat: {folder}/none: cannot be read: No such file")
    assert "PODCAT_PROVIDERS" in done.stderr


# ---------------------------------------------------------------- podcat providers --check


def test_check_says_everything_that_is_wrong(podcat: Podcat, folder: Path) -> None:
    write(folder, 'naem = "x"', "a.toml")
    write(folder, MINE.replace('0a1b2c3d" }', '0a1b2c3e" }').replace("refused", "other"), "b.toml")
    done = podcat("providers", "--check", folder)
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["file", "a.toml", "b.toml", "b.toml"]
    assert done.stderr == f"{folder}: files 1, examples 1, refused 0: 3 wrong\n"


def test_check_takes_one_file(podcat: Podcat, folder: Path) -> None:
    env = write(folder, "x = 1", "bad.toml")
    write(folder)
    done = podcat("providers", "--check", folder / "mine.toml", env=env)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.endswith("mine.toml: files 1, examples 1, refused 1: all hold\n")


def test_check_without_files_of_ones_own_runs_those_of_podcat(podcat: Podcat) -> None:
    done = podcat("providers", "--check")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.startswith("podcat's own: files 59, ")


def test_a_path_that_is_none_is_named() -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        own.files(Path("/no/such/folder"))
