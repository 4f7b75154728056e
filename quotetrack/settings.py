"""Settings: command line over environment over `settings.toml` over these defaults."""

from pathlib import Path
from typing import Annotated, Any, Literal

from platformdirs import user_config_path, user_data_path
from pydantic import Field, StringConstraints, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from quotetrack.errors import QuotetrackError

MAX_BYTES = 32 * 1024
"""Of the settings file: Python's parser may take square time."""
Key = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


def settings_path() -> Path:
    return user_config_path("quotetrack") / "settings.toml"


class Settings(BaseSettings):
    """Each field may be set in `settings.toml`, or as `QUOTETRACK_…` in the environment."""

    model_config = SettingsConfigDict(env_prefix="QUOTETRACK_", extra="forbid")

    database_url: str = Field(default_factory=lambda: str(user_data_path("quotetrack") / "quotetrack.sqlite"))
    """Path of a SQLite file, or a database URL."""
    models: str = "bundled"
    """`bundled`, `official`, or a Stanza model directory."""
    workers: int | None = Field(default=None, ge=0, le=256)
    """Worker processes; 0 works in the command's own, and unless it is set there are as many as cores."""
    reviewer: str = ""
    """Name under which decisions are recorded; empty takes the login name."""
    theme: Literal["dark", "light"] = "dark"
    """Theme of the review queue."""
    double_review: int = Field(default=0, ge=0, le=100)
    """Of a hundred decided quotes, how many a second person is to judge as well (`quotetrack review --second`)."""
    keys: dict[str, tuple[Key, ...]] = {}
    """Keys of the review queue: an action with its key, or a list of keys; `quotetrack review --help` shows how."""

    @field_validator("keys", mode="before")
    @classmethod
    def _flattened(cls, value: Any) -> Any:
        """A key alone is a list of one, and `[keys.sources]` with `merge` is `sources.merge`."""
        if not isinstance(value, dict):
            return value
        flat: dict[str, Any] = {}
        for name, keys in value.items():
            inner = (
                {f"{name}.{action}": key for action, key in keys.items()} if isinstance(keys, dict) else {name: keys}
            )
            flat |= {action: (key,) if isinstance(key, str) else key for action, key in inner.items()}
        if empty := next((action for action, keys in flat.items() if not keys), None):
            raise ValueError(f"{empty} has no key; leave it out to keep its own")
        return flat

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings, env_settings, TomlConfigSettingsSource(settings_cls, toml_file=settings_path()))


def load_settings() -> Settings:
    """The settings in force. Raises QuotetrackError naming the first wrong one."""
    path = settings_path()
    try:
        if path.is_file() and path.stat().st_size > MAX_BYTES:
            raise ValueError(f"it is larger than {MAX_BYTES // 1024} KiB, which no settings need")
        return Settings()
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join(str(part) for part in fault["loc"])
        said = "there is no such setting" if fault["type"] == "extra_forbidden" else fault["msg"]
        raise QuotetrackError(
            f"The setting {where!r} is wrong: {said}. Look at {path} and at QUOTETRACK_… variables."
        ) from error
    except SettingsError as error:
        raise QuotetrackError(f"One of the QUOTETRACK_… variables is wrong: {error}. It must be JSON.") from error
    except RecursionError as error:
        raise QuotetrackError(f"The settings file {path} is nested too deeply. Mend it.") from error
    except (OSError, ValueError) as error:  # a broken TOML file
        raise QuotetrackError(f"The settings file {path} cannot be read: {error}. Mend it.") from error
