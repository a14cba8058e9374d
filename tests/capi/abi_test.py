"""abi_test.py CAPI CC [--update]: the headers' ABI against abi/erato-0.abi, and breaks that must be caught.

The library's own debug information is large and says nothing more: its functions are compiled against these headers, and
symbols_test.py holds what it exports against them. So the ABI is read from a library of empty functions made of the headers.
"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

capi, cc = pathlib.Path(sys.argv[1]), sys.argv[2]
baseline = capi / "abi" / "erato-0.abi"
if not shutil.which("abidiff") or not shutil.which("abidw"):
    print("abi_test: skipped, abidiff and abidw (package abigail-tools) are not here")
    sys.exit(77)


def stub(headers):
    """C source that defines every function of the headers."""
    text = "".join(h.read_text() for h in sorted((headers / "erato").glob("*.h")))
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    lines = ["#include <erato/erato.h>"]
    for declared in re.findall(r"^ERATO_API ([^;]*);", text, flags=re.M):
        returns = not declared.startswith("void ") or declared.startswith("void*")
        lines.append(declared + (" { return 0; }" if returns else " {}"))
    return "\n".join(lines) + "\n"


def build(folder, change=lambda text: text):
    """A library of the headers after `change`; returns it and its headers."""
    headers = folder / "include"
    shutil.copytree(capi / "include", headers)
    changed = False
    for header in (headers / "erato").glob("*.h"):
        old = header.read_text()
        new = change(old)
        changed = changed or new != old
        header.write_text(new)
    (folder / "stub.c").write_text(stub(headers))
    library = folder / "liberato.so.0"
    subprocess.run([cc, "-std=c99", "-g", "-O0", "-shared", "-fPIC", "-w", f"-ffile-prefix-map={folder}=.",
                    "-fvisibility=hidden", f"-I{headers}", str(folder / "stub.c"), f"-Wl,--version-script={capi}/erato.map",
                    "-Wl,-soname,liberato.so.0", "-o", str(library)], check=True)
    sections = subprocess.run(["readelf", "-S", str(library)], check=True, capture_output=True, text=True).stdout
    assert ".debug_info" in sections, "no debug information: abidiff would pass everything"
    return library, headers, changed


def differs(library, headers):
    done = subprocess.run(["abidiff", "--no-added-syms", "--headers-dir2", str(headers), str(baseline), str(library)],
                          capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


with tempfile.TemporaryDirectory() as temp:
    temp = pathlib.Path(temp)
    library, headers, _ = build(temp / "now")
    if sys.argv[3:] == ["--update"]:
        baseline.parent.mkdir(exist_ok=True)
        subprocess.run(["abidw", "--headers-dir", str(headers), "--no-corpus-path", "--no-comp-dir-path", "--out-file",
                        str(baseline), str(library)], check=True)
    code, report = differs(library, headers)
    assert code == 0, report
    breaks = {
        "narrower parameter": lambda t: t.replace("int64_t timeout_ms", "int32_t timeout_ms"),
        "another parameter": lambda t: t.replace("erato_load_progress(const erato_load* load)",
                                                 "erato_load_progress(const erato_load* load, int32_t x)"),
        "wider status": lambda t: t.replace("typedef int32_t erato_status;", "typedef int64_t erato_status;"),
        "function gone": lambda t: re.sub(r"ERATO_API void erato_text_free[^;]*;", "", t),
        "another return": lambda t: t.replace("ERATO_API double erato_load_progress", "ERATO_API float erato_load_progress"),
    }
    for name, change in breaks.items():
        library, headers, changed = build(temp / name.replace(" ", "_"), change)
        assert changed, f"the planted break is not planted: {name}"
        code, report = differs(library, headers)
        assert code != 0, f"not caught: {name}"
    added = lambda t: t.replace("ERATO_API const char* erato_version(void);",
                                "ERATO_API const char* erato_version(void);\nERATO_API int32_t erato_new(void);")
    library, headers, changed = build(temp / "added", added)
    assert changed and differs(library, headers)[0] == 0, "an addition is no break"
