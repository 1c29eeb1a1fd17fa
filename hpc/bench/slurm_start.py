#!/usr/bin/env python3
"""How much later the township table of the MRMS deterministic cycle is there when the cycle is a Slurm job: from submission, and from the start of the job, against the plain
program, in turns, on a cluster of simulated nodes on this machine.

usage: slurm_start.py BUILD_FOLDER DATA_FOLDER [ROUNDS]
"""
import glob, os, shutil, statistics, subprocess, sys, tempfile, time

build, data = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 5
hpc = os.path.normpath(os.path.dirname(os.path.abspath(__file__)) + "/..")
top = tempfile.mkdtemp(prefix="guyu-bench-")
os.chmod(top, 0o755)
cluster, cycle_time = top + "/cluster", "2019-06-10T00:14:00Z"
more = ["--now", cycle_time, "--cache", top + "/cache"]
started = top + "/started"
wrapped = top + "/guyu"
with open(wrapped, "w") as f:  # tells when the job's program started
    f.write(f"#!/bin/bash\ndate +%s.%N >{started}\nexec {build}/cli/guyu \"$@\"\n")
os.chmod(wrapped, 0o755)


def table_time(out):
    return os.path.getmtime(glob.glob(out + "/cycles/*/townships.nc")[0])


def plain():
    out = tempfile.mkdtemp(dir=top)
    began = time.time()
    done = subprocess.run([build + "/cli/guyu", "--threads", "2", "cycle", "mrms_counties", "--data", data, "--out", out, "--time", cycle_time, *more, "--quiet"], capture_output=True, text=True,
                          start_new_session=True)
    if done.returncode != 0:
        sys.exit(f"the plain cycle ended with {done.returncode}: {done.stderr[-500:]}")
    seconds = table_time(out) - began
    shutil.rmtree(out)
    return seconds


def job():
    out = tempfile.mkdtemp(dir=top)
    env = dict(os.environ, GUYU=wrapped, CONFIG="mrms_counties", DATA=data, OUT=out, TIME=cycle_time, CYCLE_OPTIONS=" ".join(more), SLURM_CONF=cluster + "/slurm.conf")
    began = time.time()
    done = subprocess.run(["sbatch", "--parsable", "-o", top + "/job.log", hpc + "/slurm/cycle.sbatch"], capture_output=True, text=True, env=env)
    if done.returncode != 0:
        sys.exit(f"the job was not taken: {done.stderr}")
    # sbatch --wait looks only every few seconds.
    while subprocess.run(["squeue", "--noheader", "--jobs", done.stdout.strip(), "--states", "PENDING,RUNNING,COMPLETING"], capture_output=True, text=True, env=env).stdout.strip():
        if time.time() - began > 300:
            sys.exit("the job does not end: " + open(top + "/job.log").read()[-500:])
        time.sleep(0.5)
    if not glob.glob(out + "/cycles/*/townships.nc"):
        sys.exit("the job wrote no township table: " + open(top + "/job.log").read()[-500:])
    there, start = table_time(out), float(open(started).read())
    shutil.rmtree(out)
    return there - began, there - start


if subprocess.run([hpc + "/slurm/sandbox", "start", cluster, "3", "4"], capture_output=True).returncode != 0:
    sys.exit("no Slurm cluster can be started here")
try:
    plain()  # makes the weights
    alone, submitted, begun = [], [], []
    for _ in range(rounds):
        alone.append(plain())
        from_submission, from_start = job()
        submitted.append(from_submission)
        begun.append(from_start)
finally:
    subprocess.run([hpc + "/slurm/sandbox", "stop", cluster], capture_output=True)
    shutil.rmtree(top, ignore_errors=True)
for name, seconds in (("plain program", alone), ("job, from submission", submitted), ("job, from its program's start", begun)):
    print(f"{name:30} median {statistics.median(seconds):5.2f} s ({min(seconds):.2f} to {max(seconds):.2f})")
later = [s - a for s, a in zip(submitted, alone)]
print(f"later by, from submission       median {statistics.median(later):5.2f} s ({min(later):.2f} to {max(later):.2f})")
