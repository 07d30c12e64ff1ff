"""From a recipe and prepared crops to a checkpoint: batches, the training loop, its checks and logs."""
