#!/usr/bin/env python3
"""The nowcast against the reference scores of another system, on the same base times, pixels, leads, thresholds and scales.

usage: skill.py BUILD_FOLDER [WORK_FOLDER] [CASE...]

Reads the folder of real data (GUYU_REAL_DATA, else ../shared/data) and peer_skill.json (../shared/reference). Prints, always guyu first and then the reference: CSI and FSS of
the deterministic nowcast, and CRPS, spread over error and the reliability term of the ensemble. Exit code 1 when a deterministic score is lower by more than 0.0005.
Three frames each, as the reference had.
"""
import json, os, subprocess, sys, tempfile
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

build = sys.argv[1]
work = sys.argv[2] if len(sys.argv) > 2 else tempfile.mkdtemp(prefix="guyu-skill-")
data = os.environ.get("GUYU_REAL_DATA", "../shared/data")
peers = json.load(open(os.path.join(data, "../reference/peer_skill.json")))
LEAST = 5e-4

FILES = {"knmi_20100826": "radar/knmi_20100826/RAD_NL25_RAP_5min_%Y%m%d%H%M.h5",
         "bom_c10_20201031": "radar/bom66_20201031/66_%Y%m%d_%H%M00.prcp-c10.nc",
         "mrms4km_20190610": "radar/mrms_conus_20190610/PrecipRate_00.00_%Y%m%d-%H%M00.grib2"}


def run(*words, allowed=(0,)):
    done = subprocess.run([build + "/cli/guyu", *words], capture_output=True, text=True)
    if done.returncode not in allowed:
        sys.exit(f"guyu {' '.join(words[:2])}: {done.returncode} {done.stderr[-600:]}")


def frame(case, time):
    """The file of one time on the grid that the reference was scored on; the mosaic's means over 4 x 4 cells are kept in the work folder."""
    path = os.path.join(data, time.strftime(FILES[case]))
    if case != "mrms4km_20190610":
        return path
    coarse = os.path.join(work, "coarse", time.strftime("%Y%m%d%H%M.nc"))
    if not os.path.exists(coarse):
        os.makedirs(os.path.dirname(coarse), exist_ok=True)
        run("regrid", "--input", path, "--bbox", "-130,20,-60,55", "--spacing", "0.04", "--method", "conservative", "--missing", "renormalise", "--least-valid", "0.01",
            "--cache", work + "/cache", "--out", coarse)
    return coarse


def scores(case, peer, kind, verb, thresholds, policies):
    """Nowcasts of all base times by `verb`, scored; {(policy, lead): scores.json of the lead}."""
    step = timedelta(minutes=peers["deterministic"][case]["frame_spacing_min"])
    bases = [datetime.strptime(t, "%Y%m%d%H%M") for t in peer["base_times"]]
    out = os.path.join(work, case, kind)
    for folder in ("fc", "observed"):
        os.makedirs(os.path.join(out, folder), exist_ok=True)
    for time in sorted({b + timedelta(minutes=l) for b in bases for l in peer["leads_min"]}):
        path = frame(case, time)
        link = os.path.join(out, "observed", os.path.basename(path))
        if not os.path.lexists(link):
            os.symlink(os.path.abspath(path), link)
    frames = {b: [frame(case, b - k * step) for k in range(3)] for b in bases}
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda b: run("--threads", "1", *verb, "--input", *frames[b], "--out", out + b.strftime("/fc/%Y%m%d%H%M.nc")), bases))
    result = {}
    for policy in policies:
        run("verify", out + "/fc", out + "/observed/*", "--event", "above", "--missing-forecast", policy, "--leads", ",".join(map(str, peer["leads_min"])), "--thresholds",
            ",".join(thresholds), "--scales", ",".join(map(str, peers["deterministic"][case]["fss_scales_px"])), "--bootstrap", "0", "--out", f"{out}/{policy}", "--quiet",
            allowed=(0, 1))
        for lead in json.load(open(f"{out}/{policy}/scores.json"))["leads"]:
            result[policy, round(lead["lead_minutes"])] = lead
    return result


def value(lead, score, threshold=None, scale=None):
    for s in lead["scores"]:
        if s["score"] == score and s.get("threshold") == threshold and s.get("scale_cells") == scale:
            return s["value"]
    return None


worse, differences = 0, {"csi": [], "fss": []}


def compare(name, mine, theirs, label):
    global worse
    if mine is None or theirs is None:
        return ""
    differences[name].append(mine - theirs)
    low = mine < theirs - LEAST
    worse += low
    return f" {label}: {mine:.3f} {theirs:.3f}{'*' if low else ' '}"


def deterministic(case):
    peer = peers["deterministic"][case]
    reference = peer["methods"]["lk_extrap"]
    thresholds = sorted(reference[str(peer["leads_min"][0])]["zerofill"]["thr"], key=float)
    ours = scores(case, peer, "deterministic", ["extrapolate", "--leads", ",".join(map(str, peer["leads_min"]))], thresholds, ("zero", "skip"))
    for lead in peer["leads_min"]:
        zero, known = ours["zero", lead], ours["skip", lead]
        theirs = reference[str(lead)]
        print(f"{case} {lead} min, forecast known at {known['pairs']} cells (reference {theirs['pairs']['n']}) of {theirs['zerofill']['n']}")
        for t in thresholds:
            scored = theirs["zerofill"]["thr"][t]
            line = compare("csi", value(zero, "csi", float(t)), scored["csi"], "csi")
            for n, fss in scored["fss"].items():
                line += compare("fss", value(zero, "fss", float(t), int(n)), fss, f"fss{n}")
            both = value(known, "csi", float(t)), theirs["pairs"]["thr"][t]["csi"]
            print(f"  {float(t):5g} mm/h {line}" + ("" if None in both else f" csi where known: {both[0]:.3f} {both[1]:.3f}"))


def ensemble(case):
    peer = peers["steps_ensemble"][case]
    step = 10 if case.startswith("bom") else 5
    thresholds = sorted(peer["leads"][str(peer["leads_min"][0])]["thr"], key=float)
    verb = ["nowcast", "--members", str(peer["members"]), "--seed", str(peer["seed"]), "--step", str(step), "--leads", str(max(peer["leads_min"]) // step)]
    ours, ratios = scores(case, peer, "ensemble", verb, thresholds, ("zero",)), []
    for lead in peer["leads_min"]:
        mine, theirs = ours["zero", lead], peer["leads"][str(lead)]
        spread = theirs["spread_skill"]
        ratios.append(value(mine, "crps") / theirs["crps"])
        print(f"{case} {lead} min, {peer['members']} members: crps {value(mine, 'crps'):.3f} {theirs['crps']:.3f} (ratio {ratios[-1]:.3f})"
              f"  spread/error {value(mine, 'spread_skill_ratio'):.2f} {spread['rms_spread'] / spread['rmse_mean']:.2f}  reliability "
              + " ".join(f"{value(mine, 'brier_reliability', float(t)):.4f} {theirs['thr'][t]['reliability']:.4f};" for t in thresholds))
    return ratios


cases = sys.argv[3:] or list(peers["deterministic"])
for c in cases:
    deterministic(c)
ratios = [r for c in cases if c in peers["steps_ensemble"] for r in ensemble(c)]
count = {k: len(v) for k, v in differences.items()}
print(f"deterministic: {worse} of {sum(count.values())} lower than the reference; mean difference " + ", ".join(f"{k} {sum(v) / count[k]:+.4f}" for k, v in differences.items()))
if ratios:
    print(f"ensemble: mean ratio of CRPS {sum(ratios) / len(ratios):.3f}")
sys.exit(worse > 0)
