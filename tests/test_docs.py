"""Documentation that is true: its commands are understood, its links lead somewhere, its pictures are new.

Commands that take long, a GPU, a ROS 2 installation or somebody's files are not run, but read by what would
run them; those of the tour that are quick are run. `make docs` builds the site and checks every anchor in it.
"""

import ast
import importlib
import importlib.util
import re
import shlex
import subprocess
import sys

import pytest
from documents import PAGES, ROOT, Said, blocks, commands, is_synopsis, slug
from typer.main import get_command
from typer.testing import CliRunner

from clipactor_node.cli import app

LINK = re.compile(r"\]\(([^)\s]+)\)")


def leaf(words):
    """The command that `clipactor WORDS` calls, and what is left for it."""
    command = get_command(app)
    while getattr(command, "commands", None) and words and not words[0].startswith("-"):
        assert words[0] in command.commands, f"no command {words[0]!r}"
        command, words = command.commands[words[0]], words[1:]
    return command, words


@pytest.mark.parametrize("said", commands("clipactor"), ids=str)
def test_commands_are_understood(said: Said):
    command, words = leaf(list(said.words[1:]))
    if words == ["--help"] or "COMMAND" in words:
        return
    known = {option for param in command.params for option in (*param.opts, *param.secondary_opts)}
    named = {word.strip("[].").split("=")[0] for word in words if word.strip("[").startswith("--")}
    assert named <= known | {"--help"}, named - known
    if not is_synopsis(said.words):
        try:
            command.make_context("clipactor", list(words))
        except Exception as error:  # typer's and click's, of either version
            message = getattr(error, "message", str(error))
            assert "does not exist" in message, message  # a file of the reader's own


def test_targets_of_make_exist():
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z-]+):(?!=)", makefile, re.M))
    variables = set(re.findall(r"^([A-Z]+) \?=", makefile, re.M))
    for said in commands("make"):
        for word in said.words[1:]:
            name, is_variable, _ = word.partition("=")
            assert name in (variables if is_variable else targets), said


def parsed(block: str) -> ast.Module:
    """A program; nothing where the block lists signatures."""
    try:
        return ast.parse(block)
    except SyntaxError:
        assert "import" not in block or " -> " in block
        return ast.Module([], [])


def test_programs_import_what_there_is():
    for page in PAGES:
        for block in blocks(page, "python"):
            for node in ast.walk(parsed(block)):
                if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("clipactor_node"):
                    if importlib.util.find_spec("torch") is None and ".optimization" in node.module:
                        continue
                    module = importlib.import_module(node.module)
                    for alias in node.names:
                        found = hasattr(module, alias.name)
                        found = found or importlib.util.find_spec(f"{node.module}.{alias.name}")
                        assert found, f"{page.name}: {ast.unparse(node)}"


def headings(page):
    text = re.sub(r"^```.*?^```", "", page.read_text(), flags=re.M | re.S)
    return {slug(line) for line in re.findall(r"^#+ (.*)$", text, re.M)}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    for target in LINK.findall(re.sub(r"^```.*?^```", "", page.read_text(), flags=re.M | re.S)):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        path = (page.parent / name).resolve() if name else page
        if path.parent.name == "reference":
            continue  # made when the site is built
        assert path.exists(), target
        assert not anchor or anchor in headings(path), target


def test_the_readme_is_short_and_its_film_is_light():
    text = (ROOT / "README.md").read_text()
    assert len(text.splitlines()) < 150
    assert "docs/pictures/hero.webp" in text
    assert (ROOT / "docs/pictures/hero.webp").stat().st_size < 3e6


def test_pictures_are_not_older_than_what_makes_them():
    sys.path.insert(0, str(ROOT / "docs" / "build"))
    try:
        from pictures import pictures
    finally:
        sys.path.pop(0)
    for picture in pictures().values():
        assert (ROOT / "docs/pictures" / picture.name).is_file(), picture.name
        assert picture.inputs == picture.present_inputs, f"{picture.name} is old: make pictures"


QUICK = ("find", "wardrobe propose", "library list", "export")


def test_quick_commands_of_the_tour_do_what_it_says(tmp_path, monkeypatch):
    tour = [said.words[1:] for said in commands("clipactor") if said.page == "docs/tour.md"]
    quick = [words for words in tour if shlex.join(words).startswith(QUICK)]
    assert len(quick) >= len(QUICK)
    monkeypatch.chdir(tmp_path)
    for words in quick:
        done = CliRunner().invoke(app, list(words))
        assert done.exit_code == 0, (words, done.output)
        assert done.output.strip()
    assert (tmp_path / "bow.bvh").read_text().startswith("HIERARCHY")


def test_the_changelog_and_the_tree_of_pages_know_every_page():
    """Pages that the tree forgets are put under "More"; those of ours have a place of their own."""
    tree = (ROOT / "mkdocs.yml").read_text()
    for name in re.findall(r"[\w/-]+\.md", tree.split("\nnav:")[1]):
        assert name.startswith("reference/") or (ROOT / "docs" / name).is_file(), name


def test_every_example_says_how_it_is_run():
    for path in sorted((ROOT / "examples").glob("*.py")):
        assert f"python examples/{path.name}" in path.read_text(), path.name


def test_make_help_names_the_site():
    said = subprocess.run(["make", "-s", "help"], cwd=ROOT, capture_output=True, text=True).stdout
    assert "make docs" in said
