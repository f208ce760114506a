"""A referral comes in, a card goes out, partners look and answer, all see it; and a machine that dies loses nothing."""

from __future__ import annotations

import asyncio

from tests.board_people import CHAIR, LAPSED, NURSE, OBSERVER, POLICE, SOCIAL, STRANGER, TRUST_LEAD, add_member
from tests.scenarios.board import PLANTED, REFERRAL, Story, eventually, planted_in, sentence, text_of
from tests.teams import Person, find_action


async def test_five_members_of_three_agencies_work_one_card_and_a_crash_loses_nothing(fresh_story: Story) -> None:
    """The whole loop: set up, refer, look, answer twice, one card updated in place, killed, and going on."""
    story, teams, bot = fresh_story, fresh_story.teams, fresh_story.bot

    reference = await story.refer(POLICE)
    post = await story.card_of(reference, saying="0 of 3 agencies answered")

    detail = await story.look(NURSE, post)
    assert "Zebedee Planted" in text_of(detail)
    assert "17 March 1984" in text_of(detail)
    await story.answer(NURSE, detail, "Not known")
    await story.look_and_answer(SOCIAL, post, "Known, will bring a report")
    await story.look_and_answer(TRUST_LEAD, post, "Here is the information", "PLANTEDINFO he missed two appointments")
    updated = await story.card_of(reference, saying="2 of 3 agencies answered")
    assert updated.id == post.id, "the one card is updated in place"
    assert updated.edits >= 1
    assert "Example Homes" in text_of(updated.card)
    assert "known" not in text_of(updated.card).casefold(), "never what was answered"

    for person, says in ((OBSERVER, "Observers see no case"), (LAPSED, "no current information sharing agreement")):
        refused = sentence(await story.open_look(person, updated))
        assert says in refused
        assert "recorded" in refused
    looks = bot.rows("Disclosures")
    assert {(row["MemberName"], row["Outcome"]) for row in looks} == {
        ("Cy Nurse", "shown"),
        ("Ed Socialworker", "shown"),
        ("Di Trustlead", "shown"),
        ("Flo Observer", "refused: observer"),
        ("Gus Lapsed", "refused: no isa"),
    }
    assert {row["Reference"] for row in looks} == {reference}

    bot.kill()
    bot.start()
    assert [row["Reference"] for row in bot.rows("Referrals")] == [reference]
    assert len(bot.rows("Returns")) == 3
    again = await story.look(CHAIR, updated)
    assert "Zebedee Planted" in text_of(again)
    await story.look_and_answer(NURSE, updated, "Known")
    assert len(bot.rows("Returns")) == 4
    assert len(teams.posts_in(story.channel)) == 2, "the set-up card and the one referral card"

    sent = "".join(call.body.decode() for call in teams.calls)
    assert planted_in(sent, (*PLANTED, "PLANTEDINFO", "appointments")) == []
    assert planted_in("\n".join(bot.heard()), (*PLANTED, "PLANTEDINFO", "appointments")) == []


async def test_a_row_typed_into_the_list_gets_the_same_card(fresh_story: Story) -> None:
    """A referral typed straight into SharePoint is completed and posted within a poll; its title stays out of Teams."""
    story = fresh_story
    number = story.bot.add_row("Referrals", Title="Zebedee Planted", Concern="Fire setting", Agency="POL")

    post = await story.card_of(f"R-{number}", saying="0 of 3 agencies answered")

    assert "Fire setting" in text_of(post.card)
    assert planted_in(post.activity) == []
    row = story.bot.rows("Referrals")[0]
    assert (row["Reference"], row["Open"], row["Status"]) == (f"R-{number}", True, "Received")
    assert row["Title"] == f"R-{number}"
    detail = await story.look(NURSE, post)
    assert "Zebedee Planted" in text_of(detail), "what was typed as a title is kept where names belong"


async def test_words_nobody_chose_are_not_shown_in_the_channel(fresh_story: Story) -> None:
    """A concern, agency or urgency typed by hand may be a name: the card says that it is not stated."""
    story = fresh_story
    number = story.bot.add_row(
        "Referrals", Concern="Zebedee Planted", Agency="Planted", Urgency="PLANTEDWHY", Asked="Planted; MHT"
    )

    post = await story.card_of(f"R-{number}")

    assert planted_in(post.activity) == []
    assert "Kind of concern not stated" in text_of(post.card)


async def test_an_edit_in_the_list_updates_the_card(fresh_story: Story) -> None:
    """Closing a referral in SharePoint closes its card: the button goes, and a look from an old copy is refused."""
    story = fresh_story
    reference = await story.refer(POLICE)
    post = await story.card_of(reference)
    before = find_action(post.card, title="See who this is")
    story.bot.change_row("Referrals", int(reference[2:]), Open=False)

    await eventually(lambda: "closed" in text_of(post.card), "the card to say closed")

    assert "See who this is" not in text_of(post.card)
    _, answer = await story.teams.open(NURSE, before["data"], story.channel)
    assert "closed" in sentence(answer)


async def test_the_rest_of_a_referral_can_follow(fresh_story: Story) -> None:
    """The receipt offers the second part; what is left empty stays, and a child brings in children's social care."""
    story = fresh_story
    story.bot.add_row(
        "Agencies",
        Agency="CSC",
        AgencyName="Example Children",
        Kind="Children's social care",
        IsaSignedOn="2025-01-01T12:00:00Z",
    )
    form = await story.referral_form(POLICE)
    receipt = await story.submit_referral(POLICE, form, REFERRAL)
    reference = story.bot.rows("Referrals")[0]["Reference"]
    more = find_action(receipt, title="Add the rest now")
    chat = story.teams.chat(POLICE)
    _, answer = await story.teams.submit(POLICE, more["data"], {}, chat)
    page = answer["task"]["value"]["card"]["content"]
    send = find_action(page, title="Add to the referral")
    values = {"date_of_birth": "2012-02-29", "nhs_number": "943 476 5919", "indicators": "Homeless,Dual diagnosis"}

    _, answer = await story.teams.submit(POLICE, send["data"], values, chat)

    assert f"kept as {reference}" in sentence(answer)
    subject = story.bot.rows("Subjects")[0]
    assert (subject["PersonName"], subject["NhsNumber"]) == ("Zebedee Planted", "9434765919")
    row = story.bot.rows("Referrals")[0]
    assert row["Indicators"].splitlines() == ["Homeless", "Dual diagnosis"]
    assert row["WhyNow"] == REFERRAL["why_now"]
    assert "CSC" in row["Asked"]


async def test_everything_works_without_buttons_in_a_private_chat(fresh_story: Story) -> None:
    """Typed equivalents: refer, see, answer; the details are sent to the one chat and recorded first."""
    story, teams = fresh_story, fresh_story.teams
    chat = teams.chat(POLICE)
    await teams.say(
        POLICE, "refer name: Zebedee Planted; concern: fire; urgency: routine; why: PLANTEDWHY fires at home", chat
    )
    assert "kept as R-1" in text_of(teams.last(chat).card)
    nurse = teams.chat(NURSE)
    await teams.say(NURSE, "return R-1 not known", nurse)
    assert "only after somebody in your agency has looked" in teams.last(nurse).text

    await teams.say(NURSE, "look r1 checking our records", nurse)
    shown = teams.last(nurse)
    assert "Zebedee Planted" in text_of(shown.card)
    assert "taken away" in text_of(shown.versions[0]), "a stub is sent first, so that it can be put back"

    await teams.say(NURSE, "return R-1 He was seen at the clinic in May", nurse)
    assert "is kept. Thank you." in text_of(teams.last(nurse).card)
    given = story.bot.rows("Returns")
    assert [(row["Agency"], row["Answer"], row["Information"]) for row in given] == [
        ("MHT", "Information added", "He was seen at the clinic in May")
    ]


async def test_a_card_in_a_private_chat_is_replaced_step_by_step(fresh_story: Story) -> None:
    """Where dialogs do not open, the same steps work on a card: reason, details, thanks."""
    story, teams = fresh_story, fresh_story.teams
    reference = await story.refer(POLICE)
    chat = teams.chat(NURSE)
    await teams.say(NURSE, f"referral {reference}", chat)
    asked = teams.last(chat)
    _, answer = await teams.press(
        NURSE, asked, find_action(asked.card, title="Show me"), {"reason": "Preparing for the subgroup"}
    )
    detail = answer["value"]
    assert "Zebedee Planted" in text_of(detail)

    _, answer = await teams.press(NURSE, asked, find_action(detail, title="Known"), {})

    assert "Thank you" in text_of(answer["value"])
    assert planted_in(answer) == []


async def test_twenty_members_answer_at_once_and_all_are_kept(fresh_story: Story) -> None:
    """Twenty clicks at the same moment are twenty rows, and one card that ends up right."""
    story = fresh_story
    people = [Person(f"Twenty Person-{number}") for number in range(20)]
    for number, person in enumerate(people):
        add_member(story.bot, person, ("MHT", "ASC")[number % 2], "Representative")
    reference = await story.refer(POLICE)
    post = await story.card_of(reference)
    details = await asyncio.gather(*(story.look(person, post) for person in people))

    await asyncio.gather(*(story.answer(p, d, "Known") for p, d in zip(people, details, strict=True)))

    assert len(story.bot.rows("Returns")) == 20
    await story.card_of(reference, saying="2 of 3 agencies answered")
    assert len([p for p in story.teams.posts_in(story.channel) if "Referral R-" in text_of(p.card)]) == 1


async def test_a_stranger_learns_whom_to_ask(fresh_story: Story) -> None:
    """Somebody the lists do not know gets no more than the name of somebody who can help."""
    teams = fresh_story.teams
    for said in ("refer", "referrals", "referral R-1", "whoami", "gobbledegook"):
        chat = teams.chat(STRANGER)
        await teams.say(STRANGER, said, chat)
        assert "I do not know you" in teams.last(chat).text
        assert "Ada Chairperson" in teams.last(chat).text


async def test_taking_a_member_away_works_at_once_for_looks(fresh_story: Story) -> None:
    """A member closed in the list is refused at the very next look, whatever the bot remembers."""
    story = fresh_story
    reference = await story.refer(POLICE)
    post = await story.card_of(reference)
    await story.look(NURSE, post)
    row = next(each for each in story.bot.rows("Members") if each["MemberName"] == NURSE.name)
    story.bot.change_row("Members", row["Id"], Open=False)

    assert "I do not know you" in sentence(await story.open_look(NURSE, post))
