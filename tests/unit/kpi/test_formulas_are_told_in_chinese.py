"""Each figure's formula stands beside it in the reader's language."""

from __future__ import annotations

import re

import pytest

from ctiserver.kpi.boards import BOARD_FIGURES
from ctiserver.kpi.figures import FIGURES, figure

LETTERS = {"A", "B", "F", "N", "S", "T", "a", "b", "f", "s"}
"""Those of the contract, which are the same in every language."""


@pytest.mark.parametrize("ident", FIGURES)
def test_in_chinese_and_in_english(ident: str) -> None:
    formulas = figure(ident).formulas
    assert formulas["en"] == figure(ident).formula
    assert set(re.findall(r"[A-Za-z_]+", formulas["zh-CN"])) <= LETTERS


def test_joined_by_the_names_of_figures() -> None:
    assert figure("answer_rate").formulas["zh-CN"] == "接通 / (接通 + 放弃)"
    assert figure("break_ms:lunch").formulas["zh-CN"] == "小休且不在通话，lunch"


@pytest.mark.parametrize("ident", BOARD_FIGURES)
def test_on_wallboards_too(ident: str) -> None:
    formulas = BOARD_FIGURES[ident].formulas
    assert set(re.findall(r"[A-Za-z_]+", formulas["zh-CN"])) <= LETTERS
    assert formulas["en"]
