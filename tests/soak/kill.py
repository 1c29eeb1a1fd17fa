#!/usr/bin/env python3
"""Kills one part of the line with SIGKILL at random times, again and again, and then counts what was lost and what was doubled.

usage: kill.py VICTIM KILLS SEED BUILD_FOLDER      VICTIM: run, dispatch, broker, receiver

The line is real: made-up cycles (soak_feed, in the place of guyu run) -> guyu dispatch -> mosquitto -> guyu receive, receipts back over the broker, and a spool
folder beside it. Exit code 0: nothing lost, nothing doubled, the audit is whole.
"""
import os, random, shutil, signal, socket, sqlite3, subprocess, sys, tempfile, time

victim, kills, seed, build = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), os.path.abspath(sys.argv[4])
guyu, feed = build + "/cli/guyu", build + "/alerts/soak_feed"
random.seed(seed)
if not shutil.which("mosquitto"):
    print("skipped: mosquitto is not installed")
    sys.exit(0)
top = tempfile.mkdtemp(prefix="guyu-soak-")
out, alerts = top + "/out", top + "/out/alerts"
with socket.socket() as s:
    s.bind(("127.0.0.1", 0))
    port = s.getsockname()[1]
open(top + "/mosquitto.conf", "w").write(
    f"listener {port} 127.0.0.1\nallow_anonymous true\npersistence true\npersistence_location {top}/\nmax_queued_messages 100000\n")
open(top + "/station.toml", "w").write(f"""
[[mqtt]]
name = "county"
host = "127.0.0.1"
port = {port}
receipt_topic = "guyu/receipts"
timeout = "2 s"
resend_after = "1 s"
retry_first = "1 s"
retry_longest = "2 s"
[[spool]]
name = "files"
folder = "spool"
retry_longest = "2 s"
""")


class Part:
    def __init__(self, name, *words):
        self.name, self.words, self.process = name, words, None

    def start(self):
        log = open(f"{top}/{self.name}.log", "a")
        self.process = subprocess.Popen(self.words, stdout=log, stderr=log)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(60)


broker = Part("broker", "mosquitto", "-c", top + "/mosquitto.conf")
dispatch = Part("dispatch", guyu, "dispatch", top + "/station.toml", "--out", out)
receiver = Part("receiver", guyu, "receive", top + "/received", "--mqtt", f"127.0.0.1:{port}", "--receipt-topic", "guyu/receipts", "--name", "county")
runs = Part("run", feed, alerts, "12", "6", "4", "1000000", "250", str(seed))
parts = {"broker": broker, "dispatch": dispatch, "receiver": receiver, "run": runs}
for part in (broker, dispatch, receiver, runs):
    part.start()
    time.sleep(0.3)
began = time.time()
done = 0
while done < kills:
    time.sleep(random.uniform(0.02, 0.5))
    part = parts[victim]
    if part.process.poll() is not None:
        print(f"FAILED: {victim} ended by itself, see {top}/{victim}.log")
        sys.exit(1)
    part.kill()
    done += 1
    part.start()
    for other in parts.values():
        if other.process.poll() is not None:
            print(f"FAILED: {other.name} did not survive the kills of {victim}, see {top}/{other.name}.log")
            sys.exit(1)
runs.kill()


def rows(path, sql):
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=30) as db:
        return db.execute(sql).fetchall()


store, received = alerts + "/store.db", top + "/received/received.db"
deadline = time.time() + 240
while time.time() < deadline:
    inbox = [n for n in os.listdir(alerts + "/inbox") if n.endswith(".json")]
    if not inbox and not rows(store, "SELECT 1 FROM outbox WHERE state IN ('queued', 'accepted') LIMIT 1"):
        break
    time.sleep(0.3)
dispatch.stop(), receiver.stop(), broker.stop()

faults = []
put = [line.strip() for line in open(top + "/run.log") if line.strip().endswith(".cycle.json")]
items = {n for (n,) in rows(store, "SELECT name FROM items")}
faults += [f"cycle {n} was handed over and is not decided" for n in put if n not in items]
faults += [f"{n} was refused" for n in os.listdir(alerts + "/refused")]
faults += [f"{k}: {s} ({d})" for k, s, d in rows(store, "SELECT key, state, detail FROM outbox WHERE state NOT IN ('delivered', 'superseded')")]
sent = dict(rows(store, "SELECT identifier, xml FROM messages WHERE state = 'approved' AND hazard != 'heartbeat'"))
got = dict(rows(received, "SELECT identifier, xml FROM messages"))
delivered = {i for (i,) in rows(store, "SELECT m.identifier FROM outbox o JOIN messages m ON m.seq = o.message WHERE o.channel = 'county' AND o.state = 'delivered'")}
faults += [f"{i}: receipted and not received" for i in delivered if i not in got]
faults += [f"{i}: received and never sent" for i in got if i not in sent]
faults += [f"{i}: received with other bytes" for i in got if i in sent and got[i] != sent[i]]
spooled = {f[:-4] for f in os.listdir(out + "/spool") if f.endswith(".xml")}
wanted = {i for (i,) in rows(store, "SELECT m.identifier FROM outbox o JOIN messages m ON m.seq = o.message WHERE o.channel = 'files' AND o.state = 'delivered'")}
faults += [f"{i}: not in the spool folder" for i in wanted - spooled]
audit = subprocess.run([guyu, "alerts", "audit", "--alerts", alerts], capture_output=True, text=True)
if audit.returncode != 0:
    faults.append("audit: " + audit.stdout.strip().splitlines()[0])
repeats = rows(received, "SELECT coalesce(sum(times - 1), 0) FROM keys")[0][0]
superseded = rows(store, "SELECT count(*) FROM outbox WHERE state = 'superseded'")[0][0]
print(f"{victim}: {kills} kills, seed {seed}: {len(items)} cycles decided, {len(sent)} messages, {len(delivered)} receipted by the receiver, {superseded} superseded, "
      f"{repeats} transport repeats, {len(faults)} lost or doubled, {time.time() - began:.0f} s")
for f in faults[:20]:
    print("  " + f)
if faults:
    print("  kept in " + top)
    sys.exit(1)
shutil.rmtree(top, ignore_errors=True)
