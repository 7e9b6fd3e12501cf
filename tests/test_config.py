"""Settings: who beats whom, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from podcat.config import CheckConfig, Config, age, load
from podcat.errors import ConfigError


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for variable in ("PODCAT_DATABASE", "PODCAT_BASE_URL", "PODCAT_FEEDS", "PODCAT_PROVIDERS"):
        monkeypatch.delenv(variable, raising=False)


def written(path: Path, text: str) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_nothing_said_gives_the_defaults() -> None:
    assert load(None, None) == Config()


def test_the_file_of_the_working_folder_is_read(tmp_path: Path) -> None:
    written(tmp_path / "podcat.toml", 'title = "Казахстан"\ndocument_bytes = 1000')
    assert load(None, None) == Config(title="Казахстан", document_bytes=1000)


def test_the_command_line_beats_the_environment_beats_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path / "podcat.toml", 'database = "sqlite:////a.db"')
    assert load(None, None).database == "sqlite:////a.db"
    monkeypatch.setenv("PODCAT_DATABASE", "sqlite:///b.db")
    assert load(None, None).database == "sqlite:///b.db"
    assert load(None, "sqlite:///c.db").database == "sqlite:///c.db"


def test_paths_in_a_file_are_beside_the_file(tmp_path: Path) -> None:
    path = written(
        tmp_path / "etc/podcat.toml", 'database = "sqlite:///x.db"\nfeeds = "f"\nproviders = "p"'
    )
    config = load(path, None)
    assert config.database == f"sqlite:///{tmp_path}/etc/x.db"
    assert (config.feeds, config.providers) == (tmp_path / "etc/f", tmp_path / "etc/p")


def test_paths_in_the_environment_are_in_the_working_folder(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PODCAT_FEEDS", "f")
    monkeypatch.setenv("PODCAT_PROVIDERS", "p")
    assert (load(None, None).feeds, load(None, None).providers) == (Path("f"), Path("p"))


def test_the_base_address_loses_its_final_slash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PODCAT_BASE_URL", "https://example.org/pods/")
    assert load(None, None).base_url == "https://example.org/pods"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('databse = "x"', "unknown key 'databse'; did you mean 'database'?"),
        ("colour = 1", "unknown key 'colour'; known keys: database, base_url"),
        ("title = 1", "'title' must be text"),
        ("document_bytes = true", "'document_bytes' must be a whole number"),
        ("document_bytes = -1", "'document_bytes' must be positive"),
        ("providers = 1", "'providers' must be text"),
        ('title = ""', "'title' must be text"),
        (
            r'contact = "me\r\nCookie: x"',
            "'contact' cannot stand in a header; write a mail address",
        ),
        ('contact = "ж@example.org"', "'contact' cannot stand in a header"),
        ('base_url = "example.org"', "base_url is not an address"),
        ('base_url = "https://[x/"', "base_url is not an address"),
        ("title =", "is not TOML"),
    ],
)
def test_what_is_not_understood_is_named(tmp_path: Path, text: str, said: str) -> None:
    path = written(tmp_path / "podcat.toml", text)
    with pytest.raises(ConfigError) as caught:
        load(path, None)
    assert str(caught.value).startswith(f"{path}: ")
    assert said in str(caught.value)


def test_a_file_that_was_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such file"):
        load(tmp_path / "other.toml", None)


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / "podcat.toml").write_bytes('title = "Ж"'.encode("cp1251"))
    with pytest.raises(ConfigError, match="is not TOML"):
        load(None, None)


# ---------------------------------------------------------------- [check]


def test_how_links_are_checked(tmp_path: Path) -> None:
    file = tmp_path / "podcat.toml"
    file.write_text(
        '[check]\nexclude = ["^https://private\\\\."]\ninclude = ["npr"]\nfail_on = ["gone"]\n'
        'timeout = 2.5\nthreads = 8\nper_host = 2\nmax_age = "12h"\nallow_private = true\n'
    )
    assert load(file).check == CheckConfig(
        (r"^https://private\.",), ("npr",), ("gone",), 2.5, 8, 2, "12h", allow_private=True
    )
    assert Config().check == CheckConfig()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('exlude = ["a"]', "[check]: unknown key 'exlude'; did you mean 'exclude'?"),
        ("zzz = 1", "[check]: unknown key 'zzz'; known keys: exclude, include"),
        ('exclude = "a"', "'exclude' must be a list of regular expressions, not 'a'"),
        ('exclude = ["("]', "'exclude' has '(', which is no regular expression"),
        ("timeout = 0", "'timeout' must be a number of seconds"),
        ("timeout = inf", "'timeout' must be a number of seconds from 0.1 to 3600, not inf"),
        ("timeout = nan", "'timeout' must be a number of seconds"),
        ("threads = true", "'threads' must be a whole number from 1 to 512"),
        ("threads = 2.0", "'threads' must be a whole number from 1 to 512"),
        ("threads = 513", "'threads' must be a whole number from 1 to 512"),
        ("per_host = 0", "'per_host' must be a whole number from 1 to 512"),
        ('max_age = "soon"', "'max_age' must be an age such as 12h or 7d"),
        ("allow_private = 1", "'allow_private' must be true or false"),
    ],
)
def test_what_check_does_not_know(tmp_path: Path, line: str, said: str) -> None:
    file = tmp_path / "podcat.toml"
    file.write_text(f"[check]\n{line}\n")
    with pytest.raises(ConfigError) as caught:
        load(file)
    assert said in str(caught.value)
    assert str(file) in str(caught.value)


@pytest.mark.parametrize(
    ("plain", "seconds"),
    [("90s", 90), ("15m", 900), ("12h", 43_200), (" 7 D", 604_800), ("2w", 1_209_600),
     ("", None), ("7", None), ("-1d", None), ("1.5h", None), ("1000000d", None)],
)  # fmt: skip
def test_ages(plain: str, seconds: int | None) -> None:
    assert age(plain) == seconds
