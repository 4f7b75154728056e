"""`quotetrack --help` must not wait for libraries that only some inputs need."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_importing_loads_neither_the_extractor_nor_the_network_client() -> None:
    code = "import sys, json, quotetrack.reading; print(json.dumps(sorted(sys.modules)))"
    output = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    modules = set(json.loads(output))
    assert not modules & {"trafilatura", "httpx2", "httpcore2", "lxml", "htmldate", "charset_normalizer", "requests"}
    ours = {name for name in modules if name.startswith("quotetrack.") and not name.startswith("quotetrack.reading")}
    assert ours <= {"quotetrack.domain", "quotetrack.errors"}
