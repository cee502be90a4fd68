"""On its way a command is parsed once, planned once and dressed once, whoever asks for it."""

import os
import threading
from collections import Counter

import pytest
from clipactor_interfaces.action import Perform, Stylize
from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node
from std_msgs.msg import String

from clipactor_node import language
from clipactor_node.jobs import JobStage, Queue
from clipactor_node.player import appearance_request, appearance_selector, preparation
from clipactor_node.player.grounding import WALK
from clipactor_node.ros.nodes.avatar_manager import AvatarManager
from clipactor_node.ros.parameters.avatar_parameters import SETTINGS
from clipactor_node.style import open_cache

ONCE = {"parse": 1, "plan": 1, "outfit": 1}
FOREIGN = "ein Ninja tanzt"


@pytest.fixture(scope="module")
def home(home_without_worker):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CLIPACTOR_HOME", str(home_without_worker))
        yield home_without_worker


@pytest.fixture(scope="module")
def avatar(ros, home):
    """Of a node that spins in a thread of this process."""
    node = Node("avatar", namespace="clipactor")
    manager = AvatarManager(node, {setting.name: setting.default for setting in SETTINGS})
    manager.play()
    executor = SingleThreadedExecutor()
    executor.add_node(node)
    thread = threading.Thread(target=executor.spin)
    thread.start()
    yield manager.avatars[""]
    executor.shutdown()
    thread.join()
    manager.destroy()
    node.destroy_node()


@pytest.fixture
def queue(home):
    queue = Queue(home / "jobs")
    yield queue
    queue.close()


@pytest.fixture
def calls(monkeypatch):
    """How often each was called since, but for the walk that a node compiles; all do what they do."""
    counted: Counter[str] = Counter()

    def compiles(said):
        return getattr(said, "text", said) == WALK

    def count(module, name, what):
        function = getattr(module, name)

        def counting(*args, **kwargs):
            counted[what] += not any(map(compiles, args))
            return function(*args, **kwargs)

        monkeypatch.setattr(module, name, counting)

    count(language, "parse", "parse")
    count(preparation, "plan_prompt", "plan")
    count(appearance_request, "propose_outfit", "outfit")
    count(appearance_selector, "propose_outfit", "outfit")
    return counted


@pytest.mark.parametrize("text", ["a person in a red coat waves", FOREIGN])
def test_a_command(avatar, reader, calls, text):
    before = avatar.player.requests
    reader.publish(String(data=text))
    reader.until(lambda: avatar.player.requests > before, "the performance")
    assert calls == ONCE
    assert avatar.player.status.plan and avatar.player.request.known


@pytest.mark.parametrize(("text", "number"), [("a knight in silver bows", 0), ("ein König springt", 1)])
def test_a_goal_that_waits_for_its_style(avatar, reader, calls, send, queue, text, number):
    finished = open_cache().cards()[number]
    goal = send(Perform.Goal(text=text, wait_for_style=True))
    reader.until(lambda: queue.waiting("local"), "the job")
    job = queue.claim("local", os.getpid())
    queue.finish(job.id, JobStage.DONE, key=finished.key)
    reader.until(lambda: avatar.player.appearance.key == finished.key, "the style")
    reader.until(lambda: avatar.appearance.progress.key == finished.key, "the word that it is there")
    assert calls == ONCE
    goal.handle.cancel_goal_async()
    assert goal.result()[1].style == finished.prompt


def test_what_is_only_to_be_optimized(avatar, reader, calls, send, queue):
    before = avatar.player.status.command_id
    goal = send(Stylize.Goal(prompt="a sailor in blue dances"))
    reader.until(lambda: queue.waiting("local"), "the job")
    assert calls == ONCE
    assert avatar.player.status.command_id == before  # who only asks changes nothing
    goal.handle.cancel_goal_async()
    goal.result()
