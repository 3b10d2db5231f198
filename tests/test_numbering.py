"""Sentences, quotations and furniture, and the numbers by which a model points at them."""

from __future__ import annotations

from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_extract.furniture import is_credit, is_furniture
from llm_extract.numbering import NumberedArticle, Quotation, number
from llm_extract.schema import Article

PIECES = st.sampled_from(
    [
        *"\"'`´“”„‟‘’‚‛«»‹›「」『』.!?…,;:()[]-—5aAsé",
        *(
            "``",
            "''",
            " ",
            "  ",
            "\n",
            "\n\n",
            "\r\n",
            "\u00a0",
            "\x00",
            "\u2028",
            "🙂",
            "e\u0301",
            "Mr. ",
            "U.S. ",
            "word ",
            "Vega said ",
            "’90s ",
            "5'10\"",
        ),
    ],
)
TEXTS = st.one_of(st.lists(PIECES, max_size=60).map("".join), st.text(max_size=80))


def numbered(text: str) -> NumberedArticle:
    return number(Article(text=text))


def quoted(text: str) -> list[str]:
    article = numbered(text)
    return [article.text_of(quotation) for quotation in article.quotations]


def nested(text: str) -> list[tuple[int, str]]:
    article = numbered(text)
    return [(quotation.depth, article.text_of(quotation)) for quotation in article.quotations]


def sentences(text: str) -> list[str]:
    article = numbered(text)
    return [article.text_of(sentence) for sentence in article.sentences]


@given(TEXTS)
def test_sentences_hold_everything_but_white_space_exactly_once(text: str) -> None:
    article = numbered(text)
    end = 0
    for count, sentence in enumerate(article.sentences, start=1):
        assert sentence.number == count
        assert not text[end : sentence.start].strip()
        words = article.text_of(sentence)
        assert words
        assert words == words.strip()
        end = sentence.end
    assert not text[end:].strip()


@given(TEXTS)
def test_a_sentence_lies_within_its_paragraph_and_paragraphs_come_in_order(text: str) -> None:
    article = numbered(text)
    assert [paragraph.number for paragraph in article.paragraphs] == list(range(1, len(article.paragraphs) + 1))
    assert all(one.end <= other.start for one, other in zip(article.paragraphs, article.paragraphs[1:], strict=False))
    for sentence in article.sentences:
        paragraph = article.paragraphs[sentence.paragraph - 1]
        assert paragraph.start <= sentence.start < sentence.end <= paragraph.end


@given(TEXTS)
def test_a_quotation_is_trimmed_and_lies_between_its_marks_within_one_paragraph(text: str) -> None:
    article = numbered(text)
    for count, quotation in enumerate(article.quotations, start=1):
        assert quotation.number == count
        assert quotation.opening < quotation.start < quotation.end <= quotation.closing
        assert text[quotation.opening] in "\"'`“”„‟‘‚‛«»‹›「『"
        words = article.text_of(quotation)
        assert words == words.strip()
        paragraph = article.paragraphs[quotation.paragraph - 1]
        assert paragraph.start <= quotation.opening
        assert quotation.closing <= paragraph.end
        sentence = article.sentence(quotation.sentence)
        assert sentence.start <= quotation.start < sentence.end
        assert sentence == article.sentence_at(quotation.start)


@given(TEXTS)
def test_quotations_of_one_depth_never_overlap_and_deeper_ones_lie_within_others(text: str) -> None:
    last: defaultdict[int, Quotation | None] = defaultdict(lambda: None)
    for quotation in numbered(text).quotations:
        before, outer = last[quotation.depth], last[quotation.depth - 1]
        assert before is None or before.closing <= quotation.opening
        if quotation.depth:
            assert outer is not None
            assert outer.start <= quotation.opening
            assert quotation.closing <= outer.end
        last[quotation.depth] = quotation


@given(TEXTS)
def test_the_same_text_is_numbered_the_same(text: str) -> None:
    assert numbered(text) == numbered(text)


@given(TEXTS, st.sampled_from(["“", '"', "‘", "«", "„", "``", "'"]))
def test_a_broken_quotation_leaves_the_next_paragraph_alone(text: str, mark: str) -> None:
    one_line = " ".join(text.split())
    alone = quoted("The envoy left. “We agree,” she said.")
    assert quoted(f"{one_line} {mark}broken\n\nThe envoy left. “We agree,” she said.")[-1:] == alone


@given(st.lists(st.sampled_from(["We agree", "No 🙂 way", "e\u0301tude", "it’s ours", "a\u00a0deal"]), min_size=1, max_size=6))
def test_what_is_put_in_curly_marks_comes_back(words: list[str]) -> None:
    assert quoted(" she said. ".join(f"“{item},”" for item in words)) == [f"{item}," for item in words]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"We agree," she said.', ["We agree,"]),
        ("“We agree,” she said. “In part.”", ["We agree,", "In part."]),
        ("‘We agree,’ she said.", ["We agree,"]),
        ("'We agree,' she said.", ["We agree,"]),
        ("Il dit : «\u00a0Nous partons.\u00a0»", ["Nous partons."]),
        ("Er sagte: »Wir gehen.« Dann: »Nein.«", ["Wir gehen.", "Nein."]),
        ("Il dit ‹ non › et part.", ["non"]),
        ("„Wir gehen“, sagte sie. „Nein.“", ["Wir gehen", "Nein."]),
        ("‚Wir gehen‘, sagte sie.", ["Wir gehen"]),
        ("„Idziemy”, powiedziała.", ["Idziemy"]),
        ("”Vi går”, sade hon. ”Nej.”", ["Vi går", "Nej."]),
        ("彼は「行く」と言った。", ["行く"]),
        ("She wrote ``we agree'' and `no' twice.", ["we agree", "no"]),
        ('He said [“yes”] and ("no").', ["yes", "no"]),
        ('“We agree," she said.', ["We agree,"]),
        ('She said—"no"—and left.', ["no"]),
        ('A "pro"-Harbor list and "anti-" too.', ["pro", "anti-"]),
        ('She said " we agree " twice.', ["we agree"]),
        ("“We agree“, she said.", ["We agree"]),
        ('""We agree,"" she said.', ["We agree,"]),
        ('"...and we left," she said.', ["...and we left,"]),
        ('"[W]e agree," she said.', ["[W]e agree,"]),
        ('He called it "Plan 2030" and left.', ["Plan 2030"]),
    ],
)
def test_marks_of_every_usual_kind_are_found(text: str, expected: list[str]) -> None:
    assert quoted(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "They don’t know that it's O’Neill's or the workers’ demand, the countries' interest.",
        "In the ’90s, '80s rock 'n' roll, 'tis said, and the class of '68 left.",
        "In the ‘90s they told ‘em.",
        'He is 5\'10" tall, she 5’ 3” and a 6" pipe is 12’ 3” long.',
        "The site lies at 40°26'46\"N 79°58'56\"W, 5′ 10″ away.",
        'He said "" and “ ” and «\u00a0» and ‘’.',
        "The Sana‘a talks and ‘Abd al-Rahim of the Beta‘a coast.",
        'Go away," she said.',
        "Home » World » Harbor",
    ],
)
def test_apostrophes_measures_empty_and_stray_marks_are_no_quotations(text: str) -> None:
    assert quoted(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“He told me ‘go away’ and left,” she said.", [(0, "He told me ‘go away’ and left,"), (1, "go away")]),
        ("\"He told me 'go away,'\" she said.", [(0, "He told me 'go away,'"), (1, "go away,")]),
        ("‘She said “no” twice,’ he wrote.", [(0, "She said “no” twice,"), (1, "no")]),
        ('"He said "go" and left," she said.', [(0, 'He said "go" and left,'), (1, "go")]),
        ("« Il dit “non” »", [(0, "Il dit “non”"), (1, "non")]),
        ("``He said `go''' and left.", [(0, "He said `go'"), (1, "go")]),
        ("“A ‘b “c” d’ e”", [(0, "A ‘b “c” d’ e"), (1, "b “c” d"), (2, "c")]),
    ],
)
def test_nested_quotations_are_numbered_with_their_depth(text: str, expected: list[tuple[int, str]]) -> None:
    assert nested(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("‘The workers’ demand is fair,’ she said.", ["The workers’ demand is fair,"]),
        ("'It is in both countries' interest,' he said. 'Yes.'", ["It is in both countries' interest,", "Yes."]),
        ("the 'workers' and the 'bosses' met.", ["workers", "bosses"]),
        ('"The 6" pipe burst," he said.', ['The 6" pipe burst,']),
        ("“It’s the workers’ fight,” she said, “not the bosses’.”", ["It’s the workers’ fight,", "not the bosses’."]),
    ],
)
def test_an_apostrophe_or_inch_does_not_close_a_quotation_that_a_better_mark_closes(text: str, expected: list[str]) -> None:
    assert quoted(text) == expected


@pytest.mark.parametrize("mark", ["“", '"', "«", "‘"])
def test_a_quotation_over_paragraphs_gives_one_for_each_that_repeats_the_mark(mark: str) -> None:
    close = {"“": "”", '"': '"', "«": "»", "‘": "’"}[mark]
    text = f"{mark}We go.\n\n{mark}We stay.\n\n{mark}We wait,{close} she said."
    assert nested(text) == [(0, "We go."), (0, "We stay."), (0, "We wait,")]


def test_a_mark_that_is_never_closed_reaches_to_the_end_of_its_paragraph() -> None:
    article = numbered('She said: "We go. We stay. \n\nThe envoy left.')
    (quotation,) = article.quotations
    assert article.text_of(quotation) == "We go. We stay."
    assert quotation.closing == quotation.end


@pytest.mark.parametrize(("opening", "closing"), ["“”", '""'])
def test_a_mark_that_is_never_closed_ends_where_the_next_of_its_kind_opens(opening: str, closing: str) -> None:
    text = f"{opening}We go, she said. {opening}We stay,{closing} he said."
    assert nested(text) == [(0, "We go, she said."), (0, "We stay,")]


def test_a_quotation_knows_its_marks_sentence_and_paragraph() -> None:
    article = numbered("A headline\n\nThe envoy spoke. “We agree,” she said.")
    (quotation,) = article.quotations
    assert (quotation.sentence, quotation.paragraph) == (3, 2)
    assert article.article.text[quotation.opening : quotation.closing] == "“We agree,”"
    assert article.quotation(1) is quotation


@pytest.mark.parametrize(
    "text",
    [
        "Mr. Vega met Gen. Oda, Sen. Lund and Dr. J. R. Smith of St. Elm in Jan. 2031.",
        "Ana W. Lund spoke at 5 p.m. Monday in the U.S. President Oda did not.",
        "Acme Inc. Chairman Oda won No. 5 vs. Lund, i.e. all but 3.5 percent.",
        "See www.example.org/a.html or http://example.org/?q=1.2!x for more.",
        "We waited... and waited … and left.",
        "“Are you going?” she asked.",
        "“How could they?” Vega said on Monday.",
        "“No more!” Foreign Minister Ana Vega told them.",
        "The Maj. Gen. of the U.N. Security Council, e.g. the then-Gov. Vega, spoke.",
        "He paid Yahoo! for it.",
        "A headline without a full stop",
    ],
)
def test_abbreviations_initials_numbers_and_addresses_do_not_end_a_sentence(text: str) -> None:
    assert sentences(text) == [text]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We agree. They left! Did she? Yes… No.", ["We agree.", "They left!", "Did she?", "Yes…", "No."]),
        ("“We agree. They left,” she said.", ["“We agree.", "They left,” she said."]),
        ("She said “we agree.” Then she left.", ["She said “we agree.”", "Then she left."]),
        ('She said "we agree." "No," he said.', ['She said "we agree."', '"No," he said.']),
        ("It ended (at last.) They left.", ["It ended (at last.)", "They left."]),
        ("Il dit : « Nous partons. » Puis il part.", ["Il dit : « Nous partons. »", "Puis il part."]),
        ("She lives in the U.S. The envoy left.", ["She lives in the U.S.", "The envoy left."]),
        ("They met at 5 p.m. “We agree,” she said.", ["They met at 5 p.m.", "“We agree,” she said."]),
        ('She said that. "[t]he port is ours."', ["She said that.", '"[t]he port is ours."']),
        ("It was 2031. 40 ships came.", ["It was 2031.", "40 ships came."]),
        ("A headline\nIt ended.\n\nThey left", ["A headline", "It ended.", "They left"]),
        ("It ended.\r\nThey left.\r\n\r\nNobody came", ["It ended.", "They left.", "Nobody came"]),
        ("彼は行く。私も。", ["彼は行く。", "私も。"]),
        ("She left.“We agree,” he said.", ["She left.", "“We agree,” he said."]),
    ],
)
def test_sentences_end_at_stops_with_their_closing_marks_and_at_paragraphs(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_hard_wrapped_lines_are_one_paragraph() -> None:
    text = (
        (
            "The envoy of the northern harbor towns said on Monday that her delegation\n"
            "would come to the talks after all, a day after it had called the list of\n"
            "guests “an insult to every town that\nsigned the treaty,” and that nobody had\n"
        )
        .replace("that\nsigned", "that signed")
        .replace("nobody had\n", "nobody\nhad asked it to stay away from the second round of the talks. The\n")
    )
    text += "minister did not answer.\n\nNobody else spoke."
    article = numbered(text)
    assert len(article.paragraphs) == 2
    assert quoted(text) == ["an insult to every town that signed the treaty,"]


@pytest.mark.parametrize(
    "text",
    [
        "The first short line of news.\nA second line that is longer than it.\nA third.\nThe fourth line, too.\nEnd.",
        "apples\npears\nplums\nfigs\ndates\nlimes",
        "\n".join(f"{'The port is open and the ships come in again, as they did before. ' * 3}{n}" for n in range(6)),
    ],
)
def test_lines_that_are_not_hard_wrapped_are_paragraphs(text: str) -> None:
    assert len(numbered(text).paragraphs) == len(text.split("\n"))


@pytest.mark.parametrize(
    "line",
    [
        "Leave a Reply",
        "ADVERTISEMENT",
        "Accessibility links",
        "Breaking News",
        "Your email address will not be published. Required fields are marked *",
        "Share this article",
        "Share on Facebook",
        "Read more »",
        "Read more: The port reopens",
        "COMMENTS",
        "12 Comments",
        "With reporting by Harbor News, AFP, and dpa",
        "Reporting by Ana Vega in Northport; Editing by Jo Lund",
        "(Photographer: Ana Vega/Harbor News)",
        "AP Photo/Ana Maria Vega",
        "Getty Images",
        "Ana Vega/Getty Images",
        "Photo by Ana Vega",
        "To contact the reporters on this story: Ana Vega in Northport at avega@example.org",
        "©2031 Harbor News L.P.",
        "Sign up for our newsletter",
        "• 16x9 Image",
        "Subscribe",
        "Related:",
        "Related: Port reopens",
        "This site uses cookies to improve your visit.",
        "By continuing to use this website, you agree to our terms.",
        "Story continues below advertisement",
        "Follow us on Twitter",
        "All rights reserved.",
    ],
)
def test_lines_of_the_page_are_furniture(line: str) -> None:
    assert is_furniture(line)
    assert all(sentence.furniture for sentence in numbered(f"The port is open.\n\n{line}\n\nIt is.").sentences[1:-1])


@pytest.mark.parametrize(
    "line",
    [
        "Strained relations",
        "‘Little harbors’",
        "Envoy plans to meet minister, but port says no meeting confirmed",
        "Breaking news reached the port late on Monday.",
        "Comments by the envoy angered the port.",
        "Share prices fell on Monday.",
        "Read more books, the envoy told pupils.",
        "Subscribe to his view or not, the envoy is right.",
        "Related companies were searched, too.",
        "With reporting by foreign newspapers banned, the port fell silent.",
        "Reporting by the envoy was called into question.",
        "Photo by photo, the police went through the film.",
        "To contact the envoy, the minister used a back channel.",
        "Sign up for the army, the posters said.",
        "Advertisement of the post begins in May.",
        "We use cookies, said the baker, not cakes.",
        "Follow the money, she said.",
        "Watch what they do, the envoy said.",
        "Reuters/Harbor poll finds support for talks",
        "(RFE/RL) — The envoy left.",
        "The port is open. " * 40 + "Leave a Reply",
    ],
)
def test_headlines_and_sentences_of_the_story_are_not_furniture(line: str) -> None:
    assert not is_furniture(line)
    assert not is_credit(line)


def test_a_credit_at_the_end_of_a_caption_is_furniture_and_the_caption_is_not() -> None:
    caption = numbered("The envoy leaves on Monday. (Photographer: Ana Vega/Harbor News)")
    assert [sentence.furniture for sentence in caption.sentences] == [False, True]


def test_a_quotation_in_furniture_is_marked_as_furniture() -> None:
    article = numbered("“We agree,” she said.\n\nRelated: “We agree,” says envoy")
    assert [quotation.furniture for quotation in article.quotations] == [False, True]


@pytest.mark.parametrize("wrong", [0, 3, -1])
def test_an_unknown_number_is_refused_by_name(wrong: int) -> None:
    article = number(Article(text="“We go.” They left.", id="port"))
    with pytest.raises(KeyError, match=f"article port has no sentence S{wrong}, only sentence S1 to S2"):
        article.sentence(wrong)
    with pytest.raises(KeyError, match=f"no quotation Q{wrong}"):
        article.quotation(wrong)


def test_an_offset_in_white_space_belongs_to_the_sentence_before() -> None:
    article = numbered("  We go.  They left. ")
    assert [article.sentence_at(offset).number for offset in (0, 2, 8, 9, 10, 21)] == [1, 1, 1, 1, 2, 2]


@pytest.mark.parametrize(("text", "offset"), [("We go.", 7), ("We go.", -1), (" \n ", 1)])
def test_an_offset_without_a_sentence_is_refused(text: str, offset: int) -> None:
    with pytest.raises(ValueError, match=f"no sentence at offset {offset}"):
        numbered(text).sentence_at(offset)


@pytest.mark.parametrize("text", ["", " \n\n\t\u00a0"])
def test_a_text_without_words_has_nothing_to_number(text: str) -> None:
    article = numbered(text)
    assert (article.paragraphs, article.sentences, article.quotations) == ((), (), ())


@pytest.mark.parametrize("mark", ["“", "«", "「", "„"])
def test_deep_nesting_is_counted(mark: str) -> None:
    depth = 10_000
    close = {"“": "”", "«": "»", "「": "」", "„": "”"}[mark]
    quotations = numbered(mark * depth + "We go." + close * depth).quotations
    assert [quotation.depth for quotation in quotations] == list(range(depth))


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ('"' * 100_000, 0),
        ('"We go," ' * 10_000, 10_000),
        ("‘" * 20_000 + "The workers’ " * 20_000, 1),
        ("«" * 20_000 + " " * 50_000 + "a”", 1),
        ("word " * 200_000 + "“We go.”", 1),
        (" " * 500_000 + "“We go.”" + " " * 500_000, 1),
        ("." * 500_000 + " “We go.”", 1),
        ("5'10\" " * 20_000, 0),
    ],
    ids=["marks", "quotations", "apostrophes", "unclosed", "one line", "white space", "stops", "measures"],
)
def test_a_text_of_extremes_is_read_to_its_end(text: str, count: int) -> None:
    article = numbered(text)
    assert sum(quotation.depth == 0 for quotation in article.quotations) == count
    assert article.sentences[-1].end == len(text.rstrip())
