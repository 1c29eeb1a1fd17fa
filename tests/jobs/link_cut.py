#!/usr/bin/env python3
"""Two hosts, simulated by network namespaces, make one ensemble; the link between them goes down in the middle. The launcher hears nothing of it, so the job ends by the limit
that it was started with, nothing that is visible is wrong, and the next start goes on with the members that were finished and gives the bytes of a run in peace.

usage: link_cut.py BUILD_FOLDER
"""
import glob, json, os, shutil, signal, subprocess, sys, time

from case import Case, same, tree

HOSTS = ["guyu-a", "guyu-b"]
ADDRESSES = ["10.77.83.1", "10.77.83.2"]


def quiet(*words):
    return subprocess.run(words, capture_output=True, text=True).returncode == 0


def up():
    for host in HOSTS:
        if not quiet("ip", "netns", "add", host):
            return False
    if not quiet("ip", "-n", HOSTS[0], "link", "add", "link0", "type", "veth", "peer", "name", "link0", "netns", HOSTS[1]):
        return False
    return all(quiet("ip", "-n", host, "addr", "add", address + "/24", "dev", "link0") and quiet("ip", "-n", host, "link", "set", "link0", "up")
               and quiet("ip", "-n", host, "link", "set", "lo", "up") for host, address in zip(HOSTS, ADDRESSES))


def processes(host):
    return [int(p) for p in subprocess.run(["ip", "netns", "pids", host], capture_output=True, text=True).stdout.split()]


def down():
    for pid in [p for host in HOSTS for p in processes(host)]:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    for host in HOSTS:
        quiet("ip", "netns", "del", host)


case = Case(sys.argv[1], "link")
if os.geteuid() != 0 or not shutil.which("ip"):
    print("skipped: network namespaces need root and iproute2")
    sys.exit(0)
if not os.path.exists(case.guyu_mpi) or not shutil.which("mpirun"):
    print("skipped: no guyu-mpi or no mpirun; install openmpi-bin and libopenmpi-dev and build again")
    sys.exit(0)
down()  # what a killed trial left
case.configure(members=24)
agent = case.top + "/agent"
with open(agent, "w") as f:  # stands in for ssh: agent ADDRESS COMMAND...
    f.write(f"""#!/bin/bash
case $1 in {ADDRESSES[0]}) host={HOSTS[0]} ;; *) host={HOSTS[1]} ;; esac
shift
exec ip netns exec $host unshare --uts bash -c "hostname $host; cd '$PWD'; exec \\"\\$0\\" -c \\"\\$1\\"" bash "$*"
""")
os.chmod(agent, 0o755)


def command(out, limit):
    mpirun = ["mpirun", "--allow-run-as-root", "--bind-to", "none", "--mca", "plm_rsh_agent", agent, "--mca", "plm_rsh_no_tree_spawn", "1", "--mca", "oob_tcp_if_include", "link0", "--mca",
              "btl", "self,tcp", "--mca", "btl_tcp_if_include", "link0", "--host", ",".join(a + ":1" for a in ADDRESSES), "-n", "2"]
    guyu = [case.guyu_mpi, "--threads", "1", "run", case.config, "--data", case.data, "--out", out, "--time", case.times[-1], "--cache", case.top + "/cache", "--quiet"]
    return ["ip", "netns", "exec", HOSTS[0], "unshare", "--uts", "bash", "-c", f"hostname {HOSTS[0]}; exec \"$@\"", "bash", "timeout", "-k", "5", str(limit), *mpirun, *guyu]


faults = []
try:
    if not up():
        print("skipped: network namespaces cannot be made here")
        sys.exit(0)
    began = time.time()
    peace = subprocess.run(command(case.top + "/peace", 300), capture_output=True, text=True)
    peace_seconds = time.time() - began
    if peace.returncode not in (0, 1):
        sys.exit("FAILED: the run in peace: " + peace.stderr)
    reference = tree(case.top + "/peace")
    ranks = json.load(open(case.top + "/peace/report.json"))["ranks"]
    if [r["host"] for r in ranks] != HOSTS or not all(r["members"] > 0 for r in ranks):
        faults.append(f"both hosts were to make members: {ranks}")

    out = case.top + "/out"
    limit = max(15, round(3 * peace_seconds))
    run = subprocess.Popen(command(out, limit), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while run.poll() is None and len(glob.glob(out + "/work/*/members/*.unit")) < 4:
        time.sleep(0.005)
    quiet("ip", "-n", HOSTS[0], "link", "set", "link0", "down")
    cut = time.time()
    run.communicate()
    ended = time.time() - cut
    if run.returncode in (0, 1):
        faults.append(f"the link was cut and the run said {run.returncode}")
    if ended > limit + 15:
        faults.append(f"the job went on for {ended:.0f} s, its limit is {limit} s")
    for name, digest in tree(out).items():
        if not name.startswith(("state/", "work/")) and ".tmp" not in name and reference.get(name) != digest:
            faults.append(f"{name} is visible with other bytes")
    units = len(glob.glob(out + "/work/*/members/*.unit"))
    # The other host is out of reach: what is left on it is its own batch system's to end, and stands here until the trial's end. On this one a rank that lost its launcher ends
    # by itself; until then it holds the lock.
    began = time.time()
    while processes(HOSTS[0]) and time.time() - began < 30:
        time.sleep(0.05)
    if processes(HOSTS[0]):
        faults.append("a rank goes on 30 s after its launcher has ended")
    again = subprocess.run([case.guyu, "--threads", "1", "run", case.config, "--data", case.data, "--out", out, "--time", case.times[-1], "--cache", case.top + "/cache", "--quiet"],
                           capture_output=True, text=True)
    if again.returncode not in (0, 1):
        faults.append(f"the next start ended with {again.returncode}: {again.stderr}")
    made = sum(r["members"] for r in json.load(open(out + "/report.json"))["ranks"]) if os.path.exists(out + "/report.json") else -1
    if made != 24 - units:
        faults.append(f"{units} members were finished, and the next start made {made} of 24")
    faults += same(reference, tree(out), "after the cut")
    told = f"the link was cut with {units} of 24 members finished; the job ended after {ended:.0f} s with {run.returncode} (limit {limit} s), the next start made {made}"
finally:
    down()
case.end(faults, told)
