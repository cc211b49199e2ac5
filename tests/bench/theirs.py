"""Measures one workload of scikit-learn or pandas; run by run.ts.

    python3 theirs.py WORKLOAD FOLDER

Prints JSON: the median and the shortest wall time in ms (none for the workflow, whose whole
process is timed), peak RSS in MiB, and a value both sides should agree on.
"""

import json
import resource
import socket
import statistics
import struct
import sys
import time
import warnings

import numpy as np

# Fields of conn.log that the original tool clusters by.
FIELDS = [0, 2, 4, 5, 8, 9, 10]


def timed(repeats, work):
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        value = work()
        times.append((time.perf_counter() - start) * 1000)
    return dict(
        ms=statistics.median(times), best=min(times), value=float(value),
    )


def matrix(folder, name, d=7):
    return np.fromfile(f"{folder}/{name}.f64").reshape(-1, d)


def scaler(folder):
    from sklearn.preprocessing import StandardScaler

    X = matrix(folder, "raw")
    return timed(7, lambda: StandardScaler().fit_transform(X)[0, 0])


def pca(folder):
    from sklearn.decomposition import PCA

    X = matrix(folder, "scaled")
    return timed(7, lambda: abs(PCA(2).fit_transform(X)[0, 0]))


def kmeans(folder):
    from sklearn.cluster import KMeans

    X = matrix(folder, "plane", 2)
    return timed(5, lambda: KMeans(20, n_init=10, random_state=1).fit(X).inertia_)


def dbscan(folder):
    from sklearn.cluster import DBSCAN

    X = matrix(folder, "scaled")
    return timed(3, lambda: DBSCAN(eps=0.3, min_samples=10).fit(X).labels_.max() + 1)


def mlp(folder):
    from sklearn.neural_network import MLPClassifier

    X = matrix(folder, "net")
    y = np.fromfile(f"{folder}/y.u8", dtype=np.uint8)[:len(X)]
    return timed(3, lambda: MLPClassifier(
        (5, 3), activation="logistic", solver="lbfgs", alpha=1e-5, random_state=1,
    ).fit(X, y).loss_)


def address(text):
    return float(struct.unpack("!I", socket.inet_aton(text))[0])


def workflow(folder):
    from sklearn.cluster import DBSCAN, KMeans
    from sklearn.decomposition import PCA
    from sklearn.preprocessing import StandardScaler

    rows = []
    with open(f"{folder}/conn.log") as log:
        for line in log:
            if line[0] == "#":
                continue
            f = line.rstrip("\n").split("\t")
            t = [f[i] for i in FIELDS]
            rows.append([
                float(t[0]), address(t[1]), address(t[2]),
                *(0.0 if v == "-" else float(v) for v in t[3:]),
            ])
    X = StandardScaler().fit_transform(np.array(rows))
    KMeans(20, n_init=10, random_state=1).fit(PCA(2).fit_transform(X))
    return dict(value=int(DBSCAN(eps=0.3, min_samples=10).fit(X).labels_.max()) + 1)


def seven(folder):
    import pandas

    def work():
        return len(pandas.read_csv(
            f"{folder}/large/conn.log", sep="\t", comment="#", header=None,
            na_values="-", usecols=FIELDS,
        ))

    return timed(3, work)


def gzip(folder):
    import pandas

    def work():
        return len(pandas.read_csv(
            f"{folder}/large/conn.log.gz", sep="\t", comment="#", header=None,
            na_values="-",
        ))

    return timed(3, work)


def json_lines(folder):
    import pandas

    def work():
        return len(pandas.read_json(f"{folder}/large/conn.json", lines=True))

    return timed(1, work)


def read(folder):
    import pandas

    def work():
        return len(pandas.read_csv(
            f"{folder}/large/conn.log", sep="\t", comment="#", header=None,
            na_values="-",
        ))

    return timed(3, work)


def peak_rss():
    """MiB; Linux's own count, as getrusage's begins with the parent's."""
    try:
        with open("/proc/self/status") as status:
            [line] = [s for s in status if s.startswith("VmHWM:")]
            return int(line.split()[1]) / 1024
    except FileNotFoundError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main():
    warnings.simplefilter("ignore")
    name, folder = sys.argv[1:]
    workloads = dict(
        scaler=scaler, pca=pca, kmeans=kmeans, dbscan=dbscan, mlp=mlp,
        workflow=workflow, read=read, seven=seven, gzip=gzip,
        json_lines=json_lines,
    )
    result = workloads[name](folder)
    print(json.dumps(dict(result, rss=peak_rss())))


if __name__ == "__main__":
    main()
