"""The words that the grammar of clothes knows, and what each of them says."""

# ruff: noqa: E501 - the tables of words are one line for each meaning

from dataclasses import dataclass, field

from clipactor_node.appearance.colors import NAMED, SAME, SHADES
from clipactor_node.appearance.outfit.garments import KINDS


@dataclass(frozen=True)
class Item:
    """One word or phrase of a sentence.

    kind: color, shade, garment, change, person, skin, joiner, article, break, over, no, all, body,
        bare, thing, filler, name, unknown.
    value: depends on the kind.
    """

    kind: str
    text: str
    value: object = None


@dataclass(frozen=True)
class Wear:
    """One piece that a garment word stands for.

    own: the color it has, in an ensemble whatever color is said; "?navy": that of the whole ensemble
        unless one is said.
    """

    kind: str
    cut: dict = field(default_factory=dict)
    own: str | None = None


def _w(kind: str, own: str | None = None, **cut) -> Wear:
    return Wear(kind, cut, own)


GARMENTS: dict[str, tuple[Wear, ...]] = {kind: (_w(kind),) for kind in KINDS} | {
    word: (wear,)
    for wear, words in (
        (_w("t-shirt"), "tee|tee shirt|t shirt|tshirt|undershirt|teeshirt"),
        (_w("shirt"), "dress shirt|button-down|button-up|button down shirt|button-up shirt|work shirt"),
        (_w("shirt", neck="crew"), "top|long-sleeve|longsleeve|henley|uniform shirt|rash guard|base layer"),
        (_w("polo shirt"), "polo"),
        (_w("tank top"), "tank|singlet|camisole|sleeveless top|vest top|wife beater|muscle shirt|sports bra"),
        (_w("tank top", neck="strapless", hem=4.4, sleeve=-0.3), "bandeau|tube top|bra|bikini top"),
        (_w("sweater"), "jumper|pullover|sweatshirt|knit|jersey sweater|fleece|woolly"),
        (_w("hoodie"), "hoody|hooded sweatshirt|hooded top|hooded sweater"),
        (_w("turtleneck"), "turtleneck sweater|polo neck|polo-neck|roll neck|turtle neck|mock neck"),
        (_w("jersey"), "football shirt|soccer shirt|team shirt|football jersey|basketball jersey|sports shirt"),
        (_w("tunic"), "smock|kurta|kaftan|caftan|doublet|gambeson|jerkin"),
        (_w("tunic", hem=0.7, sleeve=1.85), "habit|monk habit"),
        (_w("bodysuit"), "catsuit top|unitard top|compression shirt"),
        (_w("leotard"), "gym leotard"),
        (_w("tabard"), "surcoat"),
        (_w("breastplate"), "cuirass|chest plate|body armor|body armour|bulletproof vest|flak jacket"),
        (_w("chainmail"), "chain mail|mail shirt|hauberk"),
        (_w("trousers"), "pants|slacks|chinos|trouser|pantaloons|dress pants|suit trousers|suit pants|bottoms"),
        (_w("trousers", "olive"), "cargo pants|cargos|combat trousers|fatigue pants"),
        (_w("trousers", "khaki"), "khakis"),
        (_w("jeans"), "denims|levis|jean|denim pants"),
        (_w("leggings"), "tights|yoga pants|running tights|hose|ski pants"),
        (_w("sweatpants"), "joggers|jogging bottoms|tracksuit bottoms|track pants|pajama pants|baggy pants"),
        (_w("shorts"), "short pants|bermudas|bermuda shorts|board shorts|basketball shorts|cutoffs|hot pants"),
        (_w("shorts", hem=2.65), "swim trunks|trunks|running shorts|boxer shorts|boxers|swim shorts"),
        (_w("briefs"), "speedo|underpants|underwear|panties|bikini bottom|loincloth|fundoshi|mawashi"),
        (_w("breeches"), "knickers|knickerbockers|capris|capri pants|jodhpurs|riding pants|cropped pants"),
        (_w("skirt"), "pencil skirt|pleated skirt"),
        (_w("skirt", hem=2.7), "miniskirt|mini skirt|mini-skirt"),
        (_w("skirt", hem=0.5), "maxi skirt"),
        (_w("skirt", "sand", hem=2.0), "grass skirt"),
        (_w("dress"), "sundress|frock|summer dress|shirtdress"),
        (_w("dress", sleeve=-0.1, hem=2.5), "cocktail dress|party dress|minidress|mini dress|slip"),
        (_w("gown"), "ball gown|evening gown|evening dress|ballgown|prom dress|maxi dress"),
        (_w("gown", "white", sleeve=1.8), "wedding dress|bridal gown|wedding gown"),
        (_w("cassock"), "abaya|burqa|soutane|nun habit"),
        (_w("sari"), "saree"),
        (_w("swimsuit"), "bathing suit|one-piece|one piece|swimming costume"),
        (_w("jacket"), "windbreaker|anorak|tunic jacket|uniform jacket|sports jacket|zip-up|track jacket"),
        (_w("jacket", "black"), "leather jacket|biker jacket|motorcycle jacket"),
        (_w("jacket", "denim"), "denim jacket|jean jacket|jeans jacket"),
        (_w("blazer"), "suit jacket|sport coat|sports coat|dinner jacket|suit coat|waistcoat jacket"),
        (_w("blazer", hem=2.4), "tailcoat|tails|frock coat|morning coat"),
        (_w("vest"), "waistcoat|gilet|leather vest|body warmer"),
        (_w("safety vest"), "hi-vis vest|high-visibility vest|hi vis vest|reflective vest|hi-vis|high-vis vest"),
        (_w("life vest"), "life jacket"),
        (_w("coat"), "overcoat|raincoat|trench coat|trenchcoat|winter coat|parka|greatcoat|duster|peacoat|mac"),
        (_w("coat", "white"), "fur coat"),
        (_w("lab coat"), "labcoat|white coat|doctor coat|laboratory coat"),
        (_w("robe"), "bathrobe|dressing gown|robes|wizard robe|academic gown|wizard robes|cope"),
        (_w("kimono"), "yukata|hanbok|ao dai"),
        (_w("poncho"), "serape|shawl"),
        (_w("bomber jacket"), "flight jacket|pilot jacket|puffer jacket|down jacket|ski jacket|varsity jacket|puffer"),
        (_w("bib"), "dungaree bib"),
        (_w("suspenders"), "braces"),
        (_w("cape"), "cloak|mantle"),
        (_w("backpack"), "rucksack|bag|quiver|parachute|jetpack"),
        (_w("belt"), "utility belt|duty belt|tool belt|toolbelt|gun belt|leather belt"),
        (_w("sash"), "cummerbund|obi"),
        (_w("tie"), "necktie"),
        (_w("bow tie"), "bowtie|bow-tie|dickie bow"),
        (_w("scarf"), "shawl scarf|neckerchief|kerchief|muffler|ruff"),
        (_w("necklace"), "chain|pearls|medal|collar necklace|stethoscope|lei|beads|pendant|whistle"),
        (_w("gloves"), "mittens|gauntlets|glove|boxing gloves|work gloves"),
        (_w("gloves", sleeve=1.1), "opera gloves|evening gloves|long gloves"),
        (_w("socks"), "sock"),
        (_w("socks", hem=1.85), "knee socks|football socks|soccer socks|high socks|knee-high socks"),
        (_w("stockings"), "pantyhose|nylons|stocking|fishnets|thigh-highs"),
        (_w("shoes"), "shoe|loafers|brogues|oxfords|heels|high heels|pumps|slippers|clogs|ballet shoes|flats"),
        (_w("sneakers"), "trainers|running shoes|sports shoes|tennis shoes|cleats|football boots|gym shoes"),
        (_w("sneakers"), "skates|ice skates|roller skates|converse|plimsolls|basketball shoes"),
        (_w("sandals"), "flip-flops|flip flops|sandal|thongs"),
        (_w("boots"), "boot|wellies|rain boots|combat boots|work boots|cowboy boots|rubber boots|ski boots"),
        (_w("boots", hem=1.15), "ankle boots|hiking boots|chelsea boots|space boots"),
        (_w("boots", hem=1.9), "knee-high boots|riding boots|waders|jackboots|long boots|high boots"),
        (_w("knee pads"), "shin guards|kneepads|shin pads"),
        (_w("hair"), "hairs|wig|haired"),
        (_w("beard"), "goatee|stubble|whiskers"),
        (_w("moustache"), "mustache"),
        (_w("cap"), "baseball cap|peaked cap|police cap|flat cap|captain hat|police hat|visor|cricket cap"),
        (_w("hat"), "fedora|sun hat|sunhat|cowboy hat|safari hat|bowler hat|bowler|trilby|sombrero"),
        (_w("hat", "sand"), "straw hat|pointed straw hat|straw sun hat|boater|panama hat"),
        (_w("hat"), "tricorne|tricorn|pirate hat|campaign hat|bucket hat"),
        (_w("beanie"), "woolly hat|knit cap|wool hat|swim cap|skull cap|skullcap|nightcap|bobble hat|kippah|fez"),
        (_w("beanie"), "surgical cap|scrub cap|nurse cap|sailor cap|sailor hat|paper hat|knit hat"),
        (_w("helmet"), "hard hat|hardhat|crash helmet|bike helmet|bicycle helmet|safety helmet|pith helmet"),
        (_w("chef hat"), "toque|chef's hat|chefs hat|cook's hat"),
        (_w("top hat"), "stovepipe hat|bearskin"),
        (_w("cone hat"), "wizard hat|witch hat|pointed hat|party hat|pointy hat|jester hat"),
        (_w("cone hat", "red"), "santa hat|christmas hat|elf hat"),
        (_w("crown"), "tiara|diadem|laurel wreath|wreath|circlet|coronet"),
        (_w("headband"), "sweatband|hairband|alice band|head band"),
        (_w("bandana"), "do-rag|durag|head kerchief|bandanna"),
        (_w("headscarf"), "hijab|head scarf|chador|wimple|keffiyeh"),
        (_w("hood"), "balaclava hood"),
        (_w("veil"), "bridal veil"),
        (_w("cowl"), "balaclava|ski mask"),
        (_w("full mask"), "face mask costume|wrestling mask|fencing mask|welding mask|gas mask|robot head"),
        (_w("mask"), "face mask|surgical mask|respirator|medical mask|muzzle"),
        (_w("eye mask"), "domino mask|eyemask|masquerade mask"),
        (_w("glasses"), "spectacles|sunglasses|shades|eyeglasses|reading glasses|eyepatch|eye patch"),
        (_w("goggles"), "ski goggles|safety goggles|swim goggles|swimming goggles"),
    )
    for word in words.split("|")
}  # fmt: skip
"""Word -> the one piece it stands for."""

GARMENTS |= {
    word: wear
    for wear, words in (
        ((_w("blazer", "?charcoal", hem=3.3), _w("trousers"), _w("shirt", "white"), _w("shoes", "black")), "suit|business suit|pantsuit|pant suit|two-piece suit"),
        ((_w("blazer", "?charcoal"), _w("trousers"), _w("vest"), _w("shirt", "white"), _w("shoes", "black")), "three-piece suit|three piece suit"),
        ((_w("blazer", "?black"), _w("trousers"), _w("shirt", "white"), _w("bow tie", "black"), _w("shoes", "black")), "tuxedo|tux|dinner suit"),
        ((_w("jacket", "?navy", open=False, neck="collar", hem=3.5), _w("sweatpants"), _w("sneakers", "white")), "tracksuit|track suit|sweatsuit|warm-up suit|jogging suit|sportswear"),
        ((_w("shirt", "?slate", neck="collar", hem=3.9), _w("trousers")), "jumpsuit|coveralls|coverall|boiler suit|boilersuit|flight suit|prison suit|work suit|hazmat suit"),
        ((_w("bib", "?denim"), _w("trousers")), "overalls|dungarees|bib overalls"),
        ((_w("shirt", "?sky", neck="v"), _w("trousers")), "pajamas|pyjamas|pjs"),
        ((_w("scrub top", "?teal"), _w("trousers")), "scrubs|surgical scrubs"),
        ((_w("bodysuit", "?black"), _w("leggings")), "wetsuit|catsuit|unitard|morphsuit|skinsuit|diving suit|spandex suit|lycra suit|skin suit|spandex|lycra"),
        ((_w("tank top", "?navy", neck="strapless", hem=4.4, sleeve=-0.3), _w("briefs")), "bikini|two-piece swimsuit|two-piece|tankini"),
        ((_w("breastplate", "?silver"), _w("chainmail"), _w("greaves"), _w("gloves"), _w("boots")), "armor|armour|plate armor|plate armour|suit of armor|suit of armour"),
        ((_w("bodysuit", "?white"), _w("trousers"), _w("gloves"), _w("boots")), "spacesuit|space suit"),
        ((_w("jacket", "?navy", open=False, neck="collar"), _w("trousers"), _w("shoes", "black")), "uniform|military uniform|dress uniform|school uniform|livery"),
        ((_w("jacket", "olive", open=False, neck="collar"), _w("trousers", "olive"), _w("boots", "black")), "fatigues|army uniform|combat uniform|army fatigues"),
        ((_w("kimono", "?white", hem=3.0, open=False), _w("trousers", hem=1.2)), "gi|karate gi|judogi|karate suit|martial arts uniform"),
        ((_w("jersey", "?red"), _w("shorts", hem=2.4), _w("socks", hem=1.85), _w("sneakers", "black")), "football kit|soccer kit|kit|football uniform|soccer uniform|sports uniform"),
        ((_w("tank top", "?purple", hem=3.3), _w("shorts"), _w("sneakers", "white")), "basketball uniform|basketball kit"),
    )
    for word in words.split("|")
}  # fmt: skip
"""Word -> the pieces of an ensemble, which share the color that is said."""

CLOTHES = (
    "clothes",
    "clothing",
    "outfit",
    "costume",
    "garb",
    "attire",
    "garments",
    "dress code",
    "gear",
    "colors",
    "ensemble",
)
"""Words for everything one wears: a color before them is the color of the whole outfit."""

CHANGES: dict[str, dict] = {
    word: change
    for change, words in (
        ({"sleeve": 1.9}, "long-sleeved|long sleeved|long-sleeve|long sleeve|long sleeves|full-sleeved|with long sleeves"),
        ({"sleeve": 0.6}, "short-sleeved|short sleeved|short-sleeve|short sleeve|short sleeves|half-sleeved|with short sleeves|rolled-up sleeves|rolled up sleeves"),
        ({"sleeve": -0.1}, "sleeveless|without sleeves|no sleeves"),
        ({"sleeve": 1.3}, "three-quarter sleeves|three-quarter-sleeved|elbow-length sleeves|3/4 sleeves|half sleeves"),
        ({"neck": "v"}, "v-neck|v neck|v-necked|deep-neck"),
        ({"neck": "crew"}, "crew-neck|crew neck|round-neck|crewneck"),
        ({"neck": "scoop"}, "scoop-neck|scoop neck|low-cut"),
        ({"neck": "strapless", "sleeve": -0.3}, "strapless|off-shoulder|off-the-shoulder"),
        ({"neck": "turtleneck"}, "high-necked|high-neck|turtle-necked"),
        ({"neck": "collar"}, "collared|button-down|buttoned-up"),
        ({"neck": "hood"}, "hooded"),
        ({"open": True}, "open|unbuttoned|unzipped|opened"),
        ({"open": False}, "closed|buttoned|zipped|zipped-up|zipped up|double-breasted|fastened"),
        ({"hem": 2.02}, "knee-length|knee length|midi"),
        ({"hem": 2.65}, "mini|thigh-length|very short"),
        ({"hem": 0.9}, "ankle-length|full-length|flared"),
        ({"hem": 0.3}, "floor-length|maxi|flowing"),
        ({"hem": 1.6}, "calf-length|three-quarter|cropped-leg"),
        ({"hem": 1.88}, "knee-high"),
        ({"hem": 2.75}, "thigh-high|over-the-knee"),
        ({"hem": 4.35}, "cropped|midriff"),
        ({"length": "long"}, "long"),
        ({"length": "short"}, "short"),
        ({"pattern": "stripes"}, "striped|stripy|stripey|horizontally striped|horizontal-striped|breton"),
        ({"pattern": "hoops"}, "banded"),
        ({"pattern": "pinstripes"}, "pinstriped|pinstripe|pin-striped|vertically striped|chalk-striped"),
        ({"pattern": "checks"}, "checked|checkered|chequered|plaid|tartan|gingham|checkerboard|lumberjack-checked|flannel"),
        ({"pattern": "dots"}, "dotted|polka dot|polka-dot|polka-dotted|spotted|spotty|polkadot|floral|flowered|flowery|leopard|hawaiian|leopard print|leopard-print|animal print|floral print|flower print"),
        ({"pattern": "camouflage"}, "camouflage|camo|camouflaged|mottled"),
        ({"pattern": "halves"}, "two-tone|two-toned|half-and-half|color-block|color-blocked|two-colored|harlequin|parti-colored|motley"),
        ({"pattern": "sidestripe"}, "side-striped"),
        ({"pattern": "plain"}, "plain|solid|single-colored|unpatterned"),
        ({"style": "long"}, "long-haired|long haired"),
        ({"style": "short"}, "short-haired|short haired|crew cut"),
        ({"style": "bob"}, "bobbed|shoulder-length"),
        ({"style": "afro"}, "afro|curly|frizzy"),
        ({"style": "mohawk"}, "mohawk|mohican|punk-haired"),
        ({"style": "bun"}, "bun|ponytail|pony tail|topknot|braided|pigtails"),
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
            "emblem|logo|star|cross|badge|heart|letter|symbol|number|circle|crest|skull|lightning bolt|diamond|print",
        ),
    )
    for word in words.split("|")
}
"""Nouns for what is on a garment: "a shirt with white stripes"."""

PEOPLE: dict[str, dict] = {
    word: traits
    for traits, words in (
        ({}, "person|people|human|someone|somebody|figure|character|avatar|individual|kid|child|teenager|teen|adult|dancer figure|guy or girl|model person|performer person|body|one|they|toddler|baby"),
        ({"hair": "short"}, "man|male|guy|boy|gentleman|father|dad|he|men|dude|fellow|lad|uncle|brother|husband|bloke"),
        ({"hair": "long"}, "woman|female|lady|girl|mother|mom|mum|she|women|gal|aunt|sister|wife|chick"),
        ({"hair": "short", "grey": True}, "grandfather|grandpa|old man|elderly man|granddad|old guy"),
        ({"hair": "bun", "grey": True}, "grandmother|grandma|old woman|elderly woman|old lady|granny|elderly lady"),
        ({"grey": True}, "old person|elderly person|senior|pensioner"),
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

JOINERS = ("and", "&", "plus", "as well as", "or", "/", "+")
BREAKS = (",", ";", ".", ":", "with", "wearing", "in", "wears", "dressed in", "clad in", "sporting", "dressed", "who", "whose", "that", "which", "has", "having", "clothed in", "donning", "wore", "is", "are", "while", "on", "but", "also", "then", "he's", "she's", "carrying", "holding", "paired with", "matched with", "against", "at", "under", "worn", "wear", "put on", "from", "to", "except", "except for", "apart from", "other than", "besides")  # fmt: skip
OVER = ("over", "on top of", "above", "worn over", "covering")
UNDER = ("underneath", "beneath", "below")
ARTICLES = (
    "a",
    "an",
    "the",
    "his",
    "her",
    "their",
    "its",
    "my",
    "some",
    "pair of",
    "a pair of",
    "matching",
    "this",
    "your",
    "another",
)
NO = (
    "no",
    "without",
    "not wearing",
    "not",
    "isn't wearing",
    "minus",
    "lacking",
    "instead of",
    "not in",
    "without a",
    "without any",
    "never",
    "anything but",
    "isn't",
    "aren't",
    "doesn't wear",
    "does not wear",
    "don't wear",
    "doesn't have",
    "does not have",
    "has no",
    "rather than",
    "neither",
    "nor",
)
ALL = (
    "all",
    "entirely",
    "completely",
    "head to toe",
    "from head to toe",
    "fully",
    "totally",
    "all over",
    "everything",
    "whole",
    "head-to-toe",
    "purely",
    "only",
    "solid",
)
THINGS = {
    "eyes": "eyes", "eye": "eyes", "eyed": "eyes", "collar": "", "cuffs": "", "buttons": "", "laces": "", "soles": "", "trim": "",
    "background": "", "ball": "", "car": "", "sword": "", "guitar": "", "bike": "", "horse": "", "dog": "",
    "room": "", "floor": "", "nose": "", "cheeks": "", "mouth": "", "makeup": "", "balloon": "", "wings": "", "tail": "",
    "wand": "", "staff": "", "axe": "", "gun": "", "rifle": "", "hammer": "", "cane": "", "stick": "", "broom": "", "phone": "",
    "cup": "", "handbag": "", "purse": "", "suitcase": "", "house": "", "wall": "", "chair": "", "grass": "", "tree": "", "lips": "", "nails": "", "flag": "", "shield": "", "umbrella": "", "light": "",
    "sky background": "", "pocket": "", "pockets": "", "zip": "", "zipper": "", "lining": "", "belt buckle": "",
    "skin": "skin", "face": "skin", "microphone": "", "book": "", "hands": "", "feet": "", "legs": "",
}  # fmt: skip
"""Nouns that are no garment and yet take the color before them."""

MATERIALS = ("woolen", "woollen", "wool", "cotton", "leather", "silk", "silky", "satin", "linen", "velvet", "lace", "knitted", "shiny", "glossy", "matte", "tight", "loose", "baggy", "slim", "skinny", "fitted", "oversized", "thick", "thin", "heavy", "warm", "fluffy", "fuzzy", "padded", "quilted", "puffy", "classic", "elegant", "casual", "formal", "sporty", "vintage", "modern", "fashionable", "stylish", "simple", "nice", "beautiful", "big", "small", "large", "wide", "narrow", "high-waisted", "ripped", "torn", "old-fashioned", "traditional", "fancy", "cool", "new", "old", "worn-out", "dirty", "clean", "polished", "metallic", "sparkly", "glittering", "sequined", "colored", "coloured", "tailored", "smart", "waterproof", "protective", "cosy", "cozy", "furry", "fur", "rubber", "plastic", "nylon", "canvas", "suede", "corduroy", "tweed", "woven", "medieval", "winter", "summer", "autumn", "spring", "pleated", "straw", "matching", "summery", "soft-looking", "very", "really", "quite", "rather", "somewhat", "colour", "color", "work", "sports", "running", "hiking", "cargo", "style", "styled", "looking", "like", "curly-haired", "tall", "slender", "young", "middle-aged", "handsome", "happy", "sad", "athletic", "muscular", "strong", "fat", "chubby", "lean", "little", "tiny", "elderly", "transparent", "see-through", "sheer", "comfortable", "comfy", "cute", "pretty", "trendy", "retro", "expensive", "cheap", "stretchy", "crisp", "cashmere", "chiffon")  # fmt: skip
DYES = {
    "leather": "black",
    "suede": "camel",
    "linen": "cream",
    "tweed": "coffee",
    "straw": "sand",
    "corduroy": "coffee",
}
"""The color of cloth of which only the material is said."""

FILLERS = ("two", "three", "four", "five", "six", "several", "many", "group of", "group", "couple of", "few", "other", "every", "everyone", "everybody", "all of them", "wait", "actually", "maybe", "perhaps", "half", "of", "for", "by", "as", "it", "there", "his own", "photo", "picture", "image", "rendering", "3d rendering", "3d", "render", "drawing", "portrait", "an image of", "a photo of", "a picture of", "please", "make", "show", "me", "give", "i want", "want", "would", "be", "being", "was", "were", "dancing", "walking", "running around", "runs", "walks", "jumping", "jumps", "dances", "standing", "stands", "sitting", "sits", "waving", "waves", "kicking", "throwing", "playing", "plays", "jogging", "quickly", "slowly", "happily", "just", "both", "each", "any", "pair", "underneath it", "avatar of", "style of", "dress up", "up", "down", "around", "against", "front", "back", "side", "chest", "top half", "looks", "look", "them", "him", "himself", "herself", "where", "when", "can", "you", "i", "we", "our", "so", "too", "into", "out", "off", "through", "about", "after", "before", "ones", "item", "items", "set", "type", "kind", "going", "singing", "posing", "fighting", "boxing", "stretching", "crouching", "turning", "spinning", "marching", "working", "dressed up", "typical", "usual", "t-pose", "unreal engine", "engine", "unreal", "rendered", "head", "shoulders", "waist", "neck", "foot", "hand", "tied", "tucked", "wrapped", "printed", "painted", "covered")  # fmt: skip


def _phrases() -> dict[str, Item]:
    """Every phrase of the lexicon, later ones winning over earlier ones."""
    found: dict[str, Item] = {}

    def add(kind: str, words, value=None) -> None:
        for word in words:
            given = value(word) if callable(value) else value
            found[word.lower()] = Item(kind, word, given)

    add("filler", FILLERS)
    add("material", MATERIALS)
    add("thing", THINGS, THINGS.get)
    add("article", ARTICLES)
    add("joiner", JOINERS)
    add("break", BREAKS)
    add("over", OVER)
    add("under", UNDER)
    add("no", NO)
    add("all", ALL)
    add("shade", SHADES)
    add("color", NAMED, lambda word: word)
    add("color", SAME, lambda word: word)
    add("person", PEOPLE, PEOPLE.get)
    add("skin", SKINS, SKINS.get)
    add("bare", BARE, BARE.get)
    add("naked", NAKED)
    add("change", CHANGES, CHANGES.get)
    add("figure", FIGURES, FIGURES.get)
    add("clothes", CLOTHES)
    add("garment", GARMENTS, GARMENTS.get)
    return found


PHRASES: dict[str, Item] = _phrases()
LONGEST = max(len(phrase.split()) for phrase in PHRASES)
