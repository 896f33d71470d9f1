"""The program that ours is compared with, and how both end."""

import os
import signal
import subprocess

EXABGP = "/usr/sbin/exabgp"
VERSION = "4.2."


def absent():
    """Why it can't be compared with, or None."""
    if not os.path.exists(EXABGP):
        return "there is no ExaBGP"
    version = subprocess.run([EXABGP, "--version"], capture_output=True, text=True, check=False).stdout
    return None if VERSION in version else "there is another ExaBGP"


def end(process):
    """TERM; one that does not hear it in 10 s is killed."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
