#!/usr/bin/env python3
"""The suite of hpc/ecflow on an ecFlow server of its own: cycle, catch-up, verification and archive run to completion.

usage: ecflow.py BUILD_FOLDER
"""
import json, os, random, shutil, socket, subprocess, sys, time

from case import Case

os.environ["PATH"] += ":/usr/sbin"
if not shutil.which("ecflow_server") or not shutil.which("ecflow_client"):
    print("skipped: no ecFlow; install ecflow-server and ecflow-client")
    sys.exit(0)
case = Case(sys.argv[1], "ecflow")
here = os.path.dirname(os.path.abspath(__file__))

def free_port():  # a server takes none above 49151
    while True:
        port = random.randrange(20000, 40000)
        with socket.socket() as s:
            try:
                s.bind(("", port))
                return port
            except OSError:
                continue


port = free_port()
out, jobs = case.top + "/out", case.top + "/jobs"
os.makedirs(jobs)
os.environ.update(ECF_PORT=str(port), ECF_HOST="127.0.0.1", ECF_HOME=jobs)
regions = f"--regions {case.data}/regions/townships.gpkg --code code"
suite = subprocess.run([here + "/../../hpc/ecflow/make_suite", "--once"], capture_output=True, text=True, check=True,
                       env=dict(os.environ, GUYU=case.guyu, CONFIG=case.config, DATA=case.data, OUT=out, ECF_JOBS=jobs, CYCLE_OPTIONS=f"--now {case.times[-1]}", CATCH_UP="2",
                                VERIFY_WORDS=f"{case.data}/radar {regions} --dry-before {case.times[0]}", KEEP="grids=0 s, late=ever")).stdout
with open(case.top + "/guyu.def", "w") as f:
    f.write(suite)
faults = []
log = open(case.top + "/server.log", "w")
server = subprocess.Popen(["ecflow_server", f"--port={port}"], stdout=log, stderr=log, cwd=jobs)
try:
    def client(*words):
        return subprocess.run(["ecflow_client", *words], capture_output=True, text=True, timeout=60)

    for _ in range(100):
        if client("--ping").returncode == 0:
            break
        time.sleep(0.1)
    for step in (["--load=" + case.top + "/guyu.def"], ["--restart"], ["--begin=guyu"]):
        done = client(*step)
        if done.returncode != 0:
            sys.exit(f"FAILED: ecflow_client {step[0]}: {done.stderr}{done.stdout}")
    state, began = "", time.time()
    while time.time() - began < 240:
        state = client("--query", "state", "/guyu").stdout.strip()
        if state in ("complete", "aborted"):
            break
        time.sleep(0.3)
    tasks = {t: client("--query", "state", "/guyu/" + t).stdout.strip() for t in ("cycle/run", "cycle/catch_up", "daily/verification", "daily/archive")}
    if state != "complete":
        faults.append(f"the suite is {state}: {tasks}")
        for folder, _, names in os.walk(jobs):
            for n in names:
                if n[-2:] in (".1", ".2", ".3"):
                    faults.append(n + ": " + open(os.path.join(folder, n)).read()[-600:])
    label = client("--get_state=/guyu").stdout
    cycles = [c for c in sorted(os.listdir(out + "/cycles")) if os.path.exists(f"{out}/cycles/{c}/done.json")] if os.path.exists(out + "/cycles") else []
    late = sorted(os.listdir(out + "/late")) if os.path.exists(out + "/late") else []
    if len(cycles) != 1 or len(late) != 2:
        faults.append(f"one cycle and two late ones were to be done: {cycles}, {late}")
    scores = [f for _, _, names in os.walk(out + "/scores") for f in names]
    if "scores.json" not in scores:
        faults.append(f"no scores of the warnings: {scores}")
    if not os.path.exists(out + "/status.json") or json.load(open(out + "/status.json"))["state"] not in ("done", "degraded"):
        faults.append("the status file does not say that a cycle was done")
finally:
    subprocess.run(["ecflow_client", "--terminate=yes"], capture_output=True)
    try:
        server.wait(20)
    except subprocess.TimeoutExpired:
        server.kill()
case.end(faults, f"ecFlow: {tasks}, {len(cycles)} cycle and {len(late)} late ones")
