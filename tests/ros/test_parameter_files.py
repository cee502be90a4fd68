"""Parameter files that are no such thing end in a sentence; values that do not fit in warnings."""

import pytest


@pytest.mark.parametrize(
    "content",
    [
        None,
        "/**:\n  ros__parameters:\n    loop: [true, 3]\n",
        "- just\n- a list\n",
    ],
)
def test_a_file_that_ros_does_not_take_ends_with_a_message(start, tmp_path, content):
    path = tmp_path / "parameters.yaml"
    if content is not None:
        path.write_text(content)
    node = start("--params-file", str(path))
    assert node.process.wait(120) == 2
    assert "error: " in node.output and "Traceback" not in node.output
    assert str(path) in node.output


def test_values_of_any_kind_that_do_not_fit_are_named(start, reader, tmp_path):
    path = tmp_path / "parameters.yaml"
    path.write_text(
        "/**:\n  ros__parameters:\n    command: 7\n    frame_prefix: [a, b]\n    mesh_detail: 1.5\n"
        "    rate_hz: fast\n    loop: 0.0\n    hri: maybe\n    nested: {deep: {deeper: 1}}\n"
    )
    start("--params-file", str(path))
    state = reader.state(lambda state: state.warnings)
    said = "\n".join(state.warnings)
    for name in ("command", "frame_prefix", "mesh_detail", "rate_hz", "loop", "hri"):
        assert f"parameter {name}: " in said, name
    assert "parameter nested.deep.deeper is unknown" in said
    assert state.rate_hz == 30.0
