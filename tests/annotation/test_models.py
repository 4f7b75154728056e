"""Missing, damaged and unknown models: one line that names the fault, before anything is loaded."""

import json
import shutil
from pathlib import Path

import pytest
from stanza.models.common.doc import Document

from quotetrack.annotation.models import BUNDLED, BUNDLED_DIRECTORY, PROCESSORS, ModelSet, model_set, stanza_version
from quotetrack.annotation.pipeline import Annotator
from quotetrack.errors import ExitCode, ModelError

LEMMATIZER = "en/lemma/quotetrack.pt"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The bundled directory: its own list of models, and links to them."""
    for path in BUNDLED_DIRECTORY.rglob("*.pt"):
        link = tmp_path / path.relative_to(BUNDLED_DIRECTORY)
        link.parent.mkdir(parents=True)
        link.symlink_to(path)
    shutil.copy(BUNDLED_DIRECTORY / "resources.json", tmp_path)
    return tmp_path


def damage(path: Path) -> None:
    """Put the first half in place of the whole."""
    content = path.read_bytes()
    path.unlink()
    path.write_bytes(content[: len(content) // 2])


def message(models: ModelSet) -> str:
    with pytest.raises(ModelError) as caught:
        Annotator(models)
    text = str(caught.value)
    assert "\n" not in text
    assert caught.value.exit_code is ExitCode.MODEL
    return text


def test_the_bundled_models_are_whole() -> None:
    models = model_set()
    assert (models.name, models.directory) == (BUNDLED, BUNDLED_DIRECTORY)
    assert {file.processor for file in models.files()} == {*PROCESSORS, "pretrain"}
    models.check()


def test_a_whole_copy_passes(copy: Path) -> None:
    ModelSet(BUNDLED, copy, "quotetrack").check()


def test_a_missing_file_is_named(copy: Path) -> None:
    (copy / LEMMATIZER).unlink()
    text = message(ModelSet(BUNDLED, copy, "quotetrack"))
    assert (
        text == f"The model {copy / LEMMATIZER} is missing. Reinstall quotetrack: its models are part of the package."
    )


def test_a_truncated_file_is_named(copy: Path) -> None:
    damage(copy / LEMMATIZER)
    text = message(ModelSet(BUNDLED, copy, "quotetrack"))
    assert text.startswith(f"The model {copy / LEMMATIZER} is damaged (its checksum is wrong). Reinstall")


def test_a_truncated_file_of_another_set_is_named_with_other_advice(copy: Path) -> None:
    damage(copy / LEMMATIZER)
    text = message(ModelSet("official", copy, "quotetrack"))
    assert f"{copy / LEMMATIZER} is damaged" in text
    assert "quotetrack models download" in text


@pytest.mark.models
def test_a_damaged_file_without_a_checksum_is_found_out_when_loaded(copy: Path) -> None:
    listed = json.loads((copy / "resources.json").read_text("utf-8"))
    del listed["en"]["tokenize"]["quotetrack"]["md5"]
    (copy / "resources.json").write_text(json.dumps(listed), "utf-8")
    damage(copy / "en/tokenize/quotetrack.pt")
    text = message(ModelSet("mine", copy, "quotetrack"))
    assert text.startswith(f"The models in {copy} could not be loaded (")
    assert "quotetrack doctor" in text


@pytest.mark.parametrize("content", ["{", "[]", "{}", '{"en": []}', "null", '"en"'])
def test_an_unreadable_list_of_models_is_named(copy: Path, content: str) -> None:
    (copy / "resources.json").write_text(content, "utf-8")
    text = message(ModelSet(BUNDLED, copy, "quotetrack"))
    assert text.startswith(f"{copy / 'resources.json'} cannot be read (")


def test_a_set_that_is_not_there_is_named(tmp_path: Path) -> None:
    models = ModelSet("official", tmp_path / "nowhere", "default")
    assert not models.installed
    assert message(models).startswith(f"The official models are not installed in {tmp_path / 'nowhere'}. Run ")


@pytest.mark.parametrize("name", ["", "spacy", "/nowhere/at/all", "."])
def test_an_unknown_name_is_refused(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(
        ModelError, match="is neither `bundled`, nor `official`, nor a Stanza model directory"
    ) as caught:
        model_set(name)
    assert repr(name) in str(caught.value)


def test_names_lead_to_their_sets(copy: Path) -> None:
    assert model_set("official").package == "default"
    assert stanza_version() in model_set("official").directory.parts
    assert model_set(str(copy)) == ModelSet(str(copy), copy, "default")


def test_versions_name_stanza_and_every_file() -> None:
    versions = model_set().versions()
    assert versions["stanza"] == stanza_version()
    listed = json.loads((BUNDLED_DIRECTORY / "resources.json").read_text("utf-8"))["en"]
    assert versions["attribution/quotetrack"] == listed["attribution"]["quotetrack"]["md5"][:8]
    assert len(versions) == 8


def test_only_models_present_count_in_other_sets(copy: Path) -> None:
    (copy / LEMMATIZER).unlink()
    assert "lemma/quotetrack" not in ModelSet("mine", copy, "quotetrack").versions()
    assert "lemma/quotetrack" in ModelSet(BUNDLED, copy, "quotetrack").versions()


def test_documents_have_no_attribution_spans_before_the_tagger_ran() -> None:
    assert Document([], text="").attribution_spans is None
