"""Messages with what signers and verifiers trip over, each drawn from its number."""
import random

DOMAIN = "signer.example"
WORDS = "via  posta cursor nox\tlux iter porta; signum=viae ü 旅館 = a:b <x@y.example> \"q\" (c)".split(" ")


def value(rnd, most=12):
    words = [rnd.choice(WORDS) for _ in range(rnd.randint(0, most))]
    out = ""
    for word in words:
        out += rnd.choice([" ", " ", " ", "  ", "\t", "\r\n ", "\r\n\t", " \r\n  "]) + (word or "x")
    return out + rnd.choice(["", "", "", " ", "\t"])


def field(rnd, name, text):
    case = rnd.choice([str, str, str, str.upper, str.lower])
    return case(name) + ":" + rnd.choice([" ", " ", " ", "", "  ", "\t", "\r\n "]) + text + rnd.choice(["", "", " "])


def header(rnd, seed):
    sender = rnd.choice(["anna@%s", "<anna@%s>", '"Anna, A." <anna@%s>', "Anna\r\n <anna@%s>", "=?utf-8?q?Ann=C3=A4?=\t<anna@%s>"])
    fields = [
        field(rnd, "From", sender % DOMAIN),
        field(rnd, "Date", "Mon, 02 Mar 2026 10:20:30 +0100"),
        field(rnd, "Message-ID", "<m%d@%s>" % (seed, DOMAIN)),
    ]
    for name in ["To", "Cc", "Reply-To", "Sender"]:
        if rnd.random() < 0.5:
            people = ["p%d@there.example" % i for i in range(rnd.randint(1, 1 if name == "Sender" else 30))]
            fields.append(field(rnd, name, rnd.choice([", ", ",\r\n\t", ",\r\n "]).join(people)))
    for name in ["Subject", "In-Reply-To", "References", "Comments", "MIME-Version", "List-Id", "List-Unsubscribe"]:
        if rnd.random() < 0.5:
            fields.append(field(rnd, name, "x" + value(rnd)))
    for _ in range(rnd.randint(0, 4)):
        fields.append(field(rnd, rnd.choice(["Received", "X-Odd", "Resent-To", "Keywords"]), "y" + value(rnd)))
    if rnd.random() < 0.1:
        fields.append("Subject:" if not any(f.lower().startswith("subject") for f in fields) else "X-Empty:")
    if rnd.random() < 0.1:
        fields.append("X-Long: " + "l" * rnd.randint(900, 5000))
    rnd.shuffle(fields)
    return "\r\n".join(fields).encode() + b"\r\n"


def body(rnd):
    kind = rnd.randrange(12)
    if kind == 0:
        return b""
    if kind == 1:
        return b"\r\n" * rnd.randint(1, 5)
    if kind == 2:
        return rnd.choice([b" \r\n", b"\t\r\n\r\n", b" \t \r\n"])
    lines = []
    for _ in range(rnd.randint(1, 40)):
        lines.append(
            rnd.choice(
                [
                    b"",
                    b".",
                    b"..x",
                    b" ",
                    b"\t \t",
                    b"From here",
                    b"one  two\t\tthree ",
                    b" leading and trailing \t",
                    "Grüße 旅館".encode(),
                    bytes(rnd.choice(range(128, 256)) for _ in range(20)),
                    b"x" * rnd.randint(1, 998),
                    b"--boundary",
                    b"Content-Type: text/plain",
                    b"a=3D=\t",
                ]
            )
        )
    if kind == 3:
        lines.append(b"long " * rnd.randint(300, 3000))
    out = b"\r\n".join(lines)
    # A last line without CRLF that ends with white space is no mail that SMTP's DATA could carry, and RFC 6376 section
    # 3.4.4 does not say what comes first there: the programs differ among each other. So there is none.
    end = rnd.choice([b"\r\n", b"\r\n", b"\r\n", b"end", b"\r\n\r\n", b"\r\n" * 7, b" \r\n\r\n", b"\r\n \r\n"])
    return out + end


def message(seed):
    rnd = random.Random(seed)
    return header(rnd, seed) + b"\r\n" + body(rnd)


def tampered(signed, seed):
    """The message, changed where it matters to any signature over From, Subject and the body; and how."""
    rnd = random.Random(seed)
    head, _, text = signed.partition(b"\r\n\r\n")
    # The lines of the signatures stand first and stay.
    start = head.lower().find(b"\r\nfrom:")
    start = start if start >= 0 else 0
    how = rnd.choice(["body", "append", "from", "second from", "second subject"])
    if how == "body" and not text.strip():
        how = "append"
    if how == "body":
        at = rnd.choice([i for i, c in enumerate(text) if c not in b" \t\r\n"])
        text = text[:at] + (b"z" if text[at : at + 1] != b"z" else b"q") + text[at + 1 :]
    elif how == "append":
        text += b"added\r\n"
    elif how == "from":
        at = head.lower().find(b"anna@", start)
        head = head[:at] + b"evil" + head[at + 4 :]
    elif how == "second from":
        head = b"From: evil@%s\r\n" % DOMAIN.encode() + head
    else:
        head = head + b"\r\nSubject: evil"
    return how, head + b"\r\n\r\n" + text
