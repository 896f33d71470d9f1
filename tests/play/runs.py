"""The program run to its end, or as a daemon by other words than those of Scene.start()."""

import os
import subprocess

import rig


def run(scene, *words, given=None, **settings):
    """What it prints and how it ends. settings None: none of the rig's either."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("exabgp") and k != "EXABGP_ENVFILE"}
    env["EXABGP_ROOT"] = scene.folder
    env["exabgp_daemon_user"] = "root" if os.getuid() == 0 else "nobody"
    env.update(settings)
    return subprocess.run([scene.program, *words], env=env, input=given, capture_output=True, text=True,
                          timeout=rig.PATIENCE, cwd=scene.folder)


def finished(scene, *words, given=None, status=0, **settings):
    """The same, of which only this status is right."""
    done = run(scene, *words, given=given, **settings)
    rig.equal(done.returncode, status, "%s: %s" % (words, (done.stdout + done.stderr)[-500:]))
    return done


def printed(scene, *words, given=None, status=0):
    """What it prints, with nothing on stderr."""
    done = finished(scene, *words, given=given, status=status)
    rig.equal(done.stderr, "", "stderr of %r" % (words,))
    return done.stdout.splitlines()


def neighbor(inside=""):
    return "neighbor 127.0.0.9 { local-address 127.0.0.1; router-id 1.1.1.1; local-as 1; peer-as 2; %s }\n" % inside


def ended(done, status, *words):
    rig.equal(done.returncode, status, "exit status (%s %s)" % (done.stdout[-300:], done.stderr[-300:]))
    for word in words:
        rig.expect(word in done.stdout + done.stderr, "%r is not in %r", word, done.stdout + done.stderr)
    return done


def wait_log(daemon, words, times=1):
    rig.until(lambda: daemon.log().count(words) >= times, "%r in the log" % words)


def implicit(scene, *words, **settings):
    scene.daemons.append(rig.Daemon(scene, scene.program, list(words), scene.environment(settings)))
    return scene.daemons[-1]
