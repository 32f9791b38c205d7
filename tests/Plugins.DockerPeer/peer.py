#!/usr/bin/env python3
"""A volume plugin as Docker knows them, with volumes that are directories; it counts its users, and doesn't look at who they are.

    peer.py FOLDER unix SOCKET         listens there
    peer.py FOLDER tcp SPEC            listens on a port of the loopback, and writes the file that says which

FOLDER gets `store` with the volumes, `mounted` with what is in use, and `calls` with a line for each call. A volume that is called
CALL-ODDITY, such as mount-hang, makes that call odd, unless PEER_IS_TAME is set.
"""

import json
import os
import shutil
import socketserver
import sys
import time
from http.server import BaseHTTPRequestHandler

FOLDER, KIND, PLACE = sys.argv[1:4]
IMPLEMENTS = sys.argv[4:] or ["VolumeDriver"]
users = {}


def store(name):
    return os.path.join(FOLDER, "store", name)


def mounted(name):
    return os.path.join(FOLDER, "mounted", name)


def activate(question):
    return {"Implements": IMPLEMENTS}


def create(question):
    if "unknown" in question["Opts"]:
        return {"Err": "there is no option unknown"}
    os.mkdir(store(question["Name"]))
    return {}


def remove(question):
    if not os.path.isdir(store(question["Name"])):
        return {"Err": "no such volume"}
    shutil.rmtree(store(question["Name"]))
    return {}


def mount(question):
    name = question["Name"]
    users[name] = users.get(name, 0) + 1
    if users[name] == 1:
        os.symlink(store(name), mounted(name))
    return {"Mountpoint": mounted(name)}


def unmount(question):
    name = question["Name"]
    if not users.get(name):
        return {"Err": "not mounted"}
    users[name] -= 1
    if not users[name]:
        os.unlink(mounted(name))
    return {}


def get(question):
    if not os.path.isdir(store(question["Name"])):
        return {"Err": "no such volume"}
    return {"Volume": {"Name": question["Name"], "Status": {"more": 1}}}


def list_all(question):
    return {"Volumes": [{"Name": name} for name in os.listdir(os.path.join(FOLDER, "store"))]}


CALLS = {
    "/Plugin.Activate": activate, "/VolumeDriver.Create": create, "/VolumeDriver.Remove": remove, "/VolumeDriver.Mount": mount,
    "/VolumeDriver.Unmount": unmount, "/VolumeDriver.Get": get, "/VolumeDriver.List": list_all,
}


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        call = self.path.rpartition(".")[2]
        with open(os.path.join(FOLDER, "calls"), "a") as calls:
            calls.write(f"{self.path} {self.headers['Content-Type']} {body}\n")
        question = json.loads(body)
        beginning, _, oddity = question.get("Name", "").partition("-")
        if oddity and beginning == call.lower() and "PEER_IS_TAME" not in os.environ:
            self.be_odd(oddity, question)
        elif self.path in CALLS:
            self.answer(200, json.dumps(CALLS[self.path](question)))
        else:
            self.answer(404, "404 page not found")

    def be_odd(self, oddity, question):
        if oddity == "hang":
            time.sleep(60)
        elif oddity == "late":
            time.sleep(1)
            self.answer(200, json.dumps(CALLS[self.path](question)))
        elif oddity == "slow":
            self.send_response(200)
            self.end_headers()
            while True:
                self.wfile.write(b" ")
                self.wfile.flush()
                time.sleep(0.05)
        elif oddity == "die":
            os._exit(1)
        elif oddity == "text":
            self.answer(200, "hello there")
        elif oddity == "null":
            self.answer(200, "null")
        elif oddity == "list":
            self.answer(200, '{"Mountpoint": ["/srv"]}')
        elif oddity == "err":
            self.answer(200, '{"Err": "no room\\u001b[31m left"}')
        elif oddity == "fail":
            self.answer(500, '{"Err": "no room left"}')
        elif oddity == "crash":
            self.answer(502, "a mistake")
        elif oddity == "missing":
            self.answer(404, "404 page not found")
        elif oddity == "large":
            self.answer(200, " " * 1100000 + "{}")
        elif oddity == "nowhere":
            self.answer(200, "{}")
        elif oddity == "proc":
            self.answer(200, '{"Mountpoint": "/proc"}')
        elif oddity == "up":
            self.answer(200, '{"Mountpoint": "/srv/../etc"}')

    def answer(self, status, text):
        self.send_response(status)
        self.send_header("Content-Type", "application/vnd.docker.plugins.v1.1+json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *arguments):
        pass


class Server(socketserver.ThreadingMixIn):
    daemon_threads = True

    # A caller that went away is what many tests are about.
    def handle_error(self, request, client_address):
        pass


class TcpServer(Server, socketserver.TCPServer):
    pass


class UnixServer(Server, socketserver.UnixStreamServer):
    def get_request(self):
        request, _ = super().get_request()
        return request, ("local", 0)


for part in ("store", "mounted"):
    os.makedirs(os.path.join(FOLDER, part), exist_ok=True)
if KIND == "unix":
    server = UnixServer(PLACE + ".new", Handler)
    os.rename(PLACE + ".new", PLACE)
else:
    server = TcpServer(("127.0.0.1", 0), Handler)
    address = f"tcp://127.0.0.1:{server.server_address[1]}"
    with open(PLACE + ".new", "w") as spec:
        spec.write(json.dumps({"Name": "any", "Addr": address}) if PLACE.endswith(".json") else address + "\n")
    os.rename(PLACE + ".new", PLACE)
server.serve_forever()
