"""Speed as ratios: each figure stands beside its floor, measured in the same run. `make bench`."""
