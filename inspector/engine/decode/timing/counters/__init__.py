"""Numbers in the packets of a container that tell what is missing between them."""
