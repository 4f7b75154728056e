"""Given names that one sex bears nearly always, in the forms of the English press; shared ones are left out."""

FEMALE_NAMES = frozenset(
    "aisha alexandra alice alicia amanda amy ana andrea angela anita ann anna anne annie antonia barbara beatrice "
    "betty bridget camila carla carmen carol caroline catherine cecilia charlotte christina christine clara "
    "claudia cristina daniela deborah diana dilma dolores dorothy ekaterina elena eleanor elisabeth elizabeth "
    "ella ellen elvira emily emma erika esther eva evelyn fatima fiona florence frances gabriela giorgia gloria "
    "grace hannah heather helen helena hillary ines ingrid irene irina isabel isabella jane janet jasmine "
    "jennifer jessica joan joanna judith julia julie kaja kamala karen kate katherine kathleen katya keiko "
    "khadija kristina larisa laura leila lena leticia linda lisa liz louise lucia lucy ludmila luisa lyudmila "
    "magdalena margaret margarita maria mariam marie marina marta martha mary mariya melania melanie mia michelle "
    "miriam monica nadia nancy naomi natalia natalie natalya nicole nina oksana olena olga olivia pamela patricia "
    "paula penelope polina rachel raquel rebecca rosa rose roza ruth salma samantha sandra sanna sara sarah "
    "serena shirin silvia simone sofia sonia sophia sophie stella stephanie susan suzanne svetlana sylvia tamara "
    "tatiana tatyana teresa tulsi ursula valentina valeria vera veronica victoria viktoria violeta virginia wendy "
    "yana yekaterina yevgenia yoko yolanda yulia zainab zoe".split()
)
MALE_NAMES = frozenset(
    "aaron abdul abdullah abraham adam adolfo adrian ahmad ahmed aidan alan albert alberto aleksandr aleksei "
    "alexander alexei alexey alfred ali allan alfonso alvaro anatoly andrei andrew andrey andriy andres anthony "
    "anton antonio antony arkady arthur arturo avi barack ben benjamin bernard bill bob boris brian bruce carl "
    "carlos charles christopher craig daniel dave david denis dennis diego dmitri dmitriy dmitry dmytro donald "
    "douglas edgar eduardo edward emmanuel enrique eric ernesto evgeny felipe felix fernando francisco francois "
    "frank fred fyodor gary geoffrey george gennady gerald giorgi giovanni gordon graham greg gregory grigory "
    "guillermo gustavo hamid harold harry hassan hector henry herbert hiroshi howard hugo hussein ian ibrahim "
    "igor ilya ismail ivan jack jacob jake jamal james jan jason javier jean jeff jeffrey jeremy jerome jim "
    "joachim joao joe joel johan johannes john jon jonathan jorge jose joseph josh joshua juan justin karim karl "
    "keith kenneth kevin khalid kirill kyriakos larry lars lawrence leo leonard leonid luca luis luiz mahmoud "
    "manuel marcelo marco marcus mario mark markus martin mateusz matthew mauricio max michael michal miguel mike "
    "mikhail mohamed mohammad mohammed muhammad mustafa narendra nathan neil nicholas nicolas nigel nikita "
    "nikolai nikolay oleg oleksandr oleksiy olaf oliver omar oscar otto pablo patrick paul pavel pedro peter petr "
    "petro philip pierre rafael ralph ramon raul ray raymond recep reza ricardo richard robert roberto rodrigo "
    "roger roman ronald ruslan rustam said saleh salman samuel scott sean sebastian serge sergei sergey sergio "
    "serhiy shinzo simon stanislav stefan stepan stephen steve steven taras theodore thomas tim timothy tom tony "
    "umar vadim valery vasily victor viktor vincent vitali vitaly vladimir vladislav volodymyr vyacheslav walter "
    "wayne werner william winston yaroslav yevgeny yuri yury yusuf".split()
)
