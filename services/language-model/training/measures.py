"""Accuracy, calibration, and the scaling that makes probabilities mean what they say."""

import numpy as np
from scipy.optimize import minimize, minimize_scalar


def softmax(logits: np.ndarray, temperature: float = 1.0) -> np.ndarray:
    scaled = logits / temperature
    powers = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def sigmoid(scores: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-np.clip(scores, -40, 40)))


def temperature(logits: np.ndarray, labels: np.ndarray) -> float:
    """One number that divides all logits, least negative log likelihood (Guo et al. 2017, On Calibration of Modern Neural Networks)."""
    loss = lambda t: -np.log(softmax(logits, t)[np.arange(len(labels)), labels] + 1e-12).mean()  # noqa: E731
    return round(float(minimize_scalar(loss, bounds=(0.3, 6), method="bounded").x), 4)


def platt(scores: np.ndarray, labels: np.ndarray) -> dict[str, float]:
    """σ(a·x + b), least negative log likelihood (Platt 1999)."""
    def loss(ab: np.ndarray) -> float:
        p = sigmoid(ab[0] * scores + ab[1])
        return float(-(labels * np.log(p + 1e-12) + (1 - labels) * np.log(1 - p + 1e-12)).mean())

    a, b = minimize(loss, np.array([1.0, 0.0]), method="Nelder-Mead").x
    return {"a": round(float(a), 4), "b": round(float(b), 4)}
