"""`clipactor bench library`: how fast the motion library opens, loads and grows."""

import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Annotated

import typer


def library(
    clips: Annotated[int, typer.Option(min=10, help="Synthetic clips to open.")] = 10_000,
    data: Annotated[
        Path | None, typer.Option(help="Folder of motion files to import, with clips.csv.")
    ] = None,
    jobs: Annotated[int, typer.Option(min=1, help="Processes of the import.")] = 2,
    as_json: Annotated[bool, typer.Option("--json", help="Print one flat JSON object.")] = False,
) -> None:
    """Open, list and load a synthetic library; with --data, import real files and measure how well."""
    folder = Path(tempfile.mkdtemp(prefix="clipactor-bench-"))
    try:
        figures = {**_shipped(), **_synthetic(folder / "many.clips", clips)}
        if data is not None:
            figures.update(_import(folder / "library", data, jobs))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if as_json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name:36} {value:.6g}")


def _shipped() -> dict[str, float]:
    """The shipped library: loading, size, and the error of its compact rotations."""
    import numpy as np

    from clipactor_node.geometry import axis_angle_from_matrix, matrix_from_axis_angle
    from clipactor_node.motion import open_library
    from clipactor_node.motion.library import decode, encode

    started = time.perf_counter()
    shipped = open_library()
    opened = time.perf_counter() - started
    times, seconds, size, worst = [], 0.0, 0, 0.0
    for name in shipped.names:
        started = time.perf_counter()
        clip = shipped.load(name)
        times.append(time.perf_counter() - started)
        seconds += clip.duration_s
        size += shipped.info(name).bytes
    rng = np.random.default_rng(0)
    poses = rng.uniform(-1.5, 1.5, (500, 55, 3))
    back, _ = decode(memoryview(encode(poses, np.zeros((500, 3)))), 500)
    there, again = (matrix_from_axis_angle(p.astype(float)) for p in (poses, back))
    error = axis_angle_from_matrix(np.swapaxes(there, -1, -2) @ again)
    worst = float(np.degrees(np.linalg.norm(error, axis=-1)).max())
    return {
        "shipped_clips": len(shipped),
        "shipped_seconds": seconds,
        "shipped_open_s": opened,
        "shipped_load_mean_ms": 1e3 * sum(times) / len(times),
        "shipped_load_max_ms": 1e3 * max(times),
        "bytes_per_clip_second": size / seconds,
        "rotation_error_max_deg": worst,
    }


def _synthetic(path: Path, count: int) -> dict[str, float]:
    """A library of `count` clips of 10 s at 60 Hz that share their frames."""
    import numpy as np

    from clipactor_node.motion import Label, MotionClip, open_library
    from clipactor_node.motion.library import PackWriter

    rng = np.random.default_rng(0)
    # Of each clip only two joints move: files stay small, the index is the size of a real one.
    poses = np.zeros((60, 55, 3))
    poses[:, 1:3] = np.cumsum(rng.normal(scale=0.05, size=(60, 2, 3)), axis=0)
    long = MotionClip("ten seconds, all joints", 60.0, rng.normal(size=(600, 55, 3)), np.zeros((600, 3)))
    started = time.perf_counter()
    with PackWriter(path) as writer:
        for i in range(count):
            labels = (Label(f"walk number {i}", 0.0, 0.9), Label("walk", 0.1, 0.5))
            writer.add(
                MotionClip(f"clip {i}", 60.0, poses, np.zeros((60, 3)), labels, (f"a person walks, {i}",))
            )
        writer.add(long)
    written = time.perf_counter() - started
    started = time.perf_counter()
    many = open_library([path])
    opened = time.perf_counter() - started
    started = time.perf_counter()
    every_label = many.labels
    listed = time.perf_counter() - started
    picks = rng.integers(0, count, 200)
    started = time.perf_counter()
    for i in picks:
        many.load(f"clip {i}")
    loaded = (time.perf_counter() - started) / len(picks)
    started = time.perf_counter()
    many.load(long.name)
    whole = time.perf_counter() - started
    return {
        "synthetic_clips": count,
        "synthetic_labels": len(every_label),
        "synthetic_write_ms_per_clip": 1e3 * written / count,
        "synthetic_open_s": opened,
        "synthetic_labels_s": listed,
        "synthetic_load_ms": 1e3 * loaded,
        "load_10s_60hz_all_joints_ms": 1e3 * whole,
        "synthetic_bytes": path.stat().st_size,
    }


def _import(folder: Path, data: Path, jobs: int) -> dict[str, float]:
    """Import in a process of its own, so that its peak memory, children included, can be told."""
    code = (
        "import json, resource, sys\n"
        "from clipactor_node.bench.library import import_all\n"
        "print(json.dumps(import_all(*sys.argv[1:])))"
    )
    arguments = [sys.executable, "-c", code, str(folder), str(data), str(jobs)]
    done = subprocess.run(arguments, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def import_all(folder: str, data: str, jobs: str) -> dict[str, float]:
    """Import everything below `data` into `folder`; figures of speed, memory and fit."""
    import resource

    import numpy as np

    from clipactor_node.motion import open_library
    from clipactor_node.motion.importing import Settings, add

    table = Path(data) / "clips.csv"
    settings = Settings((table,) if table.is_file() else ())
    started = time.perf_counter()
    report = add([Path(data)], Path(folder), settings, int(jobs))
    took = time.perf_counter() - started
    peaks = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    added = open_library([folder])
    infos = [added.info(name) for name in added.names]
    seconds = sum(info.duration_s for info in infos)
    quality = {
        name: np.array([info.quality[name] for info in infos])
        for name in ("fit_mean_m", "fit_max_m", "skating", "source_skating")
    }
    return {
        "import_files": len(report.outcomes),
        "import_jobs": int(jobs),
        "import_clip_seconds": seconds,
        "import_s": took,
        "import_ms_per_clip_second": 1e3 * took / seconds,
        "import_worker_ms_per_clip_second": 1e3 * sum(o.took_s for o in report.outcomes) / seconds,
        # The parent and at most `jobs` workers, each as large as the largest was.
        "import_peak_gb": (peaks[0] + (int(jobs) if int(jobs) > 1 else 0) * peaks[1]) / 1e6,
        "import_bytes": sum(info.bytes for info in infos),
        "import_cycles": sum(info.loop is not None for info in infos),
        **{f"import_{status}": number for status, number in report.counts.items()},
        "fit_mean_cm": 100 * float(quality["fit_mean_m"].mean()),
        "fit_worst_mean_cm": 100 * float(quality["fit_mean_m"].max()),
        "fit_max_cm": 100 * float(quality["fit_max_m"].max()),
        "skating": float(quality["skating"].mean()),
        "source_skating": float(quality["source_skating"].mean()),
        "clips_skating_more": int((quality["skating"] > quality["source_skating"]).sum()),
    }
