"""symbols_test.py LIBRARY CAPI: what the library exports = what symbols.txt lists = what the headers declare. Each function
that can fail is called while memory is short (*shortage_test.cc), and each one at all from plain C."""
import pathlib
import re
import subprocess
import sys

library, capi = sys.argv[1:]
dynamic = subprocess.run(["nm", "-D", "--defined-only", library], check=True, capture_output=True, text=True).stdout
exported = {line.split()[2].split("@")[0] for line in dynamic.splitlines() if line.split()[1] != "A"}
ledger = [line.split() for line in pathlib.Path(capi, "symbols.txt").read_text().splitlines() if line[0] != "#"]
assert all(len(entry) == 2 and re.fullmatch(r"\d+\.\d+\.\d+", entry[1]) for entry in ledger)
listed = {entry[0] for entry in ledger}
assert len(listed) == len(ledger), "a symbol is listed twice"
text = "".join(h.read_text() for h in sorted(pathlib.Path(capi, "include/erato").glob("*.h")))
text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
declared = set(re.findall(r"^ERATO_API [^;(]*?(\w+)\(", text, flags=re.M))
assert declared and exported == listed == declared, {
    "exported, not listed": exported - listed, "listed, not exported": listed - exported,
    "declared, not listed": declared - listed, "listed, not declared": listed - declared}
tests = pathlib.Path(__file__).parent
failing = set(re.findall(r"^ERATO_API erato_status (\w+)\(", text, flags=re.M)) - {"erato_error_status"}
short = set(re.findall(r"\berato_\w+(?=\()", "".join(c.read_text() for c in tests.glob("*shortage_test.cc"))))
assert len(failing) > 40 and failing <= short, {"not called while memory is short": failing - short}
plain = set(re.findall(r"\berato_\w+(?=\()", "".join(c.read_text() for c in tests.glob("c/*.c"))))
assert declared <= plain, {"not called from plain C": declared - plain}
facts = subprocess.run(["readelf", "-d", library], check=True, capture_output=True, text=True).stdout
assert "[liberato.so.0]" in facts, "SONAME"
needed = set(re.findall(r"NEEDED.*\[(.*)\]", facts))
foreign = {n for n in needed if not re.match(r"(libabsl_.*|libstdc\+\+|libm|libgcc_s|libc|ld-linux.*|libutf8proc)\.", n)}
assert not foreign, f"links {foreign}"
