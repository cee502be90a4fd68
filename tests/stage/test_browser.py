"""The page as a user sees it: a real node, a real browser, and what is drawn."""

import signal
import urllib.request

import pytest
from clipactor_interfaces.msg import AvatarState
from clipactor_interfaces.srv import ListAvatars
from playwright.sync_api import Browser, Page
from rclpy.qos import DurabilityPolicy, QoSProfile
from std_msgs.msg import String

PATIENCE_S = 300.0
PATIENCE_MS = 1000 * PATIENCE_S
LATCHED = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)
NODE = "clipactor_node.ros.nodes.avatar_main"
OWN = "window.clipactorStage.avatars.get(0)"


@pytest.fixture(scope="module")
def avatar(domain):
    """The node's process and output; a test may put another one in its place."""
    return [*domain.start(NODE, "command:=a person waves hello")]


@pytest.fixture(scope="module")
def address(domain, client, free_port, avatar):
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
    page = browser.new_page(viewport={"width": 1000, "height": 640}, accept_downloads=True)
    said = []
    page.on("console", lambda message: message.type == "error" and said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(address, timeout=PATIENCE_MS)
    shown = f"window.socket?.connected && window.clipactorStage && {OWN}?.body?.root.visible"
    page.wait_for_function(shown, timeout=PATIENCE_MS)
    yield page
    page.close()
    assert said == []


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


def box(page: Page):
    return page.get_by_label("Say what the avatar shall do")


def say(page: Page, text: str) -> None:
    box(page).fill(text)
    box(page).press("Enter")


def moved(page: Page) -> float:
    """How far the wrists of the avatar come within a second or so, metres."""
    return page.evaluate(
        f"""async () => {{
          const at = () => [20, 21].map((i) => {OWN}.body.bones[i].matrixWorld.elements.slice(12, 15));
          const first = at();
          let most = 0;
          for (let i = 0; i < 12; i++) {{
            await new Promise((done) => setTimeout(done, 100));
            at().forEach((p, k) => (most = Math.max(most, Math.hypot(...p.map((x, j) => x - first[k][j])))));
          }}
          return most;
        }}"""
    )


def show(page: Page, tab: str) -> None:
    page.get_by_role("tab", name=tab).click(timeout=PATIENCE_MS)


def test_a_prompt_moves_bones_and_shows_its_label(page, client, states):
    client.until(lambda: states and states[-1].clip, "a node that performs")
    say(page, "a person dances")
    client.until(lambda: states[-1].command == "a person dances" and states[-1].label, "the dance")
    page.get_by_text(f"{states[-1].label} (score").first.wait_for(timeout=PATIENCE_MS)
    client.until(lambda: moved(page) > 0.1, "a movement of the wrists")
    page.get_by_text("What fits what you said").wait_for(timeout=PATIENCE_MS)
    assert page.locator(".ca-match").count() == 5


def test_it_pauses_and_goes_on(page, client, states):
    page.get_by_role("button", name="Pause").click()
    client.until(lambda: states[-1].activity == "paused", "the activity `paused`")
    client.until(lambda: moved(page) < 0.005, "standing still")
    page.get_by_text("Paused").wait_for(timeout=PATIENCE_MS)
    page.get_by_role("button", name="Resume").click()
    client.until(lambda: states[-1].activity != "paused", "going on")


@pytest.mark.parametrize(
    "text", ["a person bows politely", "ein Mensch verbeugt sich 🙇 <b>*tief*</b>", "dance " * 1500]
)
def test_what_is_typed_arrives_on_the_topic(page, client, commands, text):
    commands.clear()
    say(page, text)
    client.until(lambda: commands, "a command")
    assert commands[-1].data == text


def test_enter_right_after_the_last_key_sends_the_whole_text_and_up_brings_it_back(page, client, commands):
    for text in ("a person jumps", "a person kneels"):
        commands.clear()
        box(page).press_sequentially(text)  # without any pause
        box(page).press("Enter")
        client.until(lambda: commands, "a command")
        assert commands[-1].data == text
    for text in ("a person kneels", "a person jumps"):
        box(page).press("ArrowUp")
        client.until(lambda text=text: box(page).input_value() == text, "the text before")
    box(page).fill("")


def test_an_empty_box_sends_nothing_and_suggestions_are_sent_with_a_click(page, client, commands):
    commands.clear()
    say(page, "   ")
    box(page).fill("wave")
    page.locator(".ca-prompt .ca-chip", has_text="wave").first.click(timeout=PATIENCE_MS)
    client.until(lambda: commands, "a command")
    assert len(commands) == 1 and "wave" in commands[0].data


def test_clips_are_found_and_performed(page, client, commands):
    show(page, "Moves")
    page.get_by_label("Search the motions").fill("bow")
    page.get_by_text("of", exact=False).first.wait_for(timeout=PATIENCE_MS)
    client.until(lambda: 0 < page.locator(".ca-pages .ca-clip").count() < 30, "a few clips")
    film = "document.querySelector('.ca-film')"
    page.wait_for_function(f"{film}?.complete && {film}.naturalWidth === 96", timeout=PATIENCE_MS)
    commands.clear()
    page.locator(".ca-pages .ca-clip").first.click()
    client.until(lambda: commands and commands[-1].data, "a command")


def test_a_style_of_the_gallery_is_worn_with_a_click(page, client, states):
    show(page, "Looks")
    before = page.evaluate(f"{OWN}.shown")
    page.get_by_role("button", name="a firefighter").first.click(timeout=PATIENCE_MS)
    client.until(lambda: "firefighter" in states[-1].style, "a firefighter")
    client.until(lambda: page.evaluate(f"{OWN}.shown") not in ("", before), "its clothes on the page")
    picture = page.locator(".ca-tile img").first
    assert picture.evaluate("async (image) => { await image.decode(); return image.naturalWidth; }") > 100


def test_another_avatar_comes_is_told_something_and_goes(page, client):
    heard = []
    client.node.create_subscription(String, "/clipactor/alice/command", heard.append, 10)
    show(page, "Avatars")
    page.get_by_label("Name of the new avatar").fill("alice")
    page.get_by_role("button", name="Put on stage").click()
    page.wait_for_function(
        "window.clipactorStage.avatars.size === 2 &&"
        " [...window.clipactorStage.avatars.values()].every(({body}) => body?.root.visible)",
        timeout=PATIENCE_MS,
    )
    page.get_by_role("button", name="alice", exact=False).first.click()
    say(page, "a person waves hello")
    client.until(lambda: heard, "a command for alice")
    drag_alice(page)
    page.get_by_role("button", name="Take alice off the stage").click()
    page.wait_for_function("window.clipactorStage.avatars.size === 1", timeout=PATIENCE_MS)
    listed = client.node.create_client(ListAvatars, "/clipactor/list_avatars")
    answer = listed.call_async(ListAvatars.Request())
    client.until(answer.done, "a list of avatars")
    assert list(answer.result().names) == [""]


def drag_alice(page: Page) -> None:
    """With the pointer; she comes again where she was let go."""
    alice = "[...window.clipactorStage.avatars.values()].find(({ name }) => name === 'alice')"
    page.get_by_role("switch", name="Place avatars by dragging them").click(timeout=PATIENCE_MS)
    x, y, left, forward = page.evaluate(
        f"""() => {{
          const {{ view }} = window.clipactorStage;
          const {{ at }} = {alice};
          const seen = at.clone().project(view.camera);
          const {{ width, height }} = view.size;
          return [(seen.x + 1) / 2 * width, (1 - seen.y) / 2 * height, at.x, at.z];
        }}"""
    )
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 60, y + 20, steps=3)
    page.mouse.up()
    page.wait_for_function(
        f"() => {{ const a = {alice}; return a?.body?.root.visible"
        f" && Math.hypot(a.at.x - {left}, a.at.z - {forward}) > 0.2; }}",
        timeout=PATIENCE_MS,
    )
    page.get_by_role("switch", name="Place avatars by dragging them").click()


NAMELESS = """() => {
  const said = (element) => {
    const copy = element.cloneNode(true);
    copy.querySelectorAll("[aria-hidden=true]").forEach((hidden) => hidden.remove());
    return copy.textContent.trim();
  };
  const name = (element) => element.ariaLabel || element.title || said(element) ||
    [...(element.labels ?? [])].map(said).join("") || element.closest("[aria-label]")?.ariaLabel;
  return [...document.querySelectorAll("button, input, canvas, [role=tab], [role=switch], [tabindex='0']")]
    .filter((element) => !name(element)).map((element) => element.outerHTML.slice(0, 120));
}"""


def test_everything_has_a_name_for_those_who_do_not_see_it_and_keys_do_what_the_mouse_does(page):
    for tab in ("Now", "Moves", "Looks", "Avatars", "View"):
        show(page, tab)
        page.wait_for_timeout(300)
        assert page.evaluate(NAMELESS) == [], tab
    camera = "window.clipactorStage.view.camera.position.toArray()"
    before = page.evaluate(camera)
    page.locator("canvas").focus()
    page.keyboard.down("ArrowRight")
    page.wait_for_function(f"Math.abs({camera}[0] - ({before[0]})) > 0.3", timeout=PATIENCE_MS)
    page.keyboard.up("ArrowRight")


def test_stills_films_and_the_body_are_downloaded(page):
    show(page, "View")
    with page.expect_download(timeout=PATIENCE_MS) as still:
        page.get_by_role("button", name="Still").click()
    assert still.value.path().read_bytes().startswith(b"\x89PNG")
    page.get_by_role("button", name="Film").click()
    page.get_by_role("button", name="End the film").wait_for(timeout=PATIENCE_MS)
    page.wait_for_timeout(1500)
    with page.expect_download(timeout=PATIENCE_MS) as film:
        page.get_by_role("button", name="End the film").click()
    assert film.value.path().read_bytes()[:4] == b"\x1aE\xdf\xa3"  # WebM
    with page.expect_download(timeout=PATIENCE_MS) as body:
        page.get_by_role("button", name="Body (GLB)").click()
    assert body.value.path().read_bytes().startswith(b"glTF")


def test_a_node_that_is_killed_and_started_again_is_said_and_seen(page, client, domain, avatar, states):
    process = avatar[0]
    process.send_signal(signal.SIGKILL)
    process.wait()
    page.get_by_text("The avatar node has gone").wait_for(timeout=PATIENCE_MS)
    assert page.evaluate(f"{OWN}.body.root.visible")
    client.until(lambda: 0 < moved(page) < 0.1, "somebody who idles")
    states.clear()
    avatar[:] = domain.start(NODE, "command:=a person jumps")
    client.until(lambda: states and states[-1].clip, "the node again")
    page.get_by_text("has gone").wait_for(state="hidden", timeout=PATIENCE_MS)
    client.until(lambda: moved(page) > 0.1, "a movement again")


def test_a_second_viewer_on_the_same_port_says_which_and_what_to_do(domain, client, address):
    port = int(address.rsplit(":", 1)[1])
    process, output = domain.start("clipactor_node.stage.viewer_node", f"port:={port}")
    client.until(lambda: process.poll() is not None, "the end of the second viewer")
    assert process.returncode == 1
    said = output.read_text()
    assert f"port {port}" in said and f"port:={port + 1}" in said and "Traceback" not in said
    assert urllib.request.urlopen(address, timeout=5).status == 200  # the first one lives
