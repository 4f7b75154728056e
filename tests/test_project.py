"""The project as a whole: its files agree with one another, and what is shipped is complete."""

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

import quotetrack
from quotetrack.cli import COMMANDS
from quotetrack.domain import Article, KnownSource, SourceKind
from quotetrack.reading import Metadata, read_inputs
from quotetrack.resources import resource_directory
from quotetrack.sources.catalogue import bundled_catalogue, fold
from tests.store.build import raw

ROOT = Path(__file__).parents[1]
MAX_LINES = 400
SEEDS = sorted(path for path in (ROOT / "seeds" / "articles").iterdir() if ".meta." not in path.name)


def pyproject() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def makefile() -> dict[str, str]:
    """What each target of the Makefile needs and does."""
    text = (ROOT / "Makefile").read_text("utf-8")
    targets = re.findall(r"^([a-z]+):(.*\n(?:\t.*\n?)*)", text, re.MULTILINE)
    return dict(targets)


# Code.


@pytest.mark.parametrize("path", sorted((ROOT / "quotetrack").rglob("*.py")), ids=lambda path: str(path.name))
def test_no_module_is_too_long_to_read(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= MAX_LINES


def test_the_annotations_are_for_users_too() -> None:
    assert (ROOT / "quotetrack" / "py.typed").exists()


# Commands for people and for CI.


def test_ci_runs_what_people_run() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    preparing, _, command = script.read_text("utf-8").rstrip().rpartition("\n")
    assert command == "make test"
    assert "make" not in preparing
    assert "export QUOTETRACK_REQUIRE_POSTGRESQL=1" in preparing.splitlines()


def test_make_test_runs_every_check() -> None:
    targets = makefile()
    needed = targets["test"].split()
    done = "\n".join(targets[name] for name in needed if name in targets)
    for check in ("ruff check .", "ruff format --check .", "mypy", "lint-imports", "pytest"):
        assert f"$(BIN)/{check}\n" in done
    phony = targets_declared_phony()
    assert {"demo", *(name for name in needed if name.isalpha())} <= phony


def targets_declared_phony() -> set[str]:
    found = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert found is not None
    return set(found[1].split())


def test_make_demo_uses_commands_that_exist() -> None:
    used = re.findall(r"\$\(BIN\)/quotetrack (\w+)", makefile()["demo"])
    assert {"ingest", "report", "review"} <= set(used) <= set(COMMANDS)


@pytest.mark.parametrize("command", ["make demo", "make test"])
def test_readme_and_contributing_name_the_commands(command: str) -> None:
    assert command in (ROOT / "README.md").read_text("utf-8")
    if command == "make test":
        assert command in (ROOT / "CONTRIBUTING.md").read_text("utf-8")


def test_one_oldest_python_everywhere() -> None:
    project = pyproject()
    oldest = project["project"]["requires-python"].removeprefix(">=")
    assert project["tool"]["mypy"]["python_version"] == oldest
    assert project["tool"]["ruff"]["target-version"] == "py" + oldest.replace(".", "")
    assert f"sys.version_info < ({oldest.replace('.', ', ')})" in (ROOT / "Makefile").read_text("utf-8")
    assert f"Programming Language :: Python :: {oldest.split('.')[0]}" in project["project"]["classifiers"]


def test_every_direct_dependency_is_pinned_within_its_range() -> None:
    project = pyproject()["project"]
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pins = {
        name.lower().replace("_", "-"): pin for name, _, pin in (line.partition("==") for line in lines if "==" in line)
    }
    for text in [
        *project["dependencies"],
        *(one for extra in project["optional-dependencies"].values() for one in extra),
    ]:
        wanted = Requirement(text)
        pinned = pins[wanted.name.lower().replace("_", "-")].partition("+")[0]
        assert wanted.specifier.contains(pinned), text


def test_the_environment_of_the_tests_fits_the_project() -> None:
    for text in pyproject()["project"]["dependencies"]:
        wanted = Requirement(text)
        assert wanted.specifier.contains(version(wanted.name)), text
    assert SpecifierSet(pyproject()["project"]["requires-python"]).contains(".".join(map(str, sys.version_info[:3])))


def test_every_marker_is_declared_and_every_warning_an_error() -> None:
    options = pyproject()["tool"]["pytest"]["ini_options"]
    assert {"--strict-markers", "--strict-config"} <= set(options["addopts"])
    assert options["filterwarnings"][0] == "error"


# Sample articles.


def test_there_are_sample_articles_of_each_kind() -> None:
    assert {path.suffix for path in SEEDS} >= {".txt", ".md", ".html"}


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.name)
def test_each_sample_article_is_read_with_all_that_is_known_about_it(path: Path) -> None:
    [article] = read_inputs([str(path)], defaults=Metadata())
    assert isinstance(article, Article)
    assert article.title
    assert article.outlet
    assert article.author
    assert article.url
    assert article.url.split("/")[2].endswith((".example", ".example.com", ".example.net", ".example.org"))
    assert article.published is not None
    assert len(article.text.split()) > 150


def test_the_sample_articles_are_several_articles() -> None:
    articles = list(read_inputs([str(ROOT / "seeds" / "articles")], defaults=Metadata()))
    assert len(articles) == len(SEEDS) == len({a.key for a in articles if isinstance(a, Article)})
    sidecars = {path.name.partition(".")[0] for path in (ROOT / "seeds" / "articles").glob("*.meta.*")}
    assert sidecars <= {path.name.partition(".")[0] for path in SEEDS}  # None is left over.


# The catalogue.


@pytest.fixture(scope="module")
def sources() -> list[KnownSource]:
    return list(bundled_catalogue())


CATALOGUED = {
    SourceKind.GOVERNMENT, SourceKind.OFFICE, SourceKind.PARTY, SourceKind.INTERNATIONAL, SourceKind.NEWS_AGENCY,
    SourceKind.OUTLET, SourceKind.PLATFORM, SourceKind.COMPANY, SourceKind.ORGANIZATION, SourceKind.GROUP,
}  # fmt: skip


def test_the_catalogue_is_large_and_of_every_kind(sources: list[KnownSource]) -> None:
    assert len(sources) >= 250
    assert {source.kind for source in sources} == CATALOGUED


def test_every_entry_keeps_the_rules_in_the_header_of_the_file(sources: list[KnownSource]) -> None:
    header = (resource_directory("seeds") / "sources.toml").read_text("utf-8").partition("\n[[source]]")[0]
    keys = {source.key: source for source in sources}
    names: dict[str, str] = {}
    for source in sources:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", source.key)
        assert source.kind.value in header
        assert source.country is None or re.fullmatch("[A-Z]{2}", source.country)
        if source.kind == SourceKind.INTERNATIONAL:
            assert source.country is None, source.key
        if source.controller is not None:
            assert source.controller in keys
            assert source.controller != source.key
        if source.metonyms:
            assert source.kind in (SourceKind.GOVERNMENT, SourceKind.OFFICE), source.key
        for name in (source.name, *source.aliases, *source.metonyms):
            assert name == " ".join(name.split())
            assert not set(name) & set('’‘“”"\t'), name
            assert names.setdefault(fold(name), source.key) == source.key, name
        assert len({fold(name) for name in (source.name, *source.aliases, *source.metonyms)}) == 1 + len(
            source.aliases
        ) + len(source.metonyms), source.key


# The wheel.


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    built = subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stdout + built.stderr
    [made] = folder.glob("*.whl")
    return made


@pytest.mark.slow
def test_the_wheel_holds_everything_and_no_tests(wheel: Path) -> None:
    assert wheel.name == f"quotetrack-{quotetrack.__version__}-py3-none-any.whl"
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        metadata = archive.read(f"quotetrack-{quotetrack.__version__}.dist-info/METADATA").decode()
    for folder, pattern in (("migrations", "*.py"), ("migrations", "*.mako"), ("seeds", "*.*")):
        for path in (ROOT / folder).rglob(pattern):
            if "__pycache__" not in path.parts:
                assert f"quotetrack/{path.relative_to(ROOT)}" in names
    models = list((ROOT / "quotetrack" / "stanza_models").rglob("*.pt"))
    assert models
    for path in [
        *models,
        *(ROOT / "quotetrack").rglob("*.py"),
        *(ROOT / "quotetrack").rglob("*.tcss"),
        *(ROOT / "quotetrack").rglob("*.jinja"),
    ]:
        assert str(path.relative_to(ROOT)) in names
    assert {"quotetrack/py.typed", "quotetrack/stanza_models/resources.json"} <= names
    assert f"quotetrack-{quotetrack.__version__}.dist-info/licenses/LICENSE" in names
    assert not [name for name in names if "test" in name.lower() or "__pycache__" in name or name.endswith(".sqlite")]
    assert all(name.startswith(("quotetrack/", "quotetrack-")) for name in names)
    assert "License-Expression: MIT" in metadata
    assert f"Requires-Python: {pyproject()['project']['requires-python']}" in metadata


@pytest.mark.slow
def test_the_wheel_alone_finds_its_own_files(wheel: Path, tmp_path: Path) -> None:
    """Far from the checkout: the catalogue and the migrations are inside it."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    code = (
        "import quotetrack, sys; from quotetrack.cli import main; "
        "assert quotetrack.__file__.startswith(sys.argv[1]); main(['sources', 'sync', '--database', sys.argv[2]])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "site"), str(tmp_path / "news.sqlite")],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "site")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stdout) == (0, "")
    with raw(tmp_path / "news.sqlite") as connection:
        assert connection.execute("select count(*) from source").fetchone() == (len(bundled_catalogue()),)
