"""Common words of three languages, most frequent first: what the drawn prose is made of."""

from __future__ import annotations

from typing import Final, Literal

Language = Literal["en", "de", "fr"]

_ENGLISH: Final = """
the of and to in a is that for it as was with be by on not he his but at are this have from or had an they which one
you were her all she there would their we him been has when who will more no if out so said what up its about into
than them can only other new some could time these two may then do first any my now such like our over man me even
most made after also did many before must through back years where much your way well down should because each just
those people how too little state good very make world still own see men work long get here between both life being
under never day same another know while last might us great old year off come since against go came right used take
three states himself few house use during without again place around however home small found thought went say part
once general high upon school every number does got united left head water course something fact though less public
put almost hand enough far took government system set better told nothing night end why called didn't eyes find going
look asked later point knew next program city business give group toward young days let room president side social
present given several order national possible rather second face per among form important often things looked early
white case become large big need four within felt along children saw best church ever least power development light
thing seemed family interest want members mind area country others although turned done open god service problem kind
different began door means sense help whole matter line across perhaps themselves itself question name seem above
human local body information street action want question close result account letter office company report price
century evidence history research science paper machine engine measure record table figure section chapter page
library scanner archive invoice payment customer market quarter balance average estimate quality standard method
project method review language reading writing printing character picture column margin paragraph signature contract
agreement condition temperature pressure distance season harvest railway harbour station bridge mountain valley river
forest garden window kitchen carriage journey traveller merchant soldier minister professor physician neighbour
daughter brother village kingdom parliament committee commission department hospital university laboratory experiment
observation hypothesis instrument electricity mechanism architecture manuscript dictionary encyclopaedia translation
""".split()

_GERMAN: Final = """
der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat dass
sie nach wird bei einer um am sind noch wie einem über einen so zum haben nur oder aber vor zur bis mehr durch man
sein wurde Prozent hatte kann gegen vom können schon wenn habe seine ihre dann unter wir soll ich eines Jahr zwei
Jahren diese dieser wieder keine Uhr seiner worden will zwischen immer Millionen was sagte gibt alle seit muss wurden
beim doch jetzt waren drei Jahre neue neuen damit bereits da ihr seinen müssen ab ihrer ohne sondern selbst ersten
etwa heute weil ihm Menschen Deutschland anderen rund ihn Ende jedoch Zeit uns Stadt geht sehr hier ganz erste Berlin
Straße Größe Müller Gebäude größer schließlich natürlich möglich Bücher Öffnung Übersicht Ärzte Maß fünf zwölf Grüße
Geschäft Gesellschaft Wirtschaft Rechnung Bahnhof Schlüssel Frühling Häuser Wörter gehören erzählen Tür süß weiß
""".split()

_FRENCH: Final = """
de la le et les des en un du une que est pour qui dans a par plus pas au sur ne se ce il sont avec son aux ou mais
comme on ont été cette fait ses être ces leur sans deux même sa entre nous aussi dont tout peut bien après elle ainsi
vous encore très depuis autres sous toujours trois temps premier année pays avant contre monde selon jour moins vie
grande déjà début État système problème société qualité développement économie énergie liberté égalité où là français
française garçon leçon façon reçu forêt hôtel côté bientôt peut-être naïf Noël œuvre cœur sœur élève étudiant écrire
lumière rivière fenêtre tête fête prêt intérêt théâtre château âge goût août sûr célèbre général matière manière
""".split()

WORDS: Final[dict[Language, tuple[str, ...]]] = {
    "en": tuple(dict.fromkeys(_ENGLISH)),
    "de": tuple(dict.fromkeys(_GERMAN)),
    "fr": tuple(dict.fromkeys(_FRENCH)),
}
