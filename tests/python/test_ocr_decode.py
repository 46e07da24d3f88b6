"""What is made of the recogniser's probabilities: a text, its certainty, and the other readings."""

from __future__ import annotations

import pytest

np = pytest.importorskip("numpy", reason="the extra that reads pictures is not installed: make ocr")

from flows.extract.readers.ocr.decode import Alphabet, looks_numeric, pointed, read_number, read_text  # noqa: E402

ALPHABET = Alphabet([*"0123456789.,-OlI一万元决決堃"])


def scores(*steps: dict[str, float]) -> np.ndarray:
    """Probabilities by step; what a step leaves over is the blank between characters."""
    table = np.zeros((len(steps), len(ALPHABET.characters)), np.float32)
    for row, step in zip(table, steps, strict=True):
        for character, probability in step.items():
            row[ALPHABET.characters.index(character)] = probability
        row[0] += 1 - sum(step.values())
    return table


def sure(text: str) -> list[dict[str, float]]:
    """Each character at a step of its own, a blank after it."""
    return [step for character in text for step in ({character: 1.0}, {})]


def test_a_run_of_one_character_is_that_character_once():
    text, recognition = read_text(scores({"1": 1.0}, {"1": 1.0}, {}, {"1": 1.0}), ALPHABET)
    assert (text, recognition.certainty, recognition.others) == ("11", 1.0, ())


def test_characters_that_simplified_chinese_has_not_give_way_to_those_it_has():
    text, recognition = read_text(scores({"決": 0.8, "决": 0.2}), ALPHABET)
    assert text == "决"
    assert recognition.certainty > 0.9
    assert read_text(scores(*sure("堃")), ALPHABET)[0] == "堃"  # unless nothing else is likely


def test_certainty_is_that_of_the_least_certain_character_and_the_second_best_is_another_reading():
    text, recognition = read_number(scores(*sure("1."), {"8": 0.7, "3": 0.3}, {}, *sure("0")), ALPHABET)
    assert text == "1.80"
    assert recognition.certainty == pytest.approx(0.7, abs=0.01)
    assert recognition.others == ("1.30",)


def test_a_decimal_point_that_may_be_there_makes_another_reading():
    text, recognition = read_number(scores(*sure("2"), {".": 0.3}, *sure("22")), ALPHABET)
    assert (text, recognition.others) == ("222", ("2.22",))
    assert recognition.certainty < 0.8


def test_letters_in_a_number_are_the_digits_that_they_look_like():
    text, recognition = read_number(scores(*sure("l"), {"O": 0.6, "0": 0.4}, {}, *sure(".50")), ALPHABET)
    assert (text, recognition.others) == ("10.50", ())
    assert recognition.certainty == pytest.approx(1.0, abs=0.01)


def test_only_amounts_are_other_readings_of_a_number():
    _, recognition = read_number(scores(*sure("1"), {".": 0.5, ",": 0.5}, *sure("25")), ALPHABET)
    assert recognition.others == ()  # 1,25 is no amount


@pytest.mark.parametrize(
    ("read", "meant"), [("739,98", "739.98"), ("1,528,15", "1,528.15"), ("1,528", "1,528"), ("12,3456", None)]
)
def test_a_comma_that_parts_no_thousands_is_a_point_that_needs_a_proof(read: str, meant: str | None):
    found = read_number(scores(*sure(read)), ALPHABET)
    assert (found[0] if found else None) == meant
    assert found is None or (found[1].certainty < 0.98) == (meant != read)


def test_what_is_left_of_a_rule_is_taken_off_the_ends():
    assert read_number(scores(*sure("12.5-")), ALPHABET)[0] == "12.5"
    assert read_number(scores(*sure("-12.5")), ALPHABET)[0] == "-12.5"


def test_no_number_where_nothing_reads_as_one():
    assert read_number(scores(*sure("-")), ALPHABET) is None


@pytest.mark.parametrize("text", ["0.00", "1,093.15", "|264.87", "O.00", "-3.2", "2010101", "12.50_"])
def test_looks_numeric(text: str):
    assert looks_numeric(text)


@pytest.mark.parametrize("text", ["", "2024年", "一、", "-", "合计", "Oll", "1.办公费", "(3)"])
def test_looks_not_numeric(text: str):
    assert not looks_numeric(text)


@pytest.mark.parametrize(
    ("read", "meant"),
    [("00000", "0.0000"), ("000", "0.00"), ("-012", "-0.12"), ("01", "01"), ("0.00", "0.00"), ("100", "100")],
)
def test_a_number_that_begins_with_zero_has_lost_its_point(read, meant):
    assert pointed(read) == meant
