#!/usr/bin/env python3
"""Delivery to many sites at once, and what a dead site costs a live one beside it. Everything on loopback addresses.

usage: sites.py [--sites 1000] [--connections 1600] [--dead 2000] [--dead-sites 1] [--rate 20] [--seconds 15] [--reps 3]
                [--base 15000] [--dir FOLDER]

Starts a server of its own (root gives it to nobody), a DNS that knows a host with its own address for each domain, and
a sink at all these addresses that takes mail without TLS. Four results, as JSON lines:
  sites_at_once      sessions that stand before the reply to their dot in one moment: the sink holds its replies until
                     it has as many as there are sites, or 30 s
  sites_seconds      the same number of sites that nothing is known of, without holding: from the first MAIL to the last
                     message in the sink
  live_p99_alone     mail to one live site at a steady rate: from our final dot to the sink's, p99 of each window
  live_p99_beside    the same while --dead messages wait for --dead-sites sites that accept connections and never greet
"""
import argparse
import asyncio
import multiprocessing
import os
import shutil
import signal
import socket
import statistics
import struct
import subprocess
import tempfile
import threading
import time

import common

ap = argparse.ArgumentParser()
ap.add_argument("--sites", type=int, default=1000)
ap.add_argument("--connections", type=int, default=1600, help="outgoing.connections: new sites get three quarters")
ap.add_argument("--dead", type=int, default=2000)
ap.add_argument("--dead-sites", type=int, default=1)
ap.add_argument("--rate", type=float, default=20)
ap.add_argument("--seconds", type=float, default=15)
ap.add_argument("--reps", type=int, default=3)
ap.add_argument("--base", type=int, default=15000)
ap.add_argument("--dir", help="kept; the usual one is temporary")
a = ap.parse_args()
root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PORT, DNS, SMTP = a.base + 2025, a.base + 2053, a.base + 25

# Domains are KIND-NUMBER.test; each kind has a network of its own.
KINDS = {"held": 1, "free": 2, "live": 3, "dead": 4}


def address(kind, number):
    return "127.%d.%d.%d" % (KINDS[kind], number // 250, number % 250 + 1)


# ---- the DNS ----

def name_at(data, at):
    labels = []
    while data[at]:
        labels.append(data[at + 1:at + 1 + data[at]].decode())
        at += 1 + data[at]
    return labels, at + 1


def wire(name):
    return b"".join(bytes([len(it)]) + it.encode() for it in name.split(".")) + b"\0"


def answer(query):
    labels, end = name_at(query, 12)
    (kind,) = struct.unpack(">H", query[end:end + 2])
    domain = labels[-2].lower() if len(labels) >= 2 else ""
    site, _, number = domain.partition("-")
    known = site in KINDS and number.isdigit() and labels[-1].lower() == "test"
    data = b""
    if known and kind == 15 and len(labels) == 2:
        data = struct.pack(">H", 10) + wire("mx." + domain + ".test")
    if known and kind == 1 and len(labels) == 3:
        data = socket.inet_aton(address(site, int(number)))
    count = 1 if data else 0
    head = query[:2] + struct.pack(">HHHHH", 0x8580 if known else 0x8583, 1, count, 0, 0)
    record = b"\xc0\x0c" + struct.pack(">HHIH", kind, 1, 3600, len(data)) + data if data else b""
    return head + query[12:end + 4] + record


def dns():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.bind(("127.0.0.1", DNS))
        while True:
            query, peer = s.recvfrom(4096)
            s.sendto(answer(query), peer)


# ---- the sink: a process that writes what it sees into a pipe ----

class Sink:
    def __init__(self, out):
        self.out = out
        self.held = 0
        self.open = asyncio.Event()

    async def live(self, reader, writer):
        holds = writer.get_extra_info("sockname")[0].startswith("127.1.")
        try:
            writer.write(b"220 sink ESMTP\r\n")
            while line := await reader.readline():
                verb = line[:4].upper()
                if verb == b"DATA":
                    writer.write(b"354 go on\r\n")
                    text = await reader.readuntil(b"\r\n.\r\n")
                    if holds:
                        await self.hold()
                    tag = text.split(b"Subject: ")[1].split(b"\r\n")[0].decode()
                    self.out.send((tag, time.monotonic()))
                    writer.write(b"250 2.0.0 taken\r\n")
                elif verb == b"EHLO":
                    writer.write(b"250-sink\r\n250-PIPELINING\r\n250 8BITMIME\r\n")
                else:
                    writer.write(b"221 bye\r\n" if verb == b"QUIT" else b"250 2.0.0 ok\r\n")
                    if verb == b"QUIT":
                        break
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        writer.close()

    async def hold(self):
        self.held += 1
        if self.held == 1:
            asyncio.get_running_loop().call_later(30, self.open.set)
        if self.held >= a.sites:
            self.open.set()
        if not self.open.is_set():
            self.out.send(("held", self.held))
            await self.open.wait()
        else:
            self.out.send(("held", self.held if self.held == a.sites else 0))

    async def dead(self, reader, writer):
        self.out.send(("dead", time.monotonic()))
        try:
            await reader.read()
        except ConnectionError:
            pass
        writer.close()


def sink(out):
    async def serve():
        it = Sink(out)
        for kind, count in (("held", a.sites), ("free", a.sites), ("live", 1), ("dead", a.dead_sites)):
            hosts = [address(kind, n) for n in range(count)]
            handler = it.dead if kind == "dead" else it.live
            await asyncio.start_server(handler, hosts, PORT, backlog=1024, limit=1 << 20)
        out.send(("ready", 0))
        await asyncio.Event().wait()

    asyncio.run(serve())


class Seen:
    """What the sink saw, by tag."""

    def __init__(self, pipe):
        self.pipe = pipe
        self.changed = threading.Condition()
        self.at, self.held, self.dead, self.ready = {}, 0, 0, False
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        while True:
            try:
                tag, value = self.pipe.recv()
            except EOFError:
                return
            with self.changed:
                if tag == "held":
                    self.held = max(self.held, value)
                elif tag == "dead":
                    self.dead += 1
                elif tag == "ready":
                    self.ready = True
                else:
                    self.at.setdefault(tag, value)
                self.changed.notify_all()

    def wait(self, what, seconds):
        with self.changed:
            if not self.changed.wait_for(what, seconds):
                raise SystemExit("not seen in %d s: %d messages, %d dead" % (seconds, len(self.at), self.dead))


# ---- the server ----

def start_server(folder):
    program, user = os.path.join(root, "mansio"), []
    if os.geteuid() == 0:  # It does not serve as root, and nobody may not read everybody's checkout.
        user = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]
        target = os.path.join(folder, "program", "app", "target")
        os.makedirs(target)
        shutil.copy(program, os.path.join(folder, "program"))
        for name in os.listdir(os.path.join(root, "app", "target")):
            path = os.path.join(root, "app", "target", name)
            if name in ("lib", "native"):
                shutil.copytree(path, os.path.join(target, name))
            elif name.startswith("app-"):
                shutil.copy(path, target)
        program = os.path.join(folder, "program", "mansio")
    config = os.path.join(folder, "mansio.toml")
    with open(config, "w") as f:
        f.write('hostname = "mx.bench.test"\ndata = "%s/data"\n' % folder)
        f.write('[listen]\nsmtp = ["127.0.0.1:%d"]\nsubmission = []\nsubmissions = []\nimap = []\nimaps = []\n' % SMTP)
        f.write('[networks]\ntrusted = ["127.0.0.0/8"]\n[dns]\nservers = ["127.0.0.1:%d"]\n' % DNS)
        f.write('[outgoing]\nport = %d\nfamilies = "ipv4-only"\nprivate_networks = ["127.0.0.0/8"]\n' % PORT)
        f.write("connections = %d\n" % a.connections)
    if user:
        subprocess.run(["chown", "-R", "nobody:nogroup", folder], check=True)
        os.chmod(folder, 0o755)
    log = open(os.path.join(folder, "log"), "w")
    run = dict(stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    subprocess.run(user + [program, "domain", "add", "bench.test", "--data", folder + "/data"], check=True, **run)
    server = subprocess.Popen(user + [program, "serve", "--config", config], **run)
    for _ in range(600):
        if server.poll() is not None:
            raise SystemExit("the server did not start: see %s/log (--dir keeps it)" % folder)
        try:
            socket.create_connection(("127.0.0.1", SMTP), 1).close()
            return server
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server does not listen")


BODY = ("x" * 70 + "\r\n") * 50


class Session:
    """A trusted client."""

    def __init__(self):
        self.socket = socket.create_connection(("127.0.0.1", SMTP), 60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.lines = self.socket.makefile("rb")
        self.replies(1)
        self.socket.sendall(b"EHLO client.bench.test\r\n")
        self.replies(1)

    def replies(self, count):
        while count:
            line = self.lines.readline()
            if line[:1] not in (b"2", b"3"):
                raise SystemExit("the server said %r" % line)
            count -= line[3:4] != b"-"

    def send(self, to, tag):
        """Returns when the final dot was sent."""
        self.socket.sendall(b"MAIL FROM:<a@bench.test>\r\nRCPT TO:<x@%s.test>\r\nDATA\r\n" % to.encode())
        self.replies(3)
        text = "From: <a@bench.test>\r\nTo: <x@%s.test>\r\nSubject: %s\r\n\r\n%s.\r\n"
        text %= (to, tag, BODY)
        sent = time.monotonic()
        self.socket.sendall(text.encode())
        self.replies(1)
        return sent


def send_all(messages):
    """By eight clients at once."""
    parts = [messages[n::8] for n in range(8)]

    def part(mine):
        session = Session()
        for to, tag in mine:
            session.send(to, tag)

    threads = [threading.Thread(target=part, args=(it,)) for it in parts]
    [it.start() for it in threads]
    [it.join() for it in threads]


def window(seen, name):
    """p99 in ms of mail to the live site."""
    session, sent, begin = Session(), {}, time.monotonic()
    for n in range(int(a.rate * a.seconds)):
        time.sleep(max(0, begin + n / a.rate - time.monotonic()))
        sent["%s-%d" % (name, n)] = session.send("live-0", "%s-%d" % (name, n))
    seen.wait(lambda: all(it in seen.at for it in sent), 60)
    took = [(seen.at[it] - sent[it]) * 1000 for it in sent]
    return common.pct(took, 99), statistics.median(took)


def measure(seen):
    load = {"sites": a.sites, "connections": a.connections, "load1": os.getloadavg()[0]}
    seen.wait(lambda: seen.ready, 30)
    window(seen, "warm")  # Also shows that mail leaves at all.
    send_all([("held-%d" % n, "held-%d" % n) for n in range(a.sites)])
    seen.wait(lambda: all("held-%d" % n in seen.at for n in range(a.sites)), 300)
    common.emit("sites_at_once", seen.held, "sessions", **load)
    begin = time.monotonic()
    send_all([("free-%d" % n, "free-%d" % n) for n in range(a.sites)])
    accepted = time.monotonic() - begin
    seen.wait(lambda: all("free-%d" % n in seen.at for n in range(a.sites)), 300)
    last = max(seen.at["free-%d" % n] for n in range(a.sites)) - begin
    common.emit("sites_seconds", last, "s", accepted_seconds=round(accepted, 3), **load)
    alone = [window(seen, "alone%d" % n) for n in range(a.reps)]
    send_all([("dead-%d" % (n % a.dead_sites), "dead-%d" % n) for n in range(a.dead)])
    seen.wait(lambda: seen.dead > 0, 60)
    beside = [window(seen, "beside%d" % n) for n in range(a.reps)]
    load.update(rate=a.rate, load1=os.getloadavg()[0])
    for name, found in (("live_p99_alone", alone), ("live_p99_beside", beside)):
        p99 = [it[0] for it in found]
        more = dict(load, p50=round(statistics.median(it[1] for it in found), 2))
        if name == "live_p99_beside":
            more.update(dead=a.dead, dead_sites=a.dead_sites, dead_connections=seen.dead)
        common.emit(name, statistics.median(p99), "ms", p99, **more)


def main():
    folder = a.dir or tempfile.mkdtemp(prefix="mansio-sites.")
    os.makedirs(folder, exist_ok=True)
    here, there = multiprocessing.Pipe(False)
    helpers = [multiprocessing.Process(target=dns, daemon=True)]
    helpers.append(multiprocessing.Process(target=sink, args=(there,), daemon=True))
    [it.start() for it in helpers]
    there.close()
    server = None
    try:
        server = start_server(folder)
        measure(Seen(here))
    finally:
        if server:
            server.send_signal(signal.SIGTERM)
            try:
                server.wait(30)
            except subprocess.TimeoutExpired:
                server.kill()
        [it.terminate() for it in helpers]
        if not a.dir:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
