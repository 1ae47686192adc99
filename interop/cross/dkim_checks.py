"""DKIM against OpenDKIM, dkimpy and mailauth: dkim_checks.py CHECK [PROGRAM]."""
import contextlib, os, re, subprocess, sys, time

import dkim

import cross, messages
from cross import FORMS, Differences, Mailauth, Mansio, folder, read, write

DOMAIN = messages.DOMAIN
LEAST = 330  # messages; fewer would mean that some were lost on the way


def dkimpy_says(data, count):
    says = []
    for i in range(count):
        try:
            says.append("pass" if dkim.DKIM(data).verify(idx=i, dnsfunc=cross.txt) else "fail")
        except dkim.DKIMException as e:
            says.append("fail %s" % e)
    return says


# ---- OpenDKIM ----


class OpenDkim:
    """A daemon of its own, asked as Postfix asks it."""

    def __init__(self, name, *lines):
        from milter import Milter

        place = folder("opendkim")
        base = os.path.join(place, name)
        write(base + ".unbound", ("server:\n  do-not-query-localhost: no\nforward-zone:\n  name: \".\"\n  forward-addr: 127.0.0.1@%d\n" % cross.DNS_PORT).encode())
        common = ["Socket local:%s.sock" % base, "PidFile %s.pid" % base, "Background no", "Syslog no", "UserID root", "TemporaryDirectory " + place]
        common += ["ResolverConfiguration %s.unbound" % base, "RequireSafeKeys no", "InternalHosts 192.0.2.250"]
        write(base + ".conf", "\n".join(common + list(lines) + [""]).encode())
        with contextlib.suppress(FileNotFoundError):
            os.unlink(base + ".sock")
        self.process = subprocess.Popen(["opendkim", "-f", "-x", base + ".conf"], stdout=open(base + ".log", "wb"), stderr=subprocess.STDOUT)
        for _ in range(2400):
            try:
                self.milter = Milter(base + ".sock")
                return
            except OSError:
                if self.process.poll() is not None:
                    break
                time.sleep(0.05)
        self.process.kill()
        raise SystemExit("opendkim did not start: %s" % read(base + ".log"))

    def verify(self, data):
        fields, last = self.milter.message(data)
        results = [v.decode() for n, v in fields if n.lower() == b"authentication-results"]
        found = re.findall(r"dkim=(\w+)", " ".join(results))
        return found or ["none %s" % last]

    def sign(self, data):
        fields, last = self.milter.message(data)
        signatures = [v for n, v in fields if n == b"DKIM-Signature"]
        if len(signatures) != 1 or last not in b"ca":
            raise SystemExit("opendkim did not sign: %s %s" % (fields, last))
        space = b"" if signatures[0][:1] in b" \t\n" else b" "
        return b"DKIM-Signature:" + space + signatures[0].replace(b"\r\n", b"\n").replace(b"\n", b"\r\n") + b"\r\n"

    def close(self):
        self.milter.close()
        self.process.terminate()
        self.process.wait()


def ends(data):
    """OpenDKIM takes no body whose last line has no end: "CRLF at end of body missing"."""
    body = data.partition(b"\r\n\r\n")[2]
    return not body or body.endswith(b"\r\n")


def opendkim_verifier():
    return OpenDkim("verifier", "Mode v", "AuthservID opendkim.example", "AlwaysAddARHeader yes", "On-Security accept")


# ---- what we sign, others verify ----


def sign_all():
    """Each message, in one of the four forms, by RSA and by Ed25519; and a tampered copy of each."""
    mansio = Mansio()
    signed, bad = folder("mansio"), folder("mansio-bad")
    for number, path in enumerate(cross.plain_messages()):
        name = os.path.basename(path)
        mansio.sign(path, os.path.join(signed, name), FORMS[number % 4], DOMAIN, ["r1", "e1"])
        how, data = messages.tampered(read(os.path.join(signed, name)), number)
        write(os.path.join(bad, name), data)
    mansio.close()
    print("# %d messages signed by Mansio, twice each" % len(os.listdir(signed)))


def ours(says, only=lambda data: True):
    """SAYS(path): what a program says about the signatures of a message of ours; and of a tampered one."""
    differences = Differences()
    mansio = Mansio()
    signed, bad = folder("mansio"), folder("mansio-bad")
    for name in sorted(os.listdir(signed)):
        path, other = os.path.join(signed, name), os.path.join(bad, name)
        if not only(read(path)):
            continue
        answer, own = says(path), mansio.verify(path)
        good = len(answer) == 2 and all(a.startswith("pass") for a in answer) and all(o.startswith("pass") for o in own)
        differences.check(good, "%s: %s, ours %s" % (name, answer, own))
        answer, own = says(other), mansio.verify(other)
        good = not any(a.startswith("pass") for a in answer) and not any(o.startswith("pass") for o in own)
        differences.check(good, "%s tampered: %s, ours %s" % (name, answer, own))
    mansio.close()
    differences.tell("times the same answer", 2 * LEAST)


def ours_dkimpy():
    ours(lambda path: dkimpy_says(read(path), 2))


def ours_opendkim():
    with contextlib.closing(opendkim_verifier()) as daemon:
        ours(lambda path: daemon.verify(read(path)), ends)


def ours_mailauth():
    with contextlib.closing(Mailauth()) as program:
        ours(lambda path: program.ask("verify\t" + path)["dkim"])


# ---- what others sign, we verify ----


def theirs(sign, only=lambda data: True):
    """SIGN(number, path): the message with the signature of another program."""
    differences = Differences()
    mansio = Mansio()
    place = folder("theirs")
    for number, path in enumerate(cross.plain_messages()):
        if not only(read(path)):
            continue
        data = sign(number, path)
        signed = os.path.join(place, "m.eml")
        write(signed, data)
        own = mansio.verify(signed)
        differences.check(len(own) == 1 and own[0].startswith("pass"), "%s: %s" % (path, own))
        how, data = messages.tampered(data, number)
        # Only we sign what is not there; another From is refused by all.
        if how != "second subject" or b"\nsubject:" in read(path).lower():
            write(signed, data)
            own = mansio.verify(signed)
            bad = not any(o.startswith("pass") for o in own)
            differences.check(bad or how.startswith("second"), "%s tampered (%s): %s" % (path, how, own))
    mansio.close()
    differences.tell("times what it has to be", LEAST)


def selector(number):
    return "r1" if number // 4 % 2 else "e1"


def theirs_dkimpy():
    keys = {s: cross.dkimpy_key(s) for s in ("r1", "e1")}

    def sign(number, path):
        which, data = selector(number), read(path)
        algorithm = b"rsa-sha256" if which == "r1" else b"ed25519-sha256"
        forms = tuple(form.encode() for form in FORMS[number % 4].split("/"))
        signer = dkim.DKIM(data, signature_algorithm=algorithm)
        return signer.sign(which.encode(), DOMAIN.encode(), keys[which], canonicalize=forms) + data

    theirs(sign)


def theirs_opendkim():
    daemons = {}
    try:
        for number in range(8):
            which, forms = selector(number), FORMS[number % 4]
            algorithm = "rsa-sha256"
            if which == "e1":
                # With simple header it hashes another folding of its field than it writes: nobody verifies that, itself
                # not either (2.11.0~beta2).
                algorithm, forms = "ed25519-sha256", forms.replace("simple/", "relaxed/")
            daemons[number] = OpenDkim(
                "signer%d" % number,
                "Mode s",
                "Canonicalization " + forms,
                "Domain " + DOMAIN,
                "Selector " + which,
                "KeyFile " + cross.key_file(which),
                "SignatureAlgorithm " + algorithm,
                "InternalHosts 127.0.0.1",
            )

        def sign(number, path):
            data = read(path)
            return daemons[number % 8].sign(data) + data

        theirs(sign, ends)
    finally:
        for daemon in daemons.values():
            daemon.close()


def theirs_mailauth():
    with contextlib.closing(Mailauth()) as program:

        def sign(number, path):
            out = os.path.join(folder("theirs"), "out.eml")
            which = selector(number)
            program.ask("\t".join(["sign", path, out, FORMS[number % 4], DOMAIN, which, cross.key_file(which)]))
            return read(out)

        theirs(sign)


globals()[sys.argv[1]]()
