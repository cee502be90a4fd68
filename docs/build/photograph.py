"""Photographs the page.

    python docs/build/photograph.py OUT.webp WIDTHxHEIGHT [TAB]

Starts an avatar node and a viewer on a ROS domain of their own, waits until somebody in clothes dances, and
draws in software, so that it takes a minute. Needs the [test] extra and Chromium.
"""

import os
import random
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

PATIENCE_S = 400.0
SENTENCE = "a firefighter in a yellow jacket is dancing"
FLAGS = ["--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
SHOWN = "window.clipactorStage?.avatars.get(0)?.body?.root.visible"


def main(out: Path, size: tuple[int, int], tab: str | None) -> None:
    with opened(size) as (page, _):
        perform(page, SENTENCE)
        if tab:
            page.get_by_role("tab", name=tab).click()
            page.wait_for_timeout(15_000)  # its pictures
        taken = out.with_suffix(".png")
        page.screenshot(path=taken)
    Image.open(taken).convert("RGB").save(out, quality=88, method=6)
    taken.unlink()


@contextmanager
def opened(size: tuple[int, int]) -> Iterator[tuple[Page, tuple[int, int]]]:
    """The page of a node and a viewer that live as long as the block, and their process ids."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    domain = {"ROS_DOMAIN_ID": str(random.randrange(1, 200)), "ROS_AUTOMATIC_DISCOVERY_RANGE": "LOCALHOST"}
    commands = (
        ["clipactor_node.ros.nodes.avatar_main", "--ros-args", "-p", "place:=home", "-p", "facing:=front"],
        ["clipactor_node.stage.viewer_node", "--ros-args", "-p", f"port:={port}"],
    )
    processes = [
        subprocess.Popen([sys.executable, "-m", *words], env=os.environ | domain, start_new_session=True)
        for words in commands
    ]
    node, viewer = (process.pid for process in processes)
    try:
        _until_it_answers(f"http://127.0.0.1:{port}")
        with sync_playwright() as playwright:
            chromium = shutil.which("chromium") or shutil.which("google-chrome")
            browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
            page = browser.new_page(viewport={"width": size[0], "height": size[1]})
            page.set_default_timeout(1000 * PATIENCE_S)
            page.goto(f"http://127.0.0.1:{port}")
            page.wait_for_function(f"window.socket?.connected && {SHOWN}")
            page.get_by_text("Standing, ready").first.wait_for()
            yield page, (node, viewer)
            browser.close()
    finally:
        for process in processes:
            process.terminate()
            process.wait()


def _until_it_answers(address: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(address, timeout=1)
        except OSError:
            time.sleep(0.5)
        else:
            return
    sys.exit(f"{address} does not answer within {PATIENCE_S:g} s")


def perform(page: Page, text: str) -> None:
    """Say it, and wait until it is performed in its clothes."""
    worn = page.evaluate("window.clipactorStage.avatars.get(0).shown")
    box = page.get_by_label("Say what the avatar shall do")
    box.fill(text)
    box.press("Enter")
    page.wait_for_function(f"window.clipactorStage.avatars.get(0).shown !== {worn!r}")
    page.wait_for_timeout(3500)  # in the middle of the dance


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    width, height = map(int, sys.argv[2].split("x"))
    main(Path(sys.argv[1]), (width, height), sys.argv[3] if len(sys.argv) == 4 else None)
