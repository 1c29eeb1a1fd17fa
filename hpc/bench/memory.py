#!/usr/bin/env python3
"""Memory of each rank in the MRMS ensemble on its whole grid (3500 x 7000, 24.5 million cells): what the report predicts against the peak that was measured.

usage: memory.py BUILD_FOLDER DATA_FOLDER [MEMBERS [RANKS x THREADS]...]        default: 8 members, 1x1 1x2 2x1 4x1
Ends with 1 when a prediction is more than 10 % off.
"""
import json, os, shutil, subprocess, sys, tempfile

build, data = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
members = sys.argv[3] if len(sys.argv) > 3 else "8"
ways = [tuple(map(int, w.split("x"))) for w in sys.argv[4:] or ["1x1", "1x2", "2x1", "4x1"]]
top = tempfile.mkdtemp(prefix="guyu-bench-")
text = open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../configs/mrms_counties.toml")).read()
with open(top + "/case.toml", "w") as f:
    f.write(text.replace("members = 0", "members = " + members))
launched = ["timeout", "-k", "10", "1800", "mpirun", "--oversubscribe", "--allow-run-as-root", "--bind-to", "none", "-n"]
off = 0
print("ranks x threads  rank  before MB  predicted MB  peak MB  off")
for ranks, threads in ways:
    start = [build + "/cli/guyu"] if ranks == 1 else [*launched, str(ranks), build + "/cli/guyu-mpi"]
    out = top + "/out"
    done = subprocess.run([*start, "--threads", str(threads), "run", top + "/case.toml", "--data", data, "--out", out, "--cache", top + "/cache", "--time", "2019-06-10T00:14:00Z", "--quiet"],
                          capture_output=True, text=True)
    if done.returncode not in (0, 1):
        sys.exit(f"{ranks} ranks x {threads} threads: {done.returncode} {done.stderr[-800:]}")
    for r in json.load(open(out + "/report.json"))["ranks"]:
        before, predicted, peak = r["memory_before_bytes"] / 1e6, r["predicted_memory_bytes"] / 1e6, r["peak_memory_bytes"] / 1e6
        print(f"{ranks:5} x {threads}         {r['rank']:5} {before:10.0f} {predicted:13.0f} {peak:8.0f}  {100 * (predicted / peak - 1):+.1f} %", flush=True)
        off += abs(predicted / peak - 1) > 0.1
    shutil.rmtree(out)
shutil.rmtree(top)
sys.exit(1 if off else 0)
