#!/usr/bin/env python3
"""A burst of warnings: how long they take to be decided, and to be sent when the broker was away; how fast red warnings are in the midst of it.

usage: burst.py MESSAGES BUILD_FOLDER [MINUTES_AWAY [singles]]

Real parts: guyu dispatch, mosquitto, guyu receive with receipts; every message signed. The queue is filled while the broker is away (for MINUTES_AWAY more, 0 when
not said). singles: the second part alone. Cycles with one red warning each are handed over while the groups stand and while
the queue drains; the time of each runs from the hand-over to the receiver's store.
"""
import os, shutil, sqlite3, subprocess, sys, tempfile, threading, time

from line import free_port, rows

messages, build = int(sys.argv[1]), os.path.abspath(sys.argv[2])
away = float(sys.argv[3]) if len(sys.argv) > 3 else 0
groups_too = "singles" not in sys.argv[4:]
guyu, feed = build + "/cli/guyu", build + "/alerts/soak_feed"
top = tempfile.mkdtemp(prefix="guyu-burst-")
port = free_port()
subprocess.run(["openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", top + "/key.pem"], check=True)
os.chmod(top + "/key.pem", 0o600)
subprocess.run(["openssl", "req", "-x509", "-new", "-key", top + "/key.pem", "-subj", "/CN=burst", "-days", "2", "-out", top + "/cert.pem"], check=True)
open(top + "/mosquitto.conf", "w").write(f"listener {port} 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\n")
open(top + "/station.toml", "w").write(f"""
[signing]
key = "key.pem"
certificate = "cert.pem"
[[mqtt]]
name = "county"
host = "127.0.0.1"
port = {port}
receipt_topic = "guyu/receipts"
retry_longest = "5 s"
""")
children, missed = [], []


def start(*words):
    log = open(top + "/log", "a")
    children.append(subprocess.Popen(words, stdout=log, stderr=log))
    return children[-1]


def put(*words):
    return subprocess.run([feed, *map(str, words)], check=True, capture_output=True, text=True).stdout.split()


def until(what, condition, most):
    began = time.time()
    while time.time() - began < most:
        try:
            if condition():
                return time.time() - began
        except sqlite3.Error:
            pass
        time.sleep(0.1)
    print(f"FAILED: {what} did not happen within {most} s; kept in {top}")
    for c in children:
        c.kill()
    sys.exit(1)


def reds(out, received, group, most, pause, what, first=1, kind="--red"):
    """Hands over red warnings of single townships, from number `first` on, one by one and times each until the receiver has it."""
    process = subprocess.Popen([feed, out + "/alerts", str(side), str(side), str(group), str(most), str(int(1000 * pause)), str(first), kind, str(int(20 + away))], stdout=subprocess.PIPE, text=True)
    store = out + "/alerts/store.db"
    handed_over, waiting, times, last = [], {}, [], rows(store, "SELECT max(seq) FROM messages")[0][0]
    listener = threading.Thread(target=lambda: handed_over.extend(time.time() for _ in process.stdout))
    listener.start()
    decided, deadline = 0, time.time() + 30 + most * (pause + 10)
    while len(times) < most:
        if time.time() > deadline:
            print(f"FAILED: {most - len(times)} of {most} red warnings {what} did not come")
            missed.append(what)
            return
        for last, identifier in rows(store, f"SELECT seq, identifier FROM messages WHERE seq > {last} AND level = 4 ORDER BY seq"):
            while len(handed_over) <= decided:
                time.sleep(0.001)  # the listener is behind the store
            waiting[identifier] = handed_over[decided]
            decided += 1
        for identifier in list(waiting):
            if rows(received, f"SELECT 1 FROM messages WHERE identifier = '{identifier}'"):
                times.append(time.time() - waiting.pop(identifier))
        time.sleep(0.02)
    listener.join()
    times.sort()
    print(f"{most} red warnings {what}: median {times[most // 2]:.2f} s, p99 {times[max(0, -(-99 * most // 100) - 1)]:.2f} s, longest {times[-1]:.2f} s from hand-over to the receiver's store", flush=True)


try:
    side = int(messages ** 0.5 + 0.999)
    # 1. All townships at once, grouped as they would be.
    if groups_too:
        grouped = start(guyu, "dispatch", top + "/station.toml", "--out", top + "/grouped")
        time.sleep(1)
        item, = put(top + "/grouped/alerts", side, side, 300, 1, 0, 1, "--calm")
        took = until("the grouped decision", lambda: rows(top + "/grouped/alerts/store.db", f"SELECT 1 FROM items WHERE name = '{item}'"), 120)
        groups = rows(top + "/grouped/alerts/store.db", "SELECT count(*) FROM messages WHERE hazard != 'heartbeat'")[0][0]
        print(f"{side * side} townships warned at once: {groups} messages decided, written, signed and kept in {took:.1f} s", flush=True)
        broker = start("mosquitto", "-c", top + "/mosquitto.conf")
        receiver = start(guyu, "receive", top + "/received_groups", "--mqtt", f"127.0.0.1:{port}", "--receipt-topic", "guyu/receipts")
        until("the first receipt", lambda: rows(top + "/received_groups/received.db", "SELECT 1 FROM messages LIMIT 1"), 60)
        reds(top + "/grouped", top + "/received_groups/received.db", 300, 50, 1, "while these groups stand")
        for c in (grouped, receiver, broker):
            c.terminate(), c.wait()
    # 2. One message each, the broker away.
    out, store = top + "/out", top + "/out/alerts/store.db"
    start(guyu, "dispatch", top + "/station.toml", "--out", out)
    time.sleep(1)
    item, = put(out + "/alerts", side, side, 1, 1, 0, 1, "--calm", int(20 + away))
    took = until("the decision of single messages", lambda: rows(store, f"SELECT 1 FROM items WHERE name = '{item}'"), 600)
    print(f"{side * side} single messages written, signed and kept in {took:.1f} s", flush=True)
    time.sleep(60 * away)
    start("mosquitto", "-c", top + "/mosquitto.conf")
    start(guyu, "receive", top + "/received", "--mqtt", f"127.0.0.1:{port}", "--receipt-topic", "guyu/receipts")
    watch = threading.Thread(daemon=True, target=reds, args=(out, top + "/received/received.db", 1, 20, 1.5, "in the midst of it"))
    watch.start()
    took = until("the drain", lambda: not rows(store, "SELECT 1 FROM outbox WHERE state IN ('queued', 'accepted') LIMIT 1"), 600)
    watch.join()
    kept = rows(top + "/received/received.db", "SELECT count(*) FROM messages")[0][0]
    print(f"after the broker came back: all {kept} received, with receipts, in {took:.1f} s ({kept / took * 60:.0f} a minute)", flush=True)
    # 3. The single events stand, and nothing else is under way.
    reds(out, top + "/received/received.db", 1, 100, 2, "while the single events stand and nothing is known of the others", 1000)
    reds(out, top + "/received/received.db", 1, 30, 5, "while the single events stand and each of the others is found again", 2000, "--spot")
finally:
    for c in children:
        c.kill()
    shutil.rmtree(top, ignore_errors=True)
sys.exit(1 if missed else 0)
