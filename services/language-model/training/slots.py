"""What stands in the braces of phrases, and the codes by which shops name a reason."""

SLOTS: dict[str, list[object]] = {
    "item": ["kettle", "jacket", "pair of trainers", "lamp", "phone case", "blender", "rucksack", "chair", "coffee machine", "jumper", "headset", "drill", "toaster", "dress", "watch", "tent",
             "keyboard", "frying pan", "bookshelf", "puzzle", "face cream", "dog bed", "bike light", "wallet", "printer", "duvet", "necklace", "vase", "speaker", "raincoat", "scooter", "hair dryer",
             "mirror", "garden hose", "tablet", "board game", "yoga mat", "curtain", "teapot", "helmet", "razor", "monitor", "sofa cover", "lunch box", "battery pack", "swimsuit", "car charger"],
    "colour": ["black", "navy", "white", "red", "dark green", "beige", "grey", "pink", "yellow", "purple", "brown", "light blue"],
    "colour2": ["blue", "silver", "orange", "cream", "teal", "burgundy", "khaki", "gold", "turquoise", "lilac"],
    "size": ["S", "M", "L", "XL", "38", "42", "10", "6", "44", "12", "medium", "16"],
    "part": ["handle", "lid", "zip", "strap", "screen", "button", "left leg", "hinge", "cable", "seam", "plug", "sole", "lens", "drawer", "clasp", "wheel", "base", "back cover"],
    "person": ["my sister", "my husband", "my mum", "my son", "a friend", "my wife", "my dad", "our neighbour", "my colleague", "my niece", "my partner", "grandma"],
    "occasion": ["my daughter's birthday", "Christmas", "our wedding", "the holidays", "Mother's Day", "our trip", "the party", "my exam", "his retirement do", "the christening", "Easter"],
    "n": [2, 3, 4, 5, 6, "two", "three", "four"],
    "days": [3, 5, 8, 10, 12],
    "weeks": [2, 3, 4, 6],
    "months": [2, 3, 4],
    "shop": ["a shop in town", "the supermarket", "another website", "the outlet", "a stall at the market", "a rival of yours", "the mall"],
}

CODES: dict[str, list[str]] = {
    "wrong_item": ["WRONG_ITEM", "wrong item sent", "Incorrect item", "NOT_WHAT_I_ORDERED", "wrong_product", "SWITCHEROO"],
    "damaged": ["DAMAGED", "damaged in transit", "Arrived damaged", "CR-DAMAGED_BY_CARRIER", "item_damaged", "broken on arrival"],
    "defective": ["DEFECTIVE", "Defective item", "faulty", "CR-DEFECTIVE", "does not work", "not_working"],
    "not_as_described": ["NOT_AS_DESCRIBED", "not as described", "Item not as expected", "poor quality", "CR-QUALITY_UNACCEPTABLE", "MISSED_PARTS"],
    "size_fit": ["SIZE_TOO_SMALL", "SIZE_TOO_LARGE", "size_too_small", "Doesn't fit", "wrong size", "too big", "APPAREL_TOO_LARGE"],
    "late": ["ARRIVED_LATE", "late delivery", "Arrived too late", "CR-MISSED_ESTIMATED_DELIVERY", "delivery_delayed"],
    "changed_mind": ["UNWANTED", "customer_changed_mind", "No longer needed", "changed my mind", "CR-NO_REASON_GIVEN", "STYLE", "found cheaper", "COLOR"],
    "duplicate": ["DUPLICATE", "ordered twice", "Duplicate order", "duplicate_item"],
    "unauthorised": ["UNAUTHORIZED_PURCHASE", "CR-UNAUTHORIZED_PURCHASE", "fraudulent", "not authorised"],
    "other": ["OTHER", "other", "UNKNOWN", "reason_other", "misc"],
}
