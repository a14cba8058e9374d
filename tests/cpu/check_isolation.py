"""Units compiled for a wider instruction set must share no code with the rest: the linker keeps one copy of an inline
function, and if it were theirs, a processor without that set would meet an illegal instruction.

    check_isolation.py NM OBJDUMP OBJECT...

An isa_* object may define one global function, the one that returns its table, and nothing weak. No other object, and not
isa_portable, may contain an instruction of AVX or later.
"""
import re
import subprocess
import sys


def main():
    nm, objdump, *objects = sys.argv[1:]
    bad = []
    for path in objects:
        name = path.rsplit("/", 1)[-1]
        wide = name.startswith("isa_") and "portable" not in name and name != "isa.cc.o"
        if name.startswith("isa_"):
            symbols = subprocess.run([nm, "--defined-only", path], capture_output=True, text=True, check=True).stdout
            shared = [line for line in symbols.splitlines() if re.search(r" [TWVuBDRi] ", line) and "Kernels" not in line]
            bad += [f"{name}: {line}" for line in shared]
        if not wide:
            code = subprocess.run([objdump, "-d", "--no-show-raw-insn", path], capture_output=True, text=True, check=True).stdout
            if re.search(r"%[yz]mm|\tv(add|mul|sub|mov|p[a-z]+|fm[a-z0-9]+)\b", code):
                bad.append(f"{name}: instructions beyond the baseline")
    print("\n".join(bad) or f"{len(objects)} objects keep to themselves")
    return 1 if bad else 0


sys.exit(main())
