"""The built wheel, installed into an empty environment outside the checkout, runs."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import urllib.request
import venv
import zipfile
from collections.abc import Iterator
from email.parser import Parser
from pathlib import Path

import pytest
from serving import ROOT, Server
from websockets.sync.client import connect

TROUBLE = re.compile(r"Traceback|ERROR|WARNING|Warning:")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of the checkout as it is."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--wheel", "--outdir", folder, ROOT)
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scripts' folder of an environment that holds the wheel and what it asks for, nothing else."""
    folder = tmp_path_factory.mktemp("venv")
    venv.create(folder, with_pip=True)
    scripts = folder / ("Scripts" if os.name == "nt" else "bin")
    run(scripts / "python", "-m", "pip", "install", "--quiet", "--no-compile", wheel)
    return scripts


def run(*command: object, cwd: Path | None = None) -> str:
    """Run a command away from the checkout; return what it printed."""
    env = {**os.environ, "PYTHONPATH": ""}
    done = subprocess.run(list(map(str, command)), cwd=cwd, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_asks_for_four_packages_only(wheel):
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        metadata = Parser().parsestr(archive.read(name).decode())
    needed = [line for line in metadata.get_all("Requires-Dist") if "extra ==" not in line]
    assert {re.match(r"[\w-]+", line)[0] for line in needed} == {"numpy", "panel", "bokeh", "param"}


def test_holds_the_static_files_and_no_others(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    files = [path for path in (ROOT / "static").rglob("*") if path.is_file()]
    static = {f"playground/{path.relative_to(ROOT).as_posix()}" for path in files}
    assert static <= set(names)
    assert {name.split("/")[0].partition("-")[0] for name in names} == {
        "engine",
        "playground",
        "neural_network_playground",
    }


def test_is_imported_from_its_environment(installed, tmp_path):
    code = "import engine, playground.runtime.assets as assets; print(engine.__file__, assets.__file__, assets.STATIC)"
    for path in run(installed / "python", "-c", code, cwd=tmp_path).split():
        assert Path(path).is_relative_to(installed.parent)
        assert "site-packages" in path


@pytest.fixture
def server(installed: Path, tmp_path: Path) -> Iterator[Server]:
    """The installed console script, serving."""
    server = Server(tmp_path, [str(installed / "playground"), "--no-browser"], cwd=tmp_path)
    server.start()
    yield server
    server.stop()


def test_its_console_script_serves_the_page(server):
    document = pull(server)
    assert '"loss"' in document
    assert "Neural Network Playground" in document
    assert not TROUBLE.search(server.log())


def test_ci_runs_the_line_of_the_readme():
    """The one that sets up and passes all tests."""
    (line,) = re.findall(r"^    (.*-m tests)$", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert line in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


def pull(server: Server) -> str:
    """The document of a new page, as a browser gets it: page, websocket, then a message of its header and content."""
    page = urllib.request.urlopen(server.url, timeout=60).read().decode()
    token = re.search(r'"token":"([^"]+)"', page)[1]
    with connect(f"{server.url.replace('http', 'ws')}/ws", subprotocols=["bokeh", token], max_size=None) as socket:
        for _ in range(3):
            socket.recv(30)
        for part in {"msgid": "1", "msgtype": "PULL-DOC-REQ"}, {}, {}:
            socket.send(json.dumps(part))
        while "PULL-DOC-REPLY" not in str(socket.recv(30)):
            pass
        socket.recv(30)
        return str(socket.recv(30))
