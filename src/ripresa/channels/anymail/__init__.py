"""E-mail by mail services: Postmark, Amazon SES, Mailgun and the others that django-anymail speaks to.

Owns the words of each service and who signs what. Promises one fate a mail and one vocabulary of feedback.
Leaves the requests and their parsing to django-anymail, and retry, suppression and pause to the caller.
"""
