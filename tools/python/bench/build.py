"""What is measured and what it is measured with, made from their sources."""

import os
import shutil
import subprocess
import sys

from bench import state

LOAD = os.path.join(state.ROOT, "..", "shared", "bench")


def tool(name):
    return os.path.join(state.work, "load", name)


def directory():
    return os.path.join(state.ROOT, "build-bench" if state.options["plain"] else "build-fast")


def program():
    return os.path.join(directory(), "src", "app", "peerpipe")


def build_plain():
    if not os.path.exists(os.path.join(directory(), "build.ninja")):
        subprocess.check_call(
            ["meson", "setup", directory(), state.ROOT, "--buildtype=release", "-Db_lto=true"],
            stdout=subprocess.DEVNULL,
        )
    subprocess.check_call(["ninja", "-C", directory(), "src/app/peerpipe"], stdout=subprocess.DEVNULL)


def is_built():
    if not os.path.exists(program()):
        return False
    plan = subprocess.run(["ninja", "-C", directory(), "-n"], stdout=subprocess.PIPE, text=True, check=True)
    return "no work to do" in plan.stdout


def build():
    if state.options["plain"]:
        build_plain()
    elif not is_built():
        release = os.path.join(state.ROOT, "tools", "release")
        subprocess.check_call([release, directory()], stdout=subprocess.DEVNULL)
    if not os.path.isdir(LOAD):
        sys.exit("bench: no load generator at %s" % LOAD)
    shutil.copytree(LOAD, os.path.join(state.work, "load"))
    subprocess.check_call(["make", "-s", "-C", os.path.join(state.work, "load")])
    for name in ("ask", "relay"):
        source = os.path.join(state.ROOT, "tests", "bench", name + ".c")
        subprocess.check_call(["cc", "-O2", "-std=gnu17", "-D_GNU_SOURCE", "-o", tool(name), source])
