#!/usr/bin/env python3
"""Answers of an Integreat server about an invented region that has everything: content.py <folder>

Written so that `lotse import integreat --from <folder>` takes them over: a tree of pages with former slugs, events
that come back, places with hours and contacts, news, an imprint and offers, in German, English, Arabic and Amharic.
Dates are counted from today, since news and events are over some day. Lotse's own text, CC0-1.0."""

import datetime
import json
import pathlib
import sys

SITE = "https://cms.musterland.example"
REGION = "musterland"
LANGUAGES = [
    (1, "de", "de-DE", "Deutsch", "LEFT_TO_RIGHT"),
    (2, "en", "en", "English", "LEFT_TO_RIGHT"),
    (3, "ar", "ar", "العربية", "RIGHT_TO_LEFT"),
    (4, "am", "am", "አማርኛ", "LEFT_TO_RIGHT"),
]
TODAY = datetime.datetime.now(datetime.timezone.utc).replace(hour=9, minute=0, second=0, microsecond=0)

# Slugs of the ancestors and the own one by language, title by language, text by language.
PAGES = [
    (1, None, {"de": ("willkommen", "Willkommen"), "en": ("welcome", "Welcome"), "ar": ("أهلا", "أهلا وسهلا"), "am": ("እንኳን", "እንኳን ደህና መጡ")}),
    (2, 1, {"de": ("arbeit", "Arbeit"), "en": ("work", "Work"), "ar": ("العمل", "العمل")}),
    (3, 2, {"de": ("jobsuche", "Jobsuche"), "en": ("job-search", "Job search")}),
    (4, None, {"de": ("wohnen", "Wohnen")}),
    (5, 4, {"de": ("miete", "Miete & Nebenkosten")}),
    (6, 1, {"de": ("kinder", "Kinder"), "en": ("children", "Children"), "ar": ("الأطفال", "الأطفال")}),
]
FORMER = {(3, "de"): ["stellensuche"], (2, "en"): ["jobs"]}
WORDS = {
    "de": "<p>Größe &amp; Maß: <a href=\"{link}\">mehr dazu</a>.</p>\n<ul>\n<li>eins</li>\n<li>zwei</li>\n</ul>",
    "en": "<p>Everything about it: <a href=\"{link}\">more</a>.</p>",
    "ar": "<p>كل شيء هنا: <a href=\"{link}\">المزيد</a>.</p>",
    "am": "<p>ሁሉም ነገር እዚህ አለ።</p>",
}


# As the CMS draws the card of a contact in a text.
CARD = """<div class="contact-card notranslate" dir="ltr" translate="no" data-contact-id="7" data-contact-url="https://cms.musterland.example/c/7" contenteditable="false">
<h4>Frau Amt | Wohngeld</h4>
<ul class="details">
<li><img src="https://cms.musterland.example/static/svg/email.svg" alt="E-Mail" width="15" height="15"> <a href="mailto:amt@rathaus.example">amt@rathaus.example</a></li>
<li><img src="https://cms.musterland.example/static/svg/mobile.svg" alt="Mobil" width="15" height="15"> <a href="tel:+491701234">+49 170 1234</a></li>
</ul>
</div>"""
# Pages whose texts show it.
WITH_CARD = (2, 6)


def local(at):
    """In the form of the region's zone; the offset is that of winter, which is as good as any."""
    return at.astimezone(datetime.timezone(datetime.timedelta(hours=1))).isoformat()


def utc(at):
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def path_of(number, code):
    pages = {page: (parent, texts) for page, parent, texts in PAGES}
    parts = []
    while number is not None:
        parent, texts = pages[number]
        parts.insert(0, texts[code][0])
        number = parent
    return f"/{REGION}/{code}/" + "".join(f"{part}/" for part in parts)


def others(paths, code, ids=lambda code: 1):
    return {other: {"id": ids(other), "url": SITE + path, "path": path} for other, path in paths.items() if other != code}


def text(path, title, content, at, **more):
    return {"url": SITE + path, "path": path, "title": title, "modified_gmt": utc(at), "last_updated": local(at),
            "excerpt": "", "content": content, "hash": None, **more}


def pages(code):
    told = []
    for order, (number, parent, texts) in enumerate(PAGES, start=1):
        if code not in texts:
            continue
        slug, title = texts[code]
        path, above = path_of(number, code), path_of(parent, code) if parent else None
        at = TODAY - datetime.timedelta(days=100 + number, minutes=7)
        content = WORDS[code].format(link=f"https://integreat.app{path_of(1, code)}")
        if number in WITH_CARD:
            content += f"\n{CARD}"
        told.append({
            "id": number * 10, **text(path, title, content, at), "order": order,
            "parent": {"id": parent or 0, "url": SITE + above if above else None, "path": above},
            "available_languages": others({other: path_of(number, other) for other in texts}, code),
            "thumbnail": None, "organization": None, "embedded_offers": [],
            "slug_history": FORMER.get((number, code), []) + [slug],
        })
    return told


def day(*slots, closed=False, appointment=False, whole=False):
    slots = [{"end": end, "start": start, "timezone": "Europe/Berlin"} for start, end in slots]
    return {"allDay": whole, "closed": closed, "appointmentOnly": appointment, "timeSlots": slots}


CATEGORY = {"de": "Behörde", "en": "Office", "ar": "دائرة", "am": "ቢሮ"}
SPOT = {"id": 9, "name": "Rathaus", "address": "Markt 1", "town": "Musterstadt", "state": None, "postcode": "12345",
        "region": None, "country": "Deutschland", "latitude": 50.25, "longitude": 10.5}
HIDDEN = {**SPOT, "id": 10, "name": "Notruf", "address": "", "town": "", "postcode": "", "latitude": None, "longitude": None}
NOWHERE = dict.fromkeys(SPOT)


def category(code):
    return {"id": 2, "name": CATEGORY[code], "color": "#2E98FB", "icon": "office",
            "icon_url": f"{SITE}/static/svg/poi-category-icons/office.svg", "icon_color": "office_#2E98FB"}


def contact(area, name, email="", phone="", mobile="", website="", hours=None, appointment=None):
    return {"area_of_responsibility": area, "name": name, "email": email, "phone_number": phone, "mobile_number": mobile,
            "website": website, "opening_hours": hours, "appointment_url": appointment}


def locations(code, on_map=None):
    closed = day(closed=True)
    week = [day(("08:00", "12:00"), ("13:00", "16:30"))] * 4 + [day(appointment=True, closed=True), closed, closed]
    organisation = {"id": 5, "slug": "amt", "name": "Landratsamt", "logo": f"{SITE}/media/regions/1/logo.png", "website": "https://amt.example/"}
    said = {"rathaus": {"de": ("rathaus", "Rathaus", "<p>Am Markt.</p>"), "ar": ("دار-البلدية", "دار البلدية", "<p>في السوق.</p>")},
            "notruf": {"de": ("notruf", "Notruf", "<p>Tag und Nacht.</p>"), "en": ("emergency", "Emergency", "<p>Day and night.</p>")}}
    told = []
    for name, spot, extra in (
        ("rathaus", SPOT, {"opening_hours": week, "organization": organisation, "barrier_free": True, "appointment_url": "https://termin.example/",
                           "contacts": [contact(None, "Bürgerbüro", phone="+49 1234 567", website="https://rathaus.example/"),
                                        contact("Wohngeld", "Frau Amt", "amt@rathaus.example", mobile="+49 170 1234", hours=[day(("09:00", "11:00"))] * 5 + [closed] * 2)]}),
        ("notruf", HIDDEN, {"opening_hours": [day(whole=True)] * 7, "organization": None, "barrier_free": None, "appointment_url": None, "contacts": []}),
    ):
        texts = said[name]
        slug, title, content = texts.get(code, texts["de"])
        paths = {other: f"/{REGION}/{other}/locations/{texts.get(other, texts['de'])[0]}/" for _, other, *_ in LANGUAGES}
        at = TODAY - datetime.timedelta(days=30)
        if on_map and spot["latitude"] is None:
            continue
        told.append({
            "id": spot["id"] * 10 if code in texts else None,
            **text(f"/{REGION}/{code}/locations/{slug}/", title, content, at),
            "meta_description": "Kurz gesagt" if code == "de" else "",
            "available_languages": others(paths, code, lambda other: 1 if other in texts else None),
            "icon": None, "thumbnail": None, "website": None, "email": None, "phone_number": None,
            "category": category(code), "temporarily_closed": False, "location": spot, **extra,
        })
    return told


def events(code):
    told = []
    first = TODAY - datetime.timedelta(days=20)
    weekday = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")[first.weekday()]
    nth = (first.day - 1) // 7 + 1
    until = (TODAY + datetime.timedelta(days=300)).strftime("%Y%m%dT235959")
    start = f"DTSTART:{first.strftime('%Y%m%dT%H%M%S')}\nRRULE:"
    soon = TODAY + datetime.timedelta(days=10)
    midnight = soon.replace(hour=0)
    for number, names, (begin, end), rule, where, only in (
        (41, {"de": ("sprachcafe", "Sprachcafé"), "en": ("language-cafe", "Language café")}, (first, first + datetime.timedelta(hours=2)), f"{start}FREQ=WEEKLY;BYDAY={weekday}", SPOT, False),
        (42, {"de": ("beratung", "Beratung")}, (first, first + datetime.timedelta(hours=1)), f"{start}FREQ=MONTHLY;INTERVAL=2;UNTIL={until};BYDAY=+{nth}{weekday}" if nth < 5 else f"{start}FREQ=YEARLY", NOWHERE, False),
        (43, {"de": ("ausstellung", "Ausstellung"), "ar": ("معرض", "معرض")}, (soon, soon + datetime.timedelta(days=20, hours=8)), None, SPOT, True),
        (44, {"de": ("netztreff", "Netztreff")}, (midnight, midnight + datetime.timedelta(hours=23, minutes=59)), None, NOWHERE, False),
    ):
        slug, title = names.get(code, names["de"])
        paths = {other: f"/{REGION}/{other}/events/{names.get(other, names['de'])[0]}/" for _, other, *_ in LANGUAGES}
        begin, end = (at.astimezone(datetime.timezone(datetime.timedelta(hours=0))) for at in (begin, end))
        told.append({
            "id": number * 10 if code in names else None,
            **text(f"/{REGION}/{code}/events/{slug}/", title, "<p>Offen für alle</p>", TODAY - datetime.timedelta(days=40)),
            "available_languages": others(paths, code, lambda other: 1 if other in names else None),
            "thumbnail": None, "location": where, "location_path": None,
            "meeting_url": "https://treffen.example/raum" if number == 44 else None,
            "event": {"id": number, "start": begin.isoformat(), "end": end.isoformat(), "all_day": number == 44,
                      "only_weekdays": only, "recurrence_id": None, "timezone": "UTC" if number == 44 else "Europe/Berlin"},
            "recurrence_rule": rule,
        })
    return told


def news(code):
    told = []
    for number in range(25):
        at = TODAY - datetime.timedelta(hours=number * 5)
        ids = {"de": {"id": f"local-{number * 2 + 100}"}}
        if number % 2 == 0:
            ids["en"] = {"id": f"local-{number * 2 + 101}"}
        if code in ids:
            title = {"de": "Büro geschlossen", "en": "Office closed"}[code]
            told.append({"id": ids[code]["id"], "title": f"{title} {number}", "content": "Am Freitag <nicht> & Samstag\nzu",
                         "last_updated": local(at), "display_date": utc(at), "channel": "news",
                         "available_languages": ids, "source": "local", "externalUrl": f"{SITE}/{REGION}/{code}/news/local/{number}"})
    return told


def imprint(code):
    path = f"/{REGION}/{code}/imprint/"
    at = TODAY - datetime.timedelta(days=400)
    return {"id": 7 if code == "de" else None, **text(path, "Impressum", "<p>Landkreis Musterland, Markt 1</p>", at),
            "parent": None, "thumbnail": None, "available_languages": {}}


OFFERS = [{"name": "Stellenbörse", "alias": "sprungbrett", "url": "https://jobs.example/?plz=12345", "post": None, "thumbnail": ""},
          {"name": "Hilfe", "alias": "help", "url": "", "post": {"zammad-url": "https://hilfe.example"}, "thumbnail": ""}]


def main(folder):
    write = lambda name, told: (folder / f"{name}.json").write_text(json.dumps(told), "utf-8")
    languages = [dict(zip(("id", "code", "bcp47_tag", "native_name", "dir"), one)) for one in LANGUAGES]
    region = {"id": 1, "name": "Landkreis Musterland", "path": REGION, "live": True, "prefix": "Landkreis",
              "name_without_prefix": "Musterland", "plz": "12345", "longitude": 10.5, "latitude": 50.25,
              "bounding_box": [[10.1, 50.0], [10.9, 50.6]], "aliases": {"Kleinstadt": {"longitude": 10.6, "latitude": 50.3}},
              "languages": languages}
    write("regions", [region])
    write("languages", languages)
    write("offers", OFFERS)
    for _, code, *_ in LANGUAGES:
        write(f"pages.{code}", pages(code))
        write(f"locations.{code}", locations(code))
        write(f"locations-on-map.{code}", locations(code, on_map=True))
        write(f"location-categories.{code}", [category(code)])
        write(f"events.{code}", events(code))
        write(f"news.{code}", news(code))
        write(f"imprint.{code}", imprint(code))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(pathlib.Path(sys.argv[1]))
