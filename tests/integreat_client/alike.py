#!/usr/bin/env python3
"""Whether two nodes answer alike through API v3: alike.py <one base address> <another> <region>

Asks both for every endpoint in every language, and for every page, child, parent and piece of news by itself. Only what
a node gives out itself may differ: its own address, the numbers of items and revisions, and the places of pages.
Exit code 1: something else differs."""

import json
import re
import sys
import urllib.error
import urllib.parse
import urllib.request

# Numbers that each node gives out itself.
NUMBERS = {"id", "order", "recurrence_id"}


def ask(base, path):
    url = base.rstrip("/") + urllib.parse.quote(path, safe="/?&=%:$+")
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:
            return answer.status, json.loads(answer.read().decode().replace(json.dumps(base)[1:-1], "http://node/"))
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


def levelled(value, key=None):
    if isinstance(value, dict):
        return {name: levelled(one, name) for name, one in value.items()}
    if isinstance(value, list):
        return [levelled(one) for one in value]
    if key in NUMBERS and isinstance(value, int) and value != 0:
        return "a number"
    if key == "content":
        return re.sub(r'data-contact-id="\d+"', "", value)
    if key == "id" and isinstance(value, str) or key == "externalUrl":
        return value.rstrip("0123456789")
    return value


def first_difference(one, other, place=""):
    if type(one) is not type(other):
        return f"{place}: {one!r} and {other!r}"
    if isinstance(one, dict):
        if list(one) != list(other):
            return f"{place}: members {list(one)} and {list(other)}"
        found = (first_difference(one[key], other[key], f"{place}.{key}") for key in one)
    elif isinstance(one, list):
        if len(one) != len(other):
            return f"{place}: {len(one)} and {len(other)} members"
        found = (first_difference(a, b, f"{place}[{at}]") for at, (a, b) in enumerate(zip(one, other)))
    else:
        return None if one == other else f"{place}: {one!r} and {other!r}"
    return next((told for told in found if told), None)


class Comparison:
    def __init__(self, one, other):
        self.one, self.other = one, other
        self.calls, self.differences = 0, []

    def same(self, path, other_path=None):
        """Asks both and returns what the first says, and the second."""
        told, there = ask(self.one, path), ask(self.other, other_path or path)
        self.calls += 1
        found = first_difference([told[0], levelled(told[1])], [there[0], levelled(there[1])], path)
        if found:
            self.differences.append(found)
        return told[1], there[1]

    def language(self, region, code):
        base = f"/api/v3/{region}/{code}"
        pages, there = self.same(f"{base}/pages/")
        for page in pages:
            url = page["path"].rstrip("/")
            for door in ("page", "children", "parents"):
                self.same(f"{base}/{door}/?url={url}")
            for slug in page["slug_history"]:
                self.same(f"{base}/page/?url={slug}")
        for path in (
            "children/", "children/?depth=2", "children/?depth=9", "events/", "events/?combine_recurring=True", "locations/",
            "locations/?on_map=1", "locations/?on_map=0", "location-categories/", "fcm/", "fcm/?channel=news", "imprint/",
            "disclaimer/", "offers/", "extras/", "news/?page=2", "news/?size=500", "news/?source=tunews", "pages", "page/", "parents/",
            "children/?url=nothing", "locations/?on_map=x", "news/x",
        ):
            self.same(f"{base}/{path}")
        news, there = self.same(f"{base}/news/")
        for one, other in zip(news, there):
            self.same(f"{base}/news/{one['id']}", f"{base}/news/{other['id']}")


def main(one, other, region):
    comparison = Comparison(one, other)
    comparison.same(f"/api/v3/regions/{region}/")
    languages, _ = comparison.same(f"/api/v3/{region}/languages/")
    comparison.same(f"/api/v3/{region}/offers/")
    for language in languages:
        comparison.language(region, language["code"])
    for difference in comparison.differences[:20]:
        print(difference, file=sys.stderr)
    if comparison.differences:
        print(f"{len(comparison.differences)} of {comparison.calls} answers differ", file=sys.stderr)
        return 1
    print(f"{region}: {comparison.calls} answers of both nodes are alike")
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
