"""A yes or no among the parameters of an action."""

from __future__ import annotations

import pytest

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.catalogue.flags import flag


@pytest.mark.parametrize(("sent", "read"), [("true", True), ("0", False), (True, True), (None, None), ("", None)])
def test_words_for_yes_and_no_are_read(sent, read):
    for default in (True, False):
        assert flag({"kering": sent}, "kering", default) is (default if read is None else read)


@pytest.mark.parametrize("sent", ["mungkin", "\0", "²", "truee"])
def test_anything_else_is_a_sentence(sent):
    with pytest.raises(tk.ValidationError) as refused:
        flag({"kering": sent}, "kering")
    assert "kering" in refused.value.error_dict
