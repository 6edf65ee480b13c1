"""Every GraphQL document that we send, for Shopify's Admin API of this version.

Operations are named in Shopify's own words, which counts and errors repeat. Sizes of pages are
variables: a query costs by what it may return.
"""

from typing import Final

API_VERSION: Final = "2026-10"

# Where the draft's key is kept on a product: a metafield of type `id`, whose values are unique in
# the shop, in the namespace that belongs to our app alone.
KEY_NAMESPACE: Final = "$app"
KEY: Final = "draft"

SHOP: Final = """
query shop {
  shop { id name currencyCode }
  shopLocales { locale primary published }
  locations(first: 10) { nodes { id name fulfillsOnlineOrders } }
  publications(first: 10, catalogType: APP) {
    nodes { id channels(first: 1) { nodes { handle } } }
  }
  metafieldDefinition(identifier: {ownerType: PRODUCT, namespace: "$app", key: "draft"}) { id }
}
"""

METAFIELD_DEFINITION_CREATE: Final = """
mutation metafieldDefinitionCreate($definition: MetafieldDefinitionInput!) {
  metafieldDefinitionCreate(definition: $definition) {
    createdDefinition { id }
    userErrors { code field message }
  }
}
"""

_LISTED: Final = """
fragment Listed on Product {
  id
  variants(first: $variants) { nodes { id sku inventoryItem { id } } }
  media(first: $files) { nodes { id status } }
}
"""

# A bulk mutation may ask for one connection only: see the message of Shopify's validator, "Bulk
# mutations cannot contain more than 1 connection".
_VARIED: Final = """
fragment Varied on Product {
  id
  variants(first: $variants) { nodes { id sku inventoryItem { id } } }
}
"""

PRODUCT: Final = (
    """
query product($id: ID!, $variants: Int!, $files: Int!) {
  product(id: $id) { ...Listed }
}
"""
    + _LISTED
)

PRODUCT_BY_IDENTIFIER: Final = (
    """
query productByIdentifier($identifier: ProductIdentifierInput!, $variants: Int!, $files: Int!) {
  productByIdentifier(identifier: $identifier) { ...Listed }
}
"""
    + _LISTED
)

PRODUCT_SET: Final = (
    """
mutation productSet(
  $identifier: ProductSetIdentifiers!
  $input: ProductSetInput!
  $variants: Int!
  $files: Int!
) {
  productSet(identifier: $identifier, input: $input, synchronous: true) {
    product { ...Listed }
    userErrors { code field message }
  }
}
"""
    + _LISTED
)

PRODUCT_UPDATE: Final = """
mutation productUpdate($product: ProductUpdateInput!) {
  productUpdate(product: $product) {
    product { id status }
    userErrors { field message }
  }
}
"""

PUBLISHABLE_PUBLISH: Final = """
mutation publishablePublish($id: ID!, $input: [PublicationInput!]!) {
  publishablePublish(id: $id, input: $input) {
    userErrors { field message }
  }
}
"""

# For bulk operations, whose results must tell by themselves which product they are about.
PRODUCT_SET_IN_BULK: Final = (
    """
mutation productSetInBulk(
  $identifier: ProductSetIdentifiers!
  $input: ProductSetInput!
  $variants: Int!
) {
  productSet(identifier: $identifier, input: $input, synchronous: true) {
    product { ...Varied }
    userErrors { code field message }
  }
}
"""
    + _VARIED
)

PUBLISH_IN_BULK: Final = (
    """
mutation publishInBulk($id: ID!, $input: [PublicationInput!]!, $variants: Int!) {
  publishablePublish(id: $id, input: $input) {
    publishable { ... on Product { ...Varied } }
    userErrors { field message }
  }
}
"""
    + _VARIED
)

VARIANTS_BULK_UPDATE: Final = """
mutation productVariantsBulkUpdate($productId: ID!, $variants: [ProductVariantsBulkInput!]!) {
  productVariantsBulkUpdate(productId: $productId, variants: $variants) {
    productVariants { id price }
    userErrors { code field message }
  }
}
"""

INVENTORY_SET_QUANTITIES: Final = """
mutation inventorySetQuantities($input: InventorySetQuantitiesInput!, $key: String!) {
  inventorySetQuantities(input: $input) @idempotent(key: $key) {
    inventoryAdjustmentGroup { id }
    userErrors { code field message }
  }
}
"""

STAGED_UPLOADS_CREATE: Final = """
mutation stagedUploadsCreate($input: [StagedUploadInput!]!) {
  stagedUploadsCreate(input: $input) {
    stagedTargets { url resourceUrl parameters { name value } }
    userErrors { field message }
  }
}
"""

_OFFERED: Final = """
fragment Offered on ProductVariant {
  id
  sku
  price
  barcode
  inventoryItem {
    id
    inventoryLevel(locationId: $location) { quantities(names: ["available"]) { quantity } }
  }
}
"""

PRODUCTS: Final = (
    """
query products($first: Int!, $after: String, $variants: Int!, $location: ID!, $publication: ID!) {
  products(first: $first, after: $after, sortKey: ID) {
    nodes {
      id
      title
      descriptionHtml
      status
      publishedOnPublication(publicationId: $publication)
      mediaCount { count }
      featuredMedia { preview { image { url } } }
      variants(first: $variants) {
        nodes { ...Offered }
        pageInfo { hasNextPage endCursor }
      }
    }
    pageInfo { hasNextPage endCursor }
  }
}
"""
    + _OFFERED
)

PRODUCT_VARIANTS: Final = (
    """
query productVariants($id: ID!, $variants: Int!, $after: String, $location: ID!) {
  product(id: $id) {
    variants(first: $variants, after: $after) {
      nodes { ...Offered }
      pageInfo { hasNextPage endCursor }
    }
  }
}
"""
    + _OFFERED
)

VARIANTS_BY_SKU: Final = """
query productVariantsBySku($first: Int!, $query: String!) {
  productVariants(first: $first, query: $query, sortKey: ID) {
    nodes { id sku inventoryItem { id } product { id } }
  }
}
"""

_SOLD: Final = """
fragment Sold on LineItem {
  id
  sku
  name
  quantity
  currentQuantity
  unfulfilledQuantity
  originalUnitPriceSet { shopMoney { amount currencyCode } }
}
"""

ORDERS: Final = (
    """
query orders($first: Int!, $after: String, $query: String!, $lines: Int!) {
  orders(first: $first, after: $after, query: $query, sortKey: UPDATED_AT) {
    nodes {
      id
      name
      createdAt
      updatedAt
      cancelledAt
      displayFinancialStatus
      displayFulfillmentStatus
      totalPriceSet { shopMoney { amount currencyCode } }
      totalRefundedSet { shopMoney { amount currencyCode } }
      email
      shippingAddress {
        name address1 address2 city zip provinceCode countryCodeV2 phone
      }
      lineItems(first: $lines) {
        nodes { ...Sold }
        pageInfo { hasNextPage endCursor }
      }
    }
    pageInfo { hasNextPage endCursor }
  }
}
"""
    + _SOLD
)

ORDER_LINES: Final = (
    """
query orderLines($id: ID!, $lines: Int!, $after: String) {
  order(id: $id) {
    lineItems(first: $lines, after: $after) {
      nodes { ...Sold }
      pageInfo { hasNextPage endCursor }
    }
  }
}
"""
    + _SOLD
)

REFUNDS: Final = """
query refunds($id: ID!, $refunds: Int!, $lines: Int!) {
  order(id: $id) {
    refunds(first: $refunds) {
      refundLineItems(first: $lines) {
        nodes { lineItem { id } quantity restockType restocked }
        pageInfo { hasNextPage }
      }
    }
  }
}
"""

_PAID: Final = """
fragment Paid on OrderTransaction {
  id
  kind
  status
  createdAt
  processedAt
  amountSet { shopMoney { amount currencyCode } }
  fees { amount { amount currencyCode } taxAmount { amount currencyCode } }
}
"""

TRANSACTIONS: Final = (
    """
query transactions($first: Int!, $after: String, $query: String!, $transactions: Int!) {
  orders(first: $first, after: $after, query: $query, sortKey: UPDATED_AT) {
    nodes {
      id
      transactions(first: $transactions) { ...Paid }
    }
    pageInfo { hasNextPage endCursor }
  }
}
"""
    + _PAID
)

ORDER_TRANSACTIONS: Final = (
    """
query orderTransactions($id: ID!, $transactions: Int!) {
  order(id: $id) {
    transactions(first: $transactions) { ...Paid }
  }
}
"""
    + _PAID
)

FULFILLMENTS: Final = """
query fulfillments($id: ID!, $fulfillments: Int!, $lines: Int!) {
  order(id: $id) {
    fulfillments(first: $fulfillments) {
      status
      deliveredAt
      fulfillmentLineItems(first: $lines) {
        nodes { lineItem { id } quantity }
        pageInfo { hasNextPage }
      }
    }
  }
}
"""

FULFILLMENT_ORDERS: Final = """
query fulfillmentOrders($id: ID!, $first: Int!, $lines: Int!, $parcels: Int!) {
  order(id: $id) {
    fulfillments(first: $parcels) { status trackingInfo { number } }
    fulfillmentOrders(first: $first) {
      nodes {
        id
        status
        lineItems(first: $lines) { nodes { id remainingQuantity lineItem { id } } }
      }
    }
  }
}
"""

FULFILLMENT_CREATE: Final = """
mutation fulfillmentCreate($fulfillment: FulfillmentInput!) {
  fulfillmentCreate(fulfillment: $fulfillment) {
    fulfillment { id status }
    userErrors { field message }
  }
}
"""

BULK_OPERATION_RUN_MUTATION: Final = """
mutation bulkOperationRunMutation($mutation: String!, $stagedUploadPath: String!) {
  bulkOperationRunMutation(mutation: $mutation, stagedUploadPath: $stagedUploadPath) {
    bulkOperation { id status }
    userErrors { code field message }
  }
}
"""

BULK_OPERATION: Final = """
query bulkOperation($id: ID!) {
  bulkOperation(id: $id) { id status errorCode url partialDataUrl }
}
"""

TRANSLATABLE_RESOURCE: Final = """
query translatableResource($id: ID!) {
  translatableResource(resourceId: $id) {
    translatableContent { key digest locale }
  }
}
"""

TRANSLATIONS_REGISTER: Final = """
mutation translationsRegister($id: ID!, $translations: [TranslationInput!]!) {
  translationsRegister(resourceId: $id, translations: $translations) {
    translations { key locale }
    userErrors { code field message }
  }
}
"""

PRICE_LIST: Final = """
query priceList($id: ID!) {
  priceList(id: $id) { id currency }
}
"""

PRICE_LIST_FIXED_PRICES_ADD: Final = """
mutation priceListFixedPricesAdd($id: ID!, $prices: [PriceListPriceInput!]!) {
  priceListFixedPricesAdd(priceListId: $id, prices: $prices) {
    userErrors { code field message }
  }
}
"""

WEBHOOK_SUBSCRIPTIONS: Final = """
query webhookSubscriptions($first: Int!) {
  webhookSubscriptions(first: $first) { nodes { id topic uri } }
}
"""

WEBHOOK_SUBSCRIPTION_CREATE: Final = """
mutation webhookSubscriptionCreate(
  $topic: WebhookSubscriptionTopic!
  $subscription: WebhookSubscriptionInput!
) {
  webhookSubscriptionCreate(topic: $topic, webhookSubscription: $subscription) {
    webhookSubscription { id }
    userErrors { field message }
  }
}
"""
