#!/usr/bin/env python3
"""The job files of hpc/slurm on a Slurm cluster of simulated nodes on this machine: each runs to its end, gives the bytes of a plain run, and goes on where it was
when it is told to stop.

usage: slurm.py BUILD_FOLDER
"""
import glob, json, os, shutil, subprocess, sys, time

from case import Case, same, tree

here = os.path.dirname(os.path.abspath(__file__))
slurm = os.path.normpath(here + "/../../hpc/slurm")
for program in ("sbatch", "/usr/sbin/slurmd", "/usr/sbin/slurmctld", "/usr/sbin/munged"):
    if not shutil.which(program):
        print("skipped: no Slurm; install slurm-wlm, slurm-wlm-basic-plugins and munge")
        sys.exit(0)
case = Case(sys.argv[1], "slurm")
cluster = case.top + "/cluster"
faults, told = [], []


def words(**more):
    all = dict(os.environ, GUYU=case.guyu, GUYU_MPI=case.guyu_mpi, CONFIG=case.config, DATA=case.data, **more)
    # As root, and with ranks of more nodes than there are machines.
    all.update(OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1", OMPI_MCA_hwloc_base_binding_policy="none", OMPI_MCA_mpi_yield_when_idle="1",
               SLURM_CONF=cluster + "/slurm.conf", SLURM_PMIX_FENCE="ring")
    return all


def submit(log, env, *options, wait=True, file="cycle.sbatch"):
    command = ["sbatch", "--parsable", *(["--wait"] if wait else []), "-o", f"{case.top}/{log}.log", *options, f"{slurm}/{file}"]
    done = subprocess.run(command, capture_output=True, text=True, env=env, timeout=400)
    return done.returncode, done.stdout.strip()


def log_of(name):
    try:
        return open(f"{case.top}/{name}.log").read()
    except OSError:
        return ""


def table_time(out):
    """When the township table appeared; sbatch --wait itself looks only every few seconds."""
    tables = glob.glob(out + "/cycles/*/townships.nc")
    return os.path.getmtime(tables[0]) if tables else float("nan")


def ended_well(what, code, log):
    if code != 0:
        faults.append(f"{what} ended with {code}: {log_of(log)[-800:]}")


started = subprocess.run([slurm + "/sandbox", "start", cluster, "3", "4"], capture_output=True, text=True, timeout=120)
try:
    if started.returncode != 0:
        print("skipped: no cluster can be started here: " + started.stderr[-300:])
        sys.exit(0)
    time_of = case.times[-1]
    peace = case.top + "/peace"
    began = time.time()
    plain = subprocess.run([case.guyu, "--threads", "2", "cycle", case.config, "--data", case.data, "--out", peace, "--time", time_of, "--now", time_of, "--quiet"],
                           capture_output=True, text=True)
    plain_seconds = table_time(peace) - began
    if plain.returncode != 0:
        sys.exit("FAILED: the plain cycle: " + plain.stderr)
    reference = tree(peace)
    now = f"--now {time_of}"

    # One shot.
    out = case.top + "/one"
    began = time.time()
    code, _ = submit("one", words(OUT=out, TIME=time_of, CYCLE_OPTIONS=now))
    ended_well("cycle.sbatch", code, "one")
    faults += same(reference, tree(out), "cycle.sbatch")
    told.append(f"one-shot cycle {table_time(out) - began:.1f} s from submission to the township table (plain {plain_seconds:.1f} s)")

    # The same on three nodes.
    if os.path.exists(case.guyu_mpi):
        out = case.top + "/ranks"
        began = time.time()
        code, _ = submit("ranks", words(OUT=out, TIME=time_of, CYCLE_OPTIONS=now), "--nodes=3", "--ntasks=3", "--ntasks-per-node=1", "--cpus-per-task=1")
        ended_well("cycle.sbatch with ranks", code, "ranks")
        faults += same(reference, tree(out), "cycle.sbatch with ranks")
        ranks = json.load(open(out + "/report.json"))["ranks"] if os.path.exists(out + "/report.json") else []
        if len(ranks) != 3:
            faults.append(f"three ranks were to be in the report, there are {len(ranks)}")
        told.append(f"three ranks {table_time(out) - began:.1f} s")
    else:
        print("no guyu-mpi: cycle.sbatch runs on one rank alone")

    # The farm; one of its steps is killed once, and its group alone is made again.
    out = case.top + "/farm"
    guard = case.top + "/guyu_once_killed"
    with open(guard, "w") as f:
        f.write(f"""#!/bin/bash
case "$*" in *'--only-members 3-4'*) if mkdir {case.top}/killed 2>/dev/null; then kill -KILL $$; fi ;; esac
exec {case.guyu} "$@"
""")
    os.chmod(guard, 0o755)
    env = words(OUT=out, TIME=time_of, MEMBERS=str(case.members), GROUP="2", CYCLE_OPTIONS=now)
    env["GUYU"] = guard
    began = time.time()
    code, _ = submit("farm", env, "--nodes=3", "--ntasks=3", file="farm.sbatch")
    ended_well("farm.sbatch", code, "farm")
    faults += same(reference, tree(out), "farm.sbatch")
    if "members 3-4: try 1 ended with" not in log_of("farm"):
        faults.append("the killed step was not noticed: " + log_of("farm")[-500:])
    if ", 0 failed" not in log_of("farm"):
        faults.append("not all groups came: " + log_of("farm")[-500:])
    made = json.load(open(out + "/report.json"))["ranks"] if os.path.exists(out + "/report.json") else []
    if made:
        faults.append("the cycle made members that the farm had made")
    told.append(f"farm {table_time(out) - began:.1f} s")

    # Told to stop while it waits for data: 75, requeued by Slurm, and done.
    out = case.top + "/stop"
    late = case.frames[-1]
    os.rename(late, late + ".later")
    code, job = submit("stop", words(OUT=out, TIME=time_of, CYCLE_OPTIONS=now + " --deadline 300s"), wait=False)
    for _ in range(200):
        time.sleep(0.1)
        if os.path.exists(out + "/status.json") and json.load(open(out + "/status.json"))["state"] == "waiting":
            break
    subprocess.run(["scancel", "--batch", "--signal=USR1", job], env=words())
    for _ in range(300):
        time.sleep(0.1)
        if os.path.exists(out + "/status.json") and json.load(open(out + "/status.json"))["state"] == "stopped":
            break
    else:
        faults.append("the signal did not stop the job: " + log_of("stop"))
    os.rename(late + ".later", late)
    for _ in range(600):
        time.sleep(0.1)
        if os.path.exists(f"{out}/status.json") and json.load(open(f"{out}/status.json"))["state"] in ("done", "degraded"):
            break
    else:
        faults.append("the stopped job was not started again: " + log_of("stop")[-800:])
    time.sleep(0.5)
    faults += same(reference, tree(out), "a stopped and requeued job")

    # A hindcast as an array, and its summary.
    out = case.top + "/hindcast"
    first = case.times[-4]
    env = words(OUT=out, FROM=first, TO=time_of, EVERY="360", HINDCAST_OPTIONS="--delay 0s")
    code, _ = submit("hindcast_%a", env, "--array=0-2", file="hindcast.sbatch")
    ended_well("hindcast.sbatch --array", code, "hindcast_0")
    code, _ = submit("summary", env, file="hindcast.sbatch")
    ended_well("hindcast.sbatch", code, "summary")
    summary = json.load(open(out + "/summary.json")) if os.path.exists(out + "/summary.json") else {"cycles": [], "total": {"failed": -1}}
    if len(summary["cycles"]) != 4 or summary["total"]["failed"]:
        faults.append(f"the hindcast: {summary['total']}")
    told.append("hindcast of 4 cycles")
finally:
    subprocess.run([slurm + "/sandbox", "stop", cluster], capture_output=True)
case.end(faults, "Slurm: " + ", ".join(told))
