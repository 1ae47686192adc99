"""The mail server's side of the milter protocol, as far as OpenDKIM needs it: what it says about a message."""
import re, socket, struct

# The mail server offers all changes and all of the protocol; what matters is that header values keep their leading space.
OFFER = struct.pack("!III", 6, 0x1FF, 0x1FFFFF)


class Milter:
    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(240)
        self.socket.connect(path)
        self.send(b"O", OFFER)
        kind, data = self.receive()
        assert kind == b"O", kind
        self.skip = struct.unpack("!III", data[:12])[2]
        self.keeps_space = bool(self.skip & 0x100000)
        self.ask(b"C", b"client.example\0" + b"4" + struct.pack("!H", 25) + b"127.0.0.1\0", 0x01, 0x1000)
        self.ask(b"H", b"client.example\0", 0x02, 0x2000)

    def send(self, kind, data=b""):
        self.socket.sendall(struct.pack("!I", len(data) + 1) + kind + data)

    def receive(self):
        head = self.exactly(4)
        data = self.exactly(struct.unpack("!I", head)[0])
        return data[:1], data[1:]

    def exactly(self, n):
        data = b""
        while len(data) < n:
            more = self.socket.recv(n - len(data))
            if not more:
                raise SystemExit("the milter hung up")
            data += more
        return data

    def ask(self, kind, data, not_wanted, no_reply):
        """One step, unless the milter does not want it; waits for the reply, unless it gives none."""
        if not self.skip & not_wanted:
            self.send(kind, data)
            if not self.skip & no_reply:
                answer = self.receive()[0]
                assert answer in (b"c", b"a", b"s"), (kind, answer)

    def message(self, data, sender=b"sender@client.example"):
        """[(name, value)] of the fields it puts in, and its last word, such as b"c" or b"a" for yes, b"t" for later."""
        head, _, body = data.partition(b"\r\n\r\n")
        if not head:
            head, body = b"", data[2:]
        self.send(b"D", b"Mi\0queue1\0")
        self.ask(b"M", b"<" + sender + b">\0", 0x04, 0x4000)
        self.ask(b"R", b"<someone@there.example>\0", 0x08, 0x8000)
        for field in re.split(rb"\r\n(?![ \t])", head):
            name, _, value = field.partition(b":")
            if not self.keeps_space and value[:1] == b" ":
                value = value[1:]
            self.ask(b"L", name + b"\0" + value.replace(b"\r\n", b"\n") + b"\0", 0x20, 0x80)
        self.ask(b"N", b"", 0x40, 0x40000)
        for at in range(0, len(body), 65535):
            self.ask(b"B", body[at : at + 65535], 0x10, 0x80000)
        self.send(b"E")
        fields = []
        while True:
            kind, answer = self.receive()
            if kind == b"i":
                name, value = answer[4:].rstrip(b"\0").split(b"\0", 1)
                fields.append((name, value))
            elif kind == b"h":
                name, value = answer.rstrip(b"\0").split(b"\0", 1)
                fields.append((name, value))
            elif kind in (b"c", b"a", b"t", b"r", b"d", b"y"):
                return fields, kind
            else:
                assert kind in (b"m", b"p", b"q"), kind

    def close(self):
        self.send(b"Q")
        self.socket.close()
