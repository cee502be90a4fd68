"""What a page shows from its first picture on: never a body that is not posed."""

import numpy as np
import pytest
from clipactor_interfaces.msg import AvatarClothes
from playwright.sync_api import Browser, Page
from rclpy.qos import DurabilityPolicy, QoSProfile

import clipactor_node.body as body_room

PATIENCE_S = 90.0
LATCHED = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)
WATCH = """
  window.shown = 0;    // pictures with a body in them
  window.unposed = 0;  // of these, how many show it as it is bound: no bone turned
  window.ankles = [];  // heights of the bones 7 and 8 above the floor in the last of them, metres
  const tools = (window.__THREE_DEVTOOLS__ ??= new EventTarget());
  tools.addEventListener("observe", (event) => {
    if (!event.detail.isScene) return;
    event.detail.onAfterRender = function () {
      this.traverse((node) => {
        let visible = node.isSkinnedMesh;
        for (let at = node; at; at = at.parent) visible &&= at.visible;
        if (!visible) return;
        const bones = node.skeleton.bones;
        const turned = ({ quaternion: q }) => Math.hypot(q.x, q.y, q.z) > 1e-6;
        window.shown += 1;
        window.unposed += !bones.some(turned);
        window.ankles = [7, 8].map((i) => bones[i].position.y);
        window.hips = bones[0].position.y;
      });
    };
  });
"""


@pytest.fixture(scope="module")
def page(domain, client, free_port, browser: Browser):
    """A page of a viewer that no avatar node speaks to, watched from its first picture on."""
    port = free_port()
    process, output = domain.start("clipactor_node.stage.viewer_node", f"port:={port}")
    client.until(lambda: process.poll() is not None or "look at" in output.read_text(), "a viewer")
    page = browser.new_page(viewport={"width": 500, "height": 400})
    page.add_init_script(WATCH)
    page.goto(f"http://127.0.0.1:{port}")
    yield page
    page.close()


def pictures(page: Page, more: int) -> None:
    """Wait for so many more pictures of the body."""
    page.wait_for_function(
        f"window.shown >= {page.evaluate('window.shown') + more}", timeout=1000 * PATIENCE_S
    )


def test_without_an_avatar_node_somebody_stands_idle_on_the_floor(page):
    pictures(page, 3)
    assert page.evaluate("window.unposed") == 0
    ankles, hips = page.evaluate("[window.ankles, window.hips]")
    assert all(0.03 < height < 0.15 for height in ankles)  # not sunk into the floor
    assert hips > 0.8
    page.get_by_text("No avatar publishes on").wait_for(timeout=1000 * PATIENCE_S)


def test_new_clothes_do_not_show_the_body_as_it_is_bound(page, client):
    body = body_room.load()
    publisher = client.node.create_publisher(AvatarClothes, "/clipactor/clothes", LATCHED)
    client.until(publisher.get_subscription_count, "a viewer that listens to clothes")
    for shade in (40, 120, 200):
        colors = np.full((len(body.template), 3), shade, np.uint8)
        publisher.publish(AvatarClothes(body_sha256=body.sha256, colors=colors.ravel().tobytes()))
        pictures(page, 4)
    assert page.evaluate("window.unposed") == 0
    assert page.evaluate("window.hips") > 0.8
