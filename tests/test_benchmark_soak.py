"""The soak on a small scale, and that it notices what it is there to notice."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.soak import Model, Report, _check, soak


def test_a_run_that_meets_faults_and_is_killed_ends_complete(tmp_path: Path) -> None:
    report = soak(tmp_path, articles=80, kills=3, jobs=8, seed=4)
    assert report.broken == []
    assert (report.results + report.failed, report.kills) == (80, 3)
    assert len(report.faults) > 3


def _line(number: int) -> str:
    return json.dumps({"article": {"id": f"000/a{number:06}"}}) + "\n"


def test_what_is_lost_twice_or_answered_again_is_noticed(tmp_path: Path) -> None:
    model = Model(1)
    model.answered[0, "Meetings"] = 3
    (tmp_path / "r.jsonl").write_text(_line(0) + _line(0) + _line(2), encoding="utf-8")
    (tmp_path / "r.jsonl.part").touch()
    report = Report(3)
    _check(tmp_path, model, report, most_twice=1)
    assert len(report.broken) == 4
