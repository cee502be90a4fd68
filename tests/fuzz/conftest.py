"""How long to search, and how to spoil a file.

CLIPACTOR_FUZZ is the number of examples of each test: few by default, always the same ones; `make proof-long`
sets it to thousands, which differ from run to run.
"""

import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import HealthCheck, settings

EXAMPLES = int(os.environ.get("CLIPACTOR_FUZZ", "0"))
LONGEST_S = 20.0  # of one example on a busy machine; a second on a quiet one

settings.register_profile(
    "fuzz",
    max_examples=EXAMPLES or 25,
    derandomize=not EXAMPLES,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
settings.load_profile("fuzz")

SCRAPS = (b"\x00", b"\xff" * 4, b"nan", b"-1e309", b"1" * 40, b"../../", b"\xe2\x80\xae", b"{", b"<", b"\n")


def spoiled(content: bytes, seed: int) -> bytes:
    """Bits turned, stretches left out, doubled or replaced by scraps, the end cut off."""
    choose = random.Random(seed)
    data = bytearray(content)
    for _ in range(choose.randint(1, 6)):
        at = choose.randrange(len(data) + 1)
        length = choose.choice((1, 4, 16, 256))
        what = choose.randrange(5)
        if what == 0 and at < len(data):
            data[at] ^= 1 << choose.randrange(8)
        elif what == 1:
            del data[at : at + length]
        elif what == 2:
            data[at:at] = data[at : at + length]
        elif what == 3:
            data[at : at + length] = choose.choice(SCRAPS)
        elif choose.random() < 0.3:
            del data[at:]
    return bytes(data)


@pytest.fixture(scope="session")
def in_time():
    """Nothing that a stranger gives may hold up who reads it."""

    @contextmanager
    def watch() -> Iterator[None]:
        started = time.process_time()
        yield
        assert time.process_time() - started < LONGEST_S

    return watch


@pytest.fixture(scope="session")
def spoil():
    return spoiled
