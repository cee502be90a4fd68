"""The Model Context Protocol server, driven by the SDK's own client over stdin and stdout."""

import asyncio
import os
import sys

import pytest

pytest.importorskip("mcp.server")

TOOLS = {
    "perform", "go_to", "look_at", "point_at", "find_motions", "list_clips", "wear", "state", "stop",
}  # fmt: skip


async def talk():
    """What the tools answer."""
    from mcp import Client
    from mcp.client.stdio import StdioServerParameters, stdio_client

    command = [sys.executable, "-c", "from clipactor_node.cli import main; main()", "mcp"]
    server = StdioServerParameters(command=command[0], args=command[1:], env=dict(os.environ))
    async with Client(stdio_client(server)) as client:
        tools = {tool.name: tool.description for tool in (await client.list_tools()).tools}

        async def call(name, **arguments):
            answer = await client.call_tool(name, arguments)
            text = " ".join(getattr(part, "text", "") for part in answer.content)
            return answer.is_error, answer.structured_content, text

        return tools, {
            "perform": await call("perform", text="a person waves"),
            "state": await call("state"),
            "unknown": await call("go_to", place="the moon"),
            "nowhere": await call("go_to"),
            "there": await call("go_to", x=0.3, y=0.0),
            "look": await call("look_at", target="me"),
            "find": await call("find_motions", text="wave", top=3),
            "clips": await call("list_clips", contains="wave"),
            "stop": await call("stop"),
        }


def test_a_model_finds_the_tools_and_they_do_what_they_say(avatar):
    tools, answers = asyncio.run(talk())
    assert set(tools) == TOOLS and all(len(text) > 40 for text in tools.values())
    failed = {name for name, (is_error, _, _) in answers.items() if is_error}
    assert failed == {"nowhere", "unknown"} and "moon" in answers["unknown"][2]
    assert "wave" in answers["perform"][1]["plan"][0]
    assert answers["state"][1]["activity"] in ("playing", "blending")
    assert "both x and y" in answers["nowhere"][2]
    assert answers["there"][1]["metres_off"] < 0.03
    assert answers["find"][1]["matches"][0]["confidence"] > 0.5
    assert any(clip["name"] == "wave" for clip in answers["clips"][1]["clips"])
    assert answers["stop"][1]["command"] == "stop"
