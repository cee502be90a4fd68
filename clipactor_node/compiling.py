"""Loops that numba compiles: where their machine code is kept, and a word while it is made.

numba keeps machine code beside the source (`__pycache__`), where it is found again as long as source, numba
and processor are the same. In an installation that must not be written to it goes into CLIPACTOR_HOME.
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

CACHE_VARIABLE = "NUMBA_CACHE_DIR"
PLAYING = 22
"""How many loops are compiled until an avatar plays, where none is kept."""


def keep_machine_code() -> None:
    """Name a folder that can be written to, for this process and its children; before numba is imported."""
    if not os.environ.get(CACHE_VARIABLE) and not _writable(Path(__file__).parent):
        os.environ[CACHE_VARIABLE] = str(_own_folder())


def _writable(package: Path) -> bool:
    kept = package / "geometry" / "__pycache__"
    return os.access(kept if kept.is_dir() else package, os.W_OK)


def _own_folder() -> Path:
    from clipactor_node.home import user_home  # only where it is needed: everything imports this module

    folder = user_home() / "cache" / "numba"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if os.access(folder, os.W_OK):
            return folder
    except OSError:
        pass
    return Path(tempfile.gettempdir()) / f"clipactor-numba-{os.getuid()}"


@contextmanager
def announced(say: Callable[[str, int], None]) -> Iterator[None]:
    """Tell of every loop of this package that is compiled in this process while the block runs.

    Args:
        say: called with the name of the loop and the how many-th it is, before it is compiled, in the
            thread that compiles. Loops whose machine code is kept are not compiled.
    """
    from numba.core import event

    class Listener(event.Listener):  # type: ignore[misc]  # numba has no types
        count = 0

        def on_start(self, event: object) -> None:
            function = event.data["dispatcher"].py_func  # type: ignore[attr-defined]
            if function.__module__.startswith(f"{__package__}."):
                self.count += 1
                say(f"{function.__module__.removeprefix(f'{__package__}.')}.{function.__name__}", self.count)

        def on_end(self, event: object) -> None:
            """Nothing to say."""

    with event.install_listener("numba:compile", Listener()):
        yield
