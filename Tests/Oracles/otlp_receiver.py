"""A receiver of traces, OTLP over HTTP in JSON, that reads what comes as OpenTelemetry's own message types do.

Prints `listening PORT`, then for each request one line: path, the header `x-test` or `-`, and a JSON array of the spans.
What is not a valid request is answered 400 and printed as `invalid`. The argument is how many requests are first answered
503 with Retry-After: 0.
"""

import http.server
import json
import sys

from otlp_reader import spans_of

busy = int(sys.argv[1]) if len(sys.argv) > 1 else 0


class Receiver(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        global busy
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if busy > 0:
            busy -= 1
            print("busy", flush=True)
            self.answer(503, {"Retry-After": "0"})
            return
        try:
            if self.headers["Content-Type"] != "application/json":
                raise ValueError("the content type is " + self.headers["Content-Type"])
            spans = spans_of(body)
        except Exception as error:
            print("invalid", error, flush=True)
            self.answer(400, {})
            return
        print("spans", self.path, self.headers.get("x-test", "-"), json.dumps(spans), flush=True)
        self.answer(200, {})

    def answer(self, status, headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *arguments):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
print("listening", server.server_address[1], flush=True)
server.serve_forever()
