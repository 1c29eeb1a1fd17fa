#!/usr/bin/env python3
"""Arrivals of storm cells at townships, as `guyu cells` foretells them, against where cells were found later.

usage: arrivals.py BUILD_FOLDER [WORK_FOLDER] [CASE...]

Reads the folder of real data (GUYU_REAL_DATA, else ../shared/data). Townships are cells of a mesh of 0.1 degrees. Each forecast is made from six frames, at its defaults; a township
that holds no cell then is reached when a cell touches it in a later frame within the hour. Prints how often those were reached that were given a share of so much, and of those that were:
the error of the median arrival and how many came within its 10 to 90 % bounds.
"""
import csv, glob, json, os, re, subprocess, sys, tempfile
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

build = sys.argv[1]
work = sys.argv[2] if len(sys.argv) > 2 else tempfile.mkdtemp(prefix="guyu-arrivals-")
data = os.environ.get("GUYU_REAL_DATA", "../shared/data")
FRAMES, HORIZON, CLASSES = 6, 60, [0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1.01]
# Files, the time in their names, area of the mesh, minutes between base times.
CASES = {"mrms": ("radar/mrms_conus_20190610/*.grib2", r"_(\d{8})-(\d{6})", (-106, 28, -90, 40), 4),
         "brisbane": ("radar/bom66_20201031/*.nc", r"_(\d{8})_(\d{6})", (151.4, -29, 154.1, -26.4), 20),
         "knmi": ("radar/knmi_20100826/*.h5", r"(\d{8})(\d{4})\.h5", (3.2, 50.6, 7.4, 53.7), 20)}


def mesh(path, west, south, east, north, step=0.1):
    features = []
    for j in range(round((north - south) / step)):
        for i in range(round((east - west) / step)):
            x, y = west + i * step, south + j * step
            ring = [[x, y], [x + step, y], [x + step, y + step], [x, y + step], [x, y]]
            features.append({"type": "Feature", "properties": {"code": f"r{j}c{i}"}, "geometry": {"type": "Polygon", "coordinates": [ring]}})
    json.dump({"type": "FeatureCollection", "features": features}, open(path, "w"))


def cells(frames, regions, table):
    """The rows of the arrival table of some frames."""
    if not os.path.exists(table):
        done = subprocess.run([build + "/cli/guyu", "--threads", "1", "cells", "--input", *frames, "--regions", regions, "--code", "code", "--out", table + ".geojson", "--table", table],
                              capture_output=True, text=True)
        if done.returncode not in (0, 1):
            sys.exit(f"guyu cells {frames[-1]}: {done.returncode} {done.stderr[-600:]}")
    return list(csv.DictReader(open(table)))


def score(name):
    pattern, clock, area, every = CASES[name]
    folder = os.path.join(work, name)
    os.makedirs(folder, exist_ok=True)
    regions = folder + "/mesh.geojson"
    mesh(regions, *area)
    files = {}
    for path in sorted(glob.glob(os.path.join(data, pattern))):
        day, time = re.search(clock, os.path.basename(path)).groups()
        files[datetime.strptime(day + time[:4], "%Y%m%d%H%M")] = path
    times = sorted(files)
    if not times:
        return print(f"{name}: skipped, no files")
    bases = [t for k, t in enumerate(times) if k >= FRAMES - 1 and t + timedelta(minutes=30) <= times[-1] and (t - times[FRAMES - 1]).total_seconds() % (60 * every) == 0]
    with ThreadPoolExecutor(2) as pool:
        # Cells of one frame stand in a township from the first minute on, on every path.
        there = dict(zip(times, pool.map(lambda t: {r["code"] for r in cells([files[t]], regions, f"{folder}/there_{t:%Y%m%d%H%M}.csv") if r["latest_min"] == "0"}, times)))
        told = dict(zip(bases, pool.map(lambda t: cells([files[u] for u in times[times.index(t) - FRAMES + 1: times.index(t) + 1]], regions, f"{folder}/told_{t:%Y%m%d%H%M}.csv"), bases)))
    size, reached, shares = [0] * len(CLASSES), [0] * len(CLASSES), [0.0] * len(CLASSES)
    errors, bounds, missed, brier, brier_never = [], [], 0, 0.0, 0
    for base in bases:
        first = {}
        for t in times:
            if base < t <= base + timedelta(minutes=HORIZON):
                for code in there[t]:
                    first.setdefault(code, (t - base).total_seconds() / 60)
        first = {c: m for c, m in first.items() if c not in there[base]}
        none, best = {}, {}
        for r in told[base]:
            if r["code"] in there[base]:
                continue
            none[r["code"]] = none.get(r["code"], 1) * (1 - float(r["share"]))
            if float(r["share"]) > float(best.get(r["code"], {"share": -1})["share"]):
                best[r["code"]] = r
        for code, miss in none.items():
            p, hit = 1 - miss, code in first
            k = max(i for i, c in enumerate(CLASSES) if c <= p)
            size[k] += 1
            shares[k] += p
            reached[k] += hit
            brier += (p - hit) ** 2
            if hit and p >= 0.2:
                r = best[code]
                errors.append(first[code] - float(r["time_to_arrival_min"]))
                # A frame shows what came since the one before it.
                gap = (times[1] - times[0]).total_seconds() / 60
                bounds.append(float(r["earliest_min"]) <= first[code] and first[code] - gap <= float(r["latest_min"]))
        missed += len(first.keys() - none.keys())
        brier += len(first.keys() - none.keys())
        brier_never += len(first)
    print(f"{name}: {len(bases)} base times, {sum(reached) + missed} townships reached, {missed} of them given no share; Brier score {brier / max(brier_never, 1):.3f} of that of no forecast")
    for k in range(len(CLASSES) - 1):
        if size[k]:
            print(f"  share {CLASSES[k]:.2f} to {min(CLASSES[k + 1], 1):.2f}: {size[k]:6d} townships, mean {shares[k] / size[k]:.2f}, reached {reached[k] / size[k]:.2f}")
    if errors:
        errors.sort()
        mean = sum(errors) / len(errors)
        print(f"  of {len(errors)} given 0.2 or more and reached: later by {mean:+.1f} min in the mean, error {sum(map(abs, errors)) / len(errors):.1f} min, within the bounds {sum(bounds) / len(bounds):.2f}")


for case in sys.argv[3:] or CASES:
    score(case)
