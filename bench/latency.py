#!/usr/bin/env python3
"""How long one session waits for the 250 after the final dot, beside what one fdatasync costs on the same disk.

usage: latency.py --port PORT --rcpt ADDRESS --dir FOLDER [--count 5000] [--size 4096]

FOLDER is on the disk of the server's data. The syncs are measured before and after; the first half of the messages
counts as warm-up. Prints one JSON line: medians in ms, and the 250 in fdatasyncs.
"""
import argparse
import json
import os
import socket
import statistics
import time


def syncs(folder, count=300):
    path = os.path.join(folder, "sync.probe")
    fd = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
    times = []
    for _ in range(count):
        os.write(fd, b"x" * 4096)
        begin = time.perf_counter()
        os.fdatasync(fd)
        times.append(time.perf_counter() - begin)
    os.close(fd)
    os.unlink(path)
    return times


class Session:
    def __init__(self, host, port):
        self.socket = socket.create_connection((host, port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.lines = self.socket.makefile("rb")
        self.reply()
        self.say(b"EHLO bench.test\r\n")

    def reply(self):
        while True:
            line = self.lines.readline()
            if not line:
                raise SystemExit("the server closed the connection")
            if line[3:4] != b"-":
                return line

    def say(self, data):
        self.socket.sendall(data)
        return self.reply()

    def close(self):
        self.say(b"QUIT\r\n")
        self.socket.close()


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--host", default="127.0.0.1")
    args.add_argument("--port", type=int, required=True)
    args.add_argument("--rcpt", required=True)
    args.add_argument("--dir", required=True)
    args.add_argument("--count", type=int, default=5000)
    args.add_argument("--size", type=int, default=4096)
    args = args.parse_args()
    filler = b"\r\n".join([b"y" * 70] * (args.size // 72))
    disk = syncs(args.dir)
    replies, transactions = [], []
    session = Session(args.host, args.port)
    for i in range(args.count):
        if i % 500 == 499:
            session.close()
            session = Session(args.host, args.port)
        begin = time.perf_counter()
        session.say(b"MAIL FROM:<a@bench.test>\r\n")
        session.say(b"RCPT TO:<%s>\r\n" % args.rcpt.encode())
        session.say(b"DATA\r\n")
        message = b"From: a@bench.test\r\nMessage-ID: <%d.%d@bench.test>\r\n\r\n%s\r\n.\r\n" % (os.getpid(), i, filler)
        dot = time.perf_counter()
        reply = session.say(message)
        end = time.perf_counter()
        if not reply.startswith(b"250"):
            raise SystemExit("refused: %r" % reply)
        replies.append(end - dot)
        transactions.append(end - begin)
    session.close()
    disk += syncs(args.dir)
    half = args.count // 2
    sync = statistics.median(disk)
    median = statistics.median(replies[half:])
    print(json.dumps({
        "name": "250 after the dot, one session", "value": round(1000 * median, 3), "unit": "ms",
        "fdatasync_ms": round(1000 * sync, 3), "in_fdatasyncs": round(median / sync, 2),
        "p99_ms": round(1000 * sorted(replies[half:])[int(0.99 * half)], 3),
        "mail_to_250_ms": round(1000 * statistics.median(transactions[half:]), 3), "n": half}))


main()
