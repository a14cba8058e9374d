"""What the tests of the erato command share: running it with pipes or on a pseudo-terminal, and the models at hand.

    ERATO_COMMAND   the program       ERATO_TINY   a small GGUF with tokenizer and template, made for the tests
    ERATO_ENCODERS  a folder with the tiny encoders
"""
import fcntl
import os
import pathlib
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time

COMMAND = os.environ["ERATO_COMMAND"]
TINY = os.environ["ERATO_TINY"]
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "erato" / "models"
SMOLLM2 = CACHE / "smollm2-135m-instruct-q4_1.gguf"
PATIENCE = 120  # seconds until a test gives up; nothing is asserted about times


def erato(*arguments, stdin="", env=None):
    """(exit status, stdout, stderr) of one run with pipes."""
    done = subprocess.run([COMMAND, *map(str, arguments)], input=stdin.encode(), capture_output=True, timeout=PATIENCE * 4,
                          env={**os.environ, **(env or {})})
    return done.returncode, done.stdout.decode(), done.stderr.decode()


class Terminal:
    """The program on a pseudo-terminal: type, and wait for what the screen must show."""

    def __init__(self, *arguments, columns=80, env=None):
        self.raw = b""
        self.seen = 0
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
            os.environ.update({"TERM": "xterm", **(env or {})})
            os.execv(COMMAND, [COMMAND, *map(str, arguments)])

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
        return re.sub(r"\x1b(\[[0-9;?]*[A-Za-z]|[=>])|\r|\x07", "", self.raw.decode(errors="replace"))

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
        os.write(self.fd, text.encode())

    def wait(self):
        """The exit status, after reading all that is left."""
        end = time.monotonic() + PATIENCE
        while self.read(1) and time.monotonic() < end:
            pass
        self.status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self.status
