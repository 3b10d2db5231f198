"""Word lists of news English that the finders share; closed classes, or the common core of open ones."""

from __future__ import annotations

__all__ = [
    "ABBREVIATED_TITLES",
    "AUXILIARIES",
    "CLAUSE_OPENERS",
    "COMMON_OPENERS",
    "DEMONYMS",
    "ENDING_LEADERS",
    "EVENT_NOUNS",
    "FEMININE",
    "INSTITUTION_WORDS",
    "LEADERS",
    "MASCULINE",
    "NAME_PARTICLES",
    "NATIONALITY_SUFFIXES",
    "NOT_NAMES",
    "NOT_PEOPLE",
    "ORGANISATION_NOUNS",
    "PEOPLE",
    "PERSON_NOUNS",
    "PLACE_NOUNS",
    "PLURAL_NOUNS",
    "PORTFOLIOS",
    "PORTFOLIO_TITLES",
    "POST_NOMINALS",
    "PREPOSITIONS",
    "PRONOUNS",
    "SPEECH_NOUNS",
    "SPEECH_VERBS",
    "TITLES",
    "word_set",
]


def word_set(words: str) -> frozenset[str]:
    """Return the words of a list that is written as one string, for people to read."""
    return frozenset(words.split())


TITLES = word_set(
    "acting adm admiral adviser advisor ambassador analyst archbishop assemblyman assemblywoman attorney ayatollah baron baroness "
    "bishop brig brigadier capt captain cardinal chair chairman chairwoman chancellor chaplain chief cllr cmdr coach col colonel "
    "commander commissioner comrade congressman congresswoman constable corporal councillor councilman councilwoman counsel count "
    "countess cpl dame datuk defence defense deputy detective director dr duchess duke emir emperor envoy ex-president "
    "executive father field "
    "finance first foreign former frau gen general gov governor herr imam insp inspector interior judge justice king lady lawmaker "
    "leader lieutenant lord lt lt-gen madame maj maj-gen major marshal mayor minister miss mme monsieur monsignor mr mrs ms pastor "
    "pope premier president president-elect press prime prince princess prof professor pvt queen rabbi rep representative rev "
    "reverend sec second secretary secretary-general sen senator sergeant señor señora sgt sheik sheikh sheriff shri sir sister smt "
    "speaker special spokesman spokesperson spokeswoman sultan superintendent supt then-president tun under-secretary undersecretary "
    "vice vice-premier vice-president viscount"
)
"""Words before a name that are not part of it."""

LEADERS = word_set(
    "acting chief defence defense deputy education energy federal finance first foreign former health home interior justice press "
    "prime second special state then trade union vice"
)
"""Words that may open a title but not end one: "Foreign Minister Ana Petrova", but "the Foreign Ministry"."""

PORTFOLIO_TITLES = word_set("chief department minister ministry secretary under-secretary undersecretary")
"""Offices that are held in a portfolio: "Secretary of State"."""

PORTFOLIOS = word_set(
    "affairs agriculture air army commerce culture defence defense education energy environment finance foreign health home homeland "
    "housing human information interior justice labor labour navy security services staff state trade transport transportation "
    "treasury urban veterans"
)
"""What a minister may be minister of."""

ABBREVIATED_TITLES = word_set("mr mrs ms dr sen rep gov gen lt col maj adm prof rev st sgt capt supt")
"""Titles that end in a full stop, as American English writes them."""

ENDING_LEADERS = word_set("deputy chief acting former justice")
"""Words that may open a title and also stand alone before a name."""

POST_NOMINALS = word_set("QC KC SC MP MEP MSP TD CBE OBE MBE PhD MD Esq")
"""What may stand behind a name and is not part of it."""

MASCULINE = word_set(
    "actor assemblyman ayatollah baron brother businessman cardinal chairman congressman councilman count datuk duke emir emperor "
    "father fr grandfather herr husband imam king lord monsieur mr policeman pope prince rabbi señor sheik sheikh shri sir son "
    "spokesman statesman sultan"
)
"""Titles and nouns of a man."""

FEMININE = word_set(
    "actress assemblywoman baroness businesswoman chairwoman congresswoman councilwoman countess dame daughter duchess empress frau "
    "grandmother lady madame midwife miss mme mother mother-of-three mother-of-two mrs ms policewoman princess queen señora sister "
    "smt spokeswoman stateswoman wife"
)
"""Titles and nouns of a woman."""

INSTITUTION_WORDS = word_set(
    "academy administration agency airlines alliance army assembly association authority bank board brotherhood bureau cabinet "
    "center centre "
    "chamber championships chiefs church club coalition college command commission committee community company confederation conference "
    "congress cooperation corporation council court defense department directorate division embassy faculty federation force forces "
    "forum foundation front fund games group guard house industries initiative institute institution league legislature ministry "
    "mission movement network office organisation organization parliament party police program programme records school secretariat "
    "senate service society studios union university"
)
"""Words that make a name an institution's."""

ORGANISATION_NOUNS = word_set(
    "administration agency airline army association band bank body brand brewer broadcaster bureau business cabinet carmaker carrier "
    "chain charity church city club commission committee company conglomerate council country court delegation department developer "
    "embassy federation firm force foundation giant government group hospital hotel institute institution junta league magazine maker "
    "manufacturer ministry movement museum navy network newspaper office opposition organisation organization outlet palace panel "
    "paper parliament party police presidency producer publication publisher regime regulator retailer secretariat senate side site "
    "startup state station store studio supplier team territory think-tank tribunal union university utility watchdog website"
)
"""Common nouns for an institution: "the company said"."""

NAME_PARTICLES = word_set("abu af al ben bin bint da de del della den der di dos du el ibn la le ten ter van von y zu")
"""Small words inside names of people."""

NOT_NAMES = word_set(
    "a.m am apr april aren't aren’t aug august can't can’t couldn't couldn’t dec december didn't didn’t doesn't doesn’t don't don’t "
    "edt est feb february friday gmt he he's her he’s his i i'd i'll i'm i've isn't isn’t it it's its it’s i’d i’ll i’m i’ve jan "
    "january jul july jun june let's let’s mar march may monday my nov november oct october our p.m pm saturday sep sept september "
    "she she's she’s sunday that that's that’s their there's there’s these they they're they’re this those thursday tuesday utc "
    "wasn't wasn’t we we'll we're we've wednesday weren't weren’t we’ll we’re we’ve what's what’s won't won’t wouldn't wouldn’t you "
    "you're your you’re"
)
"""Words with a capital that are no names: the calendar, pronouns."""

COMMON_OPENERS = word_set(
    "a about above according across adding after afterwards again against all along alongside already also although amid among an "
    "analysts and another any as asked at back based because before behind being below beside besides between beyond both but by "
    "citing commenting critics despite during each earlier either even ever every everyone experts few finally first following for "
    "former from further given had has have having he he's her here his how however i if in indeed inside instead into it it's its "
    "just last late later lawmakers least less let like likewise made many meanwhile more moreover most much my near nearly "
    "negotiations neither never nevertheless next no nobody none nor not nothing now of off officials often on once one only or other "
    "others our out outside over perhaps plans please police protesters recently regarding relations residents responding said same "
    "several she she's since so some someone something sometimes soon sources speaking standing still such taking talks ten than that "
    "that's the their them then there there's therefore these they they're this those though three through throughout thus to today "
    "together tomorrow tonight too toward towards two under unless unlike until up upon very was we we're well were what what's "
    "whatever when whenever where whereas whether which while who whoever whom whose why will with within without yes yesterday yet "
    "you your"
)
"""Words that open a sentence with a capital and belong to no name."""

PRONOUNS = word_set("he i it she they we who")
"""Pronouns that may be the subject of a verb of speech."""

PREPOSITIONS = word_set(
    "about above across after against alongside amid among around as at before behind below besides between beyond by concerning "
    "despite during except following for from in inside into like near of on onto outside over per plus regarding since that through "
    "throughout to toward towards under unlike until upon versus via when where which while who whose with within without"
)
"""Prepositions, and the words that open a subordinate clause like them."""

AUXILIARIES = word_set(
    "again already also always are be been being can could did do does earlier even friday further had has have having is just later "
    "may might monday must n't never not now often once only previously saturday shall should still sunday then thursday today "
    "tonight tuesday was wednesday were will would yesterday"
)
"""What may stand between a subject and its verb: auxiliaries, adverbs, days."""

CLAUSE_OPENERS = word_set(
    "after although and as because before but even how if or since so than that though unless until what when where whereas whether "
    "while why"
)
"""Words that open a clause."""

PERSON_NOUNS = word_set(
    "activist actor actress adviser advisor aide ambassador analyst architect artist astronomer athlete attorney author banker bishop "
    "blogger broker businessman businesswoman campaigner candidate captain cardinal chairman chairwoman chancellor chaplain chief "
    "cleric climber coach colleague columnist comedian commander commentator commissioner composer conductor congressman "
    "congresswoman correspondent councillor counsel curator cyclist delegate deputy detective developer diplomat director dissident "
    "doctor economist editor educator employee engineer entrepreneur envoy executive expert farmer father fighter filmmaker financier "
    "fisherman founder goalkeeper governor guard head historian host imam inspector inventor investigator investor journalist judge "
    "king lawmaker lawyer leader lecturer legislator lord manager mayor mediator member midfielder militant minister monk mother musician "
    "negotiator novelist nurse officer official operator organiser organizer owner painter partner pastor physician physicist pilot "
    "player poet policeman policewoman politician pope preacher premier president priest prince princess principal producer professor "
    "prosecutor psychologist publisher pupil queen rabbi rancher rebel reporter representative rescuer researcher resident sailor "
    "scholar scientist secretary senator shopkeeper singer skipper sociologist soldier source speaker specialist spokesman "
    "spokesperson spokeswoman sportsman staffer statesman strategist student superintendent surgeon teacher technician trader trainer "
    "trustee vendor veteran veterinarian victim volunteer warden witness worker writer"
)
"""Nouns for one person by office or occupation."""

PEOPLE = PERSON_NOUNS | word_set(
    "boy brother caller critic customer daughter defender demonstrator donor driver friend girl grandfather grandmother guest hunter "
    "husband insider man migrant native neighbor neighbour observer onlooker parent passenger passer-by patient pensioner person "
    "prisoner protester protestor refugee rider rival shopper sister son striker supporter survivor teenager tenant tourist traveller "
    "troll user viewer villager voter wife winner woman"
)
"""Those, and nouns for one person that name no occupation."""

SPEECH_VERBS = word_set(
    "accuse accused accuses accusing acknowledge acknowledged acknowledges acknowledging add added adding adds admit admits admitted "
    "admitting advise advised advises advising affirm affirmed affirming affirms agree agreed agrees allege alleged alleges alleging "
    "announce announced announces announcing answer answered answering answers apologised apologises apologized apologizes appeal "
    "appealed appealing appeals argue argued argues arguing ask asked asking asks assert asserted asserting asserts assure assured "
    "assures assuring attested attests aver averred avowed avows beamed believe believed believes believing bemoaned bemoans blamed "
    "blames blaming blasted blasting blasts boast boasted brand branded call called calling calls caution cautioned cautioning "
    "cautions chanted chanting chants characterise characterised characterize characterized characterizing cheered chided chides cite "
    "cited cites citing claim claimed claiming claims clarified clarifies clarifying commended commending commends comment commented "
    "commenting comments complain complained complaining complains concede conceded concedes conceding conclude concluded concludes "
    "concluding concurred concurs condemn condemned condemning condemns confessed confesses confided confirm confirmed confirming "
    "confirms congratulate congratulated contend contended contending contends continue continued continues contradicted conveyed "
    "counter countered countering counters cried criticise criticised criticises criticising criticize criticized criticizes "
    "criticizing cry deadpanned declare declared declares declaring decreed decried decries decrying demand demanded demanding "
    "demands denied denies denounce denounced denounces denouncing deny denying depicted depicting depicts deplored deplores "
    "deploring describe described describes describing disclose disclosed dismiss dismissed dismissing disputed disputing dubbed "
    "elaborated elaborates emailed emphasise emphasised emphasize emphasized enthused espoused exclaim exclaimed exclaims explain "
    "explained explaining explains express expressed expresses expressing extolled faulted feel feels felt find found fumed groaned "
    "grumbled gushed hail hailed hailing hails heralded heralding hint hinted hinting hints hope hoped hopes hoping implored implores "
    "imploring indicate indicated indicates indicating inform informed insist insisted insisting insists instructed instructing "
    "instructs interject interjected interjects intoned jeered joke joked jokes joking label labeled labelled labelling lambasted "
    "lament lamented lamenting laments lauded lauding lauds laughed laughs likened likening likens maintain maintained maintains "
    "mention mentioned moaned mocked mocks mourned murmured muse mused muses muttered note noted notes noting object objected observe "
    "observed observes observing opine opined opines outline outlined penned plead pleaded pledge pledged pledges pledging point "
    "pointed portrayed portraying portrays posted posting praise praised praises praising predict predicted predicting predicts "
    "proclaim proclaimed promise promised promises promising propose proposed protest protested question questioned quip quipped "
    "quote quoted read reading reads reassured reassures rebuffed rebuked recall recalled recalling recalls reckoned reckons "
    "recommend recommended recount recounted refer referred referring reflects reiterate reiterated reiterates reiterating rejoined "
    "relayed remark remarked remarks remembered remembers remind reminded repeat repeated repeating replied replies reply replying "
    "report reported reporting reports request requested respond responded responding responds retorted retorts reveal revealed "
    "revealing reveals ridiculed rued said say saying says scoffed scolded screamed shouted shouting sighed signaled signaling "
    "signalled signalling slammed slamming slams smiled snapped sneered spat speak speaking speculate speculated spoke state stated "
    "states stating stipulated stipulates stress stressed stresses stressing suggest suggested suggesting suggests surmised swore "
    "teased tell telling tells termed terming testified testifies testify texted thank thanked thanking think thinks thought threaten "
    "threatened threatening toasted told touted touting touts trumpeted tweet tweeted tweeting tweets underlined underlines "
    "underlining underscored underscores underscoring urge urged urges urging uttered ventured volunteered vow vowed vowing vows warn "
    "warned warning warns welcome welcomed welcomes whispered wonder wondered write writes writing wrote yelled"
)
"""Verbs that report words or thoughts, in the forms that news uses."""

PLURAL_NOUNS = word_set(
    "accuses answer answers appeal appeals boast calls caution charges claim claims comment comments complaints concerns cries cry "
    "demand demands feels finds hints hopes note notes plea points praise praises predicts promise promises protest protests question "
    "questions reads remarks repeats replies reply report reports request requests state states thought wonders"
)
"""Forms of speech verbs that are more often nouns."""

SPEECH_NOUNS = word_set(
    "address advice answer article blog book cable claim column comment comments communique communiqué complaint declaration document "
    "editorial email explanation filing indictment interview letter memo message motto note post reaction release remarks reply "
    "report resolution response ruling speech statement testimony tweet verdict website"
)
"""Documents and other nouns whose words may be quoted."""

EVENT_NOUNS = word_set(
    "anniversary assembly celebrations ceremonies ceremony commemoration commemorations conference festival forum funeral summit"
)
"""Occasions that a meeting may belong to."""

PLACE_NOUNS = word_set(
    "airport bank base castle center centre city embassy estate hall headquarters hotel house island islands mansion office palace "
    "ranch residence resort strip villa"
)
"""Words that make a name a place's, where parties may meet."""

NOT_PEOPLE = word_set(
    "accord act africa ag agency agreement air airlines airways america arabia army asia asset avenue award bank bay bridge brigade "
    "britain building canal capital cathedral central century championship channel city co coast cold company conference congress "
    "constitution consulting convention corp county cup daily day declaration desert district east eastern electric emirates empire "
    "energy era europe express extremism faso federation flight force forces forum front fund games gas gazette germany gmbh great "
    "group guardian guinea gulf harbor harbour herald holdings holy hotel human i ii iii inc independent insurance international "
    "intifada investment investments island islands journal kingdom korea l.p lake land lanka leone llc llp ltd management media "
    "middle minister ministry mirror month mosque motors mount national nations navy new news north northern nv observer ocean oil "
    "olympics one operation pact parliament partners party peninsula pharmaceuticals plan plc post president press prize protocol "
    "province radio region republic research resolution review revolution rica rights river road sa salvador school sea securities "
    "senate south southern square stadium start state states station strait street strip summit systems technologies technology "
    "telegraph television territories theater theatre three times tower treaty tribune tv two united uprising valley ventures verde "
    "village war watch week weekly west western year zealand"
)
"""Words of names that are no person's."""

DEMONYMS = word_set(
    "afghan african albanian american arab argentine asian australian austrian belgian brazilian british buddhist bulgarian burmese "
    "canadian catalan catholic chechen chilean chinese christian colombian croatian cuban cypriot czech danish dutch egyptian english "
    "estonian ethiopian european filipino finnish flemish french georgian german greek hindu hungarian icelandic indian indonesian "
    "iranian iraqi irish israeli italian japanese jewish jordanian kazakh kenyan korean kurdish kuwaiti latvian lebanese libyan "
    "lithuanian malaysian maltese mexican moroccan muslim nepalese nigerian norwegian orthodox pakistani palestinian peruvian polish "
    "portuguese protestant qatari romanian russian saudi scottish serbian shia shiite sikh slovak slovene somali soviet spanish "
    "sudanese sunni swedish swiss syrian tajik thai tibetan tunisian turkish turkmen ukrainian uzbek venezuelan vietnamese welsh "
    "western yemeni zimbabwean"
)
"""Adjectives of countries, regions and creeds that news uses most; `NATIONALITY_SUFFIXES` catches most others."""

NATIONALITY_SUFFIXES = ("ian", "ish", "ese", "i", "can", "ean", "an")
"""Endings of most adjectives of nationality."""
