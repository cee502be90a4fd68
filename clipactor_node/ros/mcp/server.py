"""The tools of the Model Context Protocol server; their descriptions are written for a model."""

import asyncio
import math
from collections.abc import Callable
from functools import partial
from typing import Annotated, Any, TypeVar

from clipactor_interfaces.msg import AvatarState
from geometry_msgs.msg import PoseStamped

from clipactor_node import __version__
from clipactor_node.errors import ClipActorError, needing
from clipactor_node.ros.mcp.client import AvatarClient

with needing("mcp", "clipactor mcp"):
    from mcp.server import MCPServer
    from mcp.server.mcpserver.exceptions import ToolError
    from pydantic import Field

HOST = "127.0.0.1"
LONGEST_WAIT_S = 120.0
INSTRUCTIONS = """You drive a human avatar that lives in a robot's coordinate frame (metres; x forward,
y left, z up; yaw in degrees, counter-clockwise). Say what it should do in short plain English with `perform`;
use go_to, look_at and point_at for places and things. Names are those the robot knows: other avatars, places,
TF frames; when a name is unknown the error lists the known ones. Call `state` to see what it is doing and
where it stands. Motions come from a library: when `perform` says that a match is weak, ask find_motions for
what there is."""
T = TypeVar("T")

Text = Annotated[str, Field(min_length=1, max_length=2000)]
Name = Annotated[str, Field(min_length=1, max_length=200, description='e.g. "door", "bob", "me", "red box"')]
Wait = Annotated[
    float, Field(ge=0.0, le=LONGEST_WAIT_S, description="Seconds to wait for its end; 0: return at once.")
]


def serve(namespace: str = "/clipactor", http_port: int | None = None) -> None:
    """Serve until the client leaves, or until Ctrl-C.

    Args:
        namespace: of the avatar.
        http_port: on the loopback device, at `/mcp`; None: stdin and stdout.
    """
    client = AvatarClient(namespace)
    try:
        server = build(client)
        if http_port is None:
            server.run("stdio")
        else:
            server.run("streamable-http", host=HOST, port=http_port)
    finally:
        client.close()


def build(client: AvatarClient) -> "MCPServer[Any]":
    """The server with its tools."""
    server: MCPServer[Any] = MCPServer("clipactor", instructions=INSTRUCTIONS, version=__version__)

    @server.tool()
    async def perform(text: Text, wait: Wait = 0.0) -> dict[str, Any]:
        """Have the avatar do something, in plain words, as one sentence with steps and layers.

        Examples: "a person waves three times", "walk two metres forward, then bow", "dance like a robot",
        "walk to the door and wave", "turn 90 degrees left". Returns what was understood ("plan") and
        warnings. A motion without an end goes on until the next call or `stop`.
        """
        return _told(await _run(partial(client.command, text, wait)))

    @server.tool()
    async def go_to(
        place: Annotated[str, Field(max_length=200, description='A known name; "" to use x and y.')] = "",
        x: Annotated[float | None, Field(description="Metres in the fixed frame.")] = None,
        y: Annotated[float | None, Field(description="Metres in the fixed frame.")] = None,
        yaw_degrees: Annotated[float, Field(description="Heading at the end, for x and y.")] = 0.0,
        manner: Annotated[str, Field(max_length=100, description='e.g. "slowly", "like a tired man"')] = "",
        speed: Annotated[float, Field(ge=0.0, le=6.0, description="Metres per second; 0: as usual.")] = 0.0,
        wait: Wait = 60.0,
    ) -> dict[str, Any]:
        """Walk to a named place, thing or avatar, or to x and y in the fixed frame, and stop there.

        It stops beside things and people, and exactly on places on the floor. Give either `place` or both
        x and y.
        """
        if place.strip():
            pace = f" at {speed:g} m/s" if speed else ""
            text = f"walk {manner} to the {place}{pace}".replace("  ", " ").replace("the the ", "the ")
            told = _told(await _run(partial(client.command, text)))
            if unknown := [w for w in told["warnings"] if w.startswith("nothing is known")]:
                await _run(partial(client.command, "stop"))  # the words alone would walk on and on
                raise ToolError("; ".join(unknown))
            return _told(await _run(partial(client.until_done, wait)))
        if x is None or y is None:
            raise ToolError("give either place, or both x and y in metres")
        goal = _goal(x, y, yaw_degrees)
        result = await _run(partial(client.go_to, goal, speed, manner, max(wait, 1.0)))
        return {"message": result.message, "metres_off": round(float(result.distance_left), 3)}

    @server.tool()
    async def look_at(target: Name) -> dict[str, Any]:
        """Look at a known name, "me" for the viewer, or "ahead" to stop looking; holds until told otherwise.

        The avatar goes on with whatever it does.
        """
        text = "look ahead" if target.strip().lower() in ("ahead", "nothing") else f"look at {_named(target)}"
        return _told(await _run(partial(client.command, text)))

    @server.tool()
    async def point_at(
        target: Name,
        seconds: Annotated[float, Field(gt=0.0, le=60.0, description="How long the arm stays up.")] = 3.0,
        touch: Annotated[bool, Field(description="Walk there if need be, and touch it instead.")] = False,
    ) -> dict[str, Any]:
        """Point at a known name with the nearer arm, or touch it; turns towards it first if need be."""
        verb = "touch" if touch else "point at"
        return _told(await _run(partial(client.command, f"{verb} {_named(target)} for {seconds:g} seconds")))

    @server.tool()
    async def find_motions(
        text: Text, top: Annotated[int, Field(ge=1, le=50)] = 5
    ) -> dict[str, list[dict[str, Any]]]:
        """What in the library fits a text, best first, with a confidence from 0 to 1. Plays nothing."""
        found = await _run(partial(client.find, text, top))
        if not found.success:
            raise ToolError(found.message)
        keys = ("label", "clip")
        matches = [
            {**{key: getattr(m, key) for key in keys}, "confidence": round(float(m.confidence), 2)}
            for m in found.matches
        ]
        return {"matches": matches}

    @server.tool()
    async def list_clips(
        contains: Annotated[str, Field(max_length=200, description='Part of a name or label; "": all.')] = "",
    ) -> dict[str, list[dict[str, Any]]]:
        """The clips of the motion library with their labels and lengths in seconds.

        A clip's name, given to `perform`, plays it.
        """
        found = await _run(partial(client.clips, contains))
        rows = zip(found.names, found.labels, found.durations, found.loops, strict=True)
        return {
            "clips": [
                {"name": name, "labels": labels, "seconds": round(float(seconds), 1), "repeats": bool(loops)}
                for name, labels, seconds, loops in rows
            ]
        }

    @server.tool()
    async def wear(description: Text) -> dict[str, Any]:
        """Change what the avatar looks like: clothes, or somebody to look like.

        Examples: "a red coat and black boots", "a firefighter". The motion goes on.
        """
        text = description.strip()
        person = text if text.split()[0].lower() in ("a", "an", "the") and len(text.split()) <= 2 else ""
        return _told(await _run(partial(client.command, person or f"a person wearing {text}")))

    @server.tool()
    async def state() -> dict[str, Any]:
        """What the avatar does now and wears, warnings, and where it stands (x, y metres, yaw degrees)."""
        told = _told(await _run(client.state))
        place = client.place()
        if place is not None:
            position, turn = place.pose.pose.position, place.pose.pose.orientation
            yaw = math.degrees(2.0 * math.atan2(turn.z, turn.w))
            told["place"] = {"x": round(position.x, 3), "y": round(position.y, 3), "yaw": round(yaw, 1)}
        return told

    @server.tool()
    async def stop() -> dict[str, Any]:
        """Stop at once: within two steps while walking, and stand idle."""
        return _told(await _run(partial(client.command, "stop")))

    return server


async def _run(work: Callable[[], T]) -> T:
    """Wait for the avatar in a thread.

    Raises:
        ToolError: what the avatar said, for the model to act upon.
    """
    try:
        return await asyncio.to_thread(work)
    except ClipActorError as error:
        raise ToolError(str(error)) from error


def _told(state: AvatarState) -> dict[str, Any]:
    return {
        "activity": state.activity,
        "command": state.command,
        "plan": state.plan.splitlines(),
        "clip": state.clip,
        "wears": state.style,
        "warnings": list(state.warnings),
    }


def _named(name: str) -> str:
    """A name as a command says it."""
    name = " ".join(name.split())
    return name if name.lower() in ("me", "you") or name.lower().startswith("the ") else f"the {name}"


def _goal(x: float, y: float, yaw_degrees: float) -> PoseStamped:
    goal = PoseStamped()
    goal.pose.position.x, goal.pose.position.y = float(x), float(y)
    half = math.radians(yaw_degrees) / 2.0
    goal.pose.orientation.z, goal.pose.orientation.w = math.sin(half), math.cos(half)
    return goal
