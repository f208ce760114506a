"""`measures`: what the board scrutinises, as it may be shown; `measure`: reporting a figure of it."""

from __future__ import annotations

from board import measures as rules
from board.entitlement import Act, may_report, require
from board.errors import FieldProblem, NotAllowed, NotUnderstood, Problem
from board.forms import Form
from board.measures import Awaited
from board.records import Figure, Measure, Member
from board.reported import Typed, placed, read_month, read_typed, report
from bot.boards import forum_of
from bot.directory import People
from bot.house import House, key_of
from bot.measuring import Measured, keep, measured
from bot.routes import Routes
from bot.turn import JSON, Answer, Message, Reply, Scope, Turn
from bot.uses.looking import only_privately
from bot.uses.refer import in_dialog, shown
from cards import measures as show
from cards import words
from cards.verbs import Verb
from sharepoint.errors import StoreBusy


class Scene:
    """Who asks, and the measures as they are now. Raises NotAllowed when who asks may not do this."""

    def __init__(self, house: House, people: People, member: Member, of: Measured) -> None:
        self.house = house
        self.people = people
        self.member = member
        self.of = of

    @classmethod
    async def of_turn(cls, house: House, turn: Turn, act: Act) -> Scene:
        """Read it: one request, and the members when they have to be read anew."""
        people = await house.directory.current()
        member = require(act, people.standing(turn.sender.user_id), house.today())
        return cls(house, people, member, await measured(house.store, people, forum_of(people), house.today()))

    def reports(self, agency: str) -> bool:
        """Whether this person reports an agency's figures."""
        return may_report(self.people.standing(self.member.user_id), self.house.today(), agency) is None

    def require_reporter(self, agency: str) -> None:
        """Raise NotAllowed when this person does not report an agency's figures."""
        against = may_report(self.people.standing(self.member.user_id), self.house.today(), agency)
        if against is not None:
            raise NotAllowed(against)

    def choices(self) -> list[tuple[Measure, str]]:
        """What this person reports: their own agency's first."""
        mine = self.member.agency.upper()
        every = [(each, code) for each in self.of.measures for code in self.of.suppliers_of(each) if self.reports(code)]
        return sorted(every, key=lambda each: each[1] != mine)

    def owed(self, agency: str = "") -> list[Awaited]:
        """What is not in of those that this person reports, their own agency's first; or of one agency."""
        mine = self.member.agency.upper()
        theirs = [each for each in self.of.missing if self.reports(each.agency)]
        chosen = [each for each in theirs if agency in ("", each.agency)]
        return sorted(chosen, key=lambda each: (each.agency != mine, each))


async def typed(house: House, turn: Turn, rest: str) -> Answer:
    """`measures`, `measures s136`, `measures missing`: the same for everybody, wherever it is asked."""
    scene = await Scene.of_turn(house, turn, Act.SEE_MEASURES)
    said, private = rest.strip().casefold(), turn.reference.scope is Scope.PERSONAL
    reports = bool(scene.choices())
    if said in ("missing", "due", "not in"):
        card = show.missing_card(scene.of.shown, private=private, reports=reports)
    elif said:
        measure = rules.named(scene.of.measures, said)
        if measure is None:
            return _none_such(scene)
        card = _one(scene, measure, private=private and reports)
    else:
        card = show.measures_card(scene.of.shown, private=private, reports=reports)
    return Reply((Message(show.TITLE, card=card),))


def _none_such(scene: Scene) -> Answer:
    said = show.none_such([each.code for each in scene.of.measures])
    return Reply((Message(show.TITLE, text=said),))


def _one(scene: Scene, measure: Measure, *, private: bool) -> JSON:
    names = [scene.people.agency_name(each) for each in scene.of.suppliers_of(measure)]
    owner = scene.people.agency_name(measure.agency)
    return show.measure_card(scene.of.shown, measure, owner=owner, suppliers=names, private=private)


async def typed_figure(house: House, turn: Turn, rest: str) -> Answer:
    """`measure s136 2026-10 41`; without a number, the form for it. In a private chat alone."""
    only_privately(turn, "numerator")
    scene = await Scene.of_turn(house, turn, Act.REPORT_MEASURE)
    said = read_typed(rest, tuple(scene.people.agencies))
    values: JSON = {**(said.values or {}), "key": key_of(turn, "measure")}
    if not said.code:
        return _answer(turn, show.measure_form(_form(scene), house.new_key(), in_dialog=False))
    measure = rules.named(scene.of.measures, said.code)
    if measure is None:
        return _none_such(scene)
    agency = _agency(scene, measure, said)
    scene.require_reporter(agency)  # before the form, which shows what was reported as it is
    values["which_measure"] = show.choice_of(measure.code, agency)
    if "numerator" not in values:
        month = read_month(str(values["month"]))
        chosen = (measure.code, agency, str(month or ""))
        return _answer(turn, show.measure_form(_form(scene, chosen), house.new_key(), in_dialog=False))
    return await _kept(scene, turn, values)


def _agency(scene: Scene, measure: Measure, said: Typed) -> str:
    """For which agency: the one named, one's own, or the only one."""
    every = scene.of.suppliers_of(measure)
    if said.agency:
        return said.agency
    mine = scene.member.agency.upper()
    return mine if mine in every or len(every) != 1 else every[0]


def _form(scene: Scene, chosen: tuple[str, str, str] = ("", "", ""), values: JSON | None = None) -> show.Report:
    key = chosen[0].casefold(), chosen[1], chosen[2]
    before = rules.counted(scene.of.figures).get(key)
    return show.Report(scene.choices(), scene.owed(), chosen, before, values or {})


async def open_form(house: House, turn: Turn) -> Answer:
    """Open the form, filled with what is missing first."""
    scene = await Scene.of_turn(house, turn, Act.REPORT_MEASURE)
    return _answer(turn, show.measure_form(_form(scene), house.new_key(), in_dialog=in_dialog(turn)))


async def take_form(house: House, turn: Turn) -> Answer:
    """Keep the figure; what cannot be kept comes back as it was typed."""
    return await _kept(await Scene.of_turn(house, turn, Act.REPORT_MEASURE), turn, turn.value)


async def _kept(scene: Scene, turn: Turn, values: JSON) -> Answer:
    house = scene.house
    try:
        measure, agency = _chosen(scene, values)
        figure = report(Form(values), measure, agency, scene.member, now=house.now(), today=house.today())
        figure = placed(figure, house.board)
        kept, before = await keep(house.store, figure, scene.member.name)
    except NotUnderstood as wrong:
        said = words.not_sent(wrong.problems)
    except StoreBusy:
        said = words.STORE_MAYBE
    else:
        return _answer(turn, _thanks(scene, turn, measure, kept, before))
    form = _form(scene, values={name: value for name, value in values.items() if name != "key"})
    key = Form(values).key() or house.new_key()
    return _answer(turn, show.measure_form(form, key, in_dialog=in_dialog(turn), warned=said))


def _chosen(scene: Scene, values: JSON) -> tuple[Measure, str]:
    """Which measure of which agency. Raises NotAllowed for another's, NotUnderstood for none."""
    said = Form(values).text("which_measure", required=True)
    code, _, agency = said.partition(" ")
    measure = rules.named(scene.of.measures, code)
    scene.require_reporter(agency)
    if measure is None or agency not in scene.of.suppliers_of(measure):
        raise NotUnderstood(FieldProblem("which_measure", Problem.NOT_A_CHOICE))
    return measure, agency


def _thanks(scene: Scene, turn: Turn, measure: Measure, kept: Figure, before: Figure | None) -> JSON:
    owed = [each for each in scene.owed(kept.agency) if not _is(each, kept)]
    return show.reported_card(measure, kept, before, missing=owed, in_dialog=in_dialog(turn))


def _is(each: Awaited, kept: Figure) -> bool:
    return (each.code.casefold(), each.agency, str(each.month)) == (kept.measure.casefold(), kept.agency, kept.month)


def _answer(turn: Turn, card: JSON) -> Answer:
    return shown(turn, card, show.TITLE)


ROUTES = Routes(
    pressed={Verb.MEASURE_FORM: open_form, Verb.MEASURE_SUBMIT: take_form},
    said={"measures": typed, "measure": typed_figure},
    opens=frozenset({Verb.MEASURE_FORM}),
)
"""The board's measures."""
