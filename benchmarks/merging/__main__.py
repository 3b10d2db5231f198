"""Merge invented results of growing numbers of articles, each size in a process of its own, and print what it takes.

python -m benchmarks.merging --sizes 10000 100000
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from benchmarks.merging.invented import results
from llm_extract.across import merge_to_file
from llm_extract.cluster_scores import b_cubed, pairwise
from llm_extract.dossier_files import records_of
from llm_extract.export import Format, export, read_results
from llm_extract.schema import Extraction


def main() -> None:
    """Measure all sizes, or one, in this process."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 10_000])
    parser.add_argument("--one", nargs=2, metavar=("RESULTS", "DOSSIER"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        _measure(*map(Path, arguments.one))
        return
    sys.stdout.write(
        f"{'articles':>9}{'mentions':>10}{'records':>9}{'seconds':>9}{'CPU':>7}{'MB peak':>9}{'MB file':>9}{'pairwise':>10}{'B³':>7}\n"
    )
    for size in arguments.sizes:
        with tempfile.TemporaryDirectory() as folder:
            sys.stdout.write(_line(size, Path(folder)))
            sys.stdout.flush()


def _line(size: int, folder: Path) -> str:
    written, dossier = folder / "results.jsonl", folder / "dossier.json"
    truth: dict[int, set[str]] = defaultdict(set)

    def known() -> Iterator[Extraction]:
        for result, numbers in results(size):
            for meeting, number in zip(result.meetings, numbers, strict=True):
                truth[number].add(f"{result.article.id}#{meeting.id}")
            yield result

    export(known(), Format.JSONL, written)
    command = [sys.executable, "-m", "benchmarks.merging", "--one", str(written), str(dossier)]
    found = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)  # noqa: S603  this very module
    given = [{f"{m.article}#{m.meeting.id}" for m in record.mentions} for record in records_of(dossier)]
    scores = pairwise(truth.values(), given).f1, b_cubed(truth.values(), given).f1
    return (
        f"{size:>9,}{found['mentions']:>10,}{found['meetings']:>9,}{found['seconds']:>9.1f}{found['cpu']:>7.1f}{found['mb']:>9,.0f}"
        f"{dossier.stat().st_size / 1e6:>9,.0f}{scores[0]:>10.3f}{scores[1]:>7.3f}\n"
    )


def _measure(written: Path, dossier: Path) -> None:
    started = time.perf_counter()
    tally = merge_to_file(read_results(written), dossier)
    seconds, cpu = time.perf_counter() - started, time.process_time()
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    sys.stdout.write(json.dumps({"mentions": tally.mentions, "meetings": tally.meetings, "seconds": seconds, "cpu": cpu, "mb": peak_mb}))


if __name__ == "__main__":
    main()
