"""Idioms and requests: fixed phrases, and what each says."""

# ruff: noqa: E501 - one line for each meaning


def _table(rows: str) -> dict[tuple[str, ...], str]:
    """Phrase -> what it says, of lines "said = phrase | phrase"."""
    found: dict[tuple[str, ...], str] = {}
    for row in rows.strip().splitlines():
        said, _, phrases = row.partition("=")
        found |= {tuple(phrase.split()): said.strip() for phrase in phrases.split("|")}
    return found


IDIOMS = _table(
    """
    , = no problem | no worries | no wonder | no doubt | there is no doubt | there's no doubt | without a doubt
    , = without doubt | without fail | without delay | without hesitation | without further ado | no offence | no kidding
    , = no offense | of course | by the way | you know what | no need to worry | never mind | nevermind | no big deal
    , = if you don't mind | if you like | if you please | if possible | needless to say | in my opinion | for me please
    , = nobody is here | nobody is watching | no one is watching | nobody's watching | no one is here | it is nothing
    , = it's nothing | there is nothing to it | no matter what | no matter how | no sweat | no way around it | not bad
    , = for god's sake | for heaven's sake | what the hell | thank you | thanks | in no particular order | in no hurry | in no rush | no hurry | no rush
    , = with no hurry | without haste | without hurry | without hurrying | without rushing
    never = under no circumstances | by no means | on no account | at no time | no longer | not any longer | no more
    not = refuse to | refuses to | anything but | must not | mustn't | may not | should not | shouldn't | cannot
    = not only | nothing but | don't forget to | do not forget to | never forget to | don't hesitate to | do not hesitate to
    = can't help but | cannot help but | couldn't help but | can't help | cannot help | couldn't help | can't wait to
    = cannot wait to | don't be afraid to | do not be afraid to | don't be shy and | can't stop | cannot stop | couldn't stop
    = can not stop | could not stop | doesn't stop | does not stop | don't stop | do not stop | never stop | never stops
    = not stop | won't stop | will not stop | without stopping | feel free to | go ahead and | be so kind as to
    = be so kind and | come on and | do me a favour and | do me a favor and | make sure to | be sure to | remember to
    = manage to | manages to | proceed to | proceeds to | goes on to | go on and | dare to | dares to | happens to
    = seems to | appears to | is about to | is going to | are going to | am going to | used to | ends up | end up
    , = break a leg | long time no see | easy come easy go | no pain no gain | no way | not a chance | better late than never
    , = give me a hand and | give us a hand and | lend me a hand and | hold your horses | have no fear | fear not | good job
    , = excuse me | excuse me but | sorry to bother you but | sorry to bother you | sorry but | be a dear and | be nice and
    , = once upon a time | as you wish | knock on wood | god bless you | bless you | good morning | good evening | good day
    , = that's it | that is it | here we go | here goes | ready steady go | on your marks | one two three go | for once
    everything except = everything but | all but | anything except
    then = but also | but then | last but not least | to finish | to end with | to conclude | to top it off | after which
    then = end with | end by | ends with | ends by | finish with | finish by | finishes with | finishes by | conclude with
    then = finish off with | ending with | finishing with | at the end | in the end | after this | and after that
    first = start by | start with | starts by | starts with | begin by | begin with | begins by | begins with | starting with
    first = to start with | to begin with | first of all | first off | at first | start off by | start off with
    and = as well as | along with | and also | in addition to
    while = at the same time as | and meanwhile
    rest = take five | chill out | take a breather
    lie down on = lay down on
    a = a bit of a | a kind of | a sort of | a nice | a little bit of
    drunkenly = as if drunk | as if he was drunk | as if he is drunk | as if he were drunk | as if she was drunk | as if she were drunk
    drunkenly = as if she is drunk | as though drunk | as if being drunk | like he is drunk | like he's drunk | like she is drunk
    angrily = as if angry | as if he is angry | as if he was angry | as if she was angry | like he is angry | like she is angry
    sadly = as if sad | as if he is sad | as if he was sad | as if she was sad | like he is sad | like she is sad
    happily = as if happy | as if he is happy | as if he was happy | as if she was happy | like he is happy | like she is happy
    tiredly = as if tired | as if he is tired | as if he was tired | as if exhausted | like he is tired | like she is tired
    nervously = as if nervous | as if he is nervous | like he is nervous | like she is nervous
    proudly = as if proud | like he is proud | like she is proud
    like an old man = as if old | as if he is old | as if he was old | as if he were an old man | as if he was an old man
    slowly = take it slow | take it slowly | take it easy | take your time | take your time and | nice and slow
    show something small = just a little bit | only a little bit | just a bit | a tiny bit | just a tad
    in place = on the spot | on the same spot | in one place | in one spot | without moving forward
    give = hand over | hand me | hand him | hand her | hand us | hand them
    show this big = show me how big | show us how big | show me how large | show me how wide | show me how long
    show that high = show me how tall | show me how high | show us how tall | show us how high
    show this small = show me how small | show me how little | show me how tiny | show us how small
    you = u | ya
    your = ur
    please = pls | plz
    want to = wanna
    have to = gotta
    going to = gonna
    let me = lemme
    give me = gimme
    = over and over again | over and over | again and again | time and again | time after time | either | non-stop | nonstop
    , = whichever you like | whichever you prefer | whatever you like | whatever you prefer | it's up to you | your choice
    , = or something | or something like that | or whatever | or so | period
    , = whatever you do | whatever happens | come what may | at all costs | by all means | ready set go | good luck
    , = put your best foot forward and | pull yourself together and | pull yourself together | get a grip and | get a grip
    , = don't beat around the bush | let's get the ball rolling | rise and shine | roll up your sleeves and | give me a hand !
    , = give us a hand ! | lend me a hand ! | look alive | look sharp | shake a leg and | get off your high horse and
    never = i don't want you to | i do not want you to | i would not like you to | i wouldn't like you to | you don't have to
    never = you do not have to | you don't need to | you do not need to | you needn't | you need not | there is no need to
    never = there's no need to | no need to | i'd rather you didn't | i would rather you did not | i'd prefer you not to
    never = refrain from | abstain from | please refrain from | far from | no point in | there is no point in
    = in a row | in succession | in a series | one after another | one after the other | on the trot | back to back
    = alternate between | alternates between | switch between | take turns | a game of | a round of | a bout of | a spot of
    sleep = hit the sack | hit the hay | catch some z's | get some shut-eye | get some shuteye | go out like a light | call it a night
    walk = hit the road | stretch your legs | be on your way | get going | get moving | take a hike | make tracks
    run away = take to your heels | make a run for it | head for the hills | beat a hasty retreat | leg it | make a break for it
    run fast = step on it | put the pedal to the metal | go like the wind | run like the wind | run like hell
    dance = cut a rug | shake a leg | bust some moves | show some moves | trip the light fantastic | hit the dance floor
    look around = keep your eyes peeled | keep your eyes open | keep an eye out | be on the lookout | keep a lookout | take a look around
    listen = lend an ear | lend me your ears | be all ears | prick up your ears | keep your ear to the ground
    shrug = i do not care | i don't care | do not care | don't care | does not care | doesn't care | did not care | didn't care
    shrug = i could not care less | i couldn't care less | could not care less | couldn't care less | who cares | i don't give a damn
    turn 180 degrees left = face the other way | turn to the other way | turn the other way | face the opposite way | turn to the opposite way
    turn 180 degrees left = face the other direction | turn to the other direction | face the opposite direction | turn to the opposite direction
    turn 180 degrees left = about face | about-face | do an about-face | do a u-turn | make a u-turn | turn to face the other way
    be quiet = hold your tongue | zip it | zip your lips | button your lip | keep mum | put a sock in it | shut up
    laugh = crack up | split your sides | laugh your head off | burst with laughter | be in stitches
    cry = turn on the waterworks | cry your eyes out | cry your heart out | break down in tears
    stand still = stay put | don't move a muscle | do not move a muscle | stand your ground | freeze on the spot | keep still
    sit down = grab a seat | pull up a chair | take the weight off your feet | take a load off | park yourself
    be angry = blow your top | hit the roof | hit the ceiling | lose your temper | see red | fly off the handle | blow a fuse
    be afraid = get cold feet | shake in your boots | chicken out | jump out of your skin
    surrender = throw in the towel | wave the white flag | raise the white flag | give in | throw up your hands
    eat = grab a bite | dig in | pig out | chow down | tuck in
    drink = wet your whistle | knock one back | down a pint
    think = put on your thinking cap | sleep on it | rack your brain | rack your brains | mull it over
    get up = get out of bed | rise to your feet | get to your feet
    apologize = eat humble pie | say you're sorry | say you are sorry
    hurry = get a move on | make haste | look lively
    quickly = hurry up | hurry up and | be quick | make it quick | chop chop
    """
)
"""Fixed expressions whose words do not mean what they say one by one, and what stands for each."""

REQUESTS = _table(
    """
    = wanna see you | wanna see | bro | forget what i said | ignore that | cancel that | strike that | disregard that
    = i would like you to | i'd like you to | i want you to | i want the avatar to | i want him to | i want her to
    = i want to see you | i want to see | i would like to see you | i would like to see | i'd like to see you
    = i'd like to see | i'd love to see you | i'd love to see | i would love to see you | i would love to see | let me see you
    = let me see | let's see you | let's see | may i see | can i see | could i see | can we see | i need you to | i wish you would
    = could the avatar please | can the avatar please | could the avatar | can the avatar | could you please
    = can you please | would you please | will you please | could you | can you | would you | will you | can u | could u
    = would you mind | would it be possible to | is it possible to | is it possible for you to | are you able to
    = do you know how to | do you want to | would you like to | would you care to | how do you | how does one
    = how about | what about | why don't you | why do you not | why not | shall we | you should | you must | you have to
    = you need to | you may | you can | it's time to | it is time to | time to | it would be nice if you | it'd be nice if you
    = make the avatar | make him | make her | make it | make them | let the avatar | let him | let her | let us | let's
    = have the avatar | have him | have her | let them | show us how to | show me how to | show us how you | show me how you
    = show us | show me | please | pls | plz | kindly | now | just | simply | next | ok | okay | alright | all right | right then
    = hey | hi there | hey there | hey you | oh | ah | um | uh | erm | hmm | well | so | yeah | yep | yo | wow | listen
    = attention | quick | quickly now | go | robot | avatar | clipactor | dear robot | dear avatar | my friend | dear friend
    = dear | everybody | everyone | you guys | guys | folks | ladies and gentlemen | you there | you | buddy | dude | sir
    = madam | i want | i'd like | i would like | imagine | pretend to | try to | i ask you to | i beg you to | i command you to
    = i would be grateful if you could | i'd be grateful if you could | i'd appreciate it if you could | i was wondering if you could
    = i would appreciate it if you could | i wonder if you could | i was hoping you could | i was hoping you would
    = if it's not too much trouble | if it is not too much trouble | may i ask you to | might i ask you to | can i ask you to
    = would it be okay if you | would it be ok if you | is it okay if you | do you think you could | do you think you can
    = would you kindly | could you kindly | would you be able to | could you possibly | would you be willing to | can we get
    = what does | what would | what is | scratch that | who can | who wants to | execute | initiate | commence | activate | engage
    = one more time | like | i challenge you to | i dare you to | would you ever | have you ever tried to | let's all | all together
    = tell him to | tell her to | tell the avatar to | ask him to | ask her to | the avatar should | he should | she should
    = does he | does she | did he | did she | is he | is she | can he | can she | do you | maybe | perhaps | then
    """
)
"""How people come to the point."""
