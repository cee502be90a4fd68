"""The words for how garments are cut and patterned, and for what people look like."""

# ruff: noqa: E501 - the tables of words are one line for each meaning

from clipactor_node.appearance.words.entries import Changes, Traits

CHANGES: dict[str, Changes] = {
    word: change
    for change, words in (
        (Changes(sleeve=1.9), "long-sleeved|long sleeved|long-sleeve|long sleeve|long sleeves|full-sleeved|with long sleeves"),
        (Changes(sleeve=0.6), "short-sleeved|short sleeved|short-sleeve|short sleeve|short sleeves|half-sleeved|with short sleeves|rolled-up sleeves|rolled up sleeves"),
        (Changes(sleeve=-0.1), "sleeveless|without sleeves|no sleeves"),
        (Changes(sleeve=1.3), "three-quarter sleeves|three-quarter-sleeved|elbow-length sleeves|3/4 sleeves|half sleeves"),
        (Changes(neck="v"), "v-neck|v neck|v-necked|deep-neck"),
        (Changes(neck="crew"), "crew-neck|crew neck|round-neck|crewneck"),
        (Changes(neck="scoop"), "scoop-neck|scoop neck|low-cut"),
        (Changes(neck="strapless", sleeve=-0.3), "strapless|off-shoulder|off-the-shoulder"),
        (Changes(neck="turtleneck"), "high-necked|high-neck|turtle-necked"),
        (Changes(neck="collar"), "collared|button-down|buttoned-up"),
        (Changes(neck="hood"), "hooded"),
        (Changes(open=True), "open|unbuttoned|unzipped|opened"),
        (Changes(open=False), "closed|buttoned|zipped|zipped-up|zipped up|double-breasted|fastened"),
        (Changes(hem=2.02), "knee-length|knee length|midi"),
        (Changes(hem=2.65), "mini|thigh-length|very short"),
        (Changes(hem=0.9), "ankle-length|full-length|flared"),
        (Changes(hem=0.3), "floor-length|maxi|flowing"),
        (Changes(hem=1.6), "calf-length|three-quarter|cropped-leg"),
        (Changes(hem=1.88), "knee-high"),
        (Changes(hem=2.75), "thigh-high|over-the-knee"),
        (Changes(hem=4.35), "cropped|midriff"),
        (Changes(length="long"), "long"),
        (Changes(length="short"), "short"),
        (Changes(pattern="stripes"), "striped|stripy|stripey|horizontally striped|horizontal-striped|breton"),
        (Changes(pattern="hoops"), "banded"),
        (Changes(pattern="pinstripes"), "pinstriped|pinstripe|pin-striped|vertically striped|chalk-striped"),
        (Changes(pattern="checks"), "checked|checkered|chequered|plaid|tartan|gingham|checkerboard|lumberjack-checked|flannel"),
        (Changes(pattern="dots"), "dotted|polka dot|polka-dot|polka-dotted|spotted|spotty|polkadot|floral|flowered|flowery|leopard|hawaiian|leopard print|leopard-print|animal print|floral print|flower print"),
        (Changes(pattern="camouflage"), "camouflage|camo|camouflaged|mottled"),
        (Changes(pattern="halves"), "two-tone|two-toned|half-and-half|color-block|color-blocked|two-colored|harlequin|parti-colored|motley"),
        (Changes(pattern="sidestripe"), "side-striped"),
        (Changes(pattern="plain"), "plain|solid|single-colored|unpatterned"),
        (Changes(style="long"), "long-haired|long haired"),
        (Changes(style="short"), "short-haired|short haired|pixie cut|short back and sides"),
        (Changes(style="bob"), "bobbed|shoulder-length|bob"),
        (Changes(style="afro"), "afro|frizzy"),
        (Changes(style="curly"), "curly|curls|curly-haired|curly haired|ringlets"),
        (Changes(style="buzz"), "crew cut|buzz cut|buzzcut|shaved head|shaven|close-cropped|stubbly-haired"),
        (Changes(style="slick"), "slicked-back|slicked back|slick back|combed back|pompadour|gelled"),
        (Changes(style="spiky"), "spiky|spiky-haired|spiked hair"),
        (Changes(style="balding"), "balding|half-bald|tonsure|tonsured|receding"),
        (Changes(style="wavy"), "wavy|wavy-haired|waves of hair"),
        (Changes(style="fringe"), "bangs|with a fringe|fringed hair|fringed"),
        (Changes(style="dreadlocks"), "dreadlocks|dreads|dreadlocked|cornrows"),
        (Changes(style="ponytail"), "ponytail|pony tail|pony-tail|ponytailed"),
        (Changes(style="pigtails"), "pigtails|bunches|twintails"),
        (Changes(style="braid"), "braid|braided|plait|plaited|plaits|braids"),
        (Changes(style="topknot"), "topknot|man bun|top knot|man-bun"),
        (Changes(style="mohawk"), "mohawk|mohican|punk-haired"),
        (Changes(style="bun"), "bun|chignon|updo"),
    )
    for word in words.split("|")
}  # fmt: skip

FIGURES: dict[str, str] = {
    word: pattern
    for pattern, words in (
        ("stripes", "stripes|stripe|horizontal stripes|bands"),
        ("pinstripes", "pinstripes|vertical stripes|pin stripes"),
        ("checks", "checks|squares|check pattern|plaid pattern|checkers"),
        ("dots", "dots|polka dots|spots|flowers|polkadots"),
        (
            "sidestripe",
            "side stripes|side stripe|stripes on the side|stripe on the side|stripes down the sides|stripes along the legs",
        ),
        ("hoops", "reflective stripes|reflective bands|reflective tape|hoops|rings"),
        ("sleeves", "sleeves|arms"),
        (
            "emblem",
            "emblem|logo|star|cross|badge|heart|letter|symbol|number|circle|crest|skull|lightning bolt|lightning|diamond|print|lettering|shield|coat of arms|anchor",
        ),
    )
    for word in words.split("|")
}
"""Nouns for what is on a garment: "a shirt with white stripes"."""

DRAWN: dict[str, str] = {
    word: figure
    for figure, words in (
        ("star", "star|stars"),
        ("cross", "cross|crosses"),
        ("heart", "heart|hearts"),
        ("lightning bolt", "lightning bolt|lightning"),
        ("circle", "circle|circles"),
        ("diamond", "diamond|diamonds"),
        ("skull", "skull|skulls"),
    )
    for word in words.split("|")
}
"""Figures that are drawn as they are called; every other emblem is a shield."""
UNDRAWN = ("anchor", "letter", "number", "symbol")

PEOPLE: dict[str, Traits] = {
    word: traits
    for traits, words in (
        (Traits(), "person|people|human|someone|somebody|figure|character|avatar|individual|kid|child|teenager|teen|adult|dancer figure|guy or girl|model person|performer person|body|one|they|toddler|baby|schoolchild"),
        (Traits(hair="short"), "man|male|guy|boy|gentleman|father|dad|he|men|dude|fellow|lad|uncle|brother|husband|bloke|teenage boy"),
        (Traits(hair="long"), "woman|female|lady|girl|mother|mom|mum|she|women|gal|aunt|sister|wife|chick|teenage girl"),
        (Traits(hair="short", grey=True), "grandfather|grandpa|old man|elderly man|granddad|old guy"),
        (Traits(hair="bun", grey=True), "grandmother|grandma|old woman|elderly woman|old lady|granny|elderly lady"),
        (Traits(grey=True), "old person|elderly person|senior|pensioner"),
    )
    for word in words.split("|")
}  # fmt: skip

SKINS: dict[str, str] = {
    word: tone
    for tone, words in (
        ("pale", "pale-skinned|fair-skinned|pale skin|fair skin|white-skinned|pale skinned|caucasian"),
        ("light", "light-skinned|light skin|asian|european"),
        ("medium", "olive-skinned|olive skin|latino|latina|hispanic"),
        ("tan", "tanned|tan skin|tanned skin|sun-tanned|suntanned|indian|arab"),
        ("brown", "brown-skinned|brown skin|brown skinned"),
        ("dark", "dark-skinned|dark skin|black-skinned|dark skinned|african|african american"),
    )
    for word in words.split("|")
}

BARE: dict[str, tuple[str, ...]] = {
    "barefoot": ("shoes", "socks"), "barefooted": ("shoes", "socks"), "bare feet": ("shoes", "socks"),
    "shoeless": ("shoes",), "shirtless": ("top", "outer"), "topless": ("top", "outer"),
    "bare-chested": ("top", "outer"), "bare chest": ("top", "outer"), "bareheaded": ("headwear",),
    "clean-shaven": ("beard",), "beardless": ("beard",), "hatless": ("headwear",),
    "tieless": ("neckwear",), "bald": ("hair",), "bald-headed": ("hair",), "hairless": ("hair",), "unmasked": ("mask",), "gloveless": ("gloves",),
}  # fmt: skip
"""Words that take something off."""

NAKED = (
    "naked",
    "nude",
    "unclothed",
    "undressed",
    "no clothes",
    "without clothes",
    "without any clothes",
    "no clothing",
    "nothing on",
    "unclad",
    "bare naked",
)
