"""A corpus small enough to train on in seconds, of things and places that stand for each other in no sentence."""

from index.training.corpus import Corpus, Document, passages

THINGS = {"pont": "bridge", "fleuve": "river", "marché": "market", "école": "school", "récolte": "harvest", "route": "road"}
PLACES = ("Zinder", "Agadez", "Cotonou", "Lomé", "Bamako", "Niamey", "Dosso", "Maradi", "Tahoua", "Diffa")


def corpus() -> Corpus:
    documents = [
        Document(
            title=f"Le {thing} de {place}", heading=f"À {place}, les habitants parlent du {thing} depuis des mois.",
            passages=passages(f"Le {thing} de {place} inquiète. Les habitants demandent des travaux. Un accord est attendu à {place}."),
        )
        for thing in THINGS for place in PLACES
    ]  # fmt: skip
    pairs = [
        (f"Où est le {thing} ?", f"Le {thing}", f"Le {thing} se trouve à {place}, dit-on.")
        for thing, place in zip(THINGS, PLACES, strict=False)
    ]
    parallel = [(f"The {english} of {place}.", f"Le {french} de {place}.") for french, english in THINGS.items() for place in PLACES]
    return Corpus(documents=tuple(documents), pairs=tuple(pairs), parallel=tuple(parallel), dropped=0)
