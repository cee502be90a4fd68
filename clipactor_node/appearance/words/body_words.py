"""The words for bodies and faces: how tall, how heavy, how old, and what is on the skin."""

# ruff: noqa: E501 - the tables of words are one line for each meaning

FIGURE: dict[str, tuple[str, ...]] = {
    word: figure
    for figure, words in (
        (("old",), "old|elderly|aged|ancient|senior|grey-bearded"),
        (("young",), "young|youthful|younger"),
        (("teenager",), "teenage|adolescent"),
        (("child",), "childlike|ten-year-old|eight-year-old|six-year-old|seven-year-old"),
        (("fat",), "fat|obese|overweight|big-bellied|pot-bellied|corpulent|rotund"),
        (("chubby",), "chubby|plump|stout|heavyset|heavy-set|tubby|round-bellied"),
        (("thin",), "thin|skinny|slender|lanky|bony|scrawny|gaunt"),
        (("slim",), "slim|lean|petite"),
        (("muscular",), "muscular|buff|brawny|beefy|ripped-bodied|herculean|muscled|muscle-bound|burly"),
        (("athletic",), "athletic|strong|fit|sporty|toned"),
        (("tall",), "tall|towering|lofty"),
        (("giant",), "gigantic|enormous|giant"),
        (("tall", "chubby"), "big|large|hulking"),
        (("tiny",), "tiny|little-bodied|minuscule"),
        (("little",), "little|small"),
        (("stocky",), "stocky|thickset|squat"),
        (("pregnant",), "pregnant|expectant|heavily pregnant"),
        (("curvy",), "curvy|voluptuous|curvaceous|wide-hipped|broad-hipped"),
        (("broad",), "broad-shouldered|wide-shouldered|square-shouldered"),
        (("long-legged",), "long-legged|leggy"),
        (("freckles",), "freckled|freckly"),
        (("wrinkles",), "wrinkled|wrinkly|weathered"),
        (("blush",), "rosy-cheeked|red-cheeked|blushing"),
        (("makeup",), "made-up"),
    )
    for word in words.split("|")
}
"""Adjectives of a person -> what they say; before a garment they mean something else ("a big hat")."""

ALWAYS = {
    "pregnant",
    "freckled",
    "muscular",
    "obese",
    "overweight",
    "chubby",
    "pot-bellied",
    "broad-shouldered",
    "long-legged",
}
"""Words that are never said of clothes."""

PARTS: dict[str, str] = {
    word: figure
    for figure, words in (
        ("fat", "beer belly|big belly|pot belly|paunch|fat belly|round belly"),
        ("pregnant", "baby bump|pregnant belly"),
        ("broad", "broad shoulders|wide shoulders"),
        ("long-legged", "long legs"),
        ("muscular", "big muscles|muscles|six-pack"),
        ("freckles", "freckles|freckle"),
        ("wrinkles", "wrinkles|wrinkle|crow's feet"),
        ("lipstick", "lipstick|lips|lip gloss|painted lips"),
        ("blush", "rosy cheeks|red cheeks|blusher|rouge"),
        ("eyeliner", "eyeliner|mascara|smoky eyes|kohl"),
        ("eyeshadow", "eyeshadow|eye shadow|eye-shadow"),
        ("makeup", "makeup|make-up|heavy makeup"),
    )
    for word in words.split("|")
}
"""Nouns for what somebody has."""

MARKS = ("freckles", "wrinkles", "lipstick", "blush", "eyeliner", "eyeshadow", "makeup")
"""What lies on the skin; everything else is shape."""

OF_PEOPLE: dict[str, tuple[str, ...]] = {
    word: figure
    for figure, words in (
        (("man",), "man|male|guy|gentleman|father|dad|he|men|dude|fellow|uncle|brother|husband|bloke"),
        (("woman",), "woman|female|lady|mother|mom|mum|she|women|gal|aunt|sister|wife|chick"),
        (("man", "child"), "boy"),
        (("woman", "child"), "girl"),
        (("man", "teenager"), "lad|teenage boy"),
        (("woman", "teenager"), "teenage girl"),
        (("child",), "kid|child|schoolchild"),
        (("baby",), "toddler|baby"),
        (("teenager",), "teenager|teen"),
        (("man", "old"), "grandfather|grandpa|old man|elderly man|granddad|old guy"),
        (("woman", "old"), "grandmother|grandma|old woman|elderly woman|old lady|granny|elderly lady"),
        (("old",), "old person|elderly person|senior|pensioner"),
    )
    for word in words.split("|")
}
"""Words for a person -> the body they mean."""
