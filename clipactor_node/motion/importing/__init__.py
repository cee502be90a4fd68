"""Motion files of others: read, repaired, retargeted, judged, labelled."""
