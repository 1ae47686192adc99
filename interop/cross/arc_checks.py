"""ARC against dkimpy (and mailauth's verdicts): chains that Mansio and dkimpy make in turns, and what goes wrong with them."""
import logging, os, random, re

import dkim

import cross
from cross import Differences, Mailauth, Mansio, folder, read, write

CHAINS = 100
SEALERS = ["seal%d.example" % i for i in range(1, 5)]


def dkimpy_says(data):
    logging.getLogger("dkimpy").setLevel(logging.CRITICAL)
    status = dkim.ARC(data).verify(dnsfunc=cross.txt)[0]
    # A chain whose last seal says that it failed is at its end; that is no pass either.
    return "fail" if status is None else status.decode()


def dkimpy_seals(data, domain, key):
    state = dkimpy_says(data)
    results = b"Authentication-Results: " + domain.encode() + b"; spf=pass smtp.mailfrom=a@b.example; arc=" + state.encode() + b"\r\n"
    signer = dkim.ARC(results + data)
    fields = signer.sign(b"r1", domain.encode(), key, domain.encode())
    return b"".join(f if f.endswith(b"\r\n") else f + b"\r\n" for f in fields) + data


def harmed(data, rnd):
    """A change on the way, with a name; "none" and "prefix" leave a chain as it is."""
    how = rnd.choice(["none"] * 14 + ["prefix"] * 4 + ["body", "subject", "results", "seal", "lost", "doubled"])
    fields = re.split(rb"\r\n(?![ \t])", data.partition(b"\r\n\r\n")[0])
    body = data.partition(b"\r\n\r\n")[2]
    arc = [i for i, f in enumerate(fields) if f.lower().startswith(b"arc-")]
    if how == "prefix":
        fields[:0] = [b"Received: from x.example by y.example; Mon, 02 Mar 2026 10:20:30 +0100"]
    elif how == "body":
        body += b"a footer of a list\r\n"
    elif how == "subject":
        fields = [f for f in fields if not f.lower().startswith(b"subject:")] + [b"Subject: [list] changed"]
    elif how == "results" and arc:
        at = rnd.choice([i for i in arc if fields[i].lower().startswith(b"arc-auth")])
        fields[at] += b"; dkim=pass"
    elif how == "seal" and arc:
        at = rnd.choice([i for i in arc if fields[i].lower().startswith(b"arc-seal")])
        fields[at] = re.sub(rb"(b=\s*)(\w)", lambda m: m.group(1) + (b"B" if m.group(2) == b"A" else b"A"), fields[at])
    elif how == "lost" and arc:
        del fields[rnd.choice(arc)]
    elif how == "doubled" and arc:
        fields.insert(0, fields[rnd.choice(arc)])
    else:
        how = "none" if how not in ("none", "prefix") else how
    return how, b"\r\n".join(fields) + b"\r\n\r\n" + body


def main():
    differences, mansio, mailauth = Differences(), Mansio(), Mailauth()
    key, place = cross.dkimpy_key("r1"), folder("arc")
    path, out = os.path.join(place, "m.eml"), os.path.join(place, "out.eml")
    seen = {}
    messages = [p for p in cross.plain_messages() if os.path.basename(p).startswith("g")]
    for number in range(CHAINS):
        rnd = random.Random("chain %d" % number)
        data, story = read(messages[number]), []
        for hop in range(rnd.randint(1, 5)):
            domain = rnd.choice(SEALERS)
            write(path, data)
            try:
                if rnd.random() < 0.5:
                    forms = "relaxed/relaxed" if rnd.random() < 0.8 else "simple/simple"
                    results = domain + "; spf=pass smtp.mailfrom=a@b.example; dkim=none"
                    mansio.ask("\t".join(["seal", path, out, forms, domain, "r1=" + cross.key_file("r1"), results]))
                    data = read(out)
                    story.append("mansio " + forms)
                else:
                    data = dkimpy_seals(data, domain, key)
                    story.append("dkimpy")
            except dkim.DKIMException as e:
                story.append("dkimpy: %s" % e)
            how, data = harmed(data, rnd)
            story.append(how)
            write(path, data)
            ours, theirs, third = mansio.ask("arc\t" + path), dkimpy_says(data), mailauth.ask("verify\t" + path)["arc"]
            what = "chain %d: %s: ours %s, dkimpy %s, mailauth %s" % (number, story, ours, theirs, third)
            differences.check(ours["arc"] == theirs == third, what)
            seen[ours["arc"]] = seen.get(ours["arc"], 0) + 1
    mansio.close()
    mailauth.close()
    print("# %s" % ", ".join("%d %s" % (n, s) for s, n in sorted(seen.items())))
    if seen.get("pass", 0) < 50 or seen.get("fail", 0) < 50:
        differences.found.append("too few cases")
    differences.tell("times the same answer", CHAINS)


if __name__ == "__main__":
    main()
