"""Texts for property tests: French-like prose, and prose with any character in it."""

from hypothesis import strategies as st

WORDS = (
    "le la les un une des du de et en à par pour sur avec Niger Russie Hongrie Budapest Niamey ministre Défense accord coopération "
    "militaire sécurité Sahel AES A.E.S. M. Mme col. n° 2023 26 juin 2,5 3.14 millions d'euros l'accord qu’il aujourd'hui signé "
    "négociations œuvre États-Unis « nous » (selon Reuters) porte-parole terrorisme"
).split()
ENDS = (". ", "! ", " ? ", "… ", ". ", ".\n\n", ".\n", " ; ", ", ", " ", ": ", ".» ", ".” ")

word = st.sampled_from(WORDS)
sentence = st.builds(lambda words, end: " ".join(words) + end, st.lists(word, min_size=1, max_size=25), st.sampled_from(ENDS))
prose = st.lists(sentence, min_size=0, max_size=30).map("".join)
# Every character that UTF-8 can hold: lone surrogates are in no file.
character = st.characters(exclude_categories=("Cs",))
noise = st.text(character, max_size=40)
any_text = st.lists(st.one_of(sentence, noise), max_size=25).map("".join)
odd_question = st.one_of(
    st.text(max_size=80),  # surrogates included
    st.lists(word, max_size=12).map(lambda words: " ".join(words) + " ?"),
    st.builds(
        lambda head, words: f"{head} {' '.join(words)} ?",
        st.sampled_from(["Qui", "Quand", "Où", "Combien de", "Pourquoi", "Who", "When"]),
        st.lists(word, max_size=8),
    ),
)
