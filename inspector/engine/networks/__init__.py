"""Networks that timm does not have, and the wrappers about timm's; `inspector.engine.network` is their one table."""
