"""Word lists of news English that the finders share; small, closed classes only."""

from __future__ import annotations

__all__ = [
    "AUXILIARIES",
    "CLAUSE_OPENERS",
    "COMMON_OPENERS",
    "EVENT_NOUNS",
    "INSTITUTION_WORDS",
    "NAME_PARTICLES",
    "NATIONALITY_SUFFIXES",
    "NOT_NAMES",
    "NOT_PEOPLE",
    "PERSON_NOUNS",
    "PREPOSITIONS",
    "PLACE_NOUNS",
    "PLURAL_NOUNS",
    "PORTFOLIOS",
    "PORTFOLIO_TITLES",
    "PRONOUNS",
    "SPEECH_NOUNS",
    "SPEECH_VERBS",
    "TITLES",
]


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


TITLES = _set(
    "mr mrs ms miss dr sir dame lord lady prof professor rev reverend father sister pope cardinal archbishop bishop rabbi imam "
    "ayatollah sheikh sheik king queen prince princess emperor sultan emir duke count president vice vice-president premier "
    "vice-premier prime minister foreign defense defence interior finance secretary deputy under-secretary undersecretary "
    "ambassador envoy chancellor governor mayor senator sen representative rep congressman congresswoman speaker "
    "general gen lieutenant lt colonel col major maj captain capt admiral adm commander sergeant sgt brigadier marshal "
    "chairman chairwoman chair chief director commissioner judge justice attorney spokesman spokeswoman spokesperson "
    "secretary-general president-elect ex-president adviser advisor press acting former then-president first second leader "
    "analyst coach counsel special"
)
"""Words before a name that are not part of it."""

PORTFOLIO_TITLES = _set("secretary minister chief undersecretary under-secretary department ministry")

PORTFOLIOS = _set(
    "state energy defense defence treasury commerce justice interior labor labour health education agriculture transportation transport homeland "
    "security foreign affairs staff finance trade culture information environment veterans urban housing human services home army navy air"
)
"""What a minister may be minister of."""

INSTITUTION_WORDS = _set(
    "cooperation initiative programme program community network corporation industries airlines championships games studios records academy administration agency alliance army assembly association authority bank board bureau cabinet center centre "
    "chamber church club coalition college command commission committee company confederation conference congress council court "
    "defense department directorate division embassy faculty federation force forces forum foundation front fund group guard "
    "house institute institution league legislature ministry mission movement office organisation organization parliament "
    "party police school secretariat senate service society union university"
)

NAME_PARTICLES = _set("al bin bint ibn abu de da del della der den di dos du el la le ben van von ter ten y zu af")

NOT_NAMES = _set(
    "january february march april may june july august september october november december monday tuesday wednesday thursday friday "
    "saturday sunday jan feb mar apr jun jul aug sept sep oct nov dec i i’m i've i’ve i'm i’ll i'll i’d i'd gmt utc est edt am pm a.m p.m "
    "he she it they we you his her its their our your my this that these those"
)

COMMON_OPENERS = _set(
    "a about above according across adding after afterwards again against all along already also although amid among an and another any as "
    "asked at back based because before behind being below beside besides between beyond both but by citing commenting despite during each "
    "earlier either even ever every everyone few finally first following for former from further given had has have having he her here his how "
    "however i if in indeed inside instead into it its just last late later least less like likewise made many meanwhile more moreover most much "
    "my near nearly neither never nevertheless next no nobody none nor not nothing now of off often on once one only or other others our out "
    "outside over perhaps plans recently regarding relations responding said same several she since so some someone something sometimes soon "
    "speaking standing still such taking ten than that the their them then there therefore these they this those though three through throughout "
    "thus to today together tomorrow tonight too toward towards two under unlike until unless up upon very was we were what whatever when whenever "
    "where whereas whether which while who whoever whom whose why will with within without yesterday yes yet you your according speaking asked "
    "officials analysts critics experts sources police residents protesters lawmakers talks negotiations"
)

PRONOUNS = _set("he she they it i we who")

PREPOSITIONS = _set(
    "of for at in on to from with by about after before during over under against between among within without through into onto "
    "since until near behind beyond despite amid alongside outside inside regarding concerning following when while as who which whose that where"
)

AUXILIARIES = _set(
    "is are was were be been being has have had having do does did will would can could may might shall should must also later then "
    "earlier once still just now again even only further previously already always never often not n't "
    "yesterday today tonight monday tuesday wednesday thursday friday saturday sunday"
)

CLAUSE_OPENERS = _set("that what how why as after before when while although though even because since if whether but and or so than where whereas until unless")

PERSON_NOUNS = _set(
    "activist adviser advisor aide ambassador analyst attorney author captain chairman chairwoman chief coach colleague commander "
    "commentator commissioner correspondent delegate deputy diplomat director doctor economist editor envoy executive expert father "
    "founder governor head historian host investigator journalist judge king lawmaker lawyer leader legislator manager mayor member "
    "minister mother negotiator officer official organizer organiser owner partner player pilot politician premier president prince "
    "princess professor prosecutor queen reporter representative researcher resident scientist secretary senator singer soldier "
    "source speaker spokesman spokesperson spokeswoman student teacher veteran victim witness worker writer"
)

SPEECH_VERBS = _set(
    "accuse accused accuses accusing acknowledge acknowledged acknowledges acknowledging add added adding adds admit admits admitted "
    "admitting advise advised advises advising affirm affirmed affirming affirms agree agreed agrees allege alleged alleges alleging "
    "announce announced announces announcing answer answered answering answers argue argued argues arguing ask asked asking asks assert "
    "asserted asserting asserts assure assured assures assuring boast boasted brand branded call called calling calls caution cautioned "
    "cautioning cautions cite cited cites citing claim claimed claiming claims comment commented commenting comments complain complained complaining "
    "complains concede conceded concedes conceding conclude concluded concludes concluding condemn condemned condemning condemns confirm "
    "confirmed confirming confirms congratulate congratulated contend contended contending contends continue continued continues counter countered counters criticise "
    "criticised criticize criticized criticizing cry cried declare declared declares declaring demand demanded demanding demands denied denies deny "
    "denying denounce denounced denouncing denounces describe described describes describing disclose disclosed dismiss dismissed dismissing "
    "dubbed emphasise emphasised emphasize emphasized exclaim exclaimed explain explained explaining explains express expressed expressing "
    "expresses hail hailed hailing hails hint hinted indicate indicated indicates indicating inform informed insist insisted insisting insists interject "
    "interjected joke joked jokes joking label labeled labelled labelling lament lamented laments lamenting maintain maintained maintains mention mentioned "
    "muse mused alleging note noted notes noting object objected observe observed observes observing opine opined outline outlined pledge pledged pledges "
    "pledging plead pleaded point pointed posted praise praised praises praising predict predicted predicts predicting proclaim proclaimed "
    "promise promised promises promising propose proposed protest protested question questioned quip quipped quote quoted read reads recall recalled recalling recalls "
    "recommend recommended recount recounted refer referred referring reiterate reiterated reiterates reiterating remark remarked remarks remind reminded repeat repeated "
    "repeating replied replies reply replying report reported reports reporting request requested respond responded responding responds reveal revealed reveals revealing "
    "said say saying says scoffed shouted shouting speak speaking spoke speculated speculate state stated states stating stress stressed stresses stressing suggest "
    "suggested suggesting suggests swore tell telling tells testified testify testifies thank thanked thanking think thinks thought threaten threatened threatening "
    "told tweet tweeted tweeting urge urged urges urging vow vowed vowing vows warn warned warning warns welcome welcomed welcomes whispered wonder wondered write "
    "writes writing wrote yelled acknowledged characterise characterised characterize characterized characterizing believe believed believes believing feel feels felt find found hope hoped hopes hoping"
)
"""Verbs that report words or thoughts, in the forms that news uses."""

PLURAL_NOUNS = _set(
    "accuses answers calls charges claims comments complaints concerns demands feels finds hopes notes points praise praises predicts promises protests "
    "questions reads remarks repeats reports requests states thought wonders report claim comment demand protest request promise comment question"
)
"""Forms of speech verbs that are more often nouns."""

SPEECH_NOUNS = _set(
    "statement letter report speech interview remarks comments comment message resolution document declaration address testimony post tweet email "
    "memo book article editorial note release communique communiqué cable website indictment complaint filing ruling blog column"
)
"""Nouns whose words may be quoted."""

EVENT_NOUNS = _set("summit conference forum ceremony ceremonies commemoration commemorations assembly anniversary funeral festival celebrations")
"""Occasions that a meeting may belong to."""

PLACE_NOUNS = _set("house palace airport office base city island islands strip bank centre center hotel castle residence ranch resort embassy headquarters hall mansion villa estate")

NOT_PEOPLE = _set(
    "day war plan street times post news treaty agreement act sea ocean gulf river lake mount valley strait empire century extremism east west north south middle cold "
    "korea arabia zealand britain africa germany kingdom emirates guinea lanka rica salvador faso leone verde federation territories islands america europe asia bank strip "
    "nations republic minister president prize award fund flight hotel"
)
"""Words of names that are no person's."""

NATIONALITY_SUFFIXES = ("ian", "ish", "ese", "i", "can", "ean", "an")
