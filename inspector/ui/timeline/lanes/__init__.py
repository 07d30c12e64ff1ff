"""The timeline's rows: track scores, sound, blinks and signals, with the curves and marks that they paint."""
