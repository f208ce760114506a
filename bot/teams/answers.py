"""From the bot's `Answer` to what Teams expects: an invoke body, or messages to send."""

from __future__ import annotations

from bot.turn import (
    JSON,
    Answer,
    CloseDialog,
    Dialog,
    Found,
    Kind,
    Message,
    ReplaceCard,
    Reply,
    Result,
    Scope,
    Toast,
)

CARD = "application/vnd.microsoft.card.adaptive"
THUMBNAIL = "application/vnd.microsoft.card.thumbnail"
_TOAST = "application/vnd.microsoft.activity.message"
_ERROR = "application/vnd.microsoft.error"


def attachment(card: JSON) -> JSON:
    """Return a card the way messages and dialogs carry it."""
    return {"contentType": CARD, "content": card}


def invoke_body(kind: Kind, answer: Answer, title: str) -> JSON | None:
    """Return what an invoke is answered with; None is an empty body, which closes a dialog.

    `title` heads a dialog page whose answer brought none.
    """
    if kind is Kind.CARD_ACTION:
        return _card_body(answer)
    if isinstance(answer, Found):
        return {"composeExtension": _found(answer)}
    if isinstance(answer, Dialog):
        return _page(answer.title, answer.card)
    if isinstance(answer, ReplaceCard):
        return _page(title, answer.card)
    return _closing(answer.text) if isinstance(answer, CloseDialog | Toast) else None


def error_body(kind: Kind | None, sentence: str, *, status: int) -> JSON:
    """Return a failure that Teams shows to the person: on the card, or in the dialog."""
    if kind in {Kind.DIALOG_OPENED, Kind.DIALOG_SUBMITTED, Kind.COMMAND_OPENED}:
        return {"task": {"type": "message", "value": sentence}}
    if kind is Kind.SEARCHED:
        return {"composeExtension": _found(Found(said=sentence))}
    return {"statusCode": status, "type": _ERROR, "value": {"code": str(status), "message": sentence}}


def as_messages(answer: Answer, scope: Scope, summary: str, not_here: str) -> tuple[Message, ...]:
    """Return what to send for an answer that has no invoke to ride on.

    A card meant for one person's eyes (a dialog, a replaced card) is never posted where others read along: `not_here`
    is said instead.
    """
    if isinstance(answer, Reply):
        return answer.messages
    if isinstance(answer, Toast | CloseDialog):
        return (Message(summary, text=answer.text),) if answer.text else ()
    if isinstance(answer, ReplaceCard | Dialog):
        private = scope is Scope.PERSONAL
        return (Message(summary, card=answer.card) if private else Message(summary, text=not_here),)
    return ()


def _card_body(answer: Answer) -> JSON:
    """Answer a card action; a dialog cannot open from one, so its card takes the place of the card acted on.

    Teams takes 200 only with a card or a message, so saying nothing is an empty message.
    https://github.com/MicrosoftDocs/AdaptiveCards/issues/388
    """
    if isinstance(answer, ReplaceCard | Dialog):
        return {"statusCode": 200, "type": CARD, "value": answer.card}
    text = answer.text if isinstance(answer, Toast | CloseDialog) else ""
    return {"statusCode": 200, "type": _TOAST, "value": text}


def _found(answer: Found) -> JSON:
    """The list under the search box; each of its lines is another, smaller card.

    https://learn.microsoft.com/microsoftteams/platform/messaging-extensions/how-to/search-commands/respond-to-search
    """
    if not answer.results:
        return {"type": "message", "text": answer.said}
    shown = [attachment(each.card) | {"preview": _preview(each)} for each in answer.results]
    return {"type": "result", "attachmentLayout": "list", "attachments": shown}


def _preview(found: Result) -> JSON:
    return {"contentType": THUMBNAIL, "content": {"title": found.title, "text": found.text}}


def _page(title: str, card: JSON) -> JSON:
    value = {"title": title, "height": "medium", "width": "medium", "card": attachment(card)}
    return {"task": {"type": "continue", "value": value}}


def _closing(text: str) -> JSON | None:
    return {"task": {"type": "message", "value": text}} if text else None
