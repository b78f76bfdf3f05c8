"""Invented messages of the length and kind people write, for timing only."""

SENTENCES = (
    "hei hva koster det å bo hos dere",
    "må jeg anmelde for å få hjelp",
    "han har aldri slått meg men han blir stille i dagevis hvis jeg treffer venninna mi",
    "kan jeg ta med meg barna mine på 4 og 7",
    "har dere taushetsplikt eller sier dere det til noen",
    "eg er ein mann kan eg og få hjelp",
    "my husband says they will send me back if I leave",
    "er det et sted jeg kan sove i natt",
    "hvordan vet jeg om han sporer telefonen min",
    "søstera mi blir slått men hun vil ikke høre på meg hva kan jeg gjøre",
    "jeg vet ikke helt hvorfor jeg skriver men vi har vært sammen i elleve år og det siste året "
    "har han begynt å ta kortet mitt og jeg må vise kvittering for alt jeg kjøper også mat til "
    "ungene, er det vold eller er det bare meg",
    "hva skjer i den første samtalen",
)
