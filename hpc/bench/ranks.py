#!/usr/bin/env python3
"""Times an ensemble nowcast on several ranks and threads, in turns, and prints the shortest wall time, the CPU time of all processes and the largest memory of one.

usage: ranks.py BUILD_FOLDER REGIONS CODE MEMBERS ROUNDS FRAME...
"""
import os, resource, subprocess, sys, tempfile, time

build, regions, code, members, rounds, frames = sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4], int(sys.argv[5]), sys.argv[6:]
top = tempfile.mkdtemp(prefix="guyu-bench-")
ways = [(1, 1), (1, 2), (2, 1), (4, 1)]
best = {}
for turn in range(rounds + 1):  # the first one makes the weights
    for ranks, threads in ways if turn else ways[:1]:
        words = ["--threads", str(threads), "nowcast", "--input", *frames, "--members", members, "--leads", "12", "--step", "5", "--no-members", "--regions", regions, "--code", code,
                 "--cache", top + "/cache", "--out", top + "/out.nc", "--exceedance", ""][:-2]
        start = [build + "/cli/guyu"]
        if ranks > 1:
            start = ["timeout", "-k", "10", "900", "mpirun", "--oversubscribe", "--allow-run-as-root", "--bind-to", "none", "-n", str(ranks), build + "/cli/guyu-mpi"]
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.time()
        done = subprocess.run(start + words, capture_output=True, text=True)
        wall, after = time.time() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
        if done.returncode not in (0, 1):
            sys.exit(f"{ranks} ranks x {threads} threads: {done.returncode} {done.stderr[-500:]}")
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        if turn:
            old = best.get((ranks, threads), (1e9, 1e9))
            best[ranks, threads] = (min(old[0], wall), min(old[1], cpu))
print("ranks threads  wall s  CPU s")
for (ranks, threads), (wall, cpu) in best.items():
    print(f"{ranks:5} {threads:7} {wall:7.2f} {cpu:6.2f}")
