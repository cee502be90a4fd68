"""`clipactor style batch`: a list of prompts becomes a list of styles."""

import pytest
from typer.testing import CliRunner
from waiting import interrupted, new_home

from clipactor_node import jobs
from clipactor_node.cli import app
from clipactor_node.cli.style_batch import read_prompts
from clipactor_node.errors import ClipActorError, InvalidChoice, JobError
from clipactor_node.jobs import JobStage
from clipactor_node.style import open_cache


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        place = new_home(tmp_path_factory.mktemp("batch") / "home")
        patch.setenv("CLIPACTOR_HOME", str(place))
        yield place


def batch(*arguments):
    return CliRunner().invoke(app, ["style", "batch", "--nice", "0", *map(str, arguments)])


def test_a_list_has_comments_blank_lines_and_no_doubles(tmp_path):
    path = tmp_path / "prompts.txt"
    path.write_text(
        "\ufeff# tonight\na  monk\n\na king # in gold\na monk\n#a nun\na shirt in #ff0000\n", "utf-8"
    )
    assert read_prompts(path) == {"a monk": 2, "a king": 4, "a shirt in #ff0000": 7}


@pytest.mark.parametrize("content", [None, b"", b"# nothing\n", b"\xff\xfe\x00"])
def test_what_is_no_list_is_refused_in_words(tmp_path, content):
    path = tmp_path / "prompts.txt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ClipActorError, match="per line"):
        read_prompts(path)


def test_every_prompt_becomes_a_style_by_two_workers_and_one_that_cannot_fails(home, tmp_path):
    path = tmp_path / "prompts.txt"
    path.write_text("a monk in red\na king in gold\n")
    ended = batch(path, "--iterations", 1, "--jobs", 2)
    assert ended.exit_code == 0, ended.output
    prompts = {card.prompt: card.key for card in open_cache().cards() if card.iterations == 1}
    assert set(prompts) == {"a monk in red", "a king in gold"}
    for prompt, key in prompts.items():
        (line,) = (line for line in ended.output.splitlines() if key in line)
        assert line.startswith(prompt) and "complete" in line
    assert "2 styles, 0 without a result" in ended.output
    again = batch(path, "--iterations", 1)  # nothing to do: no worker is started
    assert again.exit_code == 0 and "2 styles, 0 without a result" in again.output


def test_what_fails_is_in_the_table_and_in_the_exit_code(home, tmp_path):
    path = tmp_path / "prompts.txt"
    path.write_text("a monk in green\n")
    ended = batch(path, "--backend", "ray", "--ray-address", "127.0.0.1:1")
    assert ended.exit_code == 1
    assert "no Ray cluster answers at 127.0.0.1:1" in ended.output
    assert "1 styles, 1 without a result" in ended.output


def test_impossible_wishes_are_refused_before_anything_begins(home, tmp_path):
    path = tmp_path / "prompts.txt"
    path.write_text("a monk\n# dances\n🕺\n")
    assert isinstance(batch(path).exception, JobError) and "line 3" in str(batch(path).exception)
    assert isinstance(batch(path, "--backend", "cloud").exception, InvalidChoice)


def at_work(statuses):
    """Whether a nun is being made, and has made her first snapshot since somebody began."""
    return [r for r in statuses if r.stage is JobStage.RUNNING and r.snapshot > 0]


def test_ctrl_c_keeps_what_there_is_and_the_same_command_goes_on(home, tmp_path):
    path = tmp_path / "prompts.txt"
    path.write_text("a nun in white\na nun in black\n")
    command = ("style", "batch", path, "--nice", 0, "--iterations", 100_000)

    first = interrupted(command, at_work)
    assert first.returncode == 130 and "Traceback" not in first.output, first.output
    assert "1 half made" in first.output and "The same command goes on" in first.output
    white, black = (next(r for r in first.jobs if r.job.prompt.endswith(c)) for c in ("white", "black"))
    assert white.stage is black.stage is JobStage.CANCELLED and not black.key
    assert open_cache().card(white.key).status == "cancelled"
    assert not first.workers

    at_once = interrupted(command, at_work, presses=2)
    assert at_once.returncode == 130 and "Traceback" not in at_once.output, at_once.output
    assert "from the last checkpoints" in at_once.output
    further = next(r for r in at_once.jobs if r.id == white.id)
    assert further.iteration > white.iteration  # it did not begin anew
    assert all(r.stage is JobStage.CANCELLED for r in at_once.jobs if "nun" in r.job.prompt)
    assert not at_once.workers


def test_ctrl_c_leaves_what_others_asked_for_in_the_queue(home, tmp_path):
    path = tmp_path / "prompts.txt"
    path.write_text("a bishop in purple\na bishop in green\n")
    client = jobs.open_client(jobs.WorkerConfig(niceness=0))  # a node, say
    theirs = client.submit(jobs.Job("a bishop in purple", at_most=100_000)).id
    ended = interrupted(
        ("style", "batch", path, "--nice", 0, "--iterations", 100_000),
        lambda statuses: len([r for r in statuses if "bishop" in r.job.prompt]) == 2,
    )
    assert "1 stay in the queue" in ended.output, ended.output
    assert client.cancel(theirs).message == "cancelled before anything was made"
    client.close()
