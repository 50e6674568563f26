"""D1: which column is which field, and what a file is about."""

from __future__ import annotations

import pytest

from domain.columns import FIELDS, Kind, Reads, field_named, folded
from domain.errors import Refused
from domain.matching import Match, Unmatched, heading_score, match_columns


def matched(header: str, *rows: str, **how: object) -> dict[str, str]:
    match = found(header, *rows, **how)
    return {column.heading: column.field for column in match.columns if column.field}


def found(header: str, *rows: str, **how: object) -> Match:
    cells = [row.split(",") for row in rows]
    return match_columns(header.split(","), cells, **how)  # type: ignore[arg-type]  # kind, chosen


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("Close_Date*", "close date"),
        ("AccountName", "account name"),
        ("CRMId", "crm id"),
        ("Tier__c", "tier"),
        ("Value (USD)", "value"),
        ("(x)", "x"),
        (" Wake-up   date ", "wake up date"),
    ],
)
def test_d1_spellings_of_a_heading_meet(heading: str, words: str) -> None:
    assert folded(heading) == words


def test_d1_no_heading_names_two_fields_of_a_kind() -> None:
    for kind, fields in FIELDS.items():
        labels = [folded(field.label) for field in fields]
        assert len(labels) == len(set(labels)), kind
        words = [word for field in fields for word in field.synonyms]
        assert len(words) == len(set(words)), kind
        assert all(word == folded(word) for word in words), kind


@pytest.mark.parametrize("kind", Kind)
def test_d1_every_field_is_found_by_its_own_heading(kind: Kind) -> None:
    for field in FIELDS[kind]:
        assert field_named(kind, field.label) is field
        assert field_named(kind, field.key) is not None
    assert field_named(kind, "tea") is None


@pytest.mark.parametrize(
    ("header", "row", "kind", "fields"),
    [
        (
            "Account Name,Opportunity Owner,Close Date,Stage,Amount,Loss Reason,Opportunity ID",
            "Acme,Ada,3/1/2017,Closed Lost,1200,Price,006x",
            Kind.LOSSES,
            "account lost_by last_day stage value reason external_id",
        ),
        (
            "Deal - Organization,Deal - Owner,Deal - Lost reason,Deal - Value,Deal - Status",
            "Acme,Ada,Price,1200,lost",
            Kind.LOSSES,
            "account lost_by reason value stage",
        ),
        ("Client,Sector,ARR,Owner", "Acme,retail,12k,Ada", Kind.ACCOUNTS,
         "account sector value lost_by"),
        ("Name,Industry", "Acme,retail", Kind.ACCOUNTS, "account sector"),
        ("Name,Email,Role", "Ada,a@b.co,rep", Kind.MEMBERS, "name email role"),
        ("sales_agent,manager,regional_office", "Ada,Max,East", Kind.MEMBERS,
         "name manager region"),
        ("Account,State,Holder,Reason,Last day", "A,code 99,Ada,Price,", Kind.ACCOUNTS,
         "account state holder reason last_day"),
        ("Customer ID,Churn date", "17,2025-01-01", Kind.LOSSES, "account_id last_day"),
        ("Custommer,Reasn", "Acme,Price", Kind.LOSSES, "account reason"),
        ("Customer,Primary loss reason", "Acme,Price", Kind.LOSSES, "account reason"),
    ],
)  # fmt: skip
def test_d1_exports_of_usual_programs_are_known(
    header: str, row: str, kind: Kind, fields: str
) -> None:
    match = found(header, row)
    assert match.kind is kind
    assert [column.field for column in match.columns] == fields.split()


def test_d1_the_better_heading_wins_a_field() -> None:
    assert matched("Company,Account,Reason") == {"Account": "account", "Reason": "reason"}


def test_d1_a_column_of_few_words_must_hold_one_of_them() -> None:
    rows = ("Acme,Existing Business,Processed,Price",)
    assert "Type" not in matched("Account,Type,Status,Reason", *rows)
    assert "Status" not in matched("Account,Type,Status,Reason", *rows)
    assert matched("Account,Type,Reason", "Acme,deal,Price")["Type"] == "kind"


def test_d1_content_tells_what_a_heading_does_not() -> None:
    rows = ("Acme,late delivery,2025-01-01", "Bolt,price,2025-02-01")
    assert matched("Account,Tag,Day", *rows, kind=Kind.LOSSES) == {
        "Account": "account", "Tag": "reason", "Day": "last_day",
    }  # fmt: skip
    two = ("Acme,2025-01-01,2025-01-02",)
    assert "last_day" not in matched("Account,A,B", *two, kind=Kind.LOSSES).values()
    ids = ("Ada,U012ABC,ada@example.com",)
    assert matched("Name,A,B", *ids, kind=Kind.MEMBERS) == {
        "Name": "name", "A": "platform_id", "B": "email",
    }  # fmt: skip


def test_d1_wishes_count_before_guesses() -> None:
    chosen = {"company": "Competitor", "KUNDE": "account", "Notes": "ignore"}
    assert matched("Kunde,Company,Notes,Reason", chosen=chosen) == {
        "Kunde": "account", "Company": "competitor", "Reason": "reason",
    }  # fmt: skip


def test_d1_a_wish_tells_the_kind_of_file() -> None:
    assert found("Wer,Chef", chosen={"Wer": "name", "Chef": "manager"}).kind is Kind.MEMBERS


def test_d1_wishes_for_what_there_is_not_name_what_there_is() -> None:
    with pytest.raises(Refused, match=r"no column “Tea”. Its columns are: Account, Reason"):
        found("Account,Reason", chosen={"Tea": "reason"})
    with pytest.raises(Refused, match=r"no field “tea” for losses. There are: Account, Reason"):
        found("Account,Reason", chosen={"Reason": "tea"}, kind=Kind.LOSSES)
    with pytest.raises(Refused, match=r"no field “tea” for accounts"):
        found("Account,Reason", chosen={"Reason": "tea"})


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        (None, "None of them names an account or a member"),
        (Kind.LOSSES, "None of the columns names an account"),
        (Kind.MEMBERS, "None of the columns names a member"),
    ],
)
def test_d1_a_file_about_nobody_is_not_understood(kind: Kind | None, says: str) -> None:
    with pytest.raises(Unmatched, match=says):
        found("product,series,sales_price", "GTX,A,55", kind=kind)


def test_d1_what_a_rejects_file_puts_first_is_passed_over() -> None:
    assert matched("Line,Why,Account,Reason", "3,No account is named.,,Price") == {
        "Account": "account", "Reason": "reason",
    }  # fmt: skip


def test_d1_fields_are_told_by_their_place() -> None:
    match = found("Notes,Account,Reason", chosen={"Notes": "-"}, kind=Kind.LOSSES)
    assert match.positions() == {"account": 1, "reason": 2}


@pytest.mark.parametrize(
    ("header", "row", "fields"),
    [
        ("Customer,Customer Name,Reason", "100234,Acme,Price", "- account reason"),
        ("Stage,Status,Account,Reason", "Proposal,Lost,Acme,Price", "- stage account reason"),
        ("Account,Created Date,Reason", "Acme,2020-01-02,Price", "account - reason"),
        ("Account,Zip,Reason", "Acme,45720,Price", "account - reason"),
        ("Account,Last activity date,Reason", "Acme,2020-01-02,Price", "account - reason"),
        ("Account,Lost on,Signed on,Reason", "Acme,2025-01-02,2020-01-02,Price",
         "account lost_on - reason"),
        ("Account,Type,Reason", "Acme,Invoice,Price", "account - reason"),
        ("Account,Sales,Reason", "Acme,Ada Fox,Price", "account - reason"),
        ("Account,Follow up,Reason", "Acme,yes,Price", "account - reason"),
        ("Account,Expected Close Date,Status Reason,Stage", "Acme,2025-01-02,Canceled,Lost",
         "account - - stage"),
        ("Deal Name,Deal owner,Loss reason,Account", "Acme 25,Ada,Price,Acme",
         "- lost_by reason account"),
        ("Account,Churn ARR,Umsatz CHF,Reason", "Acme,5,6,Price", "account - value reason"),
        ("Amount (converted),Amount,Account,Reason", "5,6,Acme,Price", "- value account reason"),
    ],
)  # fmt: skip
def test_d1_a_column_is_not_taken_for_what_it_is_not(header: str, row: str, fields: str) -> None:
    match = found(header, row, kind=Kind.LOSSES)
    assert [column.field or "-" for column in match.columns] == fields.split()


def test_d1_a_state_of_our_own_makes_a_drawer_and_another_does_not() -> None:
    assert found("Account,State,Reason", "Acme,code 99,Price").kind is Kind.ACCOUNTS
    assert found("Account,State,Reason", "Acme,IL,Price").kind is Kind.LOSSES
    assert found("Account,Holder,Value", "Acme,Ada,5").kind is Kind.ACCOUNTS
    assert found("Account,Holder,Reason", "Acme,Ada,Price").kind is Kind.LOSSES


def test_d1_what_a_billing_system_calls_a_state_is_a_stage() -> None:
    match = found("Account,State,Reason", "Acme,expired,Price", "Bolt,active,")
    assert (match.kind, match.columns[1].field) == (Kind.LOSSES, "stage")


def test_d1_a_date_under_churned_is_the_day() -> None:
    assert matched("Customer,Churned,Reason", "Acme,2025-03-04,Price")["Churned"] == "last_day"
    assert matched("Customer,Churned,Reason", "Acme,yes,Price")["Churned"] == "stage"


def test_d1_many_columns_are_matched_as_well() -> None:
    headings = ",".join(f"Day {i}" for i in range(3_000))
    row = ",".join("1" * 3_000)
    assert list(matched(f"Account,Reason,{headings}", f"Acme,Price,{row}")) == ["Account", "Reason"]


def test_d1_deals_are_no_members_though_a_currency_looks_like_an_id() -> None:
    match = found("Name,Company,Currency,Owner,Loss reason", "A,Acme,USD,ada@x.co,Price")
    assert (match.kind, match.positions()["account"]) == (Kind.LOSSES, 1)
    assert found("Name,Manager,Reason", "Acme,Max,Price").kind is Kind.LOSSES


def test_d1_members_go_by_a_name_not_by_an_address() -> None:
    match = found("User Name,First Name,Last Name,Email", "ada@x.co,Ada,Fox,ada@x.co")
    assert [c.field or "-" for c in match.columns] == ["-", "first_name", "last_name", "email"]
    assert match.kind is Kind.MEMBERS


def test_d1_no_heading_of_another_language_is_a_word_of_two_fields() -> None:
    for kind in FIELDS:
        known: dict[str, str] = {}
        for field in FIELDS[kind]:
            for word in field.synonyms:
                assert known.setdefault(word.replace(" ", ""), field.key) == field.key, word


def test_d1_a_heading_without_letters_is_no_field() -> None:
    assert matched("Account,---,Reason") == {"Account": "account", "Reason": "reason"}


def test_d1_the_row_of_headings_scores_highest() -> None:
    assert heading_score(["Account", "Reason", "", "Value (EUR)"]) == 3
    assert heading_score(["Acme Corp", "x" * 100, "12"]) == 0


def test_d1_no_field_that_the_desk_decides_is_asked_for() -> None:
    decided = {f.key for fields in FIELDS.values() for f in fields if f.reads is Reads.NOTHING}
    assert decided == {"state", "holder"}
