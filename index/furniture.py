"""Which lines of a scraped page are of the page, and which are running prose: by their shape and words alone.

Words are looked for in folded lines (no case, no accents), French and English together; nothing here knows any one site.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from index.analyse import fold

_OPENINGS: Final = (
    # Menus, buttons and counters; `$` where an article could begin a sentence with the same words.
    r"menu$|tou(?:te)?s (?:les|nos) (?:news|actualites|articles|infos|rubriques)(?!.{40})|all (?:the )?(?:news|stories)(?!.{30})|en ce moment$|alerte info$|accueil$|rechercher?$|recherche$|imprimer\b(?!.{30})|envoyer par(?!.{30})|copier le lien|connexion$|se connecter$|mon (?:compte|espace)$|aller au contenu|se rendre au contenu"
    r"|acceder au contenu|bouton retour|retour en haut|haut de (?:la )?page|cliquez (?:ici|sur)(?!.{60})|article (?:precedent|suivant|plus recent|plus ancien)|(?:page )?suivante?$|precedente?$|j'aime\b(?!.{25})"
    r"|(?:lire|voir) la suite(?!.{40})|en savoir plus(?: sur .{1,40})?$|continue reading|commenter$|commenter l'article|ecouter\b.{0,20}$|reecouter\b(?!.{60})|taille de (?:la police|caractere)|ajouter a (?:vos|mes)(?!.{30})"
    r"|telecharge[rz] (?:l'|notre |le bulletin|le pdf)|publicite$|annonces?$|(?:(?:contenu|article) )?sponsorise|(?:contenu|article) (?:commandite|partenaire|de marque|promotionnel)|publireportages?$|(?:paid|partner|branded|sponsored|promoted) (?:content|post|story)|promoted$|plan du site|nous contacter$|contactez[- ]nous|flux rss|liens? utiles?$|vous etes ici|fil d'ariane$"
    r"|suivez[- ]nous|suivez .{2,40} sur (?:twitter|facebook|instagram|x)\b|offres? (?:speciales?|decouverte|d'abonnement)\b(?!.{60})|special offers?\b(?!.{60})|suivez l'actualite|abonnez[- ]vous|s'abonner\b(?!.{40})|je m'abonne|inscrivez[- ]vous|deja abonne|recevez (?:nos|notre|les|toute|chaque|gratuitement)(?!.{120})|newsletters?\b(?!.{60})|rejoignez[- ]nous"
    r"|partage[rz]?\b(?!.{40})|tweete[rz]\b|recommander cet article|signaler (?:une erreur|un abus|ce)|repondre(?: a ce message)?$|afficher plus|voir plus\b(?!.{40})|charger plus|ce direct est termine|sommaire$"
    r"|home$|search$|print$|log ?in$|sign in\b(?!.{40})|sign up\b(?!.{80})|subscribe\b(?!.{80})|subscribe now|skip to(?!.{30})|back to top|scroll to top|click here(?!.{60})|loading\b(?!.{20})|share\b(?!.{25})|share (?:this|on|via|page)\b(?!.{40})"
    r"|tweet$|like (?:this|loading)\b|about (?:sharing|the author|us$)(?!.{60})|follow us|join (?:our|us on)\b(?!.{60})|get (?:the|our) .{0,40}newsletter|get involved with|this is a subscriber|already a subscriber|listen\b(?!.{25})"
    r"|advertisement\b(?!.{20})|previous (?:article|post)|next (?:article|post)|(?:newer|older) posts?$|read more\b(?!.{80})|email this|reuse this content|show (?:more|key events)|was this (?:page|article|story) helpful|cet article vous a\b|watch (?:the )?video\b(?!.{40})|(?:voir|regarde[rz]|ecoute[rz]) (?:la |le |l'|notre |cet(?:te)? |ce )?(?:video|reportage|entretien|emission|episode|podcast|interview|chronique)\b(?!.{40})|(?:watch|listen to) (?:the |this |our )?(?:report|interview|episode|podcast|programme|clip)\b(?!.{40})|support (?:local|independent|our) (?:journalism|news|work)(?!.{80})|follow .{2,40} on (?:twitter|facebook|instagram|x)\b|receive updates|after newsletter promotion|breadcrumb"
    r"|(?:facebook|twitter|whatsapp|telegram|linkedin|pinterest|instagram|youtube|x|tiktok|messenger|reddit|tumblr|e-?mail|copier|lien|link|\s|,|·|\||/)+$|facebook\b(?!.{30})|twitter\b(?!.{30})|whatsapp\b(?!.{30})|telegram\b(?!.{30})|linkedin\b(?!.{30})|pinterest\b(?!.{30})"
    # Links to other articles that stand in the middle of this one.
    r"|(?:a )?(?:lire|voir|ecouter|relire|revoir|decouvrir) (?:aussi|egalement|plus)\b(?!.{140})|a (?:lire|voir|ecouter|relire|decouvrir)\s*[:.]|(?:see|read|watch) also\b(?!.{140})|also (?:read|see|watch)\b(?!.{140})|read (?:next|more)\s*:|read more from|related\s*:"
    # What a page says of itself: dates, authors, tags, rights.
    r"|publie (?:le|par)\b(?!.{90})|poste (?:le|par|dans)\b(?!.{90})|mis (?:a jour|en ligne)\b(?!.{90})|modifie le\b(?!.{60})|derniere (?:mise a jour|modification)|(?:temps|duree) de lecture|(?:duree|duration)\s*:?\s*[\d:]+$|(?:watch|listen|regarde[rz]|ecoute[rz]|video|diaporama|en images|in pictures)\s*[|>•]|duree (?:de |d')?(?:la |l'|du )?(?:video|ecoute|emission|episode|podcast|audio|reportage)\b(?!.{30})|lecture\s*:(?!.{30})|par\s*:$|redaction web$|la redaction$|propos recueillis par(?!.{60})"
    r"|published (?:on|by|at)\b(?!.{60})|posted (?:on|by|in|at)\b(?!.{60})|last (?:updated|modified)\b(?!.{60})|updated\b\s*(?::|at|on|\d)(?!.{60})|filed under|(?:mots[- ]cles|etiquettes?|keywords?|tags?|labels?|tagged|rubriques?)\s*:|etiquettes?$|tags$|tagged\b(?!.{80})|mots[- ]cles\b(?!.{60})"
    r"|\d+ ?(?:minutes?|mins?|mn)\b(?: de lecture| read)?$|(?:il y a|depuis) \d+ (?:minutes?|heures?|jours?|semaines?|mois|ans?)$|\d+ (?:minutes?|hours?|days?|weeks?|months?|years?) ago$|\d+ (?:partages?|vues?|shares?|views?|likes?)$|\d+ min(?:ute)?s? read|reading time|(?:nombre de )?visites?\s*:"
    r"|this article is more than \d+|sources?\s*:(?!.{80})|reporting by\b|(?:additional )?reporting and|editing by\b|our standards\s*:|traduit (?:de|par)\b(?!.{60})|exclusif$|article (?:reserve|payant)|premium$"
    r"|tous droits|tout droit|toute reproduction|all rights? reserved|copyright\b(?!.{60})|copyright\s*[:©(]|©|\(c\) \d{4}|disclaimer\b|mentions legales(?!.{40})|conditions generales(?!.{40})|politique de confidentialite(?!.{40})|privacy (?:policy|notice)(?!.{40})|privacy notice\s*:|terms (?:of|and|&)(?!.{40})|realisation\s*:"
    r"|(?:the )?external site is not responsible|powered by|propulse par|les points cles$|points cles$|l'essentiel$|key (?:points|events)$|what (?:you need|we) (?:to )?know\s*:?$"
    r"|credits? photo|photo\s*[:/]|photos?\s*©|(?:legende|source|credit) (?:de l')?image|image (?:source|credit|caption)|legende image|illustration\b(?!.{60})|(?:images?|pictures?|photos?|credits?)\s*:?$"
    r"|nous utilisons des cookies|ce site utilise|accepter(?:$| et| tout| les)|continuer sans accepter|parametrer|tout (?:accepter|refuser)|refuser\b(?!.{40})|we use cookies|this (?:site|website) uses|accept (?:all|cookies)|agree$|manage (?:options|preferences)|we value your privacy|le respect de votre vie privee"
    # Boxes in the middle of an article: advertisements, offers, polls, galleries, what other sites lend.
    r"|(?:la )?suite\b.{0,40}\bpublicite$|passer (?:la|cette) (?:publicite|annonce)|votre (?:video|annonce|publicite) (?:commence|debute)|(?:this )?(?:ad|advertisement)s? will (?:close|end)|your (?:video|ad) will|skip ads?$|(?:article|story) continues (?:below|after)"
    r"|abonnes?$|(?:you have|you've) \d+ (?:free )?(?:articles?|stories)|you(?: have|'ve) (?:read|used|reached) (?:all|your|\d).{0,30}(?:articles?|stories|limit)|il vous reste \d+ (?:articles?|lectures?)|sans engagement$|(?:voir|decouvrir|decouvrez) (?:les|nos|l') ?offres?$|offrir (?:cet|l') ?article|gift this article"
    r"|agrandir(?:$| l'image| la photo)|enlarge(?: image| photo)?$|(?:open|view|see)(?: the| full| photo| image)* (?:gallery|slideshow)|view \d+ images?$|(?:voir|ouvrir|lancer) (?:le|la|les|en) (?:diaporama|galerie|plein ecran|photos)(?!.{30})|plein ecran$|diaporama$|(?:photo|image) \d+ (?:sur|of|/) ?\d+$|\d+ (?:sur|of) \d+$"
    r"|(?:sondage|poll)(?: du jour)?$|(?:la )?question du jour$|(?:allow|autoriser|accepter) (?:and continue|et continuer|content provided|ce contenu|le contenu)(?!.{60})|(?:this (?:article|page)|cet? (?:article|page)) (?:includes|contains|contient|comporte|inclut) (?:du |un |des )?(?:content|contenus?) (?:hosted|provided|heberge|fourni|provenant)|(?:pour afficher|afin d'afficher) ce contenu"
    r"|by (?:signing up|subscribing|clicking|submitting|continuing|registering|joining)\b.{0,80}\byou (?:agree|accept|consent)|en (?:vous (?:inscrivant|abonnant)|cliquant|validant|poursuivant)\b.{0,80}\bvous (?:acceptez|consentez|reconnaissez)|j'(?:ai compris|accepte|en profite)$|got it$|not now$|no thanks$|non,? merci$|plus tard$"
    r"|ok$|ads?$|voir (?:la|le|les|toute la|tous les) [a-z]+$|(?:see|view|get) the (?:recipe|map|list|results|gallery|full story)$|valider$|envoyer$|fermer$|boutique$|donate$|(?:tout voir|voir tout(?:es)?)$|toutes les unes?$|lire le pdf$|impressum$|protection des donnees$|notifications?\s*:?$|legendes? et credits?|(?:save|bookmark) (?:this )?(?:story|article|page)$|(?:tweet|post|pin) (?:this|it)$|en (?:renseignant|soumettant|validant) (?:votre|ce)\b.{0,60}\bvous (?:acceptez|consentez)"
    r"|vous avez (?:trouve|repere|releve|vu|remarque) une (?:erreur|faute|coquille)|(?:spotted|found|seen) (?:a|an) (?:mistake|error|typo)|is there anything wrong with this|(?:report|signaler) (?:a|an|un|une) (?:problem|error|typo|probleme|erreur|faute)|vous avez aime cet|cet article vous a (?:plu|interesse)|retrouvez (?:toute )?(?:l'actualite|l'actu|nous)\b(?!.{60})|(?:press|media) (?:enquiries|contacts?|office)\s*:|.{1,60}\*\s*:?$|(?:article )?(?:publie initialement|initialement publie)\b|originally published (?:in|on|by)\b(?!.{80})|notifiez-moi\b|notify me\b|(?:kindly|please) share\b(?!.{40})|(?:contenu|article|acces|offre)s? .{0,30}(?:\bpour|\baux|\ba) (?:nos |les )?abonnes|(?:exclusively )?for (?:our )?subscribers(?: only)?$|s'inscrire$|register$|(?:\S+ ){1,4}(?:avec|par|with|by)$|(?:chaque|tous les) (?:jour|matin|midi|soir|semaine|mois|lundi|vendredi|samedi|dimanche)s?\b.{0,40}(?:l'essentiel de l'(?:info|actu)|le meilleur de (?:l'info|l'actu|nos|notre)|toute l'(?:info|actu)|notre selection|nos (?:meilleurs|articles))(?!.{80})"
    r"|(?:this|our) live (?:blog|coverage|page|feed) (?:is|has)|this blog (?:is|has) now|latest\s*:(?!.{100})|\d{1,2} ?(?:h|hrs?|m|min)s? ago\b|what we know so far$|key events \(\d+\)$|(?:oldest|newest|latest|most recent) first$|(?:du )?plus (?:recent|ancien) au plus (?:recent|ancien)|filters?$|filtrer$|pinned$|epingle$|view on (?:x|twitter|facebook|instagram)$|voir sur (?:x|twitter|facebook|instagram)$"
    r"|votre adresse (?:e-?mail|de messagerie)|les champs obligatoires|enregistrer mon nom|annuler la reponse|your e-?mail address will not|required fields|save my name|cancel reply|reply$|ajouter un commentaire|\d+ commentaires?$|comments?$|commentaires?\b(?!.{25})"
)  # fmt: skip
_FURNITURE = re.compile(f"^(?:{_OPENINGS})")
_PLEA = re.compile(
    r"pour (?:poursuivre|continuer|lire) (?:la|votre|cet)|acces a l'ensemble des (?:archives|articles)|(?:recevoir|receive|recevez) .{0,40}(?:newsletter|boite (?:mail|aux lettres))|reserve[es]? (?:a nos|aux) abonnes"
    r"|to (?:continue|keep) reading|get access to|sign in to comment|connecte(?:z|r).{0,20}pour (?:commenter|publier)|(?:de cet article|of this article) (?:a|left to) (?:lire|read)|only available to subscribers|lecture du article en cours|sur un seul appareil"
    r"|(?:vous propose de revenir sur|emportez l'actualite|telecharge[rz].{0,20} l'application|en telechargeant l'application|mot de passe oublie|identifiants? ou mot de passe|nom d'utilisateur ou votre)|la page demandee n'existe"
    r"|click here to (?:join|download|follow|subscribe|get|read|watch)|join our (?:whatsapp |telegram )?channel|for (?:all )?the latest .{0,60}\b(?:download|follow|visit|subscribe)|pour (?:toute l'|plus d')actu.{0,60}\b(?:telechargez|suivez|abonnez)|for more information,? (?:please )?contact|more information see our|(?:to|in) your inbox|independent press standards|donnees de vos commentaires|views expressed (?:on|in) this|opinions exprimees (?:dans|sur) ce|n'engagent? que (?:leurs?|les|son|l')\s?auteure?s?|do(?:es)? not (?:necessarily )?(?:represent|reflect) (?:the|those)"
)
# Where what follows is no longer the article: readers' comments, or the form for them.
_COMMENTS = re.compile(
    r"^(?:(?:vos|les|voir les|lire les|tous les|afficher les)? ?(?:commentaires|reactions)\s*(?:\(\d+\)|:|\d+)?$|\d+ (?:commentaires?|comments?|reponses?|replies|reactions?|responses?|messages)\s*:?$|\d+ (?:reflexions?|commentaires?|thoughts?|comments?|responses?|reponses?) (?:sur|on|a|to)\b"
    r"|(?:nouveau|votre) commentaire\s*:?$|(?:new|your) comment\s*:?$|(?:reactions|avis) des (?:internautes|lecteurs)|(?:donnez|laissez) (?:nous )?votre avis|have your say|readers?'? (?:comments|views)$|soyez (?:le|la) premi(?:er|ere) a |be the first to comment|\d{1,3} ?[.)#-] ?(?:poste|ecrit|publie|envoye|le|par|posted|by)\b.*\d"
    r"|(?:laisser|poster|ajouter|enregistrer|ecrire|publier) (?:un|votre) commentaire|reagir a (?:cet|l')|leave a (?:comment|reply)|post (?:a|your) comment|add a comment|join the (?:conversation|discussion)|show \d* ?comments|comments?\s*(?:\(\d+\)|:.*)$|comments$|forum$|sign in to comment)"
)
# Headings of lists of other articles, and other things that stand after an article.
_RELATED = re.compile(
    r"^(?:articles? (?:similaires?|connexes?|recents?|lies?|recommandes?|associes?)|sur le meme (?:sujet|theme)|dans la meme (?:rubrique|categorie)|(?:nos )?derniers articles|(?:les |nos )?dernieres (?:actualites|nouvelles|infos|depeches|videos)|vous (?:aimerez|pourriez)(?!.{60})|a decouvrir(?: aussi)?$|(?:les )?(?:articles )?(?:plus|mieux) (?:lus|vus|partages|commentes|consultes|populaires)"
    r"|l'info en continu|fil (?:info|actu|d'actualite)s?$|(?:nos|les) videos$|a la une(?: aussi)?$|choix de la redaction|la redaction vous (?:recommande|conseille)|(?:nos|notre) (?:recommandations|suggestions|selection)$|(?:articles? )?recommandes? pour vous|a ne pas (?:manquer|rater)$|ailleurs sur le web|pour aller plus loin|pour en savoir plus$|a reecouter$|a (?:lire|voir) dans|autres articles|du meme auteur|plus d'articles|contenus? (?:lies|sponsorises?)|liens utiles|le resume de la semaine|edition du jour|nos journalistes"
    r"|related(?: (?:articles?|posts?|stories|topics?|news|content|coverage|internet links|links))?(?: more from author)?$|more (?:on this (?:story|topic)|(?:by|from) (?:this|the same) author|from|stories|news|in)\b(?!.{50})|most (?:read|viewed|popular|shared|commented)|you (?:may|might) also|explore more|recommended(?: (?:for you|stories|articles))?$|editor'?s'? picks|trending|popular posts|latest (?:news|posts|stories)"
    r"|notes? (?:to editors|aux redactions)\s*:?$|-* ?(?:ends|fin) ?-*$|#{3,}$|in the headlines|don'?t miss|topics$|blog archive|up next|what to read next|a propos (?:de l'auteur|de l'agence)|about the author|mots[- ]cles$|etiquettes$|tags$|agenda$|evenements$)"
)
# The same, where the article goes on after a few links.
_ASIDE = re.compile(
    r"^(?:(?:a )?(?:lire|voir|ecouter|relire|decouvrir) (?:aussi|egalement)|also (?:read|see)|(?:see|read|watch) (?:also|more|next)|recommended reading|image caption,?|legende image,?|newsletters?|read more|pour (?:mieux comprendre|approfondir)|(?:a )?relire|explainer|explained|(?:contenu|article) (?:commandite|sponsorise|partenaire)|publireportages?|(?:paid|sponsored|promoted|partner) (?:content|post))\s*:?$"
)
# What stands below the answers of a poll.
_POLL = re.compile(r"^(?:(?:je )?vote[rz]?|(?:voir les resultats|view results)|[\d ,.]+ (?:votes?|votants|voters))$")
# What heads a box of figures or facts, as a colon would.
_BOX = re.compile(
    r"^(?:(?:les |quelques )?chiffres[- ]cles|(?:.{2,30} )?en (?:quelques )?(?:chiffres|dates)|reperes|key (?:figures|facts|numbers)|(?:by|in) (?:the )?(?:numbers|figures)"
    r"|at a glance|(?:la )?fiche(?: technique| du match)?|(?:la )?feuille de match|(?:les |the )?(?:equipes|teams|line-?ups?)|numeros utiles|useful (?:numbers|contacts)|fact ?(?:file|box)|infos? pratiques?|practical information|ingredients|(?:les |final )?results?(?:ats)?|(?:le |final )?(?:classement|palmares|standings))$"
)
# What stands below a box's label: a button to more of it.
_BUTTON = re.compile(
    r"^(?:(?:click|tap) here(?: .{1,40})?|cliquez ici(?: .{1,40})?|(?:voir|lire|en savoir) plus|lire la suite|(?:see|find out|learn|read) more|(?:je )?m'(?:inscris|abonne)|s'inscrire|sign up|subscribe(?: now)?|register)$"
)
# A label and its figure: "Trams in working order: 6", "Cellule de crise : 0800 97 40 40".
_FACT = re.compile(r"^[^\W\d][^:!?]{2,50} ?: ?[$€£]?\d[\d .,/%–-]*(?: ?[^\W\d]\S{0,11})?$")
_TIME: Final = r"\d{1,2} ?[:.hH] ?\d{2}(?: ?(?:min|GMT|UTC|BST|CET|CEST|EST|EDT|[AaPp]\.?[Mm]\.?))?"
_TIME_ALONE = re.compile(f"^{_TIME}$")
_MACHINE = re.compile(
    r"^(?:/[\w:-]+(?:/[\w@:='\"\[\]()-]+){2,}.*"  # element and meta paths
    r"|(?:https?://|www\.)\S+"  # an address
    r"|@?[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]+|@\w+"  # an e-mail address, the name of an account
    r"|\d{4}-\d\d-\d\dT\d\d:\d\d\S*"  # a time stamp
    r"|\d{1,2}[:h]\d\d[A-ZÀ-Þ][a-zà-þ]+[A-ZÀ-Þ].*"  # a line of a news ticker, its columns run together
    rf"|{_TIME}"  # a time of day
    r"|[a-z]{2}_[A-Z]{2}"  # a locale
    r"|[A-Za-z]{2,4}(?:[-/][A-Za-z]{2,4}){1,4}"  # who wrote and edited a dispatch
    r"|(?:[a-z]+-){2,}\w+(?: (?:[a-z]+-){2,}\w+)*"  # classes of a style sheet
    r"|[\d\s.,:x×*%|/+-]+(?:true|false|px)?"  # sizes and counters
    r"|[A-Za-z](?: [A-Za-z])?"  # letters that change the size of type
    r"|[\W_]+)$"
)
_CRUMBS = re.compile(r"^(?:accueil|home|actualites|vous etes ici|news)\b.{0,60}?\s?(?:[>»›/|]|::)\s?|^(?:[^.!?|]{2,30}\|\s?){2,}")
_CREDIT = re.compile(
    r"©|(?i:\((?:photos?|image|credit|crédit|file photo|ph\.)\b[^()]{0,60}\)?$|(?:^|[.!?»\"”|(]\s*|\s[–—-]\s*)(?:cr[ée]dits?(?: photos?| image)?|photo(?:graph|graphie|s)?)\s*(?::|/|\||by\b|par\b))"
    r"|(?:^|[.!?»\"”|(]\s*|\s[–—-]\s*)Photos? (?:d['’](?:archives?|illustration)|prétexte)\b.{0,40}$"
    r"|[.!?»”]\s+(?:[A-ZÀ-Þ][A-ZÀ-Þ'’.-]+ ){1,4}(?:POUR|FOR|/) ?[A-ZÀ-Þ«“'’ ./-]+»?$"
    r"|[.!?»”]\s+(?:[A-ZÀ-Þ][\w'’.-]+ ){2,3}(?:pour|for) (?:[Ll]['’]|Le |La |Les |The )[A-ZÀ-Þ][^.!?]{1,40}$"
    r"|(?:^|[.!?»\"”|(]\s*|\s[–—-]\s*)(?:[Ii]mages?|[Pp]ictures?|[Pp]ics?|IMAGES?|PICTURES?)\s*: ?[A-ZÀ-Þ].{0,50}$"
    r"|\((?:[A-ZÀ-Þ][\w'’.-]+ ){1,3}?(?:[A-ZÀ-Þ][\w'’.-]+) ?[|/] ?[A-ZÀ-Þ][^()]{1,40}\)$"
    r"|PHOTO \||\bPhoto [A-ZÀ-Þ].{0,40}$|(?:(?i:getty images)|/\s?(?:AFP|Reuters|REUTERS|AP|EPA|DR))\)?$|[–-] ?DR$"
)
_CREDIT_WORDS: Final = ("photo", "image", "credit", "ph.")
_CREDIT_MARKS: Final = ("©", "/", "|", "POUR", "FOR")
_CREDIT_NAMES = re.compile(r"[.!?»”]\s+(?:[A-ZÀ-Þ][\w'’.-]+ ){2,3}(?:pour|for) ")
_CREDIT_ALONE = re.compile(
    r"^(?:©|\(c\)|(?i:cr[ée]dits?(?: photos?| image)?\s*:|photo(?:graph)?\s*(?:by\b|par\b)|(?:getty images|shutterstock|istock|adobe stock|alamy|unsplash)\b.{0,20}$)"
    r"|(?:AFP|AP|EPA|REUTERS|Reuters|PA Media|PA|KEYSTONE|Keystone|BELGA|Belga|ANP|DPA|SWNS)(?:\s?[/–-]\s?.{1,40})?$)"
)
_ARROWS: Final = "> [→▶►⇒➤➡👉📣"
_SERIES = re.compile(r"^\d{1,2} ?/ ?\d{1,2}$")
_SITE_WORD = re.compile(
    r"newsletter|\binbox\b|boite (?:mail|aux lettres|de reception)|\babonne(?:s|z|ment)?|\bsubscri|privacy|vie privee|confidentialite|\bcookies?\b|consent|\b(?:nos|our) (?:\d+ )?(?:partenaires|partners)|traceurs|donnees personnelles|personal data"
    r"|(?:vos|your) (?:donnees|data)|personnalises?|personalised|personalized|publicit|\bads\b|advertis|terminal\b|\byour device|votre appareil|identifiants? uniques?|mot de passe|password|votre compte|your account|\bcommentaires?\b|\bcomments?\b|navigateur|browser|l'application\b|\bour app\b"
    r"|infolettre|unsubscribe|desabonn|desinscri|breaking news|real-time updates|latest (?:news|updates|stories|headlines)|exclusive content|\bwhatsapp\b|\btelegram\b|\bnotifications?\b|alertes? (?:info|push|mail)|stay (?:informed|up to date|connected)|restez (?:informe|connecte)|\b(?:vos|votre|your) (?:dons?|donations?)\b|deductible|tax relief|gift aid"
    r"|reseaux sociaux|social media|ce site\b|this (?:web)?site|notre site|our website|e-?mails?\b|moderat|donnees de geolocalisation|mesurer l'audience"
)
_YOU = re.compile(
    r"\b(?:vous|votre|vos|nous|nos|notre|we|our|you|your)\b"
    r"|^(?:stay|follow|join|download|subscribe|restez|suivez|rejoignez|telechargez|abonnez|inscrivez|retrouvez|soutenez|ne manquez)\b"
)
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]+")
_PHONE = re.compile(r"(?:\(?\+\d{1,3}\)?|\b00\d{1,3}|\b0\d)[\s.\d()-]{6,}\d|\btel\.? ?:? ?\d\d[\s.\d]{5,}\d", re.IGNORECASE)
_CONTACT = re.compile(r"\b(?:contacts?|contactez|whatsapp|tel|telephone|phone|e-?mail|courriel|adresse|fax|b\.?p)\b")
_ENDS = re.compile(r"[.!?…][\"”»'’)\]\s]*$|:\s*$")
_SENTENCES = re.compile(r"[a-zà-ÿ]{2}[.!?] [A-ZÀ-Þ]")
_ITEM = re.compile(r"^(?:[-–—•●▪◦*·‣►]\s+|\d{1,2}\s?[.)°/-]\s+|[a-z]\)\s+)\S")
_LONG: Final = 120
"""Characters from which a line is prose even without a full stop."""
_MATTER: Final = 400
"""Characters from which a line is too long to be a notice of the page."""


@lru_cache(maxsize=4096)
def _said(line: str) -> str:
    """A line folded, without the arrows that point to a link."""
    return fold(line.lstrip(_ARROWS))


@lru_cache(maxsize=4096)
def is_furniture(line: str) -> bool:
    """Whether a line is of the page and not of the article, by its shape alone."""
    if len(line) > _MATTER * 3:
        return False
    folded = _said(line)
    if _MACHINE.match(line) or _FURNITURE.match(folded) or (len(line) < 250 and _PLEA.search(folded)):
        return True
    if (len(line) <= 80 and _RELATED.match(folded)) or (len(line) <= 150 and _COMMENTS.match(folded)) or is_aside(line):
        return True
    if len(line) <= _MATTER and ((_CRUMBS.match(folded) and not _ENDS.search(line)) or is_caption(line)):
        return True
    return _is_contact(line, folded) or _is_notice(folded)


def _is_contact(line: str, folded: str) -> bool:
    if len(line) > _MATTER:
        return False
    address = "@" in line and bool(_EMAIL.search(line))
    contact = address + bool(_CONTACT.search(folded))
    # A number is only looked for where it decides.
    return (contact == 2 or (contact == 1 and bool(_PHONE.search(line)))) and (address or not _ENDS.search(line))


def _is_notice(folded: str) -> bool:
    """Whether a site speaks to its reader of cookies, newsletters, accounts or comments: at least two such
    words, one in twelve or more, no quotation marks (an article quotes who it lets say "we" and "you")."""
    if any(mark in folded for mark in '«»“”"') or not _YOU.search(folded):
        return False
    said = set(_SITE_WORD.findall(folded))
    return len(said) >= 2 and len(said) * 14 >= len(folded.split())


def is_caption(line: str) -> bool:
    """Whether a line is the caption or the credit of a picture."""
    return len(line) <= 300 and _may_credit(line) and bool(_CREDIT.search(line))


def _may_credit(line: str) -> bool:
    """Whether a line holds what each of the ways to credit a picture has: told in a fifth of the time that going through all of them takes."""
    folded = _said(line)
    if any(map(folded.__contains__, _CREDIT_WORDS)) or any(map(line.__contains__, _CREDIT_MARKS)):
        return True
    return line.endswith("DR") or (":" in line and "pic" in folded) or bool(_CREDIT_NAMES.search(line))


def is_credit(line: str) -> bool:
    """Whether a line is a picture's credit alone, so that the line above it is the caption."""
    return len(line) <= 80 and bool(_CREDIT_ALONE.match(line))


def is_captioned(lines: Sequence[str], number: int) -> bool:
    """Whether a picture's credit, or its number in a series and then its credit, stands below a line."""
    below = [*lines[number + 1 : number + 3], "", ""]
    return is_credit(below[0]) or bool(_SERIES.match(below[0]) and is_credit(below[1]))


def is_comments(line: str) -> bool:
    """Whether a line opens the comments of readers."""
    return len(line) <= 150 and bool(_COMMENTS.match(_said(line)))


def is_related(line: str) -> bool:
    """Whether a line heads a list of other articles, or another thing that stands after an article."""
    return len(line) <= 80 and bool(_RELATED.match(_said(line)))


def is_aside(line: str) -> bool:
    """Whether the next line or two are links or a caption, after which the article goes on."""
    return len(line) <= 60 and bool(_ASIDE.match(_said(line)))


def is_poll(line: str) -> bool:
    """Whether a line is the button or the count below the answers of a poll."""
    return len(line) <= 40 and bool(_POLL.match(_said(line)))


def is_box(line: str) -> bool:
    """Whether a line heads a box of figures or facts, which no colon announces."""
    return len(line) <= 50 and bool(_BOX.match(_said(line)))


def is_button(line: str) -> bool:
    """Whether a line is a button to more of what the line above it names."""
    return len(line) <= 60 and bool(_BUTTON.match(_said(line)))


def is_fact(line: str) -> bool:
    """Whether a line is a label, a colon and a figure."""
    return len(line) <= 90 and bool(_FACT.match(line))


def is_time(line: str) -> bool:
    """Whether a line is a time of day alone, as above the entries of a live page."""
    return len(line) <= 20 and bool(_TIME_ALONE.match(line))


def is_item(line: str) -> bool:
    """Whether a line is an item of a list, by its bullet or number."""
    return bool(_ITEM.match(line))


def ends_sentence(line: str) -> bool:
    """Whether a line ends as a sentence, or announces something by a colon."""
    return bool(_ENDS.search(line))


def may_be_headline(line: str) -> bool:
    """Whether a line ends as a sentence, but as a headline, a label or a title cut short ("...") may too."""
    if line.rstrip(' »”"').endswith(("?", ":")):
        # "The hall is full. Here is what we know:" announces what follows.
        return len(line) <= 150 and not (line.endswith(":") and _SENTENCES.search(line))
    if line.endswith((" ...", " …")) and len(line) <= 110:
        # A teaser cut short between two words; writers put the dots right behind a word.
        return True
    return line.endswith(("...", "…")) and len(line) <= 110 and not _ENDS.search(line[:-4]) and ". " not in line


def is_prose(line: str) -> bool:
    """Whether a line reads as sentences: long, or ended as a sentence and of at least four words."""
    return len(line) >= _LONG or (len(line.split()) >= 4 and ends_sentence(line))
