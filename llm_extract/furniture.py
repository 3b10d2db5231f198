"""Site furniture: lines that belong to the page and not to the story.

General rules over short lines. They are conservative: a line is furniture only where all of it has the form of a button, a
notice, a credit or a link; a headline, a sub-heading or a sentence of the story is not. A publisher's description of itself is
left in, because nothing but knowledge of the publisher tells it from the story.
"""

from __future__ import annotations

import re

__all__ = ["is_credit", "is_furniture"]

MAX_LINE_CHARS = 400
"""No longer line is looked at: notices are short."""

_LEAD = r"[\s•·◦▪*»›>▶►|–—-]*+"
_TAIL = r"[\s.:!…»›>→*|–—-]*+"

_NAME = r"(?:[A-ZÀ-ÖØ-Þ][\w.'’&-]*+|and|in|for|from|with|of|the|de|la|al|von|van|[a-z]{2,4})"
_NAMES = rf"{_NAME}(?:[\s,;:/]+{_NAME})*+"
"""Names with what joins them; a verb of five letters or more shows that the line is a sentence."""
_PEOPLE = rf"{_NAME}(?:[\s,]+{_NAME})*+"

_AGENCY = (
    r"(?:AP|AFP|EPA|EFE|PA|TASS|ANSA|ANP|Reuters|REUTERS|Xinhua|Kyodo|Sputnik|Anadolu|Bloomberg|Getty(?: Images)?|Shutterstock"
    r"|Alamy|Corbis|NurPhoto|iStock|Zuma(?: Press)?|Press Association|Associated Press|Wikimedia(?: Commons)?|Flickr)"
)

_BUTTONS = (
    r"(?:leave|post|add|write) a (?:reply|comment)",
    r"(?:(?:view|show|hide|see|load|read) )?(?:all |more )?(?:\d+ )?comments?(?: \(\d+\))?",
    r"comments are closed|be the first to comment|join the (?:conversation|discussion)",
    r"advertisements?|sponsored(?: content)?|paid content|promoted(?: content)?",
    r"(?:story|article|text) continues (?:below|after)(?: (?:the )?(?:advertisement|ad|video|photo|image))?",
    r"accessibility (?:links|help)|skip to (?:main )?(?:content|navigation|search)|back to top|(?:go|jump) to (?:top|content)",
    r"breaking news|latest news|top stories|editors?['’]?s? picks?|trending(?: now| topics| stories)?",
    r"most (?:read|popular|viewed|shared|commented)|you (?:may|might) also like|recommended for you|more from .{1,40}",
    r"subscribe(?: now| today| here)?|sign (?:in|up|out)(?: now| here| today)?|log ?in|log ?out|register(?: now| here)?",
    r"newsletters?|sign up for .{0,60}\b(?:newsletters?|alerts?|e-?mails?|briefings?|updates)\b.{0,80}",
    r"get .{0,60}\b(?:newsletters?|news alerts?|briefings?)\b.{0,60}\b(?:inbox|e-?mail)\b.{0,20}",
    r"share",
    r"share (?:this|on|via|with)(?: (?:this|the|your|article|story|page|post|link|news|friends?|on|via|with|e-?mail|[a-z]+book|x))*",
    r"share (?:this )?(?:(?:article|story|page|post) )?(?:on|via) (?:twitter|whatsapp|linkedin|telegram|reddit|vk|messenger)",
    r"tweet|tweet this|retweet|pin it|copy link|print(?: this)?(?: page| article| story)?|e-?mail this(?: article| story| page)?",
    r"facebook|twitter|instagram|linkedin|whatsapp|telegram|youtube|rss(?: feed)?",
    r"(?:follow|find|like) us(?: on .{1,60})?|follow .{1,40} on (?:twitter|facebook|instagram|telegram|youtube)",
    r"(?:read|see|learn|show|view|find out) more|(?:continue|keep) reading(?:\.{3})?|read (?:the )?full (?:story|article)",
    r"click here.{0,80}",
    r"related(?: (?:articles?|stories|story|topics|content|coverage|links|news|posts|tags))?|see also|more on this (?:story|topic)",
    r"\d{1,4} ?[x×] ?\d{1,4}(?: (?:image|photo|video))?|embed(?: share)?|no media source currently available",
    r"file photo|getty images|ap photo|shutterstock|photo gallery|image gallery|loading|please wait|menu|toggle navigation",
    r"all rights reserved|terms (?:of|and) (?:use|service|conditions)|privacy (?:policy|notice|statement)|about us|contact us",
    r"(?:accept|manage|reject)(?: all)? cookies?|cookies? (?:settings|policy|preferences|notice)|download (?:our|the) app.{0,60}",
)

_OPENINGS = (
    r"your e-?mail address will not be (?:published|shared)",
    r"required fields are marked",
    r"you must be logged in to (?:post|leave|comment)",
    r"(?:save|remember) my name,? (?:and )?e-?mail",
    r"notify me of (?:new|follow-?up)",
    r"please (?:let us know if you.{1,4} having|enable javascript|enter (?:a valid|your) e-?mail)",
    r"enter your e-?mail(?: address)? (?:to|below|here)",
    r"to contact the (?:reporter|author|editor|writer)s?\b.{0,40}\bthis (?:story|article|report)\b",
    r"(?:this|our) (?:web)?site uses cookies",
    r"we (?:and our partners )?use cookies (?:to|and|on|for)\b",
    r"by (?:continuing|using|browsing)\b.{0,30}\b(?:this|our) (?:web)?site,? you (?:agree|accept|consent)",
    r"(?:subscribe|sign up) (?:to|for) (?:our|the|this) .{0,40}\b(?:newsletter|channel|podcast|feed|e-?mails?|alerts?)\b",
    r"(?:©|\(c\)|copyright ?(?:©|\(c\))) ?\d{4}\b",
    r"the views expressed in this (?:article|commentary|piece|column) ",
    r"this (?:article|story|post) (?:was |has been )?(?:first |originally )(?:published|appeared)\b",
    r"(?:related|see also|read also|also read|read more|read next|more on this|watch|listen|don['’]t miss|recommended) ?(?::|>|»|\|)",
)

_BUTTON = rf"{_LEAD}(?:{'|'.join(_BUTTONS)}){_TAIL}"
_OPENING = rf"{_LEAD}(?:{'|'.join(_OPENINGS)})"
_BUTTON_IN_SMALL, _OPENING_IN_SMALL = re.compile(_BUTTON), re.compile(_OPENING)
"""Where the case of letters counts, most alternatives are told by their first letter: that takes a fifth of the time."""
_OTHER_CASES = ("ı", "ſ", "İ")
"""Letters that are the same as an ASCII letter where case does not count, though not what becomes of it in small letters."""
_BYLINE = re.compile(
    rf"{_LEAD}\(?(?:[Ww]ith (?:additional |further )?(?:reporting|contributions?|material|files) (?:by|from)"
    rf"|(?:(?:[Aa]dditional|[Ff]urther) )?[Rr]eporting by|(?:[Ee]diting|[Ee]dited|[Cc]ompiled|[Tt]ranslated) by"
    rf"|[Cc]opyright \d{{4}}) {_NAMES}[.)\s]*+",
)
_CREDIT = re.compile(
    rf"{_LEAD}[(\[]?(?:"
    rf"(?:(?:[Ff]ile )?(?:[Pp]hotos?|[Pp]hotographs?|[Pp]icture|[Ii]mages?|[Ii]llustration|[Vv]ideo)(?: [Cc]redit| [Cc]ourtesy)?"
    rf"|[Pp]hotographer|[Cc]redit|PHOTO|IMAGE|CREDIT)(?: ?[:/|] ?| by | courtesy of | via ){_NAMES}"
    rf"|(?:{_PEOPLE} ?/ ?)?{_AGENCY}(?: [Pp]hotos?| File| Images)?(?: ?/ ?{_NAMES}| via {_NAMES})"
    rf"|{_PEOPLE} ?/ ?{_AGENCY}(?: Images)?(?: via {_NAMES})?"
    rf")[)\].\s]*+",
)

_CREDIT_JOINTS = ("/", ":", "|", " by ", " via ", " courtesy")
"""Every credit has one of them: most sentences are no credits, and this is quickly told."""


def is_credit(sentence: str) -> bool:
    """Tell whether the whole of `sentence` is a photo credit, such as one at the end of a caption.

    Example:
        >>> is_credit("(Photographer: Ada Roe/Bloomberg)")
        True
    """
    if len(sentence) > MAX_LINE_CHARS:
        return False
    for joint in _CREDIT_JOINTS:  # not `any`, which takes longer to begin than all of these
        if joint in sentence:
            return _CREDIT.fullmatch(sentence) is not None
    return False


def is_furniture(line: str) -> bool:
    """Tell whether the whole of `line` is a button, a notice, a credit or a link to something else.

    Not done: the description that a publisher gives of itself, lists of headlines of other stories.

    Args:
        line: A paragraph, white space at its ends left out. One of more than 400 characters is never furniture.

    Example:
        >>> is_furniture("Leave a Reply"), is_furniture("Strained relations")
        (True, False)
    """
    if len(line) > MAX_LINE_CHARS:
        return False
    return _is_notice(line) or _BYLINE.fullmatch(line) is not None or is_credit(line)


def _is_notice(line: str) -> bool:
    """Tell whether a line is a button or opens as a notice does, in letters of any case."""
    for letter in _OTHER_CASES:
        if letter in line:
            # Seldom needed, and slow to compile: the module leaves that to the first such line.
            return re.fullmatch(_BUTTON, line, re.IGNORECASE) is not None or re.match(_OPENING, line, re.IGNORECASE) is not None
    small = line.lower()
    return _BUTTON_IN_SMALL.fullmatch(small) is not None or _OPENING_IN_SMALL.match(small) is not None
