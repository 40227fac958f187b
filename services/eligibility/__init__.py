"""eligibility: is the patient covered on the date of service, and who pays first?"""
