"""The business of an SMS provider: admission, money, parts, delivery, reports.

Pure: every instant, seed and id is an argument. Speaks the field's English and knows neither XML nor HTTP. Imports
nothing of the project outside this folder.
"""
