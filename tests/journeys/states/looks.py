"""The looks in which every state has to be right."""

from __future__ import annotations

from typing import Any

USUAL: dict[str, Any] = {
    "viewport": {"width": 520, "height": 800}, "reduced_motion": "reduce", "timezone_id": "UTC",
    "locale": "en-GB",
}  # fmt: skip

#: Options of a browser context; and whether the page is then turned from right to left.
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"reduced_motion": "no-preference"},
    "dark": {"color_scheme": "dark"},
    "narrow": {"viewport": {"width": 360, "height": 740}},
    "right to left": {"turned": True},
    "forced colours": {"forced_colors": "active"},
    # 1280 pixels at 400 %, as WCAG 1.4.10 has it.
    "four times": {"viewport": {"width": 320, "height": 256}},
}
