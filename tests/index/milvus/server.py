"""Servers of Milvus, started on this machine for tests: the real one, from an environment of its own, and the one of Milvus Lite."""

import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Self

VARIABLE = "GRIOT_MILVUS_SERVER"
"""Names the Python of the environment that has the package `milvus`."""
_REAL = """
import socket
import sys
from pathlib import Path
import milvus
from milvus import MilvusServer, MilvusServerConfig
# Unpacking its program takes half a minute, so that is done once for all data folders.
unpacked = Path(sys.prefix) / "unpacked"
milvus._initialize_data_files(str(unpacked))
bin = Path(sys.argv[1]) / "bin"
if not bin.exists():
    bin.symlink_to(unpacked / "bin")
class Config(MilvusServerConfig):
    def try_bind_port(self, port):
        probe = socket.socket()
        # After a kill the port is still waited for by what was connected to it.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
            probe.listen()
            return probe
        except OSError:
            return None
config = Config(data_dir=sys.argv[1], proxy_port=int(sys.argv[2]))
# A server that was killed is waited for by the next one until its lease is over: 30 s by default.
config.set("common.session.ttl", 1)
# How often its parts look whether there is something to do, and how long a read of what was just written waits at the most:
# milliseconds.
config.set("queryCoord.checkInterval", 100)
config.set("queryCoord.distPullInterval", 50)
config.set("proxy.timeTickInterval", 20)
server = MilvusServer(config)
server.start()
print(server.server_proc.pid, flush=True)
server.server_proc.wait()
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Real:
    """The server of the package `milvus`, with its data in a folder. It listens on every interface: 2.3.5 has no setting for that (its
    `ip` is what it tells its parts)."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self._process: subprocess.Popen[str] | None = None
        self.server = 0
        """The number of its process."""

    @property
    def place(self) -> str:
        return f"milvus://127.0.0.1:{self.port}/press?dense"

    def start(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        command = [os.environ[VARIABLE], "-c", _REAL, str(self.folder), str(self.port)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert self._process.stdout
        told = self._process.stdout.readline()
        if not told:
            _, reason = self._process.communicate(timeout=30)
            self._process = None
            raise RuntimeError(f"the Milvus server in {self.folder} did not start (one at a time runs on a machine): {reason[-2000:]}")
        self.server = int(told)

    def kill(self) -> None:
        """End it as a power cut would."""
        if self._process:
            with suppress(ProcessLookupError):
                os.kill(self.server, signal.SIGKILL)
            self._process.communicate(timeout=30)
            self._process = None


class Lite:
    """Milvus Lite as a server of its own process, which several others may ask."""

    def __init__(self, folder: Path) -> None:
        self._port = free_port()
        command = [
            sys.executable, "-m", "milvus_lite", "server", "--data-dir", str(folder / "served.db"), "--host", "127.0.0.1", "--port",
            str(self._port),
        ]  # fmt: skip
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    @property
    def place(self) -> str:
        return f"milvus://127.0.0.1:{self._port}/press"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(timeout=30)
