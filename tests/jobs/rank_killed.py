#!/usr/bin/env python3
"""One rank of several is killed with SIGKILL in the middle of the ensemble: the launcher ends the others, nothing that is visible is wrong, and the next start goes on with
the members that were finished and gives the bytes of a run in peace.

usage: rank_killed.py BUILD_FOLDER [KILLS]
"""
import glob, os, random, shutil, signal, subprocess, sys, time

from case import Case, LAUNCHED, same, tree

case = Case(sys.argv[1], "rank")
kills = int(sys.argv[2]) if len(sys.argv) > 2 else 2
random.seed(3)
if not os.path.exists(case.guyu_mpi) or not shutil.which("mpirun"):
    print("skipped: no guyu-mpi or no mpirun; install openmpi-bin and libopenmpi-dev and build again")
    sys.exit(0)
case.configure(members=24)


def command(out):
    return [*LAUNCHED, "-n", "3", case.guyu_mpi, "--threads", "1", "run", case.config, "--data", case.data, "--out", out, "--time", case.times[-1], "--cache",
            case.top + "/cache", "--quiet"]


def pid_of(rank, out):
    for folder in glob.glob("/proc/[0-9]*"):
        try:
            words = open(folder + "/cmdline").read().split("\0")
            if words[0] == case.guyu_mpi and out in words and f"OMPI_COMM_WORLD_RANK={rank}" in open(folder + "/environ").read().split("\0"):
                return int(os.path.basename(folder))
        except OSError:
            continue
    return None


peace = subprocess.run(command(case.top + "/peace"), capture_output=True, text=True)
if peace.returncode not in (0, 1):
    sys.exit("FAILED: " + peace.stderr)
reference = tree(case.top + "/peace")
faults, kept = [], 0
for k in range(kills):
    out = f"{case.top}/out_{k}"
    run = subprocess.Popen(command(out), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while run.poll() is None and not glob.glob(out + "/work/*/members/*.unit"):
        time.sleep(0.005)
    time.sleep(random.uniform(0, 0.3))
    pid = pid_of(1, out)
    if pid is None:
        faults.append("the rank was gone before it could be killed")
        run.communicate()
        continue
    os.kill(pid, signal.SIGKILL)
    began = time.time()
    run.communicate()
    if run.returncode in (0, 1):
        faults.append(f"kill {k}: a rank died and the run said {run.returncode}")
    if time.time() - began > 20:
        faults.append(f"kill {k}: the others went on for {time.time() - began:.0f} s")
    for name, digest in tree(out).items():
        if not name.startswith(("state/", "work/")) and ".tmp" not in name and reference.get(name) != digest:
            faults.append(f"kill {k}: {name} is visible with other bytes")
    units = len(glob.glob(out + "/work/*/members/*.unit"))
    kept += units
    again = subprocess.run(command(out), capture_output=True, text=True)
    if again.returncode not in (0, 1):
        faults.append(f"kill {k}: the next start ended with {again.returncode}: {again.stderr}")
    faults += same(reference, tree(out), f"kill {k}")
case.end(faults, f"a rank killed {kills} times, {kept} finished members were there to go on with")
