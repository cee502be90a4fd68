"""Memory of the page and of its server over minutes, while an avatar performs and changes its clothes.

    python docs/build/soak_page.py [MINUTES]

Prints a row per minute: megabytes of the viewer, of the avatar node and of the page's JavaScript heap (after
a collection), elements on the page, frames drawn. A fixed set of texts and outfits is said in turn, so that
what is kept is bounded; growth is growth.
"""

import sys
import time

from photograph import opened

TEXTS = ("a person waves hello", "a firefighter jumps", "a doctor bows", "a person dances")
_PERIOD_S = 20.0


def resident_mb(process: int) -> float:
    """Of a process, from /proc."""
    with open(f"/proc/{process}/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmRSS"))


def main(minutes: float) -> None:
    with opened((800, 600)) as (page, (node, viewer)):
        probe = page.context.new_cdp_session(page)
        box = page.get_by_label("Say what the avatar shall do")
        print("minute  viewer MB  node MB  heap MB  elements  frames", flush=True)
        began, said, told = time.monotonic(), 0, -1
        while (passed := time.monotonic() - began) < 60.0 * minutes + 1.0:
            if passed > said * _PERIOD_S:
                box.fill(TEXTS[said % len(TEXTS)])
                box.press("Enter")
                said += 1
            if int(passed // 60) > told:
                told = int(passed // 60)
                probe.send("HeapProfiler.collectGarbage")
                heap = probe.send("Runtime.getHeapUsage")["usedSize"] / 1e6
                elements, frames = page.evaluate(
                    "[document.querySelectorAll('*').length, window.clipactorStage.pictures]"
                )
                figures = f"{resident_mb(viewer):9.1f} {resident_mb(node):8.1f} {heap:8.1f}"
                print(f"{told:6d} {figures} {elements:9d} {frames:7d}", flush=True)
            page.wait_for_timeout(1000)


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 10.0)
