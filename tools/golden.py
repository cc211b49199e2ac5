"""Writes what scikit-learn 1.2 answers, for the tests to compare with.

    /usr/bin/python3 tools/golden.py && deno fmt tests/golden

Needs scikit-learn 1.2 (Debian: python3-sklearn). Writes in tests/golden:

    standard_scaler.json  mean, variance, scale and first and last rows
    pca.json              components, variances and first rows; `tied` names the
                          components whose sign is left to rounding
    kmeans.json           labels, centers and inertia from fixed centers, and
                          the inertia that random_state 1 ends in
    dbscan.json           labels and core samples
    scalers.json          RobustScaler's and MinMaxScaler's first rows
    whiten.json           PCA's first rows with whiten
    solvers.json          loss curves of MLPClassifier with adam and sgd
    mlp_classifier.json   weights, loss and gradient at the start; loss and
                          accuracy at the end
    random.json           what numpy's RandomState draws
    metrics.json          precision, recall, f1, average precision, ROC
    clusters.json         silhouette and Davies–Bouldin

A second run writes the same bytes; another BLAS may change last digits, which
the tests allow for. The data are not stored: tests/golden/data.ts computes the
same bits from the same congruential generator, using only operations that
IEEE 754 rounds alike.
"""

import json
import pathlib
import warnings

import numpy as np
from sklearn.cluster import DBSCAN, KMeans
from sklearn.decomposition import PCA
from sklearn.metrics import average_precision_score, davies_bouldin_score
from sklearn.metrics import f1_score, roc_auc_score, roc_curve
from sklearn.metrics import silhouette_samples, silhouette_score
from sklearn.metrics import precision_score, recall_score
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import MinMaxScaler, RobustScaler, StandardScaler

OUT = pathlib.Path(__file__).resolve().parent.parent / "tests" / "golden"


class Lcg:
    """Numerical Recipes' generator; uniform numbers in [0, 1) of 32 bits."""

    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = (1664525 * self.state + 1013904223) % 2**32
        return self.state / 2**32


PORTS = [53.0, 80.0, 123.0, 443.0, 8080.0]


def conn_row(u):
    """ts, src, dst, port, duration, orig_bytes, resp_bytes, constant."""
    port = PORTS[int(u() * 5)]
    a, b, c = u(), u(), u()
    return [
        1.6e9 + int(u() * 86400e6) / 1e6,
        3232235520.0 + int(a * a * 64),
        float(int(b * b * b * 4294967295.0)),
        port,
        c * c * c * c * 100,
        float(int(u() * 500) + 40),
        float(int(c * c * 1e5)),
        7.5,
    ]


def conn(n, seed):
    """Rows like conn's; two of three repeat one of the first twenty."""
    u = Lcg(seed).next
    rows = []
    for i in range(n):
        if i < 20 or i % 3 == 0:
            rows.append(conn_row(u))
        else:
            rows.append(list(rows[int(u() * 20)]))
    return np.array(rows)


def blobs(n, d, centers, seed):
    """Sums of uniform numbers around random centers."""
    u = Lcg(seed).next
    middles = [[u() * 10 for _ in range(d)] for _ in range(centers)]
    rows = []
    for i in range(n):
        middle = middles[i % centers]
        rows.append([m + u() + u() + u() - 1.5 for m in middle])
    return np.array(rows)


def ring(n, d, seed):
    """Two classes that no straight line parts: inside and outside a ball."""
    u = Lcg(seed).next
    X = np.array([[u() * 4 - 2 for _ in range(d)] for _ in range(n)])
    squares = np.zeros(n)
    for j in range(d):
        squares = squares + X[:, j] * X[:, j]
    return X, (squares < d).astype(int)


def write(name, value):
    (OUT / f"{name}.json").write_text(json.dumps(value, indent=0) + "\n")


def scaler_cases():
    cases = []
    for n, seed in [(1, 5), (2, 6), (300, 7), (3000, 8)]:
        X = conn(n, seed)
        s = StandardScaler().fit(X)
        cases.append(dict(
            n=n, seed=seed, mean=s.mean_.tolist(), scale=s.scale_.tolist(),
            variance=s.var_.tolist(), head=s.transform(X)[:8].ravel().tolist(),
            tail=s.transform(X)[-1].tolist(),
        ))
    return cases


def other_scaler_cases():
    cases = []
    for n, seed in [(1, 5), (2, 6), (301, 7), (3000, 8)]:
        X = conn(n, seed)
        robust, minmax = RobustScaler().fit(X), MinMaxScaler().fit(X)
        cases.append(dict(
            n=n, seed=seed, center=robust.center_.tolist(),
            scale=robust.scale_.tolist(),
            robust=robust.transform(X)[:8].ravel().tolist(),
            low=minmax.data_min_.tolist(), high=minmax.data_max_.tolist(),
            minmax=minmax.transform(X)[:8].ravel().tolist(),
        ))
    return cases


def whiten_case():
    X = StandardScaler().fit_transform(conn(300, 9))
    p = PCA(3, whiten=True).fit(X)
    return dict(n=300, seed=9, head=p.transform(X)[:8].ravel().tolist())


def tied_signs(X, p):
    """Components with outermost samples on both sides, equally far out.

    svd_flip looks for the outermost sample to choose the sign; between equal
    ones, as the only two of two rows, the last bit of the SVD decides.
    """
    Y = p.transform(X)
    outermost = abs(Y).max(axis=0)
    low, high = -Y.min(axis=0), Y.max(axis=0)
    return (abs(low - high) <= 1e-12 * outermost).tolist()


def pca_case(name, X, n_components, **data):
    p = PCA(n_components=n_components, svd_solver="full").fit(X)
    return dict(
        name=name, **data, nComponents=n_components, mean=p.mean_.tolist(),
        components=p.components_.ravel().tolist(),
        explainedVariance=p.explained_variance_.tolist(),
        explainedVarianceRatio=p.explained_variance_ratio_.tolist(),
        singularValues=p.singular_values_.tolist(),
        tied=tied_signs(X, p),
        head=p.transform(X)[:5].ravel().tolist(),
    )


def pca_cases():
    raw = conn(300, 7)
    scaled = StandardScaler().fit_transform(raw)
    return [
        pca_case("scaled conn", scaled, 7, data="scaled", n=300, seed=7),
        pca_case("raw conn", raw, 2, data="conn", n=300, seed=7),
        pca_case("blobs", blobs(240, 5, 4, 9), 5, data="blobs", n=240, seed=9),
        pca_case("two rows", blobs(2, 4, 2, 10), 1, data="blobs", n=2, seed=10),
        pca_case("three rows", blobs(3, 4, 2, 11), 2, data="blobs", n=3, seed=11),
        pca_case("one feature", blobs(50, 1, 2, 12), 1, data="blobs", n=50, seed=12),
    ]


def kmeans_case(name, X, k, **data):
    m = KMeans(k, init=X[:k].copy(), n_init=1, algorithm="lloyd").fit(X)
    # Stated with n_init so that the default seeds can be compared as well.
    seeded = KMeans(k, n_init=3, random_state=1, algorithm="lloyd").fit(X)
    return dict(
        name=name, **data, nClusters=k, inertia=m.inertia_, nIter=m.n_iter_,
        labels=m.labels_.tolist(), centers=m.cluster_centers_.ravel().tolist(),
        seededInertia=seeded.inertia_,
    )


def kmeans_cases():
    scaled = StandardScaler().fit_transform(conn(300, 7))
    cases = [
        kmeans_case("scaled conn", scaled, k, data="scaled", n=300, seed=7)
        for k in (2, 5, 20)
    ]
    for d, centers, k, seed in [(2, 6, 6, 21), (7, 9, 12, 22), (1, 3, 4, 23)]:
        X = blobs(400, d, centers, seed)
        cases.append(kmeans_case(
            f"blobs of {d}", X, k, data="blobs", n=400, seed=seed, d=d,
            blobs=centers,
        ))
    return cases


def dbscan_cases():
    scaled = StandardScaler().fit_transform(conn(300, 7))
    sets = [("scaled", scaled, dict(n=300, seed=7))]
    for d, centers, seed in [(2, 6, 31), (3, 4, 32), (1, 3, 33)]:
        X = blobs(300, d, centers, seed)
        sets.append(("blobs", X, dict(n=300, seed=seed, d=d, blobs=centers)))
    cases = []
    for data, X, how in sets:
        for eps, min_samples in [(0.05, 3), (0.3, 10), (0.3, 1), (0.6, 5), (2.0, 10)]:
            m = DBSCAN(eps=eps, min_samples=min_samples).fit(X)
            cases.append(dict(
                data=data, **how, eps=eps, minSamples=min_samples,
                labels=m.labels_.tolist(),
                core=m.core_sample_indices_.tolist(),
            ))
    return cases


class Recorder(MLPClassifier):
    """Keeps the first weights, and loss and gradient there."""

    def _fit_lbfgs(self, X, y, activations, deltas, coef_grads, intercept_grads, units):
        self.first = flat(self.coefs_, self.intercepts_)
        loss, coefs, intercepts = self._backprop(
            X, y, activations, deltas, coef_grads, intercept_grads
        )
        self.first_loss = loss
        self.first_gradient = flat(coefs, intercepts)
        super()._fit_lbfgs(
            X, y, activations, deltas, coef_grads, intercept_grads, units
        )


def flat(coefs, intercepts):
    """Per layer weights and then biases."""
    parts = [np.concatenate([c.ravel(), i]) for c, i in zip(coefs, intercepts)]
    return np.concatenate(parts).tolist()


def mlp_case(X, y, activation, hidden, **data):
    def fit(X):
        return Recorder(
            hidden, activation=activation, solver="lbfgs", alpha=1e-5,
            random_state=1,
        ).fit(X, y)

    # The path of L-BFGS depends on the last bit of everything: where it ends
    # for inputs that differ by a rounding says how much of the loss is chance.
    m = fit(X)
    ends = [m] + [fit(X * (1 + i * 2.0**-52)) for i in range(1, 8)]
    return dict(
        activation=activation, d=X.shape[1], n=len(X), hidden=hidden, **data,
        first=m.first, firstLoss=m.first_loss, firstGradient=m.first_gradient,
        losses=[e.loss_ for e in ends],
        accuracies=[e.score(X, y) for e in ends],
    )


def mlp_cases():
    cases = []
    for activation in ("logistic", "tanh", "relu", "identity"):
        for d, n, seed, hidden in [(2, 400, 41, (5, 3)), (7, 300, 42, (6,))]:
            X, y = ring(n, d, seed)
            cases.append(mlp_case(X, y, activation, hidden, data="ring", seed=seed))
    raw = conn(900, 61)
    X = StandardScaler().fit_transform(raw)
    for rule, y in conn_rules(raw).items():
        cases.append(mlp_case(X, y, "logistic", (5, 3), data=rule, seed=61))
    return cases


def solver_case(X, y, **params):
    m = MLPClassifier(
        (8, 4), activation="tanh", random_state=3, max_iter=12, alpha=1e-3, tol=0,
        **params,
    ).fit(X, y)
    return dict(
        params=params, losses=m.loss_curve_, nIter=m.n_iter_,
        probabilities=m.predict_proba(X[:20])[:, 1].tolist(),
    )


def solver_cases():
    X, y = ring(530, 4, 43)
    return [
        solver_case(X, y, **params) for params in (
            dict(solver="adam"),
            dict(solver="adam", batch_size=64, learning_rate_init=0.02),
            dict(solver="adam", batch_size=530, shuffle=False),
            dict(solver="sgd", learning_rate_init=0.1),
            dict(solver="sgd", learning_rate_init=0.1, nesterovs_momentum=False),
            dict(
                solver="sgd", learning_rate_init=0.5, learning_rate="invscaling",
                power_t=0.3, momentum=0.5,
            ),
            dict(
                solver="sgd", learning_rate_init=3.0, learning_rate="adaptive",
                n_iter_no_change=2, batch_size=100,
            ),
        )
    ]


def conn_rules(X):
    """Classes of conn rows: by port, and by which side sent more."""
    return {
        "conn ports": (X[:, 3] >= 443).astype(int),
        "conn bytes": (X[:, 6] > 8 * X[:, 5]).astype(int),
    }


def random_cases():
    cases = []
    for seed in (0, 1, 4294967295):
        r = np.random.RandomState(seed)
        cases.append(dict(
            seed=seed,
            random=r.random_sample(3).tolist(),
            uniform=r.uniform(-2.5, 1.25, 3).tolist(),
            randint=[int(r.randint(b)) for b in (1, 2, 7, 1000, 22000, 2**31)],
            permutation=r.permutation(20).tolist(),
        ))
    return cases


def metric_case():
    u = Lcg(51).next
    scores = [int(u() * 20) / 20 for _ in range(200)]
    truth = [1 if u() < s else 0 for s in scores]
    predicted = [1 if s > 0.5 else 0 for s in scores]
    return dict(
        seed=51, truth=truth, scores=scores, predicted=predicted,
        precision=precision_score(truth, predicted),
        recall=recall_score(truth, predicted),
        f1=f1_score(truth, predicted),
        averagePrecision=average_precision_score(truth, scores),
        rocAuc=roc_auc_score(truth, scores),
        roc=[a.tolist() for a in roc_curve(truth, scores, drop_intermediate=False)[:2]],
    )


def cluster_cases():
    cases = []
    for n, d, centers, seed, k in [(200, 2, 4, 71, 4), (301, 7, 5, 72, 3)]:
        X = blobs(n, d, centers, seed)
        labels = np.arange(n) * 7 % k if k == 4 else np.arange(n) % k
        cases.append(dict(
            n=n, d=d, centers=centers, seed=seed, labels=labels.tolist(),
            silhouette=silhouette_score(X, labels),
            samples=silhouette_samples(X, labels)[:10].tolist(),
            daviesBouldin=davies_bouldin_score(X, labels),
        ))
    return cases


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    # A net that is stopped at max_iter is wanted here.
    warnings.simplefilter("ignore")
    write("standard_scaler", scaler_cases())
    write("pca", pca_cases())
    write("kmeans", kmeans_cases())
    write("dbscan", dbscan_cases())
    write("scalers", other_scaler_cases())
    write("whiten", whiten_case())
    write("solvers", solver_cases())
    write("mlp_classifier", mlp_cases())
    write("random", random_cases())
    write("metrics", metric_case())
    write("clusters", cluster_cases())


if __name__ == "__main__":
    main()
