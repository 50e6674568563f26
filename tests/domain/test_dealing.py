"""Dealing the drawer out: who gets what, and in which words it is explained."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from domain.dealing import Outcome, deal, hand_over
from domain.rotation import Turn
from domain.rules import Rules
from domain.seating import PASSED_ON, Lot, Seat

ADA, BEN, CHI = 1, 2, 3
RULES = Rules()


def seats(**changes: Seat) -> list[Seat]:
    people = {"ada": Seat(ADA, "Ada"), "ben": Seat(BEN, "Ben"), "chi": Seat(CHI, "Chi")}
    return list({**people, **changes}.values())


def lots(count: int, lost_by: int = 0) -> list[Lot]:
    barred = ((lost_by, "lost it"),) if lost_by else ()
    return [Lot(i, f"lot {i:02}", value=100 - i, barred=barred) for i in range(count)]


def shares(outcome: Outcome) -> dict[int, int]:
    return dict(Counter(pick.member_id for pick in outcome.picks))


def test_accounts_go_round_the_dearest_first() -> None:
    outcome = deal(lots(4), seats(), RULES)
    assert [(p.account_id, p.member_id, p.why) for p in outcome.picks] == [
        (0, ADA, "next in turn"),
        (1, BEN, "next in turn"),
        (2, CHI, "next in turn"),
        (3, ADA, "next in turn"),
    ]
    assert outcome.turns == {ADA: Turn(2, 4), BEN: Turn(1, 2), CHI: Turn(1, 3)}
    assert outcome.sitting_out == ()


def test_of_the_same_value_the_name_decides() -> None:
    same = [Lot(1, "bolt", 5), Lot(2, "acme", 5)]
    assert [pick.account_id for pick in deal(same, seats(), RULES).picks] == [2, 1]


def test_a_turn_that_cannot_be_taken_waits_for_the_next_account() -> None:
    """A4."""
    [first, *rest] = lots(3)
    barred = Lot(0, "lot 00", 100, barred=((ADA, "lost it"),))
    outcome = deal([barred, *rest], seats(), RULES)
    assert [(p.account_id, p.member_id, p.why) for p in outcome.picks] == [
        (0, BEN, "next after Ada, who lost it"),
        (1, ADA, "next in turn"),
        (2, CHI, "next in turn"),
    ]
    assert first.account_id == 0


def test_who_sits_out_is_named_once_by_who_comes_next() -> None:
    """A1."""
    away = seats(
        ada=Seat(ADA, "Ada", out="is away until Fri"), ben=Seat(BEN, "Ben", out="is away too")
    )
    outcome = deal(lots(2), away, RULES)
    assert [pick.why for pick in outcome.picks] == [
        "next after Ada, who is away until Fri (and 1 more)",
        "next in turn",
    ]
    assert outcome.sitting_out == ((ADA, "is away until Fri"), (BEN, "is away too"))


def test_what_is_stuck_is_freed_by_an_exchange() -> None:
    """A2: the last account is Ben's turn, and barred to him; so he gets an earlier one."""
    two = [Seat(ADA, "Ada"), Seat(BEN, "Ben")]
    [first, second] = lots(2)
    last = Lot(1, second.key, second.value, barred=((BEN, "lost it"),))
    outcome = deal([first, last], two, RULES)
    assert {p.account_id: (p.member_id, p.why) for p in outcome.picks} == {
        0: (BEN, "keeps the counts even"),
        1: (ADA, "keeps the counts even"),
    }


def test_what_fits_nobodys_turn_goes_to_whoever_has_room_and_the_rest_is_evened_out() -> None:
    """A2: two accounts are for Ada alone, so the free one goes to Chi, who has none yet."""
    only_ada = ((BEN, "lost it"), (CHI, "passed it on"))
    drawer = [Lot(0, "a", 3), Lot(1, "b", 2, barred=only_ada), Lot(2, "c", 1, barred=only_ada)]
    known = seats(
        ada=Seat(ADA, "Ada", turn=Turn(0, 0)),
        ben=Seat(BEN, "Ben", turn=Turn(1, 1)),
        chi=Seat(CHI, "Chi", turn=Turn(0, 2)),
    )
    outcome = deal(drawer, known, RULES)
    assert {p.account_id: p.member_id for p in outcome.picks} == {0: CHI, 1: ADA, 2: ADA}


@pytest.mark.parametrize(("lead", "dealt"), [(1, 2), (2, 3), (9, 3)])
def test_nobody_exceeds_the_lead_by_what_fits_no_turn(lead: int, dealt: int) -> None:
    """A2: Ben's turn is no use for what only Ada may have, so she takes it, up to the lead."""
    only_ada = ((BEN, "lost it"), (CHI, "passed it on"))
    drawer = [Lot(0, "a", 3), *(Lot(i, f"lot {i}", 1, barred=only_ada) for i in (1, 2))]
    known = seats(
        ada=Seat(ADA, "Ada", turn=Turn(0, 0)),
        ben=Seat(BEN, "Ben", turn=Turn(1, 1)),
        chi=Seat(CHI, "Chi", turn=Turn(0, 2)),
    )
    outcome = deal(drawer, known, Rules(max_lead=lead))
    assert len(outcome.picks) == dealt
    assert shares(outcome)[CHI] == 1


def test_by_value_a_cap_still_holds() -> None:
    outcome = deal(
        lots(5), [Seat(ADA, "Ada", holds=1)], Rules(deal_by_value=True, open_accounts_cap=3)
    )
    assert [pick.account_id for pick in outcome.picks] == [0, 1]
    everybody = tuple((seat.member_id, "lost it") for seat in seats())
    nothing = deal([Lot(1, "acme", barred=everybody)], seats(), Rules(deal_by_value=True))
    assert (nothing.picks, len(nothing.left)) == ((), 1)


def test_what_is_barred_to_all_who_have_room_is_left() -> None:
    """A5: Ada has a turn, but Ben and Chi are full of what only they could take."""
    for_two = ((ADA, "lost it"),)
    drawer = [Lot(i, f"lot {i}", 9 - i, barred=for_two) for i in range(4)]
    free = Lot(9, "lot 9", 1)
    people = [Seat(ADA, "Ada"), Seat(BEN, "Ben"), Seat(CHI, "Chi")]
    outcome = deal([*drawer, free], people, Rules(open_accounts_cap=1))
    assert shares(outcome) == {ADA: 1, BEN: 1, CHI: 1}
    assert {left.why for left in outcome.left} == {
        "everyone who could take it holds 1 account, the most you allow"
    }


def test_nobody_is_ahead_of_one_who_is_held_up_by_more_than_the_lead() -> None:
    """A2: the maximum lead."""
    outcome = deal(lots(9, lost_by=ADA), seats(), Rules(max_lead=2))
    assert shares(outcome) == {BEN: 2, CHI: 2}
    assert {left.why for left in outcome.left} == {
        "whoever could take it is 2 accounts ahead already, the most you allow"
    }


def test_what_nobody_may_have_is_left_with_every_reason() -> None:
    """A5."""
    people = seats(ben=Seat(BEN, "Ben", out="is away"), chi=Seat(CHI, "Chi", holds=4))
    lot = Lot(1, "acme", barred=((ADA, "lost it"),))
    outcome = deal([lot], [*people, Seat(4, "Dov", weight=0)], Rules(open_accounts_cap=4))
    [left] = outcome.left
    assert left.why == (
        "Ada lost it; Ben is away; Chi holds 4 accounts, the most you allow; and 1 more"
    )
    assert (4, "takes no accounts for now") in outcome.sitting_out
    assert outcome.turns == {ADA: Turn(0)}


def test_without_seats_it_is_left() -> None:
    assert deal(lots(1), [], RULES).left[0].why == "there is no rep yet"


def test_an_account_that_sleeps_is_left() -> None:
    outcome = deal([Lot(1, "acme", stays="sleeps")], seats(), RULES)
    assert [left.why for left in outcome.left] == ["sleeps"]


@pytest.mark.parametrize("twice", ["lot", "seat"])
def test_nothing_is_dealt_twice(twice: str) -> None:
    again = 2 if twice == "lot" else 1
    with pytest.raises(ValueError, match=r"once|one seat"):
        deal([*lots(1)] * again, seats() * (3 - again), RULES)


def test_a_newcomer_is_level_with_the_others() -> None:
    """A3."""
    known = seats(ada=Seat(ADA, "Ada", turn=Turn(40, 9)), ben=Seat(BEN, "Ben", turn=Turn(41, 10)))
    outcome = deal(lots(3), known, RULES)
    assert shares(outcome) == {ADA: 1, CHI: 1, BEN: 1}


def test_with_catch_up_a_newcomer_catches_up_with_what_the_others_hold() -> None:
    """A3, the setting."""
    known = seats(
        ada=Seat(ADA, "Ada", holds=4, turn=Turn(40, 9)),
        ben=Seat(BEN, "Ben", holds=4, turn=Turn(40, 10)),
    )
    assert shares(deal(lots(4), known, Rules(catch_up=True))) == {CHI: 4}
    assert shares(deal(lots(3), seats(), Rules(catch_up=True))) == {ADA: 1, BEN: 1, CHI: 1}


def test_who_changes_weight_or_region_joins_anew() -> None:
    known = [
        Seat(ADA, "Ada", 100, turn=Turn(40, 9)),
        Seat(BEN, "Ben", 50, turn=Turn(40, 10)),
    ]
    assert shares(deal(lots(3), known, RULES)) == {ADA: 2, BEN: 1}


def test_a_region_shares_what_belongs_to_none() -> None:
    """A10."""
    people = [
        Seat(ADA, "Ada", region="East", turn=Turn(100, 9, "east")),
        Seat(BEN, "Ben", region="West", turn=Turn(3, 10, "west")),
        Seat(CHI, "Chi", region="west", out="is away"),
    ]
    drawer = [Lot(1, "a", region="east"), Lot(2, "b"), Lot(3, "c"), Lot(4, "d", region="North")]
    outcome = deal(drawer, people, Rules(deal_by_region=True))
    assert {p.account_id: p.member_id for p in outcome.picks} == {1: ADA, 2: BEN, 3: ADA}
    assert [left.why for left in outcome.left] == ["no rep covers North"]


def test_a_region_whose_reps_are_all_out_waits() -> None:
    people = [Seat(ADA, "Ada", region="East", out="is away"), Seat(BEN, "Ben")]
    outcome = deal([Lot(1, "a", region="East")], people, Rules(deal_by_region=True))
    assert [left.why for left in outcome.left] == ["Ada is away"]


def test_by_value_weights_and_what_is_barred_still_count() -> None:
    people = [Seat(ADA, "Ada"), Seat(BEN, "Ben", weight=50)]
    drawer = [
        Lot(i, f"lot {i:02}", 1000 - i, barred=((BEN, "lost it"),) if i % 2 else ())
        for i in range(30)
    ]
    outcome = deal(drawer, people, Rules(deal_by_value=True))
    assert shares(outcome) == {ADA: 20, BEN: 10}
    assert all(p.account_id % 2 == 0 for p in outcome.picks if p.member_id == BEN)
    worth = Counter({ADA: 0, BEN: 0})
    for pick in outcome.picks:
        worth[pick.member_id] += 1000 - pick.account_id
    assert abs(worth[ADA] / 2 - worth[BEN]) <= 0.05 * worth[BEN]


def test_by_value_nothing_is_worth_nothing() -> None:
    worthless = [Lot(i, f"lot {i}") for i in range(6)]
    outcome = deal(worthless, seats(), Rules(deal_by_value=True))
    assert shares(outcome) == {ADA: 2, BEN: 2, CHI: 2}
    assert {pick.why for pick in outcome.picks} == {"keeps the value even"}


def test_one_of_several_changes_hands_for_what_the_other_must_not_have() -> None:
    """A2, A4: two at the end were lost by Ben, so he takes one that was to be Ada's."""
    lost = [replace(lot, barred=((BEN, "lost it"),)) for lot in lots(6)[4:]]
    outcome = deal([*lots(4), *lost], [Seat(ADA, "Ada"), Seat(BEN, "Ben")], RULES)
    assert shares(outcome) == {ADA: 3, BEN: 3}
    assert [p.account_id for p in outcome.picks if p.why == "keeps the counts even"] == [2, 5]


def test_the_cap_holds_though_the_turn_of_another_finds_nothing() -> None:
    """A2: two fit Ada alone, who has room for one; the third fits Ben and Chi."""
    people = [Seat(ADA, "Ada", holds=2), Seat(BEN, "Ben"), Seat(CHI, "Chi")]
    for_ada = ((BEN, "lost it"), (CHI, "lost it"))
    dealt = [Lot(1, "a", barred=for_ada), Lot(2, "b", barred=for_ada)]
    outcome = deal(
        [*dealt, Lot(3, "c", barred=((ADA, "lost it"),))], people, Rules(open_accounts_cap=3)
    )
    assert shares(outcome) == {ADA: 1, BEN: 1}
    assert [left.why for left in outcome.left] == [
        "everyone who could take it holds 3 accounts, the most you allow"
    ]


def test_a_hand_over_goes_to_the_next_and_leaves_the_passer_in_place() -> None:
    """A6."""
    known = [Seat(m, n, turn=Turn(2, m)) for m, n in ((ADA, "Ada"), (BEN, "Ben"), (CHI, "Chi"))]
    outcome = hand_over(Lot(1, "acme"), known, RULES, ADA)
    assert [(p.member_id, p.why) for p in outcome.picks] == [
        (BEN, "next after Ada, who passed it on")
    ]
    assert outcome.turns == {BEN: Turn(3, 4)}


def test_who_passed_an_account_on_before_is_owed_nothing_either() -> None:
    """A2, A6: it comes by them again, and would leave them two behind."""
    known = [Seat(m, n, turn=Turn(t)) for m, n, t in ((ADA, "Ada", 0), (BEN, "Ben", 1))]
    known.append(Seat(CHI, "Chi", turn=Turn(1)))
    outcome = hand_over(Lot(1, "acme", barred=((ADA, PASSED_ON),)), known, RULES, BEN)
    assert {member: turn.taken for member, turn in outcome.turns.items()} == {ADA: 1, CHI: 2}


@pytest.mark.parametrize(("taken", "after"), [(5, 5), (4, 5), (2, 3)])
def test_to_pass_on_costs_a_turn_that_was_due_and_no_more(taken: int, after: int) -> None:
    """A6: what somebody is owed for other reasons stays theirs."""
    known = [Seat(m, n, turn=Turn(t)) for m, n, t in ((ADA, "Ada", 9), (BEN, "Ben", 5))]
    chi = Seat(CHI, "Chi", turn=Turn(taken))
    outcome = hand_over(Lot(1, "acme"), [*known, chi], RULES, CHI)
    assert outcome.turns[BEN].taken == 6
    assert outcome.turns.get(CHI, chi.turn) == Turn(after)


@pytest.mark.parametrize(("taken", "after"), [(2, 2), (1, 2)])
def test_a_part_timer_who_passes_on_keeps_to_their_share(taken: int, after: int) -> None:
    known = [Seat(m, n, turn=Turn(4)) for m, n in ((ADA, "Ada"), (BEN, "Ben"))]
    half = Seat(CHI, "Chi", weight=50, turn=Turn(taken, weight=50))
    outcome = hand_over(Lot(1, "acme"), [*known, half], RULES, CHI)
    assert outcome.turns.get(CHI, half.turn) == Turn(after, weight=50)


def test_a_hand_over_that_nobody_can_take_says_why() -> None:
    """A5, A6."""
    outcome = hand_over(Lot(1, "acme", barred=((BEN, "lost it"),)), [Seat(BEN, "Ben")], RULES, ADA)
    assert (outcome.picks, [left.why for left in outcome.left]) == ((), ["Ben lost it"])
