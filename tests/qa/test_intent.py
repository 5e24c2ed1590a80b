"""What a question wants made of the articles."""

import pytest

from qa.intent import intent_of


@pytest.mark.parametrize(
    ("text", "shape", "topic"),
    [
        ("Que disent les articles sur la coopération militaire ?", "digest", "coopération militaire"),
        ("Résume l'accord avec la Hongrie", "digest", "accord avec la Hongrie"),
        ("Résumé de la visite", "digest", "visite"),
        ("Que sait-on du général Mody ?", "digest", "général Mody"),
        ("Parle-moi de l'Africa Corps", "digest", "Africa Corps"),
        ("What do the articles say about the Africa Corps?", "digest", "Africa Corps"),
        ("Summarise the agreement", "digest", "agreement"),
        ("Quels articles parlent de la Russie ?", "articles", "Russie"),
        ("Donne-moi la liste des articles sur Agadez", "articles", "Agadez"),
        ("Which articles mention Hungary?", "articles", "Hungary"),
        ("chronologie des relations entre le Bénin et le Togo", "timeline", "relations entre le Bénin et le Togo"),
        ("Quelles sont les étapes de l'accord ?", "timeline", "accord"),
        ("Timeline of Benin's agreements", "timeline", "Benin's agreements"),
        ("Que s'est-il passé au Niger en 2023 ?", "timeline", "Niger en 2023"),
        ("What happened in 2023?", "timeline", "in 2023"),
        ("Que dit le ministre ?", "fact", "Que dit le ministre ?"),
        ("Quelle est la date de signature ?", "fact", "Quelle est la date de signature ?"),
        ("Quels articles de la constitution sont cités ?", "fact", "Quels articles de la constitution sont cités ?"),
        ("What happened to the base?", "fact", "What happened to the base?"),
        ("Qui a signé ?", "fact", "Qui a signé ?"),
    ],
)
def test_the_shape_and_the_topic(text: str, shape: str, topic: str) -> None:
    found = intent_of(text)
    assert (found.shape, found.topic) == (shape, topic)
