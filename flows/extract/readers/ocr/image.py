"""A picture of a page made ready: its noise, its ink, its skew, its resolution.

Pictures are grey, uint8, rows by columns. `dpi` is the picture's resolution in pixels an inch.
"""

from __future__ import annotations

import cv2
import numpy as np

FEWEST_DPI = 130  # below, pictures are enlarged twice
MOST_DPI = 300  # above, pictures are reduced: it costs time and tells no more
STEEPEST = 6.0  # degrees of skew that are set right
_RULE = 0.8  # inches; no stroke of a character is as long
_FEWEST_RULES = 3
_FEWEST_LETTERS = 12
_STRAIGHT = 0.04  # degrees that need no setting right: a pixel over the width of a page
_STRAIGHT_TEXT = 0.15  # the same where letters tell the angle, less exactly


def grey_of(image: np.ndarray) -> np.ndarray:
    """Any picture (grey, BGR or BGRA, uint8) as grey on white paper."""
    if image.ndim == 2:
        return image
    if image.shape[2] == 1:
        return image[:, :, 0]
    if image.shape[2] == 4:
        alpha = image[:, :, 3:].astype(np.uint16)
        image = ((image[:, :, :3] * alpha + 255 * (255 - alpha)) // 255).astype(np.uint8)
    return cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)


def at_working_resolution(grey: np.ndarray, dpi: float) -> tuple[np.ndarray, float]:
    """The picture and its resolution, enlarged twice where it is coarse, reduced where it is fine."""
    if dpi < FEWEST_DPI:
        return cv2.resize(grey, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC), dpi * 2
    if dpi > MOST_DPI:
        factor = MOST_DPI / dpi
        return cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA), MOST_DPI
    return grey, dpi


def is_noisy(grey: np.ndarray) -> bool:
    """Whether the paper itself is speckled: most pixels are blank paper and should be alike."""
    grain = cv2.absdiff(grey, cv2.medianBlur(grey, 3))[::3, ::3]
    return bool(np.percentile(grain, 65) >= 4)  # half the noise of white paper is cut off at white


def without_noise(grey: np.ndarray) -> np.ndarray:
    """For noisy pictures only, since it softens strokes. No median: it deletes those of one pixel."""
    return cv2.bilateralFilter(cv2.GaussianBlur(grey, (3, 3), 0), 5, 60, 3)


def ink_of(grey: np.ndarray, dpi: float, contrast: int = 15) -> np.ndarray:
    """255 where a pixel is darker than the paper around it, 0 elsewhere."""
    block = int(dpi * 0.155) | 1
    return cv2.adaptiveThreshold(
        grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, block, contrast
    )


def upright(grey: np.ndarray, dpi: float) -> np.ndarray:
    """The picture with its text running across; it may stand on its head."""
    return np.rot90(grey, -1) if _runs_sideways(ink_of(grey, dpi), dpi) else grey


def _runs_sideways(ink: np.ndarray, dpi: float) -> bool:
    """Whether the text runs up or down the page: joined with its neighbours, a word is then taller
    than it is wide."""
    reach = max(3, int(dpi * 0.05))
    words = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(words, connectivity=8)
    width, height = stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT]
    low, high = dpi * 0.06, dpi * 0.35
    lying = (height > low) & (height < high) & (width > 1.8 * height)
    standing = (width > low) & (width < high) & (height > 1.8 * width)
    return int(height[standing].sum()) > 1.5 * int(width[lying].sum())


def skew_of(grey: np.ndarray, dpi: float) -> float:
    """The angle of a page's rules, or else of its text lines, in degrees, clockwise positive; 0 where
    nothing tells or the page is as good as straight."""
    angle, least = _skew_of_rules(grey, dpi), _STRAIGHT
    if angle is None:
        angle, least = _skew_of_text(ink_of(grey, dpi), dpi), _STRAIGHT_TEXT
    return angle if least < abs(angle) <= STEEPEST else 0.0


def _skew_of_rules(grey: np.ndarray, dpi: float) -> float | None:
    half = cv2.resize(cv2.GaussianBlur(grey, (3, 3), 0), None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    lines = cv2.createLineSegmentDetector(cv2.LSD_REFINE_STD).detect(half)[0]
    if lines is None:
        return None
    lines = lines.reshape(-1, 4)
    run = lines[:, 2:] - lines[:, :2]
    length = np.hypot(run[:, 0], run[:, 1])
    angle = np.degrees(np.arctan2(run[:, 1], run[:, 0]))
    angle = (angle + 45) % 90 - 45  # a vertical rule tells the same as a horizontal one
    telling = (length > dpi / 2 * _RULE) & (np.abs(angle) < 2 * STEEPEST)
    if telling.sum() < _FEWEST_RULES:
        return None
    angle, weight = angle[telling], length[telling] ** 2  # the longer, the more exactly it tells
    order = np.argsort(angle, kind="stable")
    middle = np.searchsorted(weight[order].cumsum(), weight.sum() / 2)
    return float(angle[order][middle])


def _skew_of_text(ink: np.ndarray, dpi: float) -> float:
    """The angle under which the feet of the letters fall on the fewest rows."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    x, y, width, height = (stats[1:, n].astype(float) for n in range(4))
    letter = (height > dpi * 0.05) & (height < dpi * 0.35) & (width < dpi * 0.5)
    x, foot = (x + width / 2)[letter], (y + height)[letter]
    if len(x) < _FEWEST_LETTERS:
        return 0.0
    row = max(1.0, dpi / 100)

    def gathered(angle: float) -> float:
        rows = ((foot - x * np.tan(np.radians(angle))) / row).astype(int)
        return float((np.bincount(rows - rows.min()).astype(float) ** 2).sum())

    coarse = max(np.arange(-STEEPEST, STEEPEST + 0.05, 0.1), key=gathered)
    return float(max(np.arange(coarse - 0.1, coarse + 0.11, 0.02), key=gathered))


def set_straight(grey: np.ndarray, angle: float) -> tuple[np.ndarray, np.ndarray]:
    """The picture turned back by `angle` degrees, grown so that no corner is lost, and the 2 × 3
    matrix that takes a point of the result to where it was."""
    if not angle:
        return np.ascontiguousarray(grey), np.array([[1.0, 0, 0], [0, 1.0, 0]])
    grey = np.ascontiguousarray(grey)
    height, width = grey.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1)
    cosine, sine = abs(matrix[0, 0]), abs(matrix[0, 1])
    grown_width, grown_height = int(height * sine + width * cosine), int(height * cosine + width * sine)
    matrix[0, 2] += (grown_width - width) / 2
    matrix[1, 2] += (grown_height - height) / 2
    size = (grown_width, grown_height)
    turned = cv2.warpAffine(grey, matrix, size, flags=cv2.INTER_CUBIC)
    # the corners are filled with paper: white beside grey would look like a rule, so would streaks of noise
    inside = cv2.warpAffine(np.ones_like(grey), matrix, size, flags=cv2.INTER_NEAREST)
    paper = cv2.warpAffine(
        cv2.blur(grey, (31, 31)), matrix, size, flags=cv2.INTER_NEAREST, borderMode=cv2.BORDER_REPLICATE
    )
    outside = cv2.erode(inside, np.ones((3, 3), np.uint8)) == 0
    turned[outside] = paper[outside]
    return turned, cv2.invertAffineTransform(matrix)
