"""What is to be done with a batch, and what a pool is."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
Hold = Callable[[], Any]


@dataclass(frozen=True)
class Task(Generic[Item, Result]):
    """What is to be done with a batch, which is a list of items."""

    work: Callable[[Any, list[Item]], Result]
    """Done by a worker, with what it holds."""
    lost: Callable[[Item, str], Result]
    """The result for an item that no worker has survived; told what the last one died of."""
    patience: Callable[[list[Item]], float]
    """After how many seconds a worker that has not answered is taken for hung."""


class Pool(Protocol):
    """Takes batches, and has them done."""

    @property
    def size(self) -> int:
        """How many batches are worked on at once."""

    def submit(self, task: Task[Item, Result], batch: list[Item]) -> Future[list[Result]]:
        """The future holds one result, or several in order if the batch had to be divided."""

    def failed(self, task: Task[Item, Result], batch: list[Item], error: Exception) -> list[Result]:
        """The results in place of those of a future that raised `error`; or raises what is to be told the user."""
