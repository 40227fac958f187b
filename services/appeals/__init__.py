"""Appeals and packets of documents: level, addressee, deadline, evidence, and what the payer decided."""
