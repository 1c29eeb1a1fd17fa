#!/usr/bin/env python3
"""Times the MRMS ensemble nowcast on several ranks and threads, in turns: wall time, CPU time of all processes, and 2 ranks x 1 thread against 1 rank x 2 threads.

usage: ranks.py BUILD_FOLDER DATA_FOLDER [ROUNDS [MEMBERS]]
  DATA_FOLDER  with radar/mrms_conus_20190610 and regions/us_counties.gpkg; three frames six minutes apart are brought to 0.02 degrees (760 x 1226)
"""
import glob, os, resource, shutil, statistics, subprocess, sys, tempfile, time

build, data = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 5
members = sys.argv[4] if len(sys.argv) > 4 else "24"
guyu, top = build + "/cli/guyu", tempfile.mkdtemp(prefix="guyu-bench-")
frames = []
for source in sorted(glob.glob(data + "/radar/mrms_conus_20190610/*.grib2"))[:7:3]:
    frames.append(f"{top}/{len(frames)}.nc")
    subprocess.run([guyu, "regrid", "--input", source, "--crs", "EPSG:4326", "--bbox=-107,26,-82.48,41.2", "--spacing", "0.02", "--method", "conservative", "--missing", "renormalise",
                    "--cache", top + "/cache", "--out", frames[-1]], check=True)
words = ["nowcast", "--input", *frames, "--members", members, "--leads", "12", "--step", "5", "--no-members", "--regions", data + "/regions/us_counties.gpkg", "--code", "id",
         "--cache", top + "/cache", "--out", top + "/out.nc"]
launched = ["timeout", "-k", "10", "900", "mpirun", "--oversubscribe", "--allow-run-as-root", "--bind-to", "none", "-n"]


def once(ranks, threads):
    start = [guyu] if ranks == 1 else [*launched, str(ranks), build + "/cli/guyu-mpi"]
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.time()
    done = subprocess.run([*start, "--threads", str(threads), *words], capture_output=True, text=True)
    wall, after = time.time() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 1):
        sys.exit(f"{ranks} ranks x {threads} threads: {done.returncode} {done.stderr[-500:]}")
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


once(1, 1)  # makes the weights
times = {(1, 1): [], (1, 2): [], (2, 1): [], (4, 1): []}
for _ in range(rounds):
    for way in times:
        times[way].append(once(*way))
shutil.rmtree(top)
print("ranks x threads  wall s: shortest, median  CPU s: least, median")
for (ranks, threads), runs in times.items():
    walls, cpus = zip(*runs)
    print(f"{ranks:5} x {threads}         {min(walls):6.2f} {statistics.median(walls):6.2f}        {min(cpus):6.2f} {statistics.median(cpus):6.2f}")
ratios = [two[0] / one[0] for one, two in zip(times[1, 2], times[2, 1])]
print(f"2 x 1 against 1 x 2, wall, in turns: median {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})")
