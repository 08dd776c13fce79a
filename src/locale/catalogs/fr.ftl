# Words of the reader's pages in French.

skip = Aller au contenu
home = Accueil
trail = Vous êtes ici
all-regions = Tous les lieux

regions-title = Des informations pour votre lieu de vie
regions-intro = Choisissez votre lieu de vie. Vous y trouverez des informations fiables en plusieurs langues.
regions-none = Rien n’a encore été publié ici.
region-intro = Des informations fiables pour vivre ici, fournies par les services locaux.
topics = Thèmes
section = Dans cette rubrique
more =
    { $count ->
        [one] et un autre thème
       *[other] et { $count } autres thèmes
    }

language = Langue
language-choose = Choisir une langue
language-elsewhere = Cette page n’existe pas encore dans ces langues. Ces liens mènent à la page la plus proche.
languages-count =
    { $count ->
        [one] En une langue
       *[other] En { $count } langues
    }

updated = Dernière modification le { $date }
outdated = Cette traduction n’est pas à jour. Le texte d’origine a été modifié depuis.
machine = Ce texte a été traduit par un ordinateur et n’a pas encore été relu par une personne. Il peut contenir des erreurs.
source-link = Lire le texte d’origine : { $language }

mirrored-title = D’où vient ce texte
mirrored-from = Source de ce texte : { $origin }. Il est affiché ici sans modification.
mirrored-link = Voir l’original
mirrored-confirmed = Dernière comparaison avec l’original le { $date }
mirrored-unconfirmed = Depuis le { $date }, nous n’avons pas pu vérifier si l’original a changé. En cas de doute, renseignez-vous.
origin = Éditeur
credit = Auteur
licence = Licence
pictures = Images

picture-elsewhere = Voir l’image sur un autre site
film-elsewhere = Voir la vidéo sur un autre site
table = Tableau

missing-title = Page introuvable
missing-text = Il n’y a pas de page à cette adresse. Elle a peut-être été supprimée, ou l’adresse contient une faute de frappe.
missing-languages = Cette page existe dans ces langues :
missing-way = Pour continuer :
broken-title = Cela n’a pas fonctionné
broken-text = Une erreur s’est produite de notre côté. Veuillez réessayer dans quelques minutes.

feedback-question = Cette page vous a-t-elle été utile ?
feedback-yes = Oui
feedback-no = Non
feedback-comment = Que pourrait-on améliorer ? (facultatif)
feedback-hint = Merci de ne rien écrire sur vous-même. Vous ne recevrez pas de réponse.
feedback-trap = Laissez ce champ vide
feedback-send = Envoyer
feedback-thanks-title = Merci
feedback-thanks-text = Votre réponse aide à améliorer ces informations pour tout le monde.
feedback-often-text = Vous avez envoyé plusieurs réponses en peu de temps. Veuillez réessayer dans quelques minutes.
feedback-refused-text = Choisissez oui ou non, ou écrivez un commentaire pas trop long, puis envoyez à nouveau.
feedback-back = Retour à

footer-content = Contenu : { $name }
footer-quiet = Ce site n’utilise pas de cookies et ne charge rien depuis d’autres serveurs.
footer-software = Lotse est un logiciel libre pour les communes.
print-note = Imprimé depuis :

category-other = Autres

events = Événements
events-none = Aucun événement n’est annoncé pour le moment.
events-running = Déjà commencé
calendar-of = Calendrier : { $date }
changes = Modifications récentes
calendar-subscribe = S’abonner au calendrier
calendar-add = Ajouter à votre agenda
as-list = En liste
month-previous = Mois précédent
month-next = Mois suivant
month-through = Sur une plus longue période
when = Quand
where = Où
today = Aujourd’hui
all-day = Toute la journée
time-at = { $from }
time-span = { $from }–{ $to }
date-span = Du { $from } au { $to }
until = Jusqu’au { $date }
only-weekdays = Du lundi au vendredi seulement
dates-next = Prochaines dates
dates-more = D’autres dates suivront.
repeats-daily =
    { $count ->
        [1] Chaque jour
       *[other] Tous les { $count } jours
    }
repeats-weekly =
    { $count ->
        [1] Chaque semaine : { $days }
       *[other] Toutes les { $count } semaines : { $days }
    }
repeats-monthly =
    { $count ->
        [1] Chaque mois
       *[other] Tous les { $count } mois
    }
repeats-yearly =
    { $count ->
        [1] Chaque année
       *[other] Tous les { $count } ans
    }
cancelled = Annulé
moved-from = Reporté, date initiale : { $date }
online = En ligne
online-link = Participer en ligne

places = Lieux et services
address = Adresse
map-app = Ouvrir dans une application de cartes
map-web = Voir sur OpenStreetMap
hours = Horaires d’ouverture
hours-usual = D’habitude : { $hours }
hours-special = Horaires particuliers
hours-holidays = Les jours fériés
closed = Fermé
opens-next = Prochaine ouverture : { $date }, { $time }
open-all-day = 24 heures sur 24
by-appointment = Sur rendez-vous
appointment-hours = Sur rendez-vous : { $hours }
temporarily-closed = Fermé temporairement
appointment = Prendre rendez-vous
contact = Contact
phone = Téléphone
mobile = Portable
email = E-mail
website = Site web
barrier-free = Accessible aux personnes handicapées
barrier-not-free = Non accessible aux personnes handicapées
organisation = Organisation
responsible = Responsable de cette page
offers = Offres
events-here = Événements dans ce lieu

news = Actualités
imprint = Mentions légales
shown-in = Ce texte n’existe pas encore dans votre langue. Il est affiché dans une autre langue : { $language }

topics = Thèmes
audiences = Pour
term-language = Langue
term-housing = Logement
term-work-education = Travail et formation
term-participation = Participation
term-before-arrival = Avant l’arrivée
term-arriving = Arrivée récente
term-settled = Déjà installés
term-worker = Travailleurs
term-family = Familles
term-student = Étudiants
term-refugee = Réfugiés
