"""The text around the forms: our own sentences, whose figures agree with the forms and carry their facts.

`wordings` holds the sentences as data, in several voices; `pen` fills them in; the other modules say, section by
section, what each figure of a sentence means.
"""
