"""A command taken apart: who, in what, does what."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clipactor_node.errors import PromptError
from clipactor_node.language import checked_words, parse

TAKEN_APART = [
    # text, actions, subject, clothes
    ("Freddie Mercury is dancing", ["dancing"], "Freddie Mercury", ""),
    ("a firefighter in a yellow jacket waves hello", ["waves hello"], "a firefighter", "a yellow jacket"),
    ("walking Steve Jobs wearing blue jeans", ["walking"], "Steve Jobs", "blue jeans"),
    ("a chef wearing a white hat throws a ball", ["throws a ball"], "a chef", "a white hat"),
    ("A man wears a red coat and dances", ["dances"], "A man", "a red coat"),
    ("A knight in shining armor kneels", ["kneels"], "A knight", "shining armor"),
    ("someone in red runs", ["runs"], "someone", "red"),
    ("a woman in running shoes claps", ["claps"], "a woman", "running shoes"),
    ("a person wearing boxing gloves shrugs", ["shrugs"], "a person", "boxing gloves"),
    ("Elvis, dressed in a white jumpsuit, is singing", ["singing"], "Elvis", "a white jumpsuit"),
    ("a woman in red waving", ["waving"], "a woman", "red"),
    ("a dancing robot", ["dancing"], "robot", ""),
    ("an old cook stirs the soup", ["stirs the soup"], "an old cook", ""),
    ("the guard salutes", ["salutes"], "the guard", ""),
    ("a jumping kangaroo", ["jumping"], "kangaroo", ""),
    ("In the rain, a girl in a red raincoat jumps", ["jumps"], "a girl", "a red raincoat"),
    ("He is a firefighter who waves", ["waves"], "a firefighter", ""),
    ("could you please sit down", ["sit down"], "", ""),
    ("make the avatar dance", ["dance"], "", ""),
    ("a gymnast does a cartwheel", ["does a cartwheel"], "a gymnast", ""),
    ("raise both hands", ["raise both hands"], "", ""),
    ("a man who is wearing a red hat is waving", ["waving"], "a man", "a red hat"),
    ("Dressed as a pirate, he salutes", ["salutes"], "he", "a pirate costume"),
    ("a karate master in a white gi kicks", ["kicks"], "a karate master", "a white gi"),
    ("Someone moonwalks", ["moonwalks"], "Someone", ""),
    ("tree pose", ["tree pose"], "", ""),
    ("shadow box", ["shadow box"], "", ""),
    ("a robot waves", ["waves"], "a robot", ""),
    ("a warrior dances", ["dances"], "a warrior", ""),
    ("golf swing, then a bow", ["golf swing", "bow"], "", ""),
    ("saw a plank", ["saw a plank"], "", ""),
    ("listen carefully", ["listen carefully"], "", ""),
    ("listen, wave", ["wave"], "", ""),
    ("hand me the cup", ["give the cup"], "", ""),
    ("show me how to bow", ["bow"], "", ""),
    ("show me how big it is", ["show this big it is"], "", ""),
    ("just a little bit", ["show something small"], "", ""),
    ("jog on the spot", ["jog in place"], "", ""),
    ("replace the wave with a nod", ["nod"], "", ""),
    ("she bears left", ["bears left"], "she", ""),
]


@pytest.mark.parametrize(("text", "actions", "subject", "clothes"), TAKEN_APART)
def test_action_subject_and_clothes_are_told_apart(text, actions, subject, clothes):
    prompt = parse(text)
    assert list(prompt.actions) == actions
    assert (prompt.subject, prompt.clothes) == (subject, clothes)
    assert prompt.raw == text


@pytest.mark.parametrize(
    ("text", "control"),
    [
        ("stop", "stop"),
        ("Stop!", "stop"),
        ("please stop now", "stop"),
        ("stop walking", "stop"),
        ("halt", "stop"),
        ("pause", "pause"),
        ("resume", "resume"),
        ("continue", "resume"),
        ("RESET", "reset"),
    ],
)
def test_a_control_word_alone_is_obeyed(text, control):
    prompt = parse(text)
    assert prompt.control == control
    assert prompt.plan == ()


@pytest.mark.parametrize(
    "text", ["a bus stops", "stop hand", "a policeman signals stop", "pause dramatically then bow"]
)
def test_a_control_word_inside_a_sentence_is_just_a_word(text):
    assert parse(text).control == ""
    assert parse(text).actions


def test_looks_alone_ask_for_no_motion():
    prompt = parse("Steve Jobs in blue jeans")
    assert prompt.plan == ()
    assert prompt.appearance == "Steve Jobs wearing blue jeans"


@pytest.mark.parametrize(
    ("text", "appearance"),
    [
        ("a firefighter in a yellow jacket waves", "a firefighter wearing a yellow jacket"),
        ("Freddie Mercury is dancing", "Freddie Mercury"),
        ("wearing a red hat, waves", "a person wearing a red hat"),
        ("waves", ""),
        ("a person waves", ""),
        ("the man in a red hat waves", "the man wearing a red hat"),
    ],
)
def test_appearance_names_subject_and_clothes(text, appearance):
    assert parse(text).appearance == appearance


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("ein Mann in einem roten Hemd tanzt", True),
        ("eine Frau in Jeans winkt und tanzt", True),
        ("una mujer baila de rojo", True),
        ("un bombero camina con una persona", True),
        ("一个穿红色T恤的人跳舞", True),
        ("ein Mann mit blauen Augen winkt", False),
        ("el hombre camina con una persona", False),
        ("男が歩く", False),
        ("человек идёт", False),
    ],
)
def test_clothes_named_in_another_language_are_an_appearance(text, named):
    assert parse(text).appearance == (text if named else "")


@pytest.mark.parametrize("text", ["macarena", "tai chi", "goodbye"])
def test_without_a_known_verb_the_words_are_the_action_and_it_is_said(text):
    prompt = parse(text)
    assert prompt.actions == (text,)
    assert any("no action word" in warning for warning in prompt.warnings)


@pytest.mark.parametrize(
    "text", ["", "   ", "\n\t ", "\x00\x01\x02", "🎉🕺🏽", "?!...", "123 456", "\ufffd\ufffd", "\udcff"]
)
def test_without_words_there_is_nothing_to_perform(text):
    with pytest.raises(PromptError, match="holds no words"):
        parse(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("  ", "is empty; say something such as 'a clown'"),
        ("?!", "'\\?!' says nothing; say something such as 'a clown'"),
        ("a " * 21, "has 41 characters, at most 40 are allowed; shorten it"),
        (7, "is text, got int"),
    ],
)
def test_a_text_that_cannot_be_kept_is_refused_with_what_would_do(text, message):
    with pytest.raises(PromptError, match=message):
        checked_words(text, 40, "a clown")


def test_a_text_that_is_kept_has_single_spaces():
    assert checked_words("  a \n lion  tamer ", 12, "a clown") == "a lion tamer"


def test_ten_thousand_characters_are_cut_with_a_warning():
    prompt = parse("a person walks " + "and walks on " * 800)
    assert prompt.actions
    assert any("only the first" in warning for warning in prompt.warnings)


def test_control_characters_and_emoji_are_dropped():
    prompt = parse("a person\x00 waves \x07🎉 hello")
    assert prompt.actions == ("waves hello",)
    assert any("control" in warning for warning in prompt.warnings)


@pytest.mark.parametrize(
    "text", ["un hombre baila", "男が歩く", "человек идёт", "ein Mann tanzt und winkt nicht"]
)
def test_another_language_is_said(text):
    assert any("English" in warning for warning in parse(text).warnings)


@pytest.mark.parametrize(
    "text", ["a person walks", "Jürgen dances", "Beyoncé in a golden dress dances", "wave"]
)
def test_english_with_foreign_names_is_english(text):
    assert not parse(text).warnings


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=300))
def test_any_text_at_all_is_parsed_or_refused(text):
    try:
        prompt = parse(text)
    except PromptError:
        return
    assert prompt.control or all(layer.text for step in prompt.plan for layer in step)


VOCABULARY = """
a the person in with red hat waves walking and then while does not is left hand , . who jumps wears to on two
times dancing before after stop quickly for ten seconds shoes
"""
WORDS = st.sampled_from(VOCABULARY.split())


@settings(max_examples=300, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=25))
def test_any_heap_of_known_words_is_parsed(words):
    try:
        prompt = parse(" ".join(words))
    except PromptError:
        return
    assert all(step for step in prompt.plan)
    assert all(layer.bare for step in prompt.plan for layer in step)


@pytest.mark.parametrize(
    "text", ["have lunch", "call me later", "sign the contract", "the race is on a coast"]
)
def test_common_words_are_no_slips_of_the_keyboard(text):
    read = " ".join(layer.text for step in parse(text).plan for layer in step)
    assert not {"launch", "lather", "sing", "rage", "cast"} & set(read.split())
