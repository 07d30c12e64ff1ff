"""A Dask cluster on this machine, as its users start one: a scheduler and workers, each a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from contextlib import ExitStack, suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


class Cluster:
    """A scheduler and its workers, each a process of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder, self.processes = folder, ExitStack()
        found = folder / "scheduler.json"
        options = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(found))
        self.scheduler = self._start("scheduler", *options)
        try:
            self.address: str = self._address(found)
        except BaseException:
            self.processes.close()
            raise

    def _address(self, found: Path) -> str:
        """Wait for the scheduler, whose imports take longer than the client waits when the machine is busy."""
        for _ in range(1200):
            if self.scheduler.poll() is not None:
                break
            with suppress(FileNotFoundError, json.JSONDecodeError):  # not there, or half written
                return str(json.loads(found.read_text())["address"])
            time.sleep(0.1)
        raise AssertionError(f"The scheduler did not start: {(self._folder / 'scheduler.log').read_text()}")

    def worker(self, nanny: str = "--no-nanny") -> subprocess.Popen[bytes]:
        options = ("--nthreads", "1", nanny, "--no-dashboard", "--local-directory", str(self._folder))
        return self._start("worker", self.address, *options)

    def _start(self, *arguments: str) -> subprocess.Popen[bytes]:
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        log = self.processes.enter_context((self._folder / f"{arguments[0]}.log").open("ab"))
        process = subprocess.Popen(
            [sys.executable, "-m", "dask", *arguments], stdout=log, stderr=log, env=environment, cwd=self._folder
        )
        self.processes.callback(process.wait)
        self.processes.callback(process.kill)
        return process
