"""Italian words of the invented company: names of people, firms and streets. No real firm is meant."""

MEN = (
    "Alessandro Andrea Antonio Bruno Carlo Claudio Daniele Davide Domenico Emanuele Enrico Fabio Federico Filippo "
    "Francesco Gabriele Giacomo Gianluca Giorgio Giovanni Giuseppe Lorenzo Luca Luigi Marco Mario Massimo Matteo "
    "Mauro Michele Nicola Paolo Pietro Raffaele Riccardo Roberto Salvatore Sergio Simone Stefano Tommaso Vincenzo"
).split()
WOMEN = (
    "Alessandra Alice Anna Barbara Beatrice Camilla Carla Caterina Chiara Claudia Cristina Daniela Elena Eleonora "
    "Elisa Emma Federica Francesca Giada Giorgia Giulia Ilaria Irene Laura Lucia Maria Marta Martina Monica Paola "
    "Roberta Rosa Sara Serena Silvia Sofia Stefania Teresa Valentina Valeria Veronica Vittoria"
).split()
SURNAMES = (
    "Amato Barbieri Basile Battaglia Bellini Benedetti Bernardi Bianchi Bianco Bruno Caputo Carbone Caruso Cattaneo "
    "Coletti Colombo Conte Conti Coppola Costa Costantini D'Amico D'Angelo Damiani Deluca Desantis Donati Esposito "
    "Fabbri Farina Ferrara Ferrari Ferraro Ferretti Ferri Fiore Fontana Franceschini Gallo Garofalo Gatti Gentile "
    "Giordano Giuliani Grassi Grasso Greco Guerra Guidi Leone Lombardi Lombardo Longo Mancini Marchetti Mariani "
    "Marini Marino Martelli Martinelli Martini Martino Mazza Messina Milani Montanari Monti Morelli Moretti Morini "
    "Neri Orlando Pagani Palmieri Palumbo Parisi Pellegrini Pellegrino Piras Poli Ricci Rinaldi Riva Rizzi Rizzo "
    "Romano Rossetti Rossi Ruggiero Russo Sala Sanna Santini Santoro Sartori Serra Silvestri Sorrentino Testa Tosi "
    "Valentini Ventura Villa Vitale Vitali Zanetti Zanini"
).split()
STREETS = (
    "Via Roma|Via Garibaldi|Via Mazzini|Via Cavour|Via Dante Alighieri|Via Verdi|Via Marconi|Via Matteotti|"
    "Via Galileo Galilei|Via Leonardo da Vinci|Via dell'Artigianato|Via dell'Industria|Via del Lavoro|Via Emilia|"
    "Via Flaminia|Via Adriatica|Via Aurelia|Via Kennedy|Via Alcide De Gasperi|Via Aldo Moro|Via dei Mille|"
    "Via XX Settembre|Via IV Novembre|Via della Repubblica|Viale Europa|Viale della Libertà|Viale Trieste|"
    "Corso Italia|Corso Vittorio Emanuele|Piazza del Popolo|Piazza della Vittoria|Strada Statale 16|Largo Gramsci"
).split("|")

# Sector code: (Italian name, trades that make a firm's name).
SECTORS = {
    "INST": ("Installatori", ("Idrotermica", "Termoidraulica", "Impianti", "Idraulica", "Climatizzazione", "Elettroimpianti")),
    "IMPR": ("Imprese edili", ("Costruzioni", "Edilizia", "Impresa Edile", "Restauri", "Ristrutturazioni", "Edil")),
    "RIV": ("Rivenditori", ("Ferramenta", "Termosanitari", "Ceramiche", "Materiali Edili", "Elettroforniture", "Arredobagno")),
    "IND": ("Industria", ("Meccanica", "Alimentari", "Tessile", "Plastica", "Officine", "Carpenteria", "Imballaggi")),
    "HOR": ("Alberghi e ristorazione", ("Hotel", "Residence", "Albergo", "Ristoranti", "Villaggio Turistico", "Terme")),
    "COND": ("Condomini", ("Condominio",)),
    "PA": ("Enti pubblici", ("Comune di", "Provincia di", "Azienda Sanitaria Locale", "Istituto Comprensivo", "Consorzio di Bonifica")),
    "PRIV": ("Privati", ("",)),
    "GDO": ("Grande distribuzione", ("Brico", "Casa", "Fai da Te", "Centro Bricolage")),
}
FORMS = ("S.r.l.", "S.r.l.", "S.r.l.", "S.p.A.", "S.n.c.", "S.a.s.", "S.r.l.s.", "Soc. Coop.")
SECOND = ("Adriatica", "Centrale", "Moderna", "Nuova", "Europa", "del Sole", "San Marco", "Aurora", "2000", "Più", "Group", "Service")

# Area code: (Italian name, parent, regions).
AREAS = {
    "NORD": ("Nord", "", ()),
    "NO": ("Nord Ovest", "NORD", ("Piemonte", "Liguria", "Valle d'Aosta")),
    "LOM": ("Lombardia", "NORD", ("Lombardia",)),
    "NE": ("Triveneto", "NORD", ("Veneto", "Friuli-Venezia Giulia", "Trentino-Alto Adige")),
    "CENTRO": ("Centro", "", ()),
    "EMR": ("Emilia-Romagna", "CENTRO", ("Emilia-Romagna",)),
    "TOS": ("Toscana e Umbria", "CENTRO", ("Toscana", "Umbria")),
    "MAR": ("Marche e Abruzzo", "CENTRO", ("Marche", "Abruzzo", "Molise")),
    "LAZ": ("Lazio", "CENTRO", ("Lazio",)),
    "SUD": ("Sud e isole", "", ("Campania", "Puglia", "Basilicata", "Calabria", "Sicilia", "Sardegna")),
    "EST": ("Estero", "", ()),
}
DIVISIONS = {"IDR": "Idraulica e clima", "ELE": "Materiale elettrico", "EDI": "Edilizia", "SER": "Assistenza e manutenzione"}
RETURN_REASONS = ("Mancato pagamento", "Fondi insufficienti", "Debitore sconosciuto alla banca", "Ritiro non autorizzato")
