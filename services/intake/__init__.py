"""intake: the trust boundary: is a partner's event ours, valid and new?"""
