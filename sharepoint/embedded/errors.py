"""Every refusal the server can give, with the status, code and sentence SharePoint uses for it.

SharePointError
├── NotSignedIn 401, AccessDenied 403
├── ResourceMissing, ListMissing, ItemMissing, FieldMissing, FolderMissing, ViewMissing, PrincipalMissing 404
├── BadRequest 400: BadQuery, UnknownProperty, UnknownColumn, BadToken (TokenMalformed, TokenTooOld, TokenOfAnother)
├── Stale 412, TooLarge 413
├── Refused 400/500: ListExists, Duplicate, InvalidText
├── NotValidated 400, BadExpiry 400, SubscriptionMissing 404: webhook subscriptions
├── Throttled 500: the list view threshold
└── NotBuilt 501: HandshakeNeeded, within a batch

Codes and sentences marked (report) were read in public issues or client sources, the others are from memory: match on
the code, never on the sentence.
"""

from __future__ import annotations

_QUERY = "-1, Microsoft.SharePoint.Client.InvalidClientQueryException"
_SPEXCEPTION = "-1, Microsoft.SharePoint.SPException"
_ARGUMENT = "-1, System.ArgumentException"


class SharePointError(Exception):
    """A refusal with an HTTP status, a SharePoint error code and a sentence, turned into an envelope at the edge."""

    status = 500
    code = _SPEXCEPTION

    def __init__(self, message: str, *, status: int | None = None, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.status = self.status if status is None else status
        self.code = self.code if code is None else code


class NotSignedIn(SharePointError):
    """The bearer token is missing or unknown."""

    status = 401
    code = "-2147024891, System.UnauthorizedAccessException"


class AccessDenied(SharePointError):
    """The person is known and lacks the right."""

    status = 403
    code = "-2147024891, System.UnauthorizedAccessException"

    def __init__(self) -> None:
        super().__init__("Access is denied. (Exception from HRESULT: 0x80070005 (E_ACCESSDENIED))")


class ResourceMissing(SharePointError):
    """No such address."""

    status = 404
    code = "-1, Microsoft.SharePoint.Client.ResourceNotFoundException"

    def __init__(self, name: str) -> None:
        super().__init__(f"Cannot find resource for the request {name}.")


class ListMissing(SharePointError):
    """No list of that title or id."""

    status = 404
    code = _ARGUMENT

    def __init__(self, title: str, site_url: str) -> None:
        super().__init__(f"List '{title}' does not exist at site with URL '{site_url}'.")


class ItemMissing(SharePointError):
    """No item of that id, or no longer."""

    status = 404
    code = "-2130575338, System.ArgumentException"

    def __init__(self) -> None:
        super().__init__("Item does not exist. It may have been deleted by another user.")


class FieldMissing(SharePointError):
    """No column of that internal name, title or id."""

    status = 404
    code = "-2147024809, System.ArgumentException"

    def __init__(self, name: str) -> None:
        super().__init__(f"Column '{name}' does not exist. It may have been deleted by another user.")


class FolderMissing(SharePointError):
    """No list or folder of that address."""

    status = 404
    code = "-2147024894, System.IO.FileNotFoundException"

    def __init__(self) -> None:
        super().__init__("File Not Found.")


class ViewMissing(SharePointError):
    """No view of that id or title, or somebody else's own (memory: the sentence; report: aprildunnam/PowerApps#77)."""

    status = 404
    code = "-2147024809, System.ArgumentException"

    def __init__(self) -> None:
        super().__init__("The specified view is invalid.")


class PrincipalMissing(SharePointError):
    """No user, group or role of that id or name."""

    status = 404
    code = "-2146232832, Microsoft.SharePoint.SPException"


class BadRequest(SharePointError):
    """The request cannot be read as it stands."""

    status = 400


class BadQuery(BadRequest):
    """A path, option, filter or body that does not parse."""

    code = _QUERY


class UnknownProperty(BadQuery):
    """A body names a property the type lacks (report: nittygritty-uk/Atvero-Issues#2)."""

    def __init__(self, name: str, type_name: str) -> None:
        super().__init__(
            f"The property '{name}' does not exist on type '{type_name}'. "
            "Make sure to only use property names that are defined by the type."
        )


class UnknownColumn(BadRequest):
    """$select, $filter or $orderby names a column the list lacks (report: nittygritty-uk/Atvero-Issues#5)."""

    def __init__(self, name: str) -> None:
        super().__init__(f"The field or property '{name}' does not exist.")


class BadToken(BadRequest):
    """A change token that cannot be used.

    The codes are those that a public client tells apart (report: ErrorCode -2146233086, -2130575172 and -2130575173 in
    its table of change token errors); that the status is 400 is from memory. SharePoint Online has been seen to answer
    an expired token with an empty list instead (report: SharePoint/sp-dev-docs#10389): the strict side is taken here.
    """


class TokenMalformed(BadToken):
    """Not five parts of the right shape."""

    code = "-2146233086, System.ArgumentOutOfRangeException"

    def __init__(self) -> None:
        super().__init__("Specified argument was out of the range of valid values.\r\nParameter name: changeToken")


class TokenTooOld(BadToken):
    """From before the change log begins, 60 days ago (documented). The sentence is a report."""

    code = "-2130575172, Microsoft.SharePoint.SPInvalidChangeTokenException"

    def __init__(self) -> None:
        super().__init__("The changeToken refers to a time before the start of the current change log.")


class TokenOfAnother(BadToken):
    """Given by another list, web or site than the one asked. The sentence is a report."""

    code = "-2130575173, Microsoft.SharePoint.SPInvalidChangeTokenException"

    def __init__(self) -> None:
        super().__init__("Cannot use the changeToken from one object against a different object")


class Stale(SharePointError):
    """If-Match names another version, or is missing.

    The sentence is a report (blog.timwheeler.io, "412 precondition failed"). That a missing header is refused the same
    way is the strict reading of Microsoft's "required" and of PnP-PowerShell#2764, where updates failed without it.
    """

    status = 412
    code = "-1, Microsoft.SharePoint.Client.ClientServiceException"

    def __init__(self, given: str, current: str) -> None:
        super().__init__(f"The request ETag value '{given}' does not match the object's ETag value '{current}'.")


class NotValidated(BadRequest):
    """The notification URL did not answer the handshake (code and sentence: report, SharePoint/sp-dev-docs#3430)."""

    code = "-1, System.InvalidOperationException"

    def __init__(self, url: str) -> None:
        super().__init__(f"Failed to validate the notification URL '{url}'.")


class BadExpiry(BadRequest):
    """An expiry in the past or more than 180 days ahead (sentence: report, pnp/powershell#1004; code: memory)."""

    code = "-1, System.ArgumentException"

    def __init__(self) -> None:
        super().__init__("The specified expiration date is invalid. Should be greater than today and within 6 months")


class SubscriptionMissing(SharePointError):
    """No subscription of that id on the list, or it has lapsed (memory)."""

    status = 404
    code = "-1, System.ArgumentException"

    def __init__(self) -> None:
        super().__init__("The specified subscription does not exist.")


class TooLarge(SharePointError):
    """The body is over 2 MB, or that of a file over 64 MB (see contents)."""

    status = 413
    code = "-1, Microsoft.SharePoint.Client.InvalidClientQueryException"


class Refused(SharePointError):
    """A write that breaks a rule of the list; the message says which."""

    code = "-2130575340, Microsoft.SharePoint.SPException"


class ListExists(Refused):
    """A list of this title is there already."""

    code = "-2130575342, Microsoft.SharePoint.SPException"

    def __init__(self) -> None:
        super().__init__(
            "A list, survey, discussion board, or document library with the specified title already exists in this "
            "Web site.  Please choose another title."
        )


class Duplicate(Refused):
    """A value that a unique column already holds."""

    status = 400
    code = "-2130575169, Microsoft.SharePoint.SPDuplicateValuesFoundException"

    def __init__(self, names: list[str]) -> None:
        super().__init__(
            "The list item could not be added or updated because duplicate values were found in the following "
            f"field(s) in the list: [{','.join(names)}]."
        )


class InvalidText(Refused):
    """A Text value over its MaxLength; like SharePoint it does not say which column (report: -2130575336, HTTP 500)."""

    code = "-2130575336, Microsoft.SharePoint.SPException"

    def __init__(self) -> None:
        super().__init__(
            "Invalid text value.\n\nA text field contains invalid data. Please check the value and try again."
        )


class Throttled(SharePointError):
    """A query that would touch more than 5,000 rows."""

    code = "-2147024860, Microsoft.SharePoint.SPQueryThrottledException"

    def __init__(self, message: str = "") -> None:
        super().__init__(message or "The attempted operation is prohibited because it exceeds the list view threshold.")


class NotBuilt(SharePointError):
    """SharePoint has this; this server does not yet."""

    status = 501
    code = "-1, System.NotImplementedException"


class HandshakeNeeded(NotBuilt):
    """A notification URL has to prove itself first; told as an error only within a batch, which cannot wait for it."""

    def __init__(self, url: str) -> None:
        super().__init__("Subscriptions made or moved within a batch are not built in this server.")
        self.url = url
