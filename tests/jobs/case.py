"""A small case for the trials of jobs: the made-up demo's inputs with a configuration of few members, below a temporary folder."""
import fcntl, glob, hashlib, os, re, shutil, subprocess, sys, tempfile

LAUNCHED = ["timeout", "-k", "10", "300", "mpirun", "--oversubscribe", "--allow-run-as-root", "--bind-to", "none", "--mca", "btl", "self,vader,tcp", "--mca", "mpi_yield_when_idle",
            "1"]
# What may differ from run to run: timings, wall times of the store and its audit, locks, caches.
LEFT_OUT = re.compile(r"(^|/)report\.json$|^alerts/|^cache/|\.lock$|^status\.json$|^metrics\.prom$|/before/")


PLACES = """name = "places"
hazard = "waterlogging"
source = "made up"
edition = "1"
verified = true
quantity = "precipitation_amount"
[[rule]]
level = "blue"
statistic = "max"
window = "3 h"
threshold = "50 mm"
[[rule]]
level = "yellow"
statistic = "p90"
window = "6 h"
threshold = "60 mm"
"""


class Case:
    members = 6

    def __init__(self, build, name):
        build = os.path.abspath(build)
        self.guyu, self.guyu_mpi = build + "/cli/guyu", build + "/cli/guyu-mpi"
        self.top = tempfile.mkdtemp(prefix=f"guyu-{name}-")
        inputs = build + "/test_inputs/demo_data"
        os.makedirs(os.path.dirname(inputs), exist_ok=True)
        lock = open(inputs + ".lock", "w")
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not os.path.exists(inputs + "/done"):  # made once for all trials
            whole = tempfile.mkdtemp(prefix="guyu-demo-")
            done = subprocess.run([self.guyu, "demo", "--out", whole + "/demo"], capture_output=True, text=True)
            if done.returncode not in (0, 1):
                sys.exit("FAILED: guyu demo: " + done.stdout + done.stderr)
            shutil.rmtree(inputs, ignore_errors=True)
            shutil.copytree(whole + "/demo/data", inputs)
            open(inputs + "/done", "w").close()
            shutil.rmtree(whole)
        lock.close()
        self.data = self.top + "/data"
        shutil.copytree(inputs, self.data)
        os.remove(self.data + "/done")
        self.frames = sorted(glob.glob(self.data + "/radar/*.h5"))
        stamps = [re.search(r"(\d{12})", os.path.basename(f)).group(1) for f in self.frames]
        self.times = [f"{s[:4]}-{s[4:6]}-{s[6:8]}T{s[8:10]}:{s[10:12]}:00Z" for s in stamps]
        self.config = self.top + "/case.toml"
        self.configure()

    def configure(self, members=None, more=""):
        text = open(os.path.join(os.path.dirname(__file__), "../../configs/demo.toml")).read()
        text += f'\n[ensemble]\nmembers = {members or self.members}\nlagged = 2\n' + more
        # Sums place by place too, which go with the members to wherever they are made.
        text = text.replace('pack = "cma_2007_rainstorm"', 'packs = ["cma_2007_rainstorm", "./places.toml"]')
        with open(self.data + "/places.toml", "w") as f:
            f.write(PLACES)
        text = text.replace("[products]\nmap_width = 1400", "[products]\nmap_width = 500")
        with open(self.config, "w") as f:
            f.write(text)

    def end(self, faults, told):
        print(told + (f", {len(faults)} faults" if faults else ", no fault"))
        for f in faults[:20]:
            print("  " + f)
        if faults:
            print("  kept in " + self.top)
            sys.exit(1)
        shutil.rmtree(self.top, ignore_errors=True)


def tree(out):
    """SHA-256 of every file below `out` that a second run must repeat."""
    found = {}
    for folder, _, names in os.walk(out):
        for name in names:
            path = os.path.join(folder, name)
            inside = os.path.relpath(path, out)
            if not LEFT_OUT.search(inside):
                found[inside] = hashlib.sha256(open(path, "rb").read()).hexdigest()
    return found


def same(reference, other, what):
    faults = [f"{what}: {n} is missing" for n in reference if n not in other]
    faults += [f"{what}: {n} should not be there" for n in other if n not in reference]
    return faults + [f"{what}: {n} has other bytes" for n in reference if n in other and other[n] != reference[n]]
