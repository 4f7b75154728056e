"""The closed lists of English words that the rules of attribution lean on. Lemmas, unless said otherwise."""

OFFICIAL_ROLES = frozenset(
    "spokesman spokeswoman spokesperson minister secretary ambassador envoy official adviser advisor commissioner "
    "undersecretary diplomat attache consul general admiral colonel commander marshal prosecutor director chief "
    "commandant governor mayor officer negotiator inspector representative".split()
)
"""Whoever is named with one of these speaks for an institution."""

ROLES = OFFICIAL_ROLES | frozenset(
    "president chancellor premier leader king queen prince pope chairman chairwoman chairperson chair head senator "
    "congressman congresswoman lawmaker legislator deputy candidate nominee analyst researcher professor scholar "
    "economist expert historian lawyer attorney judge justice scientist engineer doctor physician executive founder "
    "owner captain skipper master pilot editor journalist reporter host author activist farmer resident worker fellow "
    "pollster strategist speaker whip coach dictator ruler banker manager aide".split()
)

PEOPLE = frozenset(
    "man woman person people source witness critic side leader family neighbour neighbor victim voter member crew "
    "sailor soldier troop trader government country media press".split()
)
FEMALE = frozenset("ms mrs miss spokeswoman chairwoman congresswoman queen princess woman mother wife".split())
MALE = frozenset("mr spokesman chairman congressman king prince man father husband".split())

DOCUMENTS = frozenset(
    "statement communique communiqué release report poll survey study document memo memorandum letter estimate data "
    "article email e-mail transcript post tweet book paper record figure file filing affidavit complaint indictment "
    "ruling law bill resolution dispatch commentary editorial announcement broadcast bulletin notice message "
    "headline advertisement ad website page video footage assessment analysis audit census guideline rule "
    "manifesto platform map image photograph test result research evidence log cable".split()
)
UTTERANCES = frozenset(
    "statement communique communiqué release dispatch commentary announcement broadcast bulletin notice post tweet "
    "message editorial spokesperson".split()
)
"""Documents that are their author's own speech: "a White House statement" is the White House speaking."""

AGENCY_NOUNS = frozenset("agency wire service".split())
OUTLET_NOUNS = frozenset(
    "newspaper paper daily broadcaster network channel station magazine website site outlet tabloid weekly".split()
)
COMPANY_NOUNS = frozenset("company firm manufacturer maker carmaker operator group startup business".split())
INSTITUTION_NOUNS = COMPANY_NOUNS | frozenset(
    "ministry department office administration government presidency palace military army navy force command guard "
    "bureau service council commission committee court parliament senate congress regulator agency watchdog bank "
    "party organization organisation union institute "
    "university campaign team police coalition foundation center centre think-tank embassy authority".split()
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
    "predict suggest "
    "swear voice assure vow concede complain declare estimate allege assert remark".split()
)
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
