import textwrap
from string import Template, ascii_lowercase

t = Template("$who likes $what").substitute(who="Tim", what="kung pao")
wrapped = textwrap.wrap("It was a bright cold day in April, and the clocks were striking thirteen.", width=30)
block = textwrap.dedent("""
    first
      second
    third
""").strip()
[t, wrapped, block, ascii_lowercase[::5]]
