"""From datasets to face crops on disk: who is held out, worker processes or a Dask cluster, the index."""
