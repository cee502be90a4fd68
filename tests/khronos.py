"""The glTF validator of the Khronos Group, which npm installs once per session."""

import json
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import pytest

VALIDATOR = "gltf-validator@2.0.0-dev.3.10"
SCRIPT = (
    "const v = require('gltf-validator'), fs = require('fs');"
    "v.validateBytes(new Uint8Array(fs.readFileSync(process.argv[1])))"
    ".then(r => console.log(JSON.stringify(r)))"
)


def report_on(path: Path) -> dict:
    """What the validator says about a file; the test is skipped where npm cannot install it."""
    folder, problem = _installed()
    if problem:
        pytest.skip(problem)
    run = subprocess.run(
        ["node", "-e", SCRIPT, str(path)], cwd=folder, capture_output=True, text=True, check=True
    )
    return json.loads(run.stdout)


@cache
def _installed() -> tuple[Path, str]:
    folder = Path(tempfile.mkdtemp(prefix="clipactor-khronos-"))
    if not (shutil.which("node") and shutil.which("npm")):
        return folder, "no node and npm are installed, with which the glTF validator runs"
    installed = subprocess.run(
        ["npm", "install", "--no-audit", "--no-fund", VALIDATOR], cwd=folder, capture_output=True, text=True
    )
    failed = f"npm cannot install {VALIDATOR}: {installed.stderr[-300:]}" if installed.returncode else ""
    return folder, failed
