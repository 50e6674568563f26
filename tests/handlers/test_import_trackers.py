"""D1: trackers kept by hand and exports of newer systems come in as a person would read them."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from domain.columns import Kind
from tests.handlers.files import counted, rejects, take_in, told
from tests.people import WORKSPACE, Desk


@dataclass(frozen=True, slots=True)
class Tracker:
    """A file as it is, the losses it tells of, and what is said about it."""

    text: str
    losses: tuple[str, ...]
    says: str = ""


TRACKERS = {
    "recurly": Tracker(
        "subscription_uuid,account_code,account_company,state,activated_at,canceled_at,"
        "unit_amount,currency,reason_code\n"
        "4f,ac-1,Acme Corp,expired,2023-01-02 10:00:00 UTC,2025-03-04 10:15:00 UTC,1200.00,USD,"
        "too_expensive\n4g,ac-2,Bolt & Co,active,2023-01-02 10:00:00 UTC,,850.00,USD,\n",
        ("Acme Corp customer price 1200.00 USD 2025-03-04 -",),
        "not lost: active 1",
    ),
    "paddle": Tracker(
        "subscription_id,customer_id,business_name,status,recurring_amount,currency,canceled_at,"
        'cancellation_reason\nsub_1,ctm_1,Acme Corp,canceled,"1,200.00",USD,'
        "2025-03-04T10:15:00.123456Z,Too expensive\n",
        ("Acme Corp customer price 1200.00 USD 2025-03-04 -",),
    ),
    "chartmogul": Tracker(
        "Customer,Customer ID,MRR,Churned MRR,Date,Movement Type\n"
        "Acme Corp,cus_1,0.00,-1200.00,2025-03-14,Churn\n"
        "Bolt & Co,cus_2,0.00,-850.00,2025-03-24,Churn\n",
        (
            "Acme Corp customer unknown 1200.00 USD 2025-03-14 -",
            "Bolt & Co customer unknown 850.00 USD 2025-03-24 -",
        ),
        "all sums are below zero",
    ),
    "stripe": Tracker(
        "id,Customer ID,Customer Description,Plan,Amount,Status,Created (UTC),Canceled At (UTC),"
        "Cancellation Reason\nsub_1,cus_1,Acme Corp,gold,99.00,canceled,2023-01-02 10:00,"
        "2025-03-14 10:00,too_expensive\n",
        ("Acme Corp customer price 99.00 USD 2025-03-14 -",),
    ),
    "zendesk sell": Tracker(
        "id,name,company_name,value,currency,stage,loss_reason,owner,last_stage_change_at,"
        "estimated_close_date\n1,Acme 25,Acme Corp,12000.0,USD,Lost,Price,Ada Fox,"
        "2025-03-04T10:15:00Z,2025-06-01\n",
        ("Acme Corp deal price 12000.00 USD 2025-03-04 Ada Fox",),
    ),
    "hubspot companies": Tracker(
        "Record ID,Company name,Lifecycle Stage,Company owner,Churn date,Churn reason,"
        "Annual Revenue\n1,Acme Corp,Former customer,Ada Fox,2025-03-14,Price,12000\n"
        "2,Bolt & Co,Customer,Ada Fox,,,5000\n",
        ("Acme Corp customer price 12000.00 USD 2025-03-14 Ada Fox",),
        "not lost: Customer 1",
    ),
    "totango": Tracker(
        "Account ID,Account Name,Account Status,Contract Value,Churn Date,Churn Reason,"
        "Success Manager\n1,Acme Corp,Churned,12000,2025-03-14,Price,Ada Fox\n",
        ("Acme Corp customer price 12000.00 USD 2025-03-14 Ada Fox",),
    ),
    "airtable": Tracker(
        "\ufeffCustomer,🔥 MRR,📅 Churned,❓ Why,Owner\n"
        'Acme Corp,"$1,200.00",3/14/2025,💰 Price,Ada Fox\n',
        ("Acme Corp customer price 1200.00 USD 2025-03-14 Ada Fox",),
    ),
    "notion": Tracker(
        "\ufeffName,Company,Churn date,Reason,Value,Status\n"
        "Renewal,Acme Corp (https://www.notion.so/Acme-Corp-12?pvs=21),"
        '"March 14, 2025",Price,"$1,200.00",Churned\n',
        ("Acme Corp customer price 1200.00 USD 2025-03-14 -",),
    ),
    "monday with groups": Tracker(
        "Churn board,,,,\n\nQ1 2025,,,,\nName,Person,Status,Date,MRR\n"
        "Acme Corp,Ada Fox,Churned,2025-03-14,1200\n,,,2025-03-14,1200\n\nQ2 2025,,,,\n"
        "Name,Person,Status,Date,MRR\nBolt & Co,Ben Ruiz,Churned,2025-04-14,850\n",
        (
            "Acme Corp customer unknown 1200.00 USD 2025-03-14 Ada Fox",
            "Bolt & Co customer unknown 850.00 USD 2025-04-14 Ben Ruiz",
        ),
    ),
    "by hand": Tracker(
        "CHURN TRACKER (updated weekly),,,,,\n\nCustomer ,MRR,When lost?,Why??,Who owned it,Notes\n"
        'Acme Corp,"$1,200* ",Mar 2025,Price,Ada Fox,x\nBolt & Co,~ $400,Q1 2025,?,,\n'
        'Dune (pilot),free,TBD,,,\n\nTOTAL,"$1,600",,,,\navg,$800,,,,\n',
        (
            "Acme Corp customer price 1200.00 USD 2025-03-31 Ada Fox",
            "Bolt & Co customer unknown 400.00 USD 2025-03-31 -",
            "Dune (pilot) customer unknown - - 2026-03-02 -",
        ),
        "means its last day, “Mar 2025” is 2025-03-31",
    ),
    "two rows of headings": Tracker(
        "Customer,,Loss,,Money,\nName,ID,Date,Reason,ARR,Currency\n"
        "Acme Corp,C1,2025-03-14,Price,1200,EUR\n",
        ("Acme Corp customer price 1200.00 EUR 2025-03-14 -",),
    ),
    "as a wiki shows it": Tracker(
        "| Account | Lost on | Reason | Value |\n|---|:-:|---|--:|\n"
        "| A&amp;B | 2025-03-14 | Price | 1200 euros |\n",
        ("A&B customer price 1200.00 EUR 2025-03-14 -",),
    ),
    "kept from a spreadsheet's guesses": Tracker(
        'Account,Account id,Lost on,Reason\n"=""Acme""","=""007""","=""2025-03-14""",Price\n',
        ("Acme customer price - - 2025-03-14 -",),
    ),
    "tildes": Tracker(
        "Account~Lost on~Reason\nAcme~2025-03-14~Price\n",
        ("Acme customer price - - 2025-03-14 -",),
    ),
}  # fmt: skip


@pytest.mark.parametrize("tracker", TRACKERS.values(), ids=TRACKERS.keys())
async def test_d1_a_tracker_comes_in_as_a_person_reads_it(desk: Desk, tracker: Tracker) -> None:
    result = await take_in(desk, tracker.text)
    assert result.kind is Kind.LOSSES
    assert await told(desk) == tracker.losses
    assert tracker.says in " ".join(result.notes)
    assert counted(result)


async def test_d1_a_report_that_is_a_web_page_comes_in_and_its_rejects_can_be_mended(
    desk: Desk,
) -> None:
    rows = "<tr><td>Acme &amp; Co<td>Price<td>2025-03-14<tr><td>Bolt<td>Price<td>soon"
    page = f"<html><table><tr><th>Account Name<th>Loss Reason<th>Close Date{rows}</table></html>"
    result = await take_in(desk, page)
    assert [(bad.line, bad.why) for bad in result.rejected] == [
        (3, "Last day: “soon” is not a date I can read.")
    ]
    assert await told(desk) == ("Acme & Co customer price - - 2025-03-14 -",)
    assert (await take_in(desk, page)).new == 0


GROUPED = """Account,Product,Value,Lost on,Reason
Acme,Gold,5,2025-03-14,Price
,Tin,7,2025-03-14,Service
,,9,soon,Price
Bolt,Gold,1,2025-03-15,Price
,Tin,2,2025-03-15,Price
"""


async def test_d1_rows_below_the_name_they_are_about_come_back_unless_they_are_to_take_it(
    desk: Desk,
) -> None:
    result = await take_in(desk, GROUPED)
    assert [bad.line for bad in result.rejected] == [3, 4, 6]
    assert (result.below, result.may_be_grouped) == (3, True)
    result = await take_in(desk, GROUPED, fill_down=True)
    assert (result.new, result.duplicates, result.unchanged) == (2, 0, 2)
    assert (result.below, result.may_be_grouped) == (3, False)
    assert [row["Account"] for row in rejects(result)] == ["Acme"]  # mended, it needs nobody above
    assert await told(desk) == (
        "Acme customer price 5.00 USD 2025-03-14 -",
        "Bolt customer price 1.00 USD 2025-03-15 -",
        "Acme customer service 7.00 USD 2025-03-14 -",
        "Bolt customer price 2.00 USD 2025-03-15 -",
    )
    assert (await take_in(desk, GROUPED)).below == 3  # which is wished of each file anew
    assert len(await told(desk)) == 4


async def test_d1_one_row_of_many_without_a_name_is_rather_a_mistake(desk: Desk) -> None:
    flat = "".join(f"Customer {i},Gold,5,2025-03-14,Price\n" for i in range(9))
    result = await take_in(desk, GROUPED.partition("\n")[0] + f"\n{flat},Tin,7,2025-03-15,Price\n")
    assert (result.below, result.may_be_grouped) == (1, False)


async def test_d1_rows_given_back_take_no_name_for_their_own_may_be_elsewhere(desk: Desk) -> None:
    file = "Line,Why,Account,Reason\n3,,Acme,Price\n9,No account is named.,,Price\n"
    result = await take_in(desk, file, fill_down=True)
    assert (result.below, [bad.line for bad in result.rejected]) == (0, [9])


async def test_d1_an_account_gathers_what_the_rows_of_its_group_say(desk: Desk) -> None:
    file = "Account,Account id,Region,Tier\nAcme,7,North,\n,,,Gold\nBolt,8,South,\n"
    result = await take_in(desk, file, fill_down=True)
    assert (result.new, result.duplicates, len(result.rejected)) == (2, 1, 0)
    async with desk.database.reading(WORKSPACE) as work:
        acme = await work.accounts.named("Acme")
    assert acme is not None
    assert (acme.external_id, acme.region, acme.tier) == ("7", "North", "Gold")
