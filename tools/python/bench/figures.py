"""How figures are gathered from runs, and printed."""

import statistics

from bench import state
from bench.kernel import halt_poll
from bench.process import Failed, stop_all


def show(what, unit, values, goal=""):
    values = sorted(values)
    if not values:
        print("%-52s failed" % what)
        return
    form = "%12.2f" if values[-1] < 1000 else "%12.0f"
    print(
        "%-52s" % what
        + "".join(form % v for v in (values[0], statistics.median(values), values[-1]))
        + " " + unit + ("   (goal %s)" % goal if goal else ""),
        flush=True,
    )


def repeat(what, once, figures, runs=None, first=False):
    """once() gives a dictionary; figures are (key, unit, goal), shown if there is a name for them."""
    state.urgent = first or state.options["first"] != 0
    found = []
    for _ in range(runs or state.options["runs"]):
        state.port += 2
        try:
            found.append(once())
        except Failed as e:
            print("%s: %s, see %s" % (what, e, ", ".join(p.dir for p in state.started)))
        finally:
            stop_all()
    for key, unit, goal in figures if what else ():
        show("%s: %s" % (what, key), unit, [v[key] for v in found if key in v], goal)
    return found


def both_ways(what, once, figures, first=False):
    """As the machine is, and with processors that stay awake."""
    repeat(what, once, figures, first=first)
    if halt_poll.change("2000000"):
        repeat(what + ", awake", once, figures, first=first)
        halt_poll.put_back()


RATE = [("routes a second", "/s", ""), ("wall", "s", ""), ("CPU", "s", ""), ("peak RSS", "MiB", "")]


def rate_figures(goal):
    return [("routes a second", "/s", goal)] + RATE[1:]


def rated(n, daemon, begin, end, cpu):
    return {
        "routes a second": n / (end - begin),
        "wall": end - begin,
        "CPU": cpu,
        "peak RSS": daemon.memory("VmHWM") / 2**20,
    }
