"""Countries and languages: each site is one face of the brand, named by the first part of an address."""
