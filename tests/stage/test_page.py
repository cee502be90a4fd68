"""The page, the port it is served on, and texts from outside in it."""

import socket
import urllib.request

import numpy as np
import pytest

import clipactor_node.body as body_room
from clipactor_node.appearance.painting import plain_clothes
from clipactor_node.errors import ClipActorError
from clipactor_node.stage.avatar import BrowserAvatar
from clipactor_node.stage.page import PortInUse, serve
from clipactor_node.stage.panel import described, escaped


@pytest.fixture
def server(free_port):
    server = serve("127.0.0.1", free_port())
    yield server
    server.stop()


def test_page_is_visers_with_our_paint(server):
    html = urllib.request.urlopen(f"http://127.0.0.1:{server.get_port()}", timeout=10).read().decode()
    assert "__THREE_DEVTOOLS__" in html.split("</head>")[0] and "<title>ClipActor</title>" in html


def test_port_in_use_is_said_with_its_number_and_what_to_type(server):
    with pytest.raises(PortInUse, match=rf"port {server.get_port()} .* -p port:={server.get_port() + 1}"):
        serve("127.0.0.1", server.get_port())


def test_port_of_any_program_counts(free_port):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(PortInUse):
            serve("127.0.0.1", other.getsockname()[1])


@pytest.mark.parametrize("host", ["203.0.113.7", "no such host"])
def test_host_that_is_not_ours_is_an_error_with_a_way_out(host, free_port):
    with pytest.raises(ClipActorError, match=r"127\.0\.0\.1"):
        serve(host, free_port())


def test_only_what_moved_is_sent(server):
    """A pose is 110 messages at most; a still one is none."""
    skinner = body_room.Skinner(body_room.load())
    avatar = BrowserAvatar(server, skinner, plain_clothes(skinner.body).srgb)
    sent = []
    queue = server._websock_server.queue_message
    server.scene._websock_interface.queue_message = lambda message: sent.append(message) or queue(message)
    pose = np.zeros((55, 3), np.float32)
    avatar.move(skinner.transforms(pose, np.zeros(3, np.float32)))
    pose[18] = (0, -0.5, 0)  # the left elbow carries 17 joints behind it
    sent.clear()
    avatar.move(skinner.transforms(pose, np.zeros(3, np.float32)))
    turned = [message for message in sent if "Orientation" in type(message).__name__]
    assert len(turned) == 17 and len(sent) <= 2 * 17
    sent.clear()
    avatar.move(skinner.transforms(pose, np.zeros(3, np.float32)))
    assert sent == []


def test_clothes_of_another_body_are_refused(server):
    skinner = body_room.Skinner(body_room.load())
    with pytest.raises(ValueError, match="colors have shape"):
        BrowserAvatar(server, skinner, np.zeros((10, 3), np.uint8))


def test_texts_from_outside_are_shown_as_they_are():
    assert escaped("plain words, 1 2 3") == "plain words, 1 2 3"
    assert escaped("**bold** <img src=x>\nnext") == r"\*\*bold\*\* \<img src=x\> next"
    assert len(escaped("a" * 10_000)) < 300
    assert described((("Clip", "walk"), ("Style", ""))) == "**Clip:** walk"
