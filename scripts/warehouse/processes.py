"""Work in several processes, none of which outlives the command that started it."""

import os
from multiprocessing import parent_process
from threading import Thread


def end_with_parent() -> None:
    """Of a worker: end when the process ends that started it, killed or not.

    To be the `initializer` of a pool of spawned processes. Without it the workers of a command that
    is killed wait for ever for more to do, and go on writing until then.
    """
    Thread(target=_end_after_parent, daemon=True).start()


def _end_after_parent() -> None:
    parent = parent_process()
    # None: no worker, but a process of its own.
    if parent is not None:
        parent.join()
        os._exit(1)
