"""Times scikit-learn on a matrix; called by kernels_bench.ts.

    python3 kernels_bench.py MODEL MATRIX.f64 CLASSES.u8 ROWS FEATURES REPEATS

Prints JSON: the median of the fits in ms, peak RSS in MiB, and a check value.
"""

import json
import resource
import statistics
import sys
import time
import warnings

import numpy as np


def fits(X, y):
    from sklearn.cluster import DBSCAN, KMeans
    from sklearn.decomposition import PCA
    from sklearn.neural_network import MLPClassifier
    from sklearn.preprocessing import StandardScaler

    return {
        "StandardScaler": lambda: StandardScaler().fit_transform(X)[0, 0],
        "PCA": lambda: abs(PCA(2, random_state=1).fit_transform(X)[0, 0]),
        "KMeans": lambda: KMeans(20, n_init=10, random_state=1).fit(X).inertia_,
        "DBSCAN": lambda: int(DBSCAN(eps=0.3, min_samples=10).fit(X).labels_.max()) + 1,
        "MLPClassifier": lambda: MLPClassifier(
            (5, 3), activation="logistic", solver="lbfgs", alpha=1e-5,
            max_iter=50, random_state=1,
        ).fit(X, y).loss_,
    }


def main():
    name, matrix, classes, n, d, repeats = sys.argv[1:]
    X = np.fromfile(matrix).reshape(int(n), int(d))
    y = np.fromfile(classes, dtype=np.uint8)
    warnings.simplefilter("ignore")
    fit = fits(X, y)[name]
    times = []
    for _ in range(int(repeats)):
        start = time.perf_counter()
        value = fit()
        times.append((time.perf_counter() - start) * 1000)
    rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(dict(ms=statistics.median(times), rss=rss, value=float(value))))


if __name__ == "__main__":
    main()
