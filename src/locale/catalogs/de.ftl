# Words of the reader's pages in German. Every catalog holds the same keys; a test compares them.

skip = Zum Inhalt springen
home = Startseite
trail = Sie sind hier
all-regions = Alle Orte

regions-title = Informationen für Ihren Ort
regions-intro = Wählen Sie Ihren Ort. Sie finden dort verlässliche Informationen in mehreren Sprachen.
regions-none = Hier ist noch nichts veröffentlicht.
region-intro = Verlässliche Informationen für das Leben hier – von den Stellen vor Ort.
topics = Themen
section = In diesem Bereich
more =
    { $count ->
        [one] und ein weiteres Thema
       *[other] und { $count } weitere Themen
    }

language = Sprache
language-choose = Sprache wählen
language-elsewhere = Diese Seite gibt es dort noch nicht. Die Links führen zur nächstgelegenen Seite.
languages-count =
    { $count ->
        [one] In einer Sprache
       *[other] In { $count } Sprachen
    }

updated = Zuletzt geändert am { $date }
outdated = Diese Übersetzung ist nicht auf dem neuesten Stand. Der ursprüngliche Text wurde inzwischen geändert.
machine = Dieser Text wurde von einem Computer übersetzt und noch nicht von einem Menschen geprüft. Er kann Fehler enthalten.
source-link = Ursprünglichen Text lesen: { $language }

mirrored-title = Woher dieser Text kommt
mirrored-from = Dieser Text kommt von { $origin } und wird hier unverändert gezeigt.
mirrored-link = Original ansehen
mirrored-confirmed = Zuletzt mit dem Original verglichen am { $date }
mirrored-unconfirmed = Seit { $date } konnten wir nicht prüfen, ob sich das Original geändert hat. Fragen Sie im Zweifel nach.
origin = Herausgeber
credit = Urheber
licence = Lizenz
pictures = Bilder

picture-elsewhere = Bild auf einer anderen Website ansehen
film-elsewhere = Film auf einer anderen Website ansehen
table = Tabelle

missing-title = Seite nicht gefunden
missing-text = Unter dieser Adresse gibt es keine Seite. Vielleicht wurde sie entfernt, oder die Adresse hat einen Tippfehler.
missing-languages = In diesen Sprachen gibt es die Seite:
missing-way = So kommen Sie weiter:
broken-title = Das hat nicht geklappt
broken-text = Auf unserer Seite ist ein Fehler aufgetreten. Bitte versuchen Sie es in einigen Minuten noch einmal.

feedback-question = War das hilfreich?
feedback-yes = Ja
feedback-no = Nein
feedback-comment = Was könnte besser sein? (freiwillig)
feedback-hint = Bitte schreiben Sie nichts Persönliches. Sie bekommen keine Antwort.
feedback-trap = Dieses Feld leer lassen
feedback-send = Absenden
feedback-thanks-title = Danke
feedback-thanks-text = Ihre Rückmeldung hilft, diese Informationen für alle besser zu machen.
feedback-often-text = Sie haben in kurzer Zeit mehrere Rückmeldungen geschickt. Bitte versuchen Sie es in ein paar Minuten noch einmal.
feedback-refused-text = Bitte wählen Sie Ja oder Nein oder schreiben Sie einen nicht zu langen Kommentar, und senden Sie noch einmal ab.
feedback-back = Zurück zu

footer-content = Inhalte: { $name }
footer-quiet = Diese Seite setzt keine Cookies und lädt nichts von fremden Servern.
footer-software = Lotse ist freie Software für Kommunen.
print-note = Ausdruck von:

category-other = Sonstiges

events = Veranstaltungen
events-none = Zurzeit sind keine Veranstaltungen angekündigt.
events-running = Hat schon begonnen
calendar-of = Kalender: { $date }
changes = Letzte Änderungen
calendar-subscribe = Kalender abonnieren
calendar-add = In den eigenen Kalender übernehmen
as-list = Als Liste
month-previous = Vorheriger Monat
month-next = Nächster Monat
month-through = Über längere Zeit
when = Wann
where = Wo
today = Heute
all-day = Ganztägig
time-at = { $from } Uhr
time-span = { $from }–{ $to } Uhr
date-span = { $from } bis { $to }
until = Bis { $date }
only-weekdays = Nur Montag bis Freitag
dates-next = Nächste Termine
dates-more = Danach folgen weitere Termine.
repeats-daily =
    { $count ->
        [1] Jeden Tag
       *[other] Alle { $count } Tage
    }
repeats-weekly =
    { $count ->
        [1] Jede Woche: { $days }
       *[other] Alle { $count } Wochen: { $days }
    }
repeats-monthly =
    { $count ->
        [1] Jeden Monat
       *[other] Alle { $count } Monate
    }
repeats-yearly =
    { $count ->
        [1] Jedes Jahr
       *[other] Alle { $count } Jahre
    }
cancelled = Fällt aus
moved-from = Verschoben von { $date }
online = Online
online-link = Online teilnehmen

places = Anlaufstellen
address = Adresse
map-app = In einer Karten-App öffnen
map-web = Auf OpenStreetMap ansehen
hours = Öffnungszeiten
hours-usual = Sonst: { $hours }
hours-special = Abweichende Zeiten
hours-holidays = An Feiertagen
closed = Geschlossen
opens-next = Wieder geöffnet: { $date }, { $time } Uhr
open-all-day = Rund um die Uhr
by-appointment = Nach Vereinbarung
appointment-hours = Nach Vereinbarung: { $hours }
temporarily-closed = Vorübergehend geschlossen
appointment = Termin vereinbaren
contact = Kontakt
phone = Telefon
mobile = Mobiltelefon
email = E-Mail
website = Website
barrier-free = Barrierefrei
barrier-not-free = Nicht barrierefrei
organisation = Organisation
responsible = Zuständig für diese Seite
offers = Angebote
events-here = Veranstaltungen an diesem Ort

news = Neuigkeiten
imprint = Impressum
shown-in = Diesen Text gibt es in Ihrer Sprache noch nicht. Er wird in einer anderen Sprache gezeigt: { $language }

topics = Themen
audiences = Für
term-language = Sprache
term-housing = Wohnen
term-work-education = Arbeit und Bildung
term-participation = Teilhabe
term-before-arrival = Vor der Ankunft
term-arriving = Neu angekommen
term-settled = Schon länger hier
term-worker = Beschäftigte
term-family = Familien
term-student = Studierende
term-refugee = Geflüchtete
