"""What the apps read of each object (§6.2 of the reference), and what makes them fail: typed by hand, no leniency.

Each `as_…` takes a checked object apart and returns what the rules between objects need."""

import datetime
import re
import urllib.parse

ICONS = frozenset(
    "advice culture daily_routine education finance gastronomy health house leisure media medical_aid meeting_point "
    "mental_health mobility office other other_help service shelter shopping structure".split()
)
COLOURS = frozenset(
    "#3700D2 #2E98FB #1DC6C6 #3F8F01 #07DC03 #F2DA04 #C38E03 #FF7C32 #FF3333 #EE36DC #A258FF #585858".split()
)
REGION_KEYS = (
    "id name path live prefix name_without_prefix plz extras events pois contacts push_notifications longitude latitude "
    "bounding_box aliases tunews external_news zammad_privacy_policy languages is_chat_enabled"
).split()
ADDRESS_KEYS = "id name address town state postcode region country latitude longitude".split()
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?(Z|[+-]\d\d:\d\d)")


class BrokenContract(Exception):
    pass


def require(holds, place, why):
    if not holds:
        raise BrokenContract(f"{place}: {why}")


class Checked:
    """A value of an answer and where it stands. Reading it as a type is the only way to get at it."""

    def __init__(self, value, place):
        self.value, self.place = value, place

    def _is(self, kind, name):
        # To Python a truth value is a number too.
        fits = isinstance(self.value, kind) and (kind is bool or not isinstance(self.value, bool))
        require(fits, self.place, f"{self.value!r} where {name} is due")
        return self.value

    def text(self):
        return self._is(str, "a text")

    def words(self):
        require(self.text().strip() != "", self.place, "an empty text")
        return self.value

    def truth(self):
        return self._is(bool, "true or false")

    def whole(self):
        return self._is(int, "a whole number")

    def number(self):
        return self._is((int, float), "a number")

    def object(self):
        return self._is(dict, "an object")

    def is_null(self):
        return self.value is None

    def members(self):
        return [Checked(one, f"{self.place}[{at}]") for at, one in enumerate(self._is(list, "a list"))]

    def items(self):
        return [(key, Checked(one, f"{self.place}.{key}")) for key, one in self.object().items()]

    def __getitem__(self, key):
        require(key in self.object(), self.place, f"{key!r} is missing")
        return Checked(self.value[key], f"{self.place}.{key}")

    def __contains__(self, key):
        return key in self.object()


def of(value, read):
    """The value if it is there at all."""
    return None if value.is_null() else read(value)


def normalised(path):
    """As the apps do before they compare."""
    return urllib.parse.unquote(path).rstrip("/").lower()


def path(value):
    text = value.words()
    require(text.startswith("/"), value.place, f"{text!r} is no path")
    require(text == text.lower(), value.place, f"{text!r} is not in lower case")
    require("%" not in text, value.place, f"{text!r} is percent-encoded")
    return text


def moment(value):
    text = value.words()
    require(MOMENT.fullmatch(text) is not None, value.place, f"{text!r} is no time in Integreat's form")
    require(not text.split("+")[0].removesuffix("Z").endswith(".000"), value.place, f"{text!r} has a fraction of nothing")
    return datetime.datetime.fromisoformat(text)


def url(value):
    text = value.words()
    parts = urllib.parse.urlsplit(text)
    require(parts.scheme in ("http", "https") and parts.netloc != "", value.place, f"{text!r} is no whole address")
    return text


def utc(value):
    require(value.words().endswith("Z"), value.place, f"{value.value!r} is not told in UTC")
    return moment(value)


def languages(value):
    """Every other language: an object, never a list or null."""
    for _, other in value.items():
        of(other["id"], Checked.whole)
        url(other["url"])
        path(other["path"])
    return set(value.object())


def organisation(value):
    value["name"].words()
    value["website"].text()
    value["logo"].text()


def as_region(value):
    members = list(value.object())
    # Whose region it is may be told last: apps pass over what they do not know.
    require(members in (REGION_KEYS, [*REGION_KEYS, "origin"]), value.place, f"its members are {members}")
    value["id"].whole()
    value["name"].words()
    require(re.fullmatch(r"[-a-zA-Z0-9_]+", value["path"].text()) is not None, value.place, "its path is no slug")
    switches = "live extras events pois contacts push_notifications tunews external_news is_chat_enabled"
    for switch in switches.split():
        value[switch].truth()
    value["prefix"].text()
    value["name_without_prefix"].words()
    value["plz"].text()
    value["longitude"].number()
    value["latitude"].number()
    corners = value["bounding_box"].members()
    require(len(corners) == 2, value.place, "a bounding box has two corners")
    for corner in corners:
        require(len([one.number() for one in corner.members()]) == 2, corner.place, "a corner is two numbers")
    for _, alias in value["aliases"].items():
        alias["longitude"].number()
        alias["latitude"].number()
    of(value["zammad_privacy_policy"], Checked.words)
    codes = []
    for language in value["languages"].members():
        language["id"].whole()
        codes.append(language["code"].words())
        language["bcp47_tag"].words()
        language["native_name"].words()
        require(language["dir"].text() in ("LEFT_TO_RIGHT", "RIGHT_TO_LEFT"), language.place, "no direction")
    require(len(codes) == len(set(codes)) and codes != [], value.place, f"its languages are {codes}")
    return {"path": value["path"].value, "codes": codes, "keys": value.value}


def same_keys(one, other, place):
    require(one["keys"] == other["keys"], place, "alone and in the list it tells different things")


def text_of(value):
    """What all texts have."""
    url(value["url"])
    value["title"].words()
    utc(value["modified_gmt"])
    moment(value["last_updated"])
    value["content"].text()
    excerpt = value["excerpt"].text()
    require("<" not in excerpt, value.place, "the excerpt has tags")
    others = languages(value["available_languages"])
    own = path(value["path"])
    require(own.split("/")[2] not in others, value.place, "available_languages names its own language")
    require(value["hash"].is_null(), value.place, "a hash that apps do not know")
    require(value["url"].value.endswith(own), value.place, "url does not end in path")
    return own


def as_page(value):
    own = text_of(value)
    value["id"].whole()
    parent = value["parent"]
    above = of(parent["path"], path)
    require((parent["id"].whole() == 0) == (above is None), parent.place, "a root has the parent 0, null, null")
    require(parent["url"].is_null() == (above is None), parent.place, "a root has the parent 0, null, null")
    require(above is None or own.startswith(above), parent.place, f"{own} does not stand below it")
    value["order"].whole()
    of(value["thumbnail"], url)
    of(value["organization"], organisation)
    for offer in value["embedded_offers"].members():
        as_offer(offer)
    history = [slug.words() for slug in value["slug_history"].members()]
    require(own.strip("/").split("/")[-1] in history, value.place, "slug_history is without its own slug")
    return {"path": own, "parent": above, "slug_history": history, "place": value.place}


def as_offer(value):
    value["name"].words()
    value["alias"].words()
    value["thumbnail"].text()
    post = value["post"]
    if not post.is_null():
        require(post.object() != {}, post.place, "an empty map where null is due")
        for _, field in post.items():
            field.text()
    value["url"].text()


def address(value):
    require(list(value.object()) == ADDRESS_KEYS, value.place, f"its members are {list(value.object())}")
    for key in ("name", "address", "town", "postcode", "country"):
        of(value[key], Checked.text)
    of(value["latitude"], Checked.number)
    of(value["longitude"], Checked.number)
    return of(value["id"], Checked.whole)


def as_event(value):
    own = text_of(value)
    of(value["id"], Checked.whole)
    of(value["thumbnail"], url)
    somewhere = address(value["location"]) is not None
    location_path = of(value["location_path"], path)
    require(somewhere or location_path is None, value.place, "a way to a place that it does not have")
    meeting = of(value["meeting_url"], url)
    require(not (somewhere and meeting), value.place, "both a place and a meeting online")
    dates = value["event"]
    keys = "id start start_date start_time end end_date end_time all_day only_weekdays recurrence_id timezone".split()
    require(list(dates.object()) == keys, dates.place, f"its members are {list(dates.object())}")
    of(dates["id"], Checked.whole)
    start, end = moment(dates["start"]), moment(dates["end"])
    require(start <= end, dates.place, "it ends before it begins")
    for key, form in (("start_date", "%Y-%m-%d"), ("end_date", "%Y-%m-%d"), ("start_time", "%H:%M:%S"), ("end_time", "%H:%M:%S")):
        datetime.datetime.strptime(dates[key].words(), form)
    dates["all_day"].truth()
    dates["only_weekdays"].truth()
    of(dates["recurrence_id"], Checked.whole)
    dates["timezone"].words()
    rule = of(value["recurrence_rule"], Checked.words)
    if rule is not None:
        form = r"DTSTART:\d{8}T\d{6}\nRRULE:FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY)(;[A-Z]+=[^;\n]+)*"
        require(re.fullmatch(form, rule) is not None, value.place, f"the rule {rule!r} is not in dateutil's form")
    return {"path": own, "rule": rule, "place": value.place}


def as_category(value):
    value["id"].whole()
    value["name"].words()
    colour, icon = value["color"].text(), value["icon"].text()
    require(colour in COLOURS and icon in ICONS, value.place, f"the app cannot draw {icon} in {colour}")
    url(value["icon_url"])
    require(value["icon_color"].text() == f"{icon}_{colour}", value.place, "icon_color is another")


def hours(value):
    days = value.members()
    require(len(days) == 7, value.place, f"a week of {len(days)} days")
    for day in days:
        whole, closed = day["allDay"].truth(), day["closed"].truth()
        day["appointmentOnly"].truth()
        slots = day["timeSlots"].members()
        require(not (slots and (whole or closed)), day.place, "hours of a day that has none")
        last = ""
        for slot in slots:
            start, end = slot["start"].words(), slot["end"].words()
            for time in (start, end):
                require(re.fullmatch(r"[0-2]\d:[0-5]\d", time) is not None, slot.place, f"{time!r} is no time")
            require(last <= start < end, slot.place, "hours out of order")
            last = end
            slot["timezone"].words()


def as_contact(value):
    for key in ("name", "email", "phone_number", "mobile_number", "website"):
        value[key].text()
    of(value["area_of_responsibility"], Checked.words)
    of(value["opening_hours"], hours)
    of(value["appointment_url"], url)


def as_place(value, on_map=True):
    own = text_of(value)
    of(value["id"], Checked.whole)
    value["meta_description"].text()
    of(value["icon"], url)
    of(value["thumbnail"], url)
    for key in ("website", "email", "phone_number"):
        of(value[key], Checked.text)
    for contact in value["contacts"].members():
        as_contact(contact)
    as_category(value["category"])
    closed = value["temporarily_closed"].truth()
    of(value["opening_hours"], hours)
    require(not closed or value["opening_hours"].is_null(), value.place, "hours of a place that is closed")
    of(value["appointment_url"], url)
    require(address(value["location"]) is not None, value.place, "its address has no id")
    if on_map:
        # The app's map source breaks on nulls.
        value["location"]["latitude"].number()
        value["location"]["longitude"].number()
    of(value["organization"], organisation)
    of(value["barrier_free"], Checked.truth)
    return {"path": own}


def as_news(value):
    id_ = value["id"].words()
    source = value["source"].words()
    require(re.fullmatch(re.escape(source) + r"-\d+", id_) is not None, value.place, f"{id_!r} is no id of {source}")
    value["title"].words()
    value["content"].text()
    moment(value["last_updated"])
    shown = utc(value["display_date"])
    url(value["externalUrl"])
    of(value["channel"], Checked.words)
    if not value["available_languages"].is_null():
        for _, other in value["available_languages"].items():
            other["id"].words()
    return {"id": id_, "title": value["title"].value, "display_date": shown}


def as_message(value):
    value["id"].whole()
    value["title"].words()
    value["message"].text()
    utc(value["timestamp"])
    moment(value["last_updated"])
    utc(value["display_date"])
    value["channel"].words()
    for _, other in value["available_languages"].items():
        other["id"].whole()


def as_imprint(value):
    own = text_of(value)
    of(value["id"], Checked.whole)
    require(value["parent"].is_null() and value["thumbnail"].is_null(), value.place, "an imprint has neither")
    return {"path": own}
