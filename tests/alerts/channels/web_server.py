#!/usr/bin/env python3
"""A web server for tests of the webhook: keeps every request and answers as the path says.

usage: web_server.py PORT FOLDER [CERTIFICATE KEY [CLIENT_AUTHORITY]]

FOLDER/requests gets one JSON line per request: path, headers (lower case), body, connection number. Paths: /status/N answers N, with Retry-After 7 where N is 429 or
503; /delivered answers 200 with X-Guyu-Receipt; /slow answers after a while; /stuck never does; /moved redirects to /delivered; /first-fails answers 503 once.
"""
import base64, http.server, json, ssl, sys, threading, time

port, folder = int(sys.argv[1]), sys.argv[2]
lock, seen = threading.Lock(), set()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with lock, open(folder + "/requests", "a") as log:
            headers = {k.lower(): v for k, v in self.headers.items()}
            log.write(json.dumps({"path": self.path, "headers": headers, "body": base64.b64encode(body).decode(), "from": self.client_address[1], "at": time.monotonic()}) + "\n")
            again = self.path in seen
            seen.add(self.path)
        status, more, said = 200, {}, b"taken"
        if self.path.startswith("/status/"):
            status = int(self.path.split("/")[2])
            if status in (429, 503):
                more["Retry-After"] = "7"
        elif self.path == "/delivered":
            more["X-Guyu-Receipt"] = "delivered"
        elif self.path == "/slow":
            time.sleep(0.1)
        elif self.path == "/stuck":
            time.sleep(60)
        elif self.path == "/moved":
            status, more = 302, {"Location": "/delivered"}
        elif self.path == "/first-fails" and not again:
            status = 503
        self.send_response(status)
        for name, value in more.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *words):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
server.daemon_threads = True
if len(sys.argv) > 4:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[3], sys.argv[4])
    if len(sys.argv) > 5:
        context.load_verify_locations(sys.argv[5])
        context.verify_mode = ssl.CERT_REQUIRED
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
server.serve_forever()
