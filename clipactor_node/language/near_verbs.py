"""English words that are one slip of the keyboard away from a verb of motion, and are none: "lunch", "later".

Of the 30,000 words that the shipped tokenizer holds whole (bert-base-uncased, Apache-2.0) these were the ones
that `words.spelled` took for slips.
"""

from clipactor_node.language.lexicon import word_set

NEAR_VERBS = word_set(
    """
    aching acres ames apologies archers arcs arias attackers avid backing backs baker banking banks
    barak barges battles battling bearing beast beasts beatles beginnings beta bets betting billy blake
    blend blending boating boats boeing bombing bombs bones boxers bragg brake brakes braking braves
    brows bulky bulls burton bushes care cared cares carey caring carriers carver carvings cases caste
    castles cats caves chant chanting chants chargers chart charter charters charting charts cheat
    cheating cher chips chris cites citing clan clans clasp cleansing clover coast coasts combo comet
    comets complaint complaints comte cones conform cooke cookies cooling coping couch counters countess
    counties county covert crabs craving creepy crimes crises crisp crook crossings curly curtis curtiss
    dancers danes defenders defenses derive derives digest ding discus diver divers dodgers doesn domes
    dong doors doping dose doses drawers drawings dripping driver drivers drying dukes dusty east ever
    examiner exciting exist existing exists failing fails fangs fighters filly finch flat flats fleet
    fleeting fleets fleming flesh flight flights fling flock flyers followers foxes freed freeing fright
    gaping gaps gases gatherings gift glider gong goods goose goran grain grains gran grapes grass
    graves greer grimes groin grove groves growing grows guise halls hating haunt haunting having heaven
    heavens hicks hills hints hires hiring hobbs holders holdings holes hoop hooves host hosting hosts
    huang hughes hunters insect insects irony knicks knots ladies lads lanes laps later layers leaders
    leafs learn learning learns leases leasing lena lens liking lines ling lining listeners lives living
    lobbying locke longing loose loser losers losses loving lumber lunch maker makers males manning mans
    marche marking marks marsh marshall marshes masks match matches matching miles milky milling mills
    mines mining mohan mona mons moran morning movie movies munich naples nesting nests noses offerings
    oman openings operas packers packets pains painters paintings palace palaces palais panties paris
    parties parting parts past paths patsy paving paying peace peking pere performers pest peter peters
    photography pills pitchers plains planck planes planet planets plans plates players pleas pleasing
    plump plush poets pointe poker poles ponce pond ponds pont popping posse posting posts pounder
    prayers presenters prick proceedings prose protesters punta racer racers racks raiding raids ramps
    range ranges ranging ranking ranks rappers readers readings ready receiver receivers redding reds
    regulars relies reset rider riders ridge ridges ringo risking risks rockets rockies rocky roles
    roses rotting ruining ruins runners sacks sailing sails sales salts sands saves saving scala scots
    searing sears seating seats seeds seeing senses sensing serbs server servers shale sharks shipping
    ships shooters shops shots showers shown shrines shut shutting sides siding sight sighting sights
    sign signing signs singers singh singles skater skaters skins slate sleepy slits slopes sloping
    smiley snack snacks snakes snort sofa soho solar solids sonar songs spain spare spark sparks sparse
    speakers spear spears sped speedy spend spending spends spies spine spite split splits splitting
    sport sports spots spotting sprung squares stables stacy stages staging stain stains stair stairs
    stakes stall stalls standings starr starring starting starts starving state states stating stats
    steep sticky sting stinging stirling stock stocks stoke stokes stores storing strand strands stray
    strife striker strikers string stuck suites sweaty swimmers swiss tales taluk tanks task tasks
    tastes tasting teachers teachings teaser tech tess thinkers thread threads thugs ticking tides tiles
    times timing ting tires titles topping towels towers towns tracey tracking tracks tracts trades
    trading trainers tran trance trans trapping traps travelers travellers tres tribes trickle trois
    trout truck trucks trust trusting trusts tunes tuning turin turing tyres users waist wales walkers
    walls walsh wanderers wards warnings warp watts weaver weight weights welding whorls wild willing
    wills windy wines wits workers workings wrestler wrestlers wrists writer writers writhing writings
    """
)
