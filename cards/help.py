"""What can be said to the bot. The one list of commands in words: help shows it, and the tests hold the bot to it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from cards import elements as e
from cards import words
from cards.elements import JSON


@dataclass(frozen=True, slots=True)
class Command:
    """A command: its word, how it is typed, what it does, and whether it is taken in private only."""

    word: str
    typed: str
    does: str
    private: bool = False


COMMANDS = (
    Command("refer", "refer", "make a referral"),
    Command("referrals", "referrals", "list the open referrals"),
    Command("referral", "referral R-14", "see one referral: how far it is, who it is about, or add to it"),
    Command("person", "person R-14", "add somebody who may be at risk, or a third party, to a referral", private=True),
    Command("look", "look R-14 reason", "see who it is about, saying why", private=True),
    Command("return", "return R-14 not known", "answer for your agency", private=True),
    Command("restrict", "restrict R-14 reason", "make a referral a pointer to all but those admitted", private=True),
    Command("unrestrict", "unrestrict R-14", "open a restricted referral again", private=True),
    Command("holder", "holder R-14 name", "pass a restricted referral to another holder", private=True),
    Command("ask", "ask R-14 reason", "ask to be admitted to a restricted referral", private=True),
    Command("requests", "requests", "see who asks you to be admitted", private=True),
    Command("admit", "admit R-14 name", "admit somebody who asked", private=True),
    Command("refuse", "refuse R-14 name", "do not admit somebody, or no longer", private=True),
    Command("tracker", "tracker", "see open actions; add an agency, overdue, due, mine, blocked or any words"),
    Command("programmes", "programmes", "see how far each programme is: how many of its actions are closed"),
    Command("export", "export tracker", "have the open actions made into an Excel workbook (chairs)", private=True),
    Command("my actions", "my actions", "see what is yours to do"),
    Command(
        "my board",
        "my board",
        "see which board you speak to; add another's code",
        private=True,
    ),
    Command("action", "action A-103", "see one action, and act on it"),
    Command("done", "done A-103", "say that it is done; add a note in a private chat"),
    Command("update", "update A-103 note", "say how far it is", private=True),
    Command(
        "transfer", "transfer A-103 name; why", "give an action to another owner; it keeps its history", private=True
    ),
    Command("snooze", "snooze A-103 2026-12-01", "rest your own reminders of an action until a day", private=True),
    Command("escalations", "escalations", "see what was not done and climbed, and with whom it is"),
    Command("see to", "see to A-103", "say that you see to an action that was escalated to you", private=True),
    Command("add action", "add action", "add an action (chairs)"),
    Command("board", "board", "see when the board meets; *board move*, *board cancel*, *board start* (chairs)"),
    Command("decide", "decide tracker: text", "record what the board decided of an item (chairs)", private=True),
    Command("minutes", "minutes", "see a board's minutes; *minutes correct* and words; *minutes approve* (chairs)"),
    Command("pack", "pack", "open the pack, or see what it waits for; *pack draft*, *pack issue* (chairs)"),
    Command("agenda", "agenda", "see what the next board talks about; *agenda add* (private) offers an item"),
    Command("focus", "focus", "see which agency the board looks at and when; its own form, and *focus DAY AMB why*"),
    Command("measures", "measures", "see the measures; *measures s136* over thirteen months; *measures missing*"),
    Command("measure", "measure s136 2026-10 41", "report your agency's figure; *30/41* for a share", private=True),
    Command("brief", "brief", "see what the next board has to decide, and what slipped (chairs)", private=True),
    Command("disclosures", "disclosures R-14", "see who saw what (information governance lead)", private=True),
    Command("triage", "triage R-14", "see what waits at the gate, or take a case through it (team)", private=True),
    Command("receipt", "receipt R-14 NAME", "say who at another forum has a redirected case (team)", private=True),
    Command("back", "back R-14 why", "take back a case that another forum does not take (team)", private=True),
    Command("withdraw", "withdraw R-14 why", "withdraw a referral", private=True),
    Command("history", "history R-14", "see who did what to a case or an action, and when", private=True),
    Command("bundle", "bundle R-14 review", "have the whole record made into a document, saying why", private=True),
    Command("patterns", "patterns october 2026", "see a month's unusual looks (governance lead)", private=True),
    Command("list", "list", "see and arrange the subgroup's list: *list hold R-14*, *list move R-14 2*", private=True),
    Command("subgroup", "subgroup", "run the subgroup's meeting; *subgroup close* ends it", private=True),
    Command("attend", "attend S-31 POL present", "say how an agency took part in the meeting", private=True),
    Command("hear", "hear R-14 plan: rationale", "open a case in the meeting, or record its decision", private=True),
    Command("report", "report", "see, and *report submit*, the subgroup's report to the board", private=True),
    Command("agreements", "agreements", "see what is in force, who signed it and what is due", private=True),
    Command("agreement", "agreement G-3", "see one; *agreement signed ISA MHT 2026-11-29* (chairs)", private=True),
    Command("retention", "retention", "list the records to keep or dispose of (governance lead, chairs)", private=True),
    Command("keep", "keep R-14 until 2033-01-01 why", "keep a closed case's record", private=True),
    Command("dispose", "dispose R-14 why", "dispose of it; a second person: *dispose R-14 confirm*", private=True),
    Command("plans", "plans", "list the tactical plans: which, whose, until when"),
    Command("plan", "plan R-14", "make, see or work on a tactical plan, saying why", private=True),
    Command("sign", "sign P-14.2 no", "sign a plan off; *no*: it directs nobody to be refused care", private=True),
    Command("trigger", "trigger P-14.2 what happened", "report a trigger: its agencies hear at once", private=True),
    Command("risks", "risks", "see the risk register; add an agency, a level (*high*) or any words"),
    Command("risk", "risk cause; event; impact", "raise a risk, without any case detail", private=True),
    Command(
        "lesson",
        "lesson what happened; what changes; who should know",
        "raise one; *lesson disseminate L-3*",
        private=True,
    ),
    Command("engagement", "engagement", "see how agencies take part; *engagement MHT 2026*", private=True),
    Command("conference", "conference MAPPA 2026-11-20 MHT present", "record who attended one (chairs)", private=True),
    Command("lessons", "lessons", "see what was learned; add words to look for"),
    Command("unreached", "unreached", "see whom I cannot write to, and why (chairs, the team)", private=True),
    Command("whoami", "whoami", "see what I know of you", private=True),
    Command("setup", "setup CODE", "bind a channel (chairs); in private, go through the set-up (administrators)"),
    Command("join", "join", "ask to be added as a member", private=True),
    Command("home", "home", "see what is yours to do, what is awaited, and what changed", private=True),
    Command("help", "help", "see this"),
)


def help_card(*, private: bool) -> JSON:
    """Every command with an example; in a channel, how to go on privately. Made once: nobody changes a card."""
    return _help_card(private)


@cache
def _help_card(private: bool) -> JSON:
    rows = [(command.typed, command.does + (" (private chat)" if command.private else "")) for command in COMMANDS]
    how = (
        "Type a command."
        if private
        else "Mention me and type a command; what concerns a person only in a private chat."
    )
    body = [e.heading("What you can say"), e.text(how), e.facts(rows), e.notice(words.NOT_MONITORED)]
    return e.card(body, speak="What you can say: " + ", ".join(command.word for command in COMMANDS))


def not_understood(nearest: str) -> str:
    """The sentence for words the bot does not know. What was typed is never said back."""
    if nearest:
        return f"I did not understand that. Did you mean *{nearest}*? Type *help* for everything I know."
    return "I did not understand that. Type *help* to see what I know."
