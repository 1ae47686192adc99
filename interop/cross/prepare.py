"""Writes keys, zones and messages for the cross checks."""
import os, re, sys

import arc_checks, cross, messages, spf_checks

GENERATED = 340


def main():
    lines = []
    for selector in ("r1", "e1"):
        record = cross.make_key(selector)
        lines += [cross.txt_line("%s._domainkey.%s" % (selector, d), record) for d in [messages.DOMAIN] + arc_checks.SEALERS]
    lines += spf_checks.zones()
    cross.write(os.path.join(cross.FOLDER, "world.zone"), ("\n".join(lines) + "\n").encode())
    place = cross.folder("plain")
    for seed in range(GENERATED):
        cross.write(os.path.join(place, "g%03d.eml" % seed), messages.message(seed))
    for top, _, names in sorted(os.walk(sys.argv[1])):
        for name in sorted(names):
            if name.endswith(".eml"):
                data = cross.read(os.path.join(top, name))
                cross.write(os.path.join(place, "t-%s-%s" % (os.path.basename(top), name)), complete(data))


def complete(data):
    """CRLF lines, and one From of ours: the samples have none, or another's, or two."""
    data = re.sub(rb"\r?\n|\r", b"\r\n", data)
    head, blank, body = data.partition(b"\r\n\r\n")
    fields = [f for f in re.split(rb"\r\n(?![ \t])", head) if re.match(rb"[!-9;-~]+:", f) and not f.lower().startswith(b"from:")]
    fields[:0] = [b"From: anna@" + messages.DOMAIN.encode(), b"Message-ID: <sample@x.example>"]
    return b"\r\n".join(fields) + b"\r\n\r\n" + (body if blank else b"")


main()
