# Words of the reader's pages in English: what every language without a catalog of its own falls back to.

skip = Skip to content
home = Home
trail = You are here
all-regions = All places

regions-title = Information for your place
regions-intro = Choose your place. You will find reliable information there in several languages.
regions-none = Nothing has been published here yet.
region-intro = Reliable information for living here, from the people and offices on site.
topics = Topics
section = In this section
more =
    { $count ->
        [one] and one more topic
       *[other] and { $count } more topics
    }

language = Language
language-choose = Choose a language
language-elsewhere = This page does not exist there yet. These links lead to the nearest page.
languages-count =
    { $count ->
        [one] In one language
       *[other] In { $count } languages
    }

updated = Last changed on { $date }
outdated = This translation is not up to date. The original text has been changed since.
machine = This text was translated by a computer and has not been checked by a person yet. It may contain mistakes.
source-link = Read the original text: { $language }

mirrored-title = Where this text comes from
mirrored-from = This text comes from { $origin } and is shown here unchanged.
mirrored-link = View the original
mirrored-confirmed = Last compared with the original on { $date }
mirrored-unconfirmed = Since { $date } we have not been able to check whether the original has changed. If in doubt, please ask.
origin = Publisher
credit = Author
licence = Licence
pictures = Pictures

picture-elsewhere = View the picture on another website
film-elsewhere = View the film on another website
table = Table

missing-title = Page not found
missing-text = There is no page at this address. It may have been removed, or the address may contain a typing mistake.
missing-languages = The page exists in these languages:
missing-way = Where to go from here:
broken-title = That did not work
broken-text = Something went wrong on our side. Please try again in a few minutes.

feedback-question = Was this helpful?
feedback-yes = Yes
feedback-no = No
feedback-comment = What could be better? (optional)
feedback-hint = Please do not write anything about yourself. You will not get a reply.
feedback-trap = Leave this field empty
feedback-send = Send
feedback-thanks-title = Thank you
feedback-thanks-text = Your answer helps to make this information better for everybody.
feedback-often-text = You have sent several answers in a short time. Please try again in a few minutes.
feedback-refused-text = Please choose yes or no, or write a comment that is not too long, and send it again.
feedback-back = Back to

footer-content = Content: { $name }
footer-quiet = This site sets no cookies and loads nothing from other servers.
footer-software = Lotse is free software for municipalities.
print-note = Printed from:

category-other = Other

events = Events
events-none = No events are announced at the moment.
events-running = Already under way
calendar-of = Calendar: { $date }
changes = Recent changes
calendar-subscribe = Subscribe to the calendar
calendar-add = Add to your calendar
as-list = As a list
month-previous = Previous month
month-next = Next month
month-through = Over a longer time
when = When
where = Where
today = Today
all-day = All day
time-at = { $from }
time-span = { $from }–{ $to }
date-span = { $from } to { $to }
until = Until { $date }
only-weekdays = Monday to Friday only
dates-next = Next dates
dates-more = More dates follow after these.
repeats-daily =
    { $count ->
        [1] Every day
       *[other] Every { $count } days
    }
repeats-weekly =
    { $count ->
        [1] Every week: { $days }
       *[other] Every { $count } weeks: { $days }
    }
repeats-monthly =
    { $count ->
        [1] Every month
       *[other] Every { $count } months
    }
repeats-yearly =
    { $count ->
        [1] Every year
       *[other] Every { $count } years
    }
cancelled = Cancelled
moved-from = Moved from { $date }
online = Online
online-link = Take part online

places = Places and services
address = Address
map-app = Open in a map app
map-web = View on OpenStreetMap
hours = Opening hours
hours-usual = Usually: { $hours }
hours-special = Different hours
hours-holidays = On public holidays
closed = Closed
opens-next = Opens again: { $date }, { $time }
open-all-day = Around the clock
by-appointment = By appointment
appointment-hours = By appointment: { $hours }
temporarily-closed = Temporarily closed
appointment = Make an appointment
contact = Contact
phone = Telephone
mobile = Mobile
email = Email
website = Website
barrier-free = Barrier-free
barrier-not-free = Not barrier-free
organisation = Organisation
responsible = Responsible for this page
offers = Services
events-here = Events at this place

news = News
imprint = Imprint
shown-in = This text does not exist in your language yet. It is shown in another language: { $language }

topics = Topics
audiences = For
term-language = Language
term-housing = Housing
term-work-education = Work and education
term-participation = Participation
term-before-arrival = Before arrival
term-arriving = Newly arrived
term-settled = Settled
term-worker = Workers
term-family = Families
term-student = Students
term-refugee = Refugees
