"""What a sentence says about clothes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clipactor_node.appearance.colors import NAMED, nearest_name
from clipactor_node.appearance.garments import PLAIN
from clipactor_node.appearance.outfit.proposing import propose, propose_outfit
from clipactor_node.appearance.words.entries import Item, ItemKind
from clipactor_node.appearance.words.outfit_parser import _METHODS, parse_outfit


def worn(text: str) -> dict[str, str]:
    """slot -> "color kind" of what a sentence is understood as."""
    return {p.slot: f"{nearest_name(p.color)} {p.kind}" for p in propose(text).outfit.pieces}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a person in a red t-shirt and blue jeans", {"top": "red t-shirt", "bottom": "blue jeans"}),
        ("a person in a blue t-shirt and red jeans", {"top": "blue t-shirt", "bottom": "red jeans"}),
        ("a guy whose jeans are red and whose tee is blue", {"top": "blue t-shirt", "bottom": "red jeans"}),
        ("shorts in black, a t-shirt in white", {"top": "white t-shirt", "bottom": "black shorts"}),
        ("t-shirt red, jeans green", {"top": "red t-shirt", "bottom": "green jeans"}),
        ("a black hat and coat", {"headwear": "black hat", "outer": "black coat"}),
        ("a black suit", {"outer": "black blazer", "bottom": "black trousers", "top": "white shirt"}),
        ("a white shirt and a black suit", {"outer": "black blazer", "top": "white shirt"}),
        ("a black suit with blue trousers", {"outer": "black blazer", "bottom": "blue trousers"}),
        (
            "blue overalls over a yellow shirt",
            {"bib": "blue bib", "bottom": "blue trousers", "top": "yellow shirt"},
        ),
        ("an orange jumpsuit", {"top": "orange shirt", "bottom": "orange trousers"}),
        ("a man in a dark green sweater", {"top": "olive sweater"}),
        ("dressed all in black", {"top": "black shirt", "bottom": "black trousers", "shoes": "black shoes"}),
        ("red tshirts", {"top": "red t-shirt"}),
        ("a shirt in blue and a brown vest over it", {"top": "blue shirt", "vest": "brown vest"}),
        ("a yelow jaket", {"outer": "yellow jacket"}),
        ("a #ff0000 t-shirt", {"top": "scarlet t-shirt"}),
    ],
)
def test_each_color_goes_to_its_garment(text, expected):
    found = worn(text)
    assert {slot: found.get(slot) for slot in expected} == expected


def test_the_color_of_something_else_is_not_worn():
    assert worn("a man with a red ball in blue overalls")["bottom"] == "blue trousers"
    assert "red" not in " ".join(worn("somebody in a green car wearing jeans").values())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("leather trousers and a suede jacket", {"bottom": "black trousers", "outer": "camel jacket"}),
        ("a suede jacket and leather trousers", {"bottom": "black trousers", "outer": "camel jacket"}),
        ("a red leather jacket", {"outer": "red leather jacket"}),
        ("a straw hat", {"headwear": "sand straw hat"}),
        ("a cowboy with leather and jeans", {"bottom": "denim jeans"}),
    ],
)
def test_a_material_dyes_what_has_no_color(text, expected):
    found = worn(text)
    assert {slot: found.get(slot) for slot in expected} == expected


def test_a_print_is_a_pattern_not_a_person():
    proposed = propose("a leopard print coat", lambda subject: pytest.fail(subject))
    assert proposed.outfit.get("outer").pattern == "dots"


def test_cuts_are_read():
    outfit = propose("a long-sleeved t-shirt and a short skirt").outfit
    assert outfit.get("top").sleeve > 1.5
    assert outfit.get("bottom").hem > 2.4
    assert propose("a sleeveless white top").outfit.get("top").sleeve < 0
    assert propose("an open black jacket over a white shirt").outfit.get("outer").open
    assert not propose("a closed black jacket").outfit.get("outer").open


def test_patterns_and_their_second_color_are_read():
    for text in ("a red and white striped shirt", "a red shirt with white stripes"):
        top = propose(text).outfit.get("top")
        assert (top.pattern, top.color, top.second) == ("stripes", NAMED["red"], NAMED["white"])
    assert propose("a plaid skirt").outfit.get("bottom").pattern == "checks"


def test_hair_skin_eyes_and_beard_are_read():
    outfit = propose("a bald man with a black beard, dark skin and green eyes").outfit
    assert outfit.hair == "bald" and outfit.get("hair") is None
    assert nearest_name(outfit.get("beard").color) == "black"
    assert sum(outfit.skin) < 250 and outfit.eyes == NAMED["green"]
    assert propose("a red-haired woman").outfit.hair == "long"
    assert nearest_name(propose("a woman with blonde hair").outfit.get("hair").color) == "blonde"
    assert propose("a black man in a white shirt").outfit.get("top").color == NAMED["white"]


def test_named_outfits_can_be_changed():
    assert worn("a firefighter")["headwear"] == "red fire helmet"
    changed = worn("a firefighter in a blue jacket, without a helmet")
    assert changed["outer"] == "blue jacket" and "headwear" not in changed
    assert worn("a nurse in green")["top"].startswith("green")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a woman wearing no shoes and a yellow dress", {"dress": "yellow dress", "shoes": None}),
        ("without a hat or a coat, in jeans", {"headwear": None, "outer": None}),
        ("he wears neither hat nor tie, just a blue shirt", {"headwear": None, "neckwear": None}),
        ("not a red but a green shirt", {"top": "green shirt"}),
        ("a man without a suit", {"outer": None, "top": "grey t-shirt"}),
        ("green, not blue, trousers", {"bottom": "green trousers"}),
        ("a shirt that isn't red but yellow", {"top": "yellow shirt"}),
        ("he doesn't wear a tie, his hat is red", {"neckwear": None, "headwear": "red hat"}),
        ("a hat in red, no shoes", {"headwear": "red hat", "shoes": None}),
        ("a chef without an apron", {"apron": None, "headwear": "white chef hat"}),
        ("in black from head to toe except for red shoes", {"top": "black shirt", "shoes": "red shoes"}),
    ],
)
def test_a_negation_ends_where_something_else_begins(text, expected):
    found = worn(text)
    assert {slot: found.get(slot) for slot in expected} == expected


@pytest.mark.parametrize(
    "text",
    [
        "a man in a blue suit and a woman in a red dress",
        "a man and a woman, he in a blue suit, she in a red dress",
        "a man in a blue suit, another man in a green coat",
        "a man a woman wearing a blue suit, a red dress",
    ],
)
def test_of_several_people_the_first_is_dressed(text):
    assert worn(text)["outer"] == "blue blazer" and "dress" not in worn(text)
    assert any("several people" in note for note in propose(text).notes)


def test_the_same_person_may_be_named_again():
    found = worn("a woman in a man's white shirt, the woman also has a red skirt, she wears boots")
    assert (found["top"], found["bottom"], found["shoes"]) == ("white shirt", "red skirt", "black boots")


def test_somebody_unknown_gets_plain_clothes_in_the_colors_said():
    assert worn("a pink elephant")["top"] == "pink shirt"
    assert worn("a blue xylographer with a white hat")["headwear"] == "white hat"
    assert worn("a blue xylographer with a white hat")["bottom"] == "blue trousers"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "ein Mann in einem dunkelblauen Anzug mit roter Krawatte",
            {"outer": "navy blazer", "neckwear": "red tie"},
        ),
        ("eine Frau in einem kurzen grünen Kleid", {"dress": "green dress"}),
        (
            "una mujer con una falda amarilla y una blusa blanca",
            {"bottom": "yellow skirt", "top": "white blouse"},
        ),
        ("un hombre con una camisa azul oscuro", {"top": "navy shirt"}),
        ("homme en costume noir et cravate rouge", {"outer": "black blazer", "neckwear": "red tie"}),
        ("un bombero", {"headwear": "red fire helmet"}),
        ("一个穿红色T恤和蓝色牛仔裤的人", {"top": "red t-shirt", "bottom": "blue jeans"}),
        ("穿着白色连衣裙的女人", {"dress": "white dress"}),
    ],
)
def test_tourists_are_understood(text, expected):
    found = worn(text)
    assert {slot: found.get(slot) for slot in expected} == expected


def test_what_is_taken_off_is_off():
    assert "shoes" not in worn("a barefoot man in jeans")
    assert "headwear" not in worn("a cowboy with no hat")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "!!!",
        "a naked man",
        "kjsdhf",
        "una persona alta",
        "一个人",
        "赤いドレス",
        "DROP TABLE users; --",
        "😀",
        "the the the",
    ],
)
def test_nothing_known_is_plain_clothes_and_a_note(text):
    proposed = propose(text)
    assert proposed.notes
    assert proposed.outfit.get("top") is not None and proposed.outfit.get("bottom") is not None


def test_contradictions_are_said():
    assert any("several colors" in note for note in propose("a red blue shirt").notes)
    assert any("no garment" in note for note in propose("red and blue").notes)


def test_two_shirts_are_worn_one_over_the_other():
    found = worn("a white t-shirt under a grey hoodie")
    assert found["top"] == "white t-shirt" and found["outer"].startswith("grey")


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_any_text_gives_decent_clothes(text):
    outfit = propose(text).outfit
    below = outfit.get("dress") or outfit.get("bottom") or outfit.get("briefs")
    assert below is not None


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "red",
                "blue",
                "no",
                "with",
                "and",
                "a",
                "in",
                "over",
                "naked",
                "shirt",
                "suit",
                "dress",
                "briefs",
                "bald",
                "stripes",
                "long",
                ",",
                "firefighter",
                "barefoot",
                "shirtless",
                "the",
                "hair",
                "eyes",
                "all",
            ]
        ),
        max_size=25,
    )
)
def test_any_order_of_known_words_gives_decent_clothes(words):
    outfit = propose(" ".join(words)).outfit
    below = outfit.get("dress") or outfit.get("bottom") or outfit.get("briefs")
    assert below is not None


def test_very_long_prompts_are_cut_and_say_so():
    proposed = propose("a red shirt and " * 400)
    assert proposed.outfit.get("top").color == NAMED["red"]
    assert any("words were read" in note for note in proposed.notes)


def test_many_unknown_words_are_not_repeated_at_length():
    proposed = propose(" ".join(f"qzx{i}vw" for i in range(300)) + " red shirt")
    assert all(len(note) < 200 for note in proposed.notes)
    assert worn("r\u0336e\u0336d\u0336 shirt")["top"] == "red shirt"


def test_plain_clothes_are_neutral():
    assert propose("somebody").outfit.pieces == PLAIN.pieces


def test_every_kind_of_word_has_a_method_and_another_is_an_error():
    assert set(_METHODS) == set(ItemKind)
    with pytest.raises(ValueError, match="hat"):
        ItemKind("hat")
    with pytest.raises(KeyError):
        parse_outfit([Item("hat", "hat")])


def test_a_text_is_understood_once():
    assert propose_outfit("a plumber in lilac") is propose_outfit("a plumber in lilac")
    assert propose_outfit("a plumber in lilac").known and not propose_outfit("").known


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "a man in a dress and trousers",
            ["'dress' cannot be worn together with 'trousers' and is left out"],
        ),
        ("a man with a hat and a crown", ["'hat' cannot be worn together with 'crown' and is left out"]),
        ("a woman in a blouse and a gown", ["'blouse' cannot be worn together with 'gown' and is left out"]),
        ("a man in a shirt and a sweater", []),
        ("a woman in a red skirt, a white blouse and black boots", []),
    ],
)
def test_what_cannot_be_worn_together_is_said(text, said):
    assert [note for note in propose(text).notes if "together" in note] == said


def test_nothing_but_a_hat_is_a_hat_over_plain_clothes():
    slots = {worn.slot for worn in propose("a woman in nothing but a hat").outfit.pieces}
    assert {"headwear", "top", "bottom"} <= slots
