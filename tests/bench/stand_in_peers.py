# SPDX-License-Identifier: Apache-2.0
"""Stand-ins for the daemon's peers, for benchmarks: an engine on a unix socket and a Prometheus on a port.

Both are real HTTP servers, in threads of this process, with answers as long as the real ones.
"""
import http.server
import json
import re
import socketserver
import threading
import time
import urllib.parse

LIMIT_NANOS = 500_000_000
LIMIT_BYTES = 256 << 20


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = False  # which a unix socket does not know

    def log_message(self, *_):
        pass

    def address_string(self):
        return "client"

    def reply(self, body, content_type="application/json", status=200):
        data = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self):
        answer = self.server.get(urllib.parse.urlsplit(self.path).path)
        if answer is None:
            self.reply('{"message": "page not found"}', status=404)
        else:
            self.reply(answer, "text/plain" if answer == "OK" else "application/json")

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        if not hasattr(self.server, "query"):  # the engine, which is behind a proxy that lets nobody write
            self.reply("<html><body><h1>403 Forbidden</h1></body></html>", "text/html", status=403)
            return
        self.reply(self.server.query(urllib.parse.parse_qs(body)["query"][0]))

    do_PUT = do_DELETE = do_POST


class Host:
    """Services with one container each, started a day ago."""

    def __init__(self, services):
        self.containers = [(f"{number + 1:064x}", f"shop-service-{number}-1", f"service-{number}")
                           for number in range(services)]
        self.started = time.time() - 86400

    def labels(self, service):
        return {"com.docker.compose.config-hash": "b" * 64, "com.docker.compose.container-number": "1",
                "com.docker.compose.oneoff": "False", "com.docker.compose.project": "shop",
                "com.docker.compose.project.config_files": "/srv/shop/compose.yml",
                "com.docker.compose.project.working_dir": "/srv/shop", "com.docker.compose.service": service,
                "com.docker.compose.version": "2.29.1"}

    def listed(self):
        return json.dumps([{
            "Id": key, "Names": ["/" + name], "Image": "registry.example.org/shop/application:1.2.3",
            "ImageID": "sha256:" + "4" * 64, "Command": "/app/server --listen :8080", "Created": int(self.started),
            "Ports": [{"PrivatePort": 8080, "Type": "tcp"}], "Labels": self.labels(service), "State": "running",
            "Status": "Up 24 hours (healthy)", "HostConfig": {"NetworkMode": "shop_default"},
            "NetworkSettings": {"Networks": {"shop_default": {"NetworkID": "c" * 64, "EndpointID": "d" * 64,
                                                              "Gateway": "172.18.0.1"}}},
            "Mounts": []} for key, name, service in self.containers])

    def inspected(self, key):
        found = [entry for entry in self.containers if entry[0] == key]
        if not found:
            return None
        _, name, service = found[0]
        when = time.strftime("%Y-%m-%dT%H:%M:%S.123456789Z", time.gmtime(self.started))
        log = [{"Start": when, "End": when, "ExitCode": 0, "Output": "ok\n" * 20}] * 5
        return json.dumps({
            "Id": key, "Created": when, "Path": "/app/server", "Args": ["--listen", ":8080"],
            "State": {"Status": "running", "Running": True, "Paused": False, "Restarting": False,
                      "OOMKilled": False, "Dead": False, "Pid": 4711, "ExitCode": 0, "Error": "",
                      "StartedAt": when, "FinishedAt": "0001-01-01T00:00:00Z",
                      "Health": {"Status": "healthy", "FailingStreak": 0, "Log": log}},
            "Image": "sha256:" + "4" * 64, "Name": "/" + name, "RestartCount": 0, "Driver": "overlay2",
            "HostConfig": {"NetworkMode": "shop_default", "RestartPolicy": {"Name": "always"}, "CpuShares": 0,
                           "Memory": LIMIT_BYTES, "NanoCpus": LIMIT_NANOS, "CpuPeriod": 0, "CpuQuota": 0,
                           "MaskedPaths": [f"/proc/path-{i}" for i in range(10)]},
            "Config": {"Image": "registry.example.org/shop/application:1.2.3", "Labels": self.labels(service),
                       "Env": [f"VARIABLE_{i}=some-value-of-usual-length-{i}" for i in range(30)]},
            "NetworkSettings": {"Networks": {"shop_default": {"NetworkID": "c" * 64}}}})

    def get(self, path):
        path = re.sub(r"^/v1\.\d+", "", path)
        if path == "/_ping":
            return "OK"
        if path == "/version":
            return json.dumps({"Version": "27.1.1", "ApiVersion": "1.46", "MinAPIVersion": "1.24", "Os": "linux",
                               "Arch": "amd64", "KernelVersion": "6.1.0"})
        if path == "/info":
            return json.dumps({"ID": "stand-in", "Containers": len(self.containers), "SwapLimit": True, "NCPU": 16,
                               "MemTotal": 64 << 30, "Name": "host-1", "CgroupVersion": "2"})
        if path == "/containers/json":
            return self.listed()
        inspect = re.fullmatch(r"/containers/([0-9a-f]{64})/json", path)
        return self.inspected(inspect[1]) if inspect else None


def value_of(query, number, now):
    """Most services are within their thresholds, one in ten is loaded, one in ten idle."""
    share = {0: 0.93, 1: 0.1}.get(number % 10, 0.55) + 0.01 * (int(now) % 3)
    if "timestamp" in query:
        return now - 7
    if "oom_events" in query:
        return 0
    if "throttled" in query:
        return 0.0123456789012345
    return share * (LIMIT_BYTES if "memory" in query else LIMIT_NANOS / 1e9)


class Metrics:
    """What a Prometheus that scrapes cAdvisor knows of the host."""

    def __init__(self, host):
        self.host = host

    def get(self, path):
        return "OK" if path == "/-/ready" else None

    def query(self, query):
        now = time.time()
        result = [{"metric": {"id": f"/system.slice/docker-{key}.scope", "name": name},
                   "value": [round(now, 3), str(value_of(query, number, now))]}
                  for number, (key, name, _) in enumerate(self.host.containers)]
        return json.dumps({"status": "success", "data": {"resultType": "vector", "result": result}},
                          separators=(",", ":"))


class EngineServer(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True


class PrometheusServer(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True


def start(services, socket_path):
    """Starts both; gives their addresses as `docker.host` and `prometheus.url` want them."""
    host = Host(services)
    engine = EngineServer(str(socket_path), Handler)
    engine.get = host.get
    prometheus = PrometheusServer(("127.0.0.1", 0), Handler)
    metrics = Metrics(host)
    prometheus.get, prometheus.query = metrics.get, metrics.query
    for server in (engine, prometheus):
        threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"unix://{socket_path}", f"http://127.0.0.1:{prometheus.server_address[1]}"
