"""The named outfits, and what is nearest to names that are not known."""

import numpy as np
import pytest

from clipactor_node.appearance.colors import nearest_name
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


def test_every_word_of_a_named_outfit_is_understood():
    for named in SHIPPED:
        unknown = [item.text for item in items(named.wear) if item.kind in ("unknown", "typo")]
        assert not unknown, named.name
        assert named.outfit != PLAIN, named.name


def test_every_name_finds_its_outfit():
    for named in SHIPPED:
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


def test_vectors_of_all_names_ship_and_are_those_of_the_encoder(home):
    encoder = neighbours._minilm()
    found = neighbours._shipped(encoder.id)
    assert sorted(found) == sorted(names.by_name()), "type: clipactor wardrobe names"
    some = sorted(found)[::200]
    wanted = encoder.encode([neighbours._sentence(name) for name in some])
    assert min(np.sum(wanted * np.stack([found[name] for name in some]), 1)) > 0.999
    neighbours.nearest("sous vide cook")
    assert not list(home.rglob("outfit-names*"))  # nothing was computed


def test_nothing_similar_is_not_taken(home):
    assert neighbours.nearest("qqq xxx zzz", Letters()) is None


def test_no_encoder_means_plain_clothes_not_an_error(home, caplog, monkeypatch):
    """The one that ships is damaged."""

    def damaged(*_: object) -> None:
        raise ModelError("the shipped encoder is damaged")

    monkeypatch.setattr(neighbours, "_minilm", damaged)
    assert neighbours.nearest("xylographer") is None
    assert "not looked up" in caplog.text


PEOPLE = {
    "Messi": ("jersey", "azure", "white"),
    "Ronaldo": ("jersey", "red", None),
    "Neymar": ("jersey", "yellow", None),
    "Steve Jobs": ("turtleneck", "black", None),
    "Gandhi": ("toga", "white", None),
    "Mario": ("shirt", "red", None),
    "Tony Stark": ("blazer", "black", None),
    "Hermione Granger": ("robe", "black", None),
    "Marilyn Monroe": ("dress", "white", None),
    "Freddie Mercury": ("jacket", "yellow", None),
    "Thor": ("breastplate", "silver", None),
}


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("said", ["{} is walking", "{}", "a dancing {}"])
def test_people_whom_everybody_knows_are_dressed_as_themselves(who, said):
    kind, color, second = PEOPLE[who]
    proposed = propose(said.format(who))
    assert proposed.name and not [note for note in proposed.notes if "understood as" in note]
    piece = next(p for p in proposed.outfit.pieces if p.kind == kind)
    near = {"azure": {"azure", "sky", "aqua"}}.get(color, {color})
    assert nearest_name(piece.color) in near
    assert second is None or nearest_name(piece.second) == second


def of_score(score):
    """A neighbour that is found for every name."""
    return lambda subject: neighbours.Neighbour(names.by_name()["programmer"], "nerd", score)


@pytest.mark.parametrize(
    "text", ["Zorblatt is walking", "zorblatt", "dressed as Zorblatt", "the great Zorblatt"]
)
def test_the_name_of_a_person_needs_more_similarity_than_a_thing(text):
    refused = propose(text, of_score(0.73))
    assert refused.name is None and any("plain clothes" in note for note in refused.notes)
    assert propose(text, of_score(0.93)).name == "programmer"


@pytest.mark.parametrize("text", ["a zorblatt is walking", "dressed as a zorblatt", "two zorblatts dance"])
def test_a_thing_needs_less(text):
    taken = propose(text, of_score(0.73))
    assert taken.name == "programmer" and "similarity 0.73" in " ".join(taken.notes)


def test_a_diver_dives():
    proposed = propose("a diver swims")
    assert proposed.name == "scuba diver" and {"gloves", "backpack"} <= {
        p.kind for p in proposed.outfit.pieces
    }


def test_words_that_nothing_was_made_of_are_said_but_not_those_of_the_motion():
    assert propose("a firefighter with a zorblax waves").notes == ("nothing was made of: zorblax",)
    assert propose("a firefighter waves hello").notes == ()
    assert propose("a soccer player kicks a ball").notes == ()
