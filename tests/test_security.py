"""What SECURITY.md promises: loopback, hashes, names that stay names, no secrets in logs, limits."""

import ast
import re
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest

from clipactor_node.errors import ClipActorError
from clipactor_node.home import shipped_models
from clipactor_node.style import StyleCache
from clipactor_node.text import load_encoder

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "clipactor_node"
PATHS = ("../x", "/etc/passwd", "a/b", "..", "~/x", "a\x00b", "..\\x")
RUNS_ANYTHING = {"eval", "exec", "compile", "__import__"}


@cache
def sources():
    return [(path, ast.parse(path.read_text())) for path in PACKAGE.rglob("*.py")]


def test_nothing_listens_beyond_this_machine_by_default():
    """Every address in the code is this machine; another one is a user's own choice."""
    for path, tree in sources():
        for node in ast.walk(tree):
            named = [k for k in getattr(node, "keywords", ()) if k.arg == "host"]
            for keyword in named:
                if isinstance(keyword.value, ast.Constant):
                    assert keyword.value.value in ("127.0.0.1", "localhost"), path
    text = (PACKAGE / "stage" / "viewer.py").read_text()
    assert 'Setting("host", "127.0.0.1"' in text


def test_what_is_downloaded_has_a_source_and_a_hash():
    """Every file of the registry that is fetched from elsewhere is checked against a sha256."""
    registry = tomllib.loads((shipped_models() / "registry.toml").read_text())
    for table in registry.values():
        for entry in table if isinstance(table, list) else table.values():
            for file in entry.get("files", ()) if isinstance(entry, dict) else ():
                if isinstance(file, dict) and "url" in file:
                    assert file["url"].startswith("https://"), file
                    assert re.fullmatch("[0-9a-f]{64}", file.get("sha256", "")), file


def test_nothing_is_unpickled_or_run_that_came_from_a_file():
    for path, tree in sources():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            name = ast.unparse(node.func)
            assert name not in RUNS_ANYTHING, f"{path}: {name}"
            assert name not in ("pickle.load", "pickle.loads", "yaml.load", "yaml.unsafe_load"), (
                f"{path}: {name}"
            )
            if name.endswith("np.load"):
                given = {k.arg: ast.unparse(k.value) for k in node.keywords}
                assert given.get("allow_pickle", "False") == "False", path
            if name == "torch.load":
                given = {k.arg: ast.unparse(k.value) for k in node.keywords}
                assert given.get("weights_only") == "True", path
            shell = [k for k in node.keywords if k.arg == "shell"]
            assert not shell, f"{path}: a shell runs what somebody typed"


@pytest.mark.parametrize("name", PATHS)
def test_names_never_become_paths(tmp_path, name):
    with pytest.raises(ClipActorError):
        StyleCache(tmp_path / "styles").load(name)
    with pytest.raises(ClipActorError):
        load_encoder(name)


def test_a_command_cannot_name_a_file():
    """What is said ends in the log and nowhere else: a command line with a path is refused or harmless."""
    done = subprocess.run(
        [sys.executable, "-m", "clipactor_node.cli", "find", "../../etc/passwd"],
        capture_output=True, text=True, cwd="/",
    )  # fmt: skip
    assert "root:" not in done.stdout + done.stderr


def test_the_page_compares_tokens_in_constant_time_and_hides_them():
    guard = (PACKAGE / "stage" / "guard.py").read_text()
    assert "hmac.compare_digest" in guard and "httponly=True" in guard and 'samesite="strict"' in guard
