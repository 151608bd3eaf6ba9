{{ prices_by_quarter('unit_prices', keys=['price_id'], price='gbp') }}
