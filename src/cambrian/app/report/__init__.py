"""A run as one HTML file that opens with no network. Reads the journal's views; runs nothing.

Index:
    content    the records that the page embeds: everything that its charts show
    gathering  journal → content, in bounded memory
    lattice    how the heat map is cut
    markup     HTML from text: everything is escaped here and nowhere else
    sections   the parts of the page that need no script
    writing    the whole file: policy, style, script, data
    page/      the page itself: HTML, CSS and JavaScript by hand, no library

The texts of candidates are an enemy's: the page holds them as JSON, shows them as text nodes, and a content security
policy of hashes lets no other script or style run.
"""
