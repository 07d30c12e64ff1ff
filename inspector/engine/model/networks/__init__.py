"""Networks that timm does not have, and wrappers around timm's; `model/registry.py` is their one table."""
