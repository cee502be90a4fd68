"""docs/ros.md lists what there is: no topic, service or parameter more or less."""

import re
from pathlib import Path

from clipactor_node.ros.parameters import SETTINGS

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "ros.md").read_text()


def wait_for_the_node(reader) -> None:
    reader.until(lambda: ("avatar", "/clipactor") in reader.node.get_node_names_and_namespaces(), "the node")


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

    wait_for_the_node(reader)

    def published() -> dict[str, str]:
        infos = dict(reader.node.get_publisher_names_and_types_by_node("avatar", "/clipactor"))
        return {
            name: kinds[0].replace("/msg/", "/")
            for name, kinds in infos.items()
            if "/_action/" not in name and not name.startswith(("/rosout", "/parameter_events"))
            and not name.endswith("/transition_event")
        }  # fmt: skip

    wanted = set(listed) - {"/clipactor/command"}
    reader.until(lambda: set(published()) == wanted, f"the topics {sorted(wanted ^ set(published()))}")
    for name, kind in published().items():
        assert kind in listed[name], name


def test_every_service_is_listed(avatar, reader):
    listed = first_column("Services and actions")
    wait_for_the_node(reader)
    services = dict(reader.node.get_service_names_and_types_by_node("avatar", "/clipactor"))
    for name in ("list_clips", "find_motions", "create_avatar", "remove_avatar", "list_avatars",
                 "list_styles", "remove_style"):  # fmt: skip
        assert services[f"/clipactor/{name}"][0] in listed[name]
    for name in ("perform", "stylize"):
        assert f"/clipactor/{name}/_action/send_goal" in services and name in listed
