import pytest

from hackathon.adapters.markdown import html_from_markdown


def test_markdown_becomes_html() -> None:
    assert html_from_markdown("# Purpose\n\n*Listen* first.\n\n- one\n- two") == (
        "<h1>Purpose</h1>\n<p><em>Listen</em> first.</p>\n<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n"
    )


def test_headings_move_below_the_heading_of_the_page() -> None:
    html = html_from_markdown("# One\n\n## Two\n\n###### Six", heading_offset=1)

    assert html == "<h2>One</h2>\n<h3>Two</h3>\n<h6>Six</h6>\n"


def test_a_table_has_header_cells_and_no_style() -> None:
    html = html_from_markdown("| When | What |\n|:-----|-----:|\n| 9:00 | Tea |")

    assert html == (
        '<table>\n<thead>\n<tr>\n<th scope="col">When</th>\n<th scope="col">What</th>\n</tr>\n</thead>\n'
        "<tbody>\n<tr>\n<td>9:00</td>\n<td>Tea</td>\n</tr>\n</tbody>\n</table>\n"
    )


def test_a_link_is_not_vouched_for() -> None:
    html = html_from_markdown("[site](https://example.org)")

    assert html == '<p><a href="https://example.org" rel="nofollow noopener">site</a></p>\n'


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "a <svg onload=alert(1)> b",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html,<script>alert(1)</script>)",
        "[x](vbscript:x)",
        "<javascript:alert(1)>",
        "![x](https://evil.test/pixel.png)",
        '[x](https://a.test "\\"onmouseover=alert(1)")',
        '```x" onclick=alert(1)\n</code><img src=x onerror=alert(1)>\n```',
        "[x]: javascript:alert(1)\n[x]",
    ],
)
def test_attack_17_what_could_run_or_call_home_is_shown_as_words(text: str) -> None:
    html = html_from_markdown(text)

    harmless = {"<p>", "</p>", "<pre>", "</pre>", "<code>", "</code>", "</a>"}
    tags = [f"<{piece.partition('>')[0]}>" for piece in html.split("<")[1:]]
    assert [tag for tag in tags if tag not in harmless and not tag.startswith('<a href="https://a.test" title="')] == []
