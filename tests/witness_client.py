#!/usr/bin/env python3
"""Asks a witness to cosign a log, independently of Lotse: python3 tests/witness_client.py <log's site URL> <witness's site URL>
Needs PyNaCl and nothing else. Written from C2SP tlog-witness, tlog-cosignature and RFC 6962 alone."""
import base64, hashlib, json, struct, sys, urllib.error, urllib.request
from nacl.signing import VerifyKey

sha = lambda data: hashlib.sha256(data).digest()
b64 = lambda data: base64.b64encode(data).decode()

def get(url): return urllib.request.urlopen(url, timeout=20).read()

def ask(url, body):
    """Status, type and body of the answer to a POST."""
    try:
        with urllib.request.urlopen(urllib.request.Request(url, body.encode(), method="POST"), timeout=20) as answer:
            return answer.status, answer.headers["Content-Type"], answer.read()
    except urllib.error.HTTPError as error: return error.code, error.headers["Content-Type"], error.read()

def entries(feed, size):
    """Every entry of the log, bundle by bundle."""
    for number in range((size + 255) // 256):
        width = min(256, size - number * 256)
        path = f"{number:03}" if width == 256 else f"{number:03}.p/{width}"
        data = get(f"{feed}tile/entries/{path}")
        while data:
            (length,) = struct.unpack(">H", data[:2])
            yield data[2:2 + length]
            data = data[2 + length:]

def split(n):
    k = 1
    while k * 2 < n: k *= 2
    return k

def root(leaves):
    if len(leaves) < 2: return leaves[0] if leaves else sha(b"")
    k = split(len(leaves))
    return sha(b"\1" + root(leaves[:k]) + root(leaves[k:]))

def subproof(m, leaves, whole):
    if m == len(leaves): return [] if whole else [root(leaves)]
    k = split(len(leaves))
    if m <= k: return subproof(m, leaves[:k], whole) + [root(leaves[k:])]
    return subproof(m - k, leaves[k:], False) + [root(leaves[:k])]

def request(old, leaves, note):
    proof = subproof(old, leaves, True) if 0 < old < len(leaves) else []
    return f"old {old}\n" + "".join(b64(line) + "\n" for line in proof) + "\n" + note

def cosigned(line, witness, text):
    """The time of a cosignature line that holds."""
    name, key_id, key = witness["key"].split("+", 2)
    key = base64.b64decode(key)
    assert key[:1] == b"\4" and sha(name.encode() + b"\n" + key)[:4].hex() == key_id, "not the vkey of a witness"
    dash, signer, signature = line.split(" ")
    signature = base64.b64decode(signature)
    assert (dash, signer, signature[:4].hex()) == ("—", name, key_id), "not a line of this witness"
    (time,) = struct.unpack(">Q", signature[4:12])
    VerifyKey(key[1:]).verify(f"cosignature/v1\ntime {time}\n{text}".encode(), signature[12:])
    return time

def main(log, witness):
    feed = json.loads(get(log + ".well-known/civic-feed"))["nodes"][0]["feeds"]["pub"]
    witness = json.loads(get(witness + ".well-known/civic-feed"))["witness"]
    url = witness["submit"] + "/add-checkpoint"
    note = get(feed + "checkpoint").decode()
    text = note[:note.index("\n\n") + 1]
    origin, size, tree = text.splitlines()
    leaves = [sha(b"\0" + entry) for entry in entries(feed, int(size))]
    assert b64(root(leaves)) == tree, "the log's entries lead to another root"
    status, kind, body = ask(url, request(0, leaves, note))
    if status == 409:
        assert kind == "text/x.tlog.size", kind
        old = int(body)
        assert body == f"{old}\n".encode(), body
        if 0 < old < len(leaves):
            wrong = request(old, leaves, note).replace(b64(subproof(old, leaves, True)[0]), b64(sha(b"wrong")), 1)
            assert ask(url, wrong)[0] == 422, "a wrong proof is accepted"
        status, kind, body = ask(url, request(old, leaves, note))
    assert status == 200, (status, body)
    lines = body.decode().splitlines(keepends=True)
    assert lines and all(line.endswith("\n") for line in lines), body
    times = [cosigned(line.rstrip("\n"), witness, text) for line in lines]
    status, _, again = ask(url, request(len(leaves), leaves, note))
    assert status == 200 and cosigned(again.decode().rstrip("\n"), witness, text) >= max(times), "no heartbeat"
    view = get(f"{witness['monitor']}/{sha(origin.encode()).hex()}/checkpoint").decode()
    assert view.startswith(text + "\n"), "the monitor shows another checkpoint"
    cosigned(view.splitlines()[-1], witness, text)
    print(f"cosigned {size} entries of {origin} at {max(times)}")

if __name__ == "__main__": main(*sys.argv[1:])
