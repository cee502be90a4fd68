"""The words the parser knows by name. Everything else it judges by position and ending."""

# ruff: noqa: E501 - lists of words

from typing import Literal

Control = Literal["", "stop", "pause", "resume", "reset", "mirror"]
Side = Literal["", "left", "right"]
Direction = Literal["", "forward", "backward", "sideways", "left", "right", "up", "down"]


def word_set(words: str) -> frozenset[str]:
    """The words of a text with blanks between them."""
    return frozenset(words.split())


def _by_form(verbs: str) -> dict[str, str]:
    """Form -> base form, of "base form form; base form"."""
    rows = (row.split() for row in verbs.split(";"))
    return {form: base for base, *forms in rows for form in forms}


def _phrases(phrases: str) -> tuple[tuple[str, ...], ...]:
    """The words of each phrase, of "one phrase | another"."""
    return tuple(tuple(phrase.split()) for phrase in phrases.split("|"))


# Verbs of bodily motion, base forms. One that is missing is still found after "is" or "who".
VERBS = word_set(
    """
    accept accuse act adjust advance agree aim amble answer apologise apologize applaud approach
    arch argue arise attack avoid backflip backpedal bake balance bang bark bat bathe beat beckon
    beg begin bend blink blow blush bob bounce bow bowl box brace brag brandish breakdance breathe
    brush bully bump burpee burst button carry cartwheel carve cast catch celebrate charge chase
    chat chatter cheer chew chop chuckle circle clamber clap clean clench climb clutch collapse
    collect comb come complain conduct confirm congratulate conjure consider cook cough count cover
    cower crab-walk crack crane crawl creep cringe croon cross crouch crumple cry curl curtsey
    curtsy cut cycle dab dance dangle dash deadlift decline defend descend despair dig dip direct
    disagree discuss dismiss dive do do-si-do dodge doff doodle drag draw dribble drink drive drop
    drum duck dust eat elbow embrace enter enumerate erupt examine exercise exit explain express
    extend facepalm faint fake fall fan fasten feed feint fence fend fetch fiddle fidget fight file
    fill film fish fix flail flap flee flex flick flinch flip flirt float flop flutter fly fold
    follow foxtrot freeze frolic frown fumble gallop gasp gather genuflect gesticulate gesture get
    giggle give glance glide go goose-step grab grasp greet grieve grimace grin grind grip groan
    groove grovel growl guide gulp gyrate hail halt hammer handspring handstand hang haul headbang
    headbutt heave heft hide high-five hike hit hobble hoist hold hoover hop hover hug hula-hoop hum
    hunch hunt hurdle hurl hurry hush imitate inch indicate inspect invite iron jab jerk jig jiggle
    jitterbug jive jog juggle jump kick kiss knead kneel knit knock ladle lather laugh launch lay
    lead lean leap leave lick lie lift limber limp listen load lob lock look loosen lose lounge
    lower lug lunge lurch make maneuver march marshal mash massage meditate milk mime mimic mix moan
    moonwalk mop mourn move mow munch nap nestle nibble nod nudge object offer open operate pace
    pack paddle paint panic pant pantomime parry pass pat pause pedal peek peel peer perch perform
    pet photograph pick pinch pirouette pitch pivot place plank plant play plead pledge plod plop
    pluck point poke polish ponder pose pounce pound pour praise prance pray present press proceed
    prod propose protect protest prowl pull pump punch punish punt push put quarrel queue quiver
    race rage raise rake rap reach read rearrange receive recite recline recoil refuse regulate
    rehearse reject relax relieve remain repeat rest retreat return ride ring rinse rise roar rock
    roll rollerblade rotate row rub rummage run rush sag salivate salsa salute sashay saunter saw
    say scale scamper scan scold scoop scoot scowl scramble scrape scratch scream screw scrub scurry
    search send serve sew shadowbox shake shampoo shave shed shelter shiver shoo shoot shout shove
    shovel show shrink shrug shudder shuffle sidestep sigh signal sing sip sit skate skateboard
    sketch ski skip slam slap slash sleep sleepwalk slice slide sling slip slouch slump slurp smack
    smash smile smoke smooth snap snatch sneak sneeze sniff snooze snore soar sob somersault soothe
    sort spar speak speed spin spit splash spread spring sprint squat squeeze squint squirm squish
    stab stack stagger stalk stamp stand stare startle stay steer step stick stir stomp stoop stop
    stow straighten strain stretch stride strike stroke stroll strum strut stumble stutter sulk surf
    surrender swagger swallow swat sway swear sweat sweep swerve swim swing swipe swirl swish swivel
    take talk tango tap taunt teach tear tease telephone tell thank think threaten throw thrust
    tickle tidy tie tighten tilt tip tiptoe toast toddle topple toss totter touch tow trace train
    traipse trample travel tread tremble trip triumph trot trudge try tuck tug tumble turn twerk
    twiddle twirl twist twitch type unbutton unfold unload unlock unpack unwind unzip uppercut use
    vacuum vault veer vomit waddle wade wag wail wait wake walk wallow waltz wander warm warn wash
    watch wave weave weep weigh welcome whack wheel whimper whip whirl whisper whistle wield wiggle
    wince wind windmill wipe wobble wonder work worry worship wrap wrestle wriggle write yawn yell
    yodel zigzag zip zoom zumba
    """
)

IRREGULAR = _by_form(
    """
    arise arose arisen; beat beaten; begin began begun; bend bent; blow blew blown; catch caught; come
    came; creep crept; die dying; dig dug; dive dove; do did does done; draw drawn drew; drink drank
    drunk; drive driven drove; eat ate eaten; fall fell fallen; fight fought; fly flew flown; freeze
    froze frozen; get got; give gave given; go goes gone went; hang hung; hide hid hidden; hold held;
    kneel knelt; lay laid; lead led; lean leant; leap leapt; lie lain lying; ride ridden rode; rise
    risen rose; run ran; shake shaken shook; shoot shot; sing sang; sit sat; sleep slept; slide slid;
    sling slung; speak spoke; spin spun; spring sprang; stand stood; stride strode; strike struck; sweep
    swept; swim swam; swing swung; take taken took; teach taught; tear tore; think thought; throw threw
    thrown; tie tying; tread trod; wake woke; weave wove; weep wept; write written wrote
    """
)
"""Irregular form of a verb -> its base form."""

AUXILIARIES = word_set(
    """
    is are was were be been being am has have had will would can could should shall may might must do
    does did gets got 's 're don't dont doesn't doesnt didn't isn't aren't wasn't weren't won't can't cant couldn't
    shouldn't wouldn't mustn't cannot ain't he's she's it's i'm you're they're we're i'll you'll he'll she'll
    """
)
NEGATIONS = word_set(
    "not n't never without no nor neither cannot isn't doesn't don't didn't won't can't dont doesnt cant"
)

# "Start walking", "pretends to play": said about an action, they are none.
ASPECTS = word_set(
    """
    start starts started starting begin begins began beginning keep keeps kept keeping try tries tried trying
    continue continues pretend pretends pretending learn learns learning practice practices practise
    """
)
# "Stop dancing": not to dance.
ENDINGS = word_set("stop stops stopped stopping quit quits cease ceases finish finishes avoid avoids")
NOBODY = word_set("nobody noone none")

# What is known, felt or owned is not performed: "he doesn't know and lifts his shoulders".
STATES = word_set(
    """
    know knows knew want wants wanted like likes liked feel feels felt seem seems need needs love loves hate hates
    believe believes understand understands remember remembers forget forgets mean means have has had own owns
    see sees saw hear hears heard become becomes
    """
)
# They say nothing themselves; what is done is their object: "do ten squats", "take a bow", "go for a walk".
LIGHT_VERBS = word_set(
    "do make take give perform have go get show execute repeat present demonstrate complete"
)
# Nouns that count what the verb does: "walk ten steps", "do twelve reps of squats".
COUNTED = word_set(
    "times time step steps pace paces rep reps repetition repetitions round rounds lap laps set sets stride strides"
)
# Names of actions that are no form of a verb.
ACTION_NOUNS = word_set(
    """
    applause thumbs thumb five jacks jack pushup pushups push-up push-ups situp situps sit-up sit-ups pullups burpees
    call seat somersaults somersault macarena ballet yoga karate tai chi pose selfie salsa twirls flips kicks hello goodbye
    pirouettes hops skips planks crunches backflips cartwheels handstands
    """
)
# Before an action they name which kind it is: "*star* jumps", "a *tornado* kick".
COMPOUNDS = word_set(
    """
    star tornado spinning flying side front high knee bunny frog victory war belly air butterfly scissor split tuck
    hip toe neck body karate judo   thumbs cart hand back forward backward arm head shoulder leg chin
    """
)
# Before the bare form of an action they name which kind it is, too, where "robot waves" has a subject: "*robot* dance".
KINDS = word_set(
    """
    tree warrior yoga shadow sword golf tennis badminton basketball football soccer volleyball baseball hockey
    disco latin hula two-step ballroom party chicken robot popping tap moon square folk street hip-hop pole line
    military power parade goose rope axe fire rain cheer salsa samba rumba tango bachata polka ballet jazz swing
    irish greek indian egyptian
    """
)
# Of these a bare "left" or "right" is a hand or foot, not a way to go: "punch left".
HANDED = word_set("punch jab wave kick slap salute throw hit box hook drink beckon wink strike uppercut")
STANDSTILL = word_set("stop halt pause wait stay remain freeze stand hold")
MOVING = word_set("move stir budge twitch")

DETERMINERS = word_set(
    """
    a an the this that these those his her its their my your our some any each every another one two
    three four five six seven eight nine ten both several many few all no either
    """
)
SINGULAR = word_set("a an this that each every another one")
PREPOSITIONS = word_set(
    """
    in on at of for from with into onto over under by through across along toward towards against
    between behind beside near like off about above below after before during within
    """
)
PRONOUNS = word_set(
    "he she they it i we you someone somebody everyone everybody who which he's she's it's they're"
)
SUBORDINATE = word_set("who that which")
PEOPLE = word_set(
    """
    person people man men woman women boy boys girl girls child children kid kids human humans guy lady
    gentleman adult teenager figure character avatar actor actress dancer robot somebody someone
    individual subject he she they player hero superhero everybody everyone anybody anyone you we i one
    guys folks dude buddy bro mate pal
    """
)

# Who names nobody in particular.
GENERIC = PEOPLE - word_set("robot superhero hero dancer player actor actress")

GARMENTS = word_set(
    """
    apron armor armour attire backpack bandana beanie bathrobe belt bikini blazer blouse boots
    bowtie bra bracelet cap cape cardigan cloak clothes clothing coat collar corset costume cowl
    crown denim dress dungarees earrings fedora garment glasses glove gloves goggles gown hairband
    hat headband headscarf heels helmet hijab hood hoodie jacket jeans jersey jumper jumpsuit kilt
    kimono lab-coat leather leggings leotard mask moccasins necklace necktie outfit overalls pajamas
    pants parka pearls poncho pyjamas raincoat robe robes sandals sari sarong scarf scrubs shawl
    shirt shirts shoes shorts skirt slippers sneakers socks sombrero spacesuit stockings suit suits
    sunglasses suspenders sweater sweatpants sweatshirt swimsuit t-shirt tee tie tights toga top
    trench tracksuit trousers trunks tshirt tunic turban turtleneck tutu tuxedo underwear uniform
    veil vest visor waistcoat wetsuit wig hair beard moustache mustache ponytail braids dreadlocks
    afro tattoo tattoos makeup freckles gi handbag purse pantsuit sweatband armband wristband
    backpacks hoods pyjama breastplate spurs tailcoat nightgown onesie trenchcoat
    """
)
CLOTHES_MARKERS = word_set("wearing wears wear wore dressed clad donning sporting disguised")
COLORS = word_set(
    """
    red orange yellow green blue purple violet pink brown black white grey gray silver gold golden beige
    tan navy teal turquoise cyan magenta maroon crimson scarlet olive khaki ivory cream lime indigo
    bronze striped checkered checked plaid dotted polka-dot leather denim woolen silk velvet shiny
    shining bright dark light
    """
)

QUALITIES = word_set(
    """
    big small large little tall short long old young great huge tiny high low deep slow quick fast funny
    sad happy angry proud brave drunk tired strong weak heavy giant simple single double full half quick
    strange silly weird formal polite traditional modern latin classical right left front roundhouse
    """
)
BODY_PARTS = word_set(
    """
    arm arms hand hands leg legs foot feet knee knees elbow elbows shoulder shoulders hip hips side fist
    fists head finger fingers thumb thumbs wrist ankle eye eyes ear cheek heel toe toes hook jab
    """
)

ADVERBS = word_set(
    """
    slowly slow quickly quick fast rapidly swiftly briskly gently calmly happily sadly angrily proudly
    carefully suddenly then also just again still really very now first finally next afterwards
    immediately simply energetically gracefully wildly clumsily drunkenly lazily loudly quietly softly
    lightly hard together backwards backward forwards forward left right up down around back sideways
    away over again anyway hurriedly hastily faster slower quicker leisurely casually repeatedly continuously always almost currently only even
    """
)

# Motions of legs and pelvis: in "waves while walking" the walk is the base, the wave goes on top.
WHOLE_BODY = word_set(
    """
    walk run jog sprint march step stride stroll hop jump leap skip crawl climb sit stand kneel squat
    crouch lie dance limp tiptoe sneak shuffle trot gallop strut stagger wander pace ride cycle swim
    skate ski roll creep hike moonwalk lunge balance spin turn rotate fall amble saunter trudge prowl
    stalk
    """
)

_UNITS = """
one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
eighteen nineteen
"""
TENS = {
    word: 20 + 10 * i
    for i, word in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"])
}
NUMBERS: dict[str, float] = {
    "half": 0.5,
    **{word: i for i, word in enumerate(_UNITS.split(), 1)},
    **TENS,
    "a": 1,
    "an": 1,
    "once": 1,
    "twice": 2,
    "thrice": 3,
    "couple": 2,
    "few": 3,
    "several": 4,
    "dozen": 12,
    "pair": 2,
    "trio": 3,
    "handful": 5,
    "hundred": 100,
}
ORDINALS = word_set(
    "first firstly second secondly third thirdly fourth fifth sixth seventh lastly last finally"
)

FAST = word_set(
    "fast faster quickly quick quicker rapidly rapid swiftly briskly hurriedly hastily speedily energetically promptly"
)
SLOW = word_set("slow slower slowly gently calmly lazily unhurriedly unhurried sluggishly languidly")
INTENSIFIERS = word_set("very really extremely super so too quite")
SPEEDS: dict[tuple[str, ...], float] = {
    tuple(phrase.split()): factor
    for factor, phrases in (
        (
            0.5,
            "half speed|half the speed|half as fast|twice as slow|twice as slowly|slow motion|slow-motion|slowmo",
        ),
        (
            0.7,
            "as slowly as possible|as slowly as you can|a slow pace|a snail's pace|reduced speed|low speed",
        ),
        (
            1.4,
            "as fast as possible|as fast as you can|as fast as he can|as fast as she can|as quickly as you can",
        ),
        (
            1.4,
            "as quickly as possible|full speed|top speed|high speed|a fast pace|a brisk pace|a hurry|a rush|no time",
        ),
        (2.0, "double speed|double the speed|twice as fast|twice as quickly|twice the speed|fast motion"),
        (3.0, "triple speed|three times as fast"),
    )
    for phrase in phrases.split("|")
}
"""Phrases that name a speed, as a factor."""

_NAMED_SO: dict[Direction, str] = {
    "forward": "forward forwards ahead straight",
    "backward": "backward backwards back",
    "sideways": "sideways sideway sidewards laterally",
    "up": "up upwards upward upstairs",
    "down": "down downwards downward downstairs",
}
DIRECTIONS: dict[str, Direction] = {
    word: direction for direction, words in _NAMED_SO.items() for word in words.split()
}

# Words that only other languages use where English would use its own.
FOREIGN = word_set(
    """
    un una unos unas el los las del hombre mujer persona que est esta una der die das ein eine einen
    einer und nicht ist mann frau le les une des du et est homme femme qui dans avec il elle um uma
    homem mulher o os e na com mit der auf zu een het een en van met di che uomo donna con per
    """
) - word_set("die das met van o e per con")
