"""SPF against pyspf: generated zones, and questions about them, over the same DNS. Without an argument it asks."""
import random, re, sys

ZONES = 400
QUESTIONS = 2  # for each zone
SERVERS = ["192.0.2.%d" % i for i in (1, 9, 77, 130)] + ["198.51.100.%d" % i for i in (3, 200)]
SERVERS6 = ["2001:db8::%x" % i for i in (1, 0x99)] + ["2001:db8:7::1"]
HELOS = ["mail.helo.example", "h1.spf.example", "[192.0.2.9]", "UPPER.helo.example"]
LOCALS = ["anna", "strong-bad", "a.b.c", "x+y", "Mixed.Case", "a-b.c-d", "o'neil", "very.%s" % ("long" * 12)]


# ---- zones ----


def reverse_zone():
    """Names of clients: two names, one that does not lead back, one of a generated domain, none."""
    from ipaddress import ip_address

    lines = []
    for i, address in enumerate(SERVERS + SERVERS6):
        pointer, kind = ip_address(address).reverse_pointer, "A" if "." in address else "AAAA"
        if i % 4 == 3:
            continue
        lines.append("%s. PTR p%d.helo.example." % (pointer, i))
        lines.append("p%d.helo.example. %s %s" % (i, kind, address))
        if i % 2:
            lines.append("%s. PTR p.s%d.spf.example." % (pointer, i))
            lines.append("p.s%d.spf.example. %s %s" % (i, kind, address))
        else:
            lines.append("%s. PTR liar.helo.example." % pointer)
    lines.append("liar.helo.example. A 203.0.113.1\nliar.helo.example. AAAA 2001:db8:ffff::1")
    lines.append("mail.helo.example. A %s\nmail.helo.example. TXT \"v=spf1 a -all\"" % SERVERS[0])
    lines.append("h1.spf.example. A %s" % SERVERS[1])
    return lines


class Zone:
    """The records of one domain, drawn from its number."""

    def __init__(self, seed):
        self.rnd = random.Random(seed)
        self.domain = "s%d.spf.example" % seed
        self.lines = []
        self.subs = 0
        kind = self.rnd.random()
        if kind < 0.03:
            self.txt(self.domain, "not spf")
        elif kind < 0.06:
            self.txt(self.domain, "v=spf1 +all")
            self.txt(self.domain, "v=spf1 -all")
        elif kind < 0.09:
            self.txt(self.domain, "v=spf1 include:broken.%s -all" % self.domain)
            self.lines.append(";! broken.%s. servfail" % self.domain)
        elif kind < 0.15:
            self.chain(self.rnd.randint(8, 12))
        elif kind < 0.18:
            self.txt(self.domain, self.rnd.choice(["v=spf10 -all", "v=spf1", "V=SPF1 -ALL", "v=spf1\t-all", " v=spf1 -all", "v=spf1 -all "]))
        elif kind < 0.21:
            self.lines.append("%s. CNAME real.%s." % (self.domain, self.domain))
            self.txt("real." + self.domain, self.record(1))
        else:
            self.txt(self.domain, "some other text")
            self.txt(self.domain, self.record(0))
        if kind >= 0.21 and self.rnd.random() < 0.7:
            self.addresses(self.domain)
            self.lines.append("%s. MX 10 mx1.%s.\n%s. MX 20 mx2.%s." % ((self.domain,) * 4))
            self.addresses("mx1." + self.domain)
            self.addresses("mx2." + self.domain)

    def txt(self, name, text):
        import cross

        self.lines.append(cross.txt_line(name, text))

    def addresses(self, name):
        rnd = self.rnd
        for _ in range(rnd.randint(1, 3)):
            self.lines.append("%s. A %s" % (name, rnd.choice(SERVERS + ["203.0.113.5", "192.0.2.128"])))
        self.lines.append("%s. AAAA %s" % (name, rnd.choice(SERVERS6 + ["2001:db8:abcd::1"])))

    def chain(self, length):
        """Includes around the limit of ten look-ups."""
        for i in range(length):
            name = self.domain if i == 0 else "c%d.%s" % (i, self.domain)
            last = i == length - 1
            self.txt(name, "v=spf1 ip4:192.0.2.0/25 ~all" if last else "v=spf1 include:c%d.%s ?all" % (i + 1, self.domain))

    def record(self, depth):
        rnd = self.rnd
        terms = [self.term(depth) for _ in range(rnd.randint(0, 5))]
        end = rnd.random()
        if end < 0.65:
            terms.append(rnd.choice(["-all", "-all", "~all", "?all", "+all", "all", "-ALL"]))
        elif end < 0.8 and depth < 2:
            # In lower case: pyspf takes REDIRECT= for an unknown modifier (RFC 7208 section 4.6.1: names know no case).
            terms.append("redirect=" + self.sub(depth))
        if rnd.random() < 0.3:
            name = "exp.%s" % self.domain
            terms.insert(rnd.randint(0, len(terms)), "exp=" + rnd.choice([name, "exp.%{d}", "%{o}.nowhere.example"]))
            if not any(line.startswith(name) for line in self.lines):
                text = rnd.choice(["%{i} may not send for %{d}", "see %%_%_%{s} of %{h}, by %{r}", "%{c} %{p} %{v} %{L}", "bad %macro", "plain"])
                self.txt(name, text)
        if rnd.random() < 0.07:
            terms.insert(
                rnd.randint(0, len(terms)),
                rnd.choice(["moo", "ip4:192.0.2.256", "ip4:1.2.3", "a:/24", "a/33", "ip6:::g", "mx//129", "include:", "ptr:", "exists", "x-y=z", "moo=%{d}", "moo=%{x}", "all:x", "-redirect=x.example", "redirect=a.example redirect=b.example", "a:host", "ip4:192.0.2.1/024", "=x", "a:b..example"]),
            )
        return "v=spf1" + "".join(rnd.choice([" ", " ", "  "]) + t for t in terms)

    def cased(self, text):
        return self.rnd.choice([text, text, text, text.upper(), text.capitalize()])

    def sub(self, depth):
        """Another record of this domain, mostly; never this one: pyspf calls that an error before it looks at other terms."""
        if self.rnd.random() < 0.12:
            return self.rnd.choice(["nowhere.%s" % self.domain, "h1.spf.example", "mail.helo.example"])
        self.subs += 1
        name = "r%d.%s" % (self.subs, self.domain)
        self.txt(name, self.record(depth + 1))
        return self.rnd.choice([name, name, "r%d.%%{o}" % self.subs])

    def host(self):
        rnd = self.rnd
        name = "h%d.%s" % (rnd.randint(0, 3), self.domain)
        if rnd.random() < 0.9 and not any(line.startswith(name) for line in self.lines):
            self.addresses(name)
        return name

    def term(self, depth):
        rnd = self.rnd
        sign = rnd.choice(["", "", "", "+", "-", "~", "?"])
        kind = rnd.randrange(12 if depth < 2 else 10)
        bits, bits6 = rnd.choice([0, 8, 24, 25, 31, 32]), rnd.choice([0, 32, 64, 127, 128])
        cidr = rnd.choice(["", "", "/%d" % bits, "//%d" % bits6, "/%d//%d" % (bits, bits6)])
        if kind < 2:
            return sign + self.cased("ip4:") + rnd.choice(SERVERS + ["10.0.0.1", "192.0.2.128"]) + rnd.choice(["", "/%d" % max(bits, 8)])
        if kind == 2:
            return sign + self.cased("ip6:") + rnd.choice(SERVERS6 + ["2001:db8:1::"]) + rnd.choice(["", "/%d" % max(bits6, 32)])
        if kind < 5:
            return sign + self.cased("a") + rnd.choice(["", ":" + self.host(), ":h0.%{d}"]) + cidr
        if kind == 5:
            return sign + self.cased("mx") + rnd.choice(["", "", ":" + self.domain]) + cidr
        if kind == 6:
            return sign + self.cased("ptr") + rnd.choice(["", ":helo.example", ":spf.example", ":%{d2}"])
        if kind < 10:
            return sign + self.cased("exists:") + self.exists()
        return sign + self.cased("include:") + self.sub(depth)

    def exists(self):
        rnd = self.rnd
        macro = rnd.choice(
            ["%{ir}.%{v}._spf.%{d}", "%{l}.u.%{d}", "%{l1r-}.u.%{d}", "%{lr.-}.u.%{d}", "%{h}.x.%{d}", "%{d1}.y.%{o}", "%{p}.z.%{d}", "%{l1r+-}.%{dr}.%{d}", "%{s}.w.%{d}", "%{d3r}.v.%{d}", "%{o99}.t.%{d}", "%{I}.n.%{d}"]
        )
        # The name exists for some clients and senders: by a wildcard below its last fixed label.
        fixed = re.match(r".*?([a-z_]+)\.%\{[do]\}$", macro)
        if fixed and rnd.random() < 0.6:
            line = "*.%s.%s. A 127.0.0.2" % (fixed.group(1), self.domain)
            if line not in self.lines:
                self.lines.append(line)
        return macro


def zones():
    lines = reverse_zone()
    for seed in range(ZONES):
        lines += Zone(seed).lines
    return lines


# ---- questions ----


def questions():
    for number in range(ZONES * QUESTIONS):
        rnd = random.Random("question %d" % number)
        domain = "s%d.spf.example" % (number // QUESTIONS)
        client = rnd.choice(SERVERS) if rnd.random() < 0.7 else rnd.choice(SERVERS6)
        if rnd.random() < 0.1:
            client = "::ffff:" + rnd.choice(SERVERS)
        sender = rnd.choice(LOCALS) + "@" + domain
        helo = rnd.choice(HELOS)
        if rnd.random() < 0.1:
            sender, helo = "", domain
        yield client, helo, sender


# Differences that are right: what pyspf says, and why we do not.
ACCEPTED = [
    (
        "void",
        lambda ours, theirs, why: theirs == "permerror" and "Void lookup limit" in why or ours["spf"] == "permerror" and "what does not exist" in ours["reason"],
        "RFC 7208 section 4.6.4 limits terms for which nothing is found; pyspf counts queries, and TXT queries for records too",
    ),
]


def main():
    import spf

    import cross

    differences = cross.Differences()
    mansio = cross.Mansio()
    results, accepted = {}, {}
    for client, helo, sender in questions():
        ours = mansio.ask("\t".join(["spf", client, helo, sender]))
        query = spf.query(i=client, s=sender, h=helo, receiver="receiver.example", querytime=20)
        theirs, _, why = query.check()
        for name, fits, _ in ACCEPTED:
            if ours["spf"] != theirs and fits(ours, theirs, why):
                accepted[name] = accepted.get(name, 0) + 1
                break
        else:
            same = ours["spf"] == theirs and (theirs != "fail" or explained(ours["exp"], why))
            record = cross.txt(sender.rpartition("@")[2] or helo) if not same else None
            differences.check(same, "%s %s %s: ours %s, pyspf %s (%s); %s" % (client, helo, sender, ours, theirs, why, record))
        results[theirs] = results.get(theirs, 0) + 1
    mansio.close()
    print("# pyspf said: %s" % ", ".join("%d %s" % (n, r) for r, n in sorted(results.items())))
    for name, _, why in ACCEPTED:
        print("# %d accepted: %s" % (accepted.get(name, 0), why))
    few = [r for r in ("pass", "fail", "softfail", "neutral", "none", "permerror", "temperror") if results.get(r, 0) < 5]
    if few:
        print("too few cases of: %s" % few)
        differences.found.append("cases")
    differences.tell("times the same answer", ZONES * QUESTIONS * 9 // 10)


def explained(ours, theirs):
    """pyspf gives a text of its own where the domain has none, and writes IPv6 nibbles in upper case."""
    theirs = "" if theirs == "SPF fail - not authorized" else theirs
    return ours.lower() == theirs.lower()


if __name__ == "__main__":
    main()
