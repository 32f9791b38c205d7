#!/usr/bin/env python3
"""A network driver in Python: a link with addresses inside the container, which leads nowhere."""

import ipaddress
import json
import subprocess
import sys


class Refusal(Exception):
    """What the engine shows to its user."""

    def __init__(self, kind, message, field=None):
        super().__init__(message)
        self.error = {"kind": kind, "message": message}
        if field:
            self.error["field"] = field


def hello(contract, environment):
    return {"name": "island", "contract": contract}


def define(wanted, others):
    for option in wanted.get("options", {}):
        raise Refusal("invalidRequest", f"island networks have no option {option}", f"options.{option}")
    for member in ("interface", "vlan"):
        if member in wanted:
            raise Refusal("unsupported", f"island networks have no {member}", member)
    for number, subnet in enumerate(wanted.get("subnets", [])):
        try:
            ipaddress.ip_network(subnet["subnet"])
        except ValueError as error:
            raise Refusal("invalidRequest", str(error), f"subnets[{number}].subnet")
    if not wanted.get("subnets"):
        wanted["subnets"] = [{"subnet": free_subnet(others)}]
    return wanted


def free_subnet(others):
    taken = [ipaddress.ip_network(subnet["subnet"]) for network in others for subnet in network.get("subnets", [])]
    for subnet in ipaddress.ip_network("10.92.0.0/16").subnets(new_prefix=24):
        if not any(subnet.version == other.version and subnet.overlaps(other) for other in taken):
            return str(subnet)
    raise Refusal("exhausted", "every subnet of 10.92.0.0/16 is taken")


def plan(request):
    for number, address in enumerate(request.get("addresses", [])):
        try:
            ipaddress.ip_interface(address)
        except ValueError as error:
            raise Refusal("invalidRequest", str(error), f"addresses[{number}]")
    return {"request": request}


def attach(plan):
    request = plan["request"]
    link = request["interface"]
    # A bridge without ports: every kernel that runs containers has it, unlike the dummy link.
    commands = [f"link add {link} type bridge"]
    commands += [f"address add {address} dev {link}" for address in request.get("addresses", [])]
    if "macAddress" in request:
        commands.append(f"link set {link} address {request['macAddress']}")
    commands.append(f"link set {link} up")
    try:
        ip_inside(request["namespacePath"], commands)
    except Refusal:
        remove(request)
        raise
    return {"interface": link, "addresses": request.get("addresses", [])}


def detach(record):
    remove(record["plan"]["request"])
    return {}


def remove(request):
    # When the namespace is gone, so is the link.
    if "namespacePath" in request:
        ip_inside(request["namespacePath"], [f"link delete {request['interface']}"], accepted="Cannot find device")


def ip_inside(network, commands, accepted=None):
    done = subprocess.run(
        ["nsenter", f"--net={network}", "ip", "-batch", "-"],
        input="\n".join(commands) + "\n", text=True, capture_output=True)
    if done.returncode != 0 and not (accepted and accepted in done.stderr):
        raise Refusal("failed", f"ip {'; '.join(commands)}: {done.stderr.strip()}")


METHODS = {"hello": hello, "define": define, "plan": plan, "attach": attach, "detach": detach}

for line in sys.stdin:
    request = json.loads(line)
    try:
        method = METHODS.get(request["method"])
        if method is None:
            raise Refusal("unsupported", f"there is no method {request['method']}")
        answer = {"id": request["id"], "result": method(**request["params"])}
    except Refusal as refusal:
        answer = {"id": request["id"], "error": refusal.error}
    print(json.dumps(answer), flush=True)
