"""Prepare datasets as face crops on disk, with the engine's own face finder and crops.

So training sees what the application scores.

Every sample becomes one part (training.prepare.parts), written atomically, so an interrupted run resumes.
`index.parquet` lists every crop, `rejected.csv` the samples without one and the reason. The work is done by processes
on this machine or by a Dask cluster; a crash or a hang affects one sample at most. Only one run at a time may use a
folder.
"""

from __future__ import annotations

import csv
import json
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import MISSING, asdict, fields
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from inspector.domain.errors import OutputError, TrainingError
from inspector.engine import atomic
from inspector.engine.spreadsheet import SheetWriter, cell
from training.files import read, reading, write_bytes, writing
from training.log import Log
from training.prepare.clip import Cause, Job, Outcome, by_file, each_outcome, prepare_one
from training.prepare.cluster import run_on_cluster
from training.prepare.parts import write_index
from training.prepare.pool import run_local
from training.prepare.progress import PrepareProgress
from training.prepare.split import Side, divide, shared_cohorts
from training.recipe import PrepareOptions
from training.sources import Sample


def prepare(
    samples: Sequence[Sample],
    folder: Path,
    options: PrepareOptions,
    log: Log,
    *,
    workers: int | None = None,
    cluster: str = "",
    limit: float | None = None,
) -> Path:
    """Write the crops of all samples into `folder` and return its index; finished parts are reused.

    Uses `workers` processes (default: as many as cores), or the Dask scheduler at the address `cluster`. A clip that
    takes more than `limit` seconds (default: by its size and number of frames) is rejected.
    Raises TrainingError when no sample gave a crop, the folder was made with other options, or the cluster is gone;
    OutputError when the folder cannot be written.
    """
    with writing(folder):
        (folder / "parts").mkdir(parents=True, exist_ok=True)
        have = _have(folder / "parts")
        _check_options(folder, options)
    jobs = _jobs(samples, folder, options)
    if warning := shared_cohorts((job.sample.cohort, job.is_held_out) for job in jobs):
        log(warning)
    with _Rejected(folder, jobs) as rejected:
        waiting = [job for job in jobs if job.part.name not in have and job.part.name not in rejected]
        log(
            f"{len(waiting)} of {len(samples)} samples to prepare, {len(have)} finished and {len(rejected)} rejected "
            f"before, {len(samples) - len(jobs)} not used (the official test, "
            "samples that share its recordings, and fakes of people on both sides)"
        )
        _run(waiting, rejected, log, workers or os.cpu_count() or 1, cluster, limit)
        _check_seen(jobs, rejected, folder)
        if len(rejected):
            log(f"{len(rejected)} rejected in all, listed with their reasons in {rejected.path}")
    named = {job.part.name: job.sample for job in jobs}
    return write_index([(job.part, job.group, job.is_held_out) for job in jobs], folder, named)


def _run(jobs: Sequence[Job], rejected: _Rejected, log: Log, workers: int, cluster: str, limit: float | None) -> None:
    if not jobs:
        log("nothing is left to prepare" + f"; the scheduler at {cluster} was not contacted" * bool(cluster))
        return
    files = by_file(jobs)
    if cluster:
        outcomes = run_on_cluster(files, prepare_one, cluster, limit)
    else:
        outcomes = run_local(files, prepare_one, min(workers, len(files)), limit)
    with closing(outcomes), PrepareProgress(len(jobs), log) as progress:
        for job, outcome in (pair for of_file in outcomes for pair in each_outcome(*of_file)):
            if outcome.cause is Cause.OUTPUT:
                raise OutputError(outcome.reason)
            if outcome.cause is not Cause.NONE:
                rejected.add(job, outcome)
            progress.advance(outcome.crops)


def _check_seen(jobs: Sequence[Job], rejected: _Rejected, folder: Path) -> None:
    """Check that parts written by other machines are visible here; the index would omit them silently."""
    have = _have(folder / "parts")
    unseen = sum(job.part.name not in have and job.part.name not in rejected for job in jobs)
    if unseen:
        raise TrainingError(
            f"{unseen} parts that workers wrote are not in {folder}; put it on a file system that all workers share, "
            "and run the same command again."
        )


def _check_options(folder: Path, options: PrepareOptions) -> None:
    path, mine = folder / "options.json", asdict(options)
    defaults = {field.name: field.default for field in fields(options) if field.default is not MISSING}
    if not path.exists():
        write_bytes(path, json.dumps(mine).encode())
        return
    advice = "name another folder, or remove it if the recipe's [prepare] has not changed since the folder was created"
    if defaults | read(path, dict[str, Any], advice) != mine:
        raise TrainingError(f"{folder} was prepared with other options; name another folder or remove this one.")


def _jobs(samples: Sequence[Sample], folder: Path, options: PrepareOptions) -> list[Job]:
    assignments = divide(samples, options.held_out, options.seed)
    wanted = {Side.TRAIN, Side.HELD_OUT}  # a training run does not touch the official test
    jobs = [
        Job(
            sample,
            assignment.group,
            assignment.side is Side.HELD_OUT,
            Path.cwd(),
            folder / "parts" / f"{name}.safetensors",
            options,
        )
        for sample, name, assignment in zip(samples, _names(samples), assignments, strict=True)
        if assignment.side in wanted
    ]
    if not jobs:
        raise TrainingError(f"All {len(samples)} samples are of the official test split, which never trains.")
    return jobs


def _names(samples: Sequence[Sample]) -> Iterator[str]:
    """A part name per sample: its key, with a hash of its path where several samples have the same key."""
    counts = Counter(sample.key for sample in samples)
    seen: set[str] = set()
    for sample in samples:
        name = sample.key
        if counts[name] > 1:
            name += f"-{sha256(str(sample.path).encode()).hexdigest()[:12]}"
        if name in seen:
            raise TrainingError(f"{sample.path} is listed twice; remove one of its rows.")
        seen.add(name)
        yield name


def _have(parts: Path) -> set[str]:
    """The names of finished parts; incomplete files of an interrupted run are removed."""
    atomic.remove_drafts(parts)
    return {entry.name for entry in os.scandir(parts) if entry.name.endswith(".safetensors")}


class _Rejected:
    """Owns `rejected.csv`; a row is on disk as soon as a sample is rejected.

    A sample rejected for its file is not tried again until the file changes; one that a machine failed at is tried
    again by the next run.
    """

    HEADER = ("path", "reason", "cause", "size", "modified_ns", "part")

    def __init__(self, folder: Path, jobs: Sequence[Job]) -> None:
        self._folder, self.path = folder, folder / "rejected.csv"
        self._parts: set[str] = set()
        kept = self._kept({cell(job.part.name): job for job in jobs})  # as it is written
        with writing(folder):
            with atomic.replacing(self.path) as draft, draft.open("w", newline="", encoding="utf-8") as file:
                SheetWriter(file).writerows([self.HEADER, *kept])
            self._file = self.path.open("a", newline="", encoding="utf-8")

    def _kept(self, jobs: dict[str, Job]) -> list[tuple[str, ...]]:
        if not self.path.exists():
            return []
        kept = []
        advice = "remove it and run the same command again, which tries the rejected samples again"
        with reading(self.path, advice), self.path.open(newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                job = jobs.get(row.get("part") or "")
                if job is None or row["cause"] != Cause.FILE or _stamp(job) != (row["size"], row["modified_ns"]):
                    continue
                self._parts.add(job.part.name)
                kept.append(tuple(row[name] for name in self.HEADER))
        return kept

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def __contains__(self, part: str) -> bool:
        return part in self._parts

    def __len__(self) -> int:
        return len(self._parts)

    def add(self, job: Job, outcome: Outcome) -> None:
        """Record a sample that gave no part."""
        self._parts.add(job.part.name)
        row: tuple[Any, ...] = (job.sample.path, outcome.reason, outcome.cause, *_stamp(job), job.part.name)
        with writing(self._folder):
            SheetWriter(self._file).writerow(row)
            self._file.flush()


def _stamp(job: Job) -> tuple[str, str]:
    """Size and modification time of a sample's file, which change with it; empty if it does not exist."""
    try:
        stat = (job.root / job.sample.path).stat()
    except OSError:
        return "", ""
    return str(stat.st_size), str(stat.st_mtime_ns)
