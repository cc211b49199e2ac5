"""Measures one workload of scikit-learn; run by kernels_bench.ts.

    python3 kernels_theirs.py TASK… MATRIX FEATURES

Prints JSON: median wall and CPU time in ms, peak RSS in MiB, a value and the
first of the result, which both sides should agree on.
"""

import json
import re
import statistics
import sys
import time
import warnings

import numpy as np
from sklearn.cluster import DBSCAN, KMeans
from sklearn.decomposition import PCA
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import StandardScaler

from theirs import peak_rss

HEAD = 20_000
NET_ROWS = 20_000
# The paths of lbfgs are chaotic: one seed's length is half chance.
SEEDS = range(1, 6)


def scaler(X, path, variant):
    Y = StandardScaler().fit_transform(X)
    return Y[0, 0], Y.ravel()


def pca(X, path, variant):
    model = PCA(2)
    Y = model.fit_transform(X)
    return model.explained_variance_[0], Y.ravel()


def kmeans(X, path, variant):
    m = KMeans(20, n_init=int(variant or 10), random_state=1).fit(X)
    return m.inertia_, m.labels_


def dbscan(X, path, variant):
    labels = DBSCAN(eps=0.3, min_samples=10).fit(X).labels_
    return labels.max() + 1, labels


def mlp(X, path, variant):
    y = np.fromfile(re.sub(r"[^/]+_(\d+)\.f64$", r"y_\1.u8", path), dtype=np.uint8)
    params = dict(
        hidden_layer_sizes=(64, 32), solver="adam", max_iter=20,
    ) if variant == "adam" else dict(
        hidden_layer_sizes=(5, 3), activation="logistic", solver="lbfgs", alpha=1e-5,
    )
    seeds = [1] if variant == "adam" else SEEDS
    models = [
        MLPClassifier(random_state=seed, **params).fit(X[:NET_ROWS], y[:NET_ROWS])
        for seed in seeds
    ]
    loss = statistics.mean(m.loss_ for m in models)
    return loss, np.array([m.n_iter_ for m in models])


def main():
    warnings.simplefilter("ignore")
    task, *variant, path, d = sys.argv[1:]
    variant = variant[0] if variant else None
    X = np.fromfile(path).reshape(-1, int(d))
    walls, cpus = [], []
    until = time.perf_counter() + 1
    while True:
        cpu, start = time.process_time(), time.perf_counter()
        value, head = globals()[task](X, path, variant)
        walls.append((time.perf_counter() - start) * 1000)
        cpus.append((time.process_time() - cpu) * 1000)
        if variant == "cold" or len(walls) == 25 or time.perf_counter() >= until:
            break
    print(json.dumps(dict(
        wall=statistics.median(walls), cpu=statistics.median(cpus), rss=peak_rss(),
        value=float(value), head=head[:HEAD].tolist(),
    )))


if __name__ == "__main__":
    main()
