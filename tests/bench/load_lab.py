# SPDX-License-Identifier: Apache-2.0
"""What deploy_load_bench.py runs against, all of it inside namespaces of its own: a Docker Engine, the socket proxy
before it, a compose project, and HAProxy in the network of one of its containers, where Docker's DNS answers."""
import contextlib
import json
import os
import pathlib
import re
import subprocess
import threading
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROJECT = "shop"
SERVICES = {"web": {"replicas": 2, "port": 8001}, "api": {"replicas": 1, "port": 8002}}
BALANCER_MEETS = {"web": 8, "api": 6}  # slots: both generations and some to spare
DRAIN_FILE = "/drain"
LINGER = 4  # seconds a container of the way `wait` serves on after SIGTERM: nothing else tells routers
CHECK = {"interval": 1, "timeout": 2, "retries": 2}  # seconds; Docker's health check

PROXY = """
global
    noreuseport
    log stdout format raw daemon info
defaults
    mode http
    log global
    option httplog
    timeout connect 10s
    timeout http-request 10s
    timeout client 10m
    timeout server 10m
frontend api
    bind 127.0.0.1:2375
    http-request allow if {{ path,url_dec -m reg ^(/v[0-9.]+)?/(containers|events|images|info|_ping|version) }}
    http-request deny deny_status 403
    use_backend events if {{ path,url_dec -m reg ^(/v[0-9.]+)?/events }}
    default_backend engine
backend engine
    server engine unix@{socket}
backend events
    timeout server 0
    server engine unix@{socket}
"""

BALANCER = """
global
    noreuseport
    log stdout format raw local0
    stats socket unix@{folder}/balancer.sock level admin
resolvers docker
    nameserver dns 127.0.0.11:53
    accepted_payload_size 8192
    resolve_retries 3
    timeout resolve 1s
    timeout retry 1s
    hold valid 1s
defaults
    mode http
    log global
    option httplog
    option dontlog-normal
    timeout connect 2s
    timeout client 30s
    timeout http-keep-alive 60s
    timeout server 30s
    timeout queue 2s
{retries}
"""

BALANCED = """
frontend {name}
    bind :{port}
    default_backend {name}
backend {name}
    option httpchk GET /health
    default-server check inter 500ms fall 2 rise 2
    server-template {name} {slots} {name}:8080 resolvers docker init-addr none
"""


class Failed(Exception):
    """What is told to people; the lab's logs tell more."""


def run(*command, **more):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False, **more)
    if done.returncode != 0:
        raise Failed(f"`{' '.join(map(str, command))}` failed: {(done.stderr or done.stdout).strip()[-2000:]}")
    return done.stdout


def wait_until(what, good, patience=90):
    until = time.monotonic() + patience
    while not good():
        if time.monotonic() > until:
            raise Failed(f"waited {patience} s in vain until {what}")
        time.sleep(0.1)


def build_workload(into):
    """The lab's workload, static, so that it can be alone in its image."""
    sources = sorted((ROOT / "tests/lab/workload").glob("*.cpp"))
    run("g++", "-std=c++20", "-O2", "-static", "-s", f"-I{ROOT}", *sources, "-o", into)


class Lab:
    """`folder` is empty; the one it is in also names the control group. Ends with the namespaces."""

    def __init__(self, folder, workload):
        self.folder = folder
        self.socket = folder / "docker.sock"
        self.environment = {**os.environ, "DOCKER_HOST": f"unix://{self.socket}", "COMPOSE_ANSI": "never",
                            "DOCKER_CONFIG": str(folder / "client"), "COMPOSE_HTTP_TIMEOUT": "120"}
        self.balancer = None
        self.moments = []  # of containers: (time, what happened, the container's id)
        run("ip", "link", "set", "lo", "up")
        self.start_engine()
        self.make_image(workload)
        self.start_proxy()

    def start(self, name, *command, inside=None):
        if inside is not None:
            command = ("nsenter", "--net", "--target", inside, "--", *command)
        with open(self.folder / f"{name}.log", "ab") as log:
            return subprocess.Popen([str(part) for part in command], stdout=log, stderr=log, cwd=self.folder,
                                    env=self.environment)

    def start_engine(self):
        layers = self.folder / "layers"
        for part in ("lower", "upper", "work", "merged"):
            (layers / part).mkdir(parents=True)
        options = ",".join(f"{part}dir={layers}/{part}" for part in ("lower", "upper", "work"))
        tried = subprocess.run(["mount", "-t", "overlay", "overlay", "-o", options, layers / "merged"],
                               capture_output=True, check=False)
        (self.folder / "daemon.json").write_text("{}\n")
        self.start("dockerd", "dockerd", "--config-file", self.folder / "daemon.json",
                   "--data-root", self.folder / "data", "--exec-root", self.folder / "exec",
                   "--pidfile", self.folder / "dockerd.pid", "--host", f"unix://{self.socket}", "--group", "root",
                   "--cgroup-parent", f"/{self.folder.parent.name}", "--exec-opt", "native.cgroupdriver=cgroupfs",
                   "--storage-driver", "vfs" if tried.returncode else "overlay2")
        wait_until("the engine answers", lambda: subprocess.run(
            ["docker", "version"], env=self.environment, capture_output=True, check=False).returncode == 0)
        threading.Thread(target=self.follow_events, daemon=True).start()

    def make_image(self, workload):
        archive = subprocess.run(["tar", "-C", workload.parent, "-c", workload.name], capture_output=True, check=True)
        subprocess.run(["docker", "import", "-", "workload"], input=archive.stdout, env=self.environment,
                       capture_output=True, check=True)
        self.entry = f"/{workload.name}"

    def start_proxy(self):
        (self.folder / "proxy.cfg").write_text(PROXY.format(socket=self.socket))
        self.start("proxy", "haproxy", "-db", "-f", self.folder / "proxy.cfg")
        self.proxy = "tcp://127.0.0.1:2375"

    def follow_events(self):
        command = ["docker", "events", "--filter", "type=container", "--format", "{{json .}}"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=self.environment) as follower:
            for line in follower.stdout:
                event = json.loads(line)
                self.moments.append((event["timeNano"] / 1e9, event["Action"], event["Actor"]["ID"]))

    def moment(self, container, what):
        """When that happened to the container last; nothing when it did not."""
        return next((at for at, action, actor in reversed(self.moments) if actor == container and action == what), None)

    # The compose project.

    def write_compose(self, cpu, linger=0):
        """The limits are the file's; `linger` is how long a container serves on after SIGTERM, as unhealthy."""
        text = f"services:\n  balancer:\n    image: workload\n    entrypoint: {self.entry}\n" \
               "    healthcheck: {disable: true}\n"
        for name in SERVICES:
            text += f"""  {name}:
    image: workload
    entrypoint: {self.entry}
    cpus: {cpu}
    mem_limit: 64m
    environment: {{WORKLOAD_DRAIN_FILE: {DRAIN_FILE}, WORKLOAD_LINGER: {linger}s}}
    healthcheck:
      test: [CMD, {self.entry}, probe]
      interval: {CHECK['interval']}s
      timeout: {CHECK['timeout']}s
      retries: {CHECK['retries']}
"""
        (self.folder / "compose.yml").write_text(text)

    def compose(self, *arguments):
        return run("docker-compose", "--project-name", PROJECT, "--file", self.folder / "compose.yml", *arguments,
                   env=self.environment, cwd=self.folder)

    def docker(self, *arguments):
        return run("docker", *arguments, env=self.environment)

    def containers(self, service):
        return self.docker("ps", "--quiet", "--no-trunc", "--filter", f"label=com.docker.compose.service={service}",
                           "--filter", f"label=com.docker.compose.project={PROJECT}").split()

    def inspect(self, container, what):
        return self.docker("inspect", "--format", "{{" + what + "}}", container).strip()

    def are_healthy(self, containers):
        return all(self.inspect(one, ".State.Health.Status") == "healthy" for one in containers)

    def bring_up(self, cpu, linger, retries):
        self.write_compose(cpu, linger)
        scales = [part for name, about in SERVICES.items() for part in ("--scale", f"{name}={about['replicas']}")]
        self.compose("up", "--detach", *scales)
        for name in SERVICES:
            wait_until(f"{name} is healthy", lambda name=name: self.are_healthy(self.containers(name)))
        self.start_balancer(retries)

    def take_down(self):
        if self.balancer is not None:
            self.balancer.terminate()
            self.balancer.wait()
        self.compose("down", "--timeout", "1")

    # HAProxy.

    def start_balancer(self, retries):
        """In the network of the project's container `balancer`, so that it asks the DNS that Docker has there."""
        some = "    retries 3\n    option redispatch" if retries else "    retries 0"
        text = BALANCER.format(folder=self.folder, retries=some)
        for name, about in SERVICES.items():
            text += BALANCED.format(name=name, port=about["port"], slots=BALANCER_MEETS[name])
        (self.folder / "balancer.cfg").write_text(text)
        inside = self.containers("balancer")[0]
        self.balancer = self.start("balancer", "haproxy", "-db", "-f", self.folder / "balancer.cfg",
                                   inside=self.inspect(inside, ".State.Pid"))
        self.address = self.inspect(inside, "range .NetworkSettings.Networks}}{{.IPAddress}}{{end").strip()
        for name, about in SERVICES.items():
            wait_until(f"the balancer knows {name}", lambda port=about["port"]: self.answers(port))

    def answers(self, port):
        with contextlib.suppress(OSError):
            with urllib.request.urlopen(f"http://{self.address}:{port}/", timeout=5) as answer:
                return answer.status == 200
        return False

    def targets(self):
        return [f"{name}={self.address}:{about['port']}" for name, about in SERVICES.items()]


class Daemon:
    """A real one behind the socket proxy, told what to deploy by its own command."""

    def __init__(self, lab, program, drain_by, timing):
        self.lab, self.program = lab, program
        self.token = lab.folder / "token"
        self.token.write_text("a-token-of-the-bench-only\n")
        self.token.chmod(0o600)
        config = lab.folder / "resource-manager.yml"
        config.write_text(f"""
docker: {{host: "{lab.proxy}"}}
monitoring: {{source: docker, dry_run: false, check_interval: 1h}}
store: {{url: "sqlite:{lab.folder}/resource-manager-{time.time_ns()}.db"}}
http: {{listen: "127.0.0.1:8000", token_file: "{self.token}"}}
deployment:
  drain: {timing['drain']}s
  router_delay: {timing['router_delay']}s
  longest_request: {timing['longest_request']}s
  observe: {timing['observe']}s
  failure_backoff: 0s
  max_concurrent: {len(SERVICES)}
services:
""" + "".join(f"  {PROJECT}/{name}: {{deployment: {{{self.drain(drain_by, name)}}}}}\n" for name in SERVICES))
        self.process = lab.start("resource-manager", program, "run", "--config", config)
        log = lab.folder / "resource-manager.log"
        wait_until("the daemon is ready", lambda: self.is_ready(log))

    def drain(self, drain_by, service):
        more = {"file": f", drain_file: {DRAIN_FILE}",
                "haproxy": f", haproxy: {{socket: 'unix://{self.lab.folder}/balancer.sock', backend: {service}}}"}
        return f"drain_by: {drain_by}{more.get(drain_by, '')}"

    def is_ready(self, log):
        if self.process.poll() is not None:
            raise Failed(f"the daemon ended: {log.read_text()[-2000:]}")
        return re.search(r" ready\b", log.read_text()) is not None

    def deploy(self, service, cpu):
        """What the API tells of the deployment, which has ended."""
        told = subprocess.run(
            [self.program, "deploy", f"{PROJECT}/{service}", "--cpu", str(cpu), "--wait", "--json",
             "--url", "http://127.0.0.1:8000", "--token-file", self.token],
            capture_output=True, text=True, check=False, env=self.lab.environment)
        if not told.stdout:
            raise Failed(f"the deployment of {service} was refused: {told.stderr.strip()}")
        return json.loads(told.stdout)["deployment"]

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=30)
