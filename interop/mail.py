#!/usr/bin/env python3
"""Makes mail, looks at it over IMAP, and says what differs: the eyes of the interop suite.

Reads IMAP, USER_NAME and PASSWORD from the environment. Every message made here has a subject of its own;
it is found again by that subject, and compared byte by byte.

  mail.py make FILE SUBJECT [--size N] [--utf8] [--from A] [--to A]   write a message (CRLF lines)
  mail.py expect FILE [--in MAILBOX] [--how exact|suffix|body] [--flags "\\Seen ..."]
                                          wait until it is there exactly once and is the same
  mail.py gone FILE [--in MAILBOX]        wait until it is not there
  mail.py append FILE [--in MAILBOX] [--flags ...]
  mail.py store FILE FLAGS [--in MAILBOX] such as "+FLAGS (\\Seen)"
  mail.py expunge FILE [--in MAILBOX]
  mail.py same FILE OTHER [--how ...]     compare two files (line endings of OTHER may be LF)
  mail.py create MAILBOX
  mail.py show FILE                       print it as it is in INBOX
  mail.py submit FILE RCPT... [--smtputf8] [--as A]     log in at SUBMISSION and send it
  mail.py report FILE ADDRESS=STATUS...        wait for the one report (DSN) about it: exactly these recipients
                                               failed, with these statuses, and the head of the message comes with it
"""
import argparse, base64, email, email.policy, imaplib, os, random, re, smtplib, ssl, sys, time

imaplib._MAXLINE = 10_000_000
HOST = "127.0.0.1"


def make(path, subject, size, utf8, sender, to):
    """A message with what breaks careless programs: dots, blank lines, long lines, trailing spaces, attachments."""
    rnd = random.Random(subject)
    words = "posta cursor equus via mansio nox lux iter porta signum".split()
    text = []
    for i in range(40):
        text.append(" ".join(rnd.choice(words) for _ in range(rnd.randint(0, 12))))
    text[3:3] = [".", "..", ".leading dot", "From the start of a line", "", "trailing space ", "-- ", "x" * 990]
    if utf8:
        text.append("Grüße aus der Mansio, 旅館 ✓")
    plain = "\r\n".join(text) + "\r\n"
    head = [
        "From: Sender <%s>" % sender,
        "To: <%s>" % to,
        "Subject: %s" % subject,
        "Date: Mon, 02 Mar 2026 10:20:30 +0100",
        "Message-ID: <%s@interop.example>" % re.sub(r"[^A-Za-z0-9]", ".", subject),
        "X-Folded: first line",
        "\tsecond line of the same field",
        "MIME-Version: 1.0",
    ]
    encoding = "8bit" if utf8 else "7bit"
    boundary = "=_b%08x" % rnd.getrandbits(32)
    head.append('Content-Type: multipart/mixed; boundary="%s"' % boundary)
    if utf8:
        head.append("Content-Transfer-Encoding: 8bit")
    open_part = "--%s\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: %s\r\n\r\n" % (boundary, encoding)
    second = '--%s\r\nContent-Type: application/octet-stream; name="data.bin"\r\nContent-Transfer-Encoding: base64\r\n\r\n' % boundary
    close = "--%s--\r\n" % boundary
    fixed = "\r\n".join(head) + "\r\n\r\n" + open_part + plain + second + close
    room = max(78, size - len(fixed.encode()))
    out = bytearray((fixed[: -len(close)]).encode())
    block = rnd.randbytes(57 * 1024)
    lines = base64.b64encode(block)
    lines = b"".join(lines[i : i + 76] + b"\r\n" for i in range(0, len(lines), 76))
    full, rest = divmod(room, len(lines))
    out += lines * full + lines[: rest - rest % 78]
    if len(out) and not out.endswith(b"\r\n"):
        out += b"\r\n"
    out += close.encode()
    with open(path, "wb") as f:
        f.write(out)


def subject_of(data):
    return re.search(rb"(?im)^Subject: (.*?)\r?$", data).group(1).strip()


def login():
    c = imaplib.IMAP4(HOST, int(os.environ["IMAP"]))
    c.login(os.environ["USER_NAME"], os.environ["PASSWORD"])
    return c


def find(c, mailbox, subject):
    """[(uid, flags)] of the messages with this subject."""
    ok, data = c.select('"%s"' % mailbox)
    if ok != "OK":
        raise SystemExit("SELECT %s: %s" % (mailbox, data))
    if int(data[0]) == 0:
        return []
    found = []
    ok, rows = c.uid("FETCH", "1:*", "(FLAGS BODY.PEEK[HEADER.FIELDS (SUBJECT)])")
    for i, row in enumerate(rows):
        if isinstance(row, tuple):
            after = rows[i + 1] if i + 1 < len(rows) and isinstance(rows[i + 1], bytes) else b""
            line = row[0] + after
            text = re.sub(rb"\r\n[ \t]", b" ", row[1])
            m = re.search(rb"(?i)^subject: ?(.*?)\s*$", text.strip())
            if m and m.group(1) == subject:
                uid = int(re.search(rb"UID (\d+)", line).group(1))
                flags = re.search(rb"FLAGS \(([^)]*)\)", line).group(1).decode().split()
                found.append((uid, {f for f in flags if f != "\\Recent"}))
    return found


def content(c, uid):
    ok, rows = c.uid("FETCH", str(uid), "(RFC822.SIZE BODY.PEEK[])")
    row = next(r for r in rows if isinstance(r, tuple))
    text = row[0] + b"".join(r for r in rows if isinstance(r, bytes))
    size = int(re.search(rb"RFC822\.SIZE (\d+)", text).group(1))
    if size != len(row[1]):
        raise SystemExit("RFC822.SIZE %d, BODY[] has %d bytes" % (size, len(row[1])))
    return row[1]


def differs(want, got, how):
    """None when equal in the asked sense, else a sentence."""
    got = re.sub(rb"X-TUID: [\w+/-]+\r\n", b"", got, count=1)  # mbsync marks what it carries
    if how == "suffix":  # trace fields stand above what was sent
        head = got[: len(got) - len(want)]
        if got.endswith(want) and (not head or re.match(rb"(?i)(return-path|received|delivered-to|dkim-signature|authentication-results|x-[\w-]+|envelope-to|delivery-date):", head)):
            return None
        start = got.find(want[: want.index(b"\r\n")])
        got = got[max(0, start) :]
    if how == "body":
        want, got = want.partition(b"\r\n\r\n")[2], got.partition(b"\r\n\r\n")[2]
    if want == got:
        return None
    n = next((i for i, (a, b) in enumerate(zip(want, got)) if a != b), min(len(want), len(got)))
    return "sent %d bytes, got %d, first difference at %d: sent %r, got %r" % (len(want), len(got), n, want[n - 30 : n + 60], got[n - 30 : n + 60])


def expect(path, mailbox, how, flags, seconds):
    want = open(path, "rb").read()
    deadline = time.time() + seconds
    while True:
        c = login()
        found = find(c, mailbox, subject_of(want))
        if len(found) > 1:
            raise SystemExit("%d times in %s" % (len(found), mailbox))
        if found:
            uid, have = found[0]
            if flags is None or have == set(flags.split()):
                problem = differs(want, content(c, uid), how)
                c.logout()
                if problem:
                    raise SystemExit(problem)
                return
            problem = "flags %s" % sorted(have)
        else:
            problem = "not in " + mailbox
        c.logout()
        if time.time() > deadline:
            raise SystemExit("%s after %d s" % (problem, seconds))
        time.sleep(0.2)


def gone(path, mailbox, seconds):
    subject = subject_of(open(path, "rb").read())
    deadline = time.time() + seconds
    while True:
        c = login()
        found = find(c, mailbox, subject)
        c.logout()
        if not found:
            return
        if time.time() > deadline:
            raise SystemExit("still in %s: %s" % (mailbox, found))
        time.sleep(0.2)


def submit(path, recipients, smtputf8, sender):
    data = open(path, "rb").read()
    with smtplib.SMTP(HOST, int(os.environ["SUBMISSION"]), "client.example", timeout=300) as s:
        s.starttls(context=ssl._create_unverified_context())
        s.login(os.environ["USER_NAME"], os.environ["PASSWORD"])
        options = ["BODY=8BITMIME"] if max(data) > 127 else []
        refused = s.sendmail(sender or os.environ["USER_NAME"], recipients, data, options + (["SMTPUTF8"] if smtputf8 else []))
        if refused:
            raise SystemExit("refused at submission: %s" % refused)


def reports(c, subject):
    """[(raw, {address: status})] of the DSNs in INBOX whose returned head has this subject."""
    ok, data = c.select("INBOX")
    found = []
    for uid in c.uid("SEARCH", "FROM", "MAILER-DAEMON")[1][0].split() or c.uid("SEARCH", "ALL")[1][0].split():
        raw = content(c, int(uid))
        parts = email.message_from_bytes(raw, policy=email.policy.default)
        if parts.get_content_type() != "multipart/report":
            continue
        about, failed = None, {}
        for part in parts.iter_parts():
            kind = part.get_content_type()
            if kind in ("message/delivery-status", "message/global-delivery-status"):
                body = part.as_bytes().decode()
                for block in re.split(r"\n\s*\n", body.replace("\r", "")):
                    who = re.search(r"(?im)^final-recipient: *[\w-]+ *; *(\S+)", block)
                    status = re.search(r"(?im)^status: *(\S+)", block)
                    if who:
                        failed[who.group(1)] = status.group(1)
            elif kind in ("message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers"):
                about = re.search(rb"(?im)^Subject: (.*?)\r?$", part.as_bytes().partition(b"\n\n")[2] or part.as_bytes())
        if about and about.group(1).strip() == subject:
            found.append((raw, failed))
    return found


def report(path, wanted, seconds):
    subject = subject_of(open(path, "rb").read())
    want = dict(w.rsplit("=", 1) for w in wanted)
    deadline = time.time() + seconds
    while True:
        c = login()
        found = reports(c, subject)
        c.logout()
        if found:
            break
        if time.time() > deadline:
            raise SystemExit("no report about %r after %d s" % (subject, seconds))
        time.sleep(0.3)
    if len(found) != 1:
        raise SystemExit("%d reports: %s" % (len(found), [f for _, f in found]))
    if found[0][1] != want:
        raise SystemExit("reported %s, wanted %s\n%s" % (found[0][1], want, found[0][0].decode(errors="replace")))


def only(c, path, mailbox):
    found = find(c, mailbox, subject_of(open(path, "rb").read()))
    if len(found) != 1:
        raise SystemExit("%d times in %s" % (len(found), mailbox))
    return str(found[0][0])


def main():
    p = argparse.ArgumentParser()
    p.add_argument("verb")
    p.add_argument("args", nargs="+")
    p.add_argument("--in", dest="mailbox", default="INBOX")
    p.add_argument("--how", default="exact", choices=["exact", "suffix", "body"])
    p.add_argument("--flags")
    p.add_argument("--size", type=int, default=4096)
    p.add_argument("--utf8", action="store_true")
    p.add_argument("--from", dest="sender", default="sender@interop.example")
    p.add_argument("--to", default=os.environ.get("USER_NAME", "me@local.test"))
    p.add_argument("--seconds", type=float, default=120)  # of waiting; many only where it never comes
    p.add_argument("--smtputf8", action="store_true")
    p.add_argument("--as", dest="reverse_path")
    a = p.parse_args()
    path = a.args[0]
    if a.verb == "make":
        make(path, a.args[1], a.size, a.utf8, a.sender, a.to)
    elif a.verb == "expect":
        expect(path, a.mailbox, a.how, a.flags, a.seconds)
    elif a.verb == "gone":
        gone(path, a.mailbox, a.seconds)
    elif a.verb == "submit":
        submit(path, a.args[1:], a.smtputf8, a.reverse_path)
    elif a.verb == "report":
        report(path, a.args[1:], a.seconds)
    elif a.verb == "same":
        other = open(a.args[1], "rb").read()
        if b"\r\n" not in other:
            other = other.replace(b"\n", b"\r\n")
        problem = differs(open(path, "rb").read(), other, a.how)
        if problem:
            raise SystemExit(problem)
    else:
        c = login()
        if a.verb == "append":
            ok, answer = c.append('"%s"' % a.mailbox, a.flags and "(%s)" % a.flags, None, open(path, "rb").read())
        elif a.verb == "store":
            uid = only(c, path, a.mailbox)
            ok, answer = c.uid("STORE", uid, *a.args[1].split(" ", 1))
        elif a.verb == "expunge":
            uid = only(c, path, a.mailbox)
            c.uid("STORE", uid, "+FLAGS", "(\\Deleted)")
            ok, answer = c.expunge()
        elif a.verb == "show":
            sys.stdout.buffer.write(content(c, int(only(c, path, a.mailbox))))
            ok = "OK"
        elif a.verb == "create":
            ok, answer = c.create('"%s"' % path)
        else:
            raise SystemExit("unknown verb " + a.verb)
        if ok != "OK":
            raise SystemExit("%s: %s" % (a.verb, answer))
        c.logout()


main()
