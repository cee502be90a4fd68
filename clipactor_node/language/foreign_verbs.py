"""The dictionary of actions: German, French, Spanish, Italian, Portuguese and Chinese into English.

Regular forms are made from infinitives; irregular ones stand after a slash: third persons first, where they are
different. `WORDS` are the little words that a command needs besides. A phrase has underscores.
"""

# ruff: noqa: E501, W291 - one line for each meaning; an empty cell says nothing

from collections.abc import Iterator

from clipactor_node.language.foreign_acts import VERBS as EVERYDAY
from clipactor_node.language.foreign_acts import WORDS as SMALL_WORDS

LANGUAGES = ("german", "french", "spanish", "italian", "portuguese")
CHINESE = "chinese"

_VERBS = """
walk | gehen spazieren wandern schreiten schlendern/ging | marcher avancer se_promener | caminar andar pasear | camminare passeggiare andare/va/vai/vado | caminhar andar passear | 走路 走 步行 行走 散步
run | rennen laufen joggen sprinten/läuft/lauf/lief | courir/court/cours/courent/courez/courant | correr trotar/corre/corro/corren/corriendo/corra | correre/corre/corro/corri/corrono/correndo | correr/corre/corro/correm/correndo/corra | 跑步 跑 奔跑
jump | springen hüpfen hopsen/spring/sprang | sauter bondir/bondit/bondissant | saltar brincar | saltare balzare | pular saltar | 跳跃 跳起来 跳
dance | tanzen | danser | bailar danzar | ballare danzare | dançar bailar | 跳舞 舞蹈
wave | winken zuwinken | faire_signe faire_coucou faire_un_signe_de_la_main/fait_un_signe_de_la_main/fais_un_signe_de_la_main/faites_un_signe_de_la_main/fait_coucou/saluez_de_la_main | saludar_con_la_mano agitar_la_mano decir_adiós | salutare_con_la_mano agitare_la_mano/saluta_con_la_mano/saluta_con_la_sua_mano | acenar dar_tchau | 挥手 招手 挥挥手
bow | verbeugen verneigen | s'incliner se_pencher/s'incline/incline/inclinez | inclinarse hacer_una_reverencia/inclina/se_inclina/reverencia | inchinarsi/inchina/si_inchina/inchinati/inchino | curvar-se fazer_uma_reverência/curva/reverência | 鞠躬 鞠一个躬
clap | klatschen applaudieren | applaudir taper_des_mains/applaudit/applaudis/applaudissez/applaudissant | aplaudir dar_palmas/aplaude/aplauda/aplaudiendo | applaudire battere_le_mani/applaude/applaudi/applaudendo | aplaudir bater_palmas/aplaude/aplauda/aplaudindo | 鼓掌 拍手
nod | nicken | hocher_la_tête acquiescer/hoche_la_tête | asentir/asiente/asiento/asintiendo | annuire/annuisce/annuisci/annuendo | assentir acenar_com_a_cabeça/assente | 点头
shake the head | den_kopf_schütteln kopfschütteln/schüttelt_den_kopf/schüttle_den_kopf/schüttelt_ihren_kopf/schüttelt_seinen_kopf | secouer_la_tête/secoue_la_tête | negar_con_la_cabeza sacudir_la_cabeza/niega_con_la_cabeza | scuotere_la_testa/scuote_la_testa/scuoti_la_testa | balançar_a_cabeça abanar_a_cabeça/balança_a_cabeça | 摇头
shrug | achselzucken mit_den_schultern_zucken mit_den_achseln_zucken/zuckt_mit_den_schultern/zuckt_mit_den_achseln/zuckt_die_schultern/zuckt_die_achseln | hausser_les_épaules/hausse_les_épaules | encogerse_de_hombros/se_encoge_de_hombros/encoge_los_hombros/encógete_de_hombros | scrollare_le_spalle alzare_le_spalle/scrolla_le_spalle/alza_le_spalle | encolher_os_ombros dar_de_ombros/encolhe_os_ombros/dá_de_ombros | 耸肩
salute | salutieren | saluer faire_le_salut_militaire/fait_le_salut_militaire | saludar cuadrarse hacer_el_saludo_militar | salutare fare_il_saluto_militare/fa_il_saluto_militare | saudar cumprimentar bater_continência/bate_continência | 敬礼 行礼
kick | treten kicken/tritt/trat | donner_un_coup_de_pied/donne_un_coup_de_pied/coup_de_pied | patear dar_una_patada/da_una_patada/patada | calciare dare_un_calcio/dà_un_calcio/tira_un_calcio/calcio | chutar dar_um_chute/dá_um_chute/chute/pontapé | 踢 踢腿
punch | schlagen boxen zuschlagen/schlägt/schlag/faustschlag | frapper boxer donner_un_coup_de_poing/donne_un_coup_de_poing/coup_de_poing | golpear boxear dar_un_puñetazo/da_un_puñetazo/puñetazo | colpire tirare_un_pugno boxare/colpisce/colpisci/tira_un_pugno/pugno | socar dar_um_soco/dá_um_soco/soco | 出拳 打拳 拳击
throw | werfen schmeißen/wirft/wirf/warf | lancer jeter/jette | lanzar tirar arrojar | lanciare tirare gettare | jogar lançar arremessar atirar | 扔 投掷 抛
crawl | kriechen krabbeln/kroch | ramper | gatear arrastrarse/se_arrastra | strisciare gattonare | engatinhar rastejar | 爬行 爬
sit down | hinsetzen setzen sitzen/saß | s'asseoir asseoir/s'assoit/s'assied/assieds-toi/assois-toi/asseyez-vous/assis | sentarse sentar/se_sienta/siéntate/sienta/siento/sentado/siéntese | sedersi sedere/si_siede/siede/siediti/siedo/seduto/sieditelo | sentar-se sentar/sente-se/senta-se/se_senta | 坐下 坐
stand up | aufstehen/steht_auf/steh_auf/stand_auf/stehe_auf | se_lever/se_lève/lève-toi/levez-vous/se_relève/se_relever | levantarse ponerse_de_pie/se_levanta/levántate/se_pone_de_pie | alzarsi/si_alza/alzati | levantar-se ficar_de_pé/levanta-se/se_levanta/levante-se | 站起来 起立 起身
stand still | stehen stillstehen stehenbleiben/bleibt_stehen/steh_still/steht_still/stand | rester_immobile/reste_immobile/ne_bouge_pas/ne_bouge_plus | quedarse_quieto/se_queda_quieto/quédate_quieto | stare_fermo/sta_fermo/stai_fermo | ficar_parado/fica_parado | 站着 站立 站住 不动
kneel | knien niederknien hinknien/kniet/knie/kniet_nieder | s'agenouiller/s'agenouille/agenouille-toi/à_genoux/mets-toi_à_genoux/se_met_à_genoux/mettez-vous_à_genoux | arrodillarse/se_arrodilla/arrodíllate | inginocchiarsi/si_inginocchia/inginocchiati | ajoelhar-se ajoelhar/se_ajoelha/ajoelha-se | 跪下 跪 下跪
squat | hocken kniebeugen/kniebeuge/kniebeugen/hockt_sich/geht_in_die_hocke | s'accroupir/s'accroupit/accroupis-toi | agacharse hacer_sentadillas/se_agacha/agáchate/sentadilla/sentadillas | accovacciarsi/si_accovaccia/squat | agachar-se agachar/se_agacha/agacha-se/agachamento/agachamentos | 蹲下 深蹲 蹲
lie down | hinlegen liegen legen/liegt/lag/leg_dich_hin/legt_sich_hin | s'allonger se_coucher/s'allonge/se_couche/allonge-toi | acostarse tumbarse/se_acuesta/se_tumba/acuéstate/túmbate | sdraiarsi/si_sdraia/sdraiati | deitar-se deitar/se_deita/deita-se | 躺下 躺
turn | drehen umdrehen wenden/dreht_sich/dreht_sich_um | tourner se_tourner/se_retourne | girar voltear darse_la_vuelta/se_da_la_vuelta | girare girarsi voltarsi/si_gira/girati | virar girar virar-se | 转身 转弯 转
point | zeigen deuten | pointer montrer_du_doigt indiquer/montre_du_doigt | señalar apuntar indicar | indicare puntare additare/indichi | apontar indicar | 指 指向
point up | nach_oben_zeigen/zeigt_nach_oben | montrer_le_haut/pointe_vers_le_haut | señalar_arriba señalar_hacia_arriba/señala_hacia_arriba/señala_arriba | indicare_in_alto/indica_in_alto | apontar_para_cima/aponta_para_cima | 指向上方
raise | heben erheben anheben/hebt/hob | lever soulever/lève/lèvent | levantar alzar subir | alzare sollevare | levantar erguir | 举起 举 抬起
raise both hands | die_hände_heben hände_hoch/hebt_die_hände/hebt_beide_hände/heb_die_hände | lever_les_mains les_mains_en_l'air haut_les_mains/lève_les_mains | levantar_las_manos manos_arriba/levanta_las_manos/arriba_las_manos | alzare_le_mani mani_in_alto/alza_le_mani | levantar_as_mãos mãos_ao_alto/levanta_as_mãos/mãos_para_cima | 举手 举起双手 举起手
pick up | aufheben aufsammeln/hebt_auf/heb_auf | ramasser | recoger | raccogliere/raccoglie/raccogli/raccogliendo | apanhar recolher pegar | 捡起 捡起来 拾起
drink | trinken/trank | boire/boit/bois/buvez/buvant/boivent | beber tomar/bebe/bebo/bebiendo/beba | bere/beve/bevi/bevo/bevendo/bevono | beber/bebe/bebo/bebendo/beba | 喝 喝水 饮
eat | essen/isst/iss/aß | manger/mangeant | comer/come/comiendo | mangiare/mangi | comer/come/comendo | 吃 吃饭
sleep | schlafen/schläft/schlaf/schlief | dormir/dort/dors/dormez/dormant | dormir/duerme/duerma/durmiendo | dormire/dorme/dormi/dormendo | dormir/dorme/durma/dormindo | 睡觉 睡
pray | beten | prier | rezar orar | pregare/preghi | rezar orar | 祈祷 祷告
think | denken nachdenken überlegen/denkt_nach/denk_nach/dachte | réfléchir penser/réfléchit/réfléchis/réfléchissez | pensar reflexionar/piensa/pienso | pensare riflettere/riflette/rifletti | pensar refletir/pensa/reflete | 思考 想 沉思
stretch | strecken dehnen/streckt_sich/dehnt_sich | s'étirer étirer/s'étire/étire-toi | estirarse estirar/se_estira/estírate | stiracchiarsi stirarsi/si_stira/si_stiracchia | alongar-se alongar espreguiçar/se_alonga/se_espreguiça | 伸展 伸懒腰 拉伸
cheer | jubeln feiern anfeuern | acclamer fêter se_réjouir célébrer/célèbre | celebrar animar festejar | esultare festeggiare/esulta | comemorar celebrar torcer | 欢呼 庆祝
march in place | auf_der_stelle_gehen/geht_auf_der_stelle/tritt_auf_der_stelle | marcher_sur_place/marche_sur_place | marchar_en_el_sitio/marcha_en_el_sitio | marciare_sul_posto/marcia_sul_posto | marchar_no_lugar/marcha_no_lugar | 原地踏步 踏步
march | marschieren | défiler parader | marchar desfilar | marciare sfilare | marchar desfilar | 行军
lunge | ausfallschritt | fente fentes/faire_une_fente/fait_une_fente | zancada estocada | affondo affondi | avanço afundo | 弓步 弓箭步
roll | rollen abrollen purzelbaum/purzelbaum | rouler/roulade/faire_une_roulade/fait_une_roulade | rodar/rueda/voltereta | rotolare/capriola | rolar/cambalhota | 翻滚 打滚
do a cartwheel | rad_schlagen ein_rad_schlagen/schlägt_ein_rad/radschlag | faire_la_roue/fait_la_roue/faire_une_roue/fait_une_roue | hacer_la_rueda/hace_la_rueda/voltereta_lateral | fare_la_ruota/fa_la_ruota | fazer_a_estrelinha/dá_uma_estrela | 侧手翻
do a backflip | rückwärtssalto/salto_rückwärts | salto_arrière/faire_un_salto_arrière/fait_un_salto_arrière | mortal_hacia_atrás/hacer_un_mortal_hacia_atrás | salto_mortale_indietro/salto_mortale/capriola_all'indietro | mortal_para_trás | 后空翻
spin | wirbeln kreiseln | tournoyer pivoter/tournoie | dar_vueltas/da_vueltas | piroettare/fa_una_piroetta | rodopiar/rodopia | 旋转 转圈
balance on one leg | balancieren/auf_einem_bein_stehen/steht_auf_einem_bein | tenir_sur_une_jambe/tient_sur_une_jambe/se_tient_sur_une_jambe | mantener_el_equilibrio/equilibrio/se_equilibra | stare_in_equilibrio/sta_su_una_gamba/equilibrio | equilibrar-se/se_equilibra/fica_em_uma_perna | 单腿站立 金鸡独立 平衡
cross the arms | die_arme_verschränken/verschränkt_die_arme/verschränkte_arme | croiser_les_bras/croise_les_bras | cruzar_los_brazos cruzarse_de_brazos/cruza_los_brazos/se_cruza_de_brazos | incrociare_le_braccia/incrocia_le_braccia | cruzar_os_braços/cruza_os_braços | 抱臂 双臂交叉
hands on hips | die_hände_in_die_hüften_stemmen/hände_in_die_hüften | mains_sur_les_hanches | manos_en_las_caderas/brazos_en_jarra | mani_sui_fianchi | mãos_na_cintura/mãos_nos_quadris | 叉腰 双手叉腰
beckon | herwinken heranwinken/komm_her/komm_hierher | viens_ici/venez_ici/fais_signe_de_venir | ven_aquí/venga_aquí/llamar_con_la_mano | vieni_qui/venite_qui | vem_cá/venha_cá/vem_aqui | 过来 来这里
look around | umsehen umschauen/sieht_sich_um/schaut_sich_um/schau_dich_um | regarder_autour/regarde_autour/regarde_autour_de_soi | mirar_alrededor/mira_alrededor/mirar_a_su_alrededor | guardarsi_intorno/si_guarda_intorno/guardati_intorno | olhar_em_volta/olha_em_volta/olhar_ao_redor | 环顾四周 四处看看 四处张望
talk on the phone | telefonieren anrufen/telefoniert/ruft_an | téléphoner appeler/téléphone | telefonear hablar_por_teléfono llamar_por_teléfono/habla_por_teléfono | telefonare parlare_al_telefono/parla_al_telefono | telefonar falar_ao_telefone/fala_ao_telefone | 打电话
play the guitar | gitarre_spielen/spielt_gitarre/spiel_gitarre/spielt_die_gitarre | jouer_de_la_guitare/joue_de_la_guitare | tocar_la_guitarra tocar_guitarra/toca_la_guitarra/toca_guitarra | suonare_la_chitarra/suona_la_chitarra | tocar_violão tocar_guitarra/toca_violão/toca_guitarra | 弹吉他
welcome with open arms | begrüßen willkommen_heißen/begrüßt | accueillir/accueille | dar_la_bienvenida/da_la_bienvenida | accogliere/accoglie/dare_il_benvenuto | dar_as_boas-vindas/acolher | 欢迎
give a thumbs up | daumen_hoch/daumen_hoch_zeigen/zeigt_daumen_hoch | pouce_levé/pouce_en_l'air/lève_le_pouce | pulgar_arriba/pulgares_arriba | pollice_in_su/pollice_alzato | polegar_para_cima/joinha | 竖大拇指 点赞
do jumping jacks | hampelmann hampelmänner/hampelmänner_machen | sauts_en_étoile/jumping_jack | saltos_de_tijera/saltos_de_estrella | saltelli/jumping_jack | polichinelo polichinelos | 开合跳
facepalm | hand_vors_gesicht/schlägt_die_hand_vors_gesicht | se_frapper_le_front/se_couvre_le_visage | taparse_la_cara/se_tapa_la_cara | coprirsi_il_viso/si_copre_il_viso | cobrir_o_rosto/cobre_o_rosto | 捂脸
get up | hochkommen/kommt_hoch | se_redresser/se_redresse | incorporarse/se_incorpora | rialzarsi/si_rialza | reerguer-se | 爬起来
hold up a hand to stop someone | handzeichen/stopp_zeigen/stoppzeichen | faire_signe_d'arrêter/fait_signe_d'arrêter | hacer_señal_de_alto/señal_de_alto | fare_segno_di_fermarsi/segno_di_stop | sinal_de_pare | 叫停
bend to the side | seitbeuge/zur_seite_beugen/beugt_sich_zur_seite | se_pencher_sur_le_côté/se_penche_sur_le_côté | inclinarse_hacia_un_lado/se_inclina_hacia_un_lado | piegarsi_di_lato/si_piega_di_lato | inclinar-se_para_o_lado/se_inclina_para_o_lado | 侧弯 侧身弯腰
circle the arms | arme_kreisen/armkreisen/kreist_die_arme | cercles_de_bras/faire_des_cercles_avec_les_bras | círculos_con_los_brazos/girar_los_brazos | cerchi_con_le_braccia/ruotare_le_braccia | girar_os_braços/círculos_com_os_braços | 绕臂 手臂画圈
wait | warten/wartet/warte | attendre/attend/attends/attendez | esperar | aspettare attendere/attende | esperar aguardar | 等待 等 等一下
stop | anhalten stoppen aufhören/hält_an/hör_auf/hört_auf | arrêter s'arrêter/s'arrête | parar detenerse/para/se_detiene | fermarsi fermare/si_ferma/fermati | parar/para | 停 停止 停下
swim | schwimmen/schwamm | nager | nadar | nuotare | nadar | 游泳
climb | klettern | grimper escalader | trepar escalar | arrampicarsi scalare/si_arrampica | escalar subir | 攀爬 爬上
fall down | fallen hinfallen stürzen/fällt/fiel | tomber chuter | caerse caer/se_cae/cae | cadere/cade/cadi | cair/cai | 摔倒 跌倒
carry | tragen/trägt/trug | porter transporter | llevar cargar | trasportare portare | carregar levar | 搬 抬
push | schieben drücken/schob | pousser | empujar | spingere/spinge/spingi | empurrar | 推
pull | ziehen/zieht/zog | tirer traîner | jalar | tirare_a_sé | puxar | 拉
laugh | lachen | rire/rit/riez | reír reírse/ríe/se_ríe | ridere/ride/ridi | rir/ri | 笑 大笑
smile | lächeln | sourire/sourit/souris | sonreír/sonríe/sonríen | sorridere/sorride/sorridi | sorrir/sorri | 微笑
cry | weinen | pleurer | llorar | piangere/piange/piangi | chorar | 哭
sing | singen/sang | chanter | cantar | cantare | cantar | 唱歌
hug | umarmen | embrasser_dans_ses_bras étreindre/étreint | abrazar | abbracciare | abraçar | 拥抱 抱
"""

_WORDS = """
then | dann danach anschließend daraufhin | puis ensuite après | luego después entonces | poi quindi dopo | depois então | 然后 接着 再 之后
and | und | et | y e | e ed | e | 和 并且 并 与
while | während dabei | pendant_que tandis_que tout_en en pendant | mientras | mentre | enquanto | 一边 同时
not | nicht | ne pas n' | no | non | não | 不要 不 别 没
without | ohne ohne_zu | sans | sin | senza | sem | 没有
instead of | statt anstatt | au_lieu_de au_lieu_d' | en_vez_de en_lugar_de | invece_di | em_vez_de | 而不是
slowly | langsam | lentement doucement | lentamente despacio | lentamente piano | lentamente devagar | 慢慢地 慢慢 缓慢地 慢
quickly | schnell rasch | vite rapidement | rápidamente rápido deprisa | velocemente rapidamente veloce | rapidamente rápido depressa | 快速地 快速 快
left | links linke linken linker linkes | gauche | izquierda izquierdo | sinistra sinistro | esquerda esquerdo | 左边 左
right | rechts rechte rechten rechter rechtes | droite droit | derecha derecho | destra destro | direita direito | 右边 右
forward | vorwärts voran nach_vorne | en_avant | hacia_adelante adelante | avanti in_avanti | para_frente adiante | 向前 前进
backwards | rückwärts zurück | en_arrière à_reculons | hacia_atrás atrás | indietro all'indietro | para_trás atrás | 向后 后退
up | hoch oben aufwärts auf | haut en_haut | arriba | in_alto su | acima cima | 向上
down | hinunter unten runter hin nieder ab | en_bas bas | abajo | giù in_basso | baixo abaixo | 向下
once | einmal | une_fois | una_vez | una_volta | uma_vez | 一次
twice | zweimal | deux_fois | dos_veces | due_volte | duas_vezes | 两次 两下
three times | dreimal | trois_fois | tres_veces | tre_volte | três_vezes | 三次 三下
times | mal | fois | veces | volte | vezes | 次 下
two | zwei | deux | dos | due | dois duas | 两 二
three | drei | trois | tres | tre | três | 三
four | vier | quatre | cuatro | quattro | quatro | 四
five | fünf | cinq | cinco | cinque | cinco | 五
six | sechs | six | seis | sei | seis | 六
ten | zehn | dix | diez | dieci | dez | 十
seconds | sekunden sekunde | secondes seconde | segundos segundo | secondi secondo | segundos segundo | 秒钟 秒
for | für lang | durant | durante | per | durante por | 
the | der die das den dem des | le la les l' | el la los las lo | il lo la i gli le l' | o a os as | 
a | ein eine einen einem einer eines | un une | un una | un uno una un' | um uma | 一个 一位 一名 个
his | sein seine seinen seinem seiner ihr ihre ihren ihrem ihrer | son sa ses mon ma ta ton tes votre | su sus tu tus | suo sua suoi sue tuo tua | seu sua seus suas | 他的 她的 你的
to | zu zum zur nach | à au aux vers | a al hacia | a al alla ai verso | à ao para | 向
in | im in am beim | dans | en | in nel nella | em no na | 在
on | an auf_dem auf_der | sur | sobre | sul sulla | sobre | 
of | von vom aus | de du d' | de del | di del della dello d' | de do da | 的
with | mit | avec | con | con col | com | 用
do | mach mache macht tu | fais fait faites faire | haz hace hacer haga | fai fa fare | faz fazer faça | 做
he | er | il on | él | lui egli | ele | 他
she | sie | elle | ella | lei | ela | 她
you | du | tu vous | usted tú | voi | você | 你 请
 | sich dich dir mich uns euch bitte mal doch bitteschön es gerade kann können kannst könntest könnten würdest | s'il te plaît vous se me s' te qui y | por favor se te me que está | per favore si ti mi che sta | por favor se te me que está | 请你 着 了 地
person | person mensch jemand leute | personne quelqu'un | persona alguien gente | persona qualcuno | pessoa alguém | 人 有人
man | mann herr mannes | homme monsieur | hombre señor | uomo signore | homem senhor | 男人 男子 男士
woman | frau dame | femme dame | mujer señora | donna signora | mulher senhora | 女人 女子 女士
boy | junge bub | garçon | niño chico | ragazzo bambino | menino rapaz | 男孩
girl | mädchen | fille | niña chica | ragazza bambina | menina garota | 女孩
child | kind | enfant | | bimbo | criança | 孩子 小孩
king | könig | roi | rey | re | rei | 国王
queen | königin | reine | reina | regina | rainha | 女王
soldier | soldat soldatin | soldat | soldado | soldato | soldado | 士兵
dancer | tänzer tänzerin | danseur danseuse | bailarín bailarina | ballerino ballerina | dançarino dançarina | 舞者
robot | roboter | robot | robot | robot | robô | 机器人
hand | hand | main | mano | mano | mão | 手
hands | hände händen | mains | manos | mani | mãos | 双手
arm | arm | bras | brazo | braccio | braço | 手臂
arms | arme armen | | brazos | braccia | braços | 双臂
leg | bein | jambe | pierna | gamba | perna | 腿
legs | beine beinen | jambes | piernas | gambe | pernas | 双腿
foot | fuß | pied | pie | piede | pé | 脚
head | kopf | tête | cabeza | testa | cabeça | 头
eyes | augen | yeux | ojos | occhi | olhos | 眼睛
shoulders | schultern achseln | épaules | hombros | spalle | ombros | 肩膀
floor | boden erde | sol terre | suelo piso | pavimento terra | chão | 地上 地板
ball | ball | ballon balle | pelota balón | palla pallone | bola | 球
box | kiste karton | boîte caisse | caja | scatola | caixa | 箱子 盒子
chair | stuhl | chaise | silla | sedia | cadeira | 椅子
"""


def _rows(table: str) -> Iterator[tuple[str, list[str]]]:
    for line in filter(None, table.splitlines()):
        english, *columns = (cell.strip() for cell in line.split("|"))
        yield english, columns


def dictionary(language: str) -> dict[str, str]:
    """Word or phrase (blanks between its words) -> English, of one of `LANGUAGES` or `CHINESE`."""
    column = (*LANGUAGES, CHINESE).index(language)
    found: dict[str, str] = {}
    for english, columns in _rows(EVERYDAY + _VERBS):
        infinitives, *irregular = columns[column].split("/")
        for word in infinitives.split():
            forms = {} if language == CHINESE or "_" in word else _conjugated(word, language)
            if language == "german":
                found = _separated(word, english) | found
            for form, how in {word: english, **{f: _inflected(english, h) for f, h in forms.items()}}.items():
                found.setdefault(form.replace("_", " "), how)
        for place, word in enumerate(irregular):
            how = _inflected(english, "s") if place == 0 and not word.endswith(("-toi", "-vous")) else english
            found[word.replace("_", " ")] = how
    for english, columns in _rows(SMALL_WORDS + _WORDS):
        found |= {word.replace("_", " "): english for word in columns[column].split()}
    return found


def _separated(infinitive: str, english: str) -> dict[str, str]:
    """ "Dreh um", "dreht um" of "umdrehen"."""
    prefix = next((p for p in SEPARABLE if infinitive.startswith(p) and infinitive.endswith("en")), "")
    stem = infinitive[len(prefix) : -2]
    if not prefix or len(stem) < 3:
        return {}
    third = _inflected(english, "s")
    return {
        f"{stem} {prefix}": english,
        f"{stem}e {prefix}": english,
        f"{_spelled(stem, 't', 'german')} {prefix}": third,
    }


def _conjugated(infinitive: str, language: str) -> dict[str, str]:
    """Regular forms of a verb, and the English form each becomes."""
    endings = _ENDINGS[language]
    reflexive = ("rsi", "rse", "r-se")
    plain = next(
        (
            infinitive[: -len(end)] + "r" + "e" * (end == "rsi")
            for end in reflexive
            if infinitive.endswith(end)
        ),
        infinitive,
    )
    for ending, forms in endings.items():
        if plain.endswith(ending):
            stem = plain[: -len(ending)]
            imperative = {stem: ""} if language == "german" and ending == "en" else {}
            if plain != infinitive:  # reflexive: "se levanta" is not "levanta"
                before = {"spanish": "se", "italian": "si"}.get(language, "se")
                return {f"{before} {_spelled(stem, form, language)}": "s" for form in forms["s"].split()}
            return imperative | {
                _spelled(stem, form, language): how for how, some in forms.items() for form in some.split()
            }
    return {}


def _spelled(stem: str, ending: str, language: str) -> str:
    if language == "german":
        if stem.endswith(("t", "d")) and ending in ("t", "st", "te", "ten"):
            return f"{stem}e{ending}"
        return stem + ending
    if language in ("spanish", "portuguese") and ending[:1] in "eé":
        for hard, soft in (("ç", "c"), ("c", "qu"), ("z", "c"), ("g", "gu")):
            if stem.endswith(hard):
                return stem[: -len(hard)] + soft + ending
    if language == "french" and ending[:1] in "ao" and stem.endswith("g"):
        return f"{stem}e{ending}"
    return stem + ending


SEPARABLE = (
    "herum",
    "zurück",
    "hoch",
    "nieder",
    "vor",
    "weg",
    "auf",
    "aus",
    "ein",
    "hin",
    "zu",
    "um",
    "ab",
    "an",
)
"""What German verbs put at the end of their clause."""

_ENDINGS = {
    "german": {
        "eln": {"": "le el ele", "s": "elt", "ing": "elnd"},
        "en": {"": "e", "s": "t", "ing": "end"},
    },
    "french": {"er": {"": "ez es ent ons", "s": "e", "ing": "ant"}},
    "spanish": {
        "ar": {"": "a e en ad o as emos amos", "s": "a an ó", "ing": "ando"},
        "er": {"": "a o es", "s": "e en", "ing": "iendo"},
        "ir": {"": "a o es", "s": "e en", "ing": "iendo"},
    },
    "italian": {
        "are": {"": "o i ate iamo", "s": "a ano", "ing": "ando"},
        "ere": {"": "o i ete", "s": "e ono", "ing": "endo"},
        "ire": {"": "o i ite", "s": "e ono", "ing": "endo"},
    },
    "portuguese": {
        "ar": {"": "e em o amos", "s": "a am ou", "ing": "ando"},
        "er": {"": "a o", "s": "e em", "ing": "endo"},
        "ir": {"": "a o", "s": "e em", "ing": "indo"},
    },
}


def _inflected(english: str, how: str) -> str:
    """The English verb in that form: "sit down" -> "sits down", "sitting down"."""
    verb, _, rest = english.partition(" ")
    if how == "s":
        verb = (
            f"{verb}es"
            if verb.endswith(("sh", "ch", "ss", "o"))
            else f"{verb[:-1]}ies"
            if verb in ("carry", "cry")
            else f"{verb}s"
        )
    elif how == "ing":
        doubled = verb in (
            "run",
            "sit",
            "clap",
            "nod",
            "shrug",
            "squat",
            "spin",
            "get",
            "stop",
            "swim",
            "hug",
        )
        verb = (
            f"{verb}{verb[-1]}ing"
            if doubled
            else f"{verb[:-1]}ing"
            if verb[-1] == "e" and verb != "lie"
            else "lying"
            if verb == "lie"
            else f"{verb}ing"
        )
    return f"{verb} {rest}".strip()
