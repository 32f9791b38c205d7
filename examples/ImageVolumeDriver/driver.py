#!/usr/bin/env python3
"""A volume driver in Python: a file with an ext4 file system for each volume, mounted while somebody uses it."""

import json
import os
import re
import subprocess
import sys

UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}
SMALLEST = 1 << 20
USUAL = 1 << 30


class Refusal(Exception):
    """What the engine shows to its user."""

    def __init__(self, kind, message, field=None):
        super().__init__(message)
        self.error = {"kind": kind, "message": message}
        if field:
            self.error["field"] = field


def hello(contract, environment):
    global images, mounts, users
    images = os.path.join(environment["stateDirectory"], "images")
    mounts = os.path.join(environment["runDirectory"], "mounts")
    users = os.path.join(environment["runDirectory"], "users")
    return {"name": "image", "contract": contract}


def define_volume(wanted):
    for option in wanted["options"]:
        if option != "size":
            raise Refusal("invalidRequest", f"image volumes have no option {option}", f"options.{option}")
    wanted["options"] = {"size": str(size_of(wanted["options"].get("size", str(USUAL))))}
    return wanted


def size_of(text):
    match = re.fullmatch(r"([0-9]{1,15})([KMGT]?)", text)
    size = int(match[1]) * UNITS[match[2]] if match else 0
    if size < SMALLEST:
        raise Refusal("invalidRequest", f"{text} is no size of at least 1M, such as 500M or 2G", "options.size")
    return size


def create_volume(volume):
    image = image_of(volume)
    if not os.path.exists(image):
        # Under another name until it is whole: what a killed driver left is made anew.
        os.makedirs(images, exist_ok=True)
        with open(image + ".new", "wb") as file:
            file.truncate(int(volume["options"]["size"]))
        try:
            run("mkfs.ext4", "-q", "-F", "-m", "0", image + ".new")
        except Refusal:
            os.unlink(image + ".new")
            raise
        os.rename(image + ".new", image)
    return {}


def remove_volume(record):
    volume = record["volume"]
    unmount(volume)
    for path in (image_of(volume), image_of(volume) + ".new"):
        if os.path.exists(path):
            os.unlink(path)
    return {}


def mount_volume(use):
    volume = use["record"]["volume"]
    directory = directory_of(volume)
    os.makedirs(directory, exist_ok=True)
    os.makedirs(users_of(volume), exist_ok=True)
    open(os.path.join(users_of(volume), use["userId"]), "w").close()
    if not os.path.ismount(directory):
        try:
            run("mount", "-o", "loop", image_of(volume), directory)
        except Refusal:
            forget(volume, use["userId"])
            raise
        if os.path.isdir(os.path.join(directory, "lost+found")):
            os.rmdir(os.path.join(directory, "lost+found"))
    return {"path": directory}


def unmount_volume(record):
    forget(record["use"]["record"]["volume"], record["use"]["userId"])
    return {}


# A file for each user, because several sessions have a driver each.
def forget(volume, user):
    path = os.path.join(users_of(volume), user)
    if os.path.exists(path):
        os.unlink(path)
    if not os.path.isdir(users_of(volume)) or not os.listdir(users_of(volume)):
        unmount(volume)


def unmount(volume):
    directory = directory_of(volume)
    if os.path.ismount(directory):
        run("umount", directory)
    for path in (directory, users_of(volume)):
        if os.path.isdir(path):
            os.rmdir(path)


def image_of(volume):
    return os.path.join(images, volume["id"] + ".ext4")


def directory_of(volume):
    return os.path.join(mounts, volume["id"])


def users_of(volume):
    return os.path.join(users, volume["id"])


def run(*command):
    try:
        done = subprocess.run(command, text=True, capture_output=True, stdin=subprocess.DEVNULL)
    except FileNotFoundError:
        raise Refusal("unavailable", f"there is no program {command[0]}")
    if done.returncode:
        raise Refusal("failed", f"{' '.join(command)}: {done.stderr.strip()}")


METHODS = {
    "hello": hello, "defineVolume": define_volume, "createVolume": create_volume, "removeVolume": remove_volume,
    "mountVolume": mount_volume, "unmountVolume": unmount_volume,
}

for line in sys.stdin:
    request = json.loads(line)
    try:
        method = METHODS.get(request["method"])
        if method is None:
            raise Refusal("unsupported", f"there is no method {request['method']}")
        answer = {"id": request["id"], "result": method(**request["params"])}
    except Refusal as refusal:
        answer = {"id": request["id"], "error": refusal.error}
    except OSError as error:
        answer = {"id": request["id"], "error": {"kind": "failed", "message": str(error)}}
    print(json.dumps(answer), flush=True)
