"""The named outfits, and what is nearest to names that are not known."""

import numpy as np
import pytest

from clipactor_node.appearance.garments import PLAIN
from clipactor_node.appearance.outfit import named_outfits as names
from clipactor_node.appearance.outfit import nearest_name as neighbours
from clipactor_node.appearance.outfit.proposing import propose
from clipactor_node.appearance.words.lexicon import PHRASES
from clipactor_node.appearance.words.phrases import items
from clipactor_node.errors import ModelError

SHIPPED = names.shipped()


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("CLIPACTOR_HOME", str(tmp_path))
    names.by_name.cache_clear()
    yield tmp_path
    names.by_name.cache_clear()


def test_there_are_more_than_150_with_different_names():
    assert len(SHIPPED) >= 150
    assert len({named.name for named in SHIPPED}) == len(SHIPPED)


@pytest.mark.parametrize("named", SHIPPED, ids=lambda named: named.name)
def test_every_word_of_a_named_outfit_is_understood(named):
    unknown = [item.text for item in items(named.wear) if item.kind in ("unknown", "typo")]
    assert not unknown
    assert named.outfit != PLAIN


@pytest.mark.parametrize("named", SHIPPED, ids=lambda named: named.name)
def test_every_name_finds_its_outfit(named):
    assert propose(f"a {named.name} is dancing").name == named.name


def test_names_do_not_hide_the_words_of_the_lexicon():
    taken = {alias for named in SHIPPED for alias in (named.name, *named.aliases)}
    hidden = {n for n in taken if n in PHRASES and PHRASES[n].kind in ("garment", "color", "change", "shade")}
    assert not hidden


def test_the_users_outfits_win(home):
    (home / "outfits.toml").write_text('[mine]\ndoctor = ["house physician", "pink robe"]\n')
    assert propose("a doctor").outfit.get("outer").kind == "robe"


def test_a_damaged_file_of_the_user_is_ignored_with_a_warning(home, caplog):
    (home / "outfits.toml").write_text("[mine\ndoctor = 3")
    assert propose("a doctor").name == "doctor"
    assert "cannot read" in caplog.text


def test_a_wrong_entry_is_named(tmp_path):
    (tmp_path / "o.toml").write_text('[mine]\ndoctor = ["only one"]\n')
    with pytest.raises(ModelError, match="doctor"):
        names.read_file(tmp_path / "o.toml")


class Letters:
    """A text encoder without weights: similar spelling, similar vector."""

    id = "letters"
    dimension = 700

    def encode(self, texts):
        vectors = np.zeros((len(texts), 700), np.float32)
        for row, text in enumerate(texts):
            word = f" {text.replace('the costume of a ', '')} "
            for a, b in zip(word, word[1:], strict=False):
                vectors[row, (ord(a) * 26 + ord(b)) % 700] += 1
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_a_similar_name_is_taken_and_said(home):
    found = neighbours.nearest("firefighters' chief fighter fire", Letters())
    assert found is not None and found.named.name == "firefighter"
    proposed = propose("a firefighteress", lambda subject: found)
    assert proposed.name == "firefighter"


def test_nothing_similar_is_not_taken(home):
    assert neighbours.nearest("qqq xxx zzz", Letters()) is None


def test_no_encoder_means_plain_clothes_not_an_error(home, caplog):
    neighbours._minilm.cache_clear()  # another test may have found one in another home
    assert neighbours.nearest("xylographer") is None
    assert "not looked up" in caplog.text
