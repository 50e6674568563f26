"""D1: what other systems export, and people keep by hand, comes in as a person would read it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from domain.columns import Kind
from domain.errors import Refused
from handlers.import_results import rejects_as_csv
from storage.table_body import NOTE
from storage.tables import Member
from tests.handlers.files import counted, rejects, take_in, told
from tests.people import ADA, BEN, WORKSPACE, Desk


@dataclass(frozen=True, slots=True)
class Export:
    """A file as a system writes it, which fields its columns are, and the losses it tells of."""

    text: str
    fields: str
    losses: tuple[str, ...]
    encoding: str = "utf-8"


EXPORTS = {
    "salesforce report": Export(
        '"Account Name","Opportunity Name","Stage","Close Date","Amount Currency","Amount",'
        '"Expected Revenue Currency","Expected Revenue","Lost Reason","Opportunity Owner",'
        '"Created Date"\r\n'
        '"Acme Corp","Acme - 2025","Closed Lost","3/4/2025","EUR","12,000.00","EUR","0.00",'
        '"Price","Ada Fox","1/15/2025"\r\n'
        '"Cora Ltd","Cora","Negotiation","6/30/2025","USD","5,000.00","USD","2,500.00","",'
        '"Ben Ruiz","2/11/2025"\r\n\r\n"Lost Opportunities Q1"\r\n'
        '"Copyright (c) 2000-2025 salesforce.com, inc. All rights reserved."\r\n'
        '"Confidential Information - Do Not Distribute"\r\n"Example Corp"\r\n',
        "account - stage last_day currency value - - reason lost_by -",
        ("Acme Corp deal price 12000.00 EUR 2025-03-04 Ada Fox",),
    ),
    "salesforce data loader": Export(
        "ID,ACCOUNTID,NAME,STAGENAME,AMOUNT,CLOSEDATE,OWNERID,LOSS_REASON__C,ACCOUNT.NAME,"
        "OWNER.NAME,CURRENCYISOCODE\n006x,001x,Acme renewal,Closed Lost,12000.0,2025-03-04,005x,"
        "Price,Acme Corp,Ada Fox,USD\n",
        "external_id account_id - stage value last_day - reason account lost_by currency",
        ("Acme Corp deal price 12000.00 USD 2025-03-04 Ada Fox",),
    ),
    "hubspot deals": Export(
        '"Record ID","Deal Name","Deal Stage","Close Date","Deal owner","Amount",'
        '"Amount in company currency","Closed Lost Reason","Associated Company","Create Date"\n'
        '"16543","Acme renewal","Closed lost","2025-03-04 10:15","Ada Fox (ada@example.com)",'
        '"12000","11040.00","Too expensive","Acme Corp","2025-01-02 09:00"\n',
        "external_id - stage last_day lost_by value - reason account -",
        ("Acme Corp deal price 12000.00 USD 2025-03-04 Ada Fox",),
        "utf-8-sig",
    ),
    "pipedrive": Export(
        "Deal - ID;Deal - Title;Deal - Organization;Deal - Value;Deal - Currency of Value;"
        "Deal - Status;Deal - Lost reason;Deal - Lost time;Deal - Stage\n"
        "101;Acme renewal;Acme Corp;12000;EUR;Lost;Price;2025-03-04 10:15:00;Proposal Made\n"
        "102;Bolt;Bolt & Co;8500;EUR;Won;;;Proposal Made\n",
        "external_id - account value currency stage reason last_day -",
        ("Acme Corp deal price 12000.00 EUR 2025-03-04 -",),
    ),
    "dynamics": Export(
        '"(Do Not Modify) Opportunity","Topic","Potential Customer","Est. Revenue",'
        '"Actual Close Date","Est. Close Date","Status","Status Reason","Owner","Currency"\n'
        '"3f1c","Acme renewal","Acme Corp","$12,000.00","3/14/2025 12:00 AM","3/31/2025","Lost",'
        '"Price","Ada Fox","US Dollar"\n',
        "- - account value last_day - stage reason lost_by currency",
        ("Acme Corp deal price 12000.00 USD 2025-03-14 Ada Fox",),
    ),
    "close": Export(
        "id,lead_name,contact_name,status_label,status_type,value,value_currency,date_created,"
        "date_won,date_lost,user_name,custom.Loss Reason\n"
        "oppo_1,Acme Corp,Jane Roe,Gone,lost,12000,USD,2025-01-02T09:00:00+00:00,,"
        "2025-03-04T10:15:00+00:00,Ada Fox,Price\n",
        "external_id account decision_maker - stage value currency - - lost_on lost_by reason",
        ("Acme Corp deal price 12000.00 USD 2025-03-04 Ada Fox",),
    ),
    "insightly": Export(
        "OpportunityId,OpportunityName,OrganizationName,OpportunityValue,BidCurrency,"
        "ActualCloseDate,ForecastCloseDate,OpportunityState,StateReason,ResponsibleUser\n"
        "1,Acme,Acme Corp,12000,USD,3/14/2025,3/31/2025,LOST,Price,Ada Fox\n",
        "external_id - account value currency last_day - stage reason lost_by",
        ("Acme Corp deal price 12000.00 USD 2025-03-14 Ada Fox",),
    ),
    "monday": Export(
        "Lost deals\nQ1\nName,Status,Date,Company,Deal Value,Loss reason\n"
        "Acme renewal,Lost,2025-03-04,Acme Corp,12000,Price\n\nQ2\n"
        "Name,Status,Date,Company,Deal Value,Loss reason\n",
        "- stage last_day account value reason",
        ("Acme Corp deal price 12000.00 USD 2025-03-04 -",),
    ),
    "chargebee": Export(
        "customers.company,subscriptions.status,subscriptions.mrr,subscriptions.currency_code,"
        "subscriptions.cancelled_at,subscriptions.cancel_reason_code,customers.id\n"
        "Acme Corp,cancelled,1200.00,USD,04-Mar-2025 10:15,Price,C1\n",
        "account stage value currency last_day reason account_id",
        ("Acme Corp customer price 1200.00 USD 2025-03-04 -",),
    ),
    "seconds since 1970": Export(
        "customer_id,customer_name,status,mrr,currency,cancelled_at,cancellation_reason\n"
        "cus_A1,Acme Corp,canceled,1200.00,usd,1741083300,Price\n",
        "account_id account stage value currency last_day reason",
        ("Acme Corp customer price 1200.00 USD 2025-03-04 -",),
    ),
    "won as yes and no": Export(
        "Opportunity Name,Account Name,Amount,Close Date,Won\n"
        "A,Acme Corp,12000,3/14/2025,FALSE\nB,Bolt & Co,8500,3/24/2025,TRUE\n",
        "- account value last_day stage",
        ("Acme Corp customer unknown 12000.00 USD 2025-03-14 -",),
    ),
    "holder, owner and reason": Export(
        "Account,Owner,Holder,Reason,Lost date,Amount\n"
        "Acme Corp,Ada Fox,Ben Ruiz,Price,2025-03-04,12000\n"
        "Acme Corp,Ada Fox,Ben Ruiz,Service,2025-01-04,3000\n",
        "account lost_by - reason lost_on value",
        (
            "Acme Corp customer price 12000.00 USD 2025-03-04 Ada Fox",
            "Acme Corp customer service 3000.00 USD 2025-01-04 Ada Fox",
        ),
    ),
    "states of the Union": Export(
        "Company,City,State,Zip,Reason,Cancel Date,Annual Spend\n"
        "Acme Corp,Springfield,IL,45720,Price,3/14/2025,12000\n",
        "account - - - reason last_day value",
        ("Acme Corp customer price 12000.00 USD 2025-03-14 -",),
    ),
    "german, old windows": Export(
        "Kunde;Kundennr.;Verlustgrund;Verloren am;Umsatz;Mitbewerber;Verkäufer;Bemerkungen\r\n"
        "Müller & Söhne;00123;Price;14.03.2025;1.234,56 €;Globex;Ada Fox;zu spät\r\n",
        "account account_id reason lost_on value competitor lost_by what_happened",
        ("Müller & Söhne customer price 1234.56 EUR 2025-03-14 Ada Fox",),
        "cp1252",
    ),
    "german, old mac, in thousands": Export(
        "Debitor;Name 1;Umsatz (T€);Sperrdatum;Grund\r0100;Müller AG;12,5;24.03.2025;Service\r",
        "account_id account value last_day reason",
        ("Müller AG customer service 12500.00 EUR 2025-03-24 -",),
        "mac_roman",
    ),
    "french": Export(
        "Client;Motif de perte;Date de perte;Montant;Concurrent;Commercial\n"
        "Café Crème;Price;24/03/2025;12\xa0000,00 €;Globex;Ada Fox\n",
        "account reason lost_on value competitor lost_by",
        ("Café Crème customer price 12000.00 EUR 2025-03-24 Ada Fox",),
    ),
    "spanish, dates in words": Export(
        "Cliente;Motivo de pérdida;Fecha de baja;Importe\n"
        "Año SL;Price;4 de marzo de 2025;1.200,50\n",
        "account reason last_day value",
        ("Año SL customer price 1200.50 USD 2025-03-04 -",),
        "utf-16",
    ),
    "swiss": Export(
        "Kunde;Umsatz CHF;Grund;Datum\nAcme Corp;1'234.50;Price;14.3.2025\n",
        "account value reason last_day",
        ("Acme Corp customer price 1234.50 CHF 2025-03-14 -",),
    ),
    "escaped quotes": Export(
        '"Account","Reason","Lost on","Notes"\n"Acme \\"Best\\" Corp","Price","2025-03-04",""\n',
        "account reason lost_on what_happened",
        ('Acme "Best" Corp customer price - - 2025-03-04 -',),
    ),
}  # fmt: skip


@pytest.mark.parametrize("export", EXPORTS.values(), ids=EXPORTS.keys())
async def test_d1_an_export_comes_in_as_it_is(desk: Desk, export: Export) -> None:
    result = await take_in(desk, export.text.encode(export.encoding))
    assert result.kind is Kind.LOSSES
    assert [column.field or "-" for column in result.columns] == export.fields.split()
    assert await told(desk) == export.losses
    assert counted(result)


HAND_KEPT = """Lost customers 2025,,,,
kept by Max - please do not sort!,,,,
,,,,
Customer,Left,Why,Worth,Notes
NORTH,,,,
Acme Corp,"Mar 4, 2025",price!!,"12,000",n/a
Subtotal North,,,"12,000",
,,,,
SOUTH,,,,
Cora Ltd,spring 2025,?,8k,
Total Wine & More,4-Mar-25,service,-,see mail
TOTAL,,,20000,
* figures are preliminary,,,,
"""


async def test_d1_of_a_sheet_kept_by_hand_only_customers_become_accounts(desk: Desk) -> None:
    result = await take_in(desk, HAND_KEPT)
    assert await told(desk) == (
        "Acme Corp customer price 12000.00 USD 2025-03-04 -",
        "Total Wine & More customer service - - 2025-03-04 -",
    )
    assert [(bad.line, bad.why == NOTE) for bad in result.rejected] == [
        *((5, True), (7, False), (9, True), (10, False), (12, False), (13, True)),
    ]
    assert "above the headings: “Lost customers 2025 kept by Max" in result.notes[0]


async def test_d1_notes_given_back_stay_notes_until_more_is_filled_in(desk: Desk) -> None:
    given_back = rejects_as_csv(await take_in(desk, HAND_KEPT))
    again = await take_in(desk, given_back)
    assert [row["Customer"] for row in rejects(again)] == [
        row["Customer"] for row in rejects(await take_in(desk, HAND_KEPT))
    ]
    mended = given_back.replace("SOUTH,,", "SOUTH,2025-03-05,").replace("spring 2025", "2025-03-06")
    result = await take_in(desk, mended)
    assert (result.new, len(result.rejected)) == (2, 4)
    assert len(await told(desk)) == 4
    assert (await take_in(desk, mended)).new == 0


async def test_d1_rows_given_back_are_read_as_their_file_was(desk: Desk) -> None:
    rows = "Acme;5/6/2025;x\nBolt;14/6/2025;7\nCora;gestern;8\n"
    wishes = {"Wer": "account", "Wann": "lost_on", "Was": "value"}
    result = await take_in(desk, f"Wer;Wann;Was\n{rows}", kind=Kind.LOSSES, mapping=wishes)
    assert [bad.line for bad in result.rejected] == [2, 4]
    given_back = rejects_as_csv(result)
    again = await take_in(desk, given_back)
    assert [bad.why for bad in again.rejected] == [bad.why for bad in result.rejected]
    await take_in(desk, given_back.replace(",x", ",9").replace("gestern", "7/6/2025"))
    assert await told(desk) == (
        "Bolt customer unknown 7.00 USD 2025-06-14 -",
        "Acme customer unknown 9.00 USD 2025-06-05 -",
        "Cora customer unknown 8.00 USD 2025-06-07 -",
    )


async def test_d1_a_column_called_why_is_not_taken_for_our_own(desk: Desk) -> None:
    result = await take_in(desk, "Customer,Why,Worth,Left\nAcme,price,x1,2025-03-04\n")
    mended = rejects_as_csv(result).replace(",x1,", ",5,")
    assert mended.startswith("Line,Why,Customer,Why,Worth,Left\n2,Value")
    await take_in(desk, mended)
    assert await told(desk) == ("Acme customer price 5.00 USD 2025-03-04 -",)


async def test_d1_rows_without_a_day_are_said_to_count_as_lost_today(desk: Desk) -> None:
    result = await take_in(desk, "Account,Close date,Lost on,Reason\nAcme,2025-03-04,,\nBolt,,,\n")
    assert result.notes == ["Counted as lost today, for want of a date: 1 row."]
    result = await take_in(desk, "Account,Reason\nCora,Price\nDune,Price\n")
    assert result.notes == ["Counted as lost today, for want of a date: 2 rows."]


async def test_d1_companies_of_a_crm_are_accounts_whatever_their_last_activity(desk: Desk) -> None:
    result = await take_in(
        desk,
        "Record ID,Company name,Company owner,Last Activity Date,Company Domain Name,Industry\n"
        "98,Acme Corp,Ada Fox,2025-03-01 10:00,acme.example,Retail\n",
    )
    assert result.kind is Kind.ACCOUNTS
    assert [c.field for c in result.columns] == [
        "account_id",
        "account",
        "lost_by",
        "",
        "",
        "sector",
    ]


async def test_d1_users_of_other_systems_are_known_by_both_names(desk: Desk) -> None:
    users = "User Name,First Name,Last Name,Email,Profile,Manager\n"
    users += "ada@example.com,Ada,Fox,ada@example.com,Sales,Max Lind\n"
    staff = (
        'Employee Name,Job Title,Reports To,Work Email\n"Ruiz, Ben",Sales Manager,"Lind, Max",\n'
    )
    assert (await take_in(desk, users)).new == 0
    assert (await take_in(desk, staff)).people == []
    async with desk.database.reading(WORKSPACE) as work:
        people = {m.platform_user_id: m for m in await work.session.exec(select(Member))}
    assert (people[ADA].name, people[ADA].email) == ("Ada Fox", "ada@example.com")
    assert (people[BEN].name, people[BEN].role) == ("Ben Ruiz", "manager")


async def test_d1_a_dollar_is_the_workspaces_own(desk: Desk) -> None:
    async with desk.database.workspace(WORKSPACE) as work:
        await work.workspaces.decide("currency", "AUD")
        await work.commit()
    await take_in(desk, 'Account,Value,Lost on\nAcme,"$1,200",2025-03-04\nBolt,$-,2025-03-04\n')
    assert await told(desk) == (
        "Acme customer unknown 1200.00 AUD 2025-03-04 -",
        "Bolt customer unknown - - 2025-03-04 -",
    )


PIECES = st.sampled_from(
    [
        *("Account", "Kunde", "Reason", "Close Date", "Amount (T€)", "Stage", "Won", "Line", "Why"),
        *("Acme", "Total", "Page 1 of 2", "3/4/2025", "13.4.2025", "1.234,5 €", "kr 5", "lost"),
        *(
            "",
            " ",
            '"',
            "'",
            "\\",
            "\x00",
            "\r",
            "\n",
            ",",
            ";",
            "\t",
            "|",
            "é",
            "Łódź",
            "🙂",
            "=1+1",
        ),
    ]
)
TEXTS = st.lists(PIECES | st.text(max_size=4), max_size=60).map(",".join)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(TEXTS, st.sampled_from(["utf-8", "utf-16", "cp1252", "mac_roman", "cp932"]))
async def test_d1_any_text_is_taken_given_back_or_refused(
    desk: Desk, text: str, encoding: str
) -> None:
    refused = ""
    try:
        result = await take_in(desk, text.encode(encoding, "replace"), dry_run=True)
    except Refused as refusal:
        refused = refusal.sentence
    if refused:
        assert refused.endswith(".")
    else:
        assert counted(result)
        assert result.new + result.changed <= result.taken
