"""Mutation testing of the pure core: do the tests notice when one operator, number or condition changes?"""
