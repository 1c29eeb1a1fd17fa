"""The line of real parts that the trials disturb: made-up cycles (soak_feed, in the place of guyu run) -> guyu dispatch -> mosquitto -> guyu receive, receipts
back over the broker, and a spool folder beside it. And the count at the end: what was lost, what was doubled."""
import os, signal, socket, sqlite3, subprocess, time


def rows(path, sql):
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=60) as db:
        return db.execute(sql).fetchall()


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Part:
    def __init__(self, folder, name, *words):
        self.name, self.words, self.process, self.log = name, words, None, f"{folder}/{name}.log"

    def start(self):
        with open(self.log, "a") as log:
            self.process = subprocess.Popen(self.words, stdout=log, stderr=log)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(60)

    def said(self):
        with open(self.log) as log:
            return log.read()


class Line:
    """Everything is below `top`; what the station writes is below `out`."""

    def __init__(self, build, top, out):
        build = os.path.abspath(build)
        self.guyu, self.feed, self.top, self.out = build + "/cli/guyu", build + "/alerts/soak_feed", top, out
        self.alerts, self.store, self.received = out + "/alerts", out + "/alerts/store.db", top + "/received/received.db"
        port = free_port()
        with open(top + "/mosquitto.conf", "w") as f:
            f.write(f"listener {port} 127.0.0.1\nallow_anonymous true\npersistence true\npersistence_location {top}/\nmax_queued_messages 100000\n")
        with open(top + "/station.toml", "w") as f:
            f.write(f"""
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
folder = "{top}/spool"
retry_longest = "2 s"
""")
        self.broker = Part(top, "broker", "mosquitto", "-c", top + "/mosquitto.conf")
        self.dispatch = Part(top, "dispatch", self.guyu, "dispatch", top + "/station.toml", "--out", out)
        self.receiver = Part(top, "receiver", self.guyu, "receive", top + "/received", "--mqtt", f"127.0.0.1:{port}", "--receipt-topic", "guyu/receipts",
                             "--name", "county")

    def run(self, seed):
        return Part(self.top, "run", self.feed, self.alerts, "12", "6", "4", "1000000", "250", str(seed))

    def start(self, *more):
        for part in (self.broker, self.dispatch, self.receiver, *more):
            part.start()
            time.sleep(0.3)

    def settled(self):
        inbox = [n for n in os.listdir(self.alerts + "/inbox") if n.endswith(".item")]
        return not inbox and not rows(self.store, "SELECT 1 FROM outbox WHERE state IN ('queued', 'accepted') LIMIT 1")

    def wait_settled(self, most):
        """Seconds until nothing waits any more, or `most`."""
        began = time.time()
        while time.time() - began < most and not self.settled():
            time.sleep(0.2)
        return time.time() - began

    def stop(self):
        self.dispatch.stop(), self.receiver.stop(), self.broker.stop()

    def faults(self, put):
        """What was lost or doubled of the items `put` that were acknowledged."""
        found = []
        items = {n for (n,) in rows(self.store, "SELECT name FROM items")}
        found += [f"cycle {n} was handed over and is not decided" for n in put if n not in items]
        found += [f"{n} was refused" for n in os.listdir(self.alerts + "/refused")]
        found += [f"{k}: {s} ({d})" for k, s, d in rows(self.store, "SELECT key, state, detail FROM outbox WHERE state NOT IN ('delivered', 'superseded')")]
        sent = dict(rows(self.store, "SELECT identifier, xml FROM messages WHERE state = 'approved' AND hazard != 'heartbeat'"))
        got = dict(rows(self.received, "SELECT identifier, xml FROM messages"))
        delivered = self.delivered("county")
        found += [f"{i}: receipted and not received" for i in delivered if i not in got]
        found += [f"{i}: received and never sent" for i in got if i not in sent]
        found += [f"{i}: received with other bytes" for i in got if i in sent and got[i] != sent[i]]
        spooled = {f[:-4] for f in os.listdir(self.top + "/spool") if f.endswith(".xml")}
        found += [f"{i}: not in the spool folder" for i in self.delivered("files") - spooled]
        audit = subprocess.run([self.guyu, "alerts", "audit", "--alerts", self.alerts], capture_output=True, text=True)
        if audit.returncode != 0:
            found.append("audit: " + audit.stdout.strip().splitlines()[0])
        return found

    def delivered(self, channel):
        return {i for (i,) in rows(self.store, "SELECT m.identifier FROM outbox o JOIN messages m ON m.seq = o.message "
                                               f"WHERE o.channel = '{channel}' AND o.state = 'delivered'")}

    def counts(self):
        def count(path, sql):
            return rows(path, sql)[0][0]

        messages = count(self.store, "SELECT count(*) FROM messages WHERE state = 'approved' AND hazard != 'heartbeat'")
        superseded = count(self.store, "SELECT count(*) FROM outbox WHERE state = 'superseded'")
        repeats = count(self.received, "SELECT coalesce(sum(times - 1), 0) FROM keys")
        return (f"{count(self.store, 'SELECT count(*) FROM items')} cycles decided, {messages} messages, {len(self.delivered('county'))} receipted by the receiver, "
                f"{superseded} superseded, {repeats} transport repeats")
