"""More of the dictionary of actions: everyday verbs, the things that go with them, numbers and small words.

The columns are those of `foreign_verbs.py`.
"""

# ruff: noqa: E501, W291 - one line for each meaning; an empty cell says nothing

VERBS = """
turn around | umdrehen herumdrehen umwenden/kehrtwendung | se_retourner faire_demi-tour/se_retourne/retourne-toi/retournez-vous/demi-tour/fais_demi-tour/fait_demi-tour | darse_la_vuelta/se_da_la_vuelta/date_la_vuelta/da_media_vuelta/media_vuelta | voltarsi girarsi/si_volta/voltati/girati | virar-se dar_meia-volta/vira-se/vira-te/meia-volta | 转身 回头
turn left | | | | | | 向左转 左转 左拐 往左转
turn right | | | | | | 向右转 右转 右拐 往右转
turn in a circle | im_kreis_drehen/dreht_sich_im_kreis/dreh_dich_im_kreis | tourner_en_rond faire_un_tour_sur_soi-même/fait_un_tour_sur_lui-même/fait_un_tour_sur_elle-même/fais_un_tour_sur_toi-même | dar_una_vuelta/da_una_vuelta | fare_un_giro/fa_un_giro/fai_un_giro | dar_uma_volta/dá_uma_volta | 转一圈 转圈圈
rest | ausruhen rasten | se_reposer/se_repose/repose-toi/reposez-vous | descansar reposar | riposare riposarsi/riposati | descansar repousar | 休息
put down | hinstellen abstellen ablegen hinlegen_den | poser déposer | dejar_en_el_suelo/deja_en_el_suelo | posare appoggiare | pousar | 放下
pour | gießen einschenken/gießt/gieß | verser | verter/vierte | versare | derramar despejar | 倒水 倒
cut | schneiden/schneidet/schnitt | couper | cortar | tagliare | cortar | 切
wipe | wischen abwischen | essuyer/essuie | limpiar | pulire asciugare/pulisce/pulisci | limpar | 擦
hop | | sautiller | dar_saltitos | saltellare | saltitar | 单脚跳
faint | ohnmächtig_werden/wird_ohnmächtig | s'évanouir/s'évanouit | desmayarse/se_desmaya | svenire/sviene | desmaiar | 晕倒
shake hands | die_hände_schütteln/schüttelt_die_hände/hand_schütteln | serrer_la_main/serre_la_main | dar_la_mano/da_la_mano/estrechar_la_mano | stringere_la_mano/stringe_la_mano/stringi_la_mano | apertar_a_mão/aperta_a_mão | 握手
read | lesen vorlesen/liest/lies/las | lire/lit/lis/lisez/lisant | leer/lee/leyendo/lea | leggere/legge/leggi/leggendo | ler/lê/leia/lendo | 读书 看书 读 阅读
write | schreiben aufschreiben/schrieb | écrire/écrit/écris/écrivez/écrivant | escribir | scrivere | escrever | 写字 写
type on a keyboard | tippen | taper_au_clavier/tape_au_clavier | teclear | digitare | digitar teclar | 打字
wash | waschen/wäscht | laver se_laver/lave/lave-toi | lavar lavarse/lávate | lavare lavarsi/lavati | lavar | 洗
brush | putzen bürsten | brosser se_brosser/brosse/brosse-toi | cepillar cepillarse/cepíllate | spazzolare | escovar | 刷
comb | kämmen | peigner coiffer | peinar peinarse/péinate | pettinare pettinarsi/pettinati | pentear | 梳
sneeze | niesen | éternuer | estornudar | starnutire/starnutisce/starnutisci | espirrar | 打喷嚏
yawn | gähnen | bâiller | bostezar | sbadigliare | bocejar | 打哈欠
shout | schreien brüllen rufen/schrie | crier hurler | gritar | gridare urlare | gritar | 喊 大喊
whisper | flüstern/flüstert/flüster | chuchoter murmurer | susurrar | sussurrare bisbigliare | sussurrar cochichar | 耳语 低语
listen | zuhören horchen lauschen/hör_zu/hört_zu | écouter | escuchar | ascoltare | escutar ouvir | 听
cook | kochen | cuisiner cuire | cocinar | cucinare | cozinhar | 做饭 烹饪
sweep | fegen kehren | balayer | barrer | spazzare | varrer | 扫地 扫
dig | graben buddeln/gräbt/grub | creuser | cavar/cava | scavare | cavar/cava | 挖
hammer | hämmern/hämmert/hämmer | marteler | martillear | martellare | martelar | 锤 敲打
saw | sägen | scier | aserrar serruchar | segare | serrar | 锯
knock | klopfen anklopfen | toquer frapper_à_la_porte/frappe_à_la_porte | llamar_a_la_puerta/llama_a_la_puerta | bussare | bater_à_porta/bate_à_porta | 敲门 敲
open | öffnen aufmachen/mach_auf/öffne | ouvrir/ouvre/ouvrez/ouvrant | abrir/abre/abra | aprire/apre/apri | abrir/abre/abra | 打开 开
close | schließen zumachen | fermer | cerrar/cierra/cierre | chiudere/chiude/chiudi | fechar | 关
catch | fangen auffangen/fängt/fing | attraper | atrapar coger | prendere afferrare/prende/prendi | apanhar agarrar | 接住 接 抓住
give | geben überreichen/gibt/gib/gab | donner | dar/da/dé | dare/dà/dai | dar/dá/dê | 给
take | nehmen/nimmt/nimm/nahm | prendre/prend/prends/prenez | tomar coger | prendere | pegar | 拿
play | spielen | jouer | jugar tocar/juega/toca | giocare suonare/gioca/suona | jogar tocar/toca | 弹 演奏
look | schauen gucken sehen blicken/sieht/sieh/schau | regarder | mirar | guardare | olhar | 看
hide the face | sich_verstecken | se_cacher | esconderse | nascondersi | esconder-se | 躲
sneak | schleichen/schlich | marcher_à_pas_de_loup | andar_de_puntillas/camina_de_puntillas | camminare_in_punta_di_piedi/cammina_in_punta_di_piedi | andar_na_ponta_dos_pés | 蹑手蹑脚 潜行
limp | hinken humpeln/hinkt/humpelt | boiter | cojear | zoppicare | mancar coxear | 跛行 一瘸一拐
stagger | taumeln torkeln schwanken/taumelt/torkelt | tituber chanceler | tambalearse | barcollare | cambalear | 蹒跚
shiver | zittern frieren/zittert/friert/zitter | trembler frissonner | temblar/tiembla/tiembla | tremare rabbrividire | tremer/treme | 发抖 颤抖
scratch | kratzen | gratter se_gratter/gratte-toi | rascar rascarse/ráscate | grattare grattarsi/grattati | coçar | 挠 抓痒
photograph | fotografieren | photographier | fotografiar | fotografare | fotografar | 拍照 照相
drive | fahren lenken/fährt/fuhr | conduire/conduit/conduis | conducir manejar/conduce | guidare | dirigir conduzir | 开车 驾驶
fight | kämpfen raufen | se_battre combattre/se_bat/bats-toi/combat | pelear luchar | combattere lottare | lutar combater | 打架 战斗
talk | reden sprechen erzählen plaudern/spricht/sprich/sprach | parler discuter bavarder | hablar charlar conversar | parlare chiacchierare | falar conversar | 说话 讲话
kiss | küssen/küsst | embrasser | besar | baciare | beijar | 亲吻
conduct an orchestra | dirigieren | diriger_un_orchestre | dirigir_la_orquesta | dirigere | reger | 指挥
push-ups | liegestütz liegestütze/liegestützen | pompes/faire_des_pompes | flexiones | flessioni | flexões | 俯卧撑 做俯卧撑
sit-ups | sit-ups | abdominaux | abdominales | addominali | abdominais | 仰卧起坐 做仰卧起坐
jump rope | seilspringen seilhüpfen | corde_à_sauter/sauter_à_la_corde/saute_à_la_corde | saltar_la_cuerda/salta_la_cuerda/saltar_a_la_comba | saltare_la_corda/salta_la_corda | pular_corda/pula_corda | 跳绳
meditate | meditieren | méditer | meditar | meditare | meditar | 冥想 打坐
yoga | yoga | yoga | yoga | yoga | ioga | 瑜伽 做瑜伽
fall asleep | einschlafen/schläft_ein/schlaf_ein | s'endormir/s'endort/endors-toi | dormirse/se_duerme/duérmete | addormentarsi/si_addormenta/addormentati | adormecer/adormece | 睡着
get up | aufstehen | se_lever | levantarse | alzarsi/si_alza/alzati | levantar-se | 起床 起来
clap | in_die_hände_klatschen/klatscht_in_die_hände/klatsch_in_die_hände | battre_des_mains frapper_dans_les_mains/bat_des_mains/bats_des_mains/frappe_dans_tes_mains/tape_dans_tes_mains/tape_des_mains | dar_palmas/da_palmas/batir_palmas/bate_palmas | battere_le_mani/batte_le_mani/batti_le_mani | bater_palmas/bate_palmas/bata_palmas | 拍手 鼓掌 拍掌
"""

WORDS = """
first | zuerst erst zunächst als_erstes erstens | d'abord premièrement en_premier | primero en_primer_lugar | prima innanzitutto | primeiro primeiramente | 首先 先
then | schließlich zuletzt zweitens zum_schluss | enfin finalement deuxièmement | finalmente segundo por_último después_de_eso | infine dopodiché | finalmente por_fim em_seguida | 最后 随后
but | sondern aber | mais | sino pero | bensì ma | mas senão | 而是 但是
again | nochmal wieder noch_einmal | encore à_nouveau de_nouveau | otra_vez de_nuevo | ancora di_nuovo | de_novo outra_vez | 再一次 再次
very | sehr ganz | très | muy | molto | muito | 很 非常
on the floor | auf_den_boden auf_dem_boden | par_terre au_sol | en_el_suelo al_suelo | per_terra sul_pavimento a_terra | no_chão | 在地上 地上
on the back | auf_den_rücken auf_dem_rücken | sur_le_dos | boca_arriba de_espaldas | sulla_schiena supino | de_costas | 仰
on the belly | auf_den_bauch auf_dem_bauch | sur_le_ventre à_plat_ventre | boca_abajo | a_pancia_in_giù prono | de_bruços | 趴
backwards | nach_hinten | en_marche_arrière | hacia_detrás para_atrás pa'_atrás | all'indietro | para_trás | 倒着 往后
around | herum rundherum | autour | alrededor | intorno | em_volta | 周围
seven | sieben | sept | siete | sette | sete | 七
eight | acht | huit | ocho | otto | oito | 八
nine | neun | neuf | nueve | nove | nove | 九
eleven | elf | onze | once | undici | onze | 十一
twelve | zwölf | douze | doce | dodici | doze | 十二
fifteen | fünfzehn | quinze | quince | quindici | quinze | 十五
twenty | zwanzig | vingt | veinte | venti | vinte | 二十
thirty | dreißig | trente | treinta | trenta | trinta | 三十
four times | viermal | | | | | 四次
five times | fünfmal | | | | | 五次
ten times | zehnmal | | | | | 十次
minutes | minuten minute | minutes minute | minutos minuto | minuti minuto | minutos minuto | 分钟
me | mir mich | moi | mí | me | mim | 我
door | tür | porte | puerta | porta | porta | 门
window | fenster | fenêtre | ventana | finestra | janela | 窗户
book | buch | livre | libro | libro | livro | 书
newspaper | zeitung | journal | periódico | giornale | jornal | 报纸
letter | brief | lettre | carta | lettera | carta | 信
table | tisch | table | mesa | tavolo | mesa | 桌子
bed | bett | lit | cama | letto | cama | 床
coffee | kaffee | café | café | caffè | café | 咖啡
tea | tee | thé | té | tè | chá | 茶
water | wasser | eau | agua | acqua | água | 水
glass | glas | verre | vaso | bicchiere | copo | 杯子
soup | suppe | soupe | sopa | zuppa minestra | sopa | 汤
piano | klavier | piano | piano | pianoforte piano | piano | 钢琴
guitar | gitarre | guitare | guitarra | chitarra | violão guitarra | 吉他
violin | geige violine | violon | violín | violino | violino | 小提琴
drums | schlagzeug | batterie | batería | batteria | bateria | 鼓
trumpet | trompete | trompette | trompeta | tromba | trompete | 小号
football | fußball | football foot | fútbol | calcio | futebol | 足球
tennis | tennis | tennis | tenis | tennis | tênis ténis | 网球
teeth | zähne | dents | dientes | denti | dentes | 牙 牙齿
face | gesicht | visage | cara rostro | faccia viso | rosto cara | 脸
hair | haare | cheveux | pelo cabello | capelli | cabelo | 头发
stone | stein | pierre caillou | piedra | pietra sasso | pedra | 石头
stairs | treppe | escalier escaliers | escaleras escalera | scale | escadas escada | 楼梯
ladder | leiter | échelle | escalera_de_mano | scala | escada_de_mão | 梯子
car | auto wagen | voiture | coche carro | macchina auto | carro | 车 汽车
step | schritt | pas | paso | passo | passo | 步
steps | schritte | pas | pasos | passi | passos | 
something | etwas was | quelque_chose | algo | qualcosa | algo | 东西
someone | jemanden jemandem | quelqu'un | alguien | qualcuno | alguém | 某人
both | beide beiden | deux_les | ambas ambos | entrambe entrambi | ambas ambos | 
"""
