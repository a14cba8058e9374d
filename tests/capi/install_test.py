"""install_test.py CMAKE BUILD CC MODEL: installs, moves the prefix, and builds a foreign C project by pkg-config and by CMake."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

cmake, build, cc, model = sys.argv[1:]
SOURCE = """#include <erato/erato.h>
#include <stdio.h>
int main(int argc, char **argv) {
  erato_model *model;
  if (argc != 2 || erato_version_number() < ERATO_VERSION_NUMBER) return 2;
  if (erato_model_load(argv[1], NULL, &model, NULL)) return 1;
  printf("%d", (int)erato_model_context_tokens(model));
  erato_model_free(model);
  return 0;
}
"""
PROJECT = """cmake_minimum_required(VERSION 3.20)
project(foreign LANGUAGES C)
find_package(erato 0.1 CONFIG REQUIRED)
add_executable(foreign foreign.c)
target_link_libraries(foreign PRIVATE erato::erato)
"""


def run(*command, **more):
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, timeout=600, **more)
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout


with tempfile.TemporaryDirectory() as temp:
    temp = pathlib.Path(temp)
    run(cmake, "--install", build, "--prefix", temp / "first", "--component", "erato")
    shutil.move(temp / "first", temp / "moved")
    pc = next((temp / "moved").rglob("erato.pc"))
    library_folder = next((temp / "moved").rglob("liberato.so")).parent
    for path in (temp / "moved").rglob("*"):
        if path.is_file() and path.suffix in (".pc", ".cmake", ".h", ".hpp"):
            assert str(temp) not in path.read_text() and str(build) not in path.read_text(), path
    foreign = temp / "foreign"
    foreign.mkdir()
    (foreign / "foreign.c").write_text(SOURCE)
    (foreign / "CMakeLists.txt").write_text(PROJECT)
    environment = dict(os.environ, LD_LIBRARY_PATH=str(library_folder), PKG_CONFIG_PATH=str(pc.parent))

    flags = run("pkg-config", "--cflags", "--libs", "erato", env=environment).split()
    assert run("pkg-config", "--modversion", "erato", env=environment).strip() == "0.1.0"
    run(cc, "-std=c99", foreign / "foreign.c", *flags, "-o", foreign / "by-pkg-config", env=environment)
    assert run(foreign / "by-pkg-config", model, env=environment) == "256"

    run(cmake, "-G", "Ninja", "-S", foreign, "-B", foreign / "build", f"-DCMAKE_PREFIX_PATH={temp / 'moved'}",
        f"-DCMAKE_C_COMPILER={cc}")
    run(cmake, "--build", foreign / "build")
    assert run(foreign / "build" / "foreign", model, env=environment) == "256"
