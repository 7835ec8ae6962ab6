"""What this machine has for us: cores that may be used, and jobs for them. Only reads ``/sys`` and ``/proc``."""

from __future__ import annotations

import os
from pathlib import Path

from cambrian.search.task import Task

_CGROUPS = Path("/sys/fs/cgroup")


def usable_cores(cgroups: Path = _CGROUPS) -> int:
    """Cores that this process may keep busy: its affinity, and the quota of its control group, at least 1.

    Args:
        cgroups: where control groups are mounted; version 2 (``cpu.max``) and 1 (``cpu.cfs_quota_us``) are read.
    """
    allowed = len(os.sched_getaffinity(0))
    quota = _quota_v2(cgroups) or _quota_v1(cgroups)
    return max(1, min(allowed, int(quota + 0.5))) if quota else allowed


def usual_jobs(task: Task) -> int:
    """Evaluations at a time, unless somebody says otherwise.

    One more than cores: while one evaluation waits for the engine, another one runs. Where time is measured that would
    only disturb, so there it is one per core.
    """
    return usable_cores() + (task.mode == "artifact")


def _quota_v2(cgroups: Path) -> float | None:
    words = _read(cgroups / "cpu.max").split()
    if len(words) != 2 or not all(word.isdecimal() for word in words) or int(words[1]) == 0:
        return None
    return int(words[0]) / int(words[1])


def _quota_v1(cgroups: Path) -> float | None:
    quota, period = (_read(cgroups / "cpu" / name).strip() for name in ("cpu.cfs_quota_us", "cpu.cfs_period_us"))
    if not quota.isdecimal() or not period.isdecimal() or int(period) == 0:
        return None
    return int(quota) / int(period)


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        return ""
