"""Mistakes in names in gazetteers and manifests."""

from tests.bot.checks.mistakes.mistake import Mistake

NAMES = [
    Mistake(
        "a slot misspelt in what a task asks",
        "data/services/credit.yml",
        "asks: [person_name, id_number]",
        "asks: [person_name, id_nunber]",
        ("query_credit_score", "asks 里要有 person_name 和 id_number"),
        "query_credit_score",
    ),
    Mistake(
        "another slot misspelt in what a task asks",
        "data/services/utility_bills.yml",
        "asks: [bill_type, account_number]",
        "asks: [bill_type, acount_number]",
        ("acount_number", "没有问它的话", "account_number？"),
        "acount_number",
    ),
    Mistake(
        "a value that nobody knows",
        "data/gazetteers/bill_types.yml",
        "value: water",
        "value: watr",
        ("watr", "bill_type", "是不是 water？"),
        "value: watr",
    ),
    Mistake(
        "a full-width comma between aliases",
        "data/gazetteers/hospitals.yml",
        "aliases: [妇幼保健院, 妇幼保健医院,",
        "aliases: [妇幼保健院，妇幼保健医院,",
        ("「妇幼保健院，妇幼保健医院」", "逗号是全角的", "半角"),
        "妇幼保健院，妇幼保健医院",
    ),
    Mistake(
        "a task removed whose handler stands",
        "data/services/credit.yml",
        "  query_credit_score:",
        "  query_credit:",
        ("query_credit_score", "程序里有办它的类", "是不是 query_credit？"),
        "tasks:",
    ),
]
