"""The closed lists of English words that the rules of attribution lean on. Lemmas, unless said otherwise."""

OFFICIAL_ROLES = frozenset(
    "spokesman spokeswoman spokesperson minister secretary ambassador envoy official adviser advisor commissioner "
    "undersecretary diplomat attache consul general admiral colonel commander marshal prosecutor director chief "
    "commandant governor mayor officer negotiator inspector representative".split()
)
"""Whoever is named with one of these speaks for an institution."""

ROLES = OFFICIAL_ROLES | frozenset(
    "president chancellor premier leader king queen prince pope chairman chairwoman chairperson chair head "
    "senator congressman congresswoman lawmaker legislator deputy candidate nominee analyst researcher professor "
    "scholar economist expert historian lawyer attorney judge justice scientist engineer doctor physician "
    "executive founder owner captain skipper master pilot editor journalist reporter host author activist farmer "
    "resident worker fellow pollster strategist speaker whip coach dictator ruler banker manager aide".split()
)

PEOPLE = frozenset(
    "man woman person people source witness critic side leader family neighbour neighbor victim voter member crew "
    "sailor soldier troop trader government country media press".split()
)
FEMALE = frozenset(
    "ms mrs miss spokeswoman chairwoman congresswoman businesswoman queen princess woman mother wife daughter "
    "granddaughter sister niece aunt grandmother widow girl actress".split()
)
MALE = frozenset(
    "mr spokesman chairman congressman businessman king prince man father husband son grandson brother nephew "
    "uncle grandfather widower boy actor".split()
)
KIN = frozenset(
    "daughter granddaughter sister niece aunt mother grandmother wife widow son grandson brother nephew uncle "
    "father grandfather husband".split()
)

DOCUMENTS = frozenset(
    "statement communique communiqué release report poll survey study document memo memorandum letter estimate "
    "data article email e-mail transcript post tweet book paper record figure file filing affidavit complaint "
    "indictment ruling law bill resolution dispatch commentary editorial announcement broadcast bulletin notice "
    "message headline advertisement ad website page video footage assessment analysis audit census guideline rule "
    "manifesto platform map image photograph test result research evidence log cable".split()
)
UTTERANCES = frozenset(
    "statement communique communiqué release dispatch commentary announcement broadcast bulletin notice post "
    "tweet message editorial spokesperson".split()
)
"""Documents that are their author's own speech: "a White House statement" is the White House speaking."""

AGENCY_NOUNS = frozenset("agency wire service".split())
OUTLET_NOUNS = frozenset(
    "newspaper paper daily broadcaster network channel station magazine website site outlet tabloid weekly".split()
)
COMPANY_NOUNS = frozenset("company firm manufacturer maker carmaker operator group startup business".split())
INSTITUTION_NOUNS = COMPANY_NOUNS | frozenset(
    "ministry department office administration government presidency palace military army navy force command "
    "guard bureau service council commission committee court parliament senate congress regulator agency watchdog "
    "bank party organization organisation union institute university laboratory campaign team police coalition "
    "foundation center centre think-tank embassy authority".split()
)

UNNAMED_MODIFIERS = frozenset("unnamed anonymous unidentified undisclosed".split())
QUANTIFIERS = frozenset(
    "other another some many several few most one two three both all more others none someone somebody anyone "
    "everyone those these critic".split()
)

SAYING = frozenset("say tell state claim note add report announce explain acknowledge recall insist write".split())
"""Verbs that give what was said itself, however it is put: never a mere speech act."""
SPEECH_ACTS = SAYING | frozenset(
    "vow pledge promise warn invite reaffirm reiterate deny urge demand accuse propose express reject agree admit "
    "argue confirm describe stress emphasize emphasise praise condemn criticize criticise accept thank threaten "
    "predict suggest swear voice assure concede complain declare estimate allege assert remark".split()
)
COMMUNICATING = SPEECH_ACTS | frozenset(
    "abjure accept acclaim accord acknowledge address adjudge advance advertise advise advocate affirm air allude "
    "answer apologise apologize appeal applaud apprise ascribe ask assail assess attack attest attribute avow "
    "back beg believe bemoan berate blame blast boast brag brand brief broach broadcast calculate call caution "
    "celebrate certify challenge characterise characterize charge chastise chide cite claim clarify comment "
    "commit compare compute conclude concur confess confide congratulate conjecture contend contest contradict "
    "convey counsel counter credit decide declare decline decry deem defend deliver demonstrate denigrate "
    "denounce depict deplore deride despise detail determine diagnose dictate disagree disclose discuss dismiss "
    "disparage dispute divulge doubt echo elaborate encourage endorse enquire envisage envision espouse estimate "
    "exclaim exhort expect explain expose expound extol fault fear feel find forecast foresee forewarn formulate "
    "gloat greet grumble guarantee guess hail hear hint hold hope identify ignore imagine implore imply impress "
    "impute indicate infer inform inquire insinuate instruct interject interpret intimate introduce invite invoke "
    "issue joke judge justify know label lambast lambaste lament lash laud lecture liken list maintain mean "
    "mention mock mourn muse name nominate object observe offer opine oppose order outline partake persuade "
    "pillory pitch plead point ponder portray post postulate pray preach presume profess project promise promote "
    "pronounce protest prove provide publish push question quip quote rail rate read realise realize reason "
    "reassure rebuff rebuke rebut recall recite reckon recognise recognize recommend recount refer reflect refuse "
    "refute register regret reiterate rejoice relate relay release remark remember remind reply report represent "
    "request resent resolve respond restate retort retweet reveal rule sanction scoff scold scream see sense "
    "shout show shrug signal sing slam speak speculate speechify spell spin spotlight state stipulate stress "
    "submit summarise summarize support suppose surmise suspect tag talk taunt tease testify text thank theorize "
    "think tip tout tweet uncover underline underscore understand unveil uphold verify view vilify voice "
    "volunteer vouch want whisper wonder worry write yell".split()
)
"""Verbs of speech, and of thought that one only knows of from what somebody said."""
SPEECH_NOUNS = frozenset(
    "accusation advice allegation announcement answer appeal apology argument assertion assessment assurance "
    "assumption belief boast call caution charge claim comment complaint concern conclusion confession "
    "confirmation conjecture criticism declaration demand denial description doubt estimate expectation "
    "explanation fear finding forecast hint hope insistence indication opinion idea judgment judgement notion "
    "objection pledge praise prediction promise proposal question reaction remark reminder reply report request "
    "response rumour rumor speculation statement suggestion suspicion testimony theory thought threat view vow "
    "warning word worry".split()
)
INNER_ACTS = frozenset("suspect reply respond request question dispute blame advise instruct order caution".split())
"""Acts of speech that inside another's words are told from mere deeds by their clause or object."""
OPINING = frozenset("believe think know find show conclude indicate fear hope expect doubt estimate report".split())
"""Verbs that take a that-clause of their own inside what somebody else says."""
SPEECH_ASKS = frozenset("ask inquire query wonder".split())
QUESTION_WORDS = frozenset("whether if what why how when where who whom which".split())
REFUSALS = frozenset("decline refuse avoid".split())
NEGATIONS = frozenset("not n't n’t never neither nor no without nobody".split())
"""Word forms, lower case."""

HE, SHE, IT, THEY, SPEAKING = (
    frozenset("he him his himself".split()),
    frozenset("she her hers herself".split()),
    frozenset("it its itself".split()),
    frozenset("they them their theirs themselves".split()),
    frozenset("i we me us my our myself ourselves".split()),
)
RELATIVES = frozenset("who which that whom whose".split())
PRONOUNS = HE | SHE | IT | THEY | SPEAKING
"""Word forms, lower case."""
