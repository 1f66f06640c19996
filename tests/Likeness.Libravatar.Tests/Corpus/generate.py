#!/usr/bin/env python3
"""Writes urls.tsv.gz: identities, SRV record sets and the URL that follows from them.

An implementation of its own in another language, by the published rules alone:
hashlib for the digests, RFC 2782 for the choice of the server. Same seed, same bytes.
"""
import gzip
import hashlib
import pathlib
import random
import re
import urllib.parse

ROWS = 10_500
SECURE, PLAIN = "https://seccdn.libravatar.org", "http://cdn.libravatar.org"
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
# Characters whose lower case is the same in every language's tables.
WIDE = "éèÜößñÅøžČłабвГДЕЖαβγδΛΩ日本語アバター한글"
LABEL = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)\Z", re.ASCII)
BAD_TARGETS = [".", "a b.example", "x/y.example", "192.0.2.1", "-a.example", "a-.example", "under_score.example", "h..example", "user@h.example"]
KEYWORDS = ["404", "mm", "mp", "identicon", "monsterid", "wavatar", "retro", "robohash", "pagan", "blank"]

pick = random.Random(20260101)


def word(low, high, alphabet=LETTERS):
    return "".join(pick.choice(alphabet) for _ in range(pick.randint(low, high)))


def shuffled_case(text):
    return "".join(pick.choice([c.lower(), c.upper()]) for c in text)


def padded(text):
    return "".join(pick.choices(["", " ", "\t", "\n", "\u00a0", "\u3000"], k=2)) + text + pick.choice(["", "", " ", " \n"])


def domain():
    return ".".join([word(1, 12)] + [word(2, 8) for _ in range(pick.randint(0, 2))] + [pick.choice(["org", "COM", "net", "example"])])


def email():
    local = pick.choice([
        lambda: word(1, 20),
        lambda: word(1, 8) + "+" + word(1, 8),
        lambda: word(1, 8) + "." + word(1, 8),
        lambda: word(1, 8, LETTERS + WIDE),
        lambda: '"' + word(1, 5) + " @ " + word(1, 5) + '"',
        lambda: word(1, 5) + "@" + word(1, 5),
    ])()
    text = local + "@" + (domain() if pick.random() < 0.9 else word(1, 6, WIDE) + "." + domain())
    return padded(text), text.lower()


def openid():
    scheme = pick.choice(["http", "https"])
    host = domain()
    user = pick.choice(["", "", "", "User@", "User:Pa@"])
    port = pick.choice(["", "", ":80", ":443", ":8080", ":"])
    path = pick.choice(["", "/", "/" + word(1, 12), "/" + word(1, 5) + "?A=" + word(1, 4), "/" + word(1, 4) + "#F" + word(0, 3), "/" + word(1, 4, WIDE), "/%C3%a7"])
    has_scheme = scheme == "https" or pick.random() < 0.8
    typed = (shuffled_case(scheme) + "://" if has_scheme else "") + user + host + port + path
    dropped = {":", ":80" if scheme == "http" else ":443"}
    return padded(typed), scheme + "://" + user + host.lower() + ("" if port in dropped else port) + path


def records():
    found = []
    for priority in pick.sample([0, 1, 10, 20], pick.choice([0, 1, 1, 2])):
        has_zero = False
        for _ in range(pick.randint(1, 4)):
            weight = pick.choice([0, 1, 5, 10, 60, 100, 65535])
            # How equal weights of zero are shuffled is nobody's rule.
            if weight == 0 and has_zero:
                continue
            has_zero |= weight == 0
            target = pick.choice(BAD_TARGETS) if pick.random() < 0.2 else shuffled_case("avatars" + str(pick.randint(0, 9999)) + ".") + domain() + pick.choice(["", "."])
            found.append((priority, weight, pick.choice([443, 443, 80, 8443, 1, 65535, 0]), target))
    pick.shuffle(found)
    return found


def is_host(target):
    labels = (target[:-1] if target.endswith(".") else target).split(".")
    return all(LABEL.match(label) for label in labels) and not labels[-1].isdigit() and not labels[-1].lower().startswith("0x")


def server(found, scheme, chosen):
    usable = [(p, w, port, target.rstrip(".").lower()) for p, w, port, target in found if is_host(target) and 0 < port < 65536]
    if not usable:
        return None
    first = [record for record in usable if record[0] == min(record[0] for record in usable)]
    # Answers come in any order: names decide where RFC 2782 leaves it open.
    first.sort(key=lambda record: (record[1] != 0, record[3], record[2], record[1]))
    chosen %= sum(record[1] for record in first) + 1
    total = 0
    for _, weight, port, host in first:
        total += weight
        if total >= chosen:
            return f"{scheme}://{host}" + ("" if port == {"https": 443, "http": 80}[scheme] else f":{port}")
    raise AssertionError


def row():
    is_openid = pick.random() < 0.25
    typed, hashed = openid() if is_openid else email()
    sha256 = pick.random() < 0.5
    digest = (hashlib.sha256 if sha256 or is_openid else hashlib.md5)(hashed.encode()).hexdigest()
    size = pick.choice([None, None, 0, -5, 1, 40, 80, 511, 512, 513, 4096])
    fallback = pick.choice(["", "", pick.choice(KEYWORDS), "https://x.example/" + word(0, 4) + " " + word(0, 4, WIDE) + ".png?a=b&c=d#~-._'()*!+"])
    force = pick.random() < 0.2
    policy = pick.choice(["HttpsOnly", "PreferHttps", "Http"])
    secure, plain = records(), records()
    chosen = pick.randint(0, 1 << 30)
    base = None
    if policy != "Http":
        base = server(secure, "https", chosen)
    if base is None and policy != "HttpsOnly":
        base = server(plain, "http", chosen)
    if base is None:
        base = PLAIN if policy == "Http" else SECURE
    query = []
    if fallback:
        query.append("d=" + urllib.parse.quote(fallback, safe="-._~"))
    if size:
        query.append(f"s={min(max(size, 1), 512)}")
    if force:
        query.append("f=y")
    url = f"{base}/avatar/{digest}" + ("?" + "&".join(query) if query else "")
    written = lambda found: ";".join(f"{p} {w} {port} {urllib.parse.quote(target, safe='')}" for p, w, port, target in found)
    return "\t".join([
        "openid" if is_openid else "email", urllib.parse.quote(typed, safe=""), "sha256" if sha256 else "md5",
        "" if size is None else str(size), urllib.parse.quote(fallback, safe=""), "y" if force else "", policy,
        str(chosen), written(secure), written(plain), url])


if __name__ == "__main__":
    text = "".join(row() + "\n" for _ in range(ROWS))
    target = pathlib.Path(__file__).with_name("urls.tsv.gz")
    with open(target, "wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
        packed.write(text.encode())
    print(f"{ROWS} rows, {target.stat().st_size} bytes")
