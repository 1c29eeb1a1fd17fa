#!/usr/bin/env python3
"""The same cycle, and the same nowcast, by one process and by several ranks, with several threads, and with members made one at a time by jobs of their own: every
product and every CAP message must have the same bytes.

usage: ranks.py BUILD_FOLDER [short]
"""
import hashlib, os, shutil, subprocess, sys

from case import Case, LAUNCHED, same, tree

case = Case(sys.argv[1], "ranks")
short = len(sys.argv) > 2
if not os.path.exists(case.guyu_mpi) or not shutil.which("mpirun"):
    print("skipped: no guyu-mpi or no mpirun; install openmpi-bin and libopenmpi-dev and build again")
    sys.exit(0)


def run(out, ranks, threads, *more):
    words = ["--threads", str(threads), "run", case.config, "--data", case.data, "--out", out, "--time", case.times[-1], "--cache", case.top + "/cache", "--quiet", *more]
    start = [case.guyu] if ranks == 1 else [*LAUNCHED, "-n", str(ranks), case.guyu_mpi]
    done = subprocess.run(start + words, capture_output=True, text=True, timeout=400)
    if done.returncode not in (0, 1):
        sys.exit(f"FAILED: {ranks} ranks x {threads} threads ended with {done.returncode}: {done.stdout}{done.stderr}")


def nowcast(name, ranks, threads):
    out = f"{case.top}/{name}.nc"
    words = ["--threads", str(threads), "nowcast", "--input", *case.frames[-3:], "--members", "5", "--lagged", "1", "--leads", "3", "--exceedance", "1,5", "--out", out,
             "--regions", case.data + "/regions/townships.gpkg", "--code", "code", "--step", "6", "--forecast", case.data + "/forecast/*.grib2", "--cache",
             case.top + "/cache"]
    start = [case.guyu] if ranks == 1 else [*LAUNCHED, "-n", str(ranks), case.guyu_mpi]
    done = subprocess.run(start + words, capture_output=True, text=True, timeout=400)
    if done.returncode not in (0, 1):
        sys.exit(f"FAILED: nowcast with {ranks} ranks x {threads} threads ended with {done.returncode}: {done.stdout}{done.stderr}")
    return [hashlib.sha256(open(f, "rb").read()).hexdigest() for f in (out, out[:-3] + "_regions.nc")]


run(case.top + "/one", 1, 1)
reference = tree(case.top + "/one")
cap = sum(name.startswith("cap/") and name.endswith(".xml") for name in reference)
assert cap > 0 and len(reference) > 6, reference
faults = []
pairs = [(2, 1), (3, 2), (4, 1)] if short else [(n, t) for n in (1, 2, 3, 4, 8) for t in (1, 2, 4) if (n, t) != (1, 1)]
for ranks, threads in pairs:
    out = f"{case.top}/run_{ranks}_{threads}"
    run(out, ranks, threads)
    faults += same(reference, tree(out), f"{ranks} ranks x {threads} threads")
    shutil.rmtree(out)
# Members one at a time, in an order of no meaning, the last one left for the run itself.
out = case.top + "/farm"
order = [3, 0, 2, 4, 1, 5, 6][: case.members - 1]
for m in order:
    run(out, 1, 1, "--only-members", str(m))
run(out, 1, 2)
faults += same(reference, tree(out), "members one at a time")

grids = nowcast("nowcast_1_1", 1, 1)
for ranks, threads in [(1, 4), (3, 1)] if short else [(1, 2), (1, 4), (2, 1), (3, 2), (4, 1), (8, 4)]:
    if nowcast(f"nowcast_{ranks}_{threads}", ranks, threads) != grids:
        faults.append(f"nowcast, {ranks} ranks x {threads} threads: other bytes")
case.end(faults, f"{len(reference)} files, {cap} messages, {len(pairs)} ways to share the work out")
