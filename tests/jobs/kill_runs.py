#!/usr/bin/env python3
"""Kills `guyu run` with SIGKILL at random times, again and again. After each kill: whatever product or message is visible has the right bytes, and the next run is
not kept out by a lock. Each cycle is started again until it ends by itself; then all its files have the bytes that a run in peace gives.

usage: kill_runs.py KILLS SEED BUILD_FOLDER
"""
import os, random, shutil, subprocess, sys, time

from case import Case, same, tree

kills, seed = int(sys.argv[1]), int(sys.argv[2])
random.seed(seed)
case = Case(sys.argv[3], "kills")
times = case.times[-3:]
env = dict(os.environ, PYTHONHASHSEED="0")


def command(out, t):
    return [case.guyu, "run", case.config, "--data", case.data, "--out", out, "--time", t, "--cache", case.top + "/cache", "--quiet"]


def in_peace(out, t):
    began = time.time()
    done = subprocess.run(command(out, t), capture_output=True, text=True)
    if done.returncode not in (0, 1):
        return done, 0
    return None, time.time() - began


references, length = {}, {}
in_peace(case.top + "/warm", times[0])  # weights are made
for t in times:
    failed, length[t] = in_peace(case.top + "/peace", t)
    if failed:
        sys.exit("FAILED: " + failed.stderr)
    references[t] = tree(case.top + "/peace")
final = references[times[-1]]
faults, done_kills, finished, resumed, rounds, began = [], 0, 0, 0, 0, time.time()
while done_kills < kills and not faults:
    rounds += 1
    out = f"{case.top}/round"
    shutil.rmtree(out, ignore_errors=True)
    for t in times:
        while done_kills < kills:
            process = subprocess.Popen(command(out, t), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            try:
                process.wait(random.uniform(0, 1.15 * length[t]))
                told = process.communicate()
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
                done_kills += 1
                # What is visible is right: no name without its bytes. State, and what is in hand, are a run's own.
                for name, digest in tree(out).items():
                    if name.startswith(("state/", "work/")) or ".tmp" in name:
                        continue
                    if name in final and final[name] != digest and references[t].get(name) != digest and not any(r.get(name) == digest for r in references.values()):
                        faults.append(f"kill {done_kills}: {name} is visible with other bytes")
                resumed += os.path.isdir(out + "/work")
                continue
            if process.returncode not in (0, 1):
                faults.append(f"kill {done_kills}: the next run of {t} ended with {process.returncode}: {told[1].strip()}")
            break
        else:
            failed, _ = in_peace(out, t)
            if failed:
                faults.append(f"after the last kill: the run of {t} ended with {failed.returncode}: {failed.stderr.strip()}")
        finished += 1
        faults += same(references[t], tree(out), f"kill {done_kills}: {t}")
        if os.path.exists(out + "/work"):
            faults.append(f"kill {done_kills}: {t} is done, but work/ is there")
        if faults:
            break
case.end(faults, f"{done_kills} kills of guyu run, seed {seed}: {finished} cycles finished with the right bytes, {resumed} kills left something to go on from, "
                 f"{time.time() - began:.0f} s")
