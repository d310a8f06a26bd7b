# Deutsch

language-name = Deutsch
on = an
off = aus

## Coming in

welcome =
    Willkommen, { $name }.

    Schreib den Namen eines Films oder einer Serie, um hier danach zu suchen, oder schau alles in Stremio.
welcome-owner = Leite einen Film oder eine Folge in deinen Kanal weiter, und einen Augenblick später ist das in Stremio zu finden.
welcome-files = Schick mir irgendeine Datei oder leite sie an mich weiter, und du bekommst einen Link dazu.
welcome-install =
    In Stremio einrichten:
    { $link }

    Der Link ist nur für dich: Wer ihn hat, schaut unter deinem Namen.
only-this-machine = Diese Links öffnen sich nur auf dem Rechner, auf dem Cinepost läuft; setze BASE_URL, um ihn von anderen aus zu erreichen.
stranger =
    Das ist Cinepost, ein Kino aus einem Telegram-Kanal.

    Es gehört jemand anderem; bitte dort um eine Einladung.
stranger-no-owner =
    Das ist Cinepost, ein Kino aus einem Telegram-Kanal.

    Wenn es deines ist: Setze OWNER_ID auf { $id }, dann sage ich dir, was dazugekommen ist und wo du gebraucht wirst, und lasse dich herein.
join-waits = Du kommst herein, sobald jemand zugestimmt hat; ich sage dir dann Bescheid.
barred = Dieses Konto wird hier nicht eingelassen.
must-join = Tritt zuerst diesen Kanälen bei und drück dann den Knopf darunter.
button-joined = Bin beigetreten
button-install = In Stremio einrichten
button-page = Deine Seite öffnen
button-review = Prüfliste öffnen

## Help

help = Schreib einen Namen, um die Bibliothek zu durchsuchen. Was ich sonst noch kenne:
help-start = deine Links
help-help = diese Liste
help-search = die Bibliothek durchsuchen
help-myfiles = deine Dateien; mit Wörtern dahinter die, die so heißen
help-folders = deine Ordner
help-newfolder = einen Ordner anlegen
help-file = eine Datei nach ihrer Nummer zeigen
help-rename = eine Datei umbenennen, als Antwort auf sie
help-delete = eine Datei löschen, als Antwort auf sie
help-link = als Antwort auf eine Datei: ihr Link; mit einer Zahl die Links von so vielen ab dort
help-web = deine Seite, ohne Passwort
help-stats = deine Zahlen
help-settings = Sprache, Verlauf, Neuigkeiten
help-status = wie es um die Bibliothek steht
help-log = das Ende des Protokolls als Datei, ohne Geheimnisse; mit einer Zahl so viele Zeilen davon
help-users = alle, die hier sein dürfen
help-invite = jemanden einladen
help-ban = jemanden aussperren
help-unban = jemanden wieder hereinlassen
help-broadcast = allen schreiben, die Neuigkeiten haben möchten: die Worte dahinter, oder als Antwort auf die Nachricht, die hinausgehen soll
help-cancel = zurücknehmen, was begonnen ist: meine Frage, eine Rundsendung
unknown-command = /{ $word } kenne ich nicht. Was ich kenne, zeigt /help.
not-allowed = Das darfst du hier nicht.
no-database = Die Datenbank ist gerade nicht zu erreichen; versuch es in einer Minute noch einmal.
telegram-failed = Telegram hat das gerade nicht getan; versuch es in einer Minute noch einmal.
cannot = Das geht nicht: { $why }.
button-old = Dieser Knopf ist zu alt oder war nie einer von mir.
button-back = ‹ Zurück

## Their page, what they choose, their figures

web = Dieser Knopf öffnet deine Seite, ein einziges Mal, innerhalb von { $minutes } Minuten.
web-guest = Deine Links:
settings = Welche Sprache soll ich sprechen, und was darf ich?
button-history = Verlauf merken: { $state }
button-news = Neuigkeiten: { $state }
button-erase-history = Verlauf löschen
history-erase = Alles, was von dem gemerkt ist, das du angesehen hast, ist dann weg. Bist du sicher?
history-erased = Der Verlauf ist gelöscht.
button-erase = Löschen
stats-person = { $role }, hier seit { $since }
stats-expires = Der Zugang endet am { $when }.
stats-files =
    { $count ->
        [0] Noch keine Dateien
        [one] Eine Datei, { $size }
       *[other] { $count } Dateien, { $size }
    }
stats-library =
    Die Bibliothek: { $films ->
        [one] ein Film
       *[other] { $films } Filme
    }, { $series ->
        [one] eine Serie
       *[other] { $series } Serien
    }, { $files ->
        [one] eine Datei
       *[other] { $files } Dateien
    }.
status-pending =
    { $count ->
        [one] Eine Datei wird gerade nachgeschlagen.
       *[other] { $count } Dateien werden gerade nachgeschlagen.
    }
status-review =
    { $count ->
        [one] Eine Datei ist zu prüfen.
       *[other] { $count } Dateien sind zu prüfen.
    }
status-waiting =
    { $count ->
        [one] Eine Person wartet auf Einlass: /users
       *[other] { $count } Personen warten auf Einlass: /users
    }

## Search

search-how = Schreib dahinter, was du suchst, etwa: /search night of the living dead
search-found = Zu „{ $words }“:
search-nothing = Hier heißt nichts „{ $words }“.
title-gone = Diesen Titel gibt es hier nicht mehr.
title-no-files = Seine Dateien gibt es hier nicht mehr.
season = Staffel { $number }
button-watch = Ansehen

## Files

files-top = Deine Dateien
files-none = Hier liegt noch nichts. Schick mir irgendeine Datei oder leite sie an mich weiter.
files-found =
    { $count ->
        [one] Eine Datei:
       *[other] { $count } Dateien:
    }
files-not-found = Keine deiner Dateien heißt „{ $words }“.
file-number = Nr. { $number }
file-in-folder = In { $path }
file-ends = Der Link läuft am { $when } ab.
file-ended = Der Link ist abgelaufen. Am { $when } wird die Datei gelöscht, wenn er kein anderes Ende bekommt.
file-most =
    { $count ->
        [one] Für einen Download.
       *[other] Für { $count } Downloads.
    }
file-has-password = Mit Passwort.
file-served = { $downloads }-mal heruntergeladen, { $streams }-mal abgespielt.
file-new-name = Wie soll „{ $name }“ heißen? Schreib den neuen Namen.
file-new-password = Nach welchem Passwort soll „{ $name }“ fragen? Schreib eines mit mindestens vier Zeichen und lösch deine Nachricht danach.
file-expiry = Wann soll der Link ablaufen? { $days } Tage danach wird die Datei gelöscht, wenn er bis dahin kein anderes Ende bekommt.
file-limits = Wie oft darf die Datei von jetzt an heruntergeladen werden?
file-delete = Die Datei und ihr Link sind dann für alle weg. Bist du sicher?
file-deleted = „{ $name }“ ist gelöscht.
file-where = Wohin damit?
file-how = Schreib die Nummer einer Datei dahinter, etwa: /file 12
rename-how = Antworte auf die Datei, die du geschickt hast, mit /rename und dem neuen Namen, oder schreib zuerst ihre Nummer: /rename 12 Neuer Name
delete-how = Antworte auf die Datei, die du geschickt hast, mit /delete, oder schreib ihre Nummer: /delete 12
link-how = Antworte auf eine Nachricht mit einer Datei mit /link, oder mit /link 5 für sie und die folgenden (höchstens 50).
link-no-files = In dem, worauf du geantwortet hast, ist keine Datei.
file-protected = Wer diese Datei gepostet hat, erlaubt nicht, sie zu kopieren.
file-type-refused = Der Eigentümer nimmt hier keine Dateien dieser Art: { $type }.
file-scanning = Zuerst sieht der Virenscanner sie an. Das kann eine Minute dauern …
file-scan-refused = Der Virenscanner lehnt diese Datei ab.
file-scan-refused-because = Der Virenscanner lehnt diese Datei ab: { $why }
file-not-scanned = Der Virenscanner konnte diese Datei nicht ansehen, darum wird sie nicht aufbewahrt. Versuche es später noch einmal; der Eigentümer findet den Grund im Protokoll.
file-is-clean = Der Virenscanner hat nichts darin gefunden.
file-is-unscanned = Der Virenscanner konnte sie nicht ansehen.
file-waits = Die Datenbank ist gerade nicht zu erreichen. Ich versuche es noch eine Minute lang; kommt bis dahin kein Link, schick die Datei bitte noch einmal.
file-message-gone = Die Nachricht mit dieser Datei gibt es nicht mehr.
no-storage = Hier können keine Dateien aufbewahrt werden: Der Eigentümer hat STORAGE_CHANNEL nicht gesetzt.
storage-shut = Gerade können hier keine Dateien aufbewahrt werden: Ich darf im Speicherkanal nichts posten. Der Eigentümer muss mich dort zum Administrator machen.
no-such-file = So eine Datei hast du nicht.
no-such-folder = So einen Ordner hast du nicht.
name-bad = Ein Name braucht mindestens ein Zeichen und darf höchstens 120 haben.
password-bad = Ein Passwort braucht mindestens vier Zeichen und darf höchstens 200 haben.
folder-name = Wie soll der Ordner heißen? Schreib seinen Namen.
folder-taken = Einen Ordner namens „{ $name }“ gibt es schon.
folder-not-empty = In diesem Ordner liegt noch etwas. Verschieb oder lösch es zuerst.
folder-too-deep = Tiefer lassen sich Ordner nicht verschachteln.
folder-in-itself = Ein Ordner kann nicht in sich selbst liegen.
library-coming = Unterwegs in die Bibliothek.
library-no-channel = Es wird kein Kanal beobachtet, also kann nichts in die Bibliothek kommen.
kind-video = Video
kind-animation = Animation
kind-audio = Musik
kind-voice = Sprachnachricht
kind-photo = Foto
kind-document = Dokument
in-hours =
    { $count ->
        [one] 1 Stunde
       *[other] { $count } Stunden
    }
in-days =
    { $count ->
        [one] 1 Tag
       *[other] { $count } Tage
    }
never = Nie
as-often = Unbegrenzt
button-download = Herunterladen
button-play = Abspielen
button-players = Player
button-web-player = ▶ Auf { $player } abspielen
button-copy = Link kopieren
button-rename = Umbenennen
button-move = Verschieben
button-expiry = Ablauf …
button-limits = Beschränken …
button-library = In die Bibliothek
button-delete = Löschen
button-delete-now = Endgültig löschen
button-password = Passwort setzen
button-no-password = Passwort entfernen
button-new-link = Neuer Link
button-new-folder = Neuer Ordner
button-here = Hierher: { $folder }
button-up = ‹ Nach oben

## People

users =
    { $count ->
        [one] Eine Person.
       *[other] { $count } Personen.
    }
role-owner = Eigentümer
role-admin = Admin
role-member = Mitglied
role-guest = Gast
person-active = Zuletzt hier am { $when }
no-such-person = Diese Person ist nicht mehr hier.
invite-how = Schreib dahinter, für wen es ist, etwa: /invite member, /invite guest 5 30d (fünf Gäste, innerhalb von dreißig Tagen)
invited =
    { $count ->
        [one] Wer das bis { $until } als Erstes öffnet, wird { $role }:
       *[other] Die ersten { $count }, die das bis { $until } öffnen, werden { $role }:
    }
    { $link }
ban-how = Schreib dahinter, wer es ist, mit Namen oder Nummer, sodass nur eine Person gemeint sein kann: /ban Anna
button-approve = Hereinlassen
button-decline = Ablehnen
button-role = Künftig { $role }
button-pause = Pausieren
button-ban = Aussperren
button-enable = Wieder hereinlassen
button-renew = Alle Links erneuern

## Broadcasts

broadcast-how = Schreib dahinter, was alle lesen sollen, etwa: /broadcast Heute um acht. Oder antworte auf eine Nachricht mit /broadcast, dann geht sie hinaus, wie sie ist.
broadcast-nobody = Hier ist niemand, der Neuigkeiten haben möchte.
broadcast-ask =
    { $count ->
        [one] Das geht an eine Person. Soll ich es senden?
       *[other] Das geht an { $count } Personen. Soll ich es senden?
    }
button-broadcast = Senden
button-no-broadcast = Nicht senden
broadcast-dropped = Es wurde nicht gesendet.
broadcast-begins = Es ist unterwegs; diese Nachricht sagt, wie es vorangeht.
broadcast-sending = Wird gesendet: { $done } von { $count }.
button-stop = Anhalten
broadcast-stopping = Es wird angehalten.
broadcast-done = Gesendet. Erreicht: { $reached } von { $count }.
broadcast-stopped = Angehalten. Erreicht: { $reached } von { $count }.
broadcast-failed = Es geht nicht weiter: { $why }. Erreicht: { $reached } von { $count }.
broadcast-message-gone = die Nachricht, die hinausgehen sollte, gibt es nicht mehr
broadcast-protected = die Nachricht, die hinausgehen sollte, darf nicht kopiert werden
broadcast-blocked = Haben mich blockiert ({ $count }): { $names }
broadcast-not-started = Haben nie auf Start gedrückt oder Telegram verlassen ({ $count }): { $names }
broadcast-unreached = Nicht erreicht, das Protokoll sagt, warum ({ $count }): { $names }
names-and-more = { $names } und { $count } weitere
question-dropped = Die Frage habe ich vergessen.
nothing-to-cancel = Es gibt nichts zurückzunehmen.

## Limits, and who may come in

limit-day = Deine { $size } für heute sind aufgebraucht. Weiter geht es { $wait }.
limit-day-all = Die { $size }, die heute für alle zusammen da sind, sind aufgebraucht. Weiter geht es { $wait }.
limit-month = Deine { $size } für diesen Monat sind aufgebraucht. Weiter geht es { $wait }.
limit-month-all = Die { $size }, die diesen Monat für alle zusammen da sind, sind aufgebraucht. Weiter geht es { $wait }.
limit-streams =
    { $count ->
        [one] Du darfst eine Datei zur selben Zeit ansehen. Weiter geht es, wenn sie endet.
       *[other] Du darfst { $count } Dateien zur selben Zeit ansehen. Weiter geht es, wenn eine davon endet.
    }
limit-streams-all =
    { $count ->
        [one] Alle zusammen dürfen eine Datei zur selben Zeit ansehen. Weiter geht es, wenn sie endet.
       *[other] Alle zusammen dürfen { $count } Dateien zur selben Zeit ansehen. Weiter geht es, wenn eine davon endet.
    }
limit-file = Deine Dateien dürfen bis zu { $size } groß sein. Bitte um mehr, wer dieses Cinepost betreibt.
limit-links =
    { $count ->
        [one] Du darfst einen Link am Tag machen und hast ihn gemacht. Weiter geht es { $wait }.
       *[other] Du darfst { $count } Links am Tag machen und hast sie gemacht. Weiter geht es { $wait }.
    }
limit-requests = Das war zu schnell. Weiter geht es { $wait }.
limit-guesses = Von hier kamen zu viele falsche Links oder Codes. Versuch es { $wait } noch einmal.
wait-days =
    { $count ->
        [one] in einem Tag
       *[other] in { $count } Tagen
    }
wait-hours = in { $hours } Std. { $minutes } Min.
wait-minutes = in { $count } Min.
wait-seconds = in { $count } Sek.
access-removed = Dieser Zugang wurde entzogen.
access-pending = Dieser Zugang wartet, bis jemand zustimmt.
access-paused = Dieser Zugang ruht.
access-paused-until = Dieser Zugang ruht bis { $until }.
access-banned = Dieser Zugang wurde entzogen.
access-banned-until = Dieser Zugang wurde bis { $until } entzogen.
access-expired = Dieser Zugang endete am { $when }.
with-reason = { $words } Der Grund: { $reason }
invitation-over = Diese Einladung ist verbraucht, abgelaufen oder zurückgenommen. Bitte um eine neue.
invitation-not-yours = Diese Einladung ist für jemand anderen; du hast schon einen eigenen Zugang.
too-many-waiting = Zu viele warten auf Einlass. Versuch es morgen noch einmal.
person-name-bad = Ein Name besteht aus höchstens 40 Buchstaben, Ziffern und Leerzeichen in einer Zeile.
person-name-taken = { $name } heißt schon jemand. Wähle einen anderen Namen.
person-account-taken = Das Telegram-Konto { $account } gehört schon zu { $name }.
person-unknown = Hier heißt niemand „{ $name }“. Alle zeigt /users.
person-owner = Den Eigentümer kann niemand entfernen, pausieren, aussperren, befristen oder zu etwas anderem machen.
person-one-owner = Es gibt einen Eigentümer. Vergeben lassen sich die Rollen Admin, Mitglied und Gast.
person-makes-admin = Nur der Eigentümer ernennt Admins.
person-not-waiting = { $name } wartet nicht auf Einlass.
person-not-kept-out = { $name } ist weder pausiert noch ausgesperrt.
person-contended = Andere haben { $name } im selben Augenblick geändert. Versuch es noch einmal.
no-code-left = Zu viele Codes sind im Umlauf. Versuch es in ein paar Minuten noch einmal.
log-no-file = Das Protokoll steht in keiner Datei: Setze LOG_FILE, etwa auf data/cinepost.log, und starte das Programm neu.
log-unreadable = Das Protokoll lässt sich nicht lesen: { $problem }.
log-file = Das Ende des Protokolls, ohne Geheimnisse.
log-empty = Im Protokoll steht noch nichts.

## The page behind a file's link

share-open-in = In einem Player öffnen
share-link = Links
share-direct = Für Player und Download-Manager
share-this-page = Diese Seite
share-copy = Kopieren
share-scan = Mit einem Handy scannen
share-no-video = Dieser Browser spielt so eine Datei nicht ab; öffne sie in einem Player.
share-locked = Diese Datei ist gesperrt
share-ask = Wer dir den Link geschickt hat, kennt das Passwort.
share-wrong = Das ist nicht das Passwort.
share-password = Passwort
share-unlock = Öffnen

## Files that need a hand

review-chosen =
    { $file }
    ist jetzt { $title }.
review-ignored =
    { $file }
    wird nirgends mehr gelistet.
review-again =
    { $file }
    wird neu gesucht.
review-no-file = Diese Datei ist nicht mehr da.
review-no-episode = { $title } ist eine Serie, und die Datei sagt nicht, welche Folge sie ist. Öffne die Prüfliste, um es anzugeben.
review-no-provider = Der Metadatenanbieter antwortet gerade nicht. Bitte versuche es in einer Minute noch einmal.
review-unknown-title = Der Metadatenanbieter kennt diesen Titel nicht mehr.
review-on-the-page = Das lässt sich nicht mit einer Taste entscheiden. Öffne die Prüfliste.
button-ignore = Ignorieren
button-take-back = Zurücknehmen
