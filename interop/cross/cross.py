"""What the cross checks share: our own tool, the DNS, keys, mailauth, and how a result is told.

Run by the system's own python3 (/usr/bin/python3), which has Debian's dkimpy and pyspf. The environment says:
CROSS (a folder for everything), CROSS_TOOL (the command of our tool) and CROSS_DNS (the port of the DNS).
"""
import base64, json, os, shlex, subprocess, sys

import dns.exception, dns.resolver

FOLDER = os.environ["CROSS"]
DNS_PORT = int(os.environ["CROSS_DNS"])
HERE = os.path.dirname(os.path.abspath(__file__))
FORMS = ["simple/simple", "simple/relaxed", "relaxed/simple", "relaxed/relaxed"]

resolver = dns.resolver.Resolver(configure=False)
resolver.nameservers = ["127.0.0.1"]
resolver.port = DNS_PORT
resolver.lifetime = 60
dns.resolver.default_resolver = resolver


def txt(name, timeout=60):
    """The TXT record of a name as dkimpy wants it: bytes, or None."""
    if isinstance(name, bytes):
        name = name.decode()
    try:
        answers = resolver.resolve(name, "TXT", lifetime=max(timeout, 60))
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return None
    return b"".join(list(answers)[0].strings)


class Program:
    """A program that answers each line with a line of JSON."""

    def __init__(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def ask(self, line):
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise SystemExit("%s ended at: %s" % (self.process.args, line))
        return json.loads(answer)

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Mansio(Program):
    """Our own tool."""

    def __init__(self):
        super().__init__(shlex.split(os.environ["CROSS_TOOL"]) + [str(DNS_PORT)])

    def sign(self, source, target, forms, domain, selectors):
        keys = ["%s=%s" % (s, key_file(s)) for s in selectors]
        self.ask("\t".join(["sign", source, target, forms, domain] + keys))

    def verify(self, path):
        """A list such as ["pass r1", "fail e1 the body was changed"]."""
        return self.ask("verify\t" + path)["dkim"]


class Mailauth(Program):
    """npm's mailauth."""

    def __init__(self):
        super().__init__(["node", os.path.join(HERE, "mailauth", "answer.mjs"), FOLDER + "/mailauth", str(DNS_PORT)])


# ---- keys: r1 (RSA) and e1 (Ed25519) ----


def key_file(selector):
    return os.path.join(FOLDER, selector + ".pem")


def dkimpy_key(selector):
    """As dkimpy reads it: PEM, or the 32 octets of an Ed25519 key in base64."""
    if selector.startswith("r"):
        return open(key_file(selector), "rb").read()
    der = subprocess.run(["openssl", "pkey", "-in", key_file(selector), "-outform", "DER"], stdout=subprocess.PIPE, check=True).stdout
    return base64.b64encode(der[-32:])


def make_key(selector):
    """Writes the private key and gives the text of the record."""
    kind = ["RSA", "-pkeyopt", "rsa_keygen_bits:2048"] if selector.startswith("r") else ["ED25519"]
    subprocess.run(["openssl", "genpkey", "-algorithm"] + kind + ["-out", key_file(selector)], check=True, stderr=subprocess.DEVNULL)
    public = subprocess.run(["openssl", "pkey", "-in", key_file(selector), "-pubout", "-outform", "DER"], stdout=subprocess.PIPE, check=True).stdout
    if selector.startswith("r"):
        return "v=DKIM1; k=rsa; p=" + base64.b64encode(public).decode()
    return "v=DKIM1; k=ed25519; p=" + base64.b64encode(public[-32:]).decode()


def txt_line(name, text):
    """A line of a zone file."""
    text = text.replace("\\", "\\\\").replace('"', '\\"')
    strings = [text[i : i + 200] for i in range(0, len(text), 200)] or [""]
    return "%s. TXT %s" % (name, " ".join('"%s"' % s for s in strings))


# ---- messages ----


def folder(name):
    path = os.path.join(FOLDER, name)
    os.makedirs(path, exist_ok=True)
    return path


def read(path):
    with open(path, "rb") as f:
        return f.read()


def write(path, data):
    with open(path, "wb") as f:
        f.write(data)


def plain_messages():
    """The generated ones, and those of testdata/mime: their paths."""
    place = folder("plain")
    return [os.path.join(place, name) for name in sorted(os.listdir(place))]


class Differences:
    """Counts what agreed, and tells what did not."""

    def __init__(self):
        self.agreed = 0
        self.found = []

    def check(self, ok, what):
        if ok:
            self.agreed += 1
        else:
            self.found.append(what)

    def tell(self, unit, least):
        for what in self.found[:20]:
            print(what)
        print("# %d %s" % (self.agreed, unit))
        if self.found:
            raise SystemExit("%d differences" % len(self.found))
        if self.agreed < least:
            raise SystemExit("only %d compared, %d wanted" % (self.agreed, least))
