"""The style cache: whole entries or none, and no torch."""

import json
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from made_styles import style

from clipactor_node.errors import StyleError
from clipactor_node.style import StyleCache, open_cache, style_key
from clipactor_node.style.entry import read_field


@pytest.fixture
def cache(tmp_path):
    return StyleCache([tmp_path / "own", tmp_path / "shipped"])


def test_what_is_saved_is_what_is_loaded(cache):
    made = style()
    weights = {"fourier": np.eye(3, dtype=np.float32), "trunk.0.bias": np.arange(4.0, dtype=np.float32)}
    folder = cache.save(made, weights, b"RIFF")
    loaded = cache.load(made.card.key)
    assert np.array_equal(loaded.colors, made.colors)
    assert np.array_equal(loaded.displacement, made.displacement)
    assert replace(loaded.card, arrays_sha256="") == made.card
    assert {name: value.tolist() for name, value in read_field(folder).items()} == {
        name: value.tolist() for name, value in weights.items()
    }
    assert (folder / "preview.webp").read_bytes() == b"RIFF"


def test_loading_needs_no_torch(cache):
    made = style()
    cache.save(made, {})
    code = (
        "import sys; from pathlib import Path; from clipactor_node.style import StyleCache;"
        f"StyleCache([Path({str(cache.home)!r})]).load({made.card.key!r});"
        "assert not {'torch', 'open_clip', 'pytorch3d'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_key_is_a_hash_of_what_determines_the_result():
    given = dict(prompt="a clown", seed=0, schedule={"a": 1}, model="m", body="b", frames="f")
    key = style_key(**given)
    for spelled in ("  a   clown ", "A Clown", "a clown.", "clown", "the clown!", "“a clown”", "CLOWN"):
        assert style_key(**given | {"prompt": spelled}) == key
    assert style_key(**given | {"prompt": "a clown, in red"}) != key
    for name, other in (
        ("prompt", "a pilot"),
        ("seed", 1),
        ("schedule", {"a": 2}),
        ("model", "n"),
        ("body", "c"),
    ):
        assert style_key(**given | {name: other}) != key


def test_saving_again_replaces_and_leaves_nothing_else_behind(cache):
    cache.save(style(), {})
    cache.save(style(status="cancelled"), {})
    assert [card.status for card in cache.cards()] == ["cancelled"]
    assert len(list(cache.home.iterdir())) == 1


def test_own_styles_hide_shipped_ones_and_only_they_can_be_removed(cache):
    shipped = StyleCache([cache.folders[1]])
    shipped.save(style("a clown"), {})
    shipped.save(style("a pilot"), {})
    cache.save(style("a clown", status="cancelled"), {})
    assert [(card.prompt, card.status) for card in cache.cards()] == [
        ("a clown", "cancelled"),
        ("a pilot", "complete"),
    ]
    cache.remove(style("a clown").card.key)
    assert cache.load(style("a clown").card.key).card.status == "complete"
    with pytest.raises(StyleError, match="shipped"):
        cache.remove(style("a clown").card.key)
    assert len(cache.cards()) == 2


def test_styles_are_found_by_key_by_its_beginning_and_by_prompt(cache):
    old, new = style(seed=1), style(seed=2, created="2025-01-01T00:00:00+00:00")
    cache.save(old, {})
    cache.save(new, {})
    assert cache.find(old.card.key).seed == 1
    assert cache.find(old.card.key[:6]).seed == 1
    assert cache.find(" A  Clown").seed == cache.find("clown.").seed == 2
    cache.save(style("a lion tamer"), {})
    assert cache.find("tamer").prompt == "a lion tamer"
    with pytest.raises(StyleError, match="no style is called 'a pilot'"):
        cache.find("a pilot")
    with pytest.raises(StyleError, match="styles fit"):
        cache.find("a c")


@pytest.mark.parametrize("cut", [0, 10, 400, -1])
def test_a_truncated_entry_is_refused_and_named(cache, cut):
    made = style()
    arrays = cache.save(made, {}) / "style.safetensors"
    arrays.write_bytes(arrays.read_bytes()[:cut])
    with pytest.raises(StyleError, match=made.card.key):
        cache.load(made.card.key)


def test_one_flipped_bit_is_refused(cache):
    arrays = cache.save(style(), {}) / "style.safetensors"
    content = bytearray(arrays.read_bytes())
    content[-5] ^= 1
    arrays.write_bytes(content)
    with pytest.raises(StyleError, match="checksum"):
        cache.load(style().card.key)


@pytest.mark.parametrize("card", ["", "[]", "{", '{"format": "other"}', '{"format": "clipactor style 1"}'])
def test_a_foreign_card_is_refused_named_and_hides_no_other(cache, card):
    cache.save(style("a pilot"), {})
    (cache.home / "foreign").mkdir()
    (cache.home / "foreign" / "style.json").write_text(card)
    assert [c.prompt for c in cache.cards()] == ["a pilot"]
    assert list(cache.refused) == [cache.home / "foreign"]
    with pytest.raises(StyleError, match="foreign"):
        cache.load("foreign")


def test_a_renamed_entry_is_refused(cache):
    folder = cache.save(style(), {})
    folder.rename(folder.with_name("0123456789abcdef"))
    with pytest.raises(StyleError, match="belongs to style"):
        cache.load("0123456789abcdef")


def test_arrays_of_another_body_under_this_card_are_refused(cache):
    folder = cache.save(style(), {})
    card = json.loads((folder / "style.json").read_text())
    (folder / "style.json").write_text(json.dumps(card | {"vertices": 31}))
    with pytest.raises(StyleError, match="expected uint8"):
        cache.load(style().card.key)


def test_missing_styles_say_where_was_looked(cache):
    with pytest.raises(StyleError, match="own"):
        cache.load("../../etc")
    assert cache.cards() == []


def test_a_folder_that_cannot_be_written_is_an_error_that_says_what_to_do(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StyleError, match="CLIPACTOR_HOME"):
        StyleCache([tmp_path / "file"]).save(style(), {})


def test_a_full_disk_loses_nothing(cache, monkeypatch):
    from pathlib import Path

    cache.save(style(), {})
    write = Path.write_bytes

    def full(self, data):
        write(self, data[: len(data) // 2])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(StyleError, match="No space left"):
        cache.save(style(status="cancelled"), {})
    monkeypatch.undo()
    assert cache.load(style().card.key).card.status == "complete"
    assert len(list(cache.home.iterdir())) == 1


def test_cards_are_read_again_when_they_change(tmp_path):
    shipped = open_cache()
    first, second = shipped.cards()[:2]
    cache = StyleCache(tmp_path)
    cache.save(shipped.load(first.key), {})
    assert [card.prompt for card in cache.cards()] == [cache.card(first.key).prompt] == [first.prompt]
    renamed = replace(shipped.load(first.key), card=replace(first, prompt="somebody else"))
    cache.save(renamed, {})
    assert [card.prompt for card in cache.cards()] == [cache.card(first.key).prompt] == ["somebody else"]
    cache.remove(first.key)
    assert cache.cards() == []
    with pytest.raises(StyleError):
        cache.card(second.key)


def test_a_style_is_read_once_and_again_when_it_changes(cache):
    key = style().card.key
    cache.save(style(), {})
    first = cache.load(key)
    assert cache.load(key) is first
    with pytest.raises(ValueError, match="read-only"):  # it is everybody's
        first.colors[0] = 0
    cache.save(replace(style(), colors=255 - style().colors), {})
    assert (cache.load(key).colors == 255 - first.colors).all()
    (cache.path(key) / "style.safetensors").write_bytes(b"spoilt")
    with pytest.raises(StyleError, match="checksum"):
        cache.load(key)


def test_folders_of_the_environment_are_read_and_never_written(tmp_path, monkeypatch):
    theirs = StyleCache([tmp_path / "theirs"])
    theirs.save(style("a shared clown"), {})
    monkeypatch.setenv("CLIPACTOR_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CLIPACTOR_STYLES", f"{tmp_path / 'theirs'}:{tmp_path / 'missing'}")
    found = open_cache().find("a shared clown")
    with pytest.raises(StyleError):
        open_cache().remove(found.key)
    assert found.key in theirs
    monkeypatch.delenv("CLIPACTOR_STYLES")
    assert found.key not in open_cache()


@pytest.mark.parametrize(
    ("entry", "value"), [("prompt", None), ("vertices", "7"), ("score", True), ("losses", {}), ("seed", 0.5)]
)
def test_a_card_whose_entries_are_of_another_kind_is_refused(cache, entry, value):
    made = style()
    card = cache.save(made, {}) / "style.json"
    card.write_text(json.dumps(json.loads(card.read_text()) | {entry: value}))
    with pytest.raises(StyleError, match=f"is damaged: {entry} is"):
        cache.load(made.card.key)
    assert cache.cards() == [] and len(cache.refused) == 1
