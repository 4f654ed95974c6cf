"""A TCP relay between the browser and the API, in which the stream of events can be cut and kept away."""

import socket
import threading

EVENTS = b"GET /api/v1/events"


class Relay:
    """Listens on a free port of 127.0.0.1; each connection has two threads. `close` ends it."""

    def __init__(self, port):
        self.target = port
        self.lock = threading.Lock()
        self.streams = set()
        self.is_refusing = False
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def cut_events(self):
        """Resets the streams of events that are open, and those to come; every other request passes."""
        with self.lock:
            self.is_refusing = True
            for pair in self.streams:
                shut(*pair)
            self.streams.clear()

    def heal(self):
        with self.lock:
            self.is_refusing = False

    def close(self):
        self.listener.close()

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self.target))
            threading.Thread(target=self._carry, args=(client, server, True), daemon=True).start()
            threading.Thread(target=self._carry, args=(server, client, False), daemon=True).start()

    def _carry(self, source, sink, is_request):
        try:
            while piece := source.recv(65536):
                if is_request and EVENTS in piece:
                    with self.lock:
                        if self.is_refusing:
                            break
                        self.streams.add((source, sink))
                sink.sendall(piece)
        except OSError:
            pass  # one side has gone: so does the other
        shut(source, sink)


def shut(*sockets):
    for one in sockets:
        try:
            one.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # it was shut before
        one.close()
