"""From a clip to its analysis: frames, faces, tracks, scores, the decision rule, the summary and the CAMs."""
