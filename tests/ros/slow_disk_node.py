"""`clipactor_node` on a disk that can be made slow: while the file named in SLOW_DISK exists, whatever opens
a file takes as many seconds as that file says, and whatever asks about one a thirtieth of that.

Where the node's own thread asks the slow disk, it says so and shows from where.
What the system itself provides (/proc, /dev, /sys) stays fast, and so do the sources of the program, which
rclpy asks about with every line of its log; clips, which are mapped into memory, are slow
to be read.
"""

import builtins
import functools
import io
import os
import sqlite3
import sys
import threading
import time
import traceback

FLAG = os.environ["SLOW_DISK"]
_open, _stat = builtins.open, os.stat


def wait(path: object, share: float = 1.0) -> None:
    if isinstance(path, int) or str(path).startswith(("/proc", "/dev", "/sys")) or str(path).endswith(".py"):
        return
    try:
        _stat(FLAG)
    except OSError:
        return
    if threading.current_thread() is threading.main_thread():
        print(f"the tick's thread waits for {path}", "".join(traceback.format_stack()), sep="\n", flush=True)
    with _open(FLAG) as flag:
        time.sleep(share * float(flag.read()))


def slowed(function, share=1.0):
    @functools.wraps(function)
    def slow(*args, **kwargs):
        wait(args[0] if args else "", share)
        return function(*args, **kwargs)

    return slow


builtins.open = io.open = slowed(builtins.open)
for name in ("stat", "scandir", "listdir"):
    setattr(os, name, slowed(getattr(os, name), 1 / 30))
sqlite3.connect = slowed(sqlite3.connect)

from clipactor_node.motion.library.pack import Pack  # noqa: E402  (its functions are slow from the beginning)
from clipactor_node.ros.nodes.avatar_main import main  # noqa: E402

load = Pack.load


def load_slowly(self, index):
    wait(self.path)
    return load(self, index)


Pack.load = load_slowly
sys.exit(main())
