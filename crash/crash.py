#!/usr/bin/env python3
"""Breaks a running server and reads back what it had promised.

  crash.py cycles --cycles 20 --seed S     kill -9 under load; every 250 and every OK is there once, byte for byte
  crash.py sink --cycles 20 --seed S       the same with mail for another server: nothing is lost on its way, and twice
                                           arrives only what was cut off between its final dot and what became of it
  crash.py sync-count                      strace: at least one sync for each 250 and each APPEND
  crash.py sync-count --skip               the same with syncs that do nothing: must find too few, or the count proves nothing
  crash.py failing-sync                    a sync fails: no further 250, the process ends; the next start has all it promised

Common: --mansio PATH, --base PORT, --data DIR, --shim LIB. Starts servers by itself, and kills them by their pid.
"""
import argparse, collections, hashlib, imaplib, json, os, random, re, signal, smtplib, socket, subprocess, sys, threading, time

HOST = "127.0.0.1"
ME, YOU, YOUR_PASSWORD = "me@local.test", "you@local.test", "tibi.soli"
BOX = "crash box"
PATIENCE = 240  # seconds; a machine that is slow or busy is no failure
TRACE = re.compile(rb"(?i)(return-path|received|delivered-to|authentication-results|x-original-to):")
imaplib._MAXLINE = 50_000_000


class Failed(SystemExit):
    pass


def say(text):
    print("# " + text, flush=True)


class Server:
    """One data folder and the process that serves it, started and killed again and again."""

    def __init__(self, a, **environment):
        self.a, self.environment, self.process = a, environment, None
        self.log = open(a.data + ".log", "ab")

    def start(self, prefix=()):
        started = time.monotonic()
        command = [*prefix, self.a.mansio, "serve", "--local=%d" % self.a.base, "--data", self.a.data]
        env = {**os.environ, **self.environment}
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, env=env)
        for port in (25, 24, 143):
            while True:
                try:
                    socket.create_connection((HOST, self.a.base + port), 10).close()
                    break
                except OSError:
                    if self.process.poll() is not None:
                        raise Failed("the server ended with %d: %s" % (self.process.returncode, self.tail()))
                    if time.monotonic() - started > PATIENCE:
                        raise Failed("nobody listens on %d after %d s: %s" % (port, PATIENCE, self.tail()))
                    time.sleep(0.02)
        if not os.path.exists(self.a.data):
            raise Failed("somebody else listens on the ports of %d" % self.a.base)
        self.start_seconds = time.monotonic() - started

    def tail(self):
        return open(self.a.data + ".log", errors="replace").read()[-3000:]

    def password(self):
        return open(os.path.join(self.a.data, "local-password")).read().strip()

    def kill(self):
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.kill()
                raise Failed("the server did not stop in %d s" % PATIENCE)

    def add_you(self):
        """A second account, so that one message goes to two."""
        done = subprocess.run([self.a.mansio, "account", "add", YOU, "--password-stdin", "--data", self.a.data],
                              input=YOUR_PASSWORD + "\n", text=True, capture_output=True, timeout=PATIENCE)
        if done.returncode != 0:
            raise Failed("account add: %s%s" % (done.stdout, done.stderr))

    def command(self, *words, codes=(0,)):
        done = subprocess.run([self.a.mansio, *words, "--data", self.a.data], text=True, capture_output=True, timeout=PATIENCE)
        if done.returncode not in codes:
            raise Failed("mansio %s: exit %d: %s%s" % (" ".join(words), done.returncode, done.stdout, done.stderr))
        return done.stdout

    def verify(self):
        done = subprocess.run([self.a.mansio, "verify", "--data", self.a.data], text=True, capture_output=True, timeout=2 * PATIENCE)
        if done.returncode != 0:
            raise Failed("verify: exit %d: %s%s" % (done.returncode, done.stdout, done.stderr))

    def imap(self, user=ME):
        c = imaplib.IMAP4(HOST, self.a.base + 143)
        c.login(user, self.password() if user == ME else YOUR_PASSWORD)
        return c


class Promise:
    """One message: where it was sent, its hash, and whether it was acknowledged."""

    __slots__ = ("places", "digest", "acknowledged", "appended", "cycle")

    def __init__(self, places, data, appended, cycle):
        self.places, self.digest, self.acknowledged, self.appended, self.cycle = places, hashlib.sha256(data).digest(), False, appended, cycle


class Ledger:
    """Every message ever sent, by id. A promise is entered before its last byte leaves."""

    def __init__(self, seed):
        self.seed, self.promises, self.lock = seed, {}, threading.Lock()
        self.uids = {}  # (place, uidvalidity, uid) -> id, for ever
        self.validity = {}

    def enter(self, name, promise):
        with self.lock:
            self.promises[name] = promise

    def counts(self):
        with self.lock:
            done = sum(p.acknowledged for p in self.promises.values())
            return done, len(self.promises) - done


def message(rnd, name):
    """Unique, and of a size drawn from the seed: mostly small, some over a blob's piece, a few of megabytes."""
    size = rnd.choice([300, 2000, 5000, 5000, 20000, 60000, 70000, 200000]) if rnd.random() < 0.97 else 2_500_000
    head = "X-Crash-Id: %s\r\nFrom: <a@crash.example>\r\nTo: <%s>\r\nSubject: %s\r\nDate: Mon, 02 Mar 2026 10:20:30 +0100\r\n" % (name, ME, name)
    head += "Message-ID: <%s@crash.example>\r\n\r\n" % name
    line = rnd.randbytes(37).hex()
    block = ("".join("%s%d\r\n" % (line[i % 37 :], i) for i in range(100)) + "..two dots\r\n.\r\n").encode()
    body = (block * (size // len(block) + 1))[:size]
    return head.encode() + body.rstrip(b"\r\n.") + b"\r\n"


def smtp_load(server, ledger, rnd, cycle, who, stop):
    """Sends by SMTP or LMTP until the connection dies or it is told to stop."""
    port = server.a.base + (24 if who.startswith("l") else 25)
    n = 0
    try:
        with socket.create_connection((HOST, port), PATIENCE) as s:
            s.settimeout(PATIENCE)
            f = s.makefile("rb")

            def reply():
                while True:
                    line = f.readline()
                    if not line.endswith(b"\n"):
                        raise ConnectionError("closed")
                    if line[3:4] != b"-":
                        return line

            def ask(text, want=b"2"):
                s.sendall(text.encode() + b"\r\n")
                line = reply()
                if line.startswith(b"421"):
                    raise ConnectionError("closing")
                if not line.startswith(want):
                    raise Failed("%s -> %r" % (text, line))

            reply()
            ask(("LHLO" if who.startswith("l") else "EHLO") + " crash.example")
            while not stop.is_set():
                name = "%d-%d-%s-%d" % (ledger.seed, cycle, who, n)
                n += 1
                data = message(rnd, name)
                users = [ME, YOU] if rnd.random() < 0.3 else [ME]
                ask("MAIL FROM:<a@crash.example>")
                for user in users:
                    ask("RCPT TO:<%s>" % user)
                ask("DATA", b"354")
                ledger.enter(name, Promise([(u, "INBOX") for u in users], data, False, cycle))
                s.sendall(re.sub(rb"(?m)^\.", b"..", data) + b".\r\n")
                answers = [reply() for _ in (users if who.startswith("l") else [ME])]
                if all(answer.startswith(b"250") for answer in answers):
                    ledger.promises[name].acknowledged = True
                elif not all(answer.startswith(b"4") for answer in answers):
                    raise Failed("after the final dot: %r" % answers)
    except (OSError, ConnectionError):
        pass


def append_load(server, ledger, rnd, cycle, who, stop):
    n = 0
    try:
        c = server.imap()
        while not stop.is_set():
            name = "%d-%d-%s-%d" % (ledger.seed, cycle, who, n)
            n += 1
            data = message(rnd, name)
            box = BOX if rnd.random() < 0.5 else "INBOX"
            ledger.enter(name, Promise([(ME, box)], data, True, cycle))
            ok, answer = c.append('"%s"' % box, "(\\Seen)", None, data)
            if ok == "OK":
                ledger.promises[name].acknowledged = True
            elif b"UNAVAILABLE" not in answer[0]:
                raise Failed("APPEND -> %s %s" % (ok, answer))
    except (OSError, imaplib.IMAP4.error):
        pass


def load(server, ledger, cycle, counts, stop):
    kinds = ((smtp_load, "s", counts[0]), (smtp_load, "l", counts[1]), (append_load, "a", counts[2]))
    return start_load(server, ledger, cycle, kinds, stop)


def start_load(server, ledger, cycle, kinds, stop):
    """Starts the threads of one cycle; each draws from a seed of its own."""
    threads, problems = [], []

    def guarded(function, who):
        rnd = random.Random("%d/%d/%s" % (ledger.seed, cycle, who))
        try:
            function(server, ledger, rnd, cycle, who, stop)
        except Failed as e:
            problems.append("%s: %s" % (who, e))

    for function, kind, count in kinds:
        for i in range(count):
            threads.append(threading.Thread(target=guarded, args=(function, "%s%d" % (kind, i))))
    for t in threads:
        t.start()
    return threads, problems


def wait_for(ledger, more, seconds):
    """Until so many more are acknowledged, or the time is over; where the machine is slow, not before there are some."""
    before, started = ledger.counts()[0], time.monotonic()
    while (done := ledger.counts()[0] - before) < more:
        waited = time.monotonic() - started
        if waited > PATIENCE or (waited > seconds and done >= 20):
            return
        time.sleep(0.01)


def read_place(server, ledger, place, from_cycle):
    """Counts each id in one mailbox and compares its bytes; remembers every UID for ever."""
    user, box = place
    c = server.imap(user)
    ok, answer = c.select('"%s"' % box)
    if ok != "OK":
        raise Failed("SELECT %s: %s" % (box, answer))
    validity = int(c.response("UIDVALIDITY")[1][0])
    if ledger.validity.setdefault(place, validity) != validity:
        raise Failed("UIDVALIDITY of %s changed from %d to %d" % (place, ledger.validity[place], validity))
    seen = collections.Counter()
    uids = [int(u) for u in c.uid("SEARCH", "ALL")[1][0].split()]
    if len(set(uids)) != len(uids):
        raise Failed("a UID twice in %s" % (place,))
    known = [u for u in uids if (place, u) in ledger.uids]
    for u in known:
        seen[ledger.uids[(place, u)]] += 1
    lost = [u for (p, u) in ledger.uids if p == place and u not in set(uids)]
    if lost:
        raise Failed("messages that were there before are gone from %s: UIDs %s" % (place, lost[:10]))
    fresh = uids if from_cycle == 0 else [u for u in uids if (place, u) not in ledger.uids]
    if from_cycle == 0:
        seen.clear()
    for i in range(0, len(fresh), 100):
        chunk = ",".join(map(str, fresh[i : i + 100]))
        for row in c.uid("FETCH", chunk, "(UID BODY.PEEK[])")[1]:
            if isinstance(row, tuple):
                uid = int(re.search(rb"UID (\d+)", row[0]).group(1))
                name = check_bytes(ledger, place, uid, row[1])
                if ledger.uids.setdefault((place, uid), name) != name:
                    raise Failed("UID %d of %s was %s and is %s" % (uid, place, ledger.uids[(place, uid)], name))
                seen[name] += 1
    c.logout()
    return seen


def check_bytes(ledger, place, uid, raw):
    start = raw.find(b"X-Crash-Id: ")
    if start < 0:
        raise Failed("UID %d of %s is no message of ours: %r" % (uid, place, raw[:200]))
    name = raw[start + 12 : raw.index(b"\r\n", start)].decode()
    promise = ledger.promises.get(name)
    if promise is None or place not in promise.places:
        raise Failed("%s in %s was never sent there" % (name, place))
    head = raw[:start]
    if promise.appended and head:
        raise Failed("%s was appended and has other bytes before it" % name)
    if head and not all(TRACE.match(line) or line[:1] in (b" ", b"\t") for line in head.splitlines()):
        raise Failed("%s: more than trace fields before it: %r" % (name, head))
    if hashlib.sha256(raw[start:]).digest() != promise.digest:
        raise Failed("%s in %s differs from what was sent (%d bytes)" % (name, place, len(raw) - start))
    return name


def read_back(server, ledger, from_cycle):
    """Everything acknowledged is there exactly once, everything else at most once. Waits for the queue to drain."""
    places = [(ME, "INBOX"), (ME, BOX), (YOU, "INBOX")]
    deadline = time.monotonic() + PATIENCE
    while True:
        seen = {place: read_place(server, ledger, place, from_cycle) for place in places}
        missing, twice = [], []
        for name, promise in ledger.promises.items():
            for place in promise.places:
                n = seen[place][name]
                if n > 1:
                    twice.append((name, place, n))
                if n == 0 and promise.acknowledged:
                    missing.append((name, place))
        if twice:
            raise Failed("%d messages twice, such as %s" % (len(twice), twice[:5]))
        if not missing:
            return
        if time.monotonic() > deadline:
            raise Failed("%d acknowledged messages are missing, such as %s" % (len(missing), missing[:5]))
        time.sleep(0.3)


def cycles(a):
    seed = a.seed if a.seed is not None else random.SystemRandom().randrange(1 << 31)
    say("seed %d (again with: crash/run --seed %d)" % (seed, seed))
    rnd, ledger, server = random.Random(seed), Ledger(seed), Server(a)
    try:
        server.start()
        server.add_you()
        c = server.imap()
        c.create('"%s"' % BOX)
        c.logout()
        for cycle in range(1, a.cycles + 1):
            stop = threading.Event()
            threads, problems = load(server, ledger, cycle, (4, 2, 2), stop)
            # At a random moment: after so many acknowledgements, or at once, or in the middle of nothing.
            wait_for(ledger, rnd.choice([0, rnd.randint(1, 20), rnd.randint(20, 300)]), rnd.uniform(3, 8))
            time.sleep(rnd.uniform(0, 0.2))
            server.kill()
            stop.set()
            for t in threads:
                t.join(2 * PATIENCE)
            if problems:
                raise Failed("; ".join(problems))
            server.start()
            read_back(server, ledger, cycle)
            if cycle % 5 == 0 or cycle == a.cycles:
                say("cycle %d: %d acknowledged, %d not; last start %.1f s" % (cycle, *ledger.counts(), server.start_seconds))
        if ledger.counts()[0] < a.cycles * 5:
            raise Failed("too little load to prove anything: %d acknowledged" % ledger.counts()[0])
        read_back(server, ledger, 0)  # every byte once more, from the start
        server.stop()
        server.verify()
    finally:
        if server.process and server.process.poll() is None:
            server.kill()


class Sink:
    """Another mail server: takes everything, and remembers what it took and what it heard after it.

    A copy is `cut` when its sender died between the final dot and the moment it had noted the answer: nothing was heard
    on that connection after the dot, and it ended soon. Only of such a message another copy may come (RFC 1047)."""

    SOON = 15.0  # seconds; the fate of a message is on the disk within milliseconds, unless the machine has a hiccup

    def __init__(self, seed):
        self.copies = collections.defaultdict(list)  # (name, recipient) -> [Copy]
        self.lock, self.rnd = threading.Lock(), random.Random(seed)
        self.socket = socket.create_server((HOST, 0), backlog=100)
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    class Copy:
        def __init__(self, digest, received):
            self.digest, self.received, self.cut = digest, received, True

    def accept(self):
        while True:
            threading.Thread(target=self.serve, args=(self.socket.accept()[0],), daemon=True).start()

    def serve(self, s):
        fresh, after = [], time.monotonic()  # the copies since the last command, and when they were answered
        try:
            with s, s.makefile("rb") as f:
                s.settimeout(PATIENCE)
                s.sendall(b"220 sink.example\r\n")
                recipients = []
                while True:
                    line = f.readline()
                    if not line.endswith(b"\n"):
                        break
                    for copy in fresh:
                        copy.cut = False  # it goes on, so it knew what became of them
                    fresh = []
                    verb = line[:4].upper()
                    if verb in (b"EHLO", b"LHLO"):
                        s.sendall(b"250-sink.example\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 ENHANCEDSTATUSCODES\r\n")
                    elif verb == b"DATA":
                        s.sendall(b"354 go on\r\n")
                        data = bytearray()
                        while (line := f.readline()) != b".\r\n":
                            if not line.endswith(b"\n"):
                                return  # no dot, no copy
                            data += line[1:] if line.startswith(b".") else line
                        fresh = self.take(bytes(data), recipients)
                        after = time.monotonic()
                        with self.lock:
                            pause = self.rnd.choice([0, 0, 0.002, 0.02, 0.2])
                        time.sleep(pause)  # a kill finds somebody who waits for the answer
                        s.sendall(b"250 2.0.0 taken\r\n")
                        recipients = []
                    elif verb == b"QUIT":
                        s.sendall(b"221 2.0.0 bye\r\n")
                        break
                    else:
                        if verb == b"RCPT":
                            recipients.append(re.search(rb"<(.*?)>", line).group(1).decode())
                        elif verb in (b"MAIL", b"RSET"):
                            recipients = []
                        s.sendall(b"250 2.0.0 yes\r\n")
        except (OSError, ValueError):
            pass
        finally:
            if time.monotonic() - after > self.SOON:
                for copy in fresh:
                    copy.cut = False  # it had all the time to note what became of them

    def take(self, data, recipients):
        start = data.find(b"X-Crash-Id: ")
        name = data[start + 12 : data.index(b"\r\n", start)].decode() if start >= 0 else repr(data[:200])
        fresh = [self.Copy(hashlib.sha256(data[start:]).digest(), time.monotonic()) for _ in recipients]
        with self.lock:
            for recipient, copy in zip(recipients, fresh):
                self.copies[name, recipient].append(copy)
        return fresh

    def counts(self):
        """(different, twice, cut off); says what is wrong with copies that should not be."""
        twice = cut = 0
        with self.lock:
            for (name, recipient), copies in self.copies.items():
                cut += sum(copy.cut for copy in copies)
                twice += len(copies) - 1
                for earlier in copies[:-1]:
                    if not earlier.cut:
                        raise Failed("%s came to %s %d times, and was not cut off before" % (name, recipient, len(copies)))
            return len(self.copies), twice, cut


def submit_load(server, ledger, rnd, cycle, who, stop):
    """Submits mail for up to three recipients elsewhere until the connection dies or it is told to stop."""
    n = 0
    try:
        with smtplib.SMTP(HOST, server.a.base + 587, "client.example", timeout=PATIENCE) as s:
            s.login(ME, server.password())
            while not stop.is_set():
                name = "%d-%d-%s-%d" % (ledger.seed, cycle, who, n)
                n += 1
                data = message(rnd, name).replace(b"From: <a@crash.example>", b"From: <%s>" % ME.encode())
                to = ["r%d@sink%d.test" % (i, rnd.randrange(5)) for i in range(rnd.choice([1, 1, 2, 3]))]
                ledger.enter(name, Promise([(r, "sink") for r in to], data, False, cycle))
                if s.sendmail(ME, to, data):
                    raise Failed("%s: a recipient was refused" % name)
                ledger.promises[name].acknowledged = True
    except smtplib.SMTPResponseException as e:
        if e.smtp_code // 100 != 4:
            raise Failed("at submission: %s" % e)
    except (OSError, smtplib.SMTPException):
        pass


def arrived(server, ledger, sink):
    """Waits until everything acknowledged is with the sink, the same bytes; what could not be known is tried again at once."""
    deadline = time.monotonic() + PATIENCE
    while True:
        missing = []
        for name, promise in list(ledger.promises.items()):
            for recipient, _ in promise.places:
                copies = sink.copies.get((name, recipient), [])
                if any(copy.digest != promise.digest for copy in copies):
                    raise Failed("%s came to %s with other bytes" % (name, recipient))
                if not copies and promise.acknowledged:
                    missing.append((name, recipient))
        if not missing:
            return
        if time.monotonic() > deadline:
            raise Failed("%d of the acknowledged are missing, such as %s\n%s" % (len(missing), missing[:5], server.command("queue", "list")[:2000]))
        server.command("queue", "retry", "--all")
        time.sleep(1)


def sink(a):
    seed = a.seed if a.seed is not None else random.SystemRandom().randrange(1 << 31)
    say("seed %d (again with: crash/run --seed %d)" % (seed, seed))
    rnd, ledger, server, other = random.Random(seed), Ledger(seed), Server(a), Sink(seed)
    try:
        server.start()
        server.command("route", "add", "*", "smtp://%s:%d" % (HOST, other.port), "--tls", "none")
        for cycle in range(1, a.cycles + 1):
            stop = threading.Event()
            threads, problems = start_load(server, ledger, cycle, ((submit_load, "r", 3),), stop)
            wait_for(ledger, rnd.choice([0, rnd.randint(1, 20), rnd.randint(20, 200)]), rnd.uniform(2, 5))
            time.sleep(rnd.uniform(0, 0.2))
            server.kill()
            stop.set()
            for t in threads:
                t.join(2 * PATIENCE)
            if problems:
                raise Failed("; ".join(problems))
            server.start()
            if cycle % 5 == 0 or cycle == a.cycles:
                arrived(server, ledger, other)
                say("cycle %d: %d acknowledged, %d not; with the other server: %d, twice %d, cut off %d"
                    % (cycle, *ledger.counts(), *other.counts()))
        if ledger.counts()[0] < a.cycles * 3:
            raise Failed("too little load to prove anything: %d acknowledged" % ledger.counts()[0])
        deadline = time.monotonic() + PATIENCE
        while entries := json.loads(server.command("queue", "list", "--json"))["entries"]:
            if time.monotonic() > deadline:
                raise Failed("the queue does not become empty: %s" % server.command("queue", "list")[:2000])
            # What was cut off waits for minutes; held and released it is tried at once.
            for name in sorted({entry["id"] for entry in entries}):
                for verb in ("hold", "release"):
                    server.command("queue", verb, name, codes=(0, 1))  # 1: it is gone meanwhile
            time.sleep(0.5)
        other.counts()
        c = server.imap()
        if c.select("INBOX")[1][0] != b"0":
            raise Failed("a report came although everything arrived")
        c.logout()
        server.stop()
        server.verify()
    finally:
        if server.process and server.process.poll() is None:
            server.kill()


def sync_count(a):
    """One session, one message after the other: each acknowledgement needs a sync of its own."""
    flag = a.data + ".skip"
    server = Server(a, LD_PRELOAD=a.shim, FAULT_SKIP=flag)
    trace = a.data + ".strace"
    try:
        server.start()
        password = server.password()
        tracer = subprocess.Popen(["strace", "-f", "-y", "-e", "trace=fdatasync,fsync", "-o", trace, "-p", str(server.process.pid)],
                                  stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        line = tracer.stderr.readline()
        if b"attached" not in line:
            raise Failed("strace: %r" % line)
        threading.Thread(target=tracer.stderr.read, daemon=True).start()
        if a.skip:
            open(flag, "w").close()

        def syncs():
            files = re.findall(r"(?:fdatasync|fsync)\(\d+<([^>]*)>", open(trace).read())
            return collections.Counter(os.path.basename(f) for f in files if f.startswith(os.path.realpath(a.data)) and "water" not in f)

        def settled(wanted):
            """The syncs, once there are that many, or strace has had nothing to say for a while."""
            last, since = -1, time.monotonic()
            while True:
                by_file = syncs()
                count = sum(by_file.values())
                if count >= wanted or (count == last and time.monotonic() - since > 5):
                    return by_file
                if count != last:
                    last, since = count, time.monotonic()
                time.sleep(0.1)

        enough = True
        before = sum(settled(sys.maxsize).values())
        with smtplib.SMTP(HOST, a.base + 25) as s:
            for i in range(a.messages):
                s.sendmail("a@crash.example", [ME], b"Subject: sync %d\r\n\r\nx\r\n" % i)
        by_file = settled(before + a.messages)
        count = sum(by_file.values()) - before
        say("%d messages by SMTP: %d syncs %s" % (a.messages, count, dict(by_file)))
        enough &= count >= a.messages
        before = sum(settled(sys.maxsize).values())
        c = imaplib.IMAP4(HOST, a.base + 143)
        c.login(ME, password)
        for i in range(a.messages):
            if c.append("INBOX", None, None, b"Subject: append %d\r\n\r\nx\r\n" % i)[0] != "OK":
                raise Failed("APPEND failed")
        count = sum(settled(before + a.messages).values()) - before
        say("%d messages by APPEND: %d syncs" % (a.messages, count))
        enough &= count >= a.messages
        tracer.send_signal(signal.SIGINT)
        tracer.wait(PATIENCE)
        if enough == a.skip:
            raise Failed("enough syncs although they were skipped: the count proves nothing" if a.skip else "fewer syncs than acknowledgements")
        if os.path.exists(flag):
            os.unlink(flag)
        server.stop()
    finally:
        if server.process and server.process.poll() is None:
            server.kill()


def failing_sync(a):
    flag = a.data + ".fail"
    server = Server(a, LD_PRELOAD=a.shim, FAULT_FAIL=flag)
    ledger = Ledger(7)
    try:
        server.start()
        server.add_you()
        c = server.imap()
        c.create('"%s"' % BOX)
        c.logout()
        # Before: a little load that is acknowledged.
        stop = threading.Event()
        threads, problems = load(server, ledger, 1, (2, 1, 1), stop)
        limit = time.monotonic() + 60
        while ledger.counts()[0] < 100 and time.monotonic() < limit:
            time.sleep(0.05)
        stop.set()
        for t in threads:
            t.join(2 * PATIENCE)
        before = ledger.counts()[0]
        if problems or before < 5:
            raise Failed("before the fault: %d acknowledged, %s" % (before, problems))
        # The fault: nothing is acknowledged from here on, and the process ends.
        open(flag, "w").close()
        threads, problems = load(server, ledger, 2, (3, 1, 2), threading.Event())
        try:
            code = server.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            raise Failed("the process still runs %d s after a failed sync" % PATIENCE)
        for t in threads:
            t.join(2 * PATIENCE)
        after = ledger.counts()[0]
        say("%d acknowledged before the failed sync, %d after; exit code %d" % (before, after - before, code))
        if problems:
            raise Failed("; ".join(problems))
        if after != before:
            raise Failed("%d messages acknowledged after the failed sync" % (after - before))
        if code == 0:
            raise Failed("the process ended with exit code 0")
        # After: the disk works again.
        os.unlink(flag)
        server.start()
        read_back(server, ledger, 0)
        stop = threading.Event()
        threads, problems = load(server, ledger, 3, (1, 1, 1), stop)
        limit = time.monotonic() + PATIENCE
        while ledger.counts()[0] == after and time.monotonic() < limit:
            time.sleep(0.05)
        stop.set()
        for t in threads:
            t.join(2 * PATIENCE)
        if problems or ledger.counts()[0] == after:
            raise Failed("after the restart: %d acknowledged, %s" % (ledger.counts()[0] - after, problems))
        read_back(server, ledger, 0)
        server.stop()
        server.verify()
    finally:
        if server.process and server.process.poll() is None:
            server.kill()


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    p = argparse.ArgumentParser()
    p.add_argument("what", choices=["cycles", "sink", "sync-count", "failing-sync"])
    p.add_argument("--mansio", default=os.path.join(os.path.dirname(here), "mansio"))
    p.add_argument("--base", type=int, default=23000)
    p.add_argument("--data", required=True)
    p.add_argument("--shim", default="")
    p.add_argument("--cycles", type=int, default=20)
    p.add_argument("--seed", type=int)
    p.add_argument("--messages", type=int, default=100)
    p.add_argument("--skip", action="store_true")
    a = p.parse_args()
    # Asked to end: end as if something had failed, so that the server is killed.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("asked to end"))
    {"cycles": cycles, "sink": sink, "sync-count": sync_count, "failing-sync": failing_sync}[a.what](a)


main()
