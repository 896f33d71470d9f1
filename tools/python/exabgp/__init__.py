"""The name of ExaBGP's package, for what is started by it: `python3 -m exabgp` is peerpipe.

Nothing of ExaBGP is in here to be imported.
"""

import os
import sys


def become(*words):
    """This process is `peerpipe WORDS ARGUMENTS` from here on."""
    try:
        os.execvp("peerpipe", ["peerpipe", *words, *sys.argv[1:]])
    except OSError as error:
        sys.exit("peerpipe: %s" % error.strerror)
