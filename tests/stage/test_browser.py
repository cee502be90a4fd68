"""The viewer as a user sees it: real nodes, a real browser, and pixels."""

import io
import os
import time
import urllib.request
from pathlib import Path

import numpy as np
import pytest
from clipactor_interfaces.msg import AvatarClothes, AvatarState
from PIL import Image
from playwright.sync_api import Browser, Page
from rclpy.qos import DurabilityPolicy, QoSProfile
from std_msgs.msg import String

import clipactor_node.body as body_room
from clipactor_node.appearance.painting import plain_clothes

PATIENCE_S = 90.0
LATCHED = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)
CANVAS = {"x": 0, "y": 0, "width": 740, "height": 740}  # left of the panel


@pytest.fixture(scope="module")
def address(domain, client, free_port):
    """Avatar node and viewer, each in its own process."""
    domain.start("clipactor_node.ros.nodes.avatar_main", "command:=a person waves hello")
    port = free_port()
    process, output = domain.start("clipactor_node.stage.viewer_node", f"port:={port}")
    address = f"http://127.0.0.1:{port}"

    def answers():
        assert process.poll() is None, output.read_text()
        try:
            return urllib.request.urlopen(address, timeout=1).status == 200
        except OSError:
            return False

    client.until(answers, "an answer of the viewer")
    return address


@pytest.fixture(scope="module")
def page(address, browser: Browser):
    page = browser.new_page(viewport={"width": 1100, "height": 740})
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(address)
    page.wait_for_function("window.clipactorPainted === true", timeout=PATIENCE_S * 1000)
    yield page
    page.close()
    assert errors == []


@pytest.fixture(scope="module")
def commands(client):
    """What arrives on /clipactor/command, in this process."""
    received = []
    client.node.create_subscription(String, "/clipactor/command", received.append, 10)
    return received


@pytest.fixture(scope="module")
def states(client):
    received = []
    client.node.create_subscription(AvatarState, "/clipactor/state", received.append, LATCHED)
    return received


def picture(page: Page) -> np.ndarray:
    shot = page.screenshot(clip=CANVAS)
    if folder := os.environ.get("CLIPACTOR_SCREENSHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        (Path(folder) / f"viewer-{time.monotonic_ns()}.png").write_bytes(shot)
    return np.asarray(Image.open(io.BytesIO(shot)).convert("RGB")).astype(int)


def close_to(image: np.ndarray, hue: tuple[float, float, float], tolerance: float = 0.10) -> np.ndarray:
    """Pixels whose share of red, green and blue is that of `hue`, whatever the light."""
    total = image.sum(-1, keepdims=True)
    share = image / np.maximum(total, 1)
    return (np.abs(share - np.array(hue) / sum(hue)).max(-1) < tolerance) & (total[..., 0] > 40)


def dressed(image: np.ndarray) -> dict[str, np.ndarray]:
    """Where the picture shows a blue shirt, skin and dark trousers."""
    shirt = close_to(image, (66, 108, 158), 0.05)
    skin = close_to(image, (214, 166, 138), 0.03) & (image.max(-1) - image.min(-1) > 30)
    return {"shirt": shirt, "skin": skin, "trousers": (image.sum(-1) < 240) & ~shirt}


def test_a_dressed_person_stands_in_view(page, client):
    least = {
        "shirt": 1200,
        "skin": 600,
        "trousers": 1800,
    }  # pixels; lights and shadows may come a moment later
    seen = []

    def in_view() -> bool:
        seen.append(dressed(picture(page)))
        return all(region.sum() > least[name] for name, region in seen[-1].items())

    client.until(in_view, "a dressed person in view")
    person = seen[-1]
    rows = {name: np.nonzero(region)[0].mean() for name, region in person.items()}
    assert rows["shirt"] < rows["trousers"]  # shirt above trousers
    columns = np.nonzero(np.any(list(person.values()), axis=(0, 1)))[0]
    assert columns[0] > 0 and columns[-1] < CANVAS["width"] - 1  # not cut off


def test_it_moves_and_pauses(page, client, states):
    first = picture(page)
    client.until(lambda: np.abs(picture(page) - first).max(-1).sum() > 20000, "a movement in the picture")
    page.get_by_role("button", name="Pause").click()
    client.until(lambda: states and states[-1].activity == "paused", "the activity `paused`")
    page.get_by_text("paused").wait_for(timeout=PATIENCE_S * 1000)

    def still():
        before = picture(page)
        time.sleep(0.5)
        return np.abs(picture(page) - before).max(-1).sum() < 2000

    client.until(still, "standing still")
    page.get_by_role("button", name="Resume").click()
    client.until(lambda: states[-1].activity != "paused", "going on")


def field(page: Page, label: str):
    """The input beside a label."""
    return page.locator(f"label:has-text('{label}')").locator("xpath=following::input[1]")


def write(page: Page, text: str) -> None:
    """Put a text into the box at a person's pace: viser's page forwards one message per 50 ms."""
    page.wait_for_timeout(150)
    field(page, "Say").fill(text)


def type_and_send(page: Page, text: str) -> None:
    """With Enter at once after the last key."""
    write(page, text)
    field(page, "Say").press("Enter")


def until_sent(client, commands: list, send) -> None:
    """Do what sends a command, and again as long as nothing comes: viser's page, which forwards one message
    per 50 ms, loses one now and then while software rendering keeps it busy."""
    for _ in range(10):
        send()
        end = time.monotonic() + 8.0
        client.until(lambda end=end: commands or time.monotonic() > end, "a command")
        if commands:
            break
    assert commands, "no command was sent"


@pytest.mark.parametrize(
    "text", ["a person bows politely", "ein Mensch verbeugt sich 🙇 <b>*tief*</b>", "dance " * 1500]
)
def test_what_is_typed_arrives_on_the_topic(page, client, commands, text):
    commands.clear()
    type_and_send(page, text)
    client.until(lambda: commands, "a command")
    assert commands[-1].data == text


def test_enter_right_after_the_last_key_sends_the_whole_text(page, client, commands):
    def type_fast() -> None:
        write(page, "")
        field(page, "Say").press_sequentially(text)  # without any pause
        field(page, "Say").press("Enter")

    for text in ("a person jumps", "a person kneels and prays"):
        commands.clear()
        until_sent(client, commands, type_fast)
        assert commands[-1].data == text


def test_the_button_sends_too_and_an_empty_box_sends_nothing(page, client, commands):
    commands.clear()
    type_and_send(page, "   ")

    def write_and_click() -> None:
        write(page, "")
        write(page, "a person claps")
        page.wait_for_timeout(150)
        page.get_by_role("button", name="Perform").click()

    until_sent(client, commands, write_and_click)
    assert {message.data for message in commands} == {"a person claps"}


def test_the_state_is_shown_and_follows(page, client, states):
    type_and_send(page, "a person bows")
    client.until(lambda: states and states[-1].command == "a person bows", "the state of the command")
    client.until(lambda: states[-1].clip, "a clip")
    page.get_by_text(states[-1].clip).first.wait_for(timeout=PATIENCE_S * 1000)


def test_clips_are_listed_and_can_be_played(page, client, commands):
    box = field(page, "Clip")
    client.until(lambda: "no clips" not in box.input_value(), "a list of clips")
    box.click()
    page.get_by_role("option").nth(2).click()
    commands.clear()
    page.get_by_role("button", name="Play clip").click()
    client.until(lambda: commands and commands[-1].data, "a command")


def test_new_clothes_are_worn_at_once_and_in_motion(page, client, states):
    """Published as the avatar node does when a style is put on; also while the clock stands still."""
    body = body_room.load()
    publisher = client.node.create_publisher(AvatarClothes, "/clipactor/clothes", LATCHED)
    client.until(publisher.get_subscription_count, "a viewer that listens to clothes")

    def wear(colors: np.ndarray) -> None:
        publisher.publish(AvatarClothes(body_sha256=body.sha256, colors=colors.ravel().tobytes()))

    def green() -> int:
        return close_to(picture(page), (30, 180, 60), 0.12).sum()

    def width(image: np.ndarray) -> int:
        return np.ptp(np.nonzero(close_to(image, (30, 180, 60), 0.12).any(0))[0])

    type_and_send(page, "a person nods")
    client.until(lambda: states[-1].clip == "nod" and states[-1].activity == "playing", "nodding")
    page.get_by_role("button", name="Pause").click()
    client.until(lambda: states[-1].activity == "paused", "the activity `paused`")
    assert green() < 100
    wear(np.tile(np.uint8([30, 180, 60]), (len(body.template), 1)))
    client.until(lambda: green() > 4000, "a green avatar")
    client.until(lambda: width(picture(page)) < 250, "its pose, not the T-pose of new bones")
    wear(np.zeros((10, 3), np.uint8))  # of no body: refused
    wear(plain_clothes(body).srgb)
    client.until(lambda: green() < 100, "plain clothes again")
    page.get_by_role("button", name="Resume").click()
    client.until(lambda: states[-1].activity != "paused", "going on")


def test_a_second_viewer_on_the_same_port_says_which_and_what_to_do(domain, client, address):
    port = int(address.rsplit(":", 1)[1])
    process, output = domain.start("clipactor_node.stage.viewer_node", f"port:={port}")
    client.until(lambda: process.poll() is not None, "the end of the second viewer")
    assert process.returncode == 1
    said = output.read_text()
    assert f"port {port}" in said and f"port:={port + 1}" in said and "Traceback" not in said
    assert urllib.request.urlopen(address, timeout=5).status == 200  # the first one lives
