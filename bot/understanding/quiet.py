"""Keeps Rasa and TensorFlow silent: no telemetry, no words in any log."""

from __future__ import annotations

import logging
import os
import sys
import warnings
from typing import Any

_ENVIRONMENT = {
    # Rasa sends usage reports unless this says no.
    "RASA_TELEMETRY_ENABLED": "false",
    # TensorFlow: errors only, CPU only, and not every core for matrices it never multiplies.
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "-1",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "TF_INTRA_OP_PARALLELISM_THREADS": "1",
    "TF_INTER_OP_PARALLELISM_THREADS": "1",
    # SQLAlchemy 2 warns about the old style of Rasa's own (unused) stores.
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "MPLBACKEND": "agg",
    # Rasa's progress bars write a line for every rule where the output is no terminal.
    "TQDM_DISABLE": "1",
}

_FORCED = {"RASA_TELEMETRY_ENABLED"}

#: Loggers whose records carry what people write, at some level.
_TALKATIVE = ("rasa", "rasa_sdk", "apscheduler", "dask", "tensorflow", "absl", "h5py", "matplotlib")


def before_rasa_is_imported() -> None:
    """Sets the environment that Rasa and TensorFlow read when they are imported. Idempotent."""
    for name, value in _ENVIRONMENT.items():
        if name in _FORCED:
            os.environ[name] = value
        else:
            os.environ.setdefault(name, value)


class _Silence:
    """A structlog logger that says nothing, for Rasa's modules."""

    def __getattr__(self, name: str) -> Any:
        return self._nothing

    def _nothing(self, *args: Any, **kwargs: Any) -> _Silence:
        return self


def silence_rasa() -> None:
    """Drops every record of Rasa, whatever the log level and however structlog is configured.

    Rasa logs the message text at debug level through structlog, which prints to standard output
    by default, and whole tracebacks of actions at error level. What goes wrong inside reaches our
    own log as a class name instead (`agent.py`). To be called after Rasa is imported and again
    after a model is loaded, for modules that were imported late.
    """
    for name in _TALKATIVE:
        logger = logging.getLogger(name)
        logger.handlers = [logging.NullHandler()]
        logger.propagate = False
    silent = _Silence()
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in ("rasa", "rasa_sdk") and hasattr(module, "structlogger"):
            vars(module)["structlogger"] = silent
    for category in (DeprecationWarning, FutureWarning, PendingDeprecationWarning):
        warnings.filterwarnings("ignore", category=category)
    warnings.filterwarnings("ignore", module=r"rasa(\.|$)")
