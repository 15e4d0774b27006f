"""The sentences that the benchmarks' mails are put together from, in English and German; all of them our own."""

from __future__ import annotations

REJECTIONS = {
    "en": (
        "we are unable to process invoice {invoice} of {amount} because it does not show a purchase order number.\n"
        "Please add PO number {po} to it and send us the corrected copy.",
        "invoice {invoice} has been returned by our workflow: there is no PO on it.\nThe purchase order number is {po}. "
        "Kindly add it and resend the invoice.",
        "your invoice {invoice} was rejected, reason: PO number missing.\n\nPO number: {po}\n\nPlease resubmit it with this number.",
    ),
    "de": (
        "Ihre Rechnung {invoice} über {amount} können wir leider nicht verbuchen, da die Bestellnummer fehlt.\n"
        "Bitte ergänzen Sie die Bestellnummer {po} und senden Sie uns die Rechnung erneut zu.",
        "auf der Rechnung {invoice} ist keine Bestellnummer vermerkt.\nDie Bestellnummer lautet {po}. Bitte schicken Sie uns eine "
        "korrigierte Rechnung mit dieser Nummer.",
    ),
}
QUESTIONS = {
    "en": (
        "we cannot match invoice {invoice}: it does not quote a purchase order number.\nPlease provide the order number.",
        "invoice {invoice} was rejected because the PO number is missing. Please send us a corrected invoice.",
    ),
    "de": ("auf Ihrer Rechnung {invoice} fehlt die Bestellnummer. Bitte teilen Sie uns die fehlende Bestellnummer mit.",),
}
DOUBTS = {
    "en": (
        "our bank details and our company name have changed since the merger. Please change the bill-to name on {invoice} "
        "and tell us which of the two contracts it belongs to.",
        "the amount on invoice {invoice} does not agree with what was offered. Can we talk about this tomorrow?",
    ),
    "de": ("zur Rechnung {invoice} haben wir noch Fragen: Der Betrag stimmt nicht mit dem Angebot überein. Bitte rufen Sie mich dazu an.",),
}
THANKS = {
    "en": (
        "thank you for invoice {invoice}, which was received today and is in our approval workflow.",
        "invoice {invoice} has been approved for payment and will be in the run of next week.",
    ),
    "de": ("vielen Dank für Ihre Rechnung {invoice}, sie ist bei uns eingegangen und wird geprüft.",),
}
SMALL_TALK = {
    "en": (
        "The photographs from the spring shoot are on their way to the printer, and everyone here likes the second set best.",
        "Our offices move to the third floor at the end of the month, so parcels go to the new loading bay from then on.",
        "The catalogue goes to press in two weeks, which leaves us some room for the last corrections of the index.",
        "We are glad how the new signs in the lobby turned out, visitors find their way without asking now.",
        "Could you also bring the colour samples along when you come by for the review of the packaging?",
        "The team in Leeds has asked whether the same layout would work for the smaller brochures as well.",
        "Ms Okafor looks after these matters from now on and is on copy here.",
        "There were some questions about the paper, but the heavier one has been chosen after all.",
    ),
    "de": (
        "Die Fotos vom Frühjahrstermin sind unterwegs zur Druckerei, und alle hier mögen die zweite Auswahl am liebsten.",
        "Unsere Büros ziehen am Monatsende in den dritten Stock um, Pakete gehen dann an die neue Rampe.",
        "Der Katalog geht in zwei Wochen in den Druck, für letzte Korrekturen am Register bleibt also noch etwas Luft.",
        "Wir freuen uns sehr über die neuen Schilder im Foyer, Besucher finden nun ohne zu fragen ihren Weg.",
        "Könnten Sie zur Durchsicht der Verpackung auch die Farbmuster mitbringen?",
        "Frau Seidel kümmert sich ab sofort um diese Themen und liest hier mit.",
        "Zum Papier gab es noch Rückfragen, am Ende ist es aber doch das schwerere geworden.",
    ),
}
NEWS = {
    "en": (
        "This season brings {count} new desks made of ash and oak, each of them delivered ready to use.",
        "Members save on every order of our winter range, and shipping is on us until the end of the month.",
        "Meet the makers: in the workshop by the river, {count} people bend, sand and oil what you see in our rooms.",
        "Our next open evening is about light: how to place a lamp so that nobody notices it.",
        "Readers have asked for the recipe of the cake from last month, and here it is at last.",
        "In the shop you find {count} kinds of tea now, from gardens that we have visited ourselves.",
        "The new season of talks begins with a look behind the scenes of a small theatre.",
        "You get this letter because you signed up for it; one click is enough to leave the list.",
    ),
    "de": (
        "Diese Saison bringt {count} neue Tische aus Esche und Eiche, alle fertig montiert geliefert.",
        "Mitglieder sparen bei jeder Bestellung aus dem Wintersortiment, der Versand geht bis Monatsende auf uns.",
        "Ein Blick in die Werkstatt am Fluss: {count} Menschen biegen, schleifen und ölen dort, was Sie in unseren Räumen sehen.",
        "Der nächste offene Abend handelt vom Licht und davon, wie man eine Lampe so stellt, dass sie niemand bemerkt.",
        "Viele haben nach dem Rezept des Kuchens vom letzten Monat gefragt, hier ist es endlich.",
        "Im Laden gibt es jetzt {count} Sorten Tee aus Gärten, die wir selbst besucht haben.",
        "Sie erhalten diesen Brief, weil Sie sich dafür angemeldet haben; ein Klick genügt zum Abmelden.",
    ),
}
GREETINGS = {"en": ("Hello,", "Dear colleagues,", "Dear accounts team,"), "de": ("Guten Tag,", "Sehr geehrte Damen und Herren,", "Hallo,")}
CLOSINGS = {
    "en": ("Kind regards", "Best regards", "Thanks and regards"),
    "de": ("Mit freundlichen Grüßen", "Viele Grüße", "Freundliche Grüße"),
}
ROLES = {"en": "Accounts payable", "de": "Kreditorenbuchhaltung"}
SUBJECTS = {
    "rejection": {"en": "Invoice {invoice} rejected", "de": "Rechnung {invoice} abgelehnt"},
    "question": {"en": "Invoice {invoice}: order number missing", "de": "Rechnung {invoice}: Bestellnummer fehlt"},
    "doubt": {"en": "Invoice {invoice}", "de": "Rechnung {invoice}"},
    "thanks": {"en": "Invoice {invoice} received", "de": "Rechnung {invoice} erhalten"},
    "news": {"en": "News from the workshop, no. {count}", "de": "Neues aus der Werkstatt, Nr. {count}"},
    "talk": {"en": "A few things from our side", "de": "Ein paar Dinge von uns"},
}
QUOTED = {
    "en": "On {day} November 2026 at 09:12, {issuer} wrote:",
    "de": "Am {day}. November 2026 um 09:12 schrieb {issuer}:",
}
COVER = {
    "en": "Dear colleagues,\n\nplease find our invoice {invoice} attached. It is due within thirty days.\n\nBest wishes\nOona Larsen",
    "de": "Guten Tag,\n\nanbei erhalten Sie unsere Rechnung {invoice}. Sie ist in dreißig Tagen fällig.\n\nHerzliche Grüße\nOona Larsen",
}
DISCLAIMERS = {
    "en": "This message is meant for the people named above and may hold information that is not for others. If it reached you by mistake, "
    "please let us know. Opinions in it are those of the writer and not always those of the company.",
    "de": "Diese Nachricht ist für die oben genannten Personen bestimmt und kann vertrauliche Angaben enthalten. Haben Sie sie irrtümlich "
    "erhalten, benachrichtigen Sie bitte den Absender und löschen Sie sie.",
}
