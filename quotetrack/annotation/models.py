"""Which Stanza models there are, where they lie, and whether they are whole. Imports neither stanza nor torch."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from platformdirs import user_data_path

from quotetrack.errors import ModelError

PROCESSORS = ("tokenize", "pos", "lemma", "depparse", "ner", "attribution")
"""What the pipeline runs, in this order; models that need `mwt` after `tokenize` bring it along."""
BUNDLED = "bundled"
OFFICIAL = "official"
BUNDLED_DIRECTORY = Path(__file__).parent.parent / "stanza_models"


@dataclass(frozen=True)
class ModelFile:
    """One file of a model directory, and the checksum its `resources.json` gives for it."""

    processor: str
    package: str
    path: Path
    md5: str

    def fault(self) -> str | None:
        """What is wrong with the file, or None. Reads it whole: about 0.2 s for all bundled files."""
        if not self.path.is_file():
            return "is missing"
        with self.path.open("rb") as file:
            found = hashlib.file_digest(file, "md5").hexdigest()
        return None if not self.md5 or found == self.md5 else "is damaged (its checksum is wrong)"


@dataclass(frozen=True)
class ModelSet:
    """A Stanza model directory and the package in it."""

    name: str
    directory: Path
    package: str

    @property
    def installed(self) -> bool:
        return (self.directory / "resources.json").is_file() and (self.directory / "en").is_dir()

    def files(self) -> Iterator[ModelFile]:
        """The files of English models that `resources.json` lists: all of the bundled set, else those present.

        Raises ModelError if that list cannot be read.
        """
        try:
            listed = json.loads((self.directory / "resources.json").read_text("utf-8"))["en"].items()
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise ModelError(
                f"{self.directory / 'resources.json'} cannot be read ({error}). {self._advice()}"
            ) from error
        for processor, packages in listed:
            if not isinstance(packages, dict) or processor in ("packages", "default_processors"):
                continue
            for package, entry in packages.items():
                path = self.directory / "en" / processor / f"{package}.pt"
                if isinstance(entry, dict) and (self.name == BUNDLED or path.exists()):
                    yield ModelFile(processor, package, path, entry.get("md5", ""))

    def check(self) -> None:
        """Raise ModelError, naming the file, if one of this set's models is missing or damaged."""
        if not self.installed:
            raise ModelError(f"The {self.name} models are not installed in {self.directory}. {self._advice()}")
        for file in self.files():
            if fault := file.fault():
                raise ModelError(f"The model {file.path} {fault}. {self._advice()}")
        if self.name != BUNDLED:
            model_set(BUNDLED).check()

    def pipeline_options(self) -> dict[str, Any]:
        """Keyword arguments for `stanza.Pipeline`. Only the bundled set has a tagger of attributions."""
        options: dict[str, Any] = {"dir": str(self.directory), "package": self.package}
        if self.name == BUNDLED:
            return options | {"processors": ",".join(PROCESSORS)}
        coref = ("coref",) if any((self.directory / "en" / "coref").glob("*.pt")) else ()
        return options | {
            "processors": ",".join((*PROCESSORS[:-1], *coref)),
            "attribution_model_path": str(BUNDLED_DIRECTORY / "en/attribution/quotetrack.pt"),
            "attribution_pretrain_path": str(BUNDLED_DIRECTORY / "en/pretrain/glove50k.pt"),
        }

    def versions(self) -> dict[str, str]:
        """What a run records about its models: Stanza's version and the first 8 digits of each file's checksum."""
        return {"stanza": stanza_version()} | {
            f"{file.processor}/{file.package}": file.md5[:8] for file in self.files()
        }

    def _advice(self) -> str:
        if self.name == BUNDLED:
            return "Reinstall quotetrack: its models are part of the package."
        if self.name != OFFICIAL:
            return "Mend that directory, or use `--models bundled`."
        return "Run `quotetrack models download` (it needs the internet), or use `--models bundled`."


def stanza_version() -> str:
    try:
        return version("stanza")
    except PackageNotFoundError:
        return "not installed"


def model_set(name: str = BUNDLED) -> ModelSet:
    """The set called `bundled` or `official`, or the one in the directory `name`.

    Raises ModelError if it is none of these.
    """
    if name == BUNDLED:
        return ModelSet(BUNDLED, BUNDLED_DIRECTORY, "quotetrack")
    if name == OFFICIAL:
        return ModelSet(OFFICIAL, user_data_path("quotetrack") / "stanza" / stanza_version(), "default")
    if (Path(name) / "resources.json").is_file():
        return ModelSet(name, Path(name), "default")
    raise ModelError(f"{name!r} is neither `bundled`, nor `official`, nor a Stanza model directory.")


def download() -> ModelSet:
    """Fetch Stanza's official English package over the network. Raises ModelError if that fails."""
    target = model_set(OFFICIAL)
    import stanza

    try:
        stanza.download("en", model_dir=str(target.directory), processors=",".join(PROCESSORS[:-1]), verbose=False)
    except Exception as error:  # requests, urllib and stanza raise their own kinds
        raise ModelError(
            f"The official models could not be fetched into {target.directory} ({type(error).__name__}: {error}). "
            "Check the connection and try again; the bundled models work without it."
        ) from error
    return target
