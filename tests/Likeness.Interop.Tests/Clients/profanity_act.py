"""One act of a person with Profanity, beside the person's other clients or as a contact. It runs in a terminal of its own and is told what to do as by keys.

Usage: profanity_act.py HOST PORT JID PASSWORD publish | see JULIET ID|none
The picture that is published is blue; Profanity writes it anew, and the id that comes of it is printed. The first step that does not come in time ends with status 1.
"""
import hashlib
import os
import pathlib
import pty
import re
import select
import signal
import sys
import tempfile
import struct
import time
import zlib

TIMEOUT = 30


def blue():
    """A PNG of 64 x 64 pixels; Profanity takes none that is not whole."""
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
    rows = (b"\0" + b"\0\0\xff" * 64) * 64
    header = struct.pack(">IIBBBBB", 64, 64, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


class Profanity:
    def __init__(self, home, host, port, jid, password):
        self.home = pathlib.Path(home)
        self.log = self.home / "profanity.log"
        self.data = self.home / ".local" / "share" / "profanity"
        self.data.mkdir(parents=True)
        (self.home / ".config" / "profanity").mkdir(parents=True)
        account, _, resource = jid.partition("/")
        (self.data / "accounts").write_text(
            f"[me]\nenabled=true\njid={account}\nserver={host}\nport={port}\ntls.policy=trust\npassword={password}\n"
            f"resource={resource or 'profanity'}\npresence.login=online\npresence.last=online\n")
        (self.home / ".config" / "profanity" / "profrc").write_text("[ui]\nsplash=false\n[logging]\nrotate=false\n")
        self.process, self.terminal = pty.fork()
        if self.process == 0:
            os.environ.update(HOME=home, TERM="xterm", LINES="40", COLUMNS="120", LANG="C.UTF-8",
                              XDG_CONFIG_HOME=f"{home}/.config", XDG_DATA_HOME=f"{home}/.local/share")
            os.execvp("profanity", ["profanity", "-a", "me", "-l", "DEBUG", "-f", str(self.log)])

    def type(self, line):
        os.write(self.terminal, line.encode() + b"\r")

    def until(self, what, find):
        """Waits until something is found in the log or elsewhere, and keeps the terminal empty meanwhile."""
        end = time.monotonic() + TIMEOUT
        while time.monotonic() < end:
            if select.select([self.terminal], [], [], 0.05)[0]:
                try:
                    os.read(self.terminal, 65536)
                except OSError:
                    break
            if found := find(self.log.read_text(errors="replace") if self.log.exists() else ""):
                print(f"ok {what}", flush=True)
                return found
        print(f"not ok {what}\n{self.log.read_text(errors='replace')[-6000:]}", flush=True)
        sys.exit(1)

    def end(self):
        os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)


def answered(log, request):
    """A request of this shape that has its result."""
    for sent in re.findall(rf"SENT: (<iq [^>]*>{request}.*)", log):
        id = re.search(r'\bid="([^"]+)"', sent).group(1)
        if re.search(rf'RECV: <iq (?=[^>]*id="{re.escape(id)}")[^>]*type="result"', log):
            return sent
    return None


def publish(client):
    file = client.home / "blue.png"
    file.write_bytes(blue())
    client.type(f"/avatar set {file}")
    client.until("the picture is at the node", lambda log: answered(log, '<pubsub [^>]*><publish node="urn:xmpp:avatar:data">'))
    sent = client.until("and its metadata", lambda log: answered(log, '<pubsub [^>]*><publish node="urn:xmpp:avatar:metadata">'))
    print("id " + re.search(r'<item id="([0-9a-f]{40})"', sent).group(1))


def see(client, juliet, wanted):
    # It listens when it is told to get a picture, until it is told of one. Who begins to listen is told nothing by ejabberd but what comes then.
    said = len(re.findall("SENT: <presence ", client.log.read_text(errors="replace")))
    client.type(f"/avatar get {juliet}")
    client.until("says what it wants to hear", lambda log: len(re.findall("SENT: <presence ", log)) > said)
    if wanted != "none":
        client.until("tells the server what that is", lambda log: re.search(r'SENT: <iq [^>]*type="result".*urn:xmpp:avatar:metadata\+notify', log))
    client.type("/ping")
    log = client.until("listens", lambda log: answered(log, "<ping ") and log)
    told = re.compile(rf'RECV: <message [^>]*from="{re.escape(juliet)}".*<metadata xmlns="urn:xmpp:avatar:metadata">.*')
    if wanted == "none":
        client.until("is told of no picture", lambda _: not told.findall(log))
        return
    client.until("is told of the picture", lambda log: any(wanted in line for line in told.findall(log)))
    client.until("has the picture", lambda _: any(
        hashlib.sha1(file.read_bytes()).hexdigest() == wanted for file in client.data.glob("**/*") if file.is_file()))


def main(host, port, jid, password, act, *more):
    with tempfile.TemporaryDirectory(prefix="likeness-profanity-") as home:
        client = Profanity(home, host, port, jid, password)
        try:
            client.until("profanity is online", lambda log: re.search(r'RECV: <iq (?=[^>]*id="roster")[^>]*type="result"', log))
            {"publish": publish, "see": see}[act](client, *more)
        finally:
            client.end()


if __name__ == "__main__":
    main(*sys.argv[1:])
