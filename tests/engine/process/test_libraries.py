"""The engine process begins without a part of torch, which the limit on a stranger's network then loads."""

import subprocess
import sys

_CODE = """
import sys
from inspector.engine.process.libraries import load_libraries
load_libraries()
assert "torch._meta_registrations" not in sys.modules
import torch
from inspector.engine.model.networks.budget import Budget
try:
    with Budget(1 << 20):
        torch.nn.functional.conv2d(torch.zeros(1, 3, 600, 600), torch.zeros(8, 3, 3, 3))
except ValueError as error:
    print(error)
"""


def test_what_an_operation_would_allocate_is_known_without_it():
    done = subprocess.run([sys.executable, "-c", _CODE], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "it is far too large"
