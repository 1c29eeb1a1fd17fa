#!/usr/bin/env python3
"""Fills the disk that the station writes on, again and again, while cycles are handed over.

usage: full_disk.py ROUNDS SEED BUILD_FOLDER

The station's folder is a tmpfs of 16 MB (needs root). While it is full, a hand-over must be refused loudly, and what was acknowledged before must stay; in
every third round the dispatcher is killed while the disk is full. Within 10 s of the disk being free again everything acknowledged must be decided and
delivered with receipts, and the store whole. Exit code 0: so it was.
"""
import os, random, shutil, sqlite3, subprocess, sys, tempfile, time

from line import Line, rows

rounds, seed = int(sys.argv[1]), int(sys.argv[2])
random.seed(seed)
if os.geteuid() != 0 or not shutil.which("mosquitto"):
    print("skipped: needs root (for a tmpfs) and mosquitto")
    sys.exit(0)
top = tempfile.mkdtemp(prefix="guyu-full-")
out = top + "/out"
os.mkdir(out)
if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", out]).returncode != 0:
    print("skipped: a tmpfs cannot be mounted here")
    sys.exit(0)
ballast, faults, put, refused, slowest = out + "/ballast", [], [], 0, 0.0


def hand_over(line):
    """One cycle; the name when it was acknowledged, else what was said."""
    feed = subprocess.run([line.feed, line.alerts, "12", "6", "4", "1", "0", str(random.randrange(10**6))], capture_output=True, text=True)
    if feed.returncode == 0:
        put.append(feed.stdout.strip())
    return None if feed.returncode == 0 else feed.stderr


def fill():
    with open(ballast, "ab", buffering=0) as f:
        for size in (1 << 20, 1 << 12):
            try:
                while True:
                    f.write(b"\0" * size)
            except OSError:
                pass


try:
    line = Line(sys.argv[3], top, out)
    line.start()
    began = time.time()
    for k in range(rounds):
        for _ in range(4):
            said = hand_over(line)
            if said:
                faults.append(f"round {k}: refused with room on the disk: {said}")
        time.sleep(random.uniform(0, 0.05))  # so that the disk fills up at any stage of a decision
        fill()
        for _ in range(4):
            said = hand_over(line)
            if said is not None:
                refused += 1
                if "No space left" not in said or line.alerts not in said:
                    faults.append(f"round {k}: refused without place and reason: {said!r}")
            time.sleep(random.uniform(0.05, 0.3))
            fill()
        if k % 3 == 2 and line.dispatch.process.poll() is None:
            line.dispatch.kill()
        if line.dispatch.process.poll() is not None:
            if k % 3 != 2:
                faults.append(f"round {k}: the dispatcher ended with {line.dispatch.process.returncode}")
            line.dispatch.start()
            time.sleep(0.5)
            if line.dispatch.process.poll() is not None and k % 3 != 2:
                faults.append(f"round {k}: the dispatcher does not start")
        os.remove(ballast)
        if line.dispatch.process.poll() is not None:  # it may refuse to start on a full disk; its supervisor starts it again
            line.dispatch.start()
        took = line.wait_settled(30)
        slowest = max(slowest, took)
        if took > 10:
            faults.append(f"round {k}: {took:.1f} s after the disk was free something still waits")
    line.stop()
    faults += line.faults(put)
    with sqlite3.connect(line.store) as db:
        (state,), = db.execute("PRAGMA integrity_check").fetchall()[:1]
        if state != "ok":
            faults.append("the store: " + state)
    loud = [l for l in line.dispatch.said().splitlines() if "disk is full" in l or "No space left" in l]
    if not refused or not loud:
        faults.append(f"a full disk was not noticed: {refused} hand-overs refused, {len(loud)} lines of the dispatcher")
    print(f"full disk: {rounds} rounds, seed {seed}: {refused} hand-overs refused, {len(put)} acknowledged; {line.counts()}; "
          f"all settled at most {slowest:.1f} s after there was room; {len(faults)} faults, {time.time() - began:.0f} s")
    for f in faults[:20]:
        print("  " + f)
    for l in loud[:1]:
        print("  the dispatcher said: " + l)
finally:
    for part in (line.dispatch, line.receiver, line.broker):
        if part.process and part.process.poll() is None:
            part.kill()
    kept = top + "-logs"
    if faults:
        shutil.copytree(top, kept, ignore=shutil.ignore_patterns("ballast"))
        print("  kept in " + kept)
    subprocess.run(["umount", "-l", out])
    shutil.rmtree(top, ignore_errors=True)
sys.exit(1 if faults else 0)
