"""Virtual time: the driver writes the next day's tick when everything that the last one caused has come to rest."""
