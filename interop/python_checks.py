#!/usr/bin/env python3
"""Checks with imaplib and smtplib: python_checks.py NAME runs check_NAME. Ports and log-in come from the environment."""
import hashlib, imaplib, os, re, smtplib, ssl, sys, time

E = os.environ
HOST, USER, PASSWORD = "127.0.0.1", E["USER_NAME"], E["PASSWORD"]
TLS = ssl.create_default_context()
TLS.check_hostname = False
TLS.verify_mode = ssl.CERT_NONE
imaplib._MAXLINE = 10_000_000


def imap(tls=False):
    c = imaplib.IMAP4_SSL(HOST, int(E["IMAPS"]), ssl_context=TLS) if tls else imaplib.IMAP4(HOST, int(E["IMAP"]))
    c.login(USER, PASSWORD)
    return c


def ok(answer):
    assert answer[0] == "OK", answer
    return answer[1]


def fresh(c, name):
    c.delete(name)
    ok(c.create(name))
    ok(c.select(name))


def message(subject, body="Salve.\r\n"):
    head = "From: <%s>\r\nTo: <%s>\r\nSubject: %s\r\n" % (USER, USER, subject)
    head += "Date: Mon, 02 Mar 2026 10:20:30 +0100\r\nMessage-ID: <%s@interop.example>\r\n" % hashlib.sha256(subject.encode()).hexdigest()
    return (head + "\r\n" + body).encode()


def wait_for(c, subject, mailbox="INBOX", seconds=240):
    """The bytes of the one message with this subject."""
    deadline = time.time() + seconds
    while time.time() < deadline:
        ok(c.select(mailbox))
        found = ok(c.search(None, "SUBJECT", '"%s"' % subject))[0].split()
        if found:
            assert len(found) == 1, found
            return ok(c.fetch(found[0], "(BODY.PEEK[])"))[0][1]
        time.sleep(0.2)
    raise AssertionError("no message " + subject)


def check_append_with_flags_and_date():
    c = imap()
    fresh(c, "python-append")
    m = message("python append")
    ok(c.append("python-append", "(\\Seen custom)", '"17-Jul-2024 02:44:25 -0700"', m))
    ok(c.select("python-append"))
    rows = ok(c.fetch("1", "(FLAGS INTERNALDATE RFC822.SIZE BODY[])"))
    line = rows[0][0] + b"".join(r for r in rows if isinstance(r, bytes))
    assert rows[0][1] == m
    assert b'INTERNALDATE "17-Jul-2024 02:44:25 -0700"' in line, line
    assert b"RFC822.SIZE %d" % len(m) in line, line
    flags = set(re.search(rb"FLAGS \(([^)]*)\)", line).group(1).split()) - {b"\\Recent"}
    assert flags == {b"\\Seen", b"custom"}, flags


def check_search_copy_move_expunge():
    c = imap()
    fresh(c, "python-box")
    c.delete("python-other")
    ok(c.create("python-other"))
    for i in range(5):
        ok(c.append("python-box", None, None, message("number %d" % i, "word%d here\r\n" % i)))
    ok(c.select("python-box"))
    assert ok(c.search(None, "BODY", "word3"))[0] == b"4"
    assert ok(c.search(None, "OR", "SUBJECT", '"number 0"', "SUBJECT", '"number 4"'))[0] == b"1 5"
    ok(c.copy("1:2", "python-other"))
    ok(c.store("1", "+FLAGS", "(\\Deleted)"))
    assert ok(c.expunge()) == [b"1"]
    uid = ok(c.uid("SEARCH", "SUBJECT", '"number 4"'))[0]
    ok(c.uid("MOVE", uid, "python-other"))
    assert ok(c.search(None, "ALL"))[0] == b"1 2 3"
    ok(c.select("python-other"))
    got = [r[1] for r in ok(c.fetch("1:*", "(BODY.PEEK[HEADER.FIELDS (SUBJECT)])")) if isinstance(r, tuple)]
    assert got == [b"Subject: number %d\r\n\r\n" % i for i in (0, 1, 4)], got
    status = ok(c.status("python-other", "(MESSAGES UNSEEN UIDNEXT UIDVALIDITY)"))[0]
    assert b"MESSAGES 3" in status and b"UNSEEN 3" in status and b"UIDNEXT 4" in status, status


def check_envelope_and_structure():
    c = imap()
    fresh(c, "python-structure")
    m = (b"From: =?utf-8?q?J=C3=B6rg?= <j@example.org>\r\nTo: a@example.org, b@example.org\r\nSubject: structure\r\n"
         b"Date: Fri, 21 Nov 1997 09:55:06 -0600\r\nMessage-ID: <1@example.org>\r\nMIME-Version: 1.0\r\n"
         b'Content-Type: multipart/alternative; boundary="x"\r\n\r\n'
         b"--x\r\nContent-Type: text/plain\r\n\r\nplain\r\n--x\r\nContent-Type: text/html\r\n\r\n<p>html</p>\r\n--x--\r\n")
    ok(c.append("python-structure", None, None, m))
    ok(c.select("python-structure"))
    row = ok(c.fetch("1", "(ENVELOPE BODYSTRUCTURE)"))[0]
    row = row if isinstance(row, bytes) else b"".join(row)
    assert b'("=?utf-8?q?J=C3=B6rg?=" NIL "j" "example.org")' in row, row
    assert b'"<1@example.org>"' in row, row
    assert re.search(rb'\("text" "plain" (NIL|\("charset" "us-ascii"\)) NIL NIL "7bit" 5 [01]', row, re.I), row
    assert b'"alternative"' in row.lower(), row
    assert ok(c.fetch("1", "(BODY.PEEK[2])"))[0][1] == b"<p>html</p>"
    assert ok(c.fetch("1", "(BODY.PEEK[1]<1.3>)"))[0][1] == b"lai"


def check_mailboxes_with_international_names():
    c = imap()
    name = '"Entw&APw-rfe/&ZeVnLIqe-"'
    c.delete(name)
    ok(c.create(name))
    listed = ok(c.list('""', '"Entw*"'))
    assert any(b"Entw&APw-rfe/&ZeVnLIqe-" in row for row in listed if row), listed
    ok(c.append(name, None, None, message("international")))
    ok(c.subscribe(name))
    assert any(b"&ZeVnLIqe-" in row for row in ok(c.lsub('""', "*")) if row)
    ok(c.delete(name))


def check_idle_hears_of_new_mail():
    c = imap()
    ok(c.select("INBOX"))
    c.send(b"i1 IDLE\r\n")
    assert c.readline().startswith(b"+")
    with smtplib.SMTP(HOST, int(E["SMTP"])) as s:
        s.sendmail("a@interop.example", [USER], message("python idle"))
    c.sock.settimeout(240)
    while not re.match(rb"\* \d+ EXISTS", c.readline()):
        pass
    c.send(b"DONE\r\n")
    while not c.readline().startswith(b"i1 OK"):
        pass
    wait_for(c, "python idle")


def check_many_messages_on_one_connection():
    with smtplib.SMTP(HOST, int(E["SMTP"])) as s:
        for i in range(50):
            s.sendmail("a@interop.example", [USER], message("python burst %02d." % i, "line %d\r\n.\r\n" % i))
    c = imap(tls=True)
    for i in range(50):
        assert wait_for(c, "python burst %02d." % i).endswith(message("python burst %02d." % i, "line %d\r\n.\r\n" % i))


def check_submission_with_log_in_and_utf8():
    with smtplib.SMTP(HOST, int(E["SUBMISSION"])) as s:
        s.starttls(context=TLS)
        s.login(USER, PASSWORD)
        assert s.has_extn("smtputf8") and s.has_extn("8bitmime") and s.has_extn("size") and s.has_extn("pipelining")
        m = message("python Grüße", "Grüße\r\n")
        s.sendmail(USER, [USER], m, mail_options=["SMTPUTF8", "BODY=8BITMIME"])
    c = imap()
    deadline = time.time() + 240
    while time.time() < deadline:
        ok(c.select("INBOX"))
        rows = ok(c.fetch("1:*", "(BODY.PEEK[HEADER.FIELDS (SUBJECT)])"))
        hits = [r[0].split()[0] for r in rows if isinstance(r, tuple) and "python Grüße".encode() in r[1]]
        if hits:
            got = ok(c.fetch(hits[0], "(BODY.PEEK[])"))[0][1]
            # Submission may add Message-ID and Date: what was sent is there, whole.
            assert m.partition(b"\r\n\r\n")[0] in got and got.endswith(b"\r\n\r\nGr\xc3\xbc\xc3\x9fe\r\n"), got
            return
        time.sleep(0.2)
    raise AssertionError("not delivered")


def check_relay_is_refused_and_size_is_known():
    with smtplib.SMTP(HOST, int(E["LMTP"])) as s:
        s.putcmd("LHLO", "client.example")
        assert s.getreply()[0] == 250
        s.putcmd("MAIL", "FROM:<a@interop.example>")
        assert s.getreply()[0] == 250
        s.putcmd("RCPT", "TO:<somebody@elsewhere.example>")
        assert s.getreply()[0] // 100 == 5
    with smtplib.SMTP(HOST, int(E["SMTP"])) as s:
        s.ehlo("client.example")
        limit = int(s.esmtp_features["size"])
        assert limit >= 50_000_000
        code, text = s.mail("a@interop.example", ["SIZE=%d" % (limit + 1)])
        assert code == 552, (code, text)


def check_fifty_megabytes_by_smtp_and_back():
    line = bytes(range(33, 127)).replace(b".", b"") * 10
    body = b"".join(b"%08d %s\r\n" % (i, line) for i in range(50_000_000 // (len(line) + 11)))
    m = message("python fifty megabytes") + body
    with smtplib.SMTP(HOST, int(E["SMTP"])) as s:
        s.sendmail("a@interop.example", [USER], m)
    got = wait_for(imap(), "python fifty megabytes")
    assert hashlib.sha256(got[-len(m):]).digest() == hashlib.sha256(m).digest(), (len(m), len(got))


def check_three_large_messages_at_once():
    """Three sessions send and three read 20 MB each at the same time: memory stays bounded."""
    import concurrent.futures
    body = b"".join(b"%0998d\r\n" % i for i in range(20_000))

    def go(i):
        m = message("python large %d." % i) + body
        with smtplib.SMTP(HOST, int(E["SMTP"])) as s:
            s.sendmail("a@interop.example", [USER], m)
        got = wait_for(imap(tls=True), "python large %d." % i)
        assert got.endswith(m), i

    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        list(pool.map(go, range(3)))


if __name__ == "__main__":
    globals()["check_" + sys.argv[1]]()
