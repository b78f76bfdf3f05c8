"""A person gets the text that was written, filled in, in a language there is one for."""

from __future__ import annotations

import pytest

from bot.channels.messages import Button
from bot.content import ContentError, Kept, load_content
from tests.content.conftest import topic_file


def test_the_web_answer_has_text_a_step_and_its_source(folder, centre):
    [reply] = load_content(folder.root, centre).answer("cost", "nb", "web")
    assert reply.text == "Det er gratis å komme hit."
    assert reply.buttons == (Button("Snakk med noen", "human"),)
    assert reply.source == "Kilde: krisesenterlova § 2. Lovtekst per 28.07.2026"
    assert reply.kind == "bot"


def test_the_sms_answer_is_the_sms_text_and_names_no_source(folder, centre):
    [reply] = load_content(folder.root, centre).answer("cost", "nb", "sms")
    assert reply.text == "Det er gratis."
    assert reply.source is None


def test_sources_are_given_on_request_in_the_language_of_the_text(folder, centre):
    content = load_content(folder.root, centre)
    assert content.sources("cost", "en") == (
        "Source: krisesenterlova § 2. Law text as of 28.07.2026"
    )
    assert content.sources("cost", "nn").startswith("Kjelde: ")


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("Om denne tjenesten", "Kilde: Om denne tjenesten. Tekst per 28.07.2026"),
        ("116111.no", "Kilde: 116111.no. Lest 28.07.2026"),
    ],
)
def test_a_source_that_is_no_law_says_when_it_was_read(folder, centre, source, line):
    folder.cost(sources=f'["{source}"]')
    assert load_content(folder.root, centre).sources("cost", "nb") == line


def test_the_centre_its_line_and_registered_numbers_are_filled_in(folder, centre):
    folder.cost(
        numbers="[police_emergency]",
        body="Ring {line} ({line_hours}), {under_18}, **{n.police_emergency}**. Hilsen {centre}.",
    )
    [reply] = load_content(folder.root, centre).answer("cost", "nb", "web")
    assert reply.text == (
        "Ring 00 00 00 01 (hele døgnet), 116 111, **112**. Hilsen Fjellbygd krisesenter."
    )


def test_the_texts_say_how_long_this_centre_keeps_words(folder, centre):
    folder.cost(body="Slettes etter {keep_hours} timer, {keep_case_days} og {backup_days} dager.")
    for kept, said in (
        (None, "Slettes etter 12 timer, 7 og 14 dager."),
        (Kept(keep_hours=6, keep_case_days=30), "Slettes etter 6 timer, 30 og 14 dager."),
    ):
        [reply] = load_content(folder.root, centre, kept).answer("cost", "nb", "web")
        assert reply.text == said


def test_paragraphs_are_joined_and_lists_keep_their_lines(folder, centre):
    folder.cost(body="Første linje\nfortsetter her.\n\nDu trenger:\n- pass\n- penger\n")
    [reply] = load_content(folder.root, centre).answer("cost", "nb", "web")
    assert reply.text == "Første linje fortsetter her.\n\nDu trenger:\n- pass\n- penger"


def test_a_topic_without_nynorsk_is_answered_in_bokmal(folder, centre):
    folder.remove("centre/cost.nn.md")
    content = load_content(folder.root, centre)
    assert content.has("cost", "nn")
    assert not content.has_own("cost", "nn")
    assert content.answer("cost", "nn", "sms") == content.answer("cost", "nb", "sms")


def test_an_unknown_topic_is_not_claimed_and_cannot_be_answered(folder, centre):
    content = load_content(folder.root, centre)
    assert not content.has("weather", "nb")
    with pytest.raises(ContentError, match="weather"):
        content.answer("weather", "nb", "web")


def test_more_is_offered_only_where_there_is_more(folder, centre):
    folder.cost(body="Det er gratis.\n\n## more\nDet gjelder alle.")
    content = load_content(folder.root, centre)
    [web] = content.answer("cost", "nb", "web")
    [more] = content.answer("cost", "nb", "web", "more")
    [sms] = content.answer("cost", "nb", "sms")
    assert [button.payload for button in web.buttons] == ["human", "more"]
    assert more.text == "Det gjelder alle."
    assert [button.payload for button in more.buttons] == ["human"]
    assert [button.payload for button in sms.buttons] == ["human"]
    assert content.has_section("cost", "nb", "web", "more")
    assert not content.has_section("cost", "nb", "sms", "more")


def test_a_long_answer_goes_on_by_a_button_that_says_so(folder, centre):
    body = "Det er gratis.\n\nVil du vite mer?\n\n## more\nEn del.\n\n## more_2\nSiste del."
    folder.cost(body=body)
    content = load_content(folder.root, centre)
    titles = [
        [
            b.title
            for b in content.answer("cost", "nb", "web", part)[0].buttons
            if b.payload == "more"
        ]
        for part in (None, "more", "more_2")
    ]
    assert titles == [["Vil vite mer"], ["Neste"], []]


def test_a_section_by_sms_has_its_own_words(folder, centre):
    folder.cost(sms_young='"Ring en voksen."')
    content = load_content(folder.root, centre)
    assert content.answer("cost", "nb", "sms", "young")[0].text == "Ring en voksen."
    assert content.answer("cost", "nb", "web", "young")[0].text == "Det er gratis å komme hit."


def test_a_button_to_a_topic_that_does_not_exist_is_left_out(folder, centre):
    folder.cost(next='{title: "Hunder", to: "topic:pets"}')
    assert load_content(folder.root, centre).answer("cost", "nb", "web")[0].buttons == ()


def test_yes_and_no_may_be_written_without_quotes(folder, centre):
    folder.cost(next="{title: Ja, to: yes}", buttons="[{title: Nei, to: no}]")
    [reply] = load_content(folder.root, centre).answer("cost", "nb", "web")
    assert [button.payload for button in reply.buttons] == ["yes", "no"]


@pytest.mark.parametrize(
    ("confirmed_by", "said"), [(None, "Spør en rådgiver."), ("Kari", "Ja. Vi har hundegård.")]
)
def test_a_local_fact_is_said_only_when_somebody_confirmed_it(
    folder, centre_with, confirmed_by, said
):
    folder.cost(confirmed_fact="pets", body="Spør en rådgiver.\n\n## confirmed\nJa. {fact}")
    value = {"nb": "Vi har hundegård."}
    centre = centre_with(facts={"pets": {"value": value, "confirmed_by": confirmed_by}})
    assert load_content(folder.root, centre).answer("cost", "nb", "web")[0].text == said


def test_the_municipalities_of_the_centre_can_be_named(folder, centre_with):
    folder.cost(confirmed_fact="municipalities", body="Alle.\n\n## confirmed\nFor {fact}.")
    centre = centre_with(municipalities=["Fjellbygd", "Dalen", "Vika"])
    content = load_content(folder.root, centre)
    assert content.answer("cost", "nb", "web")[0].text == "For Fjellbygd, Dalen og Vika."


def test_a_sentence_of_the_frame_is_filled_with_its_values(folder, centre):
    folder.write(
        "system/waiting.nb.md",
        topic_file(
            "nb", "waiting", next=None, title=None, sms=None, values="[code]", body="Kode: {code}."
        ),
    )
    content = load_content(folder.root, centre)
    assert content.sentence("waiting", "nb", "sms", code="blå måke") == "Kode: blå måke."
    assert content.reply("waiting", "nb", "web", code="x").kind == "system"
    assert "waiting" not in content.topics()
    with pytest.raises(ContentError, match="code"):
        content.sentence("waiting", "nb")


BAD_FILES = {
    "no front matter": "Det er gratis.",
    "front matter that is not YAML": '---\ntopic: "cost\n---\nDet er gratis.',
    "empty front matter": "---\n---\nDet er gratis.",
    "another topic than its name": topic_file("nb", "price"),
    "no source": topic_file("nb", sources=None),
    "an empty source list": topic_file("nb", sources="[]"),
    "no text date": topic_file("nb", text_date=None),
    "a text date that is no date": topic_file("nb", text_date="i fjor"),
    "no review": topic_file("nb", review=None),
    "no sms": topic_file("nb", sms=None),
    "an empty sms": topic_file("nb", sms='""'),
    "no title": topic_file("nb", title=None),
    "no next step": topic_file("nb", next=None),
    "a step to nowhere": topic_file("nb", next='{title: "Gå", to: "https://example.org"}'),
    "a raw intent as a step": topic_file("nb", next='{title: "Gå", to: "/cost"}'),
    "too many buttons": topic_file(
        "nb", buttons="[{title: a, to: back}, {title: b, to: more}, {title: c, to: stop}]"
    ),
    "an unknown reader": topic_file("nb", **{"for": "[everybody]"}),
    "an unknown line": topic_file("nb", colour="blue"),
    "no web text": topic_file("nb", body="\n"),
    "an unknown heading": topic_file("nb", body="# Pris\nDet er gratis."),
    "two sections of one name": topic_file("nb", body="A.\n\n## more\nB.\n\n## more\nC."),
    "an empty section": topic_file("nb", body="A.\n\n## more\n"),
    "a fact without its section": topic_file("nb", confirmed_fact="pets"),
    "an unknown placeholder": topic_file("nb", body="Ring {nummer}."),
    "a number that is not registered": topic_file("nb", body="Ring {n.pizza}."),
    "a fact outside its section": topic_file("nb", body="Vi har {fact}."),
    "an sms that is no text": topic_file("nb", sms_young="[1, 2]"),
}


@pytest.mark.parametrize("text", BAD_FILES.values(), ids=BAD_FILES.keys())
def test_a_wrong_file_is_refused_with_one_line_that_says_where_and_how_to_mend_it(
    folder, centre, text
):
    folder.write("centre/cost.nb.md", text)
    with pytest.raises(ContentError) as error:
        load_content(folder.root, centre)
    line = str(error.value)
    assert "\n" not in line
    assert line.startswith("content/centre/cost.nb.md: ")
    assert "; " in line


@pytest.mark.parametrize("name", ["centre/cost.md", "centre/cost.se.md", "weather/cost.nb.md"])
def test_a_file_with_a_wrong_name_or_place_is_refused(folder, centre, name):
    folder.write(name, topic_file("nb"))
    with pytest.raises(ContentError, match=r"; (rename it|use one of)"):
        load_content(folder.root, centre)


def test_a_topic_stands_in_one_folder_only(folder, centre):
    folder.write("money/cost.nb.md", topic_file("nb"))
    with pytest.raises(ContentError, match=r"also stands in content/centre/cost\.nb\.md"):
        load_content(folder.root, centre)


def test_several_wrong_files_are_counted_on_the_same_line(folder, centre):
    folder.cost_everywhere(sources=None)
    with pytest.raises(ContentError, match=r"and 2 more"):
        load_content(folder.root, centre)


def test_a_centre_without_a_phone_line_is_refused(folder, centre_with):
    with pytest.raises(ContentError, match="phone_line"):
        load_content(folder.root, centre_with(phone_line={}))


def test_an_empty_folder_is_refused(folder, centre):
    for lang in ("nb", "nn", "en"):
        folder.remove(f"centre/cost.{lang}.md")
    with pytest.raises(ContentError, match="no texts"):
        load_content(folder.root, centre)
