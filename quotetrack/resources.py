"""Where the files that travel with the package are: in the wheel inside it, in a checkout beside it."""

from pathlib import Path


def resource_directory(name: str) -> Path:
    """The directory `seeds` or `migrations`."""
    inside = Path(__file__).parent / name
    return inside if inside.is_dir() else Path(__file__).parent.parent / name
