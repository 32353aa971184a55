"""Words of each language that say nothing, that only ask, and that stemmers part although parents mean the same."""

# A word and its other forms.
_ALIKE = {
    "nl": """kind kinderen kinders kindjes
        baby babys babies babytje babytjes
        kinderwagen kinderwagens kinderwagentje
        echo echos
        foto fotos
        mama mamas mammie
        papa papas
        opa opas
        oma omas
        idee ideeen
        knie knieen
        ei eieren
        kramp krampen krampje krampjes
        huilen huil huilt huilde huilden gehuild
        bevalling bevallingen bevallen beviel bevielen bevalt
        eten eet eets at aten gegeten
        drinken drinkt drink dronk dronken gedronken
        slapen slaap slaapt sliep sliepen geslapen
        lopen loop loopt liep liepen gelopen
        kruipen kruip kruipt kroop kropen gekropen
        zitten zit zat zaten gezeten
        staan sta staat stond stonden gestaan
        gaan ga gaat ging gingen gegaan
        krijgen krijg krijgt kreeg kregen gekregen
        geven geef geeft gaf gaven gegeven
        nemen neem neemt nam namen genomen
        brengen breng brengt bracht brachten gebracht
        kopen koop koopt kocht kochten gekocht
        lezen lees leest las lazen gelezen
        kiezen kies kiest koos kozen gekozen
        dragen draag draagt droeg droegen gedragen
        wegen weeg weegt woog wogen gewogen
        bijten bijt beet beten gebeten
        spugen spuug spuugt spuugde gespuugd spugende
        blijven blijf blijft bleef bleven gebleven
        beginnen begin begint begon begonnen
        breken breek breekt brak braken gebroken
        spreken spreek spreekt sprak spraken gesproken
        helpen help helpt hielp hielpen geholpen
        komen kom komt kwam kwamen gekomen
        kijken kijk kijkt keek keken gekeken
        krimpen krimpt kromp krompen gekrompen
        schrijven schrijf schrijft schreef schreven geschreven
        schrikken schrik schrikt schrok schrokken geschrokken
        snijden snijd snijdt sneed sneden gesneden
        springen spring springt sprong sprongen gesprongen
        trekken trek trekt trok trokken getrokken
        verliezen verlies verliest verloor verloren
        vinden vind vindt vond vonden gevonden
        vragen vraag vraagt vroeg vroegen gevraagd
        zien zie ziet zag zagen gezien
        zingen zing zingt zong zongen gezongen
        zoeken zoek zoekt zocht zochten gezocht
        zuigen zuig zuigt zoog zogen gezogen
        houden houd houdt hield hielden gehouden
        vallen val valt viel vielen gevallen
        vaccinatie vaccinaties vaccineren vaccineer gevaccineerd
        adoptie adopties adopteren adopteert geadopteerd
        inenting inentingen inenten ingeent
        aanvraag aanvragen aangevraagd aanvraagt
        aangifte aangiften aangiftes""",
    "en": """child children
        baby babies
        tooth teeth
        foot feet
        woman women
        man men
        mum mums mom moms mummy
        sleep slept asleep
        feed fed
        eat ate eaten
        drink drank drunk
        buy bought
        choose chose chosen
        bring brought
        give gave given
        take took taken
        wake woke woken
        pregnant pregnancy pregnancies
        birth born births
        bite bit bitten
        grow grew grown
        begin began begun
        nappy nappies diaper diapers""",
    "de": """kind kinder kindern kindes
        schlafen schlaf schlaft schlief schliefen geschlafen
        stillen stille stillt stillte gestillt
        trinken trinkt trank getrunken
        essen isst ass gegessen
        zahn zahne zahnen zahnchen
        nacht nachte nachten
        mutter mutter muttern
        vater vatern
        bruder brudern
        flasche flaschen flaschchen
        schreien schreit schrie geschrien
        laufen lauft lief gelaufen
        krabbeln krabbelt krabbelte gekrabbelt
        geben gibt gab gegeben
        nehmen nimmt nahm genommen
        kaufen kauft kaufte gekauft
        geburt geburten geboren gebaren
        impfung impfungen impfen geimpft
        wickeln wickelt gewickelt""",
    "fr": """dormir dors dort dorment dormait dormi
        bebe bebes
        biberon biberons
        oeil yeux
        boire boit boivent bu
        naitre naissance naissances ne nee
        pleurer pleure pleurent pleurs
        vaccin vaccins vaccination vaccinations vacciner vaccine
        allaiter allaitement allaite allaitements
        cheval chevaux
        mal maux""",
}

# What stands before a verb, and changes nothing of its forms
_BEFORE = {
    "nl": "aan achter af be bij door her in mee na om onder ont op over terug toe uit ver voor weg",
    "de": "ab an auf aus be ein ent er mit nach um ver vor weg zer zu",
}
SHORTEST = 3  # letters of a form that something stands before

_STOP = {
    "nl": "de het een en of in is ik je we wij ze zij hij er te van op aan met voor dat die dit als dan maar om ook "
    "nog wel niet naar bij uit door over tot zo al had heb heeft hebben was waren zijn ben bent mijn jouw jullie ons "
    "onze hun haar hem mij me wat wie waar hoe waarom wanneer welke kan kun kunnen mag moet moeten wil wordt worden "
    "werd deze geen meer tegen tijdens tussen onder zonder binnen sinds per toch weer daar hier jij uw zou zouden zal "
    "zullen kon konden mogen willen wilt gaat gaan doet doen",
    "en": "the a an and or in is are am was were be been i you we they he she it its of to on at for with that this "
    "these those as then but if also not from by out over so my your our their her his him me us them what who where "
    "how why when which can could may must will would do does did has have had there should being than into "
    "onto off up down",
    "de": "der die das den dem des ein eine einer einem einen und oder in im ist sind war waren ich du wir ihr sie er "
    "es zu von auf an mit fur dass als dann aber wenn auch nicht nach bei aus durch uber bis so mein dein unser euer "
    "was wer wo wie warum wann welche kann darf muss will wird werden hat haben hatte am zum zur vom man meine meinem "
    "meinen meiner unsere mich mir uns gegen ohne wahrend sich noch soll",
    "fr": "le la les un une des du de et ou en est sont etait je tu nous vous il elle ils elles on au aux a dans sur "
    "avec pour que qui ce cet cette ces si mais aussi ne pas plus par mon ma mes ton ta tes son sa ses notre nos "
    "votre vos leur leurs quoi ou comment pourquoi quand quel quelle peut peux ai as ont avoir etre se sans pendant "
    "quels quelles qu faut fait faire",
    "it": "il lo la i gli le un uno una di del della dei delle e o in nel nella sono era io tu noi voi lui lei loro a "
    "al alla da dal con per che chi questo questa questi queste se ma anche non piu mio mia tuo tua suo sua nostro "
    "vostro cosa dove come perche quando quale puo posso ha ho hanno",
    "es": "el la los las un una unos unas de del y o en es son era yo tu nosotros vosotros el ella ellos a al con por "
    "para que quien este esta estos estas si pero tambien no mas mi mis tu tus su sus nuestro vuestro cosa donde como "
    "porque cuando cual puede puedo ha he han hay",
}

# They stand in many a question and tell nothing of what it is about; a short one keeps them.
_ASKING = {
    "nl": "beter goed graag help hulp iemand anderen vraag vragen weet weten hoeveel hoelang vaak normaal laten laat "
    "tips ervaring ervaringen jullie nodig helpt helpen steeds echt heel veel gewoon eigenlijk kunt zeggen denken "
    "vinden vind mogelijk precies",
    "en": "best better good help please anyone anybody someone question know much many long often normal tips advice "
    "need really very usually any some made make possible",
    "de": "besser gut bitte hilfe jemand andere frage weiss wissen wieviel lange oft normal tipps erfahrung "
    "erfahrungen brauche braucht wirklich sehr viel",
    "fr": "mieux bien aide aider quelqu question sais savoir combien longtemps souvent normal conseil conseils "
    "besoin vraiment tres beaucoup",
    "it": "meglio bene aiuto qualcuno domanda sapere quanto spesso normale consigli bisogno molto",
    "es": "mejor bien ayuda alguien pregunta saber cuanto tiempo normal consejos necesito muy mucho",
}


def _forms(language: str, lines: str) -> dict[str, str]:
    """The first word of each line by the others; by them with something before them, too."""
    forms = {other: line.split()[0] for line in lines.splitlines() for other in line.split()[1:]}
    before = _BEFORE.get(language, "").split()
    return {
        f"{one}{other}": f"{one}{first}" for one in before for other, first in forms.items() if len(other) >= SHORTEST
    } | forms


STOP = {language: frozenset(words.split()) for language, words in _STOP.items()}
ASKING = {language: frozenset(words.split()) for language, words in _ASKING.items()}
IRREGULAR = {language: _forms(language, lines) for language, lines in _ALIKE.items()}
