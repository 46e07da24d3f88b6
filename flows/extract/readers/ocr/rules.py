"""The ruling lines of a picture."""

from __future__ import annotations

import cv2
import numpy as np

from flows.extract.readers.ocr.image import ink_of
from flows.extract.readers.ruled import Rule

# Inches.
_SHORTEST_ACROSS = 0.28
_SHORTEST_DOWN = 0.17  # rows can be as low as 0.19
_THICKEST = 0.05
_MEETS = 0.05  # a rule that ends this close to another one meets it
_NO_STROKE = 0.6  # no stroke of a character is as long as this
_NO_WORD = 1.5  # nor are the strokes of neighbouring ones together


def rules_of(grey: np.ndarray, ink: np.ndarray, dpi: float, noisy: bool) -> tuple[list[Rule], list[Rule]]:
    """The horizontal and the vertical rules of a page that stands straight, in pixels."""
    shortest_down = int(dpi * _SHORTEST_DOWN) + (int(dpi) // 20 if noisy else 0)
    across = _long_strokes(_smeared(grey, dpi, (7, 1)) if noisy else ink, int(dpi * _SHORTEST_ACROSS))
    down = [
        rule
        for rule in _long_strokes(
            (_smeared(grey, dpi, (1, 7)) if noisy else ink).T, shortest_down
        )
    ]
    thickest = max(3, dpi * _THICKEST)
    across = [(rule, thickness) for rule, thickness in across if thickness <= thickest]
    horizontal = [
        rule
        for rule, thickness in across
        # noise joins the strokes of neighbouring characters
        if not noisy or rule.end - rule.start > dpi * _NO_WORD or _is_lone(rule, thickness, ink.T, dpi)
    ]
    vertical = [
        rule
        for rule, thickness in down
        if thickness <= thickest
        and (
            rule.end - rule.start > dpi * _NO_STROKE
            or (_is_held(rule, horizontal, dpi) and _is_lone(rule, thickness, ink, dpi))
        )
    ]
    return horizontal, vertical


def _smeared(grey: np.ndarray, dpi: float, kernel: tuple[int, int]) -> np.ndarray:
    """The ink of a noisy picture averaged along the rules, where noise cancels out."""
    return ink_of(cv2.blur(grey, kernel), dpi, contrast=12)


def _long_strokes(ink: np.ndarray, shortest: int) -> list[tuple[Rule, int]]:
    """The strokes across that are at least `shortest` long, small gaps bridged, with their thickness."""
    ink = np.ascontiguousarray(ink)
    bridged = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((1, 3), np.uint8))
    opened = cv2.morphologyEx(bridged, cv2.MORPH_OPEN, np.ones((1, shortest), np.uint8))
    outlines, _ = cv2.findContours(opened, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    strokes = []
    for x, y, width, height in map(cv2.boundingRect, outlines):
        strokes.append((Rule(y + height / 2, x, x + width), height))
    return strokes


def _is_held(rule: Rule, across: list[Rule], dpi: float) -> bool:
    """Whether a vertical rule ends at a horizontal one on both sides, which a stroke does not."""
    reach = dpi * _MEETS
    return all(
        any(
            abs(other.at - end) < reach and other.start - reach <= rule.at <= other.end + reach
            for other in across
        )
        for end in (rule.start, rule.end)
    )


def _is_lone(rule: Rule, thickness: int, ink: np.ndarray, dpi: float) -> bool:
    """Whether there is paper on both sides of a vertical rule, or of a horizontal one in the turned `ink`,
    which a stroke of a character has not."""
    x, top, bottom = int(rule.at), int(rule.start), int(rule.end)
    step = max(2, int(dpi) // 66)
    near = max(step, thickness // 2 + 1)
    left = ink[top:bottom, max(0, x - near - step) : max(1, x - near)]
    right = ink[top:bottom, x + near + 1 : x + near + step + 1]
    return all(side.size == 0 or side.mean() < 255 * 0.25 for side in (left, right))
