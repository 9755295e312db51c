"""The colours: dark, light, and one with the strongest contrast."""

from __future__ import annotations

from typing import Final

from textual.theme import Theme

DARK: Final = Theme(
    "reviewer-dark",
    primary="#78b6ff",
    secondary="#b69cff",
    accent="#f2b56b",
    warning="#f0c674",
    error="#ff7a85",
    success="#7fd99a",
    foreground="#d5dbe8",
    background="#0f1218",
    surface="#151a23",
    panel="#1e2531",
    dark=True,
    variables={
        "severity-critical": "#ff5370 bold",
        "severity-high": "#ff8a65",
        "severity-medium": "#f0c674",
        "severity-low": "#78b6ff",
        "severity-info": "#8c97ab",
        "faint": "#8592a8",
        "border": "#78b6ff",
        "border-blurred": "#2b3444",
        "block-cursor-background": "#243248",
        "block-cursor-foreground": "#ffffff",
        "block-cursor-blurred-background": "#1b2433",
        "block-cursor-blurred-foreground": "#d5dbe8",
        "footer-background": "#0b0e13",
        "footer-key-foreground": "#f2b56b",
        "footer-description-foreground": "#8c97ab",
        "input-selection-background": "#78b6ff 30%",
        "scrollbar": "#2b3444",
        "scrollbar-hover": "#3a475c",
        "scrollbar-active": "#78b6ff",
        "scrollbar-background": "#0f1218",
        "scrollbar-background-hover": "#0f1218",
        "scrollbar-background-active": "#0f1218",
    },
)

LIGHT: Final = Theme(
    "reviewer-light",
    primary="#0b5cad",
    secondary="#6b3fc0",
    accent="#9a5b00",
    warning="#8a5a00",
    error="#b3261e",
    success="#1b7a3d",
    foreground="#1d2430",
    background="#fbfbfa",
    surface="#f3f4f6",
    panel="#e6e9ee",
    dark=False,
    variables={
        "severity-critical": "#a3001f bold",
        "severity-high": "#b5410b",
        "severity-medium": "#7d5600",
        "severity-low": "#0b5cad",
        "severity-info": "#566173",
        "faint": "#5b6675",
        "border": "#0b5cad",
        "border-blurred": "#c6ccd6",
        "block-cursor-background": "#cfe2f7",
        "block-cursor-foreground": "#10151d",
        "block-cursor-blurred-background": "#e2e8f0",
        "block-cursor-blurred-foreground": "#1d2430",
        "footer-background": "#e6e9ee",
        "footer-key-foreground": "#9a5b00",
        "footer-description-foreground": "#566173",
        "input-selection-background": "#0b5cad 25%",
        "scrollbar": "#c6ccd6",
        "scrollbar-background": "#fbfbfa",
        "scrollbar-background-hover": "#fbfbfa",
        "scrollbar-background-active": "#fbfbfa",
    },
)

CONTRAST: Final = Theme(
    "reviewer-contrast",
    primary="#66d9ff",
    secondary="#ffb3ff",
    accent="#ffff00",
    warning="#ffff00",
    error="#ff9090",
    success="#80ff80",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#1a1a1a",
    dark=True,
    text_alpha=1.0,
    variables={
        "severity-critical": "#ff9090 bold",
        "severity-high": "#ffb070 bold",
        "severity-medium": "#ffff00",
        "severity-low": "#66d9ff",
        "severity-info": "#ffffff",
        "faint": "#d8d8d8",
        "border": "#ffff00",
        "border-blurred": "#ffffff",
        "block-cursor-background": "#003f9e",
        "block-cursor-foreground": "#ffffff",
        "block-cursor-blurred-background": "#303030",
        "block-cursor-blurred-foreground": "#ffffff",
        "footer-background": "#000000",
        "footer-key-foreground": "#ffff00",
        "footer-description-foreground": "#ffffff",
        "scrollbar": "#ffffff",
        "scrollbar-background": "#000000",
        "scrollbar-background-hover": "#000000",
        "scrollbar-background-active": "#000000",
    },
)

OWN: Final = (DARK, LIGHT, CONTRAST)
DEFAULT: Final = DARK.name

FALLBACK: Final = {
    "severity-critical": "$error bold",
    "severity-high": "$error",
    "severity-medium": "$warning",
    "severity-low": "$primary",
    "severity-info": "$foreground",
    "faint": "dim",
}
"""For the themes that come with Textual, which know nothing of severities; for contents, not for style sheets."""
