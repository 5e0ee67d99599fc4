"""Words explained where they stand."""

from markupsafe import Markup

from hackathon.web.prose import explained, settled_below

MEANINGS = {"hack": "A working session.", "mini-hack": "A small idea.", "R&D": "Trying <things> out."}


def on_paper(*pieces: str) -> list[str]:
    return [str(piece) for piece in explained([Markup(piece) for piece in pieces], MEANINGS, on_paper=True)]


def test_a_term_is_explained_once_in_a_document() -> None:
    assert on_paper("<p>A hack. Hacks.</p>", "<p>The hack</p>") == [
        "<p>A <dfn>hack</dfn>. Hacks.</p>",
        "<p>The hack</p>",
    ]


def test_the_longer_term_wins_and_bold_comes_first() -> None:
    assert on_paper("<p>hack, mini-hacks, <strong>hacks</strong></p>") == [
        "<p>hack, <dfn>mini-hacks</dfn>, <strong><dfn>hacks</dfn></strong></p>"
    ]


def test_headings_links_and_attributes_are_left_alone() -> None:
    page = '<h2>The hack</h2><p><a href="/hack" title="a > hack">hack</a> shack</p>'

    assert on_paper(page) == [page]


def test_on_a_screen_a_button_opens_the_meaning_which_is_escaped() -> None:
    (piece,) = explained([Markup("<p>Our R&amp;D</p>")], MEANINGS)

    assert '<button type="button" class="word" popovertarget="word-r-d">R&amp;D</button>' in piece
    assert "Trying &lt;things&gt; out." in piece


def test_headings_begin_below_and_skip_no_level() -> None:
    html = Markup("<h1>A</h1><h4>B</h4><h2>C</h2><h5>D</h5>")

    assert settled_below(html, 2) == "<h3>A</h3><h4>B</h4><h3>C</h3><h4>D</h4>"
