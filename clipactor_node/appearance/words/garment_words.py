"""The words for garments."""

# ruff: noqa: E501 - the tables of words are one line for each meaning

from typing import Unpack

from clipactor_node.appearance.garments import Cut
from clipactor_node.appearance.kinds import KINDS
from clipactor_node.appearance.words.entries import Wear


def _w(kind: str, own: str | None = None, **cut: Unpack[Cut]) -> Wear:
    return Wear(kind, cut, own)


_SINGLE: dict[str, Wear] = {kind: _w(kind) for kind in KINDS} | {
    word: wear
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
        (_w("skirt"), "pencil skirt"),
        (_w("pleated skirt"), "school skirt|tennis skirt"),
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
        (_w("leather jacket"), "biker jacket|motorcycle jacket"),
        (_w("denim jacket"), "jean jacket|jeans jacket"),
        (_w("blazer"), "suit jacket|sport coat|sports coat|dinner jacket|suit coat|waistcoat jacket"),
        (_w("blazer", hem=2.4), "tailcoat|tails|frock coat|morning coat"),
        (_w("vest"), "waistcoat|gilet|leather vest|body warmer"),
        (_w("safety vest"), "hi-vis vest|high-visibility vest|hi vis vest|reflective vest|hi-vis|high-vis vest"),
        (_w("life vest"), "life jacket"),
        (_w("coat"), "overcoat|raincoat|winter coat|parka|greatcoat|duster|peacoat|mac"),
        (_w("trench coat"), "trenchcoat|mackintosh"),
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
        (_w("necklace"), "chain|pearls|medal|collar necklace|lei|beads|pendant|whistle"),
        (_w("gloves"), "mittens|gauntlets|glove|boxing gloves|work gloves"),
        (_w("gloves", sleeve=1.1), "opera gloves|evening gloves|long gloves"),
        (_w("socks"), "sock"),
        (_w("socks", hem=1.85), "knee socks|football socks|soccer socks|high socks|knee-high socks"),
        (_w("stockings"), "pantyhose|nylons|stocking|fishnets|thigh-highs"),
        (_w("shoes"), "shoe|loafers|brogues|oxfords|dress shoes|leather shoes|derbies|clogs"),
        (_w("sneakers"), "trainers|running shoes|sports shoes|tennis shoes|cleats|football boots|gym shoes"),
        (_w("sneakers"), "skates|ice skates|roller skates|converse|plimsolls|basketball shoes"),
        (_w("heels"), "high heels|pumps|stilettos|high-heeled shoes|court shoes|stiletto heels"),
        (_w("ballet shoes"), "flats|ballet flats|ballet slippers|pointe shoes|ballerinas|ballerina shoes"),
        (_w("slippers"), "slipper|mules|house shoes"),
        (_w("cowboy boots"), "western boots|cowboy boot"),
        (_w("sandals"), "flip-flops|flip flops|sandal|thongs"),
        (_w("boots"), "boot|wellies|rain boots|combat boots|work boots|rubber boots|ski boots"),
        (_w("boots", hem=1.15), "ankle boots|hiking boots|chelsea boots|space boots"),
        (_w("boots", hem=1.9), "knee-high boots|riding boots|waders|jackboots|long boots|high boots"),
        (_w("knee pads"), "shin guards|kneepads|shin pads"),
        (_w("hair"), "hairs|wig|haired"),
        (_w("beard"), "goatee|stubble|whiskers"),
        (_w("moustache"), "mustache"),
        (_w("cap"), "baseball cap|flat cap|visor|cricket cap"),
        (_w("peaked cap"), "police cap|captain hat|police hat|officer cap|military cap|pilot cap|captain's hat|sergeant cap"),
        (_w("hat"), "fedora|trilby|safari hat"),
        (_w("cowboy hat"), "stetson|western hat|ten-gallon hat"),
        (_w("bowler"), "bowler hat|derby hat"),
        (_w("straw hat"), "sun hat|sunhat|sombrero|pointed straw hat|straw sun hat|boater|panama hat"),
        (_w("hat"), "tricorne|tricorn|pirate hat|campaign hat|bucket hat"),
        (_w("beanie"), "woolly hat|knit cap|wool hat|swim cap|skull cap|skullcap|nightcap|bobble hat|kippah|fez"),
        (_w("beanie"), "surgical cap|scrub cap|nurse cap|sailor cap|sailor hat|paper hat|knit hat"),
        (_w("helmet"), "crash helmet|bike helmet|bicycle helmet|pith helmet"),
        (_w("hard hat"), "hardhat|safety helmet|construction helmet"),
        (_w("fire helmet"), "firefighter helmet|firefighter's helmet|fireman's helmet|fireman helmet"),
        (_w("astronaut helmet"), "space helmet|bubble helmet"),
        (_w("knight helmet"), "knight's helmet|great helm|visored helmet"),
        (_w("chef hat"), "toque|chef's hat|chefs hat|cook's hat"),
        (_w("top hat"), "stovepipe hat|bearskin"),
        (_w("cone hat"), "wizard hat|witch hat|pointed hat|party hat|pointy hat|jester hat"),
        (_w("cone hat", "red"), "santa hat|christmas hat|elf hat"),
        (_w("crown"), "laurel wreath|wreath|circlet|coronet"),
        (_w("tiara"), "diadem"),
        (_w("headband"), "sweatband|hairband|alice band|head band"),
        (_w("bandana"), "do-rag|durag|head kerchief|bandanna"),
        (_w("headscarf"), "hijab|head scarf|chador|wimple|keffiyeh"),
        (_w("hood"), "balaclava hood"),
        (_w("veil"), "bridal veil"),
        (_w("cowl"), "balaclava|ski mask"),
        (_w("full mask"), "face mask costume|wrestling mask|fencing mask|welding mask|gas mask|robot head"),
        (_w("mask"), "face mask|surgical mask|respirator|medical mask|muzzle"),
        (_w("eye mask"), "domino mask|eyemask|masquerade mask"),
        (_w("glasses"), "spectacles|eyeglasses|reading glasses|monocle"),
        (_w("sunglasses"), "shades|dark glasses|aviators|aviator glasses|sun glasses"),
        (_w("eyepatch"), "eye patch|eye-patch"),
        (_w("goggles"), "ski goggles|safety goggles|swim goggles|swimming goggles"),
    )
    for word in words.split("|")
}  # fmt: skip
"""Word -> the one piece it stands for."""

_ENSEMBLES: dict[str, tuple[Wear, ...]] = {
    word: wears
    for wears, words in (
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
        ((_w("space suit", "?white"), _w("trousers"), _w("gloves"), _w("boots")), "spacesuit|space suit"),
        ((_w("jacket", "?navy", open=False, neck="collar"), _w("trousers"), _w("shoes", "black")), "uniform|military uniform|dress uniform|school uniform|livery"),
        ((_w("jacket", "olive", open=False, neck="collar"), _w("trousers", "olive"), _w("boots", "black")), "fatigues|army uniform|combat uniform|army fatigues"),
        ((_w("kimono", "?white", hem=3.0, open=False), _w("trousers", hem=1.2)), "gi|karate gi|judogi|karate suit|martial arts uniform"),
        ((_w("jersey", "?red"), _w("shorts", hem=2.4), _w("socks", hem=1.85), _w("sneakers", "black")), "football kit|soccer kit|kit|football uniform|soccer uniform|sports uniform"),
        ((_w("tank top", "?purple", hem=3.3), _w("shorts"), _w("sneakers", "white")), "basketball uniform|basketball kit"),
    )
    for word in words.split("|")
}  # fmt: skip
"""Word -> the pieces of an ensemble, which share the color that is said."""

GARMENTS = {word: (wear,) for word, wear in _SINGLE.items()} | _ENSEMBLES
"""Word -> the pieces it stands for."""

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
