"""A network, a process table and a /run of our own.

Routers want port 179, addresses and sockets under /run. In namespaces of its own a test
gives them all that, disturbs nobody, and whatever happens leaves no process and no file.
"""

import os
import shutil
import subprocess
import sys

SPEAKER = {4: '192.0.2.1', 6: '2001:db8::1'}
ROUTER = {4: '192.0.2.2', 6: '2001:db8::2'}

MARK = 'PEERPIPE_INTEROP_ALONE'


def _unshare():
    words = ['unshare', '--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc']
    if os.geteuid() != 0:
        words.append('--map-root-user')
    return words


def go_alone():
    """Runs this program again in namespaces; a word of why when that is not possible."""
    if os.environ.get(MARK):
        return None
    if not shutil.which('unshare') or not shutil.which('ip'):
        return 'unshare and ip are needed'
    if subprocess.run(_unshare() + ['true'], capture_output=True).returncode != 0:
        return 'namespaces are not permitted here'
    user = 'root' if os.geteuid() == 0 else 'nobody'
    os.environ[MARK] = user
    os.execvp('unshare', _unshare() + [sys.executable] + sys.argv)


def is_root():
    """True when the user outside is root too, so that other users exist inside."""
    return os.environ.get(MARK) == 'root'


def settle():
    """Brings up the loopback with the addresses of both ends, and an empty /run."""
    for command in (
            'mount -t tmpfs -o mode=755 none /run',
            'ip link set lo up',
            'ip addr add 192.0.2.1/24 dev lo',
            'ip addr add 192.0.2.2/24 dev lo',
            'ip addr add 2001:db8::1/64 dev lo nodad',
            'ip addr add 2001:db8::2/64 dev lo nodad'):
        subprocess.run(command.split(), check=True)


def netstat(name):
    """A counter of this network's TCP, as /proc/net/netstat calls it."""
    with open('/proc/net/netstat', encoding='ascii') as file:
        rows = [line.split() for line in file]
    for names, values in zip(rows[::2], rows[1::2]):
        if name in names:
            return int(values[names.index(name)])
    return 0
