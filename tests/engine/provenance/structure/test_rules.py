"""The table of rules: what a newsroom may write, and what is refused."""

import pytest

from inspector.domain.structure import Element, Structure, Tag
from inspector.engine.provenance import rule_files
from inspector.engine.provenance.structure.rules import facts_of, load_rules, read_rules

WHOLE = 'id = "a"\nsays = "It says {value}."\ncauses = "None."\nsource = "Us."\n'


def written(path, text):
    path.write_text(text)
    return read_rules(path)


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ('tag = "x/*"\nmatches = "b+"', True),
        ('tag = "y/*"', False),
        ('has = "moov"', True),
        ('has = "moof"', False),
        ('lacks = "moov"', False),
        ('lacks = "moof"\nformat = "ISO*"', True),
        ('lacks = "moof"\nformat = "JPEG"', False),
    ],
)
def test_all_conditions_of_a_rule_must_hold(tmp_path, condition, holds) -> None:
    found = Structure("ISO base media", 9, (Element("moov", 0, 0, 9),), (Tag("x", "name", "abbc"),))
    facts = facts_of(found, tuple(written(tmp_path / "a.toml", f"[[rule]]\n{WHOLE}{condition}")))
    assert [fact.rule for fact in facts] == ["a"] * holds
    if "matches" in condition:
        assert facts[0].sentence == "It says bb."


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ('[[rule]]\nid = "a"', "causes, says, source"),
        (f"[[rule]]\n{WHOLE}", "no condition"),
        (f'[[rule]]\n{WHOLE}has = "x"\nverdict = "fake"', "verdict"),
        (f"[[rule]]\n{WHOLE}has = 3", "a value that is no text"),
        (f'[[rule]]\n{WHOLE}tag = "x"\nmatches = "("', "unterminated"),
        ("[[", "Expected|Invalid"),
    ],
)
def test_a_file_that_is_no_table_of_rules_is_named(tmp_path, monkeypatch, text, cause) -> None:
    (tmp_path / "file_rules").mkdir()
    (tmp_path / "file_rules" / "newsroom.toml").write_text(text)
    monkeypatch.setattr(rule_files, "resource", lambda name: tmp_path / name)
    load_rules.cache_clear()
    try:
        found, (remark,) = load_rules()
    finally:
        load_rules.cache_clear()
    assert found == ()
    assert remark.startswith("The rules in newsroom.toml were not used (")
    assert any(part in remark for part in cause.split("|"))
