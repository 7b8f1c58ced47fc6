"""Sums that keep their precision where terms cancel each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from cockpit.metrics.promql.frames import Flags, Floats


def precise_sum(terms: Floats) -> Floats:
    """The sums over the first axis, of one at least.

    Without terms of both signs nothing cancels, and a plain sum is right to within the number of terms × 1e-16.
    In the other columns what is rounded off is added back, as Prometheus does it for all: 1 + 1e100 − 1e100 is 1.
    """
    total: Floats = terms.sum(axis=0)
    mixed = np.flatnonzero(_cancels(terms))
    if mixed.size:
        total[mixed] = _compensated(terms[:, mixed])
    return total


def precise_mean(terms: Floats) -> Floats:
    """The means over the first axis; finite where the terms are, however large their sum."""
    count = terms.shape[0]
    mean: Floats = precise_sum(terms) / count
    overflown = np.flatnonzero(~np.isfinite(mean) & np.isfinite(terms).all(axis=0))
    if overflown.size:
        mean[overflown] = precise_sum(terms[:, overflown] / count)
    return mean


def _cancels(terms: Floats) -> Flags:
    flags: Flags = (terms.min(axis=0) < 0) & (terms.max(axis=0) > 0)
    return flags


def _compensated(terms: Floats) -> Floats:
    """Added up in pairs, with what each addition rounds off. Source: T. Ogita, S. M. Rump, S. Oishi, Accurate Sum
    and Dot Product, 2005, whose cascade this is, by halves and not term by term."""
    lost = np.zeros(terms.shape[1])
    while len(terms) > 1:
        half = len(terms) // 2
        left, right = terms[:half], terms[half : 2 * half]
        grown = left + right
        right_kept = grown - left
        lost += ((left - (grown - right_kept)) + (right - right_kept)).sum(axis=0)
        terms = np.concatenate((grown, terms[2 * half :]))
    [total] = terms
    kept: Floats = np.where(np.isfinite(total), total + lost, total)
    return kept
