"""What faces show and how things are done: "smiles", "with closed eyes", "angrily", "like an old man"."""

# ruff: noqa: E501 - lists of words

import re

_MANNERS = {
    "happy": "happily happy joyfully joyous joyful cheerfully cheerful merrily gladly glad delighted delightedly gleefully blissfully ecstatically|with joy|full of joy|with happiness",
    "sad": "sadly sad unhappily unhappy dejectedly dejected gloomily gloomy sorrowfully sorrowful mournfully miserably miserable glumly depressed heartbroken downcast disappointed|with sorrow|with sadness",
    "angry": "angrily angry furiously furious madly mad irritated irritatedly enraged aggressively aggressive grumpily grumpy|in anger|with anger|in rage|with rage|in a rage|in a bad mood",
    "nervous": "nervously nervous anxiously anxious fidgety restlessly restless worriedly worried tensely jittery|with nerves",
    "scared": "fearfully fearful scared afraid frightened timidly terrified|in fear|with fear|in panic",
    "old": "elderly aged|like an old man|like an old woman|like an old person|like an old lady|like a grandfather|like a grandmother|like a grandpa|like a grandma|like somebody old|like someone old|like the elderly|like an elderly man|like an elderly woman|like an elderly person|as an old man|as an old woman|like a granny",
    "drunk": "drunkenly drunk tipsily tipsy intoxicated|like a drunk|like a drunkard|like a drunk man|like a drunk person|like a drunken sailor",
    "proud": "proudly proud haughtily haughty arrogantly arrogant confidently confident majestically triumphantly pompously self-assured|with pride|like a king|like a queen",
    "tired": "tiredly tired wearily weary exhaustedly exhausted sleepily sleepy drowsily drowsy fatigued worn-out|out of breath",
    "shy": "shyly shy bashfully bashful coyly embarrassed ashamed",
}
"""Manner -> words and, after bars, phrases that name it."""

MANNERS = tuple(_MANNERS)

_PAST_EYE = r"(?:\s+(?:(?!and\b)\w+\s+){0,3}?)"
_FACES = {
    "wink_right": rf"wink(?:s|ed|ing)?{_PAST_EYE}right(?: eye)?",
    "wink": r"wink(?:s|ed|ing)?|give(?:s)? a wink|clos(?:e|es|ed|ing) one eye",
    "eyes_rolled": rf"roll(?:s|ed|ing)?{_PAST_EYE}eyes",
    "squint": rf"squint(?:s|ed|ing)?|narrow(?:s|ed|ing)?{_PAST_EYE}eyes",
    "eyes_wide": rf"(?:widen(?:s|ed|ing)?|open(?:s|ed|ing)?){_PAST_EYE}eyes wide|widen(?:s|ed|ing)?{_PAST_EYE}eyes|with wide eyes|with eyes wide open|wide-eyed|star(?:e|es|ing) wide-eyed",
    "eyes_closed": rf"(?:clos(?:e|es|ed|ing)|shut(?:s|ting)?){_PAST_EYE}eyes|with closed eyes|with eyes closed|with (?:his|her|their|your|both) eyes (?:closed|shut)|keep(?:s)? (?:\w+ )?eyes (?:closed|shut)|eyes (?:closed|shut)",
    "eyes_open": rf"open(?:s|ed|ing)?{_PAST_EYE}eyes",
    "blink": r"blink(?:s|ed|ing)?",
    "brows_up": rf"(?:rais(?:e|es|ed|ing)|lift(?:s|ed|ing)?){_PAST_EYE}(?:eye)?brows?",
    "brows_down": rf"(?:lower(?:s|ed|ing)?|knit(?:s|ted)?|furrow(?:s|ed|ing)?){_PAST_EYE}(?:eye)?brows?|scowl(?:s|ed|ing)?|glower(?:s|ed|ing)?|with a scowl",
    "mouth_open": rf"open(?:s|ed|ing)?{_PAST_EYE}mouth|with (?:an? )?open mouth|gap(?:e|es|ed|ing)",
    "mouth_closed": rf"(?:clos(?:e|es|ed|ing)|shut(?:s|ting)?){_PAST_EYE}mouth",
    "cheeks_puffed": rf"puff(?:s|ed|ing)?{_PAST_EYE}cheeks|puff(?:s|ed|ing)?{_PAST_EYE}cheeks up|with puffed cheeks",
    "pout": r"pout(?:s|ed|ing)?|with a pout",
    "sneer": r"sneer(?:s|ed|ing)?|with a sneer",
    "grimace": r"grimac(?:e|es|ed|ing)|(?:make|makes|making|pull|pulls|pulling) (?:a|funny|silly|an ugly|a funny|a silly) faces?|wrinkl(?:e|es|ed|ing)(?: \w+)? nose",
    "grin": r"grin(?:s|ned|ning)?|with a (?:big |broad |wide )?grin|beam(?:s|ed|ing)?|smil(?:e|es|ed|ing) (?:broadly|widely)|with a (?:big|broad|wide) smile",
    "smile": r"smil(?:e|es|ed|ing)|smirk(?:s|ed|ing)?|with a (?:\w+ )?smile|smilingly",
    "frown": r"frown(?:s|ed|ing)?|with a frown",
    "neutral": r"with a straight face|with a neutral face|with no expression|without expression|expressionless|poker-faced|look(?:s)? neutral",
    "laugh": r"laugh(?:s|ed|ing)?|giggl(?:e|es|ed|ing)|chuckl(?:e|es|ed|ing)|with laughter",
    "cry": r"cr(?:y|ies|ied|ying)|weep(?:s|ing)?|wept|sob(?:s|bed|bing)?|in tears|with tears",
    "yawn": r"yawn(?:s|ed|ing)?",
    "shout": r"shout(?:s|ed|ing)?|yell(?:s|ed|ing)?|scream(?:s|ed|ing)?",
    "surprised": r"surprised|in surprise|with surprise|gasp(?:s|ed|ing)?|astonished|amazed|startled|shocked",
    "disgusted": r"disgusted|in disgust|with disgust|disgustedly",
    "excited": r"excited|excitedly|enthusiastically|with excitement",
    "bored": r"bored|boredly|in boredom",
    "confused": r"confused|confusedly|puzzled|bewildered|in confusion",
    "thinking": r"thoughtfully|thoughtful|pensively|pensive",
    "pain": r"in pain|painfully|hurt",
    "kiss": r"kiss(?:es|ed|ing)?|pucker(?:s|ed|ing)?(?: \w+)? lips",
}
"""Expression -> what it is called in a command, as a pattern."""

_OF_FACE_ALONE = frozenset(
    [
        "wink",
        "wink_right",
        "eyes_rolled",
        "squint",
        "eyes_wide",
        "eyes_closed",
        "eyes_open",
        "blink",
        "brows_up",
        "brows_down",
        "mouth_open",
        "mouth_closed",
        "cheeks_puffed",
        "pout",
        "sneer",
        "grimace",
        "grin",
        "smile",
        "frown",
        "neutral",
    ]
)
"""Shown by the face, without anything that the body does."""

_STATES = r"(?:look(?:s|ed|ing)?|be|is|are|am|was|feel(?:s|ing)?|seem(?:s|ing)?|becom(?:e|es|ing)|get(?:s|ting)?|act(?:s|ing)?)"
_WHO = r"(?:(?:he|she|it|they|you|i|we|who|a person|the person|somebody|someone|a man|a woman)\s+)?"
_NOT = re.compile(
    r"(?:\b(?:not|never|without|no|neither|nor|less|hardly)|n't)(?:\s+(?:so|too|very|that|a|any|being))*\s*$"
)
_TO_KISS_WITH_HANDS = re.compile(r"\b(?:blow|blows|blowing|throw|throws|send|sends)\b")


def _pattern(alternatives: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{alternatives})(?![\w-])")


def _worded(words: str) -> re.Pattern[str]:
    first, *phrases = words.split("|")
    every = sorted([*first.split(), *phrases], key=len, reverse=True)
    return _pattern("|".join(re.escape(one) for one in every))


_MANNER_PATTERNS = {name: _worded(words) for name, words in _MANNERS.items()}
_FACE_PATTERNS = {name: _pattern(alternatives) for name, alternatives in _FACES.items()}
_INTENSE = r"(?:\s*\b(?:very|really|so|a little|a bit|quite|rather|extremely|too)\b)*"
_INTENSE_MANNERS = [
    re.compile(rf"{_INTENSE}\s*{pattern.pattern}", re.IGNORECASE) for pattern in _MANNER_PATTERNS.values()
]


def manner_in(text: str) -> str:
    """The manner that a text names, one of `MANNERS`; "": none, or it is denied."""
    found = _first(_MANNER_PATTERNS, text.lower())
    return found[0] if found else ""


def without_manner(text: str) -> str:
    """A text without the words that name its manner; "" where nothing is done: "he is angry"."""
    for pattern in _INTENSE_MANNERS:
        text = pattern.sub("", text)
    text = " ".join(text.split())
    return "" if re.fullmatch(rf"{_WHO}{_STATES}?", text.lower()) else text


def without_feeling(subject: str) -> str:
    """Who somebody is without what they feel: "an angry man" is a man, "the smiling girl" the girl."""
    plain = without_manner(subject)
    for pattern in _FACE_PATTERNS.values():
        plain = pattern.sub("", plain)
    plain = " ".join(plain.split())
    return re.sub(r"^an (?=[^aeiou])", "a ", plain) if plain != subject else subject


def face_in(text: str) -> str:
    """The expression that a text names; "": none, or it is denied."""
    low = text.lower()
    found = _first(_FACE_PATTERNS, low)
    if found is None or (found[0] == "kiss" and _TO_KISS_WITH_HANDS.search(low)):
        return ""
    return found[0]


def is_face_alone(text: str) -> bool:
    """Whether nothing but a face is asked for: "she smiles", not "walks with a smile"."""
    low = text.lower()
    found = _first(_FACE_PATTERNS, low)
    if found is None or found[0] not in _OF_FACE_ALONE:
        return False
    before = low[: found[1]].strip()
    return not before or bool(re.fullmatch(rf"{_WHO}(?:{_STATES})?(?:to)?", before))


def _first(patterns: dict[str, re.Pattern[str]], low: str) -> tuple[str, int] | None:
    """What a text names first and does not deny, and where; of two at one place the longer."""
    found = [
        (match.start(), -len(match[0]), name)
        for name, pattern in patterns.items()
        for match in pattern.finditer(low)
        if not _NOT.search(low[: match.start()])
    ]
    if not found:
        return None
    place, _, name = min(found)
    return name, place
