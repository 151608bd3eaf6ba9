"""Workers end with the command that started them, even where that is killed."""

import os
import signal
import subprocess
import sys
import time

from building import CHECKOUT

COMMAND = """
import os, sys, time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
sys.path.insert(0, "scripts")
from warehouse.processes import end_with_parent

def work(number):
    time.sleep(0.2)
    return os.getpid()

if __name__ == "__main__":
    context = get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=context, initializer=end_with_parent) as pool:
        for process in pool.map(work, range(1000)):
            print(process, flush=True)
"""


def is_alive(process: int) -> bool:
    """Whether a process is still at work."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_workers_of_a_command_that_is_killed_end(tmp_path):
    program = tmp_path / "work.py"
    program.write_text(COMMAND)
    command = subprocess.Popen(
        [sys.executable, program],
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=os.environ | {"PYTHONPATH": "scripts"},
    )
    workers = {int(command.stdout.readline()) for _ in range(6)}
    command.send_signal(signal.SIGKILL)
    command.wait()
    deadline = time.monotonic() + 20
    while (left := [w for w in workers if is_alive(w)]) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert left == []
