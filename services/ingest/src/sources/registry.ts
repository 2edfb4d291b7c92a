// Generated from the folders beside this file: `npm run registry -w services/ingest`. Do not edit.
import type { SourceDefinition } from './definition.ts';
import { source as adobeCommerce } from './adobe-commerce/index.ts';
import { source as adyen } from './adyen/index.ts';
import { source as allegro } from './allegro/index.ts';
import { source as amazonSpApi } from './amazon-sp-api/index.ts';
import { source as bigcommerce } from './bigcommerce/index.ts';
import { source as braintree } from './braintree/index.ts';
import { source as canonical } from './canonical/index.ts';
import { source as chargebee } from './chargebee/index.ts';
import { source as cloudevents } from './cloudevents/index.ts';
import { source as clover } from './clover/index.ts';
import { source as commercetools } from './commercetools/index.ts';
import { source as doordash } from './doordash/index.ts';
import { source as ebay } from './ebay/index.ts';
import { source as ecwid } from './ecwid/index.ts';
import { source as etsy } from './etsy/index.ts';
import { source as fileDrop } from './file-drop/index.ts';
import { source as ifood } from './ifood/index.ts';
import { source as klarna } from './klarna/index.ts';
import { source as lazada } from './lazada/index.ts';
import { source as lightspeedX } from './lightspeed-x/index.ts';
import { source as loyverse } from './loyverse/index.ts';
import { source as medusa } from './medusa/index.ts';
import { source as mercadoLibre } from './mercado-libre/index.ts';
import { source as mercadoPago } from './mercado-pago/index.ts';
import { source as mollie } from './mollie/index.ts';
import { source as mollieNext } from './mollie-next/index.ts';
import { source as netsuite } from './netsuite/index.ts';
import { source as paddle } from './paddle/index.ts';
import { source as paypal } from './paypal/index.ts';
import { source as prestashop } from './prestashop/index.ts';
import { source as razorpay } from './razorpay/index.ts';
import { source as recurly } from './recurly/index.ts';
import { source as saleor } from './saleor/index.ts';
import { source as salesforceB2c } from './salesforce-b2c/index.ts';
import { source as shopee } from './shopee/index.ts';
import { source as shopify } from './shopify/index.ts';
import { source as shopware } from './shopware/index.ts';
import { source as square } from './square/index.ts';
import { source as squarespace } from './squarespace/index.ts';
import { source as stripe } from './stripe/index.ts';
import { source as tiktokShop } from './tiktok-shop/index.ts';
import { source as toast } from './toast/index.ts';
import { source as uberEats } from './uber-eats/index.ts';
import { source as vendure } from './vendure/index.ts';
import { source as vtex } from './vtex/index.ts';
import { source as walmart } from './walmart/index.ts';
import { source as wix } from './wix/index.ts';
import { source as woocommerce } from './woocommerce/index.ts';
import { source as zalando } from './zalando/index.ts';

export const sources: readonly SourceDefinition[] = [
  adobeCommerce,
  adyen,
  allegro,
  amazonSpApi,
  bigcommerce,
  braintree,
  canonical,
  chargebee,
  cloudevents,
  clover,
  commercetools,
  doordash,
  ebay,
  ecwid,
  etsy,
  fileDrop,
  ifood,
  klarna,
  lazada,
  lightspeedX,
  loyverse,
  medusa,
  mercadoLibre,
  mercadoPago,
  mollie,
  mollieNext,
  netsuite,
  paddle,
  paypal,
  prestashop,
  razorpay,
  recurly,
  saleor,
  salesforceB2c,
  shopee,
  shopify,
  shopware,
  square,
  squarespace,
  stripe,
  tiktokShop,
  toast,
  uberEats,
  vendure,
  vtex,
  walmart,
  wix,
  woocommerce,
  zalando,
];

export const findSource = (name: string): SourceDefinition | undefined => sources.find((source) => source.name === name);
