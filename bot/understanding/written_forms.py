"""Nynorsk, dialect and phone spelling, read as Bokmål.

Only the models read text like this; nothing a person sees is rewritten. The encoder has seen far
more Bokmål than anything else, and sentences that say the same then look the same to it: on our own
sentences it lifted the right topic first by 2.5 points (docs/decisions/0002).
"""

from __future__ import annotations

import re

#: Bokmål form, then what it replaces. Words that are English, too, stand in _ALSO_ENGLISH.
_FORMS = """
jeg: eg æ æg jæ jei jg æe
ikke: ikkje ikkj itj ikk inte isje
hva: kva ka ke hvaa
hvordan: korleis kordan koss korsn åssen hvordn
hvor: kvar kor hen
hvem: kven kem
hvorfor: kvifor korfor koffor hvorfår
dere: dykk dokker dokke dåkker dåkke dokk dykkar dokkers
meg: mæ mei
deg: dæ
seg: sæ
være: vere vera værra
vært: vore våre vorte
fra: frå ifrå
noen: nokon nokre nån non nåen nåkken
noe: noko nokka nåkka nåke noge
hun: hu ho
hjemme: heime hjæmme
hjem: heim
hjemmet: heimen
si: seie seia sei
sier: seier
vold: vald
voldelig: valdeleg
barn: born
barna: borna bånan onganan
unger: ungar onga onger
ungene: ungane ongan ongene
penger: pengar pæng
pengene: pengane
bo: bu
bor: bur
bodd: budd
gjør: gjer gjørr
gjøre: gjere gjera
komme: kome koma
kommer: kjem kjæm kommar
kommet: komen komne
trenger: treng trenge trengje
vet: veit vett
tar: tek
tatt: teke teken
hører: høyrer høyre
skriver: skriv
skrevet: skrivi
snakker: snakkar
koster: kostar koste
kostet: kosta
mer: meir
bare: berre bærre
selv: sjølv sjøl
også: òg åg
sammen: saman
et: eit
en: ein ei
ringe: ringje
ringer: ringjer
hjelpen: hjelpa
ble: vart blei
blir: vert
bli: verte
tør: torer tørs
turte: torde
klarer: klarar greier
henvisning: tilvising
taushetsplikt: teieplikt
taushetsplikten: teieplikta
opphold: opphald
oppholdet: opphaldet
oppholdstillatelse: opphaldsløyve
oppholdstillatelsen: opphaldsløyvet
kjæreste: kjærast
kjæresten: kjærasten
samboeren: sambuaren
samboer: sambuar
rådgiver: rådgjevar
rådgiveren: rådgjevaren
gang: gong
ganger: gonger
siden: sidan
da: då
gi: gje gjeve
får: fær
fikk: fekk
lager: lagar
lagrer: lagrar
lagret: lagra
slettet: sletta
slettes: slettast
sletter: slettar
virker: verkar
lover: lovar
tror: trur
tenker: tenkjer
tenke: tenkje
søster: syster
søsteren: systera
datter: dotter
datteren: dottera
sønnen: sonen
sønn: son
sted: stad
steder: stader
uten: utan
mens: medan
ønsker: ønskjer ynskjer
søke: søkje
søker: søkjer
trygghetsplan: tryggleiksplan
besøksforbud: besøksforbod
dagtilbud: dagtilbod
dagtilbudet: dagtilbodet
botilbud: butilbod
tilbudet: tilbodet
tilbud: tilbod
tilbyr: tilbyd
kommuner: kommunar
samtaler: samtalar
snakke: prate
utsatt: utsett
følger: fylgjer følgjer
følge: fylgje følgje
spørre: spørje
sporer: sporar
overvåket: overvaka overvakt
kontakter: kontaktar
kontrollerer: kontrollerar
nekter: nektar
straffer: straffar
truer: truar
hater: hatar
skammer: skjemst skammar
elsker: elskar
skiller: skil
skilles: skilst
skilt: skild
flytter: flyttar
flyttet: flytta
dro: drog
drar: dreg
gikk: gjekk
slår: slær
slått: slege
slo: slog
drukket: drukke
drikker: drikk
ruser: rusar
leter: leitar
bruker: brukar
begynne: byrje
begynner: byrjar
skjønner: skjønar skjønnar
fortelle: fortelje
forteller: fortel
gjenta: gjentaka
enklere: enklare
vanskelige: vanskelege
vanskelig: vanskeleg
hemmelig: hemmeleg
farlig: farleg
alvorlig: alvorleg
dårlig: dårleg
ordentlig: ordentleg
egentlig: eigentleg
egen: eigen
egne: eigne
eget: eige
adressen: adressa
uka: veka
uke: veke
måned: månad
natten: natta
helgen: helga
morgen: morgon
fremdeles: framleis
foreldrene: foreldra
moren: mora
kona: kåna
norge: noreg
skolen: skulen
skole: skule
lærer: lærar
sykepleier: sjukepleiar
helsesykepleier: helsesjukepleiar
syk: sjuk
sykehus: sjukehus
ansatt: tilsett
ansatte: tilsette
veiledning: rettleiing
bekymret: uroleg bekymra
svarer: svarar
venter: ventar
klager: klagar
legge: leggje
hvis: viss dersom hviss vis
ville: vilja
skal: ska sku
det: d
"""

#: As above, but English words as well: read as Bokmål only in a text without English words.
_ALSO_ENGLISH = """
nå: no
vi: me
er: e
var: va
de: dei
"""

_ENGLISH_WORDS = """
the is are am i i'm my you your he she it's we they can't don't do does did what how who where
when why will would should could to of and but with for from this that there her his not have
has had be been about if or at an help please need want get now again say tell talk give let
leave safe home kids more
"""
_WORD = re.compile(r"\w+(?:['-]\w+)*|[^\w\s]")


def _read(table: str) -> dict[str, str]:
    forms: dict[str, str] = {}
    for line in table.strip().splitlines():
        bokmal, _, others = line.partition(":")
        for other in others.split():
            if other != bokmal:
                forms.setdefault(other, bokmal)
    return forms


_ENGLISH = frozenset(_ENGLISH_WORDS.split())
_SURE = _read(_FORMS)
_ALL = _SURE | _read(_ALSO_ENGLISH)
#: "no" alone is English or Nynorsk; in three words without any English one it is Nynorsk.
_ENOUGH_TO_TELL = 3


def as_bokmal(text: str) -> str:
    """Lower case, punctuation set apart, known forms replaced; English is left as it is."""
    words = _WORD.findall(text.lower())
    english = sum(word in _ENGLISH for word in words)
    if english * 4 >= len(words) > 0:
        return " ".join(words)
    forms = _ALL if not english and len(words) >= _ENOUGH_TO_TELL else _SURE
    return " ".join(forms.get(word, word) for word in words)
