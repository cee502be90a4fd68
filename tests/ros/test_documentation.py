"""docs/ros.md lists what there is: no topic, service or parameter more or less."""

import re
from pathlib import Path

from clipactor_node.ros.parameters.avatar_parameters import SETTINGS

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "ros.md").read_text()
READ = re.findall(r"^\| `(\w+)` \(read\)", TEXT, re.M)
"""Topics that the avatar hears; it publishes the others."""


def first_column(heading: str) -> dict[str, str]:
    """Names in the first column of the table under a heading, with the rest of their row."""
    section = TEXT.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return dict(re.findall(r"^\| `([\w/]+)`[^|]*\|(.*)\|$", section, re.M))


def test_every_parameter_is_listed_with_its_default():
    listed = first_column("Parameters")
    assert list(listed) == [setting.name for setting in SETTINGS]
    for setting in SETTINGS:
        default = listed[setting.name].split("|")[0].strip()
        shown = {"True": "true", "False": "false", "": '""'}.get(str(setting.default), str(setting.default))
        assert default == shown, setting.name
        assert ("(live)" in listed[setting.name]) == setting.live, setting.name


def test_every_topic_is_listed_with_its_type(avatar, reader):
    listed = {
        name if name.startswith("/") else f"/clipactor/{name}": row
        for name, row in first_column("Topics").items()
    }

    wanted = set(listed) - {f"/clipactor/{name}" for name in READ}

    def own(names) -> set[str]:
        """Without those that rclpy gives to every node."""
        given = ("/rosout", "/parameter_events", "/clipactor/avatar/transition_event")
        return {name for name in names if "/_action/" not in name and name not in given}

    kinds = reader.names(reader.node.get_publisher_names_and_types_by_node, lambda n: own(n) == wanted)
    for name in wanted:
        assert kinds[name].replace("/msg/", "/") in listed[name], name
    heard = {f"/clipactor/{name}" for name in READ}
    kinds = reader.names(reader.node.get_subscriber_names_and_types_by_node, lambda n: heard <= set(n))
    for name in heard:
        assert kinds[name].replace("/msg/", "/") in listed[name], name


def test_every_service_is_listed(avatar, reader):
    listed = first_column("Services and actions")
    actions = {name for name, row in listed.items() if "/action/" in row}
    assert actions == {"perform", "go_to", "stylize"}
    wanted = {f"/clipactor/{name}/_action/send_goal" for name in actions}
    wanted |= {f"/clipactor/{name}" for name, row in listed.items() if "/srv/" in row}
    assert len(wanted) == 10
    kinds = reader.names(reader.node.get_service_names_and_types_by_node, lambda n: wanted <= set(n))
    for name in wanted - {name for name in wanted if "/_action/" in name}:
        assert kinds[name] in listed[name.removeprefix("/clipactor/")], name
    inherited = ("/clipactor/avatar/", "/clipactor/perform/", "/clipactor/go_to/", "/clipactor/stylize/")
    assert {name for name in kinds if not name.startswith(inherited)} <= wanted
