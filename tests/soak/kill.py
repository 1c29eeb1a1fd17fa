#!/usr/bin/env python3
"""Kills one part of the line with SIGKILL at random times, again and again, and then counts what was lost and what was doubled.

usage: kill.py VICTIM KILLS SEED BUILD_FOLDER      VICTIM: run, dispatch, broker, receiver

Exit code 0: nothing lost, nothing doubled, the audit is whole.
"""
import random, shutil, sys, tempfile, time

from line import Line

victim, kills, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
random.seed(seed)
if not shutil.which("mosquitto"):
    print("skipped: mosquitto is not installed")
    sys.exit(0)
top = tempfile.mkdtemp(prefix="guyu-soak-")
line = Line(sys.argv[4], top, top + "/out")
runs = line.run(seed)
parts = {"broker": line.broker, "dispatch": line.dispatch, "receiver": line.receiver, "run": runs}
line.start(runs)
began = time.time()
for _ in range(kills):
    time.sleep(random.uniform(0.02, 0.5))
    part = parts[victim]
    if part.process.poll() is not None:
        print(f"FAILED: {victim} ended by itself, see {part.log}")
        sys.exit(1)
    part.kill()
    part.start()
    for other in parts.values():
        if other.process.poll() is not None:
            print(f"FAILED: {other.name} did not survive the kills of {victim}, see {other.log}")
            sys.exit(1)
runs.kill()
line.wait_settled(240)
line.stop()
faults = line.faults([name for name in map(str.strip, runs.said().splitlines()) if name.endswith(".cycle.item")])
print(f"{victim}: {kills} kills, seed {seed}: {line.counts()}, {len(faults)} lost or doubled, {time.time() - began:.0f} s")
for f in faults[:20]:
    print("  " + f)
if faults:
    print("  kept in " + top)
    sys.exit(1)
shutil.rmtree(top, ignore_errors=True)
