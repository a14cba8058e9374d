"""What the tests of the erato command share: running it with pipes or on a pseudo-terminal, and the models at hand.

    ERATO_COMMAND       the program
    ERATO_TINY_MODELS   a folder of small models, made for the tests
    ERATO_SLOW_FILES    a library that makes files slow to read, where it is preloaded
"""
import fcntl
import json
import os
import pathlib
import pty
import re
import select
import signal
import struct
import subprocess
import tempfile
import termios
import time
import unicodedata
import unittest

COMMAND = os.environ["ERATO_COMMAND"]
MODELS = pathlib.Path(os.environ["ERATO_TINY_MODELS"])
TINY = str(MODELS / "tiny.gguf")          # says "Hello world \U0001F600!" to whatever is asked
THINKING = str(MODELS / "thinking.gguf")  # thinks "why not", then says "**Yes**!"
LONG = str(MODELS / "long.gguf")          # the first one with room for 30,000 tokens
ENCODERS = MODELS / "encoders"            # of tiny_encoder.h, a folder each
SLOW_FILES = {"LD_PRELOAD": os.environ["ERATO_SLOW_FILES"], "ASAN_OPTIONS": "verify_asan_link_order=0"}
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "erato" / "models"
SMOLLM2 = CACHE / "smollm2-135m-instruct-q4_1.gguf"
ANSWER = "Hello world \U0001F600!"
PROMPT = r"(?m)^> "
PATIENCE = 120  # seconds until a test gives up; nothing is asserted about times


def erato(*arguments, stdin="", env=None):
    """(exit status, stdout, stderr) of one run with pipes."""
    done = subprocess.run([COMMAND, *map(str, arguments)], input=stdin.encode(), capture_output=True, timeout=PATIENCE * 4,
                          env={**os.environ, **(env or {})})
    return done.returncode, done.stdout.decode(), done.stderr.decode()


class Terminal:
    """A program on a pseudo-terminal: type, and wait for what the screen must show."""

    def __init__(self, *arguments, columns=80, rows=24, env=None, program=COMMAND):
        self.raw = b""
        self.seen = 0
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            os.environ.update({"TERM": "xterm", **(env or {})})
            os.execv(program, [program, *map(str, arguments)])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.status is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.fd)

    status = None

    def text(self):
        """What was printed so far, without escape sequences and carriage returns."""
        return self.without_escapes(self.raw.decode(errors="replace"))

    def shown(self):
        """The same without lines that were taken back, as a word is that stands there while one waits."""
        return self.without_escapes(re.sub(r"[^\n]*\r\x1b\[K", "", self.raw.decode(errors="replace")))

    @staticmethod
    def without_escapes(text):
        return re.sub(r"\x1b(\[[0-9;?]*[A-Za-z]|[=>])|\r|\x07", "", text)

    def read(self, seconds):
        if not select.select([self.fd], [], [], seconds)[0]:
            return True
        try:
            piece = os.read(self.fd, 65536)
        except OSError:  # how Linux says that the other side is gone
            piece = b""
        self.raw += piece
        return bool(piece)

    def expect(self, pattern):
        """Waits until what came since the last match has `pattern`; gives the match."""
        end = time.monotonic() + PATIENCE
        while True:
            match = re.compile(pattern).search(self.text(), self.seen)
            if match:
                self.seen = match.end()
                return match
            if time.monotonic() > end or not self.read(1):
                raise AssertionError(f"{pattern!r} never came after {self.text()[self.seen:]!r}")

    def type(self, text):
        """Keys; what the terminal is too busy to take is written while its output is read."""
        data = text if isinstance(text, bytes) else text.encode()
        for i in range(0, len(data), 512):
            os.write(self.fd, data[i:i + 512])
            self.read(0)

    def paste(self, text):
        data = text if isinstance(text, bytes) else text.encode()
        self.type(b"\x1b[200~" + data + b"\x1b[201~")

    def resize(self, columns, rows=24):
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def is_sane(self):
        """Whether the terminal echoes, edits lines and makes signals of keys, as shells leave it."""
        flags = termios.tcgetattr(self.fd)
        lines = termios.ECHO | termios.ICANON | termios.ISIG
        return flags[3] & lines == lines and bool(flags[0] & termios.ICRNL)

    def wait(self):
        """The exit status, after reading all that is left."""
        end = time.monotonic() + PATIENCE
        while self.read(1):
            if time.monotonic() > end:
                raise AssertionError(f"it never ended after {self.text()[self.seen:]!r}")
        self.status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self.status


def columns_of(line):
    """Columns that a line takes."""
    width = 0
    for letter in line:
        if not unicodedata.combining(letter):
            width += 2 if unicodedata.east_asian_width(letter) in "WF" else 1
    return width


class ChatTest(unittest.TestCase):
    """A chat with a tiny model, in a home of its own."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def home(self, env=None):
        return {"XDG_CACHE_HOME": self.folder, "HOME": self.folder, **(env or {})}

    def chat(self, *arguments, model=TINY, env=None, **more):
        terminal = Terminal("chat", model, "--max-tokens", "8", "--temperature", "0", *arguments, env=self.home(env), **more)
        self.addCleanup(terminal.__exit__)
        terminal.expect("Erato ")
        terminal.expect(PROMPT)
        return terminal

    def file(self, name, text=None):
        path = pathlib.Path(self.folder, name)
        if text is not None:
            path.write_text(text)
        return path

    def do(self, chat, command, expected, enter="\r"):
        """Types a line, waits for what it must show and for the next prompt; gives the match."""
        chat.type(command + enter)
        match = chat.expect(expected)
        chat.expect(PROMPT)
        return match

    def ask(self, chat, text):
        return self.do(chat, text, r"context \d+\s+of\s+\d+")

    def messages(self, chat):
        file = self.file("probe.json")
        file.unlink(missing_ok=True)
        self.do(chat, f"/save {file}", "Saved")
        return json.loads(file.read_text())

    def questions(self, chat):
        return [message["content"] for message in self.messages(chat) if message["role"] == "user"]
