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
