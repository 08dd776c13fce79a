#!/usr/bin/env python3
"""Checks a civic-feed independently of Lotse: python3 tests/verify_feed.py <exported folder | site URL>
Needs PyNaCl and nothing else. Written from the protocol paper alone; shares no code with the node."""
import base64, hashlib, json, os, re, struct, sys, urllib.error, urllib.request
from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

class Wrong(Exception): pass
def must(holds, why):
    if not holds: raise Wrong(why)
sha = lambda data: hashlib.sha256(data).digest()
b64 = lambda text: base64.b64decode(text, validate=True)
b64url = lambda data: base64.urlsafe_b64encode(data).decode().rstrip("=")

def read(place, path):
    """The bytes at a path below the place; None if there is nothing, "erased" if there no longer is."""
    try:
        if place.startswith(("http://", "https://")):
            return urllib.request.urlopen(place.rstrip("/") + "/" + path, timeout=20).read()
        with open(os.path.join(place, path), "rb") as file: return file.read()
    except urllib.error.HTTPError as error:
        return "erased" if error.code == 410 else None
    except (FileNotFoundError, NotADirectoryError): return None

def note(data, what):
    must(isinstance(data, bytes) and len(data) <= 65536, f"there is no {what}, or it is too large")
    text, _, lines = data.decode().rpartition("\n\n")
    must(text and lines.endswith("\n"), f"the {what} is no signed note")
    return text + "\n", [line[2:].split(" ") for line in lines.splitlines() if line.startswith("— ")]

def signers(text, lines, name, keys):
    """How many of these keys signed; a wrong signature by one of them counts for nothing good."""
    count = 0
    for key in keys:
        key_id = sha(name.encode() + b"\n\x01" + key)[:4]
        found = [b64(s)[4:] for n, s in lines if n == name and b64(s)[:4] == key_id]
        for signature in found:
            try: VerifyKey(key).verify(text.encode(), signature)
            except BadSignatureError: raise Wrong(f"a signature of {name} does not hold")
        count += bool(found)
    return count

def jcs(value): return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()

def identity(data):
    """Follows the chain of identity notes; the node's id and its newest note."""
    before, node, rot = None, None, lambda note: [b64(key) for key in note["rot"]["keys"]]
    for seq, part in enumerate(re.split(rb"(?<=\n)(?=feed-identity/v1\n)", data)):
        text, lines = note(part, f"identity note {seq}")
        head, line, rest = text.split("\n")
        now = json.loads(line)
        must(head == "feed-identity/v1" and rest == "" and jcs(now) == line.encode(), f"identity note {seq} is not canonical")
        must(now["seq"] == seq and 1 <= now["rot"]["need"] <= len(set(rot(now))), f"identity note {seq} is out of its place")
        must(signers(text, lines, "rot", rot(now)) >= now["rot"]["need"], f"identity note {seq} is not signed by its keys")
        if before:
            must(now["prev"] == b64url(sha(before[0].encode())), f"identity note {seq} does not follow the one before")
            must(signers(text, lines, "rot", rot(before[1])) >= before[1]["rot"]["need"], f"identity note {seq} is not signed by the keys before")
        else:
            node = "n1" + base64.b32encode(sha(text.encode())).decode().rstrip("=").lower()
        before = (text, now)
    return node, before[1]

def check_value(value, depth=1, variants=False):
    """The profile of civic-feed §2.4."""
    if isinstance(value, dict):
        must(depth <= 5, "an entry is nested too deeply")
        for key, inner in value.items():
            must(re.fullmatch(r"[A-Za-z0-9-]{1,35}" if variants else r"[a-z]{1,16}", key), f"an entry has the key {key!r}")
            if not (variants and inner is None): check_value(inner, depth + 1, depth == 1 and key == "var")
    elif isinstance(value, list):
        must(depth <= 5, "an entry is nested too deeply")
        for inner in value: check_value(inner, depth + 1)
    elif isinstance(value, str): must(re.fullmatch(r"[A-Za-z0-9._:/+=-]{1,200}", value), f"an entry has the text {value!r}")
    else: must(isinstance(value, (bool, int)) and 0 <= value < 2**53, f"an entry has the value {value!r}")

def entries(feed, size):
    """Every entry of the log, from its bundles."""
    for bundle in range((size + 255) // 256):
        width, n, place = min(256, size - bundle * 256), bundle // 1000, "%03d" % (bundle % 1000)
        while n: place, n = "x%03d/%s" % (n % 1000, place), n // 1000
        data = read(feed, f"tile/entries/{place}" + ("" if width == 256 else f".p/{width}"))
        must(isinstance(data, bytes), f"bundle {bundle} is missing")
        at = count = 0
        while at < len(data):
            (length,) = struct.unpack_from(">H", data, at)
            must(at + 2 + length <= len(data) and 0 < length <= 8192, f"bundle {bundle} is cut off")
            yield data[at + 2 : at + 2 + length]
            at, count = at + 2 + length, count + 1
        must(count == width, f"bundle {bundle} holds {count} entries instead of {width}")

def main(place):
    told = json.loads(read(place, ".well-known/civic-feed") or b"{}")
    must("civic-feed/1" in told.get("proto", []), "this is no civic feed: .well-known/civic-feed is missing")
    join = lambda link: link if link.startswith("http") else place.rstrip("/") + "/" + link
    base, feed = join(told["nodes"][0]["base"]), join(told["nodes"][0]["feeds"]["pub"])
    chain = read(base, "identity")
    must(isinstance(chain, bytes), "there are no identity notes")
    node, newest = identity(chain)
    must(node == told["nodes"][0]["id"], "the identity notes are those of another node")
    origin, key = f"{node}/pub/{newest['feeds']['pub']['epoch']}", b64(newest["feeds"]["pub"]["key"])
    text, lines = note(read(feed, "checkpoint"), "checkpoint")
    must(signers(text, lines, origin, [key]) == 1, "the checkpoint is not signed by the feed's key")
    name, size, root, rest = text.split("\n")
    must(name == origin and rest == "" and str(int(size)) == size, "the checkpoint is of another form or feed")
    edge, bodies, ops = [], {}, {}
    for index, raw in enumerate(entries(feed, int(size))):
        leaf, count = sha(b"\0" + raw), index
        while count & 1: leaf, count = sha(b"\1" + edge.pop() + leaf), count >> 1
        edge.append(leaf)
        entry = json.loads(raw)
        check_value(entry)
        must(jcs(entry) == raw and entry["v"] == 1, f"entry {index} is not canonical")
        ops[entry["op"]] = ops.get(entry["op"], 0) + 1
        for language, variant in (entry["var"] if entry["op"] == "put" else {}).items():
            if variant: bodies[entry["obj"], language, variant["rev"]] = (variant["body"], variant["size"])
        # What is withdrawn, wholly or in a language, or erased, nobody is given.
        ends = entry["op"] in ("withdraw", "erase") or None in entry.get("var", {}).values()
        for known in [known for known in bodies if ends and known[0] == entry["obj"]]:
            said = entry.get("var", {}).get(known[1], [])
            gone = {"withdraw": True, "put": said is None, "erase": "var" not in entry or said and known[2] in said}
            if gone.get(entry["op"]): del bodies[known]
    whole = edge.pop() if edge else sha(b"")
    while edge: whole = sha(b"\1" + edge.pop() + whole)
    must(whole == b64(root), "the entries lead to another root than the signed one")
    for (obj, language, rev), (digest, length) in bodies.items():
        hexadecimal = base64.urlsafe_b64decode(digest + "=").hex()
        body = read(feed, f"blob/{hexadecimal}")
        must(isinstance(body, bytes), f"the body of {obj} in {language}, revision {rev}, is missing")
        must(len(body) == length and sha(body).hex() == hexadecimal, f"the body of {obj} in {language} is not what the log names")
    print(f"Node {node}\nThe feed is complete and authentic: {size} entries ({', '.join(f'{n} {op}' for op, n in sorted(ops.items()))}), "
          f"{newest['seq'] + 1} identity note(s), {len(bodies)} bodies, all as signed.")

if __name__ == "__main__":
    if len(sys.argv) != 2: sys.exit(__doc__)
    try: main(sys.argv[1])
    except (Wrong, ValueError, KeyError, TypeError, IndexError, struct.error, OSError) as error:
        print(f"NOT valid: {error if isinstance(error, Wrong) else repr(error)}")
        sys.exit(1)
