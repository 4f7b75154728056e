"""What a worker process runs: `python -m quotetrack.workers.child FD`. It lives as long as the other end of its pipe.

The parent sends what to hold, and is answered with None, a QuotetrackError or words on what went wrong. Then, again and
again, it sends a batch, with the work to do if that is another than before, and is answered with (True, the result) or
(False, an exception).
"""

import os
import pickle
import signal
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from queue import SimpleQueue
from threading import Thread
from typing import Any

from quotetrack.errors import QuotetrackError


def listen(pipe: "Connection[Any, Any]", inbox: SimpleQueue[bytes]) -> None:
    """Take in what the parent sends. Whatever became of it, the pipe then ends, and so does this process at once."""
    try:
        while True:
            inbox.put(pipe.recv_bytes())
    except (EOFError, OSError):
        os._exit(0)


def main(descriptor: int) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # they may go to every process; the parent decides
    pipe: Connection[Any, Any] = Connection(descriptor)
    inbox: SimpleQueue[bytes] = SimpleQueue()
    Thread(target=listen, args=(pipe, inbox), daemon=True).start()
    try:
        held = pickle.loads(inbox.get())()
    except QuotetrackError as error:
        pipe.send(error)
        return
    except Exception as error:  # an import that fails, memory that is not there
        pipe.send(f"{type(error).__name__}: {error}")
        return
    pipe.send(None)
    work: Callable[[Any, Any], Any] | None = None
    while True:
        given, batch = pickle.loads(inbox.get())
        work = given or work
        assert work is not None
        try:
            answer = (True, work(held, batch))
        except Exception as error:
            answer = (False, error)
        pipe.send(answer)


if __name__ == "__main__":
    main(int(sys.argv[1]))
