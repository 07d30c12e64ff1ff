"""What a network learns from: drawing crops, pairing, augmenting and batching them, and sending them to it."""
