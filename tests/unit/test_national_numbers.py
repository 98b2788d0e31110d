"""National numbers: the NHS check digit against numbers worked out elsewhere, and its laws."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.national_numbers import SCHEMES, NotANumber, nhs_check_digit, nhs_number, shown_number

nine = st.text("0123456789", min_size=9, max_size=9)


@pytest.mark.parametrize(
    "typed", ["9434765919", "943 476 5919", " 943-476-5919 ", "943\u00a0476\u00a05919"]
)
def test_the_data_dictionarys_own_example_is_taken_as_ten_digits(typed):
    assert nhs_number(typed) == "9434765919"
    assert shown_number("nhs", "9434765919") == "943 476 5919"


def test_worked_out_by_hand():
    # 4·10 + 0·9 + 1·8 + 0·7 + 2·6 + 3·5 + 2·4 + 1·3 + 3·2 = 92; 92 mod 11 = 4; 11 - 4 = 7
    assert nhs_check_digit("401023213") == 7
    assert nhs_number("4010232137") == "4010232137"
    # A remainder of nothing gives the digit 0 and not 11.
    assert nhs_check_digit("000000000") == 0


@pytest.mark.parametrize("typed", ["", "943476591", "94347659190", "943476591X", "९४३४७६५९१९"])
def test_what_has_not_ten_digits_is_said_to(typed):
    with pytest.raises(NotANumber, match="ten digits"):
        nhs_number(typed)


def test_a_wrong_last_digit_is_said_to():
    with pytest.raises(NotANumber, match="last digit"):
        nhs_number("943 476 5918")


@given(nine)
def test_exactly_the_digit_that_fits_is_taken(begin):
    taken = []
    for last in "0123456789":
        try:
            taken.append(nhs_number(begin + last))
        except NotANumber:
            continue
    digit = nhs_check_digit(begin)
    assert taken == ([] if digit is None else [f"{begin}{digit}"])


@given(nine, st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(begin, place, by):
    digit = nhs_check_digit(begin)
    if digit is None:
        return
    right = f"{begin}{digit}"
    wrong = right[:place] + str((int(right[place]) + by) % 10) + right[place + 1 :]
    with pytest.raises(NotANumber):
        nhs_number(wrong)


@given(nine, st.integers(0, 8))
def test_two_neighbours_that_changed_places_are_always_found(begin, place):
    digit = nhs_check_digit(begin)
    right = f"{begin}{digit}"
    if digit is None or right[place] == right[place + 1]:
        return
    swapped = right[:place] + right[place + 1] + right[place] + right[place + 2 :]
    with pytest.raises(NotANumber):
        nhs_number(swapped)


@given(nine)
def test_what_is_shown_is_read_as_the_same_number(begin):
    digit = nhs_check_digit(begin)
    if digit is not None:
        number = f"{begin}{digit}"
        assert SCHEMES["nhs"].canonical(shown_number("nhs", number)) == number
