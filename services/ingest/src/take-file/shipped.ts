// Generated from mappings/*.yml: `npm run registry -w services/ingest`. Do not edit.
import { parseMapping, type Mapping } from './mapping.ts';

const values: readonly unknown[] = [
  {
    "name": "online-retail",
    "columns": [
      "InvoiceNo",
      "StockCode",
      "Description",
      "Quantity",
      "InvoiceDate",
      "UnitPrice",
      "CustomerID",
      "Country"
    ],
    "time": {
      "zone": "Europe/London",
      "format": "yyyy-MM-dd HH:mm:ss"
    },
    "currency": "GBP",
    "document": {
      "id": "InvoiceNo",
      "closeAfterRows": 100,
      "at": "InvoiceDate",
      "kinds": [
        {
          "kind": "return",
          "when": {
            "InvoiceNo": {
              "matches": "^C"
            }
          }
        },
        {
          "kind": "ledger",
          "when": {
            "InvoiceNo": {
              "matches": "^A"
            }
          }
        },
        {
          "kind": "stock",
          "when": {
            "Quantity": "negative",
            "UnitPrice": "zero"
          }
        },
        {
          "kind": "sale"
        }
      ]
    },
    "order": {
      "status": "COMPLETED",
      "payment": "PAID",
      "fulfilment": "UNKNOWN"
    },
    "customer": {
      "id": {
        "column": "CustomerID",
        "strip": "\\.0$"
      },
      "country": "Country"
    },
    "line": {
      "productId": "StockCode",
      "name": "Description",
      "quantity": "Quantity",
      "unitPrice": "UnitPrice",
      "classes": [
        {
          "class": "postage",
          "codes": [
            "POST",
            "DOT",
            "C2"
          ]
        },
        {
          "class": "discount",
          "codes": [
            "D"
          ]
        },
        {
          "class": "fee",
          "codes": [
            "AMAZONFEE",
            "BANK CHARGES",
            "CRUK"
          ]
        },
        {
          "class": "adjustment",
          "codes": [
            "M",
            "B",
            "S",
            "PADS"
          ]
        },
        {
          "class": "giftCard",
          "matches": "^gift_"
        },
        {
          "class": "product",
          "matches": "^(\\d{5}|DCGS)"
        }
      ]
    },
    "countries": {
      "EIRE": "IE",
      "RSA": "ZA",
      "USA": "US",
      "Channel Islands": null,
      "European Community": null,
      "Unspecified": null
    }
  }
];

/** The mappings that come with Orderflow. */
export const shippedMappings = (): readonly Mapping[] => values.map(parseMapping);
