"""Fuzz what reads what others wrote, each target for a bounded time: `python tests/fuzz.py --seconds 20`; needs atheris.

What makes one fail is left in the folder that is named; `--target NAME --again FILE` tries it again.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import logging
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

_NAMES = ("numbering", "resolving", "journal")
_LIMITS = ("-max_len=4096", "-timeout=10", "-rss_limit_mb=2048", "-verbosity=0")
_FOLDER = "FUZZ_FOLDER"
_MISSING = "Nothing is fuzzed: atheris is not installed (pip install atheris; it has no wheels for every Python, such as 3.13)."


def main() -> int:
    """Run all targets, each in a process of its own, or one in this; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=20, help="for each target")
    parser.add_argument("--target", choices=_NAMES)
    parser.add_argument("--again", type=Path, help="a file that made the target fail")
    given = parser.parse_args()
    if importlib.util.find_spec("atheris") is None:
        sys.stderr.write(_MISSING + "\n")
        return 0
    if given.target:
        _fuzz(given.target, given.seconds, given.again)
    return max([abs(_in_its_own(name, given.seconds)) for name in _NAMES])


def _in_its_own(name: str, seconds: int) -> int:
    folder = tempfile.mkdtemp(prefix=f"fuzz-{name}-")
    code = subprocess.call([sys.executable, __file__, "--target", name, "--seconds", str(seconds)], env={**os.environ, _FOLDER: folder})
    if not code:
        shutil.rmtree(folder)
    return code


def _fuzz(name: str, seconds: int, again: Path | None) -> None:
    """Fuzz one target; ends the process."""
    import atheris

    sys.path.insert(0, str(Path(__file__).parent.parent))
    with atheris.instrument_imports(include=["llm_extract"]):
        targets = importlib.import_module("fuzz_targets")
    logging.disable()
    folder = Path(os.environ.get(_FOLDER) or tempfile.mkdtemp(prefix=f"fuzz-{name}-"))
    for count, seed in enumerate(targets.SEEDS[name]):
        (folder / f"seed{count}").write_bytes(seed)
    sys.stderr.write(f"Fuzzing {name} for {seconds} s, in {folder}.\n")
    where = [str(again)] if again else [f"-max_total_time={seconds}", str(folder)]
    atheris.Setup([sys.argv[0], *_LIMITS, f"-artifact_prefix={folder}/failing-", *where], targets.TARGETS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    sys.exit(main())
