"""Serves or asks over HTTP (TCP) and UDP: `serve PORT` answers with the address of who asks; `ask URL...` asks all at once and
prints a line for each: the answer, or "nothing"; `insist HOST PORT` sends datagrams until one is answered. A URL is http://HOST:PORT or udp://HOST:PORT."""
import http.server
import socket
import sys
import threading
import time
import urllib.parse
import urllib.request

PATIENCE = 3


def plain(address):
    return address.removeprefix("::ffff:")


class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(plain(self.client_address[0]).encode())

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    address_family = socket.AF_INET6

    def server_bind(self):
        self.socket.bind(self.server_address)


def serve(port):
    datagrams = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    datagrams.bind(("::", port))

    def echo():
        while True:
            _, sender = datagrams.recvfrom(100)
            datagrams.sendto(plain(sender[0]).encode(), sender)

    threading.Thread(target=echo, daemon=True).start()
    server = Server(("::", port), Answer)
    print("up", flush=True)
    server.serve_forever()


def ask(url):
    where = urllib.parse.urlsplit(url)
    if where.scheme == "http":
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        return opener.open(url, timeout=PATIENCE).read().decode()
    family, kind, protocol, _, address = socket.getaddrinfo(where.hostname, where.port, type=socket.SOCK_DGRAM)[0]
    with socket.socket(family, kind, protocol) as asker:
        asker.settimeout(PATIENCE)
        asker.connect(address)
        asker.send(b"?")
        return asker.recv(100).decode()


def insist(host, port):
    """One flow of datagrams, from before anybody is there until there is an answer."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
        asker.settimeout(0.1)
        asker.connect((host, port))
        for _ in range(200):
            try:
                asker.send(b"?")
                print("asks", flush=True)
                return print(asker.recv(100).decode(), flush=True)
            except OSError:
                time.sleep(0.05)


def ask_all(urls):
    answers = {}

    def one(url):
        try:
            answers[url] = ask(url)
        except OSError:
            answers[url] = "nothing"

    threads = [threading.Thread(target=one, args=(url,)) for url in urls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for url in urls:
        print(answers[url])


if sys.argv[1] == "serve":
    serve(int(sys.argv[2]))
elif sys.argv[1] == "insist":
    insist(sys.argv[2], int(sys.argv[3]))
else:
    ask_all(sys.argv[2:])
