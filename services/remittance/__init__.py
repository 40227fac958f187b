"""remittance: does every cent of a check have a place?"""
