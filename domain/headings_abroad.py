"""What columns are headed in German, French, Spanish, Dutch, Italian and Portuguese.

Words stand here as `domain.columns.folded` folds them, without accents.
"""

ABROAD = {
    "account": (
        "kunde, kundenname, firma, firmenname, unternehmen, societe, raison sociale, entreprise, "
        "nom du client, nom client, compte, nom du compte, cliente, empresa, razon social, "
        "nombre del cliente, nombre cliente, nombre de la empresa, cuenta, nombre de la cuenta, "
        "klant, klantnaam, bedrijf, bedrijfsnaam, azienda, ragione sociale, nome cliente, "
        "nome azienda, societa, nome do cliente, nome da empresa, razao social, conta, "
        "nome da conta"
    ),
    "account_id": (
        "kundennummer, kundennr, kunden nr, kunden id, debitorennummer, debitor, n client, "
        "numero client, code client, id client, numero de cliente, codigo de cliente, "
        "codigo cliente, id cliente, klantnummer, klantnr, klant id, debiteurnummer, "
        "codice cliente, numero cliente, codigo do cliente"
    ),
    "reason": (
        "grund, verlustgrund, kundigungsgrund, kuendigungsgrund, abwanderungsgrund, absagegrund, "
        "motif, motif de perte, raison, raison de la perte, raison de perte, motif de resiliation, "
        "motif de depart, cause de perte, motivo, motivo de perdida, motivo de la perdida, razon, "
        "razon de perdida, motivo de baja, reden, reden verlies, reden van verlies, verliesreden, "
        "opzegreden, reden van opzegging, motivo della perdita, motivo perdita, "
        "motivo di perdita, motivo disdetta, motivo da perda, motivo de perda, "
        "motivo do cancelamento, motivo de cancelamento"
    ),
    "what_happened": (
        "bemerkungen, bemerkung, notizen, notiz, kommentare, kommentar, anmerkungen, anmerkung, "
        "beschreibung, commentaires, commentaire, remarques, remarque, observations, "
        "observaciones, notas, comentarios, comentario, descripcion, opmerkingen, opmerking, "
        "toelichting, notities, osservazioni, commenti, descrizione, observacoes, descricao"
    ),
    "competitor": (
        "mitbewerber, wettbewerber, konkurrent, konkurrenz, verloren an, concurrent, concurrence, "
        "competidor, competencia, concorrente"
    ),
    "value": (
        "umsatz, jahresumsatz, wert, auftragswert, vertragswert, betrag, montant, "
        "chiffre d affaires, ca annuel, valeur, importe, valor, monto, ventas, facturacion, "
        "bedrag, waarde, omzet, jaaromzet, importo, valore, fatturato, montante, faturamento, "
        "receita"
    ),
    "currency": "wahrung, waehrung, devise, monnaie, moneda, divisa, valuta, moeda",
    "last_day": (
        "kundigungsdatum, kuendigungsdatum, vertragsende, abschlussdatum, austrittsdatum, "
        "enddatum, letzter tag, date de resiliation, date de depart, date de cloture, date de fin, "
        "fin de contrat, fecha de baja, fecha de cierre, fecha de cancelacion, fecha fin, "
        "opzegdatum, einddatum, sluitingsdatum, data disdetta, data chiusura, data di chiusura, "
        "data fine, data de cancelamento, data de fechamento, data de encerramento, datum, fecha, "
        "data"
    ),
    "lost_on": (
        "verloren am, verlustdatum, date de perte, perdu le, fecha de perdida, perdido el, "
        "datum verloren, verloren op, datum verlies, data perdita, data della perdita, perso il, "
        "data da perda, data de perda, perdido em"
    ),
    "lost_by": (
        "verkaufer, vertriebler, vertriebsmitarbeiter, kundenbetreuer, betreuer, aussendienst, "
        "zustandig, verantwortlich, verantwortlicher, besitzer, commercial, vendeur, "
        "charge de compte, charge d affaires, proprietaire, responsable, vendedor, comercial, "
        "agente comercial, ejecutivo, verkoper, accountmanager, verantwoordelijke, eigenaar, "
        "venditore, agente, commerciale, responsabile, proprietario, responsavel"
    ),
    "decision_maker": (
        "ansprechpartner, entscheider, kontaktperson, kontaktname, kontakt, interlocuteur, "
        "decideur, nom du contact, persona de contacto, nombre del contacto, contacto, "
        "contactpersoon, referente, persona di contatto, contatto, pessoa de contato, contato"
    ),
    "product": (
        "produkt, artikel, tarif, dienstleistung, produit, abonnement, producto, servicio, "
        "prodotto, servizio, produto, servico"
    ),
    "tier": "klasse, segmento",
    "region": "gebiet, vertriebsgebiet, zona, regio, gebied, regione, regiao, territorio",
    "sector": (
        "branche, wirtschaftszweig, secteur d activite, industrie, industria, settore, setor, ramo"
    ),
    "stage": (
        "phase, verkaufsphase, etape, statut, etapa, estado, fase, stato, stadium, situacao"
    ),
    "preventable": "vermeidbar, evitable, vermijdbaar, evitabile, evitavel",
    "name": "mitarbeiter, verkaufer, vertriebler, nom, nombre, naam, nome",
    "manager": (
        "vorgesetzter, vorgesetzte, teamleiter, chef, leidinggevende, jefe, capo, gestor, gerente"
    ),
    "role": "rolle, rol, ruolo, funcao, fonction, funktion",
    "email": "e mail adresse, courriel, adresse e mail, correo, correo electronico",
}  # fmt: skip
"""Other words for each field, by its key, with commas between."""
