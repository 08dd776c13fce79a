#!/usr/bin/env python3
"""A client of Integreat's API v3 that is as strict as its apps are, written from the reference alone.

    client.py http://127.0.0.1:8080/ [--regions a,b] [--rrule <folder with npm's rrule>] [--address-header <name>]

Makes each call that the official apps make (§6.1 of the reference) for every region and language, reads each member that
they read (§6.2), and holds to the rules by which their models would break: a missing member or a null where they would
crash is an error. Sends feedback of all kinds. With --rrule, the rules of events are read by the library that the apps
use (needs node); with --address-header, each region is asked as another client behind a proxy, so that the limit on
feedback does not stop the test. Needs nothing but Python. Exit code 1: a node breaks the contract; 2: wrong call.
"""

import argparse
import json
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
import uuid

from model import (
    BrokenContract,
    Checked,
    as_category,
    as_event,
    as_imprint,
    as_message,
    as_news,
    as_offer,
    as_page,
    as_place,
    as_region,
    normalised,
    require,
    same_keys,
)

ORIGIN = "https://app.example"
UNKNOWN = "there-is-no-such-thing"


class Answer:
    def __init__(self, status, headers, body, place):
        self.status, self.headers, self.body, self.place = status, headers, body, place
        require(headers.get("access-control-allow-origin") == "*", place, "the answer is not open to web apps")

    def json(self):
        content_type = self.headers.get("content-type")
        require(content_type == "application/json", self.place, f"content type {content_type!r}")
        try:
            return Checked(json.loads(self.body), self.place)
        except ValueError as error:
            raise BrokenContract(f"{self.place}: not JSON: {error}") from error


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


class Node:
    """One base address, asked as a browser asks: with an origin, and redirects only where they may be read."""

    def __init__(self, base, address_header):
        self.base = base.rstrip("/")
        self.address_header = address_header
        self.address = "192.0.2.1"
        self.calls = 0
        self.opener = urllib.request.build_opener(NoRedirect)

    def ask(self, path, method="GET", headers=None, body=None):
        # A browser writes what is not ASCII percent-encoded, and leaves slashes alone.
        url = self.base + urllib.parse.quote(path, safe="/?&=%:$+")
        headers = {"Origin": ORIGIN, **(headers or {})}
        if self.address_header:
            headers[self.address_header] = self.address
        request = urllib.request.Request(url, data=body, headers=headers, method=method)
        self.calls += 1
        try:
            answer = self.opener.open(request, timeout=60)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            headers = {name.lower(): value for name, value in answer.headers.items()}
            return Answer(answer.status, headers, answer.read(), f"{method} {path}")

    def get(self, path):
        """Follows a redirect as fetch does; its answer too must be open to web apps."""
        answer = self.ask(path)
        if answer.status in (301, 302, 307, 308):
            location = urllib.parse.urljoin(self.base + path, answer.headers["location"])
            answer = self.ask(location.removeprefix(self.base))
        require(answer.status == 200, answer.place, f"status {answer.status}")
        return answer.json()

    def refused(self, path, status):
        answer = self.ask(path)
        require(answer.status == status, answer.place, f"status {answer.status} where {status} is due")
        answer.json()["error"].text()

    def post(self, path, fields):
        boundary = uuid.uuid4().hex
        parts = [
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in fields.items()
        ]
        body = ("".join(parts) + f"--{boundary}--\r\n").encode()
        kind = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        answer = self.ask(path, "POST", kind, body)
        require(answer.status // 100 == 2, answer.place, f"status {answer.status}: {answer.body[:200]!r}")
        answer.json()


def unique(paths, place):
    seen = {}
    for path in paths:
        other = seen.setdefault(normalised(path), path)
        require(other is path, place, f"{path} and {other} are one address to apps")


def pages_of(node, base):
    """`pages/`, as the native app loads them all."""
    pages = [as_page(page) for page in node.get(f"{base}/pages/").members()]
    known = set()
    for page in pages:
        parent = page["parent"]
        require(parent is None or parent in known, page["place"], f"its parent {parent} did not come before it")
        known.add(page["path"])
    unique([page["path"] for page in pages], f"{base}/pages/")
    return pages


def one_page(node, base, page, pages):
    """A page as the web app shows it: by its address without the last slash, in lower case."""
    url = normalised(page["path"])
    children = [as_page(child) for child in node.get(f"{base}/children/?depth=2&url={url}").members()]
    require(bool(children), url, "children/ tells nothing, not even the page itself")
    require(normalised(children[0]["path"]) == url, url, f"children/ begin with {children[0]['path']}")
    parents = [as_page(parent) for parent in node.get(f"{base}/parents/?url={url}").members()]
    above, chain = page["parent"], []
    by_path = {other["path"]: other for other in pages}
    while above is not None:
        chain.insert(0, above)
        above = by_path[above]["parent"]
    require([parent["path"] for parent in parents] == chain, url, f"parents/ are not {chain}")
    as_page(node.get(f"{base}/page/?url={url}"))
    for old in page["slug_history"]:
        if old == page["path"].strip("/").split("/")[-1]:
            continue
        found = as_page(node.get(f"{base}/page/?url={old}"))
        # Another page may have taken the slug since.
        slugs = found["slug_history"]
        require(old in slugs, url, f"its former slug {old} leads to {found['path']}, which never had it")


def language(node, region, code, rules):
    base = f"/api/v3/{region}/{code}"
    pages = pages_of(node, base)
    roots = [as_page(page) for page in node.get(f"{base}/children/?depth=1").members()]
    require(all(page["parent"] is None for page in roots), f"{base}/children/", "depth 1 tells more than roots")
    deepest = sorted(pages, key=lambda page: page["path"].count("/"))[-6:]
    for page in pages[:6] + deepest + [page for page in pages if len(page["slug_history"]) > 1][:6]:
        one_page(node, base, page, pages)

    events = [as_event(event) for event in node.get(f"{base}/events/?combine_recurring=True").members()]
    unique([event["path"] for event in events], f"{base}/events/")
    rules += [(event["place"], event["rule"]) for event in events if event["rule"] is not None]
    for event in node.get(f"{base}/events/").members():
        require(as_event(event)["rule"] is None, event.place, "a single date has a rule")

    places = [as_place(place) for place in node.get(f"{base}/locations/?on_map=1").members()]
    unique([place["path"] for place in places], f"{base}/locations/")
    everywhere = {as_place(place, on_map=False)["path"] for place in node.get(f"{base}/locations/").members()}
    require(everywhere.issuperset(place["path"] for place in places), base, "the map shows a place that is not told")
    for category in node.get(f"{base}/location-categories/").members():
        as_category(category)

    news = [as_news(piece) for piece in node.get(f"{base}/news").members()]
    require(len(news) <= 20, f"{base}/news", "more than twenty at once")
    dates = [piece["display_date"] for piece in news]
    require(dates == sorted(dates, reverse=True), f"{base}/news", "not the newest first")
    for piece in news[:3]:
        again = as_news(node.get(f"{base}/news/{piece['id']}"))
        require(again["title"] == piece["title"], f"{base}/news/{piece['id']}", "it tells another piece")
    for message in node.get(f"{base}/fcm/").members():
        as_message(message)

    answer = node.ask(f"{base}/imprint/")
    require(answer.status in (200, 404), answer.place, f"status {answer.status}")
    imprint = as_imprint(answer.json()) if answer.status == 200 else None
    for offer in node.get(f"{base}/offers/").members():
        as_offer(offer)
    document = node.ask(f"/{region}/{code}/wp-json/ig-mpdf/v1/pdf")
    require(document.status == (302 if pages else 400), document.place, f"status {document.status}")
    for door in ("pages/", "children/", "locations/", "events/", "imprint/", "location-categories/"):
        node.refused(f"/api/v3/{region}/{UNKNOWN}/{door}", 404)
    node.refused(f"{base}/children/?url=/{region}/{code}/{UNKNOWN}", 404)
    node.refused(f"{base}/parents/", 400)
    node.refused(f"{base}/news/local-999999999", 404)
    node.refused(f"{base}/{UNKNOWN}/", 404)
    return pages, events, places, imprint


def feedback(node, region, code, seen):
    """All kinds that the apps send, with the fields that they always send."""
    pages, events, places, imprint = seen
    said = {"rating": "up", "category": "Inhalte", "comment": "Gut    Kontaktadresse: Keine Angabe"}
    base = f"/api/v3/{region}/{code}/feedback"
    slug = lambda item: item["path"].strip("/").split("/")[-1]
    for kind in ("categories", "events", "map"):
        node.post(f"{base}/{kind}/", said)
    node.post(f"{base}/search/", {**said, "query": "Arzt"})
    for kind, items in (("page", pages), ("event", events), ("poi", places)):
        if items:
            node.post(f"{base}/{kind}/", {**said, "rating": "down", "slug": slug(items[0])})
    if imprint:
        node.post(f"{base}/imprint-page/", said)


def parse_rules(rules, folder):
    """Reads the rules as the apps do; whatever one cannot read makes the whole list fail there."""
    script = """
        const { rrulestr } = require('rrule');
        const failed = [];
        for (const [place, rule] of JSON.parse(require('fs').readFileSync(0, 'utf8'))) {
            try {
                if (rrulestr(rule).all((_, count) => count < 3).length === 0) failed.push(`${place}: ${rule}: no date`);
            } catch (error) { failed.push(`${place}: ${rule}: ${error.message}`); }
        }
        console.log(JSON.stringify(failed));
    """
    told = subprocess.run(["node", "-e", script], cwd=folder, input=json.dumps(rules), capture_output=True, text=True)
    require(told.returncode == 0, "rrule", told.stderr)
    failed = json.loads(told.stdout)
    require(not failed, "rrule", "; ".join(failed))


def check(node, wanted, rrule):
    told = node.get("/api/v3/regions/")
    regions = [as_region(region) for region in told.members()]
    require(bool(regions), told.place, "there is no region")
    node.refused(f"/api/v3/regions/{UNKNOWN}/", 404)
    rules, counts = [], {}
    for number, region in enumerate(regions, start=1):
        slug = region["path"]
        if wanted and slug not in wanted:
            continue
        node.address = f"192.0.2.{number}"
        same_keys(as_region(node.get(f"/api/v3/regions/{slug}/")), region, slug)
        codes = [one["code"].text() for one in node.get(f"/api/v3/{slug}/languages/").members()]
        require(codes == region["codes"], slug, f"languages/ tells {codes}")
        for offer in node.get(f"/api/v3/{slug}/offers/").members():
            as_offer(offer)
        seen = [language(node, slug, code, rules) for code in region["codes"]]
        kinds = ("pages", "events", "places", "imprints")
        counts[slug] = {kind: sum(len(one[at] or []) if at < 3 else one[at] is not None for one in seen)
                        for at, kind in enumerate(kinds)}
        feedback(node, slug, region["codes"][0], seen[0])
    missing = set(wanted) - set(counts)
    require(not missing, "regions/", f"there is no region {', '.join(sorted(missing))}")
    if rrule:
        parse_rules(rules, rrule)
    return counts, len(rules)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("base")
    parser.add_argument("--regions", default="")
    parser.add_argument("--rrule")
    parser.add_argument("--address-header")
    asked = parser.parse_args()
    node = Node(asked.base, asked.address_header)
    try:
        counts, rules = check(node, [slug for slug in asked.regions.split(",") if slug], asked.rrule)
    except BrokenContract as broken:
        print(f"{asked.base}: {broken}", file=sys.stderr)
        return 1
    for slug, count in counts.items():
        print(f"{slug}: " + ", ".join(f"{number} {kind}" for kind, number in count.items()))
    read = f", {rules} rules read by npm's rrule" if asked.rrule else ""
    print(f"{asked.base}: {node.calls} answers as the apps need them{read}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
