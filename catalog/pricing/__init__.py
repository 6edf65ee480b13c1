"""From the maker's price to the price in a market's currency."""
