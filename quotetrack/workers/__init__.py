"""Work that goes on whatever becomes of those who do it: batches go out, results come back in the order of the batches.

    order ── Here        in this process (`local`)
             Processes   processes of this machine (`local`), each of which runs `child`
             Cluster     a Dask cluster (`cluster`), each of whose workers keeps `Processes` of its own

Nothing here knows of articles. What a worker holds while it lives (the models) is what a pool's `hold` returns; what it
does with a batch is a `Task` (`task`). Both are pickled by name: functions of modules, or partials of such.
"""
